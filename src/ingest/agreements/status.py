"""How far an agreement has come, and whether a sentence reports it or only looks back: tense, modality, negation."""

from __future__ import annotations

import re

from ingest.agreements.parties import Reading
from ingest.agreements.triggers import Trigger
from ingest.documents import Moment, Status

__all__ = ["is_background", "is_mere_hope", "status_of"]

_ENDED = re.compile(
    r"\b(?:terminat(?:e|es|ed|ing|ion)|expir(?:e|es|ed)|call(?:s|ed)? off|cancel(?:s|led|ed)?|scrap(?:s|ped)|dissolv(?:e|es|ed)|withdr(?:aw|ew|awn)|end(?:s|ed) (?:its|their|the|an?)|"
    r"cut(?:s)? ties|tear(?:s)? up|tore up|discontinu(?:e|es|ed)|wound up|revok(?:e|es|ed)|laps(?:e|es|ed)|break(?:s)? off|suspend(?:s|ed))\b",
    re.IGNORECASE,
)
_RENEWED = re.compile(
    r"\b(?:renew(?:s|ed|ing|al)?|re-?sign(?:s|ed)?|extend(?:s|ed|ing)? (?:the|its|their|an?|our|this|\w+[’']s)\b|extension (?:of|to)|amended and restated|once again (?:sign|partner|team)|redeveloped|"
    r"upgrad(?:e|es|ed|ing)|(?:further|renewed|new) agreement which sees|continues? (?:its |their |the |\w+ )?(?:strategic |long\S* )?(?:partnership|alliance|collaboration)|"
    r"(?:strengthen|deepen|expand|broaden)(?:s|ed|ing)? (?:the|its|their|our|an?|this|\w+) (?:existing |current |long\S* |strategic |successful |ongoing )*(?:partnership|alliance|collaboration|co-?operation|relationship|agreement)|"
    r"expanded (?:strategic )?(?:partnership|collaboration|agreement)|new phase|latest (?:strategic )?(?:partnership|agreement))\b",
    re.IGNORECASE,
)
_WILL = re.compile(
    r"(?:\b(?:will|would|shall|to|plans? to|planning to|set to|expect(?:s|ed)? to|intend(?:s|ed)? to|about to|due to|scheduled to|ready to|wants? to|aims? to|in talks to|negotiating|proposed|is to|are to|soon|be)\s+"
    r"(?:(?:today|also|soon|formally|officially|jointly|be|shortly|then|now)\s+){0,2})$",
    re.IGNORECASE,
)
_PLEASED = re.compile(
    r"\b(?:pleased|proud|excited|thrilled|delighted|happy|honou?red|glad|gathered|met|joined [^.]{0,60}|agreed|agrees|able|travelled)\s+(?:to\s+)?(?:today\s+)?(?:to\s+)?$",
    re.IGNORECASE,
)
_PROPOSED = re.compile(
    r"\b(?:proposed|planned|upcoming|forthcoming|prospective|draft|in (?:talks|negotiations?|discussions?)|negotiating|under negotiation|yet to be signed|to be signed|would be signed|will be signed|"
    r"expected to be signed|is being finali[sz]ed|are being finali[sz]ed|is being drafted)\b",
    re.IGNORECASE,
)
_HOPE = re.compile(
    r"\b(?:hop(?:e|es|ed|ing)|look(?:s|ing)? forward|call(?:s|ed|ing)? (?:for|on)|urg(?:e|es|ed|ing)|should|would like|seek(?:s|ing)?|potential(?:ly)?|might|may|could|opportunit(?:y|ies) (?:for|to)|"
    r"open to|in search of|interested in|encourag(?:e|es|ed|ing)|if|unless|without|no|never|not|denied|denies|exploring|explore|aims? to|aiming to|invites?|invited)\b",
    re.IGNORECASE,
)
_PAST_CUE = re.compile(
    r"\b(?:previous(?:ly)?|earlier|already|existing|long-?(?:standing|term relationship)|ongoing|pre-existing|current(?:ly)?|since|ago|has been|have been|had|last year|originally|historic(?:al)?|"
    r"over the (?:past|last|years)|first (?:signed|concluded|established)|under (?:the|its|an?|our) (?:\w+ ){0,4}(?:agreement|licen[cs]e|deal)|builds? (?:up)?on|building on|subsidiary|owns?|continues?|remains?|"
    r"follow(?:s|ing) (?:the|an?|its|last)|mirrors?|such as the|track record|works? with|working with)\b",
    re.IGNORECASE,
)
_ACT = re.compile(
    r"\b(?:announc|sign|ink|enter|launch|unveil|agree|form(?:ed|s|ing)\b|forg|establish|partner(?:ed|s|ing)\b|team|join|reach|sealed|struck|secured|finali|formali|conclud|inaugurat|introduc|collaborat(?:ed|es|ing))",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<![\w$€£.,-])(?:19|20)\d\d\b")


def status_of(sentence: str, trigger: Trigger, reading: Reading) -> Status:
    """Status of the agreement that a trigger names, by the words around it."""
    window = sentence[max(0, reading.verb_start - 60) : trigger.end + 80]
    near = sentence[max(0, trigger.start - 70) : trigger.end + 40]
    if _ENDED.search(near):
        return Status.ENDED
    before = sentence[: reading.verb_start]
    verb = reading.verb
    announces = verb.startswith(("announc", "unveil", "confirm", "introduc"))
    if _WILL.search(before) and not _PLEASED.search(before) and not announces and not _is_purpose(before):
        today = re.search(r"\btoday\b", window, re.IGNORECASE)
        return Status.SIGNED if today and verb.startswith("sign") else Status.PLANNED
    if _PROPOSED.search(near):
        return Status.PLANNED
    if _RENEWED.search(window):
        return Status.RENEWED
    return Status.SIGNED


def _is_purpose(before: str) -> bool:
    """'X and Y gathered to sign', 'has agreed to form': done, though the verb is an infinitive."""
    return bool(
        re.search(
            r"\b(?:signed|agreed|agreement|memorandum|mou|partnered|partnership|collaborat\w+|announced)\b[^,;]{0,80}\bto\s+$",
            before,
            re.IGNORECASE,
        )
    )


def is_mere_hope(sentence: str, trigger: Trigger, reading: Reading) -> bool:
    """Whether the trigger is wished for, denied or only possible."""
    clause = sentence[max(0, min(reading.verb_start, trigger.start) - 45) : trigger.start]
    return bool(_HOPE.search(clause))


def is_background(sentence: str, trigger: Trigger, reading: Reading, published: Moment | None) -> bool:
    """Whether the sentence looks back at the agreement, or takes it as given, rather than reports it."""
    around = sentence[max(0, reading.verb_start - 60) : trigger.end + 60]
    years = [int(year) for year in _YEAR.findall(around)]
    if published and years and max(years) < int(published.day[:4]):
        return True
    if _PAST_CUE.search(sentence[max(0, reading.verb_start - 50) : trigger.end + 25]):
        return True
    return not (trigger.is_verb or reading.verb) and not _ACT.search(around)
