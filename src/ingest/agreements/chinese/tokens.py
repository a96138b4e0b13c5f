"""A Chinese sentence → tokens: names, and the words between them that tell who did what with whom.

Chinese writes no spaces, so names are found from both sides: a stretch that no function word, verb or mark cuts is
looked at for the shapes of names. Kinds of token, a letter each, so that sentences can be matched as strings:

    N name            P place              X may be a name     x is none
    R 'both sides'    S 'the company'      u 'a bank' (one)    U 'several banks'
    G description     O 'subsidiary'       H 'president'       D 《title》
    W with, and       E 、                 e 'and others'      d 的
    B by              L in, at             J concerning        T date
    A adverb          F severally          Q says              z other verb
    V trigger         , comma              ; colon, semicolon, dash
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.agreements.chinese.dates import DATE, DATE_STARTS
from ingest.agreements.chinese.lexicon import SHORT_PLACES, Lexicon, WordTrie, lexicon, shapes

__all__ = ["Token", "kinds", "tokenise"]

_LETTERS = r"[A-Za-zÀ-ɏ0-9&.+*'\-]*"
_LATIN = re.compile(
    rf"[A-Za-zÀ-ɏ]{_LETTERS}(?: (?:[A-ZÀ-Þ&]{_LETTERS}|of|for|and|the|de|la|du)(?![a-z]))*(?: ?（[A-Z]{{2,4}}）)?"
)
_NO_NAME = re.compile(
    r"AI|IPO|MOU|MoU|ESG|CEO|CFO|CTO|COO|GDP|STEM|NFTs?|RWA|ETF|APP|App|IT|VR|AR|DNA|RNA|mRNA|CBDC|Web3|WEB3"
    r"|Fintech|FinTech"
    r"|REITs?|PPP|LOI|NDA|SPAC|B2B|B2C|SaaS|LLM|GPU|CRO|CDMO|ADC|ADCs|BD|R&D|5G|6G|C轮|QR|PDF|TV|DAO|DeFi|GBA|KOL"
    r"|EV|IP|OTC|ID|A股|H股"
)
_ONE = re.compile(r"(?:另)?[一某](?:家|所|间|个|名|座|国|支)|某[^，]{0,6}")
_MANY = re.compile(
    r"(?:全球|全国|海内外|国内外|内地|本地|海外|逾|超过|近|约|共|合共|至少|首批|其他|其余|另外|这|等)*(?:[二两三四五六七八九十百千数几多\d]+|若干|各"
    r"|众)(?:余|多)?"
    r"(?:家|所|间|个|名|座|国|支|位|大)|多方|各大|众多|若干|有关|相关|其他|其它|部分|不少|大批|更多"
)
_CHIEFS = frozenset(("CEO", "CFO", "CTO", "COO", "CMO", "CSO"))
_HAN = re.compile(r"[\u3400-\u9fff]")
_FIRST_HAN, _LAST_HAN = "\u3400", "\u9fff"
_RUN_EDGE = re.compile(r"^[\s\-—–－.·]+|[\s\-—–－.·]+$")
_STOPS = {
    "，": ",",
    ",": ",",
    "；": ";",
    "：": ";",
    "、": "E",
    "/": "E",
    "—": ",",
    "|": ";",
    "×": "W",
    "＋": "E",
    "+": "E",
}
_SILENT = frozenset("“”\"'。！？\n【】[]…")
_ASIDE_INSIDE = re.compile(
    r"（[^（）]{1,8}）(?=(?:股份|集团|控股)?有限|公司|集团|股份|大学|管理局|自由贸易|[^，。、；：（）与和及同]{0,14}有限(?:责任)?公司)"
)
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]{1,3}[份项批]")
_AMOUNT_STARTS = frozenset("0123456789一二三四五六七八九十百千两数")
_AMOUNT = re.compile(
    r"[\d一二三四五六七八九十百千两数][\d,.一二三四五六七八九十百千万亿余多]*(?:美|港|欧|澳门|新加坡|加)?(?:元(?!素|宇|件)|英镑|日圆)"
)
_CAMPUS = re.compile(r"（(?:深圳|广州|珠海|香港|澳门|苏州|北京|上海|东莞|佛山|海南|青岛|威海|横琴)）")
_OFFICE = re.compile(
    r"(?!本|该|多|各|一|两|数)[\u4e00-\u9fff]{1,8}?(?:委员会|学院|研究院|研究所|研究中心|中心|实验室|大学|学会"
    r"|协会|办公室|局|署|厅|部(?!分|署|门))"
)
# The head of a report that runs on into its first name.
_DATELINE = re.compile(
    r"(?:本[报网刊台社站]|[\u4e00-\u9fff]{0,6}?(?:日报|晚报|晨报|时报|早报|商报|快报|电视台|新闻网|新华社|中新社))"
    r"(?:综合)?(?:讯|消息|快讯|专讯|专电)(?!飞|息|号|人士)"
)
_WIRED = re.compile(r"\s?(?:专?电(?![子力信气商网视影讯动池台报器缆竞磁路机])|专?讯(?![飞息号])|消息(?!人士))")
_JOINING = frozenset("与和同跟及由")
_CLASH = re.compile(r"与会(?=计|展|议|所|员|长)")
_TEACHING = re.compile(r"[\u4e00-\u9fff]{1,12}(?:系|学部|教研室|课题组)$")
_LEGAL = re.compile(r"(?:股份|控股|集团)*有限(?:责任)?公司$")
_OWN = ("本公司", "本集团", "该公司", "该集团")
_BRANCH = re.compile(r"(?:大?中华区?|中国|香港|澳门|亚太区?|亚洲|新加坡|国际|上海|深圳|北京|广州|日本|美国|英国)$")
_MAX_OPAQUE = 12
# Trades that may end a company's name, or stand before 'and' in that of a society.
_TRADES = ("证券", "期货", "保险", "信托", "资产管理", "投资", "航空", "铁路", "航运", "船舶", "石油", "化工", "钢铁")
_OFFICE_ALONE = 4  # characters of what is an office and no field of one
_LONGEST = 40  # characters of a run that may be one name or common noun
_REMEMBERED = 8192  # runs whose kind is remembered: the same words stand in most articles
_SHORTEST = 2  # characters of a name
_LETS_NAME = frozenset("为给把被让予据了")  # with which a run begins, a name does not
_BODIES = frozenset("部局署厅委府会院社处行")  # with which the name of an official's body ends
_PLACES = re.compile(rf"[{''.join(SHORT_PLACES)}]{{2,4}}")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a sentence; offsets are those of the article's text."""

    kind: str
    start: int
    end: int


def tokenise(
    text: str,
    start: int,
    end: int,
    *,
    verbs: Mapping[int, tuple[str, int]] | None = None,
    extra: WordTrie | None = None,
) -> tuple[Token, ...]:
    """Cut the stretch `start:end` of a plain text into tokens.

    Args:
        text: Plain text (`lexicon.plain`).
        start: Where the sentence begins.
        end: Where it ends.
        verbs: Kind and end of tokens that are settled already (triggers), by where they begin.
        extra: Names that the article itself introduces.

    Returns:
        Tokens in order. What stands in brackets behind a name is left out.
    """
    tokens: list[Token] = []
    words = lexicon()
    dateline = _DATELINE.match(text, start, end)
    run = i = dateline.end() if dateline else start
    while i < end:
        kind, length = (verbs[i][0], verbs[i][1] - i) if verbs and i in verbs else _word(text, i, end, words, extra)
        if not kind and length > 1 and verbs and any(i < at < i + length for at in verbs):
            length = 1  # a verb that is settled is no part of a name
        if not kind or (kind == "W" and length == 1 and _is_part_of_name(text, tokens, run, i, end=end)):
            i += length
            continue
        stop = i + 1 if kind == "H" and _is_office(text, run, i) else i
        tokens += _read_run(text, run, stop, words, extra)
        if kind == "H" and tokens and tokens[-1].kind == "X" and tokens[-1].end >= i and text[stop - 1] in _BODIES:
            tokens[-1] = Token("N", tokens[-1].start, tokens[-1].end)
        if kind != " ":
            tokens.append(Token(kind, i, i + length))
        i += length
        run = i
    tokens += _read_run(text, run, end, words, extra)
    return tuple(tokens)


def _is_office(text: str, run: int, i: int) -> bool:
    """Whether the head of an office lends it his name's first character: 经济部长 is of the 经济部."""
    return run < i and text[i] in "部局署厅" and text[i - 1] not in "部局署厅司" and text[i + 1 : i + 2] == "长"


def _is_part_of_name(text: str, tokens: Sequence[Token], run: int, i: int, *, end: int) -> bool:
    """Whether an 'and' is a character of a name: the first behind another 'and', the second of a foreign name."""
    if text[i] == "和" and run == i and (not tokens or (tokens[-1].kind in "WB" and tokens[-1].end == i)):
        return i + 2 < end and _is_han(text[i + 1])
    left = text[run:i]
    described = shapes().described.match(left)
    place = shapes().place_first.match(left)
    rest = left[described.end() :] if described else left[place.end() :] if place else left
    if len(rest) == 1 and _is_han(rest) and rest not in SHORT_PLACES and text[i] in "和及同":
        return True
    return _is_inside_name(text, run, i, end)


def _is_inside_name(text: str, run: int, i: int, end: int) -> bool:
    """Whether an 'and' stands inside a name ('Environment and Ecology Bureau'): fields before it, an office behind."""
    left = text[run:i].strip()
    office = _OFFICE.match(text, i + 1, end)
    if not left or office is None or lexicon().whole.at(text, i + 1)[0] == "N":
        return False
    is_named = shapes().named.fullmatch(left) and not left.endswith(_TRADES)
    if shapes().place_first.match(text, i + 1) or is_named:
        return False
    if left.endswith(_TRADES) and office.group().endswith(("学会", "协会", "公会", "商会")):
        return len(office.group()) <= _OFFICE_ALONE
    head = None if left.endswith(_TRADES) else shapes().named.match(left)
    tail = left[head.end() :] if head else left
    # 'Institute of information technology' is no name without what stands before 'and'.
    is_common = len(office.group()) > _OFFICE_ALONE and bool(shapes().common.fullmatch(office.group()))
    return bool(shapes().branch_of_office.fullmatch(tail)) or (head is not None and tail != "" and is_common)


def _word(text: str, i: int, end: int, words: Lexicon, extra: WordTrie | None) -> tuple[str, int]:
    """Kind and length of what begins at `i`: no kind where the run goes on, a space where it only stops."""
    c = text[i]
    if c in _STOPS or c in _SILENT or c in "（《":
        return _mark(text, i, end)
    if c < _FIRST_HAN:
        latin = _LATIN.match(text, i, end)
        if latin:
            chief = latin.group().split(" ", 1)[0]
            return ("H", len(chief)) if chief in _CHIEFS else ("", latin.end() - i)
    if (counted := _counted(text, i, end)) is not None:
        return counted
    if not _is_han(c):
        # No name has a space between two of its Chinese characters.
        is_gap = c.isspace() and i + 1 < end and _is_han(text[i + 1]) and _is_han(text[i - 1])
        return " " if is_gap else "", 1
    if c in _JOINING and _joins_name(text, i, words):
        return "W" if c != "由" else "B", 1
    own = extra.at(text, i)[1] if extra else 0
    whole = max(own, words.whole.at(text, i)[1])
    kind, length = words.breakers.at(text, i)
    if kind == "A" and length == 1 and c not in "已将" and not _acts_next(text, i + 1, end, words):
        kind = ""
    return (kind, length) if kind and length >= whole else ("", max(whole, 1))


def _counted(text: str, i: int, end: int) -> tuple[str, int] | None:
    """The same, for sums of money, which count as adverbs, ordinals of papers, and dates."""
    if text[i] == "第" and (ordinal := _ORDINAL.match(text, i, end)) is not None:
        return "z", ordinal.end() - i
    if text[i] in _AMOUNT_STARTS and (amount := _AMOUNT.match(text, i, end)) is not None:
        return "A", amount.end() - i
    if text[i] in DATE_STARTS and (date := DATE.match(text, i, end)) is not None:
        wired = _WIRED.match(text, date.end(), end)
        return (" ", wired.end() - i) if wired else ("T", date.end() - i)
    return None


def _joins_name(text: str, i: int, words: Lexicon) -> bool:
    """Whether a character is 'and' although it would make a word with the next: 同意大利…, 与会计学院."""
    if i + 2 >= len(text):
        return False
    kind, length = words.whole.at(text, i + 1)
    is_name = kind == "N" or text[i + 1 : i + 1 + length] in words.places
    return (is_name and length > 1 and words.whole.at(text, i)[0] != "N") or bool(_CLASH.match(text, i))


def _mark(text: str, i: int, end: int) -> tuple[str, int]:
    """The same, for punctuation."""
    c = text[i]
    if c == "（":
        inside = _ASIDE_INSIDE.match(text, i, end) or (_CAMPUS.match(text, i, end) if text[i - 1] in "大学" else None)
        close = text.find("）", i, end)
        return ("", inside.end() - i) if inside else (" ", close + 1 - i if close >= 0 else 1)
    if c == "《":
        close = text.find("》", i, end)
        return "D", (close + 1 if close >= 0 else end) - i
    if c in _STOPS:
        is_single = c == "—" and text[i - 1 : i] != "—" and text[i + 1 : i + 2] != "—"
        return "E" if is_single else _STOPS[c], 1
    return " ", 1


def _is_han(character: str) -> bool:
    return _FIRST_HAN <= character <= _LAST_HAN


def _acts_next(text: str, i: int, end: int, words: Lexicon) -> bool:
    """Whether one character before `i` is an adverb, by what follows: 將於 is one, the 擬 of 安擬集團 is not."""
    if i >= end or not _is_han(text[i]):
        return True
    return bool(words.breakers.at(text, i)[0]) or text[i] in "签续共合达建成授终解"


def _read_run(text: str, start: int, end: int, words: Lexicon, extra: WordTrie | None) -> Iterator[Token]:
    """Look for a name in a stretch that nothing cuts."""
    while start < end and (edge := _RUN_EDGE.search(text[start:end])):
        if edge.start() == 0:
            start += edge.end()
        else:
            end -= edge.end() - edge.start()
    run = text[start:end]
    if not run:
        return
    if _PLACES.fullmatch(run):
        yield from _places(start, end)
        return
    whole = _whole_run(run)
    if whole == "G" and (_is_quoted_name(text, start, end) or _is_known(run, extra)):
        whole = "N"
    counted = "u" if _ONE.match(run) else "U" if _MANY.match(run) else ""
    if whole or counted:
        yield Token(whole or counted, start, end)
        return
    head, length = _head(run, words, extra)
    if head:
        yield Token(head, start, start + length)
        yield from _read_run(text, start + length, end, words, extra)
        return
    described = shapes().described.match(run)
    if described and described.end() < len(run) and not (_is_known(run, extra) or shapes().proper.match(run)):
        yield Token("G", start, start + described.end())
        start += described.end()
    yield from _read_names(text, start, end, words, extra)


def _is_quoted_name(text: str, start: int, end: int) -> bool:
    """Whether what reads as a common noun is a name by its quotation marks."""
    is_quoted = text[start - 1 : start] == "“" and text[end : end + 1] == "”"
    return is_quoted and shapes().named.fullmatch(text, start, end) is not None


def _head(run: str, words: Lexicon, extra: WordTrie | None) -> tuple[str, int]:
    """Kind and length of the word that a run begins with and no name does; an empty kind where there is none."""
    if len(run) > _SHORTEST and run[0] in _LETS_NAME and not words.whole.at(run, 0)[1] and not _is_known(run, extra):
        return "x", 1
    if verb := _leading_verb(run, words, extra):
        return "z", verb
    own = next((len(word) for word in _OWN if run.startswith(word)), 0)
    return ("S", own) if own else ("", 0)


def _places(start: int, end: int) -> Iterator[Token]:
    """Places of one character each, as if they were listed: 粤港澳 is 粤、港、澳."""
    for i in range(start, end):
        if i > start:
            yield Token("E", i, i)
        yield Token("P", i, i + 1)


def _leading_verb(run: str, words: Lexicon, extra: WordTrie | None) -> int:
    """Length of the verb that a run begins with, which no name does; none where a longer word or name begins there."""
    length = words.verbs.at(run, 0)[1]
    if not length or words.whole.at(run, 0)[1] > length or (extra and extra.at(run, 0)[1] > length):
        return 0
    # What would be left is a trade with a legal form, and no company's whole name.
    form = _LEGAL.search(run)
    return 0 if form and shapes().common.fullmatch(run, length, form.start()) else length


def _is_known(run: str, extra: WordTrie | None) -> bool:
    kind, length = lexicon().whole.at(run, 0)
    return (kind == "N" and length == len(run)) or bool(extra and extra.at(run, 0)[1] == len(run))


def _whole_run(run: str) -> str:
    """Kind of a run that is one word of the lists; empty where it is not."""
    return _sort(run) if len(run) <= _LONGEST else ""


@lru_cache(maxsize=_REMEMBERED)
def _sort(run: str) -> str:
    words = lexicon()
    lists = (("R", words.references), ("S", words.selves), ("P", words.places), ("x", words.never))
    listed = next((kind for kind, members in lists if run in members), "")
    if listed:
        return listed
    if words.whole.at(run, 0) == ("N", len(run)) or _is_proper(run):
        return "N"
    return "G" if shapes().common.fullmatch(run) else ""


def _read_names(text: str, start: int, end: int, words: Lexicon, extra: WordTrie | None) -> Iterator[Token]:
    run = text[start:end]
    founded = shapes().founded.search(run, 1)
    if founded:
        yield from _read_names(text, start, start + founded.start(), words, extra)
        yield from _read_run(text, start + founded.start(), end, words, extra)
        return
    named = shapes().named.match(run) or shapes().soft.match(run)
    if named and named.end() > 2 and not _is_common(named.group()):
        is_taught = named.group().endswith(("大学", "学院")) and _TEACHING.fullmatch(run, named.end())
        if _BRANCH.fullmatch(run, named.end()) or is_taught:
            yield Token("N", start, end)
            return
        yield Token("N", start, start + named.end())
        if start + named.end() < end:
            yield from _read_names(text, start + named.end(), end, words, extra)
        return
    found = next(_listed(run, words, extra), None)
    if found is None:
        kind = _whole_run(run) or _opaque(run)
        yield Token(kind, start, end)
        return
    left, right = found
    if campus := _CAMPUS.match(run, right):
        right = campus.end()
    if _BRANCH.fullmatch(run, right) or _is_longer(run, right):
        right = len(run)
    if left:
        yield Token(_whole_run(run[:left]) or "x", start, start + left)
    yield Token("N", start + left, start + right)
    if right < len(run):
        yield from _read_names(text, start + right, end, words, extra)


def _is_longer(run: str, stop: int) -> bool:
    """Whether one more character follows a known name: it is the start of a name that is not known."""
    return stop + 1 == len(run) and _is_han(run[stop]) and run[stop - 1] > _FIRST_HAN and run[stop] not in "方系区版案"


def _is_common(run: str) -> bool:
    return bool(shapes().common.fullmatch(run)) and not _is_proper(run)


def _is_proper(run: str) -> bool:
    return bool(shapes().proper.fullmatch(run) or shapes().house.fullmatch(run))


def _listed(run: str, words: Lexicon, extra: WordTrie | None) -> Iterator[tuple[int, int]]:
    """Known names, names of the article and Latin names inside a run, from the left."""
    i = 0
    while i < len(run):
        if extra and (length := extra.at(run, i)[1]):
            yield i, i + length
            return
        kind, length = words.whole.at(run, i)
        if kind == "N":
            yield i, i + length
            return
        latin = _LATIN.match(run, i)
        if latin:
            word = latin.group()
            tail = re.match(r"(?:集团|银行|公司|科技|生物|医药|资本|基金|大学|实验室|研究院)?", run[latin.end() :])
            stop = latin.end() + (tail.end() if tail else 0)
            if any(c.isupper() for c in word) and len(word) > 1 and not _NO_NAME.fullmatch(word) and not _is_code(word):
                yield i, stop
                return
            i = latin.end()
            continue
        i += max(length, 1)


def _is_code(word: str) -> bool:
    """A compound or product number (X842, HLX22), not a company."""
    return sum(c.isdigit() for c in word) * 2 >= len(word) or bool(re.fullmatch(r"[A-Z]{1,4}-?\d+", word))


def _opaque(run: str) -> str:
    """Whether a run with no shape may be a name where the sentence's structure asks for one."""
    if not 2 <= len(run) <= _MAX_OPAQUE or not _HAN.search(run) or re.search(r"[\d%]", run):
        return "x"
    return "X"


def kinds(tokens: Sequence[Token]) -> str:
    """The tokens' kinds as one string."""
    return "".join(token.kind for token in tokens)
