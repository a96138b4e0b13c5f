"""Names in English text: capitalised sequences with sensible boundaries, and which of them are one and the same.

The small spaCy model finds half of the organisations in press releases and cuts many in two, so names come from their
capitals first; the model's opinion on what is a person or a place is added where there is one (`tagger`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

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


_TOKEN = re.compile(r"(?:[A-Z]\.){2,}(?=\s+[A-Z])|[^\W_](?:[\w&+@®™–-]|[.'’/](?=\w))*[+®™!]*|[^\w\s]|_")
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĹĻŁŃŅŇŌŐŒŔŘŚŞŠŤŪŮŰŲŹŻŽ]|[a-z]{1,2}[A-Z]|\d+[A-Za-z]*[A-Z]")
_POSSESSIVE = re.compile(r"['’]s$")
_CONTRACTION = re.compile(r"\w+['’](?:re|ve|ll|d|m|t)", re.IGNORECASE)
_BRACKET = re.compile(r"\s*[(（\[]([^()（）\[\]]{1,120}(?:\([^()]{0,40}\)[^()]{0,40})?)[)）\]]")
_QUOTED = re.compile(r"[“\"‘'«]\s*([^”\"’'»“]{2,60}?)\s*[”\"’'»]")
_ACRONYM = re.compile(r"(?:the )?[A-Z][\w&+-]{1,14}")
_TICKER = re.compile(r"[:$]|^\W*(?:OTC|NASDAQ|NYSE|ASX|AIM|TSX|CSE|HKEX|LSE)\b|https?:|www\.|@", re.IGNORECASE)
_SYMBOL = re.compile(r"[A-Z][A-Za-z .]{1,14}:\s?\$?([A-Z]{2,6})\b")
_PERSON_BEFORE = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Professor|Sir|Hon|Rev|CEO|CTO|CFO|COO|President|Chairman|Chair|Minister|Founder|Director|Manager"
    r"|Chancellor|Mayor|Senator|Ambassador|Premier|Secretary|Governor|MP|Dean|Officer|Executive|host)\.?,?\s+|\b(?:said|says|added|explained|commented|stated|noted|remarked|according to|by)\s+)$"
)
_PERSON_AFTER = re.compile(
    r"\s*,\s*(?:(?:the|its|our|co-)?\s*)?(?:[\w-]+ ){0,3}(?:CEO|CTO|CFO|COO|CMO|President|Chair(?:man|woman)?|(?:Co-)?[Ff]ounder|Director|"
    r"Chief|Head of|Vice|Managing|Executive|Professor|Minister|Secretary|Partner at|Manager|Dean)\b|\s*\((?:CEO|left|right|centre)\b"
)
_ROLE = re.compile(
    r"C[EFTOM]O|President|Chair(?:man|woman)?|Minister|(?:Co-)?Founder|Director|(?:Vice-)?Chancellor|Professor|Prof|Dr|Mr|Mrs|Ms"
    r"|Manager|Chief|Officer|Secretary|Executive|MP|Mayor|Governor|Premier|Ambassador|Hon",
    re.IGNORECASE,
)


def find_names(text: str) -> tuple[Name, ...]:
    """Find the names in a sentence or a line.

    Args:
        text: English text in ordinary case; a headline in title case gives one long name.

    Returns:
        Names in order, not overlapping.
    """
    tokens = [(match.start(), match.end(), match.group()) for match in _TOKEN.finditer(text)]
    names: list[Name] = []
    position = 0
    while position < len(tokens):
        last = _chunk_end(text, tokens, position)
        if last is None:
            position += 1
            continue
        found = _split_roles(text, tokens[position:last])
        names.extend(found)
        position = last
        while found and position < len(tokens) and tokens[position][0] < found[-1].tail:
            position += 1  # what the brackets after a name say is known by its aliases
    return tuple(_with_governments(text, _complete(text, names)))


# Governments are parties in lower case as well: 'the Panamanian government', 'the special administrative region government'.
_GOVERNMENT = re.compile(
    r"(?:[A-Z][\w.]+ ){0,3}(?:(?:special administrative region|SAR|municipal|provincial|federal|central|regional|state) )?government(?!\w)(?! (?:of|agenc|official|department|support|fund|polic|bod|minist|approv))"
)


def _with_governments(text: str, names: list[Name]) -> list[Name]:
    for match in _GOVERNMENT.finditer(text):
        words = match.group()
        first = next(
            (
                token
                for token in _TOKEN.finditer(text, match.start(), match.end())
                if not _is_stop(token.group()) or token.group()[0].islower()
            ),
            None,
        )
        start = first.start() if first else match.start()
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
                if not re.fullmatch(r",? (?:and |of |for |the )*", between):
                    break
                words = text[start : name.end]
                if "".join(re.findall(r"\b[A-Z]", words)) == acronym:
                    joined = replace(name, start=start, text=words, sort=_sort(text, words, start, name.tail))
                    done = done[:back]
                    break
        done.append(joined)
    return done


def _is_capital(token: str) -> bool:
    return bool(_CAPITAL.match(token)) and not _DESCRIBING.fullmatch(token)


@lru_cache(maxsize=8192)
def _is_stop(word: str) -> bool:
    return bool(vocabulary().stop.fullmatch(_POSSESSIVE.sub("", word)) or _CONTRACTION.fullmatch(word))


@lru_cache(maxsize=8192)
def _is_head(word: str) -> bool:
    return bool(vocabulary().heads.fullmatch(word))


@lru_cache(maxsize=8192)
def _is_legal(word: str) -> bool:
    return bool(vocabulary().legal.fullmatch(word.rstrip(".")))


def _chunk_end(text: str, tokens: list[tuple[int, int, str]], first: int) -> int | None:
    """Index after the last token of the name that begins at `first`; None where none does."""
    _, _, word = tokens[first]
    if not _is_capital(word):
        # A brand in lower case is a name where a legal form follows.
        following = [token[2] for token in tokens[first + 1 : first + 3]]
        if not (word.isalpha() and following and _is_legal(following[-1]) and following[-1][0].isupper()):
            return None
        if len(following) == 2 and following[0] not in {",", "."} and not _is_capital(following[0]):
            return None
        if following[0] != "," or len(word) < 3:
            return None
    elif _is_stop(word) and not _may_begin(text, tokens, first):
        return None
    position = first + 1
    while position < len(tokens):
        step = _step(text, tokens, first, position)
        if not step:
            break
        position += step
    return position


_SOFT = re.compile(
    r"first|new|one|key|leading|three|four|five|second|next|building|read|click|executive|strategic|partners?|head"
)


def _may_begin(text: str, tokens: list[tuple[int, int, str]], first: int) -> bool:
    """'First Phosphate Corp' begins with a word that is otherwise none of a name: an organisation word must follow."""
    if not _SOFT.fullmatch(tokens[first][2].casefold()):
        return False
    if (
        vocabulary().places.match(text, tokens[first][0])
        and first + 1 < len(tokens)
        and _is_capital(tokens[first + 1][2])
    ):
        pair = text[tokens[first][0] : tokens[first + 1][1]]
        if vocabulary().places.fullmatch(_POSSESSIVE.sub("", pair)):
            return True
    for i in range(first + 1, min(first + 5, len(tokens))):
        word = tokens[i][2]
        if (
            not _is_capital(word)
            or text[tokens[i - 1][1] : tokens[i][0]] != " "
            or (_is_stop(word) and not _is_head(word))
        ):
            return False
        if _is_legal(word) or _is_head(word):
            return True
    return False


def _step(text: str, tokens: list[tuple[int, int, str]], first: int, position: int) -> int:
    """How many tokens from `position` on belong to the name that began at `first`."""
    before, (start, _, word) = tokens[position - 1], tokens[position]
    gap = text[before[1] : start]
    if "\n" in gap or "\t" in gap or len(gap) > 1 or _POSSESSIVE.search(before[2]):
        return 0
    following = tokens[position + 1] if position + 1 < len(tokens) else None
    if word == "," and following and following[2][0].isupper() and _is_legal(following[2]):
        return 2
    if word == "." and _is_legal(before[2]) and len(before[2]) <= 4 and not gap:
        return 1
    if _is_capital(word):
        acts = _ACTING.fullmatch(word) and following and _ACTED_ON.fullmatch(following[2])
        return 0 if acts or _is_inner_stop(word) else 1
    if word.isdigit() and gap == " " and following is None:
        return 1
    if following is None:
        return 0
    if (
        word in vocabulary().joins
        and word not in {"for"}
        and _is_capital(following[2])
        and not _is_inner_stop(following[2])
    ):
        return 2
    if word == "for" and _has_head(tokens, first, position) and _is_capital(following[2]):
        return 2
    if word == "on" and re.fullmatch("cent(?:re|er)|council|commission|committee|institute", before[2], re.IGNORECASE):
        return 2 if _is_capital(following[2]) else 0
    if word == "of" and following[2] == "the" and position + 2 < len(tokens) and _is_capital(tokens[position + 2][2]):
        return 3
    if word in {"and", ","}:
        return _step_over_and(tokens, first, position)
    return 0


_INNER_STOP = re.compile(
    r"memorand(?:um|a)|mous?|lois?|agreements?|partnership|today|monday|tuesday|wednesday|thursday|friday|saturday|sunday|"
    r"january|february|april|june|july|august|september|october|november|december|the|and|in|at|on|by|with|to|from|up|announces?|signs?",
    re.IGNORECASE,
)


_DESCRIBING = re.compile(r".+-(?:based|listed|backed|owned|led|headquartered|born|funded|focused)", re.IGNORECASE)


_ACTING = re.compile(r"partner(?:s|ed|ing)?|teams?|joins?|signs?|forms?|collaborates?", re.IGNORECASE)
_ACTED_ON = re.compile(r"with|to|up|for|forces|hands|mou|agreement|strategic", re.IGNORECASE)


def _is_inner_stop(word: str) -> bool:
    return bool(_INNER_STOP.fullmatch(word) or _DESCRIBING.fullmatch(word))


def _has_head(tokens: list[tuple[int, int, str]], first: int, position: int) -> bool:
    return any(_is_head(token[2]) for token in tokens[first:position])


_TOPICAL = re.compile(
    r"ministry|ministries|department|bureau|commission|committee|institutes?|cent(?:re|er)|faculty|school|college|council|office|"
    r"academy|agency|association|society|authority|division",
    re.IGNORECASE,
)


def _step_over_and(tokens: list[tuple[int, int, str]], first: int, position: int) -> int:
    """'Ministry of Business, Innovation and Employment' goes on over its 'and'; 'A University and B University' does not."""
    length = position - first
    words = [token[2] for token in tokens[first:position]]
    ahead = [token[2] for token in tokens[position + 1 : position + 7]]
    topical = any(_TOPICAL.fullmatch(word) for word in words)
    if tokens[position][2] == "and" and topical and len(ahead) > 2 and ahead[0] == "the" and _is_capital(ahead[1]):
        # 'Centre on Contemporary China and the World': a single common word, not a further organisation.
        lone = not _is_capital(ahead[2]) and not _is_head(ahead[1]) and "on" in words
        return 3 if lone else 0
    if not ahead or not _is_capital(ahead[0]) or _is_inner_stop(ahead[0]):
        return 0
    topic = next((i for i, word in enumerate(words) if _TOPICAL.fullmatch(word)), None)
    if topic is None or not any(word in {"of", "for", "on"} for word in words[topic:]):
        if (
            tokens[position][2] == "and"
            and length >= 2
            and re.fullmatch("clearing|sons|company|associates|co", ahead[0], re.IGNORECASE)
        ):
            return 2
        return 0
    run: list[str] = []
    for word in ahead:
        if not (_is_capital(word) or word in {"and", "the", "of", ","}):
            break
        run.append(word)
    capitals = [word for word in run[: _and_limit(run)] if _is_capital(word)]
    if any(_is_strong(word) for word in capitals):
        return 0
    if tokens[position][2] == ",":
        # A comma only as part of a list that its own 'and' closes.
        return 2 if len(run) >= 3 and run[1] == "and" and _is_capital(run[2]) and not _is_head(run[2]) else 0
    return 2 if len(capitals) <= 3 else 0


_FIELD = re.compile(
    r"technolog(?:y|ies)|health|healthcare|energy|medicine|medical|finance|financial|services?|industries|resources|mining|media|"
    r"insurance|logistics|nations?|digital|international|systems|global|foods?|entertainment|games|capital",
    re.IGNORECASE,
)


def _is_strong(word: str) -> bool:
    """An organisation word that is not a field of work as well ('Science and Technology')."""
    return _is_head(word) and not _FIELD.fullmatch(word)


def _and_limit(run: list[str]) -> int:
    return next((i for i, word in enumerate(run) if word in {",", "and"} and i), len(run))


def _split_roles(text: str, tokens: list[tuple[int, int, str]]) -> list[Name]:
    """Cut 'Foo Corp CEO Jane Roe' into the organisation and the person."""
    for i, (_, _, word) in enumerate(tokens):
        rest = tokens[i + 1 :]
        if _ROLE.fullmatch(word) and i and rest and rest[0][2] not in {"of", "for"} and not _is_head(rest[-1][2]):
            before = _name(text, tokens[:i])
            person = [token for token in rest if not _ROLE.fullmatch(token[2]) and _is_capital(token[2])]
            after = _name(text, person, person=True) if person else None
            return [name for name in (before, after) if name]
    name = _name(text, tokens)
    return [name] if name else []


_CLOSING = frozenset({"AI", "IoT", "Web3", "NFT", "DeFi", "HK", "Partners", "Strategic", "Day"})


def _name(text: str, tokens: list[tuple[int, int, str]], *, person: bool = False) -> Name | None:
    while (
        len(tokens) > 1
        and _is_stop(tokens[-1][2])
        and not (_is_legal(tokens[-1][2]) or _is_head(tokens[-1][2]) or tokens[-1][2] in _CLOSING)
    ):
        tokens = tokens[:-1]
    if not tokens:
        return None
    start, end = tokens[0][0], tokens[-1][1]
    possessive = bool(_POSSESSIVE.search(text[start:end]))
    if possessive:
        end -= 2
    words = text[start:end].strip()
    if len(words) < 2 or not re.search(r"[^\W\d_]", words):
        return None
    aliases, tail = _aliases(text, end)
    sort = Sort.PERSON if person else _sort(text, words, start, tail)
    return Name(start=start, end=end, text=words, sort=sort, aliases=aliases, possessive=possessive, tail=tail)


def _aliases(text: str, end: int) -> tuple[tuple[str, ...], int]:
    """Short forms in the brackets that follow, and where these brackets end."""
    aliases: list[str] = []
    tail = end
    while match := _BRACKET.match(text, tail):
        inside = match.group(1).strip()
        quoted = [found.strip().removeprefix("the ") for found in _QUOTED.findall(inside)]
        if quoted:
            aliases += quoted
        elif _ACRONYM.fullmatch(inside) and not _TICKER.search(inside):
            aliases.append(inside.removeprefix("the "))
        elif ticker := _SYMBOL.search(inside):
            aliases.append(ticker.group(1))
        tail = match.end()
    return tuple(aliases), tail


def _sort(text: str, words: str, start: int, tail: int) -> Sort:
    bare = words.removeprefix("the ").removeprefix("The ")
    if vocabulary().places.fullmatch(bare):
        return Sort.PLACE
    tokens = bare.split()
    if len(tokens) > 1 and vocabulary().others.fullmatch(tokens[-1]):
        return Sort.OTHER
    if any(_is_legal(token.strip(",")) for token in tokens[1:]) or any(_is_head(token.strip(",.")) for token in tokens):
        return Sort.ORGANISATION
    if _PERSON_BEFORE.search(text[:start]) or (len(tokens) in {2, 3, 4} and _PERSON_AFTER.match(text, tail)):
        return Sort.PERSON
    return Sort.UNKNOWN
