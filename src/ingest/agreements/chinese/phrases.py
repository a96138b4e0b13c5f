"""What stands around names in a sentence: descriptions, offices and their holders, phrases of place and subject.

They are dropped, or folded into one token each, before the parties are looked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.agreements.chinese.lexicon import shapes
from ingest.agreements.chinese.tokens import Token, kinds

__all__ = ["SKIP", "STRICT_WITH", "simplify"]

SKIP = r"[TAFQlRDj]*"  # kinds that may stand between the parties and the verb
STRICT_WITH = frozenset("与同跟")
_TOGETHER = frozenset(("携手", "联手", "牵手", "联合", "合作", "伙拍", "夥拍"))
# What sort of body something is; it names none.
_SORTS = (
    *("公司", "企业", "集团", "机构", "药企", "银行", "大学", "平台", "品牌", "巨头", "高校", "院校", "学校", "医院"),
    *("部门", "商", "厂", "基金", "企", "孵化器", "加速器", "枢纽", "机场"),
)
_MATTERS = ("合作", "共同", "联合", "独家")  # with which that begins which something is agreed about
_AMONG = ("包括", "包含")
_BODIES = (
    "中心",
    "基金",
    "研究院",
    "研究所",
    "学院",
    "医院",
    "园区",
    "实验室",
    "协会",
    "商会",
    "集团",
    "航空",
    "联盟",
    "发展银行",
    "商业银行",
)
_HUB = re.compile(r"(?:金融|航运|贸易|创新|科创|创科|消费|物流|人才|科技)中心$")
_LEAST_NAME = 5  # characters
_TIMES = ("期间", "之际", "前夕", "前后")  # behind what happens then
_ENDS_PHRASE = ("下", "上", "期间", "时")
_DOCUMENT = re.compile(r"协议|备忘录|合作|谅解|战略|策略|合同|合资|框架")
_ASIDE = re.compile(r"(?:（[^（）]{1,20}）)?")  # the field of an office, behind it
_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,4}(?:医生|律师|会计师|工程师)?$|[\u4e00-\u9fff]+·.*$")


def _text(text: str, token: Token) -> str:
    return text[token.start : token.end]


def simplify(text: str, tokens: Sequence[Token]) -> list[Token]:
    """Drop what only describes a name, and fold phrases of place and subject into one token each (`l`, `j`)."""
    kept: list[Token] = []
    tokens = [_promoted(text, tokens, i) for i in range(len(tokens))]
    i = 0
    while i < len(tokens):
        if tokens[i].kind == "H":
            if _text(text, tokens[i]) == "代表" and kinds(tokens[i + 1 : i + 2]) in tuple("NPS") and kept:
                _drop_signatory(text, kept)
            i = _skip_person(text, tokens, i)
        elif tokens[i].kind in "dO":
            i = _read_modifier(text, tokens, i, kept)
        else:
            if not _is_idle(text, tokens, i, kept):
                kept.append(_behind_of(text, tokens, i) if kept and kept[-1].kind == "d" else tokens[i])
            i += 1
    return _fold_phrases(text, _join(text, kept))


def _read_modifier(text: str, tokens: Sequence[Token], i: int, kept: list[Token]) -> int:
    """Read 的 or 'subsidiary' at `i`: what stands before it is no party where a name follows. Index behind."""
    following = kinds(tokens[i + 1 : i + 2])
    if tokens[i].kind == "O":
        if following in tuple("NXP") and kept and kept[-1].kind in "NSPXz":
            kept.pop()
    elif _heads_name(text, tokens, i + 1):
        _drop_modifier(kept)
    elif kept and kept[-1].kind == "P" and _is_sort_of_body(text, tokens[i + 1 : i + 2]):
        # Universities of two places are neither those places nor named.
        _drop_modifier(kept)
        kept.append(Token("u", tokens[i + 1].start, tokens[i + 1].end))
        return i + 2
    else:
        kept.append(tokens[i])
    return i + 1


def _behind_of(text: str, tokens: Sequence[Token], i: int) -> Token:
    """What stands behind 的 and heads no name is what was signed."""
    token = tokens[i]
    is_name = token.kind not in "NXGP" or _heads_name(text, tokens, i)
    return token if is_name else Token("x", token.start, token.end)


def _is_idle(text: str, tokens: Sequence[Token], i: int, kept: Sequence[Token]) -> bool:
    """Whether a token only describes the name behind it, or joins clauses."""
    token = tokens[i]
    following = tokens[i + 1] if i + 1 < len(tokens) else None
    last = kept[-1].kind if kept else ""
    if token.kind == "W":
        return last in tuple(",;") and _text(text, token) in ("以及", "及")
    if token.kind == "J":
        return last == "W" and _text(text, token) in _AMONG
    if following is None:
        return False
    is_time = token.kind in "XxG" and _text(text, following) in _TIMES
    if is_time or (token.kind in "NXx" and following.kind == "N" and _describes(text, token, following)):
        return True
    if last == "d" and token.kind in "GP":
        return False
    is_apposed = token.kind in "GP" and following.kind == "N" and token.end == following.start
    return is_apposed or (token.kind == "G" and following.kind in "NX")


def _heads_name(text: str, tokens: Sequence[Token], i: int) -> bool:
    """Whether the words behind 的 are a name, rather than a document or another thing."""
    while i < len(tokens) and tokens[i].kind in "OG":
        i += 1
    if i >= len(tokens) or tokens[i].kind not in "NXP":
        return False
    following = tokens[i + 1] if i + 1 < len(tokens) else None
    if following is not None and following.end and _DOCUMENT.match(text[following.start : following.end]):
        return False
    return tokens[i].kind != "X" or (following is not None and following.kind in "WEVQTALJHd")


def _promoted(text: str, tokens: Sequence[Token], i: int) -> Token:
    """A place and what might be any (香港创新基金) is a name where a party stands and nothing counts it."""
    token = tokens[i]
    if token.kind != "G" or token.end - token.start < _LEAST_NAME:
        return token
    word = _text(text, token)
    before = tokens[i - 1].kind if i else ","
    after = kinds(tokens[i + 1 : i + 2])
    is_party = before in ",;QWB" and after in ("", *"WATQVLJFR") and "W" in (before, after)
    if is_party and shapes().place_first.match(word) and word.endswith(_BODIES) and not _HUB.search(word):
        return Token("N", token.start, token.end)
    return token


def _is_sort_of_body(text: str, following: Sequence[Token]) -> bool:
    return bool(following) and following[0].kind in "Gu" and _text(text, following[0]).endswith(_SORTS)


def _describes(text: str, token: Token, name: Token) -> bool:
    """Whether 'the American company' only says what the Latin name right behind it is."""
    word = _text(text, token)
    return (
        token.end == name.start
        and text[name.start].isascii()
        and word.endswith(_SORTS)
        and (token.kind != "N" or bool(shapes().place_first.match(word)))
    )


def _drop_modifier(kept: list[Token]) -> None:
    """'… located in Pudong of' before a name goes, up to what may end the clause before."""
    if kept and kept[-1].kind == "z":
        kept.pop()
    while kept and kept[-1].kind in "NPXxGTSuU":
        kept.pop()
    if kept and kept[-1].kind == "L":
        kept.pop()


def _drop_signatory(text: str, kept: list[Token]) -> None:
    """Who signs on behalf of a party is none himself."""
    name = _text(text, kept[-1])
    if (kept[-1].kind == "X" and _PERSON.match(name)) or (kept[-1].kind == "N" and name.isascii()):
        kept.pop()


def _skip_person(text: str, tokens: Sequence[Token], i: int) -> int:
    """Behind an office and its holder's name."""
    while i < len(tokens) and tokens[i].kind == "H":
        i += 1
    if i < len(tokens) and _ASIDE.fullmatch(text, tokens[i - 1].end, tokens[i].start):
        name = _text(text, tokens[i])
        if tokens[i].kind in "Xx" and _PERSON.match(name):
            return i + 1
        if tokens[i].kind == "N" and name.isascii():
            return i + 1
    return i


def _join(text: str, tokens: list[Token]) -> list[Token]:
    """'Joins hands with' between two names is 'with'."""
    joined = list(tokens)
    for i in range(1, len(joined) - 1):
        if (
            joined[i].kind == "A"
            and _text(text, joined[i]) in _TOGETHER
            and joined[i + 1].kind in "NPXSu"
            and any(t.kind in "NPXS" for t in joined[:i])
            and joined[i - 1].kind in "NPXSTAlQ,"
        ):
            joined[i] = Token("W", joined[i].start, joined[i].end)
    return joined


def _fold_phrases(text: str, tokens: list[Token]) -> list[Token]:
    folded: list[Token] = []
    i = 0
    while i < len(tokens):
        if tokens[i].kind == "J" and _is_adverb(text, tokens[i + 1 : i + 2]):
            folded.append(Token("A", tokens[i].start, tokens[i].end))
            i += 1
            continue
        if tokens[i].kind in "LJ":
            stop = _phrase_end(text, tokens, i, has_pair="W" in kinds(folded))
            if stop > i + 1:
                folded.append(Token("l" if tokens[i].kind == "L" else "j", tokens[i].start, tokens[stop - 1].end))
                i = stop
                continue
        folded.append(tokens[i])
        i += 1
    return folded


def _is_adverb(text: str, following: Sequence[Token]) -> bool:
    """Whether 就 stands for 'then', by what follows: a verb or an adverb, and nothing that it could be about."""
    return not following or (following[0].kind in "WTAV" and _text(text, following[0]) not in _MATTERS)


def _phrase_end(text: str, tokens: Sequence[Token], i: int, *, has_pair: bool) -> int:
    """Index behind a phrase of place (`L`) or subject (`J`) that begins at `i`."""
    k = i + 1
    while k < len(tokens) and tokens[k].kind not in ",;VQ":
        token = tokens[k]
        word = _text(text, token)
        if token.kind == "z" and word.endswith(_ENDS_PHRASE):
            return k + 1
        if tokens[i].kind == "L" and token.kind in "TAFB" and k > i + 1:
            break
        if token.kind == "W" and k > i + 1:
            goes_on = _goes_on(tokens, k) if tokens[i].kind == "J" else _names_nobody(tokens, k)
            if word in STRICT_WITH and not goes_on:
                break
            if tokens[i].kind == "L" and not has_pair:
                break
        if tokens[i].kind == "J" and token.kind == "R":
            break
        k += 1
    return k


def _names_nobody(tokens: Sequence[Token], k: int) -> bool:
    """Whether between this 'and' and the verb there is only a field: '在医疗与科技领域签署'."""
    rest = kinds(tokens[k + 1 :])
    return bool(re.match(r"[xG][^NPSuUXVW,;]*(?:V|$)", rest))


def _goes_on(tokens: Sequence[Token], k: int) -> bool:
    """Whether the subject matter goes on behind this 'and': no party follows before the verb."""
    rest = kinds(tokens[k + 1 :])
    return not re.match(rf"{SKIP}[NPSu]", rest)
