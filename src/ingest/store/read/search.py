"""Articles that hold what an analyst asks for, best first, the same ones in the same order on both databases.

A page goes on behind the last article of the one before, by rank and place, and looks only at articles that were there
when the first page was read: what arrives meanwhile neither moves anything to another page nor stands on one.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, repeat
from typing import NamedTuple

from ingest import wire
from ingest.search.asking import All, Ask, Either, Found, Leaf, Without, fts5, has_phrase, ranks, relaxed, tsquery
from ingest.search.passages import Span, best_passage, highlights
from ingest.search.places import LAST, first_of, last_of
from ingest.search.query import Query, QueryError, parse
from ingest.search.tokens import mark
from ingest.store.read.articles import articles_by_id
from ingest.store.read.connection import Connection
from ingest.store.read.organisations import organisation_id
from ingest.views import Dialect

__all__ = ["SearchFilter", "SearchPage", "search"]

_CURSOR = re.compile(r"([0-9])\.([0-9]{1,19})\.([0-9]{1,19})\.([0-9a-f]{12})")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")

_FTS5 = """SELECT f.rowid AS place, s.article_id
FROM article_terms f CROSS JOIN article_search s ON s.place = f.rowid
WHERE f.terms MATCH ? AND f.rowid BETWEEN ? AND ? AND s.article_id <= ?{}
ORDER BY f.rowid DESC LIMIT ?"""
# The index of vectors is the only one that may be used, hence `+ 0`: reading by place would be quicker for a word that
# many articles hold, but the planner takes too many for such words, and each vector that it looks into costs a tenth
# of what the whole search should.
_TSVECTOR = """SELECT s.place, s.article_id FROM article_search s
WHERE s.terms @@ CAST(? AS tsquery) AND s.place + 0 BETWEEN ? AND ? AND s.article_id <= ?{}
ORDER BY s.place + 0 DESC LIMIT ?"""
# Positions are not in the index, so that vectors have to be looked into: a stretch of those that may answer at a time.
_SIDE_BY_SIDE = """SELECT s.place, s.article_id, {} AS answers FROM article_search s JOIN ({}) AS c ON c.place = s.place
ORDER BY s.place DESC"""
_STRETCHES = (200, 1_000, 5_000)
_PLANNER = """SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)"""
_OF_PARTY = """ AND s.article_id IN (SELECT m.article_id FROM organisations o
JOIN organisations w ON w.id = o.id OR w.merged_into_id = o.id
JOIN mention_parties p ON p.organisation_id = w.id
JOIN agreement_mentions m ON m.id = p.mention_id AND m.superseded_run_id IS NULL
JOIN agreements g ON g.id = m.agreement_id AND g.dismissed_at IS NULL
WHERE o.slug = ?)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchFilter:
    """Which articles to look at; None: all.

    Attributes:
        topic: With that topic in force.
        language: With that tag, or one that begins with it (`zh`: either script).
        source: Brought by that source.
        party: That tell of an agreement of that organisation: its id, or a name that only it bears.
        since: Published, or first stored where undated, on or after that ISO date.
        until: Likewise, on or before it; of a month or a year, its last day.
    """

    topic: str | None = None
    language: str | None = None
    source: str | None = None
    party: str | None = None
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Part of what was found.

    Attributes:
        items: Best first.
        after: Cursor of the page behind it; None where this is the last.
    """

    items: tuple[wire.SearchResult, ...]
    after: str | None


class _Hit(NamedTuple):
    """An article that was found."""

    rank: int
    place: int
    article: int


@dataclass(frozen=True, slots=True)
class _Cursor:
    """Behind which article to go on, and which were there when the first page was read."""

    rank: int
    place: int
    bound: int


def search(
    connection: Connection, words: str, wanted: SearchFilter, *, limit: int, after: str | None = None
) -> SearchPage:
    """Find articles.

    Args:
        connection: The store.
        words: What is asked for, as `ingest.search.query` reads it.
        wanted: Which articles to look at.
        limit: How many at most, 1 or more.
        after: Cursor of the article behind which to go on.

    Raises:
        QueryError: It cannot be searched for, a date is none, or the cursor is of another search.
    """
    query = parse(words)
    first, last = _days(wanted)
    identity = _identity(query, wanted)
    cursor = _cursor(after, identity) if after is not None else _start(connection)
    narrowed = _narrowed(connection, wanted)
    if narrowed is None:
        return SearchPage(items=(), after=None)
    marks, condition, parameters = narrowed
    if connection.address.dialect is Dialect.POSTGRESQL:
        connection.rows(_PLANNER)
    hits: list[_Hit] = []
    asks = ranks(query, marks)
    for rank, (_, ask) in enumerate(asks):
        missing = limit + 1 - len(hits)
        if rank < cursor.rank or missing <= 0:
            continue
        top = min(last, cursor.place - 1) if rank == cursor.rank else last
        found = _found(connection, ask, (first, top, cursor.bound), condition, parameters, missing)
        hits += [_Hit(rank, place, article) for place, article in found]
    shown = hits[:limit]
    behind = [f"{hit.rank}.{hit.place}.{cursor.bound}.{identity}" for hit in shown]
    items = _results(connection, query, [(asks[hit.rank][0], hit.article) for hit in shown], behind)
    return SearchPage(items=items, after=behind[-1] if len(hits) > limit else None)


def _found(
    connection: Connection,
    ask: Ask,
    bounds: tuple[int, int, int],
    condition: str,
    parameters: Sequence[object],
    limit: int,
) -> list[tuple[int, int]]:
    """Places and rows of articles that answer, the latest first."""
    if connection.address.dialect is Dialect.SQLITE:
        rows = connection.rows(_FTS5.format(condition), fts5(ask), *bounds, *parameters, limit)
    elif has_phrase(ask):
        return _side_by_side(connection, ask, bounds, condition, parameters, limit)
    else:
        rows = connection.rows(_TSVECTOR.format(condition), tsquery(ask), *bounds, *parameters, limit)
    return [(row["place"], row["article_id"]) for row in rows]


def _side_by_side(
    connection: Connection,
    ask: Ask,
    bounds: tuple[int, int, int],
    condition: str,
    parameters: Sequence[object],
    limit: int,
) -> list[tuple[int, int]]:
    """The same on PostgreSQL, where tokens are to stand side by side."""
    asked: list[object] = []
    of_long = _of_long(ask, asked)
    answers = f"CASE WHEN s.is_long THEN {of_long} ELSE s.terms @@ CAST(? AS tsquery) END"
    sql = _SIDE_BY_SIDE.format(answers, _TSVECTOR.format(condition))
    first, last, bound = bounds
    found: list[tuple[int, int]] = []
    for stretch in chain(_STRETCHES, repeat(_STRETCHES[-1])):
        loose = (tsquery(relaxed(ask)), first, last, bound, *parameters, stretch)
        rows = connection.rows(sql, *asked, tsquery(ask), *loose)
        found += [(row["place"], row["article_id"]) for row in rows if row["answers"]]
        if len(found) >= limit or len(rows) < stretch:
            break
        last = rows[-1]["place"] - 1
    return found[:limit]


def _of_long(ask: Ask, asked: list[object]) -> str:
    """The condition on an article whose positions are kept in parts; its parameters go to `asked`."""
    match ask:
        case Leaf(tokens):
            asked.append(tsquery(ask))
            if len(tokens) == 1:
                return "s.terms @@ CAST(? AS tsquery)"
            return (
                "EXISTS (SELECT 1 FROM article_search_parts p"
                " WHERE p.place = s.place AND p.terms @@ CAST(? AS tsquery))"
            )
        case All(parts):
            return f"({' AND '.join([_of_long(part, asked) for part in parts])})"
        case Either(parts):
            return f"({' OR '.join([_of_long(part, asked) for part in parts])})"
        case Without(wanted, unwanted):
            return f"({' AND NOT '.join([_of_long(part, asked) for part in (wanted, *unwanted)])})"


def _narrowed(connection: Connection, wanted: SearchFilter) -> tuple[tuple[str, ...], str, tuple[object, ...]] | None:
    """Marks, and a further condition with its parameters; None where nothing can be like that."""
    marks = []
    if wanted.language is not None:
        marks.append(mark("l", wanted.language.lower()))
    if wanted.topic is not None:
        marks.append(mark("t", wanted.topic))
    if wanted.source is not None:
        rows = connection.rows("SELECT id FROM sources WHERE name = ?", _storable(wanted.source))
        if not rows:
            return None
        marks.append(mark("s", rows[0]["id"]))
    if wanted.party is None:
        return tuple(marks), "", ()
    party = organisation_id(connection, _storable(wanted.party))
    return None if party is None else (tuple(marks), _OF_PARTY, (party,))


def _storable(value: str) -> str:
    """A text as the store would have it."""
    return _UNSTORABLE.sub("\ufffd", value)


def _start(connection: Connection) -> _Cursor:
    bound = connection.rows("SELECT coalesce(max(article_id), 0) AS bound FROM article_search")[0]["bound"]
    return _Cursor(rank=0, place=LAST, bound=bound)


def _cursor(given: str, identity: str) -> _Cursor:
    read = _CURSOR.fullmatch(given)
    remedy = "give the cursor that the page before ended with, and the same words and filters"
    if read is None or max(int(read[2]), int(read[3])) > LAST:
        raise QueryError(f"{given[:80]!r} is no cursor", remedy=remedy)
    if read[4] != identity:
        raise QueryError("the cursor is of another search", remedy=remedy)
    return _Cursor(rank=int(read[1]), place=int(read[2]), bound=int(read[3]))


def _identity(query: Query, wanted: SearchFilter) -> str:
    """What a cursor tells its search by."""
    written = repr((query, wanted)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(written).hexdigest()[:12]


def _days(wanted: SearchFilter) -> tuple[int, int]:
    """The first and the last place of the days that are looked at."""
    first = first_of(_day(wanted.since, is_last=False)) if wanted.since else 0
    last = last_of(_day(wanted.until, is_last=True)) if wanted.until else LAST
    return first, last


def _day(given: str, *, is_last: bool) -> date:
    """The first or the last day of a date as precise as it is known."""
    try:
        begins = date.fromisoformat(f"{given}-01-01"[:10] if len(given) < 7 else f"{given}-01"[:10])
        if not is_last or len(given) == 10:
            return begins
        if len(given) == 4:
            return begins.replace(month=12, day=31)
        return (begins.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    except (ValueError, OverflowError):
        raise QueryError(f"there is no day {given!r}", remedy="write 2024, 2024-03 or 2024-03-14") from None


def _results(
    connection: Connection, query: Query, hits: Sequence[tuple[Found, int]], cursors: Sequence[str]
) -> tuple[wire.SearchResult, ...]:
    if not hits:
        return ()
    marks = ", ".join("?" * len(hits))
    rows = connection.rows(
        f"SELECT id, public_id, text FROM articles WHERE id IN ({marks})",  # noqa: S608 - placeholders
        *(article for _, article in hits),
    )
    texts = {row["id"]: (row["public_id"], row["text"]) for row in rows}
    known = articles_by_id(connection, [public for public, _ in texts.values()])
    return tuple(
        _result(known[texts[article][0]], texts[article][1], query, found, cursor)
        for (found, article), cursor in zip(hits, cursors, strict=True)
    )


def _result(article: wire.Article, text: str, query: Query, found: Found, cursor: str) -> wire.SearchResult:
    passage = best_passage(query, text)
    return wire.SearchResult(
        id=article.id,
        found_in=found,
        title=article.title,
        title_spans=_spans(highlights(query, article.title or "")),
        passage=wire.SearchPassage(
            start=passage.start,
            end=passage.end,
            text=text[passage.start : passage.end],
            spans=_spans(passage.spans),
        ),
        source=article.source,
        key=article.key,
        url=article.url,
        publisher=article.publisher,
        published_at=article.published_at,
        published_precision=article.published_precision,
        first_seen_at=article.first_seen_at,
        language=article.language,
        topics=tuple(topic.topic for topic in article.topics),
        agreements=article.agreements,
        near_duplicate_of=article.near_duplicate_of,
        cursor=cursor,
    )


def _spans(spans: Sequence[Span]) -> tuple[wire.SearchSpan, ...]:
    return tuple(wire.SearchSpan(start=start, end=end) for start, end in spans)
