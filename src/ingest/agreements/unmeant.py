"""What a sentence only wishes, supposes, talks of or sells, though it has the words of an agreement.

wished        "urged A and B to sign an agreement", "recommended that A sign", "A should sign"
refused       "rejected a proposal to partner with B", "is considering a partnership with B"
supposed      "if A and B sign an agreement, …", "analysts speculated that A may partner with B"
talked of     "A and B exchanged views on cooperation", "talks on a partnership collapsed"
sold          "signed an agreement with B to buy 40 aircraft", "a deal for 40 aircraft worth …"
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.agreements.parties import Reading
from ingest.agreements.triggers import Trigger
from ingest.agreements.vocabulary import vocabulary

__all__ = ["is_another_deal", "is_unmeant"]

_BACK = 220  # characters before an act in which its clause begins

_CLAUSE = re.compile(
    r"[;:—“\"]|,? \b(?:and|but|while|after|although)\b (?=(?:the |it |they )?\S+ (?:has|have|had|said)\b)"
)
_WISHED = re.compile(
    r"\b(?:urg(?:e|es|ed|ing)|call(?:s|ed|ing) (?:up)?on|press(?:es|ed|ing)|advis(?:es|ed|ing)|encourag(?:es|ed|ing)"
    r"|appeal(?:s|ed|ing) to|lobb(?:ies|ied|ying))\b.{1,160}\bto\s+(?:\w+ly\s+)?$"
    r"|\b(?:recommend|suggest|propos|insist|demand|urg)(?:e|s|es|ed|ing)?\s+that\b.{1,160}$"
    r"|\b(?:hop(?:e|es|ed|ing)|wish(?:es|ed)?|would like)\s+to\s+(?:\w+ly\s+)?$"
    r"|\b(?:should|ought to|could|might|may well|(?-i:may)|must)\s+"
    r"(?:(?:not|also|now|then|eventually|some ?day|one day|soon|at some point|have|\w+ly)\s+){0,3}$",
    re.IGNORECASE,
)
_BASE = re.compile(r"(?:sign|ink|enter|form|forge|establish|launch|conclude|reach|seal|set|partner|team|join|renew)\b")
_AHEAD = re.compile(r"\b(?:next|this|coming|within|by|as (?:early|soon)|later|tomorrow)\b", re.IGNORECASE)
_SUPPOSED = re.compile(
    r"(?:^|[\s,(])(?:if|unless|whether)\s[^,;]{0,160}$"
    r"|\b(?:speculat|rumou?r|(?:analysts?|observers|investors|traders)\b.{0,40} (?:expect|predict|believ))\w*\b"
    r".{0,160}$",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"\b(?:reject(?:s|ed|ing)?|turn(?:s|ed)? down|vot(?:es|ed) (?:down|against)|oppos(?:es|ed)|block(?:s|ed)"
    r"|consider(?:s|ing)?|weigh(?:s|ed|ing)(?: up)?|mull(?:s|ed|ing)?|contemplat(?:es|ed|ing))\b[^,;.]{0,60}$",
    re.IGNORECASE,
)
_VIEWS = re.compile(
    r"\bexchang(?:e|es|ed|ing) (?:\w+ ){0,2}(?:views?|ideas|opinions|thoughts|experiences?|notes|pleasantries)\b"
    r"[^.;]{0,90}$",
    re.IGNORECASE,
)
_TALKS = re.compile(r"\b(?:talks|negotiations|discussions)\b[^.;]{0,160}$", re.IGNORECASE)
_FAILED = re.compile(
    r"[^.;]{0,90}\b(?:collaps(?:e|es|ed)|fail(?:s|ed)?|broke (?:down|off)|broken (?:down|off)|fell (?:through|apart)"
    r"|stall(?:s|ed)?|ended without|c(?:ame|ome) to nothing)\b",
    re.IGNORECASE,
)
_DOCUMENT = re.compile(
    r"(?:agreement|deal|contract|pact|accord|arrangement)s?$|^(?:letter|memorand|mou|loi)", re.IGNORECASE
)
_SHARED = re.compile(
    r"partner|strateg|allianc|collaborat|co-?operat|joint|licen[cs]|distribut|develop|framework|research", re.IGNORECASE
)
_SOLD = re.compile(
    r"[^.;]{0,100}?\b(?:to (?:acquire|buy|purchase|merge (?:with|into))\b"
    r"|for the (?:acquisition|sale|purchase|disposal|supply|delivery) of\b"
    r"|for (?:up to |some |about |more than |another )?\d[\d,.]* (?=[^.]*\b(?:worth|valued at|order|list prices?)\b))",
    re.IGNORECASE,
)


def is_unmeant(sentence: str, trigger: Trigger, reading: Reading) -> bool:
    """Whether the words around a trigger say that nothing was committed to, or that something was sold.

    Args:
        sentence: The sentence, or the headline.
        trigger: Its words for an agreement.
        reading: What was read around them.
    """
    act = min(reading.verb_start, trigger.start) if reading.verb else trigger.start
    clause = _CLAUSE.split(sentence[max(0, act - _BACK) : act])[-1]
    before = sentence[max(0, trigger.start - _BACK) : trigger.start]
    if _SUPPOSED.search(clause) or _VIEWS.search(before) or _REFUSED.search(before):
        return True
    wished = _WISHED.search(clause)
    if wished and ("that" not in wished.group() or _BASE.match(sentence[act:])):
        return not _AHEAD.search(sentence[trigger.end : trigger.end + 60])
    if _TALKS.search(before) and _FAILED.match(sentence[trigger.end :]):
        return True
    words = sentence[trigger.start : trigger.end]
    return bool(
        not trigger.is_verb
        and _DOCUMENT.search(words)
        and not _SHARED.search(words)
        and _SOLD.match(sentence[trigger.end :])
    )


def is_another_deal(sentence: str, trigger: Trigger, triggers: Sequence[Trigger]) -> bool:
    """Whether a construction's act has an object that is no cooperation: 'reached a settlement agreement'.

    Args:
        sentence: The sentence.
        trigger: The words that the construction takes for the act.
        triggers: The sentence's own triggers; what one of them says stands.
    """
    alone = all(trigger.start != other.start for other in triggers)
    return alone and bool(vocabulary().blocking.search(sentence[trigger.start : trigger.end + 60]))
