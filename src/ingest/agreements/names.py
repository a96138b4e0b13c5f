"""Names in English text: capitalised sequences with sensible boundaries, and which of them are one and the same.

The small spaCy model finds half of the organisations in press releases and cuts many in two, so names come from their
capitals first; the model's opinion on what is a person or a place is added where there is one (`tagger`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from ingest.agreements.boundaries import (
    POSSESSIVE,
    Chunker,
    Token,
    is_capital,
    is_field,
    is_head,
    is_legal,
    is_place,
    is_stop,
    may_begin,
    tokenise,
)
from ingest.agreements.vocabulary import vocabulary

__all__ = ["Name", "Sort", "find_names"]


class Sort(StrEnum):
    """What a name seems to name."""

    ORGANISATION = "organisation"  # by an organisation word or a legal form
    PLACE = "place"
    PERSON = "person"
    OTHER = "other"  # an event, programme, law: not an organisation
    UNKNOWN = "unknown"  # brands, mostly: what has no such word


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name as it stands in a text.

    Attributes:
        start: Where it begins, in the text that it was found in.
        end: Where it ends, without ticker symbol, bracket or possessive.
        text: Its words.
        sort: What it seems to name.
        aliases: Short forms that a bracket after it introduces ('Foo', 'the Company', 'SISU').
        possessive: Whether a possessive follows.
        tail: Where the brackets after it end; `end` if there are none.
    """

    start: int
    end: int
    text: str
    sort: Sort
    aliases: tuple[str, ...] = ()
    possessive: bool = False
    tail: int = 0


_BRACKET = re.compile(r"\s*[(（\[]([^()（）\[\]]{1,120}(?:\([^()]{0,40}\)[^()]{0,40})?)[)）\]]")
# 'Harbour Bank (Hong Kong)', 'Acme (Asia) Limited': a branch is not its house. Behind other names a place only says
# where they are.
_LEGAL_BEHIND = (
    r",? (?:(?:Co|Company|Pte|Pty|Private|Sdn)\b\.?,? ?)?"
    r"(?:Limited|Ltd|Inc|LLC|PLC|Plc|Corporation|Corp|Company|Co|Holdings|Bhd)\b"
)
_BRANCH = re.compile(rf"\s?[(（]([A-Z][\w.]*(?:[ -][A-Z][\w.]*){{0,2}})[)）](?P<legal>{_LEGAL_BEHIND})?")
_HAS_BRANCHES = re.compile(r"\b(?:Bank(?: of [A-Z]\w+)?|Banking|Insurance|Assurance|Life|Securities|Finance|Trust)$")
_CONTINENT = re.compile(
    r"(?:North |South |Latin )?(?:Asia|Europe|Africa|Americas?)|Asia[ -]Pacific|Far East|Middle East"
)
_QUOTED = re.compile(r"[“\"‘'«]\s*([^”\"’'»“]{2,60}?)\s*[”\"’'»]")
_ACRONYM = re.compile(r"(?:the )?[A-Z][\w&+-]{1,14}(?: [A-Z]{2,6})?")
_TICKER = re.compile(r"[:$]|^\W*(?:OTC|NASDAQ|NYSE|ASX|AIM|TSX|CSE|HKEX|LSE)\b|https?:|www\.|@", re.IGNORECASE)
_TRADING = re.compile(
    r",?\s*\(?(?:doing business as|d/b/a|dba|also known as|a\.?k\.?a\.?|trading as"
    r"|formerly(?: known as)?)\s+([A-Z][\w&.-]*(?: [A-Z][\w&.-]*){0,3})\)?"
)
_SYMBOL = re.compile(r"[A-Z][A-Za-z .]{1,14}:\s?\$?([A-Z]{2,6})\b")
_PERSON_BEFORE = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|H\.E|Excellency|Dr|Prof|Professor|Sir|Hon|Rev|CEO|CTO|CFO|COO|President|Chairman|Chair"
    r"|Minister|Founder"
    r"|Director|Manager"
    r"|Commissioner|Spokes(?:man|woman|person)|(?:Lieutenant|Major|Brigadier) General|Colonel|Captain|Coach"
    r"|Judge|Justice|Lord|Lady"
    r"|Dame|Datuk|Dato|(?:[a-z-]+ )?(?:commissioner|spokes(?:man|woman|person)|coach|economist|analyst|author"
    r"|historian|founder"
    r"|director|chairman|chairwoman|president|minister|manager|professor|researcher|lecturer|governor|mayor|chief)"
    r"|Chancellor|Mayor|Senator|Ambassador|Premier|Secretary|Governor|MP|Dean|Officer|Executive|host)\.?,?\s+"
    r"|\b(?:said|says|added|explained|commented|stated|noted|remarked|according to|(?:written|photo|image"
    r"|story) by)\s+)$"
)
_LONGEST_INTRODUCTION = 24  # characters; what may stand before an office in small letters is not needed to find it
# 'Minister of Science and' before 'Technology Wang': the name has the last word of the office before it.
_OFFICE_BEFORE = re.compile(
    r"\b(?:Minister|Secretary|Commissioner|Dean|Director|Head) (?:of|for) (?:the )?(?:[A-Z][\w-]+,? (?:and )?){1,5}$"
)
_PERSON_AFTER = re.compile(
    r"\s*,\s*(?:who\b|aged \d)|\s*,\s*(?:(?:the|its|our|co-)?\s*)?(?:[\w-]+ ){0,3}(?:CEO|CTO|CFO|COO|CMO"
    r"|President|Chair(?:man|woman)?"
    r"|(?:Co-)?[Ff]ounder|Director|"
    r"Chief|Head of|Vice|Managing|Executive|Professor|Provost|Rector|Commissioner|Minister"
    r"|Secretary|Partner at|Manager|Dean)\b|\s*\((?:CEO"
    r"|left|right|centre)\b"
)
_ROLE = re.compile(
    r"C[EFTOM]O|Provost|Rector|(?:Co-|Vice-)?President|Chair(?:man|woman)?|Minister|(?:Co-)?Founder|Director"
    r"|(?:Vice-)?Chancellor|Professor"
    r"|Prof|Dr|Mr|Mrs|Ms|Excellency|Leader|Dean|Head"
    r"|Manager|Chief|Officer|Secretary|Executive|MP|Mayor|Governor|Premier|Ambassador|Hon",
    re.IGNORECASE,
)


@lru_cache(maxsize=16384)
def is_role(word: str) -> bool:
    """Whether a word is what a person is called: 'Director', 'Professor'."""
    return bool(_ROLE.fullmatch(word))


def find_names(text: str) -> tuple[Name, ...]:
    """Find the names in a sentence or a line.

    Args:
        text: English text in ordinary case; a headline in title case gives one long name.

    Returns:
        Names in order, not overlapping.
    """
    tokens = tokenise(text)
    chunker = Chunker(text, tokens)
    names: list[Name] = []
    position = 0
    for first in _beginnings(tokens):
        if first < position or (last := chunker.end(first)) is None:
            continue
        found = _split_roles(text, tokens[first:last])
        names.extend(found)
        position = last
        while found and position < len(tokens) and tokens[position].start < found[-1].tail:
            position += 1  # what the brackets after a name say is known by its aliases
    complete = [name for name in _complete(text, names) if not (is_field(name.text) and not is_head(name.text))]
    return tuple(_with_governments(text, complete))


def _beginnings(tokens: Sequence[Token]) -> list[int]:
    """Where a name may begin: few words, and what looks closer is dear."""
    found = [at for at, token in enumerate(tokens) if may_begin(token[2])]
    brands = [at - 1 for at, token in enumerate(tokens) if token[2] == "," and at]
    return sorted({*found, *brands}) if brands else found


# Governments are parties in lower case as well: 'the French government', 'the municipal government'.
_GOVERNMENT = re.compile(
    r"(?:[A-Z][\w.]+ ){0,3}(?:(?:special administrative region|SAR|municipal|provincial|federal|central|regional"
    r"|state) )?government(?!\w)(?! (?:of|agenc|official|department|support|fund|polic|bod|minist|approv))"
)


_CITY = re.compile(
    r"\b(?:city|municipality|province|prefecture|county|district) of (?:[A-Z][\w'’-]+)(?: [A-Z][\w'’-]+)?"
)


def _with_governments(text: str, names: list[Name]) -> list[Name]:
    stated = [*_GOVERNMENT.finditer(text)] if "government" in text else []
    stated += [*_CITY.finditer(text)] if " of " in text else []
    for match in stated:
        words = match.group()
        inner = tokenise(text[match.start() : match.end()])
        start = match.start() + next((t.start for t in inner if t.word[0].islower() or not is_stop(t.word)), 0)
        words = text[start : match.end()]
        if words == "government":
            continue
        inside = [name for name in names if name.start < match.end() and name.end > start]
        aliases = tuple(alias for name in inside for alias in name.aliases)
        names = [name for name in names if name not in inside]
        names.append(
            Name(start=start, end=match.end(), text=words, sort=Sort.ORGANISATION, aliases=aliases, tail=match.end())
        )
    return sorted(names, key=lambda name: name.start)


def _complete(text: str, names: list[Name]) -> list[Name]:
    """Join the parts of a name that commas cut, where the initials of all of them are the acronym behind it."""
    done: list[Name] = []
    for name in names:
        joined = name
        for acronym in name.aliases if len(name.aliases) == 1 and name.aliases[0].isupper() else ():
            for back in range(len(done) - 1, max(-1, len(done) - 5), -1):
                start = done[back].start
                between = text[done[back].end : done[back + 1].start if back + 1 < len(done) else name.start]
                if not re.fullmatch(r"(?:,|['’]s)? (?:and |of |for |the )*", between):
                    break
                words = text[start : name.end]
                if "".join(re.findall(r"\b[A-Z]", words)) == acronym:
                    joined = replace(name, start=start, text=words, sort=_sort(text, words, start, name.tail))
                    done = done[:back]
                    break
        done.append(joined)
    return done


def _split_roles(text: str, tokens: Sequence[Token]) -> list[Name]:
    """Cut 'Foo Corp CEO Jane Roe' into the organisation and the person."""
    for i, (_, _, word) in enumerate(tokens):
        rest = tokens[i + 1 :]
        behind = i or any(is_head(token[2]) for token in rest)
        if behind and is_role(word) and len(rest) > 1 and rest[0][2] in {"of", "for"}:
            after = _name(text, rest[1:])
            return [after] if after else []
        if i and is_role(word) and rest and rest[0][2] not in {"of", "for"} and not is_head(rest[-1][2]):
            before = _name(text, tokens[:i])
            person = [token for token in rest if not _ROLE.fullmatch(token[2]) and is_capital(token[2])]
            after = _name(text, person, person=True) if person else None
            return [name for name in (before, after) if name]
    name = _name(text, tokens)
    return [name] if name else []


_CLOSING = frozenset({"AI", "IoT", "Web3", "NFT", "DeFi", "HK", "Partners", "Strategic", "Day", "First", "Now", "One"})


def _name(text: str, tokens: Sequence[Token], *, person: bool = False) -> Name | None:
    while (
        len(tokens) > 1
        and is_stop(tokens[-1][2])
        and not (is_legal(tokens[-1][2]) or is_head(tokens[-1][2]) or tokens[-1][2] in _CLOSING)
    ):
        tokens = tokens[:-1]
    if not tokens:
        return None
    start, end = tokens[0][0], tokens[-1][1]
    possessive = bool(POSSESSIVE.search(text, start, end))
    if possessive:
        end -= 2
    else:
        end = _end_of_branch(text, start, end)
    words = text[start:end].strip()
    if re.fullmatch(r"[A-Z]{2,5}s", words) or len(words) < 2 or not re.search(r"[^\W\d_]", words):
        return None
    aliases, tail = _aliases(text, end)
    sort = Sort.PERSON if person else _sort(text, words, start, tail)
    return Name(start=start, end=end, text=words, sort=sort, aliases=aliases, possessive=possessive, tail=tail)


def _end_of_branch(text: str, start: int, end: int) -> int:
    """Where a name ends with the bracketed place that belongs to it; its own end if there is none."""
    found = _BRANCH.match(text, end) if text[end : end + 2].lstrip()[:1] in {"(", "（"} else None
    if found is None or not (found["legal"] or _HAS_BRANCHES.search(text[start:end])):
        return end
    return found.end() if is_place(found[1]) or _CONTINENT.fullmatch(found[1]) else end


def _aliases(text: str, end: int) -> tuple[tuple[str, ...], int]:
    """Short forms in the brackets that follow, and where these brackets end."""
    aliases: list[str] = []
    tail = end
    while match := _BRACKET.match(text, tail):
        inside = match.group(1).strip()
        quoted = [found.strip().removeprefix("the ") for found in _QUOTED.findall(inside)]
        if quoted:
            aliases += quoted
        elif _ACRONYM.fullmatch(inside) and not (_TICKER.search(inside) or vocabulary().places.fullmatch(inside)):
            aliases.append(inside.removeprefix("the "))
        elif ticker := _SYMBOL.search(inside):
            aliases.append(ticker.group(1))
        tail = match.end()
    if match := _TRADING.match(text, tail):
        aliases.append(match.group(1))
        tail = match.end()
        while match := _BRACKET.match(text, tail):
            aliases += [found.strip().removeprefix("the ") for found in _QUOTED.findall(match.group(1))]
            tail = match.end()
    return tuple(aliases), tail


_REALM = re.compile(
    r"^(?:the )?(?:(?:People['’]s |Islamic |Federal )*Republic of |Kingdom of |State of |Commonwealth of )?(?:the )?",
    re.IGNORECASE,
)


_NOTICES = frozenset({"release", "statement", "update", "bulletin"})  # 'Media Release', over a text


def _is_introduced(text: str, start: int) -> bool:
    """Whether what stands right before a name makes it that of a person."""
    end = start
    while end and text[end - 1].isspace():
        end -= 1
    return end < start and bool(_PERSON_BEFORE.search(text, max(0, end - _LONGEST_INTRODUCTION), start))


def _sort(text: str, words: str, start: int, tail: int) -> Sort:
    bare = _REALM.sub("", words)
    if is_place(bare):
        return Sort.PLACE
    tokens = bare.split()
    if (
        len(tokens) > 1
        and vocabulary().others.fullmatch(tokens[-1])
        and (not is_head(tokens[0]) or tokens[-1].casefold() in _NOTICES)
    ):
        return Sort.OTHER
    if is_field(tokens[0]) and not any(map(is_head, tokens[1:])) and _OFFICE_BEFORE.search(text[:start]):
        return Sort.PERSON
    if any(is_legal(token.strip(",")) for token in tokens[1:]) or any(is_head(token.strip(",.")) for token in tokens):
        return Sort.ORGANISATION
    if _is_introduced(text, start) or (len(tokens) in {2, 3, 4} and _PERSON_AFTER.match(text, tail)):
        return Sort.PERSON
    return Sort.UNKNOWN
