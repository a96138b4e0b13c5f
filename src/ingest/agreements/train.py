"""Make the weights of the agreement reader from labelled articles.

    python -m ingest.agreements.train --labels LABELS.jsonl --articles ARTICLES.jsonl --output WEIGHTS.json

Both options may be repeated, in pairs. A claim of the reader counts as right where its parties are those of a labelled
agreement of its article; among these, as news where that agreement is. Two logistic regressions with an L2 penalty are
fitted by gradient descent, in plain Python and without chance: the same input gives the same weights. The threshold is
the one with the best F1 of news agreements over articles that were held out from the fit.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType

from ingest.agreements.claims import Claim, merge
from ingest.agreements.english import claims_of
from ingest.agreements.roster import fold
from ingest.agreements.weighing import probability
from ingest.documents import Article, Moment, Origin, Precision
from ingest.extract import boilerplate

__all__ = ["Example", "Gold", "Row", "choose", "fit", "main", "read_examples"]

_FOLDS = 5
_PENALTY = 5.0
_STEPS = 250
_FEWEST = 3  # features seen less often are left out
_PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}


# What is known before any label: an act that names both sides states an agreement, in whatever kind of article.
_PRIOR = MappingProxyType(
    {
        "bias": -1.0,
        "explicit=sign": 2.0,
        "explicit=announce": 2.0,
        "explicit=form": 1.5,
        "cue=hope": -0.5,
        "incidental": -1.0,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Something to learn from: features present, the answer, and how much it counts."""

    features: frozenset[str]
    answer: bool
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Gold:
    """A labelled agreement: the folded names of its parties, and whether it is news."""

    parties: tuple[frozenset[str], ...]
    is_news: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An article's claims and its labelled agreements."""

    article_id: str
    claims: tuple[Claim, ...]
    gold: tuple[Gold, ...]

    def told(self, claim: Claim) -> Gold | None:
        """The labelled agreement that a claim tells of, if any; news before background."""
        names = [frozenset(fold(party.full)) for party in claim.parties]
        for gold in sorted(self.gold, key=lambda g: not g.is_news):
            found = sum(any(_alike(name, party) for name in names) for party in gold.parties)
            if found >= min(2, len(gold.parties)) and len(names) <= len(gold.parties) + 1:
                return gold
        return None


def _alike(a: frozenset[str], b: frozenset[str]) -> bool:
    """Whether two names are one: most words in common, or a short form of at least two words."""
    small, large = sorted((a, b), key=len)
    inside = small <= large and len(small) >= 2 and len(large) - len(small) <= 3
    return bool(small) and (inside or len(a & b) / len(a | b) >= 0.6)


def read_examples(labels: Path, articles: Path) -> list[Example]:
    """Run the reader over labelled articles.

    Args:
        labels: JSON lines of `{"id", "agreements": [{"parties", "is_news"}]}`; only English ones count.
        articles: JSON lines of `{"id", "title", "text", "published"}`.
    """
    gold = {
        row["id"]: row["agreements"] for row in map(json.loads, _lines(labels)) if row.get("language", "en") == "en"
    }
    rows = (row for row in map(json.loads, _lines(articles)) if row["id"] in gold)
    return [
        Example(
            article_id=row["id"],
            claims=claims_of(_article(row["text"], row.get("title"), row.get("published"))),
            gold=tuple(
                Gold(parties=tuple(frozenset(fold(name)) for name in a["parties"]), is_news=a["is_news"])
                for a in gold[row["id"]]
            ),
        )
        for row in rows
    ]


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def _article(text: str, title: str | None, published: str | None) -> Article:
    day = (published or "")[:10]
    return Article(
        text=text,
        title=title,
        published=Moment(iso=day, precision=_PRECISIONS[len(day)], origin=Origin.RECORD) if day else None,
        boilerplate=boilerplate(text, title),
    )


def fit(rows: Sequence[Row], prior: Mapping[str, float] = MappingProxyType({})) -> dict[str, float]:
    """Logistic regression by gradient descent with momentum.

    Args:
        rows: What to learn from.
        prior: What a weight is drawn to where the rows say little; nought where it names none.

    Returns:
        Weight by feature, `bias` among them; nothing but the bias where all answers are equal.
    """
    seen = Counter(feature for row in rows for feature in row.features)
    known = {"bias", *prior, *(feature for feature, number in seen.items() if number >= _FEWEST)}
    kept = [(sorted(row.features & known), float(row.answer), row.weight) for row in rows]
    table = {feature: prior.get(feature, 0.0) for feature in sorted(known)}
    speed = dict.fromkeys(table, 0.0)
    number = max(1.0, sum(row.weight for row in rows))
    for _ in range(_STEPS):
        slope = {f: _PENALTY * (weight - prior.get(f, 0.0)) / number for f, weight in table.items()}
        slope["bias"] = 0.0
        for features, answer, weight in kept:
            error = (probability(features, table) - answer) * weight / number
            slope["bias"] += error
            for feature in features:
                slope[feature] += error
        for feature, value in slope.items():
            speed[feature] = 0.9 * speed[feature] - 0.5 * value
            table[feature] += speed[feature]
    return {feature: round(weight, 3) for feature, weight in table.items()}


def _fit_both(examples: Sequence[Example]) -> tuple[dict[str, float], dict[str, float]]:
    belief, news = [], []
    for example in examples:
        for group in merge([claim for claim in example.claims if len(claim.parties) > 1]):
            own = [claim for claim in group if claim.is_own]
            for claim in own:
                gold = example.told(claim)
                belief.append(Row(features=claim.features, answer=gold is not None, weight=1 / len(own)))
                if gold:
                    news.append(Row(features=claim.features, answer=gold.is_news, weight=1 / len(own)))
    return fit(belief, _PRIOR), fit(news)


def _held_out(examples: Sequence[Example]) -> list[Example]:
    """The examples, each weighed by a fit that has not seen its article."""
    weighed: list[Example] = []
    for fold_number in range(_FOLDS):
        inside = [e for e in examples if _fold_of(e.article_id) == fold_number]
        belief, news = _fit_both([e for e in examples if _fold_of(e.article_id) != fold_number])
        weighed += [_weigh(example, belief, news) for example in inside]
    return weighed


def _fold_of(article_id: str) -> int:
    return int(sha256(article_id.encode()).hexdigest(), 16) // 7 % _FOLDS


def _weigh(example: Example, belief: Mapping[str, float], news: Mapping[str, float]) -> Example:
    return replace(
        example,
        claims=tuple(
            replace(c, belief=probability(c.features, belief) if c.is_own else 0.0, news=probability(c.features, news))
            for c in example.claims
        ),
    )


def _f1(examples: Sequence[Example], threshold: float, news_threshold: float) -> float:
    """F1 of news agreements: listed groups against labels, one to one."""
    right = listed = labelled = 0
    for example in examples:
        wanted = [gold for gold in example.gold if gold.is_news]
        labelled += len(wanted)
        for group in merge([claim for claim in example.claims if len(claim.parties) > 1]):
            if max(c.belief for c in group) < threshold or max(c.news for c in group) < news_threshold:
                continue
            listed += 1
            gold = example.told(group[0])
            if gold in wanted:
                wanted.remove(gold)
                right += 1
    return 2 * right / max(1, listed + labelled)


def _article_f1(examples: Sequence[Example], threshold: float, news_threshold: float) -> float:
    """F1 of articles with news of an agreement."""
    right = said = labelled = 0
    for example in examples:
        has = any(gold.is_news for gold in example.gold)
        says = any(
            max(c.belief for c in group) >= threshold and max(c.news for c in group) >= news_threshold
            for group in merge([claim for claim in example.claims if len(claim.parties) > 1])
        )
        labelled, said, right = labelled + has, said + says, right + (has and says)
    return 2 * right / max(1, said + labelled)


def choose(held_out: Sequence[Example]) -> tuple[float, float]:
    """The thresholds of belief and of news with the best F1 of agreements and of articles, averaged with neighbours.

    A lone peak is chance.

    Args:
        held_out: Examples whose claims were weighed by a fit that has not seen them.
    """
    grid = [(t, n) for t in range(6, 15) for n in (9, 10, 11, 12)]
    score = {(t, n): _f1(held_out, t / 20, n / 20) + _article_f1(held_out, t / 20, n / 20) for t, n in grid}

    def smooth(pair: tuple[int, int]) -> float:
        near = [score[near] for t in (-1, 0, 1) for n in (-1, 0, 1) if (near := (pair[0] + t, pair[1] + n)) in score]
        return sum(near) / len(near)

    belief, news = max(score, key=lambda pair: (round(smooth(pair), 4), -abs(pair[0] - 10), -abs(pair[1] - 10)))
    return belief / 20, news / 20


def main(arguments: Sequence[str] | None = None, tell: Callable[[str], object] = print) -> None:
    """Read labelled articles, fit, choose the threshold, write the weights and tell the held-out F1.

    Raises:
        OSError: A file cannot be read or written.
    """
    ask = argparse.ArgumentParser(prog="python -m ingest.agreements.train", description="Make the weights again.")
    ask.add_argument("--labels", type=Path, action="append", required=True)
    ask.add_argument("--articles", type=Path, action="append", required=True)
    ask.add_argument("--output", type=Path, required=True)
    given = ask.parse_args(arguments)
    pairs = zip(given.labels, given.articles, strict=True)
    examples = [example for labels, articles in pairs for example in read_examples(labels, articles)]
    held_out = _held_out(examples)
    best = choose(held_out)
    belief, news = _fit_both(examples)
    result = {"threshold": best[0], "news_threshold": best[1], "belief": belief, "news": news}
    given.output.write_text(json.dumps(result, indent=0, sort_keys=True) + "\n", encoding="utf-8")
    tell(f"articles {len(examples)}, claims {sum(len(e.claims) for e in examples)}")
    tell(f"news agreements, held out: F1 {_f1(held_out, *best):.3f} at {best[0]:.2f}/{best[1]:.2f}")


if __name__ == "__main__":
    main()
