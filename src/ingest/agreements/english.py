"""English articles: what each sentence says of an agreement, merged so that each agreement is listed once."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.agreements.claims import Claim, merge
from ingest.agreements.dates import event_year
from ingest.agreements.kinds import builds_together, kind_of
from ingest.agreements.news import news_features
from ingest.agreements.parties.constructions import may_build
from ingest.agreements.reader import Reader, unwrapped
from ingest.agreements.terms import fields_of, value_of
from ingest.agreements.triggers import find_triggers, fires
from ingest.agreements.weighing import Weights, probability, weigh, weights
from ingest.documents import Article, Kind, Language, Mention, Moment, Party, Status
from ingest.sentences import Sentence, split

__all__ = ["claims_of", "find", "mentions"]

# Characters of a sentence beyond which nobody wrote it as one: each trigger reads all of its sentence.
_LONGEST = 2_000
# Of agreements with one named party, in the lede, how many are labelled as such: they are too few to learn from.
_ONE_NAMED = 0.6
_SURE = 0.7  # belief in a headline that has no word for the act
_LEDE = range(4)


def find(article: Article, language: Language) -> tuple[Mention, ...]:  # noqa: ARG001 - the signature of every reader
    """Find the agreements that an English article states, each once.

    Args:
        article: The cleaned article; its boilerplate spans never fire, though names in them count for the fullest form.
        language: Not needed: the caller has chosen this reader by it.

    Returns:
        Mentions, at least one party each, in the order in which the text states them.
    """
    claims = claims_of(article)
    return mentions(article, weigh(claims, weights()), weights()) if claims else ()


def claims_of(article: Article) -> tuple[Claim, ...]:
    """All that the sentences of an article and its headline claim, not weighed yet."""
    sentences = unwrapped(article.text, split(article.text, article.boilerplate))
    firing = [
        (sentence, triggers)
        for sentence in fires(article.text, sentences)
        if sentence.end - sentence.start <= _LONGEST
        for words in [article.text[sentence.start : sentence.end]]
        if (triggers := find_triggers(words)) or may_build(words)
    ]
    return Reader(article, sentences, firing).claims() if firing or find_triggers(article.title or "") else ()


def mentions(article: Article, claims: Sequence[Claim], table: Weights) -> tuple[Mention, ...]:
    """The agreements that the claims of an article, weighed, amount to; what `find` returns of them."""
    merged = merge(claims)
    groups = [group for group in merged if any(claim.sentence for claim in group)]
    several = [
        group for group in groups if len(group[0].parties) > 1 and max(c.belief for c in group) >= table.threshold
    ]
    alone = [group for group in groups if len(group[0].parties) == 1 and any(map(_faces_someone, group))]
    kept = several or alone or _in_headline_only(article, merged, table)
    year = event_year(article.text) if kept and article.published is None else None
    return tuple(_mention(article, group, table, year, is_alone=len(kept) == 1) for group in kept)


def _in_headline_only(article: Article, groups: Sequence[list[Claim]], table: Weights) -> list[list[Claim]]:
    """What nothing but the headline states, in so many words: both parties, and an act."""
    if article.title is None or article.title.isupper():
        return []
    return [
        group
        for group in groups
        if group[0].sentence is None
        and len(group[0].parties) > 1
        and group[0].belief >= (table.threshold if {"strong=True", "verb-trigger"} & group[0].features else _SURE)
    ]


def _naming(article: Article, group: Sequence[Claim]) -> Sentence:
    """The sentence of the body that names most of the parties that the headline names; its first, where none does."""
    names = [party.full for party in group[0].parties]
    body = split(article.text, article.boilerplate)
    return max(body, key=lambda s: sum(name in article.text[s.start : s.end] for name in names), default=Sentence(0, 0))


def _faces_someone(claim: Claim) -> bool:
    """Whether the lede says that one named organisation acts with one that is only described."""
    return (
        claim.place in _LEDE
        and "described" in claim.features
        and bool({"strong=True", "verb-trigger"} & claim.features)
    )


def _kind(text: str, group: Sequence[Claim], belief: float, *, whole: bool) -> Kind:
    """By all words for it; where an article tells of one alone, 'this strategic partnership' is said of that one."""
    told = [claim for claim in group if claim.belief > 0.5 * belief or (whole and not claim.is_own)]
    kind = kind_of(frozenset(claim.kind for claim in told))
    stated = [claim.sentence for claim in told if claim.sentence and claim.is_own]
    if kind is Kind.COOPERATION_AGREEMENT and any(builds_together(text[s.start : s.end]) for s in stated):
        return Kind.JOINT_FACILITY
    return kind


def _mention(
    article: Article, group: Sequence[Claim], table: Weights, year: Moment | None, *, is_alone: bool
) -> Mention:
    """One mention of a group of claims: its best sentence, and the kind by all of its words."""
    whole = group[0]
    stated = [claim for claim in group if claim.sentence]
    best = max(stated or group, key=lambda c: (c.belief + 0.1 * (len(c.names) == len(whole.names)), -c.place))
    sentence = best.sentence or _naming(article, group)
    belief = max(claim.belief for claim in group)
    is_news = probability(news_features(group, article.published), table.news) >= table.news_threshold
    lead = max(group, key=lambda claim: (claim.belief, -claim.place))
    status = lead.status if lead.status is not Status.SIGNED else best.status
    signed = next((claim.signed_on for claim in sorted(stated, key=lambda c: -c.belief) if claim.signed_on), None)
    if signed is None and is_news:
        signed = year
    words = article.text[sentence.start : sentence.end]
    spans = {party.full: span for party, span in zip(best.parties, best.spans, strict=True)}
    return Mention(
        parties=tuple(
            Party(name=party.full, start=span[0] if span else None, end=span[1] if span else None)
            for party in whole.parties
            for span in [spans.get(party.full)]
        ),
        kind=_kind(article.text, group, belief, whole=is_alone),
        status=status,
        is_news=is_news,
        signed_on=None if status is Status.PLANNED else signed,
        start=sentence.start,
        end=sentence.end,
        evidence=words,
        fields=fields_of(words),
        value=value_of(words),
        confidence=round(belief if len(whole.parties) > 1 else _ONE_NAMED, 3),
    )
