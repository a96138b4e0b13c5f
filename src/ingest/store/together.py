"""Several documents in one transaction, where none has to do with another.

Most of what comes in is new: nobody had its page, its text, or one that resembles it. After one look at the store for
all of them, what such documents bring goes into each table by one statement. `save` decides about every other, in its
turn and in the same transaction.

Documents go together while nothing that the decisions on one rest on, for which `save` takes locks, is among what
another's rest on: then it makes no difference in which order they are decided. One that tells of agreements is saved
alone, since the locks of organisations are known only once names are resolved, and two workers could wait in a ring.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain, groupby
from typing import TypeAlias, TypeGuard

from sqlalchemy import Connection, bindparam, func, insert, select, text, union_all

from ingest.documents import Annotated, Dropped, Fate, Outcome
from ingest.errors import ClaimLostError
from ingest.store import articles, duplicates, pages, search, topics
from ingest.store.claim import Claimed
from ingest.store.database import Database, lock
from ingest.store.documents import Writing, begin, by_ids, change_all
from ingest.store.forgetting import marks
from ingest.store.rules import Rules
from ingest.store.runs import Run
from ingest.store.save import STORED, Saving, rests_on, save, settled
from ingest.tables import Appearance, Article, DocumentEvent, DocumentEventKind, Page

__all__ = ["MOST", "Result", "save_all"]

Result: TypeAlias = tuple[Claimed, Annotated | Dropped]
_Story: TypeAlias = tuple[Claimed, Annotated]

MOST = 8
"""Documents of one transaction. Each takes two dozen locks; PostgreSQL has room for 6,400 of all its clients."""

_KNOWN = union_all(
    select(Article.text_sha256).where(Article.text_sha256.in_(bindparam("texts", expanding=True))),
    select(Article.folded_sha256).where(Article.folded_sha256.in_(bindparam("folded", expanding=True))),
    select(Article.public_id).where(Article.public_id.in_(bindparam("ids", expanding=True))),
    select(Page.sha256).where(Page.sha256.in_(bindparam("pages", expanding=True))),
)
_NUMBERED = (Page, Article, Appearance)
_LAST = select(*(select(func.coalesce(func.max(table.id), 0)).scalar_subquery() for table in _NUMBERED))
_NEXT = text(
    "SELECT nextval(pg_get_serial_sequence('pages', 'id')), nextval(pg_get_serial_sequence('articles', 'id')),"
    " nextval(pg_get_serial_sequence('appearances', 'id')) FROM generate_series(1, :wanted)"
)
_ADD_EVENT = insert(DocumentEvent)


def save_all(
    database: Database, run: Run, results: Sequence[Result], *, rules: Rules, locate: Callable[[str], str]
) -> Iterator[Outcome]:
    """Settle documents in their order; see `Store.save_all`."""
    saver = _Saver(database=database, run=run, rules=rules, locate=locate)
    for group in _groups(rules, results):
        yield from saver.together(group) if _is_several(group) else saver.one_by_one(group)


def _groups(rules: Rules, results: Iterable[Result]) -> Iterator[list[Result]]:
    """Cut results into those that can be saved together."""
    group: list[Result] = []
    held: set[str] = set()
    schemes: set[int] = set()
    for claimed, result in results:
        names = rests_on(rules, claimed, result)
        is_alone = isinstance(result, Dropped) or bool(result.mentions) or not claimed.is_first
        scheme = set() if isinstance(result, Dropped) else {result.fingerprint.scheme}
        if group and (is_alone or len(group) == MOST or not held.isdisjoint(names) or schemes != scheme):
            yield group
            group, held = [], set()
        group.append((claimed, result))
        held, schemes = held | names, scheme
        if is_alone:
            yield group
            group, held = [], set()
    if group:
        yield group


def _is_several(group: Sequence[Result]) -> TypeGuard[Sequence[_Story]]:
    """Whether these are several; then no stage has dropped one."""
    return len(group) > 1


@dataclass(frozen=True, slots=True)
class _Document:
    """What is known of a document before its transaction is opened."""

    claimed: Claimed
    annotated: Annotated = field(repr=False)
    text_sha256: str
    names: set[str]
    marks: set[marks.Mark]
    ready: search.Ready = field(repr=False)

    @property
    def digests(self) -> tuple[str, str, str, str]:
        """Of the text, of the normalised text, the public id, and of the page."""
        folded = self.annotated.fingerprint.text_sha256
        return self.text_sha256, folded, articles.short_id(self.text_sha256), self.claimed.sha256

    @property
    def bands(self) -> frozenset[int]:
        """Of the fingerprint."""
        return frozenset(self.annotated.fingerprint.bands)

    @property
    def scheme(self) -> int:
        """Of the bands; all of a group have the same."""
        return self.annotated.fingerprint.scheme


@dataclass(frozen=True, slots=True, kw_only=True)
class _Saver:
    """What all documents of one call share."""

    database: Database
    run: Run
    rules: Rules
    locate: Callable[[str], str]

    def one_by_one(self, results: Iterable[Result]) -> Iterator[Outcome]:
        """Settle each in a transaction of its own."""
        for claimed, result in results:
            where = self.locate(claimed.sha256)
            try:
                yield save(self.database, self.run, claimed, result, rules=self.rules, location=where)
            except ClaimLostError:
                yield _busy(claimed)

    def together(self, stories: Sequence[_Story]) -> Iterable[Outcome]:
        """Settle all in one transaction; each in one of its own where that fails, so that none falls with another."""
        group = [self._document(claimed, annotated) for claimed, annotated in stories]
        try:
            return self.database.write(lambda connection: self._settle(connection, group))
        except Exception:  # noqa: BLE001 - whichever it is of, it comes again and is told there
            return self.one_by_one(stories)

    def _document(self, claimed: Claimed, annotated: Annotated) -> _Document:
        text_sha256 = articles.digest(annotated.article.text)
        dialect = self.database.dialect
        return _Document(
            claimed=claimed,
            annotated=annotated,
            text_sha256=text_sha256,
            names=rests_on(self.rules, claimed, annotated),
            marks=marks.of_article(annotated),
            ready=search.ready(annotated, text_sha256, source=claimed.source_id, dialect=dialect),
        )

    def _settle(self, connection: Connection, group: Sequence[_Document]) -> tuple[Outcome, ...]:
        at = lock(connection, chain.from_iterable(each.names for each in group))
        writing = begin(connection, self.run, at)
        new = _new(connection, group)
        outcomes: list[Outcome] = []
        for is_new, grouped in groupby(group, key=lambda each: each.claimed.document_id in new):
            some = list(grouped)
            outcomes += self._add(writing, some) if is_new else (self._save(writing, each) for each in some)
        return tuple(outcomes)

    def _save(self, writing: Writing, each: _Document) -> Outcome:
        claimed = each.claimed
        try:
            return Saving(writing, self.rules, claimed, self.locate(claimed.sha256)).store(each.annotated)
        except ClaimLostError:  # before anything was written
            return _busy(claimed)

    def _add(self, writing: Writing, documents: Sequence[_Document]) -> Iterator[Outcome]:
        """Store documents that nobody had."""
        placed = [_Placed(each, *ids) for each, ids in zip(documents, _ids(writing, len(documents)), strict=True)]
        _add_pages(writing, placed, self.locate)
        _add_articles(writing, placed)
        _add_appearances(writing, placed)
        search.add_ready(writing, {each.article: each.document.ready for each in placed})
        for each in placed:
            page = each.document.claimed.page
            public_id = articles.short_id(each.document.text_sha256)
            yield Outcome(source=page.source, key=page.key, fate=Fate.NEW, article_id=public_id)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A document that nobody had, and the rows that it gets."""

    document: _Document
    page: int
    article: int
    appearance: int


def _busy(claimed: Claimed) -> Outcome:
    return Outcome(source=claimed.page.source, key=claimed.page.key, fate=Fate.BUSY)


def _new(connection: Connection, group: Sequence[_Document]) -> set[int]:
    """Rows of the documents of which the store has nothing, and which are still held by their claim."""
    standing = by_ids(connection, [each.claimed.document_id for each in group])
    wanted = zip(("texts", "folded", "ids", "pages"), zip(*(each.digests for each in group), strict=True), strict=True)
    known = set(connection.execute(_KNOWN, dict(wanted)).scalars())
    bands = duplicates.known(connection, group[0].scheme, chain.from_iterable(each.bands for each in group))
    forgotten = marks.found(connection, set(chain.from_iterable(each.marks for each in group)))
    new = set()
    for each in group:
        before = standing[each.claimed.document_id]
        is_ours = before.token == each.claimed.token and before.revision == 0
        is_unheard_of = known.isdisjoint(each.digests) and bands.isdisjoint(each.bands)
        if is_ours and is_unheard_of and forgotten.isdisjoint(each.marks):
            new.add(before.id)
    return new


def _ids(writing: Writing, number: int) -> Sequence[tuple[int, int, int]]:
    """Ids for so many rows of `_NUMBERED`, as the database would give them."""
    connection = writing.connection
    if connection.dialect.name == "postgresql":
        return [
            (page, article, appearance) for page, article, appearance in connection.execute(_NEXT, {"wanted": number})
        ]
    page, article, appearance = connection.execute(_LAST).one()
    return [(page + more, article + more, appearance + more) for more in range(1, number + 1)]


def _add_pages(writing: Writing, placed: Sequence[_Placed], locate: Callable[[str], str]) -> None:
    held = [(each, each.document.claimed) for each in placed]
    bodies = [{"id": each.page, **pages.body(writing, claimed, locate(claimed.sha256))} for each, claimed in held]
    writing.connection.execute(pages.ADD_PAGE, bodies)
    writing.connection.execute(pages.ADD_FETCH, [pages.fetch(writing, claimed, each.page) for each, claimed in held])


def _add_articles(writing: Writing, placed: Sequence[_Placed]) -> None:
    connection = writing.connection
    rows, languages, boilerplate = [], [], []
    for each in placed:
        annotated, text_sha256 = each.document.annotated, each.document.text_sha256
        columns = articles.columns(writing, annotated, text_sha256, articles.short_id(text_sha256))
        rows.append({"id": each.article, **columns})
        languages += articles.languages(each.article, annotated.language)
        boilerplate += articles.boilerplate(each.article, annotated.article)
    connection.execute(articles.ADD, rows)
    articles.add_rows(connection, articles.LANGUAGES, languages)
    articles.add_rows(connection, articles.BOILERPLATE, boilerplate)
    entries = [(band, each.article) for each in placed for band in sorted(each.document.bands)]
    duplicates.enter(connection, placed[0].document.scheme, entries)
    for each in placed:
        topics.put(writing, each.article, each.document.annotated.topics, is_new=True)


def _add_appearances(writing: Writing, placed: Sequence[_Placed]) -> None:
    rows, cuts, changes, events = [], [], [], []
    for each in placed:
        claimed, article = each.document.claimed, each.document.annotated.article
        belongs = {"document_id": claimed.document_id, "revision": 1, "article_id": each.article}
        columns = articles.appearance(writing, article, each.document.text_sha256)
        rows.append({"id": each.appearance, **columns, **belongs, "leads": True, "page_id": each.page})
        cuts += articles.cuts(each.appearance, article)
        url = article.url or claimed.page.url
        own = {"row": claimed.document_id, "fate": Fate.NEW, "revision": 1, "url": url, **STORED}
        changes.append({**settled(writing, claimed, each.page), **own})
        events.append({**belongs, "run_id": writing.run.id, "at": writing.at, "event": DocumentEventKind.STORED})
    articles.add_rows(writing.connection, articles.APPEAR, rows)
    articles.add_rows(writing.connection, articles.CUTS, cuts)
    change_all(writing, changes)
    articles.add_rows(writing.connection, _ADD_EVENT, events)
