"""Articles as a taxonomy reads them that was not written with them at hand.

Whoever extends a taxonomy reads the articles that it will be fitted to and adds the terms that they miss. Such a term
often stands in the one article that it was added for: there the taxonomy knows every word, in articles that come in
tomorrow it does not, and weights that were fitted to the former find too little in the latter and give scores that are
too modest. So each article is also learnt from without the terms that no other article has (leave-one-out, as for any
statistic that an example itself goes into: Hastie, Tibshirani and Friedman, 2009, 7.10.2).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.topics.reading import Reading
from ingest.topics.taxonomy import Hit
from ingest.topics.training.examples import Prepared

__all__ = ["without_own_terms"]

_FEWEST_ARTICLES = 2


def without_own_terms(prepared: Sequence[Prepared]) -> list[Reading]:
    """The reading of each example, without the terms that it alone has; near-duplicates count as one article."""
    holding = Counter(
        term for _, term in {(each.story, (hit.topic, hit.term)) for each in prepared for hit in _hits(each.reading)}
    )
    return [_shared(each.reading, holding) for each in prepared]


def _hits(reading: Reading) -> Iterable[Hit]:
    yield from reading.title
    for sentence in reading.body:
        yield from sentence.hits


def _shared(reading: Reading, holding: Counter[tuple[str, str]]) -> Reading:
    def kept(hits: Sequence[Hit]) -> tuple[Hit, ...]:
        return tuple(hit for hit in hits if holding[hit.topic, hit.term] >= _FEWEST_ARTICLES)

    return Reading(
        title=kept(reading.title),
        body=tuple(replace(each, hits=kept(each.hits)) if each.hits else each for each in reading.body),
    )
