"""One document in one short transaction: is it still ours? a duplicate? a revision? which agreements does it tell of?

the same document   same text, headline and dates → unchanged (its bytes may have changed)
else                          → revised, also back to words that it had before
a new document      a text that the store has     → copy: a further appearance of that article
one that resembles a story    → near_duplicate, linked to the article that leads the story
else                          → new
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from sqlalchemy import Connection, bindparam, func, select

from ingest.documents import Annotated, Detected, Dropped, Fate, Outcome
from ingest.documents import Article as DocumentArticle
from ingest.errors import ClaimLostError
from ingest.store import articles, duplicates, labels, ledger, pages, search, topics
from ingest.store.alerts import outbox
from ingest.store.alerts.occasions import Told
from ingest.store.articles import Known, Stored
from ingest.store.claim import Claimed
from ingest.store.database import Database, lock
from ingest.store.documents import Standing, Writing, begin, by_id, change, record
from ingest.store.drop import mark_dropped
from ingest.store.duplicates import Story
from ingest.store.forgetting import marks
from ingest.store.rules import Rules
from ingest.store.runs import Run
from ingest.tables import Appearance, Article, Document, DocumentEventKind, DocumentState, Fetch, Page

__all__ = ["STORED", "Saving", "rests_on", "save", "settled"]

_EVENTS = {
    Fate.NEW: DocumentEventKind.STORED,
    Fate.COPY: DocumentEventKind.COPIED,
    Fate.NEAR_DUPLICATE: DocumentEventKind.NEAR_DUPLICATE,
    Fate.REVISED: DocumentEventKind.REVISED,
}

STORED: Mapping[str, object] = MappingProxyType(
    {"state": DocumentState.STORED, "stage": None, "reason": None, "detail": None}
)

_OF_DOCUMENT = Appearance.document_id == bindparam("document")
# The article that the document may leave, and that may need another leader then.
_LEFT = (
    select(Article.text_sha256, Article.folded_sha256)
    .join(Appearance, Appearance.article_id == Article.id)
    .join(Document, (Document.id == Appearance.document_id) & (Document.revision == Appearance.revision))
    .where(_OF_DOCUMENT)
)
_CURRENT = (
    select(*articles.HEADLINE, Article.public_id)
    .join(Article, Article.id == Appearance.article_id)
    .where(_OF_DOCUMENT, Appearance.revision == bindparam("wanted"))
)
_OWN = select(Appearance.article_id).where(_OF_DOCUMENT)
_CAPTURED = (
    select(func.max(Fetch.at))
    .join(Page, Page.id == Fetch.page_id)
    .where(Fetch.document_id == bindparam("document"), Page.sha256 == bindparam("digest"))
)


def save(
    database: Database, run: Run, claimed: Claimed, result: Annotated | Dropped, *, rules: Rules, location: str
) -> Outcome:
    """Settle a document; see `Store.save`."""

    def work(connection: Connection) -> Outcome:
        at = lock(connection, _locks(connection, rules, claimed, result))
        saving = Saving(begin(connection, run, at), rules, claimed, location)
        return saving.drop(result) if isinstance(result, Dropped) else saving.store(result)

    if isinstance(result, Annotated):
        search.prepare(result.article.text)
    return database.write(work)


def _locks(connection: Connection, rules: Rules, claimed: Claimed, result: Annotated | Dropped) -> set[str]:
    names = rests_on(rules, claimed, result)
    if isinstance(result, Dropped) or claimed.is_first:
        return names
    left = connection.execute(_LEFT, {"document": claimed.document_id}).one_or_none()
    return names | {f"text {digest}" for digest in left or ()}


def rests_on(rules: Rules, claimed: Claimed, result: Annotated | Dropped) -> set[str]:
    """Names of what the decisions on a new document rest on: nobody else may change it until they are committed."""
    names = {f"page {claimed.sha256}"}
    if isinstance(result, Dropped):
        return names
    fingerprint = result.fingerprint
    names |= {f"text {fingerprint.text_sha256}", f"text {articles.digest(result.article.text)}"}
    names |= {f"band {fingerprint.scheme} {band}" for band in fingerprint.bands}
    return names | ledger.party_locks(rules, result.mentions)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    """Where an article belongs in the store."""

    stored: Stored
    fate: Fate
    other: str | None = None
    story: Story | None = None
    is_new_text: bool = False


def settled(writing: Writing, claimed: Claimed, page: int | None) -> dict[str, object]:
    """Columns of a document whose claim is given back, once its bytes were judged.

    Args:
        writing: The transaction.
        claimed: The claim.
        page: The row of the bytes, where they are kept.
    """
    return {
        "page_id": page,
        "content_sha256": claimed.sha256,
        "media_type": claimed.page.media_type,
        "code_version": writing.run.code_version,
        "attempts": 0,
        "lease_run_id": None,
        "lease_until": None,
        "settled_at": writing.at,
    }


class Saving:
    """A document that is being saved, in a transaction that holds the locks."""

    def __init__(self, writing: Writing, rules: Rules, claimed: Claimed, location: str) -> None:
        self.writing = writing
        self.connection = writing.connection
        self.rules = rules
        self.claimed = claimed
        self.location = location
        self.before = self._take()
        self.page: int | None = None  # the row of the raw bytes, once they are to be kept

    def drop(self, dropped: Dropped) -> Outcome:
        """Record that a stage gave the document up."""
        self.page = self._put_page()
        if self._is_outdated():
            return self._pass_by()
        self._settle()
        mark_dropped(self.writing, self.before, dropped)
        return self._outcome(Fate.DROPPED, self.before.article, dropped=dropped)

    def store(self, annotated: Annotated) -> Outcome:
        """Store an article, or find that it is stored."""
        text_sha256 = articles.digest(annotated.article.text)
        forgotten = self._forgotten(annotated)
        if forgotten is not None:
            return self._keep_out(forgotten)
        page = self.page = self._put_page()
        if self._is_outdated():
            return self._pass_by()
        current = self._current()
        if current is None:
            placed = self._introduce(annotated, text_sha256)
        elif current.text_sha256 != text_sha256:
            placed = self._revise(annotated, text_sha256)
        else:
            stored = Stored(id=current.article_id, public_id=current.public_id)
            fate = Fate.UNCHANGED if articles.same_headline(current, annotated.article) else Fate.REVISED
            placed = _Placed(stored=stored, fate=fate)
        if placed.fate is Fate.UNCHANGED:
            self._keep(placed)
            return self._outcome(Fate.UNCHANGED, placed.stored.public_id)
        self._appear(annotated.article, placed, text_sha256, left=current.article_id if current else None, page=page)
        if current and current.article_id != placed.stored.id:
            labels.carry(self.writing, left=current.article_id, to=placed.stored.id)
        detected = self._annotate(annotated, placed, text_sha256)
        search.renew(self.connection, {placed.stored.id, *([current.article_id] if current else [])})
        similarity = placed.story.similarity if placed.story else None
        outcome = self._outcome(placed.fate, placed.stored.public_id)
        return replace(outcome, other=placed.other, similarity=similarity, agreements=detected)

    def _is_outdated(self) -> bool:
        """Whether these bytes were captured before those that the document has: archives come in any order."""
        captured = self.claimed.page.fetched_at
        if captured is None or self.before.revision == 0 or self.before.state is not DocumentState.STORED:
            return False
        asked = {"document": self.before.id, "digest": self.before.content_sha256}
        before = self.connection.execute(_CAPTURED, asked).scalar_one_or_none()
        return before is not None and captured < before

    def _pass_by(self) -> Outcome:
        """Give the claim back, and leave the document as it is."""
        change(self.writing, self.before.id, attempts=0, lease_run_id=None, lease_until=None)
        return self._outcome(Fate.UNCHANGED, self.before.article)

    def _take(self) -> Standing:
        standing = by_id(self.connection, self.claimed.document_id)
        if standing.token != self.claimed.token:
            raise ClaimLostError(
                f"another worker has taken {self.claimed.page.key} over", remedy="nothing is lost: that one stores it"
            )
        return standing

    def _forgotten(self, annotated: Annotated) -> marks.Mark | None:
        """By what the article is known to have been removed by request, if it is."""
        return min(marks.found(self.connection, marks.of_article(annotated)), default=None)

    def _keep_out(self, by: marks.Mark) -> Outcome:
        """Keep nothing of it but that it came."""
        page = self.claimed.page
        dropped = marks.dropped(source=page.source, key=page.key, url=page.url, by=by[0])
        marks.add_page(self.connection, self.claimed.sha256, like=by)
        self._settle()
        mark_dropped(self.writing, self.before, dropped)
        return self._outcome(Fate.DROPPED, self.before.article, dropped=dropped)

    def _put_page(self) -> int:
        return pages.put(self.writing, self.claimed, self.before, self.location)

    def _current(self) -> articles.AnyRow | None:
        """The document's latest revision, if it has any."""
        if self.before.revision == 0:
            return None
        which = {"document": self.before.id, "wanted": self.before.revision}
        return self.connection.execute(_CURRENT, which).one()

    def _introduce(self, annotated: Annotated, text_sha256: str) -> _Placed:
        """Place a document that was no article before."""
        known = articles.look_up(self.connection, annotated, text_sha256)
        found = known.text or known.folded
        if found:
            other = articles.leading_key(self.connection, found.id)
            return _Placed(stored=found, fate=Fate.COPY, other=other)
        placed = self._add(annotated, known, text_sha256)
        return replace(placed, fate=Fate.NEAR_DUPLICATE if placed.story else Fate.NEW)

    def _revise(self, annotated: Annotated, text_sha256: str) -> _Placed:
        """Place other words of a document."""
        known = articles.look_up(self.connection, annotated, text_sha256)
        if known.text:
            return _Placed(stored=known.text, fate=Fate.REVISED)
        return self._add(annotated, known, text_sha256)

    def _add(self, annotated: Annotated, known: Known, text_sha256: str) -> _Placed:
        own = self.connection.execute(_OWN, {"document": self.before.id}).scalars() if self.before.revision else ()
        bands = duplicates.probe(self.connection, annotated.fingerprint)
        story = duplicates.find_story(
            self.connection, bands, annotated.article.text, own=set(own), likeness=self.rules.likeness
        )
        stored = articles.add(self.writing, annotated, known, text_sha256, story)
        duplicates.remember(self.connection, stored.id, bands)
        other = articles.leading_key(self.connection, story.leader_id) if story else None
        return _Placed(stored=stored, fate=Fate.REVISED, other=other, story=story, is_new_text=True)

    def _keep(self, placed: _Placed) -> None:
        """The article did not change; the bytes may have, and a drop may be over."""
        restored = self.before.state is DocumentState.DROPPED
        self._settle(fate=Fate.UNCHANGED if restored else self.before.fate, **STORED)
        if restored or self.before.content_sha256 != self.claimed.sha256:
            event = DocumentEventKind.RESTORED if restored else DocumentEventKind.PAGE_CHANGED
            record(self.writing, self.before.id, event, article=placed.stored.id)

    def _appear(
        self, article: DocumentArticle, placed: _Placed, text_sha256: str, *, left: int | None, page: int
    ) -> None:
        """Make the article the document's latest revision."""
        revision = self.before.revision + 1
        articles.appear(
            self.writing,
            article,
            stored=placed.stored,
            document=self.before.id,
            revision=revision,
            page=page,
            text_sha256=text_sha256,
            leads=placed.is_new_text,
        )
        url = article.url or self.claimed.page.url
        self._settle(fate=placed.fate, revision=revision, url=url, **STORED)
        contested = set() if placed.is_new_text else {placed.stored.id}
        for changed in sorted(contested if left is None else {*contested, left}):
            articles.elect(self.connection, changed, self.before.id)
        record(
            self.writing,
            self.before.id,
            _EVENTS[placed.fate],
            other_key=placed.other,
            revision=revision,
            article=placed.stored.id,
        )

    def _annotate(self, annotated: Annotated, placed: _Placed, text_sha256: str) -> tuple[Detected, ...]:
        """Enter what the stages say of the article."""
        # Another headline may mean other topics, another date other agreements; but only who leads the article speaks
        # for it.
        if not placed.is_new_text and not articles.leads(self.connection, placed.stored.id, self.before.id):
            return ()
        topics.put(self.writing, placed.stored.id, annotated.topics, is_new=placed.is_new_text)
        entered = ledger.enter(
            self.writing,
            self.rules,
            stored=placed.stored,
            text_sha256=text_sha256,
            article=annotated.article,
            mentions=annotated.mentions,
            is_new=placed.is_new_text,
        )
        if entered.candidates:
            told = Told(document=self.before.id, is_new=self.before.revision == 0)
            outbox.put(self.writing, self.rules, entered.candidates, told)
        return entered.detected

    def _settle(self, **values: object) -> None:
        """Give the claim back, note the bytes that were judged, and change what else is to be changed."""
        change(self.writing, self.before.id, **settled(self.writing, self.claimed, self.page), **values)

    def _outcome(self, fate: Fate, article: str | None, *, dropped: Dropped | None = None) -> Outcome:
        page = self.claimed.page
        return Outcome(source=page.source, key=page.key, fate=fate, article_id=article, dropped=dropped)
