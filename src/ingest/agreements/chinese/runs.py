"""A stretch of text that no word cuts → the name in it, if there is one, and what describes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ingest.agreements.chinese.lexicon import SHORT_PLACES, Lexicon, WordTrie, lexicon, shapes

__all__ = ["CAMPUS", "LATIN", "Token", "is_han", "read_run"]

_LETTERS = r"[A-Za-zÀ-ɏ0-9&.+*'\-]*"
LATIN = re.compile(
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
_HAN = re.compile(r"[\u3400-\u9fff]")
_FIRST_HAN, _LAST_HAN = "\u3400", "\u9fff"
_RUN_EDGE = re.compile(r"^[\s\-—–－.·]+|[\s\-—–－.·]+$")
CAMPUS = re.compile(r"（(?:深圳|广州|珠海|香港|澳门|苏州|北京|上海|东莞|佛山|海南|青岛|威海|横琴)）")
_TEACHING = re.compile(r"[\u4e00-\u9fff]{1,12}(?:系|学部|教研室|课题组)$")
_LEGAL = re.compile(r"(?:股份|控股|集团)*有限(?:责任)?公司$")
_OWN = ("本公司", "本集团", "该公司", "该集团")
_BODY = re.compile(r".{2,}?(?:大学|研究院|实验室|集团|医院)(?=.)")
_PARTS = (
    "医院",
    "大学",
    "高校",
    "院校",
    "学院",
    "交易所",
    "基金",
    "企业",
    "园区",
    "平台",
    "总部",
    "银行",
    "资本",
    "证券",
)
_BRANCH = re.compile(r"(?:大?中华区?|中国|香港|澳门|亚太区?|亚洲|新加坡|国际|上海|深圳|北京|广州|日本|美国|英国)$")
_MAX_OPAQUE = 12
_LONGEST = 40  # characters of a run that may be one name or common noun
_REMEMBERED = 8192  # runs whose kind is remembered: the same words stand in most articles
_SHORTEST = 2  # characters of a name
_GOES_ON = frozenset("方系区版案未没不仍并曾须应可会需愿欲却便才还刚")  # behind a name: of no longer one
_LETS_NAME = frozenset("为给把被让予据了到往")  # with which a run begins, a name does not
# What part somebody has in a matter, glued to the name behind it: 'the operator X University'.
_ROLE = re.compile(
    r"(?:营运|运营|营办|主办|承办|协办|合办|投资|出资|发起|牵头|合作|签约|授权|许可|受让|转让|供应|承建|办学|管理|委托|受托"
    r"|技术支持)(?:方(?![面法式案向针便才可程圆能略])|单位|机构)|母公司|母企|控股股东|大股东|业主"
)
_ROLE_ENDS = frozenset("方位构司企东主")
# Events, and things: none of them is a body.
_NO_BODY = re.compile(
    r"(?:[^一二三四五六七八九十\d上下本每][周展节]|论坛|峰会|大会|(?<![青少])年会|博览会|展览会?|展会|研讨会|洽谈会|交易会|推介会|交流会"
    r"|领域|范畴|方面|行业|议题|方向|层面|项目|计划|产品|课程|业务|权益|权利|抗体|疫苗|药物|新药|疗法|事宜|样本|数据库"
    r"|发布会|座谈会|讲座|典礼|晚宴|酒会|嘉年华|运动会|世博会|进博会|服贸会|广交会|高交会|消博会|文博会)$"
)
_PLACES = re.compile(rf"[{''.join(SHORT_PLACES)}]{{2,4}}")


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a sentence; offsets are those of the article's text."""

    kind: str
    start: int
    end: int


def read_run(text: str, start: int, end: int, words: Lexicon, extra: WordTrie | None) -> Iterator[Token]:
    """Look for a name in the stretch `start:end`, which nothing cuts.

    Args:
        text: Plain text.
        start: Where the stretch begins.
        end: Where it ends.
        words: The lexicon.
        extra: Names that the article itself introduces.

    Yields:
        Tokens in order.
    """
    while start < end and (edge := _RUN_EDGE.search(text[start:end])):
        if edge.start() == 0:
            start += edge.end()
        else:
            end -= edge.end() - edge.start()
    run = text[start:end]
    if not run:
        return
    if _PLACES.fullmatch(run) and not _is_known(run, extra):
        yield from _places(start, end)
        return
    whole = _whole_run(run)
    if whole == "G" and (_is_quoted_name(text, start, end) or _is_known(run, extra)):
        whole = "N"
    counted = "u" if _ONE.match(run) else "U" if _MANY.match(run) else ""
    if whole or counted:
        yield Token(whole or counted, start, end)
        return
    kind, left, right = _cut(run, words, extra)
    if kind:
        yield from read_run(text, start, start + left, words, extra)
        yield Token(kind, start + left, start + right)
        yield from read_run(text, start + right, end, words, extra)
        return
    described = shapes().described.match(run)
    if described and described.end() < len(run) and not (_is_known(run, extra) or shapes().proper.match(run)):
        yield Token("G", start, start + described.end())
        start += described.end()
    is_cut_again = end - start < len(run) and text[start] in _LETS_NAME
    read = read_run if is_cut_again else _read_names
    yield from read(text, start, end, words, extra)


def _is_quoted_name(text: str, start: int, end: int) -> bool:
    """Whether what reads as a common noun is a name by its quotation marks."""
    is_quoted = text[start - 1 : start] == "“" and text[end : end + 1] == "”"
    return is_quoted and shapes().named.fullmatch(text, start, end) is not None


def _cut(run: str, words: Lexicon, extra: WordTrie | None) -> tuple[str, int, int]:
    """Kind, start and end of a word that is part of no name: a role inside the run, or what it begins with."""
    role = None if _ROLE_ENDS.isdisjoint(run) else _ROLE.search(run)
    if role and role.end() + _SHORTEST <= len(run) and not _is_known(run, extra):
        return "O", role.start(), role.end()
    kind, length = _head(run, words, extra)
    return kind, 0, length


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
    if not shapes().common.fullmatch(run):
        return ""
    university = shapes().proper.match(run)
    is_name = university and university.group().endswith("大学") and _is_field(run, university.end(), len(run))
    return "" if is_name else "G"


def _read_names(text: str, start: int, end: int, words: Lexicon, extra: WordTrie | None) -> Iterator[Token]:
    run = text[start:end]
    founded = shapes().founded.search(run, 1)
    if founded:
        yield from _read_names(text, start, start + founded.start(), words, extra)
        yield from read_run(text, start + founded.start(), end, words, extra)
        return
    stop = _named_end(run)
    if stop:
        yield Token("N", start, start + stop)
        if start + stop < end:
            yield from _read_names(text, start + stop, end, words, extra)
        return
    found = next(_listed(run, words, extra), None)
    if found is None:
        kind = _whole_run(run) or _opaque(run)
        yield Token(kind, start, end)
        return
    left, right = found
    if campus := CAMPUS.match(run, right):
        right = campus.end()
    if _BRANCH.fullmatch(run, right) or _is_longer(run, right):
        right = len(run)
    if left:
        yield Token(_whole_run(run[:left]) or "x", start, start + left)
    yield Token("N", start + left, start + right)
    if right < len(run):
        yield from _read_names(text, start + right, end, words, extra)


@lru_cache(maxsize=_REMEMBERED)
def _named_end(run: str) -> int:
    """Where the name ends with which a run begins by its shape; 0 where it begins with none."""
    named = shapes().named.match(run) or shapes().soft.match(run)
    if named is None:
        return 0
    body = _BODY.match(run, 0, named.end())
    if body and _is_field(run, body.end(), named.end()):
        return body.end()
    if named.end() <= _SHORTEST or _is_common(named.group()):
        return 0
    is_taught = named.group().endswith(("大学", "学院")) and _TEACHING.fullmatch(run, named.end())
    return len(run) if is_taught or _BRANCH.fullmatch(run, named.end()) else named.end()


def _is_field(run: str, start: int, end: int) -> bool:
    """Whether what follows a name is a field, and no part of it: 'A—B人工智能联合实验室'."""
    return not run.endswith(_PARTS, start, end) and bool(shapes().branch_of_office.fullmatch(run, start, end))


def _is_longer(run: str, stop: int) -> bool:
    """Whether one more character follows a known name: it is the start of a name that is not known."""
    return stop + 1 == len(run) and is_han(run[stop]) and run[stop - 1] > _FIRST_HAN and run[stop] not in _GOES_ON


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
        latin = LATIN.match(run, i)
        if latin:
            word = latin.group()
            tail = re.match(r"(?:集团|银行|科技|生物|医药|资本|基金|大学|实验室|研究院)?", run[latin.end() :])
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


@lru_cache(maxsize=_REMEMBERED)
def _opaque(run: str) -> str:
    """Whether a run with no shape may be a name where the sentence's structure asks for one."""
    if not 2 <= len(run) <= _MAX_OPAQUE or not _HAN.search(run) or re.search(r"[\d%]", run) or _NO_BODY.search(run):
        return "x"
    return "X"


def is_han(character: str) -> bool:
    """Whether a character is Chinese."""
    return _FIRST_HAN <= character <= _LAST_HAN
