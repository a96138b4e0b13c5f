"""Fits, thresholds and figures by cross-fitting: what is chosen or told comes from articles that no fit has seen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from types import MappingProxyType

from ingest.agreements.claims import Claim, merge
from ingest.agreements.english import mentions
from ingest.agreements.news import news_features
from ingest.agreements.training.examples import Example
from ingest.agreements.training.regression import Row, fit
from ingest.agreements.weighing import Weights, weigh
from ingest.documents import Mention
from ingest.evaluate.counts import Counts
from ingest.evaluate.matching import Agreement, match

__all__ = ["Made", "train"]

_FOLDS = 5
_SPLITS = ("a", "b", "c", "d")  # the folds are drawn anew for each: one draw decides too much with so few labels
_PENALTY = 8.0
_NEWS_PENALTY = 5.0
_BELIEFS = tuple(at / 20 for at in range(10, 15))  # from even odds: what is more likely wrong than right is not told
_AS_GOOD = 0.01  # of two F1 added up
_NEWS = (0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6)

# What is known before any label, in log-odds: an act that names both sides states an agreement, in whatever kind of
# article; who seems to be a person, or a hope, speaks against it. The weights are drawn to this, not to nought.
_PRIOR = MappingProxyType(
    {
        "bias": -1.0,
        "explicit=sign": 2.0,
        "explicit=announce": 2.0,
        "explicit=form": 1.5,
        "cue=hope": -0.5,
        "incidental": -1.0,
        "title-pair": 0.5,
        "in-title=2": 0.4,
        "subject-in": 0.25,
        "all-organisations": 0.25,
        "person-like=1": -0.4,
        "person-like=2": -0.6,
        "lone-brand": -0.2,
        "rarest=1": -0.15,
        "other-pair-in-title": -0.35,
        "takeover-near": -0.35,
        "deal-ahead": -1.0,
        "cue=other-deal": -0.35,
        "cue=takeover": -0.15,
        "cue=no": -0.35,
        "hope-before": -0.35,
        "unknowns=2": -0.1,
        "strong=True": 0.25,
        "strong=False": -0.15,
        "places=1": -0.2,
        "head=mou": 0.35,
        "head=partners": -0.15,
        "head=integration": -0.25,
        "title-other-news": -0.15,
        "determiner=indefinite": 0.2,
        "side=closed": 0.2,
        "construction": 0.15,
        "single": -0.5,
        "act-behind": 1.5,
        "hub act": 0.8,
        "personal": -2.0,
        "personal act": -0.8,
        "permitted": -2.0,
        "sold": -1.5,
        "general": -1.5,
        "hoped": -2.5,
        "goes on": -0.5,
        "title-open": -0.6,
        "debt-near": -0.7,
        "odd-party": -1.0,
        "kin": -1.5,
        "letters": -0.5,
    }
)
# And what was signed in an earlier year is no news; what the headline says is.
_NEWS_PRIOR = MappingProxyType(
    {
        "old": -6.0,
        "title-pair": 1.5,
        "in-title=2": 0.8,
        "title-trigger in-title=2": 0.5,
        "place=lede": 0.7,
        "place=title": 0.7,
        "cue=pluperfect": -1.5,
        "told of year": -1.5,
        "told of older": -1.5,
        "told of quarter": 0.8,
        "told of week": 0.7,
        "signed quarter": 0.6,
        "year=old": -1.0,
        "cue=lasting": -1.0,
        "cue=example": -0.7,
        "cue=past": -0.7,
        "cue=such": -0.4,
        "explicit=announce": 0.6,
        "cue=now": 0.7,
        "cue=today": 0.2,
        "status=planned": 1.0,
        "title-trigger": 0.6,
        "other-pair-in-title": -0.7,
        "cue=continues": -0.5,
        "bias": 0.5,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """Weights, and what they reach on articles that were held out, on average over the splits.

    Attributes:
        weights: Fitted to all articles.
        news_f1: F1 of agreements that are news.
        article_f1: F1 of articles with news of an agreement.
    """

    weights: Weights
    news_f1: float
    article_f1: float


def train(examples: Sequence[Example], tell: Callable[[str], object]) -> Made:
    """Fit to all examples; choose the thresholds, and measure, by cross-fitting.

    Args:
        examples: Labelled articles.
        tell: Called with what is being done.
    """
    sums: dict[tuple[float, float], list[float]] = defaultdict(lambda: [0.0, 0.0])
    for number, split in enumerate(_SPLITS, start=1):
        tell(f"cross-fitting, split {number} of {len(_SPLITS)}")
        held_out = _held_out(examples, split)
        for pair in ((belief, news) for belief in _BELIEFS for news in _NEWS):
            for at, figure in enumerate(_figures(held_out, *pair)):
                sums[pair][at] += figure / len(_SPLITS)
    best = _choose({pair: sum(figures) for pair, figures in sums.items()})
    tell("fitting to all articles")
    fitted = _fit(examples)
    return Made(
        weights=replace(fitted, threshold=best[0], news_threshold=best[1]),
        news_f1=sums[best][0],
        article_f1=sums[best][1],
    )


def _fit(examples: Sequence[Example]) -> Weights:
    """Belief from single claims, news from the groups that these, weighed, make."""
    rows = []
    for example in examples:
        for group in merge(example.claims):
            own = [claim for claim in group if claim.is_own]
            rows += [
                Row(features=claim.features, answer=example.told(claim) is not None, weight=1 / len(own))
                for claim in own
            ]
    table = Weights(belief=fit(rows, _PRIOR, penalty=_PENALTY), news={}, threshold=_BELIEFS[0], news_threshold=_NEWS[0])
    news = []
    for example in examples:
        for group in merge(weigh(example.claims, table)):
            if (gold := example.told(group[0])) is not None:
                row = Row(features=news_features(group, example.article.published), answer=gold.is_news)
                news.append(row)
    return replace(table, news=fit(news, _NEWS_PRIOR, penalty=_NEWS_PENALTY))


_Held = tuple[Example, tuple[Claim, ...], Weights]


def _held_out(examples: Sequence[Example], split: str) -> list[_Held]:
    """The examples, with their claims weighed by a fit that has not seen their article, and that fit."""
    weighed: list[_Held] = []
    for number in range(_FOLDS):
        table = _fit([e for e in examples if _fold(e.id, split) != number])
        weighed += [(e, weigh(e.claims, table), table) for e in examples if _fold(e.id, split) == number]
    return weighed


def _fold(identity: str, split: str) -> int:
    return int(sha256((split + identity).encode()).hexdigest(), 16) // 7 % _FOLDS


def _figures(held_out: Sequence[_Held], belief: float, news: float) -> tuple[float, float]:
    """F1 of news agreements and of articles with one."""
    agreements, articles = Counts(), Counts()
    for example, claims, table in held_out:
        found = mentions(example.article, claims, replace(table, threshold=belief, news_threshold=news))
        said = [_agreement(mention) for mention in found if mention.is_news]
        wanted = [agreement for agreement in example.labelled if agreement.is_news]
        agreements += Counts(len(match(wanted, said)), len(said), len(wanted))
        articles += Counts(bool(wanted) and bool(said), bool(said), bool(wanted))
    return agreements.f1, articles.f1


def _agreement(mention: Mention) -> Agreement:
    return Agreement(parties=tuple(party.name for party in mention.parties))


def _choose(scores: dict[tuple[float, float], float]) -> tuple[float, float]:
    """The lowest thresholds that are as good as the best, each averaged with its neighbours: a lone peak is chance.

    Where labels cannot tell, the lower one is right: who wants fewer can go by the confidence, and what is not listed
    cannot be had back.
    """

    def smooth(pair: tuple[float, float]) -> float:
        near = [
            score
            for other, score in scores.items()
            if abs(_BELIEFS.index(other[0]) - _BELIEFS.index(pair[0])) <= 1
            and abs(_NEWS.index(other[1]) - _NEWS.index(pair[1])) <= 1
        ]
        return sum(near) / len(near)

    smoothed = {pair: smooth(pair) for pair in scores}
    best = max(smoothed.values())
    lowest = min(belief for (belief, _), score in smoothed.items() if score >= best - _AS_GOOD)
    return max((pair for pair in scores if pair[0] == lowest), key=lambda pair: (smoothed[pair], -pair[1]))
