"""The acting side of a trigger, and all that `read` puts together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.agreements.names import Name, Sort
from ingest.agreements.parties.coordination import (
    coordinated,
    is_inside,
    is_party,
    name_at,
    of_place,
    prefer_organisations,
)
from ingest.agreements.parties.counterparts import CLAUSE, Other, counterparts, faces, listed, with_before
from ingest.agreements.parties.reading import Reading, Reference
from ingest.agreements.triggers import Trigger
from ingest.agreements.vocabulary import vocabulary

__all__ = ["read"]

_DATELINE = re.compile(
    r"^.{0,160}?(?:\b(?:19|20)\d\d\b|wire\b\S*|newsdirect|newsworthy|press release)[^–—]{0,40}?"
    r"\s*(?:–|—|--|-|:|/)\s+",
    re.IGNORECASE,
)
_SEGMENT = re.compile(
    r",|\s[–—-]+\s|—|\b(?:that|said|says|where|when|after|before|as|because|which|following|since)\b|“|”|\""
)
_SAYING = frozenset({"that", "said", "says"})
_DASHES = frozenset({"–", "—", "-", "--"})
_SUBORDINATE = frozenset({"after", "before", "when", "because", "following", "since"})
_JOINING = re.compile(r"\band\b|&|\bor\b|\bwith\b", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:\s|and\b|&|or\b|both\b|the\b|today\b|recently\b|meanwhile\b|with\b|between\b|by\b|together with\b"
    r"|along with\b|also\b|alongside\b|•|\*|-|·)*",
    re.IGNORECASE,
)
_ROLE_AFTER = re.compile(
    r"\s*(?:\([^)]*\)\s*)?(?:[A-Z][\w-]* )?(?:Vice-Chancellor|Chancellor|CEO|President|Chair|Minister|Dean"
    r"|Director|Founder|Chief|Deputy|board|team)\b"
)
_PAIR = re.compile(
    r"\b(?:(?:the|these|both|all)(?: of the)? (?:two|three|four|five|both )?\s*(?:new |leading |partner "
    r"|sister )?|between the two |each )"
    r"(?P<head>compan(?:ies)|firms|parties|sides|universities|institutions|organi[sz]ations|partners|groups"
    r"|countries|governments|airlines|banks|cities|entities|"
    r"institutes|agencies|schools|colleges|teams|brands|businesses|nations|regions|ministries|exchanges"
    r"|operators|venues|centres|centers|museums|hospitals|authorities|funds|start-?ups|labs|organi[sz]ers)\b"
    r"|\bthe (?:two|pair|duo|trio)(?= (?:have|had|has|entered|signed|will|are|agreed|also|then|today|yesterday"
    r"|now|jointly"
    r"|on [A-Z]|first|later|last|formed|announced|plan|would|renewed|extended|inked|set|put|sealed|struck)\b)"
    r"|\bboth (?:sides|parties)\b",
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
_PASSIVE = re.compile(
    r"(?:\s*\([^)]*\))?(?:(?:(?!\b(?:that|which|who|will|to)\b)[^.;:]){0,160}?\b(?:was|were|been|being)\s+(?:\w+\s+)?"
    r"|\s*,?\s*)"
    r"(?P<verb>signed|inked|concluded|reached|sealed|finali[sz]ed|exchanged|announced|established|launched"
    r"|formed|initialled|agreed"
    r"|renewed|extended|terminated|cancelled|scrapped|struck|penned|formali[sz]ed|ratified|suspended|called off)\b",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\bbetween\b", re.IGNORECASE)
_COMPOUND = re.compile(
    r"\s+(?:manager|team|director|programme|program|opportunit|model|strategy|strategies|efforts?|ecosystem"
    r"|platform|office|officer|framework|development|approach|spirit|tool)\w*",
    re.IGNORECASE,
)
_PARTICIPLE = re.compile(
    r"\W*(?:(?:By|Through|In|With|Under|Following|After|Having|As part of|Thanks to|Via)\b|[A-Z][a-z]+ing\b)"
)
# 'The park operator on Friday signed': who is described with 'the' has been named before.
_DEFINITE = re.compile(
    r"(?:^|[,;–—]\s|\b(?:that|when|as|and)\s)\W*(?:the|this)\s(?!(?:two|pair|deal|agreement|signing"
    r"|move)\b)(?:[a-z][\w-]*\s){1,4}"
    r"(?:(?:has|have|had|will|is to|also|today|yesterday|then|now|recently|on \w+day|last \w+|this \w+)\s)*$",
    re.IGNORECASE,
)
_OF_PAIR = re.compile(
    r"\bthe (?:pair|duo|trio|two sides?|two \w+s)['’]s? (?:[\w-]+ ){0,3}$|\btheir (?:[\w-]+ ){0,3}$", re.IGNORECASE
)
_TWO_DESCRIBED = re.compile(
    r"\bthe (?:[a-z][\w-]* ){1,3}and the (?:[a-z][\w-]* ){1,3}(?:(?:has|have|had|will|also|today|yesterday|then"
    r"|now|jointly|on \w+day) )*$",
    re.IGNORECASE,
)
_HUB_AND = re.compile(
    r"\s*(?:(?:the|this|our)\s+(?:[\w-]+\s+){0,3}?(?:company|firm|group|bank|university|college|institute|ministry|agency"
    r"|exchange|foundation|hospital|maker|lender|operator|bourse|start-up|regulator|authority|developer|airline|insurer"
    r"|museum|school)|it|we)"
    r"\s+and\s+(?:the\s+)?(?=[A-Z])",
    re.IGNORECASE,
)
_AND_THE = re.compile(r"\s+and\s+(?:the\s+)?")
_ADVERBS = re.compile(
    r"(?:[\s,]|\b(?:has|have|had|is|are|was|were|will|would|to|be|today|yesterday|also|then|now|just|formally"
    r"|officially|recently"
    r"|jointly|on|in|last|this|next|week|month|year|earlier|said|says|it|they|that|(?:mon|tues|wednes|thurs|fri"
    r"|satur|sun)day)\b)*",
    re.IGNORECASE,
)
_GOVERNED = re.compile(
    r"\b(?:with|by|from|of|for|at|in|to|between|and|against|under|via)\s+(?:the\s+)?$", re.IGNORECASE
)
_WHOSE = re.compile(r",?\s+whose\b")
_BY = re.compile(r"(?:\s+(?:today|yesterday|jointly|on [A-Z]\w+))?\s+by\s+(?:the\s+)?")
_RELATIVE = re.compile(r",?\s+(?:(?:that|which)\s+)?(?:only\s+)?(?:the\s+)?")
_PAIR_SIGNED = re.compile(
    r",?\s+(?:(?:that|which)\s+)?(?:the (?:two|pair|duo|trio|parties|two \w+)|both sides|they)\s+(?:have "
    r"|had )?(?:signed|reached|concluded|inked)\b"
)
_SIGNED_BEHIND = re.compile(
    r"\s+(?:(?:have|had|has|both|jointly)\s+)?(?:signed|reached|concluded|struck|inked|sealed|announced|unveiled|agreed"
    r"|entered into|put)\b"
)
_WITH_WHOM = re.compile(r",?\s+with (?:which|whom)\b")
_THEIR = re.compile(r"\btheir (?:[\w-]+ ){0,3}$", re.IGNORECASE)
_COMMA = re.compile(r",\s+(?:the\s+)?")
_FINITE = re.compile(
    r"\s+(?:is|are|was|has|have|had|will|would|can|could|aims?|plans?|intends?|seeks?|expects?|gains?|becomes?"
    r"|became|now|today"
    r"|[a-z]+(?:ed|es))\b"
)
_BRACKETS = re.compile(r"[(（\[][^()（）\[\]]*[)）\]]")


def read(sentence: str, names: Sequence[Name], trigger: Trigger) -> Reading:
    """Read who is on which side of a trigger.

    Args:
        sentence: The sentence.
        names: Its names, in order.
        trigger: One of its triggers.
    """
    sentence = mask(sentence)
    names = [name for name in names if sentence[name.start] != "_"]
    start = _clause_start(sentence, trigger.start)
    verb = None if trigger.is_verb else _last_verb(sentence, start, trigger.start)
    verb_start = verb.start() if verb else trigger.start
    passive = None if verb or trigger.is_verb else _PASSIVE.match(sentence, trigger.end)
    subject, other = _sides(sentence, names, trigger, start, verb)
    if passive and not subject and not other.closed:
        subject = _agents(sentence, names, passive.end())
    if subject:
        reference, head = _beside(sentence, subject, other, trigger, (start, verb_start))
    elif other.closed:
        reference, head = None, ""
    else:
        reference, head = _reference(sentence[start:verb_start])
        reference = Reference.PAIR if _PAIR_SIGNED.match(sentence, trigger.end) else reference
    incidental = bool(_INCIDENTAL.search(sentence[: trigger.start])) and not verb and not trigger.is_verb
    return Reading(
        subject=tuple(subject),
        counterpart=other.names,
        closed=other.closed,
        reference=reference,
        head=head,
        described=other.described,
        verb=verb.group().casefold() if verb else passive.group("verb").casefold() if passive else "",
        verb_start=verb_start,
        is_strong=bool(passive or (verb and vocabulary().perform.fullmatch(verb.group()))),
        is_incidental=incidental or bool(_COMPOUND.match(sentence, trigger.end) and not trigger.is_verb),
        separate=len(other.names) > 1 and not other.closed and (trigger.plural or other.listing),
    )


def _sides(
    sentence: str, names: Sequence[Name], trigger: Trigger, start: int, verb: re.Match[str] | None
) -> tuple[list[Name], Other]:
    """Who acts, and with whom: by the place of the names first, then by what else may hold them."""
    subject = _subject_heads(sentence, names, start, verb.start() if verb else trigger.start)
    other = counterparts(sentence, names, trigger)
    if not subject and other.names and (several := listed(sentence, names, other.names[-1].tail)):
        return list(other.names), replace(other, names=tuple(several), listing=True)
    if other.closed:
        between = _BETWEEN.search(sentence[trigger.end : other.names[0].start])
        return [] if between else subject, other  # 'C announced a partnership between A and B'
    if not subject:
        subject = _owner(sentence, names, trigger) or _behind_participle(sentence, names, trigger)
    if not verb and not trigger.is_verb and not (subject and other.names):
        subject = _of_relative(sentence, names, trigger) or subject
    if not other.names and (partner := _relative_partner(sentence, names, start, trigger.start)):
        return _behind_whom(names, partner, trigger, subject), replace(other, names=(partner,))
    if not subject and not other.names and _THEIR.search(sentence[: trigger.start]):
        before = [
            name for name in names if name.tail <= trigger.start and is_party(name) and name.sort is not Sort.PLACE
        ]
        subject = before if len(before) == 2 else []  # 'A served notice on B that their venture'
    if not other.names:
        aside = [name for name in names if start <= name.start and name not in subject]
        other = replace(other, names=tuple(with_before(sentence, aside, trigger.start)))
    if len(subject) > 1 and other.names and _is_owned(names, other.names[0]):
        other = replace(other, names=())  # 'A and B announced a collaboration … with A's software'
    return subject, other


def mask(sentence: str) -> str:
    """Blank out what stands in brackets, length kept: it must not be read as structure."""
    return _BRACKETS.sub(lambda found: "(" + "_" * (len(found.group()) - 2) + ")", sentence)


def _clause_start(sentence: str, trigger_start: int) -> int:
    dateline = _DATELINE.match(sentence)
    start = dateline.end() if dateline and dateline.end() < trigger_start else 0
    for match in CLAUSE.finditer(sentence, start, trigger_start):
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


def _subject_heads(sentence: str, names: Sequence[Name], start: int, end: int) -> list[Name]:
    """Names that begin a segment before the verb, with what is coordinated to them; not those inside appositions."""
    heads: list[Name] = []
    listed: list[Name] = []  # joined by commas alone: members only if an 'and' closes their list
    anew, aside = True, False
    for cut, mark in _cuts(sentence, names, start, end):
        aside = mark not in _SAYING and (aside or (mark in _SUBORDINATE and any(map(is_party, heads))))
        if aside:
            continue
        anew = anew or mark in _SAYING or mark in _DASHES or mark.isalpha()
        lead = (_HUB_AND.match(sentence, cut) if cut == start else None) or _LEAD.match(sentence, cut)
        name = of_place(names, name_at(sentence, names, lead.end() if lead else cut, end))
        if name is None or name in heads or name in listed:
            continue
        if name.possessive and not _ROLE_AFTER.match(sentence, name.end + 2):
            continue
        group = coordinated(sentence, names, name, end, loose=False)
        is_joined = bool(lead and _JOINING.search(lead.group()))
        if heads and not anew and (is_joined or len(group) > 1):
            heads += [*listed, *group]
            listed = []
        elif anew or not any(is_party(head) and head.sort is not Sort.PLACE for head in heads):
            heads, listed = group, []
        else:
            listed += group
        anew = False
    found = prefer_organisations([name for name in heads if is_party(name)])
    if not any(name.sort is not Sort.PLACE for name in found) and len(found) < 2:
        return _right_before(sentence, names, start, end) or found
    return found


def _right_before(sentence: str, names: Sequence[Name], start: int, end: int) -> list[Name]:
    """'After long talks the University of Duna on Friday signed': the name next to the verb, whatever stands before."""
    for name in reversed(names):
        if name.start >= start and name.tail <= end and is_party(name) and name.sort is not Sort.PLACE:
            near = not name.possessive and _ADVERBS.fullmatch(sentence[name.tail : end])
            governed = _GOVERNED.search(sentence[start : name.start])
            return [name] if near and not governed else []
    return []


def _cuts(sentence: str, names: Sequence[Name], start: int, end: int) -> list[tuple[int, str]]:
    """Where segments begin, and the mark or word that cuts them off."""
    found = [
        (match.end(), match.group().strip().casefold())
        for match in _SEGMENT.finditer(sentence, start, end)
        if not is_inside(match.start(), names)
    ]
    return [(start, ""), *found]


def _is_owned(names: Sequence[Name], name: Name) -> bool:
    return any(other.possessive and other.end + 3 == name.start and other.sort is not Sort.PLACE for other in names)


def _owner(sentence: str, names: Sequence[Name], trigger: Trigger) -> list[Name]:
    """'A's partnership with', 'the A partnership': the name right before the trigger."""
    for name in names:
        gap = trigger.start - name.tail
        if 0 <= gap <= 40 and is_party(name) and (name.possessive or _WHOSE.match(sentence, name.tail)):
            return [name]
    return []


def _agents(sentence: str, names: Sequence[Name], position: int) -> list[Name]:
    """'… was announced by A': who acts in the passive."""
    match = _BY.match(sentence, position)
    first = of_place(names, name_at(sentence, names, match.end(), len(sentence))) if match else None
    return [n for n in coordinated(sentence, names, first, len(sentence), loose=True) if is_party(n)] if first else []


def _of_relative(sentence: str, names: Sequence[Name], trigger: Trigger) -> list[Name]:
    """'The memorandum that A and B signed': who acts stands behind."""
    match = _RELATIVE.match(sentence, trigger.end)
    if match and (
        hub := _HUB_AND.match(
            sentence, match.end() - 4 if sentence[match.end() - 4 : match.end()] == "the " else match.end()
        )
    ):
        match = hub
    first = name_at(sentence, names, match.end(), len(sentence)) if match else None
    if first is None:
        return []
    group = coordinated(sentence, names, first, len(sentence), loose=False)
    return group if _SIGNED_BEHIND.match(sentence, group[-1].tail) else []


def _behind_participle(sentence: str, names: Sequence[Name], trigger: Trigger) -> list[Name]:
    """'By forging a partnership with B, A will …': who acts stands behind the comma that ends the first clause."""
    if not _PARTICIPLE.match(sentence):
        return []
    for comma in _COMMA.finditer(sentence, trigger.end):
        name = name_at(sentence, names, comma.end(), len(sentence))
        if name and is_party(name) and name.sort is not Sort.PLACE and _FINITE.match(sentence, name.tail):
            return [name]
    return []


def _relative_partner(sentence: str, names: Sequence[Name], start: int, end: int) -> Name | None:
    """'B, with which A signed': the name that the relative clause belongs to."""
    match = _WITH_WHOM.search(sentence, start, end)
    before = [name for name in names if match and name.tail <= match.start() and is_party(name)]
    firm = [name for name in before if name.sort is not Sort.PLACE]
    near = match and firm and len(sentence[firm[-1].tail : match.start()]) < 25
    return firm[-1] if near else None


def _behind_whom(names: Sequence[Name], partner: Name, trigger: Trigger, subject: Sequence[Name]) -> list[Name]:
    """Who acts in the relative clause; else who acts in the main one."""
    inside = [
        n
        for n in names
        if partner.tail <= n.start and n.tail <= trigger.start and is_party(n) and n.sort is not Sort.PLACE
    ]
    outside = [
        n for n in names if n.tail <= partner.start and is_party(n) and n.sort is not Sort.PLACE and not n.possessive
    ]
    firm = [name for name in subject if name != partner and name.sort is not Sort.PLACE]
    return inside[:1] or firm or outside[:1]


def _beside(
    sentence: str, subject: Sequence[Name], other: Other, trigger: Trigger, clause: tuple[int, int]
) -> tuple[Reference | None, str]:
    """'The company and B have signed', 'A, whose agreement with the company': who is named acts with who is not."""
    if not other.names and not other.closed and (faced := faces(sentence, trigger)) is not None:
        return Reference.HUB, faced
    heads = _HUB_AND.match(sentence, clause[0])
    if heads and heads.end() == subject[0].start:
        return Reference.HUB, ""
    match = _HUB.search(sentence, *clause)
    if match and _AND_THE.fullmatch(sentence[match.end() : max(match.end(), subject[0].start)]):
        return Reference.HUB, (match.group("head") or "").casefold()
    behind = clause[1] == trigger.start and _HUB_AND.search(sentence, trigger.end, subject[0].start + 1)
    return (Reference.HUB, "") if behind else (None, "")


def _reference(clause: str) -> tuple[Reference | None, str]:
    if _TWO_DESCRIBED.search(clause) or _OF_PAIR.search(clause):
        return Reference.PAIR, ""
    if match := _PAIR.search(clause):
        return Reference.PAIR, (match.group("head") or "").casefold()
    if match := _HUB.search(clause):
        return Reference.HUB, (match.group("head") or match.group("pronoun")).casefold()
    return (Reference.HUB, "") if _DEFINITE.search(clause) else (None, "")
