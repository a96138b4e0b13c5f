"""Who agreed with whom: the names around a trigger, read by the structure of the sentence.

A (and B, appositions between) … signed … TRIGGER … with C (, D and E)      subject and counterpart
TRIGGER between|by|of A, B and C;  A's TRIGGER with B;  A–B TRIGGER         all in one group
A partners with B;  A and B team up to …                                    the verb is the trigger
the two universities|both sides … signed …                                  by reference: resolved by the caller
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ingest.agreements.names import Name, Sort
from ingest.agreements.triggers import Trigger
from ingest.agreements.vocabulary import vocabulary

__all__ = ["Reading", "Reference", "read"]


class Reference(StrEnum):
    """What the sentence says instead of a name."""

    PAIR = "pair"  # 'the two universities', 'both sides', 'the parties'
    HUB = "hub"  # 'the company', 'it', 'we'


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the structure around one trigger says.

    Attributes:
        subject: Names on the acting side.
        counterpart: Names after 'with', 'between', …
        closed: Whether `counterpart` alone is the whole set ('between A and B').
        reference: What stands in place of the subject's name, if anything.
        head: The noun of the reference ('university'), folded.
        described: Whether the other side is only described ('with a Japanese bank').
        verb: The performing verb before a noun trigger, if any, folded.
        verb_start: Where it begins in the sentence, or the trigger's own start.
        is_strong: Whether that verb performs an act, as against 'expands' or 'has'.
        is_incidental: Whether the trigger stands in a phrase like 'in partnership with' or 'a partnership platform'.
        separate: Whether each counterpart has a document of its own.
    """

    subject: tuple[Name, ...] = ()
    counterpart: tuple[Name, ...] = ()
    closed: bool = False
    reference: Reference | None = None
    head: str = ""
    described: bool = False
    verb: str = ""
    verb_start: int = 0
    is_strong: bool = False
    is_incidental: bool = False
    separate: bool = False


_CLAUSE = re.compile(r"[;:]\s|\bwhile\b|\bwhereas\b|\. (?=[A-Z])|\bbut\b")
_DATELINE = re.compile(
    r"^.{0,160}?(?:\b(?:19|20)\d\d\b|newswire\S*|newsdirect|\bwire\b)[^–—]{0,40}?\s*(?:–|—|--|-|:|/)\s+", re.IGNORECASE
)
_SEGMENT = re.compile(
    r",|\s[–—-]+\s|—|\b(?:that|said|says|where|when|after|before|as|because|which|following|since)\b|“|”|\""
)
_LEAD = re.compile(
    r"(?:\s|and\b|&|or\b|both\b|the\b|today\b|recently\b|meanwhile\b|with\b|between\b|by\b|together with\b"
    r"|along with\b|also\b|alongside\b|•|\*|-|·)*",
    re.IGNORECASE,
)
_NOUN = (
    r"(?:group|company|firm|giant|bank|rival|partner|makers?|start-?up|platform|provider|developer|university"
    r"|association|retailer|operator|exchange|agency|authority|organi[sz]ation|specialist|"
    r"\w+maker|leader|subsidiary|producer|manufacturer|supplier|insurer|lender|airline|carrier|broker|institute"
    r"|business|brand|service|network|fund)"
)
_DESCRIPTOR = (
    rf"(?:(?:[A-Z]\w+ ){{0,2}}(?:[a-z][\w-]+ ){{0,3}}{_NOUN} |(?:[A-Z][\w.]* )*[\w.]+-based (?:[a-z][\w-]+ ){{0,4}})?"
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
_DESCRIBES = re.compile(_DESCRIPTOR)
_ROLE_AFTER = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:[A-Z][\w-]* )?(?:Vice-Chancellor|Chancellor|CEO|President|Chair|Minister|Dean"
    r"|Director|Founder|Chief|Deputy|board|team)\b"
)
_PREPOSITION = re.compile(
    r"(?P<with>\bwith\b|\bincluding\b|\bsuch as\b|\binvolving\b|\bfeaturing\b|\binclude\b|\bincludes\b"
    r"|\balongside\b)|(?P<all>\b(?:by and )?between\b|\bamong(?:st)?\b|\bsigned by\b|\bcomprising\b)"
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
    r"|institutes?|hospitals?)\b",
    re.IGNORECASE,
)
_PAIR = re.compile(
    r"\b(?:(?:the|these|both|all)(?: of the)? (?:two|three|four|five|both )?\s*(?:new |leading |partner "
    r"|sister )?|between the two |each )"
    r"(?P<head>compan(?:ies)|firms|parties|sides|universities|institutions|organi[sz]ations|partners|groups"
    r"|countries|governments|airlines|banks|cities|entities|"
    r"institutes|agencies|schools|colleges|teams|brands|businesses|nations|regions|ministries|exchanges"
    r"|operators)\b|\bthe two (?=have|had|entered|signed|will|are)|\bboth (?:sides|parties)\b",
    re.IGNORECASE,
)
_HUB = re.compile(
    r"\b(?:the|this|our)\s+(?P<head>company|firm|group|bank|exchange|universit(?:y)|college|institute"
    r"|institution|ministry|government|council|city|corporation|foundation|"
    r"start-?up|platform|organi[sz]ation|association|hospital|school|agency|department|museum|society|centre"
    r"|center|project|brand|carrier|airline|carmaker|maker|fund|authority|provider|"
    r"fintech|team|club)\b(?![’'\w-])|\b(?P<pronoun>it|we|our|they|its)\b",
    re.IGNORECASE,
)
_INCIDENTAL = re.compile(
    r"\b(?:in|through|of|under|by|via)\s+(?:(?:a|an|the|close|direct|full|active)\s+)?$", re.IGNORECASE
)
_COMPOUND = re.compile(
    r"\s+(?:manager|team|director|programme|program|opportunit|model|strategy|strategies|efforts?|ecosystem"
    r"|platform|office|officer|framework|development|approach|spirit|tool)\w*",
    re.IGNORECASE,
)


def read(sentence: str, names: Sequence[Name], trigger: Trigger, *, begins: int = 0) -> Reading:
    """Read who is on which side of a trigger.

    Args:
        sentence: The sentence.
        names: Its names, in order.
        trigger: One of its triggers.
        begins: Where the part of the sentence begins that may hold the subject (after an earlier trigger's clause).
    """
    sentence = mask(sentence)
    names = [name for name in names if sentence[name.start] != "_"]
    start = max(begins, _clause_start(sentence, trigger.start))
    verb = None if trigger.is_verb else _last_verb(sentence, start, trigger.start)
    verb_start = verb.start() if verb else trigger.start
    subject = _subject_heads(sentence, names, start, verb_start)
    between = [name for name in names if verb_start <= name.start < trigger.start]
    counterpart, closed, described, listing = _counterpart(sentence, names, trigger)
    if not subject and counterpart and (listed := _listed(sentence, names, counterpart[-1].tail)):
        subject, counterpart, listing = counterpart, listed, True
    if not counterpart and between:
        counterpart = _with_before(sentence, between)
    if (not subject and not counterpart) or (not subject and not closed):
        subject = _owner(names, trigger)
    reference, head = (None, "") if subject or closed else _reference(sentence[start:verb_start])
    before = sentence[: trigger.start]
    incidental = bool(_INCIDENTAL.search(before)) and not verb and not trigger.is_verb
    return Reading(
        subject=tuple(subject),
        counterpart=tuple(counterpart),
        closed=closed,
        reference=reference,
        head=head,
        described=described,
        verb=verb.group().casefold() if verb else "",
        verb_start=verb_start,
        is_strong=bool(verb and vocabulary().perform.fullmatch(verb.group())),
        is_incidental=incidental or bool(_COMPOUND.match(sentence, trigger.end) and not trigger.is_verb),
        separate=len(counterpart) > 1 and not closed and (trigger.plural or listing),
    )


_BRACKETS = re.compile(r"[(（\[][^()（）\[\]]*[)）\]]")


def mask(sentence: str) -> str:
    """Blank out what stands in brackets, length kept: it must not be read as structure."""
    return _BRACKETS.sub(lambda found: "(" + "_" * (len(found.group()) - 2) + ")", sentence)


def _clause_start(sentence: str, trigger_start: int) -> int:
    dateline = _DATELINE.match(sentence)
    start = dateline.end() if dateline and dateline.end() < trigger_start else 0
    for match in _CLAUSE.finditer(sentence, start, trigger_start):
        start = match.end()
    return start


def _last_verb(sentence: str, start: int, end: int) -> re.Match[str] | None:
    for pattern in (vocabulary().perform, vocabulary().support):
        last = None
        for match in pattern.finditer(sentence, start, end):
            if sentence[match.end() : end].count(",") <= 2:
                last = match
        if last:
            return last
    return None


def _is_party(name: Name) -> bool:
    return name.sort not in {Sort.PERSON, Sort.OTHER}


def _prefer_organisations(names: list[Name]) -> list[Name]:
    firm = [name for name in names if name.sort is not Sort.PLACE]
    return firm or names


def _subject_heads(sentence: str, names: Sequence[Name], start: int, end: int) -> list[Name]:
    """Names that begin a segment before the verb, with what is coordinated to them; not those inside appositions."""
    heads: list[Name] = []
    cuts = [(start, False)]
    cuts += [
        (m.end(), m.group()[0].isalpha())
        for m in _SEGMENT.finditer(sentence, start, end)
        if not _inside(m.start(), names)
    ]
    for cut, is_clause in cuts:
        lead = _LEAD.match(sentence, cut)
        name = _name_at(sentence, names, lead.end() if lead else cut, end)
        if name is None or name in heads:
            continue
        if name.possessive and not _ROLE_AFTER.match(sentence, name.end + 2):
            continue
        group = _coordinated(sentence, names, name, end, loose=False)
        heads = group if is_clause else heads + group
    return _prefer_organisations([name for name in heads if _is_party(name)])


def _inside(position: int, names: Sequence[Name]) -> bool:
    return any(name.start < position < name.tail for name in names)


def _coordinated(sentence: str, names: Sequence[Name], first: Name, end: int, *, loose: bool) -> list[Name]:
    """A name and those joined to it by commas and 'and'."""
    group = [first]
    while True:
        last = group[-1]
        tail = _after_person(sentence, names, last.tail + (2 if last.possessive else 0))
        pattern = _AND if loose else _STRICT_AND
        match = pattern.match(sentence, tail)
        following = _name_at(sentence, names, match.end(), end) if match else None
        if following is None and loose:
            following = _after_apposition(sentence, names, tail, end)
        if following is None:
            return group
        group.append(following)


def _name_at(sentence: str, names: Sequence[Name], position: int, end: int) -> Name | None:
    """The name that begins here, behind a date ('On 3 June X') or a description ('the French group X') if need be."""
    time, description = _TIME.match(sentence, position), _DESCRIBES.match(sentence, position)
    starts = [match.end() for match in (description, time) if match] + [position]
    found = [name for start in starts for name in names if name.start == start and name.end <= end]
    return found[0] if found else None


_ROLES = re.compile(r"\s*(?:[’']s\s+)?(?:(?:and|of|for|&|the|[A-Z][\w-]*)\s+){0,6}")


def _after_person(sentence: str, names: Sequence[Name], tail: int) -> int:
    """Past 'Vice-Chancellor Jane Roe' behind the name of what she leads."""
    person = next((name for name in names if name.start >= tail), None)
    if person and person.sort is Sort.PERSON and _ROLES.fullmatch(sentence[tail : person.start]):
        return person.tail
    return tail


def _after_apposition(sentence: str, names: Sequence[Name], tail: int, end: int) -> Name | None:
    """The name after ', a leader in this and that, and '."""
    if not re.match(r"\s*(?:,|\()", sentence[tail:]):
        return None
    for match in re.finditer(r",\s+(?:and|as well as|along with|&)\s+(?:the\s+|with\s+)*", sentence[tail:end]):
        position = tail + match.end()
        name = next((name for name in names if name.start == position), None)
        if name and match.start() and re.match(r"\s*,\s*(?:an?|the|one|which|who|part|based|known)\b", sentence[tail:]):
            return name
    return None


_BILATERAL = re.compile(r"\s+(?:the )?[A-Z]")
_LISTING = frozenset({"including", "such as", "include", "includes", "involving", "featuring"})


def _counterpart(sentence: str, names: Sequence[Name], trigger: Trigger) -> tuple[list[Name], bool, bool, bool]:
    """Names after the trigger's preposition; whether they are all parties; whether only described; whether a list."""
    clause = _CLAUSE.search(sentence, trigger.end)
    end = clause.start() if clause and sentence[clause.start()] != ":" else len(sentence)
    described = False
    for match in _PREPOSITION.finditer(sentence, trigger.end, end):
        if _inside(match.start(), names):
            continue
        kind = match.lastgroup
        gap = sentence[trigger.end : match.start()]
        word = match.group().casefold()
        limit = {"of": 14, "with": 140, "all": 220}[str(kind)]
        if word in _LISTING:
            limit = 70 if word.startswith("include") and trigger.plural else 25
        if len(gap) > limit or (kind == "of" and not _takes_of(sentence, trigger, match)):
            continue
        group = _group(sentence, names, match.end(), end)
        described = described or (kind == "with" and bool(_DESCRIBED.match(sentence, match.end())))
        places = bool(group) and all(name.sort is Sort.PLACE for name in group)
        if places and kind != "all" and not _BILATERAL.match(sentence, match.end()):
            continue
        if group:
            closed = (kind == "all" or (kind == "of" and len(group) > 1)) and len(group) > 1
            listing = word in _LISTING
            listing = listing or bool(re.search(r"\b(?:such as|including)\b", sentence[match.end() : group[0].start]))
            return group, closed, False, listing
        if trigger.is_verb:
            break
    return [], False, described, False


def _listed(sentence: str, names: Sequence[Name], tail: int) -> list[Name]:
    """'the institutions signing with HUB are A, B and C'."""
    match = re.match(r"\s*(?:are|were|include|:)\s+(?:the\s+)?", sentence[tail:])
    first = next((name for name in names if match and name.start == tail + match.end()), None)
    group = _coordinated(sentence, names, first, len(sentence), loose=True) if first else []
    return group if len(group) > 1 else []


def _takes_of(sentence: str, trigger: Trigger, match: re.Match[str]) -> bool:
    words = sentence[trigger.start : trigger.end].casefold()
    preposition = match.group().casefold()
    if re.search(r"licen[cs]", words):
        return preposition in {"from", "to", "of", "by"}
    return preposition in {"of", "by"} and match.start() - trigger.end <= 2 and not trigger.is_verb


def _group(sentence: str, names: Sequence[Name], position: int, end: int) -> list[Name]:
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
        group = [member for member in _coordinated(sentence, names, name, end, loose=True) if _is_party(member)]
        return _prefer_organisations(group)
    return []


def _only_describes(sentence: str, names: Sequence[Name], name: Name, end: int) -> bool:
    """'Europe's largest banks: X' and 'Japanese rival X': the name belongs to a description of the next one."""
    after = sentence[name.end + (2 if name.possessive else 0) : end]
    following = next((other for other in names if other.start >= name.tail), None)
    if following is None or following.start >= end:
        return False
    gap = sentence[name.end + (2 if name.possessive else 0) : following.start]
    if name.possessive or name.sort is Sort.PLACE:
        return (
            bool(re.match(r"\s+[a-z“\"‘]|-", after) or gap.strip() in {"", "“", '"'})
            and len(gap) < 70
            and not (_NO_DESCRIPTION.search(gap) or re.search(r"\band\b|,", gap))
        )
    return False


def _with_before(sentence: str, between: Sequence[Name]) -> list[Name]:
    """'signed with X a memorandum', 'launched together with X'."""
    for name in between:
        if re.search(
            r"\b(?:with|between|grant(?:s|ed|ing)?|award(?:s|ed|ing)|gave|giving)\s+(?:the\s+)?$",
            sentence[: name.start],
        ) and _is_party(name):
            return [name]
    return []


def _owner(names: Sequence[Name], trigger: Trigger) -> list[Name]:
    """'A's partnership with', 'the A partnership': the name right before the trigger."""
    for name in names:
        gap = trigger.start - name.tail
        if 0 <= gap <= 40 and _is_party(name) and name.possessive:
            return [name]
    return []


def _reference(clause: str) -> tuple[Reference | None, str]:
    if match := _PAIR.search(clause):
        return Reference.PAIR, (match.group("head") or "").casefold()
    if match := _HUB.search(clause):
        return Reference.HUB, (match.group("head") or "").casefold()
    return None, ""
