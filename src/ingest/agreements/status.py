"""How far an agreement has come, by the tense, modality and negation of its sentence."""

from __future__ import annotations

import re

from ingest.agreements.parties import Reading
from ingest.agreements.triggers import Trigger
from ingest.documents import Status

__all__ = ["status_of"]

_ENDED = re.compile(
    r"\b(?:terminat(?:e|es|ed|ing|ion)|expir(?:e|es|ed)|call(?:s|ed)? off|cancel(?:s|led|ed)?|scrap(?:s|ped)"
    r"|end(?:s|ed|ing)? (?=(?:[\w-]+ ){0,2}"
    r"(?:partnership|agreement|deal|alliance|collaboration|tie-?up|venture|pact)\b)"
    r"|dissolv(?:e|es|ed)|withdr(?:aw|ew|awn)|end(?:s|ed) (?:its|their|the|an?)|"
    r"cut(?:s)? ties|tear(?:s)? up|tore up|discontinu(?:e|es|ed)|wound up|revok(?:e|es|ed)|laps(?:e|es|ed)"
    r"|br(?:eak|eaks|oke|oken) off|suspend(?:s|ed)|pull(?:s|ed|ing) out of|dropp?(?:s|ed) out of|walk(?:s|ed"
    r"|ing) away from|abandon(?:s|ed)"
    r"|exit(?:s|ed)|quit(?:s)?|c(?:ame|omes?) to an end|(?:will|would|did|do|does) not (?:be )?renew(?:ed)?|lapse"
    r"|(?:let|lets|letting) (?:\S+ ){1,6}expire|notice to (?:end|terminate|quit)|hand(?:s|ed) back)\b",
    re.IGNORECASE,
)
_RENEWED = re.compile(
    r"\b(?:renew(?:s|ed|ing|al)?|prolong(?:s|ed|ing)?|re-?sign(?:s|ed)?|amend(?:s|ed|ing)? (?:the|its|their)\b"
    r"|extend(?:s|ed|ing)? (?:(?:the|its|their|an?|our|this|\w+[’']s|existing|current"
    r"|by [\w ]+?) )+(?:[\w-]+ ){0,4}(?:agreements?|partnerships?"
    r"|memorand\w+|mous?|contracts?|alliances?|collaborations?|co-?operation|pacts?|deals?|licen[cs]es?"
    r"|relationships?|accords?|ventures?)\b"
    r"|extension (?:of|to)|amended and restated|once again (?:sign|partner|team)\w*|redeveloped|"
    r"upgrad(?:e|es|ed|ing)|(?:further|renewed|new) agreement which sees|continues? (?:its |their |the "
    r"|\w+ )?(?:strategic |long\S* )?(?:partnership|alliance|collaboration)|"
    r"(?:strengthen|deepen|expand|broaden)(?:s|ed|ing)? (?:the|its|their|our|an?|this|\w+) (?:existing |current "
    r"|long\S* |strategic |successful |ongoing )*(?:partnership|alliance|collaboration|co-?operation"
    r"|relationship|agreement)|"
    r"expanded (?:strategic )?(?:partnership|collaboration|agreement)|new phase"
    r"|latest (?:strategic )?(?:partnership|agreement))\b",
    re.IGNORECASE,
)
_WILL = re.compile(
    r"(?:\b(?:will|would|shall|to|plans? to|planning to|set to|expect(?:s|ed)? to|intend(?:s|ed)? to|about to"
    r"|due to|scheduled to|ready to|wants? to|aims? to|in talks to|negotiating|proposed|is to|are to|soon|be)\s+"
    r"(?:(?:today|also|soon|formally|officially|jointly|be|shortly|then|now|(?:this|on|next) \w+)\s+){0,2})$",
    re.IGNORECASE,
)
_PLEASED = re.compile(
    r"\b(?:pleased|proud|excited|thrilled|delighted|happy|honou?red|glad|gathered|met|joined [^.]{0,60}|agreed"
    r"|agrees|able|travelled)\s+(?:to\s+)?(?:today\s+)?(?:to\s+)?$",
    re.IGNORECASE,
)
_PROPOSED = re.compile(
    r"\b(?:propos(?:ed|es|ing)|plan(?:s|ned|ning) (?:an?|the|new|joint)\b|planned|upcoming|forthcoming"
    r"|prospective|draft|in (?:talks|negotiations?|discussions?)"
    r"|negotiating|under negotiation|yet to be signed|to be signed|would be signed|will be signed|"
    r"expected to be signed|is being finali[sz]ed|are being finali[sz]ed|is being drafted)\b",
    re.IGNORECASE,
)

_TO_BE_SIGNED = re.compile(
    r"\b(?:(?:is|are|was|were) (?:expected|due|set|scheduled|planned|likely|to)(?: to)? be|(?:will|would) be|to be)\s+"
    r"(?:formally |officially |\w+ly )?(?:signed|concluded|inked|sealed|finali[sz]ed)\b",
    re.IGNORECASE,
)
_PLANS_TO = re.compile(
    r"\b(?:plans?|intention|intends?|aims?|wants?|hopes?) to (?:form|sign|establish|enter(?: into)?|set up"
    r"|create|launch|seal|conclude)"
    r" (?:(?:an?|the|its|their) )?(?:[\w-]+ ){0,3}$",
    re.IGNORECASE,
)

# What a document itself does: said behind the names of its parties.
_EXPIRED = re.compile(
    r"\b(?:expired|lapsed|ran out|(?:has|had|was|were) (?:been )?(?:terminated|cancelled|scrapped|called off|dissolved"
    r"|wound up)"
    r"|c(?:ame|ome) to an end)\b",
    re.IGNORECASE,
)
_CLAUSE_END = re.compile(r"[;—]|, (?:but|and|while)\b")


def status_of(sentence: str, trigger: Trigger, reading: Reading) -> Status:
    """Status of the agreement that a trigger names, by the words around it."""
    window = sentence[max(0, reading.verb_start - 60) : trigger.end + 80]
    near = sentence[max(0, trigger.start - 70) : trigger.end + 40]
    ahead = _CLAUSE_END.split(sentence[trigger.end : trigger.end + 100], maxsplit=1)[0]
    if _ENDED.search(near) or _EXPIRED.search(ahead):
        return Status.ENDED
    before = sentence[: reading.verb_start]
    verb = reading.verb
    announces = verb.startswith(("announc", "unveil", "confirm", "introduc"))
    if _WILL.search(before) and not _PLEASED.search(before) and not announces and not _is_purpose(before):
        today = re.search(r"\btoday\b", window, re.IGNORECASE)
        return Status.SIGNED if today and verb.startswith("sign") else Status.PLANNED
    if _PROPOSED.search(near) or _TO_BE_SIGNED.search(ahead) or _PLANS_TO.search(sentence[: trigger.start]):
        return Status.PLANNED
    if _RENEWED.search(window):
        return Status.RENEWED
    return Status.SIGNED


def _is_purpose(before: str) -> bool:
    """'X and Y gathered to sign', 'has agreed to form': done, though the verb is an infinitive."""
    return bool(
        re.search(
            r"\b(?:signed|agreed|agreement|memorandum|mou|partnered|partnership|collaborat\w+"
            r"|announced)\b[^,;]{0,80}\bto\s+$",
            before,
            re.IGNORECASE,
        )
    )
