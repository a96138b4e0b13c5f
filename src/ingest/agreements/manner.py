"""What sort of act a sentence tells of, where words near its trigger say so: features with a known direction.

behind        "the memorandum that A and B signed": the act stands behind its object
hub act       "the company has signed a pact with B": an act whose other side is meant, not named
personal      "who was a partner with B", "she collaborates with researchers at B": of persons
permitted     "obtained a licence from the Ministry of B": from an authority, which permits
sold          "a letter of intent with B, to sell two mines"
hoped         "hopes that A and B will cooperate"
general       "by collaborating with B, brands can reach more customers"
goes on       "will continue to work together with B"
kin           A and a part of A, or what bears its name
odd           a party that is a degree, a programme, an event or a person's rank
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from ingest.agreements.boundaries import is_field, is_head, is_place
from ingest.agreements.names import Sort
from ingest.agreements.parties import Reading, Reference
from ingest.agreements.roster import Organisation, fold
from ingest.agreements.triggers import Trigger
from ingest.documents import Kind

__all__ = ["manner_of"]

_ACT_BEHIND = re.compile(
    r"\s*(?:have |had |has |both |jointly |today |yesterday |on \w+day )*"
    r"(?:signed|reached|concluded|struck|inked|sealed|announced|unveiled|agreed|formed|established|launched"
    r"|entered into|set up)\b"
)
_ACTS = re.compile(
    r"sign|ink|enter|conclud|seal|struck|strik|agree|execut|finali|formali|reach|secur|clinch|form|forg|establish"
    r"|announc|unveil|renew|extend|launch"
)
# 'who was a partner with', 'he became partner at'; not 'is delighted to partner with'.
_IS_PARTNER = re.compile(
    r"\b(?:he|she|who|Mr|Ms|Mrs|Dr)\b[^.;]{0,60}\b(?:is|was|became|been|made|as)\s+(?:an?\s+)?(?:[a-z-]+\s+)?$"
    r"|\bformer\s+$"
)
_PERSON = (
    r"(?:students?|researchers?|scientists?|academics?|professors?|lecturers?|scholars?|staff|colleagues|experts?"
    r"|artists?|designers?|musicians?|singers?|players?|authors?|directors?|actors?|doctors?|engineers?|teachers?"
    r"|fellows?|investigators?|teams?)"
)
_PERSON_ACTS = re.compile(
    rf"\b(?:{_PERSON}|he|she|who|her|his)\b[^,;.]{{0,70}}$|^\W*(?:He|She|Dr|Prof|Mr|Ms|Mrs)\b[^;.]*$", re.IGNORECASE
)
_WITH_PERSON = re.compile(
    rf"[^,;.]{{0,40}}?\b(?:with|between)\s+(?:[\w-]+\s+){{0,3}}{_PERSON}\s+(?:at|from|in|of)\b", re.IGNORECASE
)
_AUTHORITY = re.compile(
    r"\b(?:Department|Authority|Commission|Ministry|Treasury|Central Bank|Monetary|Board|Council|Agency|Bureau"
    r"|Regulator|Administration|Network|Service|Securities)\b"
)
_SELLS = re.compile(
    r"[^.;]{0,30}?,?\s*\b(?:to|for)\s+(?:the\s+)?(?:acquire|buy|purchase|sell|acquisition|purchase|sale|disposal"
    r"|supply|delivery|merge)\b"
)
_SHARED = re.compile(
    r"partner|strateg|allianc|collaborat|co-?operat|joint|licen[cs]|distribut|framework", re.IGNORECASE
)
_HOPED = re.compile(r"\b(?:hop|wish)(?:e|es|ed|ing)\s+(?:that|for|to)\b[^.;]{0,120}$", re.IGNORECASE)
_GENERALLY = re.compile(r"[^.;]{0,60}?,\s+(?:\w+\s+){1,2}(?:can|could|may|might)\b")
_BY = re.compile(r"\bBy\s+(?:\w+ly\s+)?$")
_GOES_ON = re.compile(r"\bcontinu(?:e|es|ed|ing)\s+(?:to\s+|its\s+|their\s+|our\s+)?(?:\w+ly\s+)?(?:\w+\s+){0,2}$")
_LEAVES_OPEN = re.compile(
    r"\b(?:explor(?:e|es|ing)|seek(?:s|ing)?|consider(?:s|ing)?|eye(?:s|ing)|mull(?:s|ing)?|propos(?:e|es|ed|al)"
    r"|urge(?:s|d)?|calls? for|hopes?|wants?|talks)\b",
    re.IGNORECASE,
)
_DEBT = re.compile(r"\b(?:debts?|loans?|lending|rescheduling|repayments?|creditors?|interest rates?|token purchase)\b")
_ODD = re.compile(
    r"\b(?:Master|Bachelor|Doctor|Diploma|Degree|Programme|Program|Awards?|Scholarships?|Conference|Congress|Summit"
    r"|Festival|Seminar|Symposium|Report|Release|Update|Study|Survey|Strategy|Registrar|General|Honou?rable|Minister"
    r"|Professor|President|Chancellor|Director|Governor|Bill|Act|Optimi[sz]ation|Meeting|Luncheon|Cup"
    r"|Protocol|Language|Lecture|Prize)$"
    r"|^(?:Mr|Mrs|Ms|Dr|Prof|Professor|Hon|Honou?rable|Sir|Dame|Lieutenant|Captain|Colonel|Chief|President)\b"
)


def manner_of(
    sentence: str, trigger: Trigger, reading: Reading, parties: Sequence[Organisation], title: str
) -> Iterable[str]:
    """Features of the sort of act; each is present or not.

    Args:
        sentence: The sentence, or the headline.
        trigger: Its trigger.
        reading: What was read around it.
        parties: Who was made of that.
        title: The headline.
    """
    before, after = sentence[: trigger.start], sentence[trigger.end :]
    yield from _of_act(sentence, trigger, reading)
    words = sentence[trigger.start : trigger.end]
    if words.casefold().startswith("partner") and _IS_PARTNER.search(before):
        yield "personal"
    if trigger.is_verb and (_PERSON_ACTS.search(before[-90:]) or _WITH_PERSON.match(after)):
        yield "personal act"
    if trigger.kind is Kind.LICENSING and any(_AUTHORITY.search(name.text) for name in reading.counterpart):
        yield "permitted"
    last = reading.counterpart[-1].tail if reading.counterpart else trigger.end
    if not (trigger.is_verb or _SHARED.search(words)) and _SELLS.match(sentence, max(last, trigger.end)):
        yield "sold"
    if _BY.search(before) and _GENERALLY.match(sentence, max(last, trigger.end)):
        yield "general"
    if _HOPED.search(before[-150:]):
        yield "hoped"
    if _GOES_ON.search(before[-60:]):
        yield "goes on"
    if _LEAVES_OPEN.search(title):
        yield "title-open"
    if _DEBT.search(sentence[max(0, trigger.start - 60) : trigger.end + 90]):
        yield "debt-near"
    yield from _of_names(parties)


def _of_act(sentence: str, trigger: Trigger, reading: Reading) -> Iterable[str]:
    is_behind = bool(reading.subject) and reading.subject[0].start >= trigger.end and not reading.verb
    if is_behind and _ACT_BEHIND.match(sentence, reading.subject[-1].tail):
        yield "act-behind"
    if reading.reference is Reference.HUB and reading.counterpart and (reading.is_strong or trigger.is_verb):
        yield "hub act" if trigger.is_verb or _ACTS.match(reading.verb) else "hub weak"


def _of_names(parties: Sequence[Organisation]) -> Iterable[str]:
    if any(_ODD.search(party.full) for party in parties):
        yield "odd-party"
    if len(parties) == 2 and _is_kin(parties[0].full, parties[1].full):
        yield "kin"
    if any(party.sort is Sort.UNKNOWN and party.full.isupper() and len(party.full) < 4 for party in parties):
        yield "letters"


def _is_kin(one: str, other: str) -> bool:
    """Whether one name has the distinctive words of the other: 'Acme' and 'Acme Testing Centre'."""
    first, second = _distinctive(one), _distinctive(other)
    return bool(first and second) and (first <= second or second <= first)


def _distinctive(name: str) -> frozenset[str]:
    return frozenset(
        word for word in fold(name) if len(word) > 3 and not (is_head(word) or is_place(word) or is_field(word))
    )
