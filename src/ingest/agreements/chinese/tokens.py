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
from collections.abc import Mapping, Sequence

from ingest.agreements.chinese.dates import DATE, DATE_STARTS
from ingest.agreements.chinese.lexicon import SHORT_PLACES, Lexicon, WordTrie, lexicon, shapes
from ingest.agreements.chinese.runs import CAMPUS, LATIN, Token, is_han, read_run

__all__ = ["Token", "kinds", "tokenise"]

_CHIEFS = frozenset(("CEO", "CFO", "CTO", "COO", "CMO", "CSO"))
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
_ORDINAL = re.compile(r"第[一二三四五六七八九十\d]{1,3}(?:[份项批]|(?P<time>[次度]))")
_AMOUNT_STARTS = frozenset("0123456789一二三四五六七八九十百千两数")
_AMOUNT = re.compile(
    r"[\d一二三四五六七八九十百千两数][\d,.一二三四五六七八九十百千万亿余多]*(?:美|港|欧|澳门|新加坡|加)?(?:元(?!素|宇|件)|英镑|日圆)"
)
_OFFICE = re.compile(
    r"(?!本|该|多|各|一|两|数)[\u4e00-\u9fff]{1,8}?(?:委员会|学院|研究院|研究所|研究中心|中心|实验室|大学|学会"
    r"|协会|办公室|局|(?<!签)署|厅|部(?!分|署|门))"
)
# The head of a report that runs on into its first name.
_DATELINE = re.compile(
    r"(?:本[报网刊台社站]|[\u4e00-\u9fff]{0,6}?(?:日报|晚报|晨报|时报|早报|商报|快报|电视台|新闻网|新华社|中新社))"
    r"(?:综合)?(?:讯|消息|快讯|专讯|专电)(?!飞|息|号|人士)"
)
_WIRED = re.compile(r"\s?(?:专?电(?![子力信气商网视影讯动池台报器缆竞磁路机])|专?讯(?![飞息号])|消息(?!人士))")
_JOINING = frozenset("与和同跟及由伙")
_FELLOW = re.compile(r"(?<![合团散入])伙(?![伴食计同拍房])")  # as headlines say 'with': 浸大伙中大
_RUN_ON = re.compile(r"(?<=[a-z])\d{1,4}$")  # of a date, behind a Latin name: Altamira Bio3月
_DATED = ("年", "月", "日")
_ABOUT = ("就", "围绕", "针对", "聚焦")
_CLASH = re.compile(r"与会(?=计|展|议|所|员|长)")
# Trades that may end a company's name, or stand before 'and' in that of a society.
_TRADES = ("证券", "期货", "保险", "信托", "资产管理", "投资", "航空", "铁路", "航运", "船舶", "石油", "化工", "钢铁")
_SOCIETIES = ("学会", "协会", "公会", "商会", "总会", "联会")
_SORT_OF_PEOPLE = 3  # characters of a sort of people
_OFFICE_ALONE = 4  # characters of what is an office and no field of one
_BODIES = frozenset("部局署厅委府会院社处行")  # with which the name of an official's body ends


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
        tokens += read_run(text, run, stop, words, extra)
        if kind == "H" and tokens and tokens[-1].kind == "X" and tokens[-1].end >= i and text[stop - 1] in _BODIES:
            tokens[-1] = Token("N", tokens[-1].start, tokens[-1].end)
        if kind == "z" and text[i] == "其" and text[i + 1 : i + 2] in ("与", "和", "同", "跟"):
            kind = "S"  # 'its' agreement with somebody
        if kind != " ":
            tokens.append(Token(kind, i, i + length))
        i += length
        run = i
    tokens += read_run(text, run, end, words, extra)
    return tuple(tokens)


def _is_office(text: str, run: int, i: int) -> bool:
    """Whether the head of an office lends it his name's first character: 经济部长 is of the 经济部."""
    return run < i and text[i] in "部局署厅" and text[i - 1] not in "部局署厅司" and text[i + 1 : i + 2] == "长"


def _is_part_of_name(text: str, tokens: Sequence[Token], run: int, i: int, *, end: int) -> bool:
    """Whether an 'and' is a character of a name: the first behind another 'and', the second of a foreign name."""
    if text[i] == "和" and run == i and (not tokens or (tokens[-1].kind in "WB" and tokens[-1].end == i)):
        return i + 2 < end and is_han(text[i + 1])
    left = text[run:i]
    described = shapes().described.match(left)
    place = shapes().place_first.match(left)
    rest = left[described.end() :] if described else left[place.end() :] if place else left
    if len(rest) == 1 and is_han(rest) and rest not in SHORT_PLACES and text[i] in "和及同":
        return lexicon().whole.at(left, 0) != ("N", len(left))
    # 'A on education with the bureau of B': no bureau of education and B.
    is_about = bool(tokens) and tokens[-1].end == run and text[tokens[-1].start : run] in _ABOUT
    return not is_about and _is_inside_name(text, run, i, end)


def _is_inside_name(text: str, run: int, i: int, end: int) -> bool:
    """Whether an 'and' stands inside a name ('Environment and Ecology Bureau'): fields before it, an office behind."""
    left = text[run:i].strip()
    office = _OFFICE.match(text, i + 1, end)
    is_known = lexicon().whole.at(left, 0) == ("N", len(left)) if left else True
    if is_known or left in lexicon().places or office is None or lexicon().whole.at(text, i + 1)[0] == "N":
        return False
    is_named = shapes().named.fullmatch(left) and not left.endswith(_TRADES)
    if shapes().place_first.match(text, i + 1) or is_named:
        return False
    if _is_society(left, office.group()):
        return True
    if left.endswith(_TRADES) and office.group().endswith(_SOCIETIES):
        return len(office.group()) <= _OFFICE_ALONE
    head = None if left.endswith(_TRADES) else shapes().named.match(left)
    tail = left[head.end() :] if head else left
    # 'Institute of information technology' is no name without what stands before 'and'.
    is_common = len(office.group()) > _OFFICE_ALONE and bool(shapes().common.fullmatch(office.group()))
    return bool(shapes().branch_of_office.fullmatch(tail)) or (head is not None and tail != "" and is_common)


def _is_society(left: str, right: str) -> bool:
    """Whether 'and' joins two sorts of people in the name of their society: 香港优才及专才协会."""
    place = shapes().place_first.match(left)
    rest = len(left) - place.end() if place else 0
    return 0 < rest <= _SORT_OF_PEOPLE and right.endswith(_SOCIETIES) and len(right) <= _SORT_OF_PEOPLE + 2


def _word(text: str, i: int, end: int, words: Lexicon, extra: WordTrie | None) -> tuple[str, int]:
    """Kind and length of what begins at `i`: no kind where the run goes on, a space where it only stops."""
    c = text[i]
    if c in _STOPS or c in _SILENT or c in "（《":
        return _mark(text, i, end)
    if c < "\u3400":
        latin = LATIN.match(text, i, end)
        if latin:
            chief = latin.group().split(" ", 1)[0]
            dated = _RUN_ON.search(text, i, latin.end()) if text[latin.end() : latin.end() + 1] in _DATED else None
            return ("H", len(chief)) if chief in _CHIEFS else ("", (dated.start() if dated else latin.end()) - i)
    if (counted := _counted(text, i, end)) is not None:
        return counted
    if not is_han(c):
        # No name has a space between two of its Chinese characters.
        is_gap = c.isspace() and i + 1 < end and is_han(text[i + 1]) and is_han(text[i - 1])
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
        return "A" if ordinal["time"] else "z", ordinal.end() - i
    if text[i] in _AMOUNT_STARTS and (amount := _AMOUNT.match(text, i, end)) is not None:
        return "A", amount.end() - i
    if text[i] in DATE_STARTS and (date := DATE.match(text, i, end)) is not None:
        wired = _WIRED.match(text, date.end(), end)
        return (" ", wired.end() - i) if wired else ("T", date.end() - i)
    return None


def _joins_name(text: str, i: int, words: Lexicon) -> bool:
    """Whether a character is 'and' although it would make a word with the next: 同意大利…, 与会计学院."""
    if i + 2 >= len(text) or text[i] == "伙":
        return bool(_FELLOW.match(text, i))
    kind, length = words.whole.at(text, i + 1)
    is_name = kind == "N" or text[i + 1 : i + 1 + length] in words.places
    return (is_name and length > 1 and words.whole.at(text, i)[0] != "N") or bool(_CLASH.match(text, i))


def _mark(text: str, i: int, end: int) -> tuple[str, int]:
    """The same, for punctuation."""
    c = text[i]
    if c == "（":
        inside = _ASIDE_INSIDE.match(text, i, end) or (CAMPUS.match(text, i, end) if text[i - 1] in "大学" else None)
        close = text.find("）", i, end)
        return ("", inside.end() - i) if inside else (" ", close + 1 - i if close >= 0 else 1)
    if c == "《":
        close = text.find("》", i, end)
        return "D", (close + 1 if close >= 0 else end) - i
    if c in _STOPS:
        is_single = c == "—" and text[i - 1 : i] != "—" and text[i + 1 : i + 2] != "—"
        return "E" if is_single else _STOPS[c], 1
    return " ", 1


def _acts_next(text: str, i: int, end: int, words: Lexicon) -> bool:
    """Whether one character before `i` is an adverb, by what follows: 將於 is one, the 擬 of 安擬集團 is not."""
    if i >= end or not is_han(text[i]):
        return True
    return bool(words.breakers.at(text, i)[0]) or text[i] in "签续共合达建成授终解"


def kinds(tokens: Sequence[Token]) -> str:
    """The tokens' kinds as one string."""
    return "".join(token.kind for token in tokens)
