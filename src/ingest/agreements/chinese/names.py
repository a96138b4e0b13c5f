"""The names that one article uses: short forms it introduces, the fullest form of each, and who 'the company' is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ingest.agreements.chinese.grammar import is_placed_as_name
from ingest.agreements.chinese.lexicon import SHORT_PLACES, WordTrie, lexicon, shapes
from ingest.agreements.chinese.tokens import Token, tokenise
from ingest.organisations import fold, resolve
from ingest.sentences import Sentence

__all__ = ["Names", "survey"]

_BRACKET = re.compile(r"（([^（）]{1,80})）")
_CALLED = re.compile(r"(?:以下|下)?(?:简称|统称|合称|称|英文名?称?|英文简称|又称)(?:为|作)?[：:]?\s*")
_QUOTED = re.compile(r"“([^”]{1,24})”")
_ABBREVIATION = re.compile(r"[A-Z][A-Za-z&.\-]{1,14}")
_CODE = re.compile(
    r"[^（）]{0,12}(?:代码|代号|编号|交易所|港交所|联交所|NASDAQ|纳斯达克|NYSE|SEHK|HKEX|SSE|SZSE)[：: ]*[\w.]+.*"
    r"|[\w.]*\d{3,6}(?:[.·]?(?:HK|SH|SZ|US|BJ))?(?:[；;，,/].*)?"
)
_HEADED = re.compile(r"(?:证券|股票|公司)(?:简称|名称)[：:]\s*([^\s，。；：（]{2,20})")
_TAIL = re.compile(
    r"(?:（[^（）]{1,8}）|股份|控股|集团|有限|责任|公司|科技|生物|医药|制药|药业|技术|智能|国际|医疗|健康|基因"
    r"|金融|资本|证券|保险"
    r"|汽车|电子|通信|能源|网络|软件|信息|数据|投资|管理|银行|医院|医务|药房|地产|置业|物流|航空)+$"
)
_TRADE = re.compile(
    r"(?:（[^（）]{1,8}）)?(?:股份有限公司|有限责任公司|有限公司|公司|集团|科技|生物|医药|制药|药业|智能|支付|汽车|新能源|能源|技术|金服|数科"
    r"|控股|资本|证券|电子|半导体|软件|网络|医疗|基因|国际)$"
)
_FULL_END = re.compile(r"(?:大学|学院|公司|银行|研究院|研究所|委员会|政府|医院|实验室|交易所|协会|商会|基金会|集团)$")
_SELF_SHAPES = {
    "校": "大学|学院|学校",
    "大学": "大学|学院",
    "院": "院",
    "所": "所",
    "行": "银行|行$",
    "银行": "银行",
    "局": "局",
    "署": "署",
    "会": "会",
    "中心": "中心|实验室",
    "政府": "政府|省$|市$",
    "医院": "医院",
    "园": "园",
    "研究所": "研究所",
    "研究院": "研究院",
    "协会": "协会",
    "交易所": "交易所",
    "机构": "",
    "基金": "基金",
    "其": "",
}
_SEAT = re.compile(r"(?:人民)?政府")
_MAY_REPEAT = re.compile(r"[^的了着过是不我你他她们这那些么么吗呢吧啊很更最每各让把被若则且或又]{2,8}")
_LONGEST_REPEATED = 8  # characters
_CLEARLY_LONG = 3  # characters; a shorter word must stand beside 'with' twice
_SEATS = (2, 3)  # characters of a city or a province
_LONG_LEAD = 12  # characters of place and trade before a name
_NO_COMPANY = re.compile(
    r"(?:大学|学院|政府|局|署|厅|部|委|委员会|省|市|区|交易所|法院|医院|证监会|联交所|港交所|上交所|深交所)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """What a survey of an article found.

    Attributes:
        text: Plain text of the article.
        sentences: Its sentences, with the tokens of each.
        aliases: Short form → the form that it was introduced for.
        places: Every name found → where it first stands.
        coded: Names with a ticker symbol, where they stand.
        extra: Names that the article introduces and that no shape shows.
    """

    text: str
    sentences: tuple[tuple[Sentence, tuple[Token, ...]], ...]
    aliases: Mapping[str, str]
    places: Mapping[str, tuple[int, int]]
    coded: tuple[tuple[int, str], ...]
    extra: WordTrie
    _fullest: dict[str, str] = field(default_factory=dict)

    def fullest(self, name: str) -> str:
        """The fullest form in which the article gives a name."""
        if name not in self._fullest:
            self._fullest[name] = self._find_fullest(name)
        return self._fullest[name]

    def _find_fullest(self, name: str) -> str:
        if name in SHORT_PLACES:
            return self._place(name)
        seen = {name}
        while name in self.aliases and self.aliases[name] not in seen:
            name = self.aliases[name]
            seen.add(name)
        mine = resolve(name)
        longer = [
            other
            for other in self.places
            if len(other) > len(name) and (_extends(other, name) if mine is None else _is_same(other, name, mine.id))
        ]
        if len({fold(other) for other in longer}) > 1 and mine is None and not _FULL_END.search(name):
            # An abbreviation that fits several names is left as it stands, unless they are forms of one.
            longest = max(longer, key=len)
            longer = [longest] if all(_extends(longest, other) or other == longest for other in longer) else []
        best = max(longer, key=len, default=name)
        return best if _is_han(best) or not _is_han(name) else name

    def _place(self, short: str) -> str:
        """The government or the full name of a place given by one character, if the article has it."""
        for full in SHORT_PLACES[short]:
            seat = re.compile(rf"{full}(?:省|市|特别行政区|特区)?")
            governments = [
                name for name in self.places if _SEAT.fullmatch(name, ((m := seat.match(name)) and m.end()) or 0)
            ]
            if governments:
                return max(governments, key=len)
            named = [match.group() for match in seat.finditer(self.text)]
            if named:
                return max(named, key=len)
        return short

    def span(self, name: str) -> tuple[int, int] | None:
        """Where a name first stands."""
        return self.places.get(name)

    def own(self, word: str, position: int, *, is_subject: bool = False) -> str | None:
        """Which organisation 'the company' means at a position; a subject is none that something is done with."""
        for form in (word, word.removeprefix("本").removeprefix("该").removeprefix("我")):
            if form in self.aliases:
                return self.aliases[form]
        key = word.removeprefix("本").removeprefix("该").removeprefix("我").removesuffix("方")
        shape = next(
            (_SELF_SHAPES[end] for end in sorted(_SELF_SHAPES, key=len, reverse=True) if key.endswith(end)), None
        )
        if shape is None:
            before = [name for at, name in self.coded if at < position]
            if before:
                return before[-1]
            if headed := _HEADED.search(self.text):
                return headed.group(1)
        found = self._nearest(shape, position, is_subject=is_subject)
        if found is None and shape and word[0] in "我本":  # 'our university', which is named only later
            found = next((name for name in self.places if re.search(shape, name)), None)
        return found

    def _nearest(self, shape: str | None, position: int, *, is_subject: bool) -> str | None:
        # 'The school' is the university before it is one of its schools.
        narrow = "大学$|学校$|大$" if shape is not None and shape.startswith("大学") else None
        found = self._nearest_of(narrow, position, is_subject=is_subject) if narrow else None
        return found or self._nearest_of(shape, position, is_subject=is_subject)

    def _nearest_of(self, shape: str | None, position: int, *, is_subject: bool) -> str | None:
        for sentence, tokens in reversed(self.sentences):
            if sentence.start >= position or (tokens and tokens[0].kind == "S"):
                continue  # what speaks of 'the company' throughout does not say who it is
            placed = [t for t in zip(("", *(t.kind for t in tokens)), tokens, strict=False) if t[1].kind == "N"]
            named = [(before, self.text[t.start : t.end]) for before, t in placed if t.end <= position]
            names = [name for before, name in named if before != "W"]
            names += [] if is_subject else [name for _, name in named]
            fitting = [n for n in names if (re.search(shape, n) if shape is not None else not _NO_COMPANY.search(n))]
            if not fitting and shape is None and tokens and is_placed_as_name(tokens, 0) and tokens[0].kind == "X":
                fitting = [self.text[tokens[0].start : tokens[0].end]]
            if fitting:
                return fitting[0]
        return None


def _is_han(name: str) -> bool:
    return bool(re.search(r"[\u3400-\u9fff]", name))


def _is_same(other: str, name: str, organisation: str) -> bool:
    found = resolve(other)
    if found is not None:
        return found.id == organisation
    return _extends(other, name)


def _extends(longer: str, name: str) -> bool:
    """Whether a name is a short form of a longer one: its place, its legal form or its trade left out."""
    if fold(longer) == fold(name) or _is_university(name, longer) or _is_inside(name, longer):
        return True
    place = shapes().place_first.match(longer)
    if longer.endswith(name) and place and len(longer) - len(name) <= _LONG_LEAD:
        lead = longer[: -len(name)]
        return bool(shapes().common.fullmatch(lead + "企业")) or lead in lexicon().places
    if not _is_han(name):
        return longer.startswith(f"{name} ") and not _is_han(longer)
    starts = (0, place.end()) if place else (0,)  # 联影 of 上海联影医疗科技有限公司
    at = next((start for start in starts if longer.startswith(name, start) and len(name) > 1), None)
    if at is not None:
        return _is_cut_short(longer, name, at + len(name))
    if _FULL_END.search(name):
        core = _FULL_END.sub("", name)
        return len(core) > 1 and _TAIL.search(longer) is not None and core in longer and longer.endswith(name[-2:])
    return len(name) > 2 and _is_abbreviation(name, longer)


def _is_cut_short(longer: str, name: str, stop: int) -> bool:
    """Whether only trade and legal form, or the seat of a government, follow the name that ends at `stop`."""
    if name in lexicon().places:
        return name[-1] in "省市区县州" and bool(_SEAT.fullmatch(longer, stop))
    # A campus in another city has a charter of its own.
    is_campus = name.endswith("大学") and longer[stop] == "（"
    is_seat = name[-1] in "省市区县州" and _SEAT.fullmatch(longer, stop)
    return not is_campus and bool(is_seat or _TAIL.fullmatch(longer, stop))


def _is_inside(name: str, longer: str) -> bool:
    """Whether a company goes by its name without its seat and legal form, be the seat in our lists or not."""
    at = longer.find(name)
    is_core = len(name) > _CLEARLY_LONG and at in _SEATS and not shapes().common.fullmatch(name)
    return is_core and longer.endswith("公司") and bool(_TAIL.fullmatch(longer, at + len(name)))


def _is_university(name: str, longer: str) -> bool:
    """Whether 理大 is short for 香港理工大学."""
    if not 2 <= len(name) <= 4 or not name.endswith("大") or not longer.endswith("大学"):
        return False
    rest = iter(longer[:-1])
    return all(character in rest for character in name)


def _is_abbreviation(name: str, longer: str) -> bool:
    """Whether the characters of `name` stand in `longer` in that order, begun at its start or behind its place."""
    place = shapes().place_first.match(longer)
    starts = {longer[0]} | ({longer[place.end()]} if place and place.end() < len(longer) else set())
    if name[0] not in starts or len(longer) < len(name) + 2:
        return False
    rest = iter(longer)
    return all(character in rest for character in name)


def _introduced(inner: str) -> tuple[list[str], bool]:
    """Short forms that a bracket introduces, and whether it holds a ticker symbol."""
    if _CODE.fullmatch(inner):
        return [], True
    called = _CALLED.match(inner)
    quoted = _QUOTED.findall(inner)
    if quoted and (called or inner.startswith("“") or "称" in inner):
        return quoted, False
    if called and called.end() > 0:
        return [part for part in re.split(r"[，、；或及]", inner[called.end() :]) if 2 <= len(part) <= 24], False
    parts = [part.strip() for part in re.split(r"[，；]", inner)]
    return [part for part in parts if _ABBREVIATION.fullmatch(part)], False


def _shortens(inner: str, name: str) -> bool:
    """Whether what stands in brackets is the name with characters left out: 金管局 of 金融管理局."""
    if not 1 < len(inner) < len(name) or not _is_han(inner):
        return False
    rest = iter(name)
    return all(character in rest for character in inner)


def _cores(text: str, token: Token) -> Iterator[str]:
    """A company's name without what it trades in and what it is: what the text goes on to call it."""
    name = text[token.start : token.end]
    while (tail := _TRADE.search(name)) and tail.start() > 1:
        name = name[: tail.start()]
        place = shapes().place_first.match(name)
        for core in (name, name[place.end() :] if place else ""):
            is_word = shapes().common.fullmatch(core) or lexicon().whole.at(core, 0)[1] >= len(core) if core else True
            if len(core) > 1 and not is_word and _is_han(core):
                yield core


def _repeated(text: str, sentences: Sequence[tuple[Sentence, tuple[Token, ...]]]) -> set[str]:
    """Words of no known shape that the article uses again and again where names stand: beside 'with', before 'says'."""
    seen: Counter[str] = Counter()
    beside: Counter[str] = Counter()
    begun: Counter[str] = Counter()  # what longer stretches begin with: a name and a word that is not known
    for _, tokens in sentences:
        for i, token in enumerate(tokens):
            if token.kind not in "Xx":
                continue
            word = text[token.start : token.end]
            begun.update(word[:length] for length in range(_CLEARLY_LONG, min(len(word), _LONGEST_REPEATED + 1)))
            if token.kind != "X" or not _MAY_REPEAT.fullmatch(word) or word in lexicon().never:
                continue
            seen[word] += 1
            following = tokens[i + 1].kind if i + 1 < len(tokens) else ""
            beside[word] += (i > 0 and tokens[i - 1].kind == "W") or (following in ("W", "Q"))
    return {word for word, n in seen.items() if n + begun[word] > 1 and beside[word] > (len(word) < _CLEARLY_LONG)}


def survey(text: str, sentences: Sequence[Sentence]) -> Names:
    """Read the names of an article.

    Args:
        text: Plain text.
        sentences: Its sentences.
    """
    first = [(sentence, tokenise(text, sentence.start, sentence.end)) for sentence in sentences]
    aliases, introduced, coded = _introductions(text, first)
    repeated = _repeated(text, first)
    cores = {core for _, tokens in first for token in tokens if token.kind == "N" for core in _cores(text, token)}
    selves = lexicon().selves
    further = {form for form in (*aliases, *introduced, *cores, *repeated) if len(form) > 1 and form not in selves}
    extra = WordTrie(dict.fromkeys(further, "N"))
    final = list(first)
    if further:
        further_names = re.compile("|".join(sorted(map(re.escape, further), key=len, reverse=True)))
        for i, (sentence, _) in enumerate(first):
            if further_names.search(text, sentence.start, sentence.end):
                final[i] = (sentence, tokenise(text, sentence.start, sentence.end, extra=extra))
    places: dict[str, tuple[int, int]] = {}
    for token in (token for _, tokens in final for token in tokens):
        name = text[token.start : token.end]
        if token.kind == "N" or (token.kind == "X" and name in introduced):
            places.setdefault(name, (token.start, token.end))
    return Names(text=text, sentences=tuple(final), aliases=aliases, places=places, coded=tuple(coded), extra=extra)


def _introductions(
    text: str, sentences: Sequence[tuple[Sentence, tuple[Token, ...]]]
) -> tuple[dict[str, str], set[str], list[tuple[int, str]]]:
    """What brackets behind names say: short form → name, names so introduced, names with a ticker symbol."""
    aliases: dict[str, str] = {}
    introduced: set[str] = set()
    coded: list[tuple[int, str]] = []
    ends = {token.end: token for _, tokens in sentences for token in tokens if token.kind in "NXG"}
    for bracket in _BRACKET.finditer(text):
        token = ends.get(bracket.start()) or ends.get(bracket.start() - 1)
        if token is None:
            continue
        name = text[token.start : token.end]
        short, is_code = _introduced(bracket.group(1))
        if not short and _shortens(bracket.group(1), name):
            short = [bracket.group(1)]
        if is_code:
            coded.append((token.start, name))
        aliases |= {form: name for form in short if form != name}
        if short or is_code:
            introduced.add(name)
    return aliases, introduced, coded
