"""How far a claim is believed: features of its sentence and its article, weighed by a logistic regression.

The weights are package data; `ingest train agreements` makes them again from labelled articles.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources

from ingest.agreements.claims import Claim
from ingest.agreements.manner import manner_of
from ingest.agreements.names import Sort
from ingest.agreements.news import told_of
from ingest.agreements.parties import Reading, Reference
from ingest.agreements.roster import Organisation
from ingest.agreements.triggers import Trigger
from ingest.agreements.vocabulary import vocabulary
from ingest.documents import Moment, Status

__all__ = ["Setting", "Weights", "features_of", "probability", "weigh", "weights"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Weights by feature; `bias` counts always.

    Attributes:
        belief: For 'this claim states an agreement with these parties'.
        news: For 'and it is news', among those that do.
        threshold: Belief from which an agreement is listed.
        news_threshold: News probability from which it is called news.
    """

    belief: Mapping[str, float]
    news: Mapping[str, float]
    threshold: float
    news_threshold: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """Where a claim stands in its article.

    Attributes:
        place: Number of its sentence; -1 for the headline.
        total: Number of sentences.
        is_headline: Whether its line is a headline of its own.
        title_triggers: Whether the title has a trigger.
        title_parties: Full names of organisations in the title.
        subject: Full name of the organisation that the article is about.
        title_pairs: Party sets that the title itself states.
        published: When the article was published.
        title: The headline.
        lede_end: Where the lede ends in the text.
        length: Of the text.
    """

    place: int
    total: int
    is_headline: bool
    title_triggers: bool
    title_parties: frozenset[str]
    subject: str
    title_pairs: frozenset[frozenset[str]]
    published: Moment | None
    title: str = ""
    lede_end: int = 0
    length: int = 1


@cache
def weights() -> Weights:
    """Load the weights that ship with the package."""
    text = resources.files("ingest").joinpath("knowledge", "agreements_weights.json").read_text(encoding="utf-8")
    data = json.loads(text)
    return Weights(
        belief=data["belief"],
        news=data["news"],
        threshold=data["threshold"],
        news_threshold=data["news_threshold"],
    )


def probability(features: Iterable[str], table: Mapping[str, float]) -> float:
    """Logistic function of the sum of the features' weights; unknown features weigh nothing."""
    total = table.get("bias", 0.0) + sum(table.get(feature, 0.0) for feature in features)
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def weigh(claims: Iterable[Claim], table: Weights) -> tuple[Claim, ...]:
    """The claims with their belief; what does not name its parties itself has none."""
    return tuple(
        replace(claim, belief=probability(claim.features, table.belief) if claim.is_own else 0.0) for claim in claims
    )


_HEADS = (
    ("mou", r"memorand|mou|\bloi|letter|statement|heads of|declaration"),
    ("partnership", r"partnership"),
    ("partners", r"partners\b"),
    ("collaboration", r"collaborat"),
    ("alliance", r"alliance"),
    ("venture", r"venture|\bjv|fund|company"),
    ("licence", r"licen[cs]|distribut|develop|technology transfer"),
    ("facility", r"laborator|lab\b|cent(?:re|er)|institute|campus|incubator|platform|park|hub|base|college|school"),
    ("cooperation", r"co-?operat"),
    ("integration", r"integrat|affiliat"),
    ("joint", r"joint"),
    ("agreement", r"agreement|deal|pact|accord|treat|protocol|compact|arrangement|contract|deed|framework"),
)
_ACTS = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        (
            "sign",
            (
                r"sign|ink|enter|conclud|seal|struck|strik|agree|initial|ratif|execut|finali|formali|reach|secur"
                r"|clinch|land|exchanged|renew|extend|terminat|grant"
            ),
        ),
        ("announce", r"announc|unveil|reveal|confirm|introduc"),
        ("form", r"form|forg|establish|launch|set|inaugurat|creat|initiat|join|kick|cement|complet|made|began|upgrad"),
    )
)
_DETERMINER = re.compile(
    r"\b(?P<definite>this|that|these|the|our|its|their|his|such)\s+(?:[\w-]+\s+){0,4}$|\b(?P<indefinite>an?|new"
    r"|another|two|three|four|multiple|several)\s+(?:[\w,-]+\s+){0,5}$",
    re.IGNORECASE,
)
_CUES = {
    "today": r"\b(?:today|this week|this month|yesterday|recently|just|officially|has announced|have announced"
    r"|announces|newly)\b",
    "past": r"\b(?:previous(?:ly)?|earlier|already|existing|since|ago|last year|originally|historically"
    r"|long-?(?:standing|term)|over the (?:past|years)|ongoing|to date)\b",
    "perfect": r"\b(?:has|have) been\b",
    "continues": r"\bcontinu(?:e|es|ed|ing)\b",
    "pluperfect": r"\bhad\s+(?:also\s+|already\s+|previously\s+|earlier\s+|first\s+)?(?:\w+ed|struck|been|made)\b",
    "lasting": r"\bfor (?:about |around |over |more than |nearly |almost |the (?:past|last) )?(?:\d+|two|three|four"
    r"|five|six|seven|eight|nine|ten|many|several|some) (?:months|years|decades)\b|\bsince (?:19|20)\d\d\b",
    "now": r"\b(?:today|yesterday|this week|this month)\b",
    "example": r"\b(?:for example|for instance|among (?:others|its)|key partner(?:ship)?s"
    r"|partner(?:ship)?s include)\b",
    "future": r"\b(?:will|plans? to|would|expects?|intends?|future|upcoming|next phase)\b",
    "hope": r"\b(?:hop(?:e|es|ing)|look(?:s|ing)? forward|seek(?:s|ing)?|potential|(?-i:may)|might|could|should"
    r"|opportunit\w+|explor\w+)\b",
    "quote": r"[“”\"]",
    "said": r"\b(?:said|says|stated|commented|added|noted|explained)\b",
    "proud": r"\b(?:pleased|proud|thrilled|excited|delighted|happy)\b",
    "such": r"\b(?:such as|including)\b",
    "takeover": r"\b(?:acqui|merger|takeover|shares|stockholders|shareholders|investment|funding|settle|court"
    r"|tariff)",
    "support": r"\b(?:supports?|enables?|allows?|provides?|helps?|positions?|underscores?|reflects?|highlights?"
    r"|demonstrates?)\b",
    "under": r"\bunder (?:the|this|its|an?|our|terms)\b",
    "by": r"\b(?:by|through|via) partnering\b",
    "member": r"\b(?:member|subsidiary|owned|customers?|clients?)\b",
    "other-deal": r"\b(?:leas(?:e|ed|ing)|dispute|publish(?:er|ing)|book|stadium|naming rights|sponsor\w*|wages?"
    r"|bargain\w*|strike|territorial|easements?|grants?|players?|transfer fee|talks)\b",
    "no": r"\b(?:not|no|never|without|if|unless|denied)\b",
}
_CUE = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _CUES.items()}
_HEAD = tuple((name, re.compile(pattern, re.IGNORECASE)) for name, pattern in _HEADS)
_YEAR = re.compile(r"(?<![\w$€£.,-])(?:19|20)\d\d\b")


_WORD_BEFORE = re.compile(r"([\w'’-]+)\W{0,2}$")
_WORD_AFTER = re.compile(r"\W{0,2}([\w'’-]+)")
_DEAL_AHEAD = re.compile(
    r"[^.;]{0,60}?\b(?:to (?:acquire|buy|purchase|merge|sell (?:its|the|all|a|an|two|three|up|certain|substantially))"
    r"|for the (?:acquisition|sale|purchase|disposal|supply))\b",
    re.IGNORECASE,
)
_OTHER_NEWS = re.compile(
    r"\b(?:acqui\w+|takeover|merge\w*|stake|loan|funding|raises?|round|invest\w*|results|quarter|profit|revenue"
    r"|shares?|ipo|listing"
    r"|award\w*|appoint\w*|settle\w*|court|strike|union|sponsor\w*|election|speech|report|study|update|sells?"
    r"|sale|buys?)\b",
    re.IGNORECASE,
)


_SHORT = 2_000  # characters of an article in which few are named twice
_PERSON_LIKE = re.compile(r"[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]+")


def features_of(
    sentence: str,
    trigger: Trigger,
    reading: Reading,
    parties: Sequence[Organisation],
    status: Status,
    setting: Setting,
) -> frozenset[str]:
    """The features of a claim, as names; each is present or not.

    Args:
        sentence: The sentence, or the headline.
        trigger: Its trigger.
        reading: What was read around it.
        parties: Who was made of that.
        status: What status was read.
        setting: Where the claim stands.
    """
    found = set(_of_words(sentence, trigger, reading, setting))
    found.update(_of_structure(trigger, reading, status))
    found.update(_of_parties(parties, setting))
    found.update(manner_of(sentence, trigger, reading, parties, setting.title))
    if told := told_of(sentence, setting.published):
        found.add(told)
    if len(parties) == 1:
        found.update(f"single {name}" for name in ("described", "strong=True", "verb-trigger") if name in found)
    place = setting.place
    bucket = "title" if place < 0 else "lede" if place < 2 else "top" if place < 5 else "body"
    found.add(f"place={bucket}")
    if place > 4 and place > 0.7 * setting.total:
        found.add("place=end")
    if setting.is_headline and place >= 0:
        found.add("headline")
    if setting.title_triggers:
        found.add("title-trigger")
        found.add(f"title-trigger place={bucket}")
    return frozenset(found)


def _of_words(sentence: str, trigger: Trigger, reading: Reading, setting: Setting) -> Iterable[str]:
    words = sentence[trigger.start : trigger.end]
    head = next((name for name, pattern in _HEAD if pattern.search(words)), "other")
    yield f"head={head}"
    match = _DETERMINER.search(sentence[: trigger.start])
    determiner = match.lastgroup if match and match.lastgroup else "none"
    yield f"determiner={determiner}"
    act = next((name for name, pattern in _ACTS if pattern.match(reading.verb)), "other" if reading.verb else "none")
    yield f"act={act}"
    both = bool(reading.subject and reading.counterpart) or reading.closed or len(reading.subject) > 1
    both = both or reading.reference is Reference.PAIR
    if both and (act in {"sign", "announce", "form"} or (trigger.is_verb and setting.place < 3)):
        yield f"explicit={act}"
        yield f"explicit place={'top' if setting.place < 4 else 'body'}"
    yield from _cues(sentence)
    near = sentence[max(0, reading.verb_start - 50) : trigger.end + 60]
    years = [int(year) for year in _YEAR.findall(near)]
    if years and setting.published:
        yield "year=old" if max(years) < int(setting.published.day[:4]) else "year=now"
    if reading.verb:
        yield f"verb={reading.verb[:6]}"
    yield f"kind={trigger.kind.value}"
    yield f"word={words.casefold().split()[-1][:9]}"
    before, after = _WORD_BEFORE.search(sentence[: trigger.start]), _WORD_AFTER.match(sentence[trigger.end :])
    yield f"before={before.group(1).casefold() if before else ''}"
    yield f"after={after.group(1).casefold() if after else ''}"
    if _DEAL_AHEAD.match(sentence[trigger.end :]):
        yield "deal-ahead"
    if _OTHER_NEWS.search(setting.title):
        yield "title-other-news"
    if sentence[:1] in '“"':
        yield "quoted"
    if vocabulary().hope.search(sentence[max(0, min(reading.verb_start, trigger.start) - 45) : trigger.start]):
        yield "hope-before"
    if vocabulary().takeover.search(sentence[max(0, trigger.start - 60) : trigger.end + 60]):
        yield "takeover-near"


@lru_cache(maxsize=64)
def _cues(sentence: str) -> tuple[str, ...]:
    """Cues of a sentence; kept, as a sentence often has several claims."""
    return tuple(f"cue={name}" for name, pattern in _CUE.items() if pattern.search(sentence))


def _of_structure(trigger: Trigger, reading: Reading, status: Status) -> Iterable[str]:
    yield "verb-trigger" if trigger.is_verb else f"strong={reading.is_strong}"
    side = "closed" if reading.closed else "subject" if reading.subject else str(reading.reference or "nobody")
    yield f"side={side}"
    yield f"status={status.value}"
    for name, holds in (
        ("plural", trigger.plural),
        ("incidental", reading.is_incidental),
        ("described", reading.described),
        ("separate", reading.separate),
    ):
        if holds:
            yield name


def _of_parties(parties: Sequence[Organisation], setting: Setting) -> Iterable[str]:
    names = frozenset(party.full for party in parties)
    if len(names) > 3:
        yield "many-parties"
    yield f"in-title={min(2, len(names & setting.title_parties))}" if setting.title_parties else "title-nobody"
    if setting.title_triggers and setting.title_parties:
        yield f"title-trigger in-title={min(2, len(names & setting.title_parties))}"
    if setting.subject in names:
        yield "subject-in"
    if any(len(names & pair) > 1 for pair in setting.title_pairs):
        yield "title-pair"
    elif setting.title_pairs:
        yield "other-pair-in-title"
    yield f"named={_stage(max(party.first for party in parties), setting)}"
    length = "short " if setting.length < _SHORT else ""
    yield f"{length}rarest={min(3, *(party.count for party in parties))}"
    yield from _of_sorts(parties)
    if len(names) == 1:
        yield "single"
        yield f"single place={'top' if setting.place < 3 else 'body'}"
        yield f"single subject={setting.subject in names}"


def _stage(position: int, setting: Setting) -> str:
    """In what part of the article a position lies."""
    if position < 0:
        return "title"
    if position < setting.lede_end:
        return "lede"
    return "late" if position > 0.6 * setting.length else "mid"


def _of_sorts(parties: Sequence[Organisation]) -> Iterable[str]:
    persons = sum(party.sort is Sort.UNKNOWN and bool(_PERSON_LIKE.fullmatch(party.full)) for party in parties)
    if persons:
        yield f"person-like={min(2, persons)}"
    for sort in (Sort.PLACE, Sort.UNKNOWN):
        number = sum(party.sort is sort for party in parties)
        if number:
            yield f"{sort.value}s={min(2, number)}"
    if any(party.sort is Sort.UNKNOWN and " " not in party.full and party.count < 2 for party in parties):
        yield "lone-brand"
    if all(party.sort is Sort.ORGANISATION for party in parties):
        yield "all-organisations"
