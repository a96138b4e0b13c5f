"""Names joined to each other: by commas and ‘and’, past persons, appositions and descriptions."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.agreements.names import Name, Sort

__all__ = ["coordinated", "is_inside", "is_party", "name_at", "of_place", "prefer_organisations"]

_NOUN = (
    r"(?:group|company|firm|giant|bank|rival|partner|makers?|start-?up|platform|provider|developer|university"
    r"|association|retailer|operator|exchange|agency|authority|organi[sz]ation|specialist|"
    r"\w+maker|leader|subsidiary|producer|manufacturer|supplier|insurer|lender|airline|carrier|broker|institute"
    r"|business|brand|service|network|fund|clinic|hospital|school|college|museum|port|airport|utility|builder"
    r"|chain|studio|designer"
    r"|app|club|union|chamber|society|foundation|charity|laboratory|lab|park|incubator|accelerator|investor|arm"
    r"|unit|owner|distributor"
    r"|importer|trader|newspaper|broadcaster|telecoms|railway|brewer|drugmaker|biotech|fintech|outfit"
    r"|conglomerate|ministry|bureau|bourse|body|brokerage|bank|council|trust)"
)
_DESCRIBES = re.compile(
    rf"(?:(?:[A-Z]\w+ ){{0,2}}(?:(?!and |with )[a-z][\w-]+ ){{0,3}}{_NOUN} "
    rf"|(?:[A-Z][\w.]* )*[\w.]+-(?:based|listed|headquartered|owned|backed|run) (?:[a-z][\w-]+ ){{0,4}})?"
)
# 'the brokerage X': whatever a lower-case noun between 'the' and a name says that it is.
_ANY_NOUN = re.compile(
    r"(?:(?!(?:of|in|for|to|on|at|by|with|from|and|or|its|their|has|have|had|is|are|was|were|will|that|which|who)\b)"
    r"[a-z][\w-]+ ){1,2}(?=[A-Z])"
)
_TIME = re.compile(
    r"(?:\s|(?:on|in|at|since|by|late|early|mid|last|this|next|the|of|days?|weeks?|months?|years?|later|earlier"
    r"|ago|recently|also|jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|"
    r"aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|(?:mon|tues|wednes|thurs|fri|satur"
    r"|sun)day|\d{1,4}(?:st|nd|rd|th)?|one|two|three|four|five|six|seven|ten|a|spring|summer|autumn|fall|winter"
    r"|morning|afternoon)\b)+",
    re.IGNORECASE,
)
_AND = re.compile(
    r"\s*(?:,?\s*(?:and|&|plus|×|as well as|along with|together with|alongside|with|or)\s+|,\s*|/\s*)(?:(?:also"
    r"|both|the|its|with|between|by)\s+)*(?=\S)",
    re.IGNORECASE,
)
_STRICT_AND = re.compile(r"\s*,?\s*(?:and|&|as well as|along with|together with)\s+(?:the\s+|its\s+)?", re.IGNORECASE)
# What may follow a name that only a comma joins to the one before: 'A, B and C', not 'A, Foo strategy provider'.
_LISTED = re.compile(r"[’']s\b|\s*(?:[,;.:)–—/]|$)|\s+(?:and|&|as well as|along with|together with|plus|or)\b")
_REALM = re.compile(r"\b(?:Province|Government|government|Region|Republic|Kingdom|Municipality|State)\b")
_SEATED = re.compile(r",?\s+(?:in|of|from)\s+")
_OWNED = re.compile(r"\s+[a-z]")
_STATE = re.compile(
    r"A[LKZR]|C[AOT]|D[CE]|FL|GA|HI|I[DLNA]|K[SY]|LA|M[EDAINSOT]|N[EVHJMYCD]|O[HKR]|PA|RI|S[CD]|T[NX]|UT|V[TA]"
    r"|W[AVIY]|BC"
)
_ROLES = re.compile(r"\s*(?:[’']s\s+)?(?:(?:and|of|for|&|the|[A-Z][\w-]*)\s+){0,6}")


def is_party(name: Name) -> bool:
    """Whether a name may be a party at all."""
    return name.sort not in {Sort.PERSON, Sort.OTHER}


def prefer_organisations(names: list[Name]) -> list[Name]:
    """Without the places, unless there is nothing else."""
    firm = [name for name in names if name.sort is not Sort.PLACE]
    return names if all(_REALM.search(name.text) for name in firm) else firm


def is_inside(position: int, names: Sequence[Name]) -> bool:
    """Whether a position lies within a name or its brackets."""
    return any(name.start < position < name.tail for name in names)


def coordinated(sentence: str, names: Sequence[Name], first: Name, end: int, *, loose: bool) -> list[Name]:
    """A name and those joined to it by commas and 'and'."""
    group = [first]
    while True:
        last = group[-1]
        tail = _after_person(sentence, names, last.tail + (2 if last.possessive else 0))
        tail = _after_seat(sentence, names, tail)
        pattern = _AND if loose else _STRICT_AND
        match = pattern.match(sentence, tail)
        following = of_place(names, name_at(sentence, names, match.end(), end) if match else None)
        if match and following and match.group().strip() == "," and not _goes_on(sentence, following):
            following = None
        if following is None and loose:
            following = _after_apposition(sentence, names, tail, end)
        if following is None:
            return group
        group.append(following)


def name_at(sentence: str, names: Sequence[Name], position: int, end: int) -> Name | None:
    """The name that begins here, behind a date ('On 3 June X') or a description ('the French group X') if need be."""
    here = next((name for name in names if name.start == position and name.end <= end), None)
    if here and here.sort is not Sort.PLACE:
        return here
    if (plain := _ANY_NOUN.match(sentence, position)) and sentence[:position].endswith("the "):
        described = next((name for name in names if name.start == plain.end() and name.end <= end), None)
        if described and described.sort is not Sort.PLACE:
            return described
    time, description = _TIME.match(sentence, position), _DESCRIBES.match(sentence, position)
    starts = [match.end() for match in (description, time) if match] + [position]
    found = [name for start in starts for name in names if name.start == start and name.end <= end]
    return found[0] if found else None


def _goes_on(sentence: str, name: Name) -> bool:
    """Whether a name behind a bare comma is a further member of the list: not 'CT' of 'City of Westford, CT'."""
    if name.possessive and _OWNED.match(sentence, name.end + 2):
        return False  # 'A, the University's training company, and B'
    return not _STATE.fullmatch(name.text) and bool(_LISTED.match(sentence, name.tail))


def of_place(names: Sequence[Name], name: Name | None) -> Name | None:
    """'Korea's Research Council': the name behind the place that owns it."""
    if name and name.possessive and name.sort is Sort.PLACE:
        return next((other for other in names if other.start == name.end + 3), None)
    return name


def _after_person(sentence: str, names: Sequence[Name], tail: int) -> int:
    """Past 'Vice-Chancellor Jane Roe' behind the name of what she leads."""
    person = next((name for name in names if name.start >= tail), None)
    if person and person.sort is Sort.PERSON and _ROLES.fullmatch(sentence[tail : person.start]):
        return person.tail
    return tail


def _after_seat(sentence: str, names: Sequence[Name], tail: int) -> int:
    """Past where an organisation sits: 'A in Shanghai and B', 'A of Foshan and B'."""
    match = _SEATED.match(sentence, tail)
    place = next((name for name in names if match and name.start == match.end() and name.sort is Sort.PLACE), None)
    return place.tail if place and not place.possessive and _STRICT_AND.match(sentence, place.tail) else tail


def _after_apposition(sentence: str, names: Sequence[Name], tail: int, end: int) -> Name | None:
    """The name after ', a leader in this and that, and '."""
    if not re.match(r"\s*(?:,|\()", sentence[tail:]):
        return None
    for match in re.finditer(r",\s+(?:and|as well as|along with|&)\s+(?:the\s+|with\s+)*", sentence[tail:end]):
        name = of_place(names, name_at(sentence, names, tail + match.end(), end))
        if name and match.start() and re.match(r"\s*,\s*(?:an?|the|one|which|who|part|based|known)\b", sentence[tail:]):
            return name
    return None
