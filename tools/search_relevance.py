"""How good the order of results is on a small judged set: invented articles, and what each search should find.

    make search-relevance

Grades: 3 is about it, 2 tells of it, 1 touches on it; what is not named is 0. nDCG (Järvelin & Kekäläinen 2002) with
gains of 2^grade - 1 at 10 results; precision at 5, of as many as there are to find.
"""

from __future__ import annotations

import json
import math
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ingest import deduplicate
from ingest.documents import Annotated, Article, Language, MediaType, Moment, Page, Precision
from ingest.store import Claimed, Store, open_store, read

__all__ = ["Judged", "Scores", "judged", "main", "measure", "store_articles"]

FOLDER = Path(__file__).parent.parent / "tests" / "search" / "relevance"


@dataclass(frozen=True, slots=True)
class Judged:
    """A search, and how well articles answer it."""

    query: str
    grades: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Scores:
    """How good a list of results is, 0 to 1."""

    ndcg: float
    precision: float
    recall: float


class _Judges:
    name = kind = address = "judged"

    def __iter__(self) -> Iterator[Page]:
        return iter(())

    def holds(self, key: str) -> bool:
        return bool(key)


def judged() -> list[Judged]:
    """The searches of the judged set."""
    lines = (FOLDER / "judgements.jsonl").read_text(encoding="utf-8").splitlines()
    return [Judged(**json.loads(line)) for line in lines]


def store_articles(store: Store) -> dict[str, str]:
    """Store the articles of the judged set; gives their names by their public ids."""
    run = store.start_run("bench")
    names = {}
    source = _Judges()
    for line in (FOLDER / "articles.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        page = Page(source=source.name, key=row["id"], content=line.encode(), media_type=MediaType.PLAIN)
        (claimed,) = store.claim(run, source, [page], lease_seconds=60, max_attempts=3)
        if not isinstance(claimed, Claimed):
            raise TypeError(f"an article of the judged set is not new: {claimed}")
        published = Moment(iso=row["published"], precision=Precision.DAY)
        annotated = Annotated(
            article=Article(text=row["text"], title=row["title"], published=published),
            fingerprint=deduplicate.fingerprint(row["text"]),
            language=Language(tag=row["language"], confidence=1.0),
            topics=(),
            mentions=(),
        )
        names[store.save(run, claimed, annotated).article_id or ""] = row["id"]
    return names


def measure(found: Sequence[str], grades: Mapping[str, int]) -> Scores:
    """Score a list of results."""
    gains = [2 ** grades.get(name, 0) - 1 for name in found[:10]]
    best = sorted((2**grade - 1 for grade in grades.values()), reverse=True)[:10]
    relevant = {name for name, grade in grades.items() if grade > 0}
    shown = found[: min(5, len(relevant))]
    return Scores(
        ndcg=_discounted(gains) / _discounted(best),
        precision=sum(name in relevant for name in shown) / max(1, len(shown)),
        recall=len(relevant & set(found)) / len(relevant),
    )


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains))


def results(url: str, names: Mapping[str, str]) -> list[tuple[Judged, list[str]]]:
    """What each search finds, by name."""
    with read.connect(url) as connection:
        return [
            (each, [names[hit.id] for hit in read.search(connection, each.query, read.SearchFilter(), limit=50).items])
            for each in judged()
        ]


def published() -> dict[str, str]:
    """The dates of the articles, by name."""
    lines = (FOLDER / "articles.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["id"]: row["published"] for row in map(json.loads, lines)}


def mean(scores: Sequence[Scores]) -> Scores:
    """The mean over searches."""
    count = len(scores)
    return Scores(
        ndcg=sum(each.ndcg for each in scores) / count,
        precision=sum(each.precision for each in scores) / count,
        recall=sum(each.recall for each in scores) / count,
    )


def main() -> None:
    """Print the scores of each search."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/judged.db"
        with open_store(url) as store:
            names = store_articles(store)
        found = results(url, names)
    scored = [(each.query, measure(names, each.grades)) for each, names in found]
    days = published()
    by_date = [measure(sorted(names, key=days.__getitem__, reverse=True), each.grades) for each, names in found]
    sys.stdout.write(f"{'nDCG@10':>8} {'P@5':>6} {'recall':>7}  search\n")
    means = (("all", mean([each for _, each in scored])), ("all, the latest first whatever they say", mean(by_date)))
    for query, each in (*scored, *means):
        sys.stdout.write(f"{each.ndcg:>8.3f} {each.precision:>6.2f} {each.recall:>7.2f}  {query}\n")


if __name__ == "__main__":
    main()
