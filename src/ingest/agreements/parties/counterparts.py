"""Who stands behind the preposition of a trigger: ‘with B’, ‘between A and B’, ‘signed by A and B’."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.agreements.names import Name, Sort
from ingest.agreements.parties.coordination import coordinated, is_inside, is_party, of_place, prefer_organisations
from ingest.agreements.triggers import Trigger
from ingest.documents import Kind

__all__ = ["CLAUSE", "Other", "counterparts", "faces", "listed", "with_before"]

CLAUSE = re.compile(r"[;:]\s|\bwhile\b|\bwhereas\b|\. (?=[A-Z])|\bbut\b")
_PREPOSITION = re.compile(
    r"(?P<with>\bwith\b|\bincluding\b|\bsuch as\b|\binvolving\b|\bfeaturing\b|\binclude\b|\bincludes\b"
    r"|\balongside\b)|(?P<all>\b(?:by and )?between\b|\bamong(?:st)?\b"
    r"|\b(?:signed|run|operated|founded|funded|set up|built|backed)\b[^,.;]{0,60}?\bby\b"
    r"|\bcomprising\b|\bbinding\b|\bto which\b"
    r"|\blinking\b|\bbringing together\b)"
    r"|(?P<of>\bof\b|\bby\b|\bfrom\b|\bto\b)",
    re.IGNORECASE,
)
_NO_DESCRIPTION = re.compile(
    r"\b(?:to|that|which|who|whom|for|will|has|have|is|are|was|were|would|can|by|where|when|because|if|via"
    r"|through|into|using|in order|an aim|a view|"
    r"creating|making|bringing|aim|focus|goal|objective|respect|regard|effect|access|immediate|this)\b|[;.!?]\s"
    r"|\s[–—]\s",
    re.IGNORECASE,
)
_DESCRIBED = re.compile(
    r"\s+(?:an?|one|two|three|several|some|other|leading|major|local|top|various|many|multiple|renowned|global"
    r"|international|its|key|numerous|over|more than|\d+)\b[^,.;]{0,60}?\b"
    r"(?:compan(?:y|ies)|firms?|banks?|institutions?|universit(?:y|ies)|partners?|giants?|manufacturers?"
    r"|providers?|airlines?|organi[sz]ations?|agenc(?:y|ies)|leader|players?|retailers?|operators?|groups?"
    r"|institutes?|hospitals?|counterparts?|peers?)\b",
    re.IGNORECASE,
)
_BILATERAL = re.compile(r"\s+(?:the )?[A-Z]")
_GENERAL = re.compile(r"(?:operation|collaborations?|partnerships?)$", re.IGNORECASE)
_ATTRIBUTIVE = re.compile(
    r"[ -](?!(?:to|in|on|for|at|was|were|is|are|will|would|has|have|had|that|which|who|and|or|with|of|by|as"
    r"|signed|under|from|during"
    r"|since|after|before|when|while|through|today|yesterday|agreed|also|can|could|reached|last|this|aims?"
    r"|covers?)\b)[a-z]{3,}"
)
_GOVERNS = re.compile(
    r"\b(?:with|between|join(?:s|ed|ing)?|grant(?:s|ed|ing)?|award(?:s|ed|ing)|gave|gives|giving|appoint(?:s|ed|ing)?)\s+(?:the\s+"
    r"|[A-Z][\w ]{2,20}['’]s\s+)?$"
    r"|\b(?P<verb>distribut|sell|market|manufactur|mak|develop|commerciali[sz]|import|promot|us)(?:e|es|ed|ing"
    r"|s)?\s+(?:the\s+)?$",
    re.IGNORECASE,
)
_FACING = re.compile(
    r"[^.;:,]{0,60}?\bwith (?:the (?P<head>company|firm|group|bank|university|college|institute|agency|exchange"
    r"|ministry|hospital)"
    r"|it|us|them)\b(?!['’])",
    re.IGNORECASE,
)
_INCLUDES_PREPOSITION = re.compile(r"\b(?:from|to)$", re.IGNORECASE)
_OWN_SIDE = re.compile(
    r"\b(?:the (?:company|firm|group|universit(?:y|ies)|institut\w+|college|bank|organi[sz]ation|centre|center"
    r"|two)|us"
    r"|our|its|itself|both)\b",
    re.IGNORECASE,
)
_RUN_BY = re.compile(r"run|operated|founded|funded|set up|built|backed")
_SUCH_AS = re.compile(r"\b(?:such as|including)\b")
_LISTING = frozenset({"including", "such as", "include", "includes", "involving", "featuring"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """The side behind a trigger.

    Attributes:
        names: Who is named there.
        closed: Whether these are all parties.
        described: Whether the side is only described.
        listing: Whether the names are those of a list.
    """

    names: tuple[Name, ...] = ()
    closed: bool = False
    described: bool = False
    listing: bool = False


def counterparts(sentence: str, names: Sequence[Name], trigger: Trigger) -> Other:
    """Names after the trigger's preposition."""
    clause = CLAUSE.search(sentence, trigger.end)
    end = clause.start() if clause and sentence[clause.start()] != ":" else len(sentence)
    if _INCLUDES_PREPOSITION.search(sentence[trigger.start : trigger.end]):
        return Other(names=tuple(_group(sentence, names, trigger.end, end, places=False)))
    described = False
    for match in _PREPOSITION.finditer(sentence, trigger.end, end):
        if is_inside(match.start(), names) or not _reaches(sentence, trigger, match):
            continue
        group = _group(sentence, names, match.end(), end, places=match.lastgroup == "all")
        described = described or (match.lastgroup == "with" and bool(_DESCRIBED.match(sentence, match.end())))
        if _only_locates(sentence, trigger, match, group):
            continue
        if group:
            return _governed(sentence, match, group)
        if trigger.is_verb:
            break
    return Other(described=described)


def _reaches(sentence: str, trigger: Trigger, match: re.Match[str]) -> bool:
    """Whether a preposition is near enough to its trigger, and one that goes with it."""
    word = match.group().casefold()
    if _RUN_BY.match(word) and trigger.kind is not Kind.JOINT_FACILITY:
        return False
    limit = {"of": 110 if trigger.is_verb else 14, "with": 140, "all": 220}[str(match.lastgroup)]
    if word in _LISTING:
        limit = 70 if word.startswith("include") and trigger.plural else 25
    return match.start() - trigger.end <= limit and (match.lastgroup != "of" or _takes_of(sentence, trigger, match))


def _only_locates(sentence: str, trigger: Trigger, match: re.Match[str], group: Sequence[Name]) -> bool:
    """'Cooperation in aviation between Shanghai and Hong Kong': said of the places, not by them."""
    if not group or any(name.sort is not Sort.PLACE for name in group):
        return False
    if match.start() - trigger.end > 2 and _GENERAL.search(sentence[trigger.start : trigger.end]):
        return True
    return match.lastgroup != "all" and not _BILATERAL.match(sentence, match.end())


def _governed(sentence: str, match: re.Match[str], group: Sequence[Name]) -> Other:
    word = match.group().casefold()
    closed = match.lastgroup in {"all", "of"} and len(group) > 1
    if word.endswith("between") and len(group) == 1:  # 'between X and the mainland': the other is not named
        closed = not _OWN_SIDE.search(sentence[match.end() : group[0].tail + 40])
    listing = word in _LISTING or bool(_SUCH_AS.search(sentence[match.end() : group[0].start]))
    return Other(names=tuple(group), closed=closed, listing=listing)


def listed(sentence: str, names: Sequence[Name], tail: int) -> list[Name]:
    """'the institutions signing with HUB are A, B and C'."""
    match = re.match(r"\s*(?:are|were|include|:)\s+(?:the\s+)?", sentence[tail:])
    first = next((name for name in names if match and name.start == tail + match.end()), None)
    group = coordinated(sentence, names, first, len(sentence), loose=True) if first else []
    return group if len(group) > 1 else []


def _takes_of(sentence: str, trigger: Trigger, match: re.Match[str]) -> bool:
    words = sentence[trigger.start : trigger.end].casefold()
    preposition = match.group().casefold()
    if trigger.is_verb and words.startswith("licen"):
        return preposition == "to"
    if re.search(r"licen[cs]", words):
        return preposition in {"from", "to", "of", "by"}
    return preposition in {"of", "by"} and match.start() - trigger.end <= 2 and not trigger.is_verb


def _group(sentence: str, names: Sequence[Name], position: int, end: int, *, places: bool) -> list[Name]:
    """The coordinated names that a preposition governs, descriptions skipped."""
    for name in names:
        if name.start < position:
            continue
        if name.start >= end or name.sort is Sort.PERSON:
            return []
        gap = sentence[position : name.start]
        if len(gap) > 110 or _NO_DESCRIPTION.search(gap) or gap.count(",") > 3:
            return []
        if _only_describes(sentence, names, name, end):
            continue
        group = [member for member in coordinated(sentence, names, name, end, loose=True) if is_party(member)]
        if group and group[-1].sort is Sort.PLACE and _ATTRIBUTIVE.match(sentence, group[-1].tail):
            group = [member for member in group if member.sort is not Sort.PLACE]  # 'the Duna and Tarn gold markets'
        return group if places and len(group) == 2 else prefer_organisations(group)
    return []


def _only_describes(sentence: str, names: Sequence[Name], name: Name, end: int) -> bool:
    """'Europe's largest banks: X' and 'Japanese rival X': the name belongs to a description of the next one."""
    after = sentence[name.end + (2 if name.possessive else 0) : end]
    following = next((other for other in names if other.start >= name.tail), None)
    if following is None or following.start >= end:
        return False
    gap = sentence[name.end + (2 if name.possessive else 0) : following.start]
    if name.possessive and name.sort is not Sort.PLACE and following.sort is not Sort.ORGANISATION:
        return False  # 'with Foo's Bar platform': the maker, not what it makes
    if name.possessive or name.sort is Sort.PLACE:
        return (
            bool(re.match(r"\s+[a-z“\"‘]|-", after) or gap.strip() in {"", "“", '"'})
            and len(gap) < 70
            and not (_NO_DESCRIPTION.search(gap) or re.search(r"\band\b|,", gap))
        )
    return False


def with_before(sentence: str, names: Sequence[Name], end: int) -> list[Name]:
    """'signed with X a memorandum', 'joined X and Y in a pact', 'with X there is an agreement': before the trigger."""
    for name in names:
        name = of_place(names, name) or name  # noqa: PLW2901 - the name behind the place that owns it
        governs = _GOVERNS.search(sentence[: name.start]) if name.tail <= end else None
        if (
            governs
            and is_party(name)
            and name.sort is not Sort.PLACE
            and (governs.group("verb") is None or name.possessive)
        ):
            group = coordinated(sentence, names, name, end, loose=True)
            return prefer_organisations([member for member in group if is_party(member)])
    return []


def faces(sentence: str, trigger: Trigger) -> str | None:
    """What the one is called with whom a named organisation agrees: 'whose agreement with the company'; '' for 'it'."""
    match = _FACING.match(sentence, trigger.end)
    return (match.group("head") or "").casefold() if match else None
