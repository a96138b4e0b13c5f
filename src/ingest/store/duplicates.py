"""Which story does a text belong to? MinHash bands propose and an exact comparison decides, in the transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Cast, Connection, SmallInteger, Text, any_, bindparam, cast, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY

from ingest.documents import Fingerprint
from ingest.store.database import array
from ingest.tables import Article
from ingest.tables import Fingerprint as Band

__all__ = ["Bands", "Story", "enter", "find_story", "known", "probe", "remember"]

_BUCKET = 64  # articles kept under one band: a template's thousandth copy adds nothing to find it by
_COMPARED = 16  # texts that are compared exactly
_COMPARED_OF_ONE_STORY = 2

_PROBE = select(Band.band, Band.article_id).where(
    Band.scheme == bindparam("wanted"), Band.band.in_(bindparam("bands", expanding=True))
)
_TEXT = select(Article.text).where(Article.id == bindparam("article"))
_LEADERS = select(Article.id, Article.near_duplicate_of_id).where(Article.id.in_(bindparam("articles", expanding=True)))
_REMEMBER = insert(Band)


def _array(name: str) -> Cast[Sequence[int]]:
    return cast(bindparam(name, type_=Text), ARRAY(BigInteger))


# PostgreSQL takes them in one row of parameters: twenty cost it three times as much.
_REMEMBER_ARRAYS = insert(Band).from_select(
    ["scheme", "band", "article_id"],
    select(
        cast(bindparam("wanted"), SmallInteger),
        func.unnest(_array("bands")),
        func.unnest(_array("articles")),
    ),
)
_KNOWN = (
    select(Band.band).where(Band.scheme == bindparam("wanted"), Band.band.in_(bindparam("bands", expanding=True)))
).distinct()
_KNOWN_ARRAY = (
    select(Band.band).where(Band.scheme == bindparam("wanted"), Band.band == any_(_array("bands"))).distinct()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """The story that a text belongs to.

    Attributes:
        leader_id: Row of the article that leads it: the one that was stored first.
        resembles_id: Row of the article of that story that the text was compared with.
        similarity: How alike these two are, 0 to 1.
    """

    leader_id: int
    resembles_id: int
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bands:
    """What the index holds under the bands of a fingerprint: for each band, the articles that have it."""

    fingerprint: Fingerprint
    articles: dict[int, list[int]]


def probe(connection: Connection, fingerprint: Fingerprint) -> Bands:
    """Look the bands up: one index probe for each, however large the corpus is."""
    articles: dict[int, list[int]] = defaultdict(list)
    rows = connection.execute(_PROBE, {"wanted": fingerprint.scheme, "bands": fingerprint.bands})
    for band, article in rows:
        articles[band].append(article)
    return Bands(fingerprint=fingerprint, articles=articles)


def find_story(
    connection: Connection,
    bands: Bands,
    text: str,
    *,
    own: Collection[int],
    likeness: Callable[[str, str], float | None],
) -> Story | None:
    """Find the story that a text belongs to.

    Args:
        connection: In a transaction that holds the locks of the bands.
        bands: What `probe` found.
        text: The text.
        own: Articles that the document was before: a revision does not resemble itself, nor what resembled it.
        likeness: How alike two texts are if they are one story, else None.

    Returns:
        The story of the most similar article, of equally similar ones the oldest; None where none is similar enough.
    """
    shared = Counter(article for found in bands.articles.values() for article in set(found))
    ranked = [article for article, _ in sorted(shared.items(), key=lambda item: (-item[1], item[0]))]
    found: list[tuple[float, int, int]] = []
    for article, leader in _candidates(connection, ranked, own):
        other = connection.execute(_TEXT, {"article": article}).scalar_one()
        similarity = likeness(text, other)
        if similarity is not None:
            found.append((-similarity, article, leader))
    if not found:
        return None
    similarity, article, leader = min(found)
    return Story(leader_id=leader, resembles_id=article, similarity=-similarity)


def remember(connection: Connection, article: int, bands: Bands) -> None:
    """Enter an article under its bands, save those that are full."""
    free = {band for band in bands.fingerprint.bands if len(bands.articles.get(band, ())) < _BUCKET}
    enter(connection, bands.fingerprint.scheme, [(band, article) for band in sorted(free)])


def known(connection: Connection, scheme: int, bands: Iterable[int]) -> set[int]:
    """Those of some bands that an article has."""
    asked = sorted(set(bands))
    if not asked:
        return set()
    if connection.dialect.name == "postgresql":
        return set(connection.execute(_KNOWN_ARRAY, {"wanted": scheme, "bands": array(asked)}).scalars())
    return set(connection.execute(_KNOWN, {"wanted": scheme, "bands": asked}).scalars())


def enter(connection: Connection, scheme: int, entries: Sequence[tuple[int, int]]) -> None:
    """Enter articles under bands.

    Args:
        connection: In a transaction that holds the locks of the bands.
        scheme: Of the bands.
        entries: Band and row of the article of each.
    """
    if entries and connection.dialect.name == "postgresql":
        bands, articles = map(array, zip(*entries, strict=True))
        connection.execute(_REMEMBER_ARRAYS, {"wanted": scheme, "bands": bands, "articles": articles})
    elif entries:
        rows = [{"scheme": scheme, "band": band, "article_id": article} for band, article in entries]
        connection.execute(_REMEMBER, rows)


def _candidates(connection: Connection, ranked: list[int], own: Collection[int]) -> Iterator[tuple[int, int]]:
    """The articles to compare with, each with its leader: most bands first, and few of any one story."""
    asked = ranked[: _COMPARED * 8]
    if not asked:
        return
    leaders = {row.id: row.near_duplicate_of_id or row.id for row in connection.execute(_LEADERS, {"articles": asked})}
    of_story: Counter[int] = Counter()
    for article in asked:
        leader = leaders[article]
        if article in own or leader in own or of_story[leader] >= _COMPARED_OF_ONE_STORY:
            continue
        of_story[leader] += 1
        yield article, leader
        if of_story.total() >= _COMPARED:
            return
