"""What a stage says now takes the place of what it said before; that is kept, with the run that superseded it.

A publisher's change makes a revision. A better reading of the same bytes does not: the revision's number stays, the
document's history says `superseded`, and what the earlier extractor read stays in `superseded_appearances`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from ingest.documents import Annotated, Dropped, Reason, Stage
from ingest.store import articles, duplicates, labels, ledger, search, topics
from ingest.store.articles import Stored
from ingest.store.changes import Change, ChangeKind
from ingest.store.database import lock
from ingest.store.documents import Writing, by_id, record
from ingest.store.forgetting import marks
from ingest.store.kept import Kept
from ingest.store.rules import Rules
from ingest.tables import (
    Appearance,
    AppearanceCut,
    Article,
    ArticleLanguage,
    ArticleTopic,
    DocumentEventKind,
    SupersededAppearance,
)
from ingest.tables import Fingerprint as Band

__all__ = ["again"]

_ORDER = (Stage.EXTRACT, Stage.LANGUAGE, Stage.TOPICS, Stage.AGREEMENTS)

_NOW = select(
    Appearance.id, Appearance.article_id, Appearance.leads, Appearance.text_sha256, Appearance.title,
    Appearance.byline, Appearance.publisher, Appearance.url, Appearance.published, Appearance.modified,
    Appearance.page_id, Appearance.run_id,
).where(Appearance.document_id == bindparam("document"), Appearance.revision == bindparam("wanted"))  # fmt: skip
_LEADING = select(Appearance.leads, Appearance.article_id).where(Appearance.id == bindparam("appearance"))
_KEEP = insert(SupersededAppearance)
_CUT = delete(AppearanceCut).where(AppearanceCut.appearance_id == bindparam("appearance"))
_LEAVE = delete(Appearance).where(Appearance.id == bindparam("appearance"))
_APPEARS = select(Appearance.id).where(Appearance.article_id == bindparam("article")).limit(1)
_SUPERSEDES = update(Article).where(Article.id == bindparam("row")).values(supersedes_id=bindparam("older"))
_FOLLOW = (
    update(Article)
    .where(Article.near_duplicate_of_id == bindparam("older"))
    .values(near_duplicate_of_id=bindparam("to"))
)
_UNBAND = delete(Band).where(Band.article_id == bindparam("article"))
_LABELS = select(ArticleTopic.topic, ArticleTopic.score).where(
    ArticleTopic.article_id == bindparam("article"), ArticleTopic.superseded_run_id.is_(None)
)
_LANGUAGE = select(Article.language).where(Article.id == bindparam("article"))
_TAG = update(Article).where(Article.id == bindparam("row"))
_UNTAG = delete(ArticleLanguage).where(ArticleLanguage.article_id == bindparam("article"))
_ADD_TAG = insert(ArticleLanguage)
_SAME_SCORE = 0.005
_FORGOTTEN = (
    "What is read now was removed by request; `ingest forget` of this document removes the earlier reading too."
)


def again(
    writing: Writing, rules: Rules, kept: Kept, result: Annotated | Dropped, *, stage: Stage
) -> tuple[Change, ...]:
    """Have what stages say now take the place of what they said before.

    Where the document moved on since `kept` was read, nothing is done: whoever moved it has the newer word.

    Args:
        writing: A transaction.
        rules: What decides about stories, organisations and agreements.
        kept: What the store had.
        result: What the stages make of it now. Where they find no article any more, or one that was removed by
            request, what is stored stays.
        stage: The first of them; what earlier ones said is left alone.

    Returns:
        What is otherwise than before.
    """
    if isinstance(result, Dropped):
        return (Change(kind=ChangeKind.DROPPED, subject=kept.key, after=f"{result.reason.value}: {result.detail}"),)
    connection = writing.connection
    lock(connection, _locks(rules, kept, result, stage))
    document = by_id(connection, kept.document)
    now = connection.execute(_NOW, {"document": kept.document, "wanted": kept.revision}).one_or_none()
    if now is None or now.article_id != kept.article_id or now.id != kept.appearance:
        return ()
    if stage is Stage.EXTRACT:
        if document.revision != kept.revision:
            return ()
        if marks.found(connection, marks.of_article(result)):
            return (Change(kind=ChangeKind.DROPPED, subject=kept.key, after=f"{Reason.FORGOTTEN.value}: {_FORGOTTEN}"),)
    work = _Again(writing, rules, kept, result, _ORDER.index(stage))
    changes = work.extract() if stage is Stage.EXTRACT else work.annotate(_stored(kept))
    search.renew(connection, work.touched)
    return changes


def _locks(rules: Rules, kept: Kept, result: Annotated, stage: Stage) -> set[str]:
    names = ledger.party_locks(rules, result.mentions) | {f"text {articles.digest(kept.article.text)}"}
    if stage is Stage.EXTRACT:
        fingerprint = result.fingerprint
        names |= {f"text {fingerprint.text_sha256}", f"text {articles.digest(result.article.text)}"}
        names |= {f"band {fingerprint.scheme} {band}" for band in fingerprint.bands}
    return names


def _stored(kept: Kept) -> Stored:
    return Stored(id=kept.article_id, public_id=kept.public_id)


@dataclass(slots=True)
class _Again:
    """One article, while stages are run on it again; `first` is the place of the first stage among them."""

    writing: Writing
    rules: Rules
    kept: Kept
    result: Annotated
    first: int
    changes: list[Change] = field(default_factory=list)
    labels: dict[str, float] = field(default_factory=dict)  # of the article whose place another takes
    touched: set[int] = field(default_factory=set)  # articles that search may find otherwise now

    def extract(self) -> tuple[Change, ...]:
        """Take the new reading of the same bytes."""
        connection, article = self.writing.connection, self.result.article
        which = {"document": self.kept.document, "wanted": self.kept.revision}
        now = connection.execute(_NOW, which).one()
        text_sha256 = articles.digest(article.text)
        same_text = text_sha256 == now.text_sha256
        if same_text and articles.same_headline(now, article):
            return self.annotate(_stored(self.kept))
        former = _stored(self.kept)
        stored = former if same_text else self._place(text_sha256)
        self._tell_of_reading(now.title, same_text=same_text)
        kept_columns = ("article_id", "text_sha256", "title", "byline", "publisher", "url", "published", "modified")
        row = {name: getattr(now, name) for name in (*kept_columns, "run_id")}
        connection.execute(_KEEP, {**row, **_revision(self.kept), "superseded_run_id": self.writing.run.id})
        connection.execute(_CUT, {"appearance": now.id})
        connection.execute(_LEAVE, {"appearance": now.id})
        articles.appear(
            self.writing,
            article,
            stored=stored,
            document=self.kept.document,
            revision=self.kept.revision,
            page=now.page_id,
            text_sha256=text_sha256,
            leads=False,
        )
        if stored.id != former.id:
            labels.carry(self.writing, left=former.id, to=stored.id)
        for changed in sorted({stored.id, former.id}):
            articles.elect(connection, changed, self.kept.document)
        record(
            self.writing,
            self.kept.document,
            DocumentEventKind.SUPERSEDED,
            revision=self.kept.revision,
            article=stored.id,
        )
        replaced = stored.id != former.id and connection.execute(_APPEARS, {"article": former.id}).first() is None
        if replaced:
            self._follow(stored, former)
        return self.annotate(stored, former=former if replaced else None)

    def annotate(self, stored: Stored, *, former: Stored | None = None) -> tuple[Change, ...]:
        """Take what the later stages say, where this document speaks for the article."""
        connection = self.writing.connection
        self.touched |= {self.kept.article_id, stored.id}
        if not articles.leads(connection, stored.id, self.kept.document):
            return tuple(self.changes)
        if self.first <= _ORDER.index(Stage.LANGUAGE):
            self._tag(stored)
        if self.first <= _ORDER.index(Stage.TOPICS):
            self._label(stored, former)
        entered = ledger.enter(
            self.writing,
            self.rules,
            stored=stored,
            text_sha256=articles.digest(self.result.article.text),
            article=self.result.article,
            mentions=self.result.mentions,
            former=former.id if former else None,
        )
        return (*self.changes, *entered.changes)

    def _place(self, text_sha256: str) -> Stored:
        """The article with the text that is read now, made where nobody has it."""
        connection, result = self.writing.connection, self.result
        known = articles.look_up(connection, result, text_sha256)
        if known.text is not None:
            return known.text
        bands = duplicates.probe(connection, result.fingerprint)
        story = duplicates.find_story(
            connection, bands, result.article.text, own={self.kept.article_id}, likeness=self.rules.likeness
        )
        stored = articles.add(self.writing, result, known, text_sha256, story)
        duplicates.remember(connection, stored.id, bands)
        connection.execute(_SUPERSEDES, {"row": stored.id, "older": self.kept.article_id})
        return stored

    def _follow(self, stored: Stored, former: Stored) -> None:
        """Nothing reads so any more: whatever hung on the former article hangs on its successor."""
        connection = self.writing.connection
        connection.execute(_FOLLOW, {"older": former.id, "to": stored.id})
        connection.execute(_UNBAND, {"article": former.id})
        self.labels = _labels(connection, former.id)
        topics.put(self.writing, former.id, ())

    def _tell_of_reading(self, title: str | None, *, same_text: bool) -> None:
        article = self.result.article
        if same_text:
            change = Change(
                kind=ChangeKind.HEADLINE, subject=self.kept.key, before=title or "-", after=article.title or "-"
            )
        else:
            before, after = len(self.kept.article.text), len(article.text)
            change = Change(
                kind=ChangeKind.TEXT,
                subject=self.kept.key,
                before=f"{before:,} characters",
                after=f"{after:,} characters",
            )
        self.changes.append(change)

    def _tag(self, stored: Stored) -> None:
        connection, language = self.writing.connection, self.result.language
        before = connection.execute(_LANGUAGE, {"article": stored.id}).scalar_one()
        if before == language.tag:
            return
        self.changes.append(Change(kind=ChangeKind.LANGUAGE, subject=self.kept.key, before=before, after=language.tag))
        values = {
            "row": stored.id,
            "language": language.tag,
            "language_confidence": language.confidence,
            "language_run_id": self.writing.run.id,
        }
        connection.execute(_TAG, values)
        connection.execute(_UNTAG, {"article": stored.id})
        others = [{"article_id": stored.id, "tag": each.tag, "share": each.share} for each in language.others]
        if others:
            connection.execute(_ADD_TAG, others)

    def _label(self, stored: Stored, former: Stored | None) -> None:
        connection = self.writing.connection
        before = self.labels if former else _labels(connection, stored.id)
        topics.put(self.writing, stored.id, self.result.topics)
        self.changes += _differences(before, _labels(connection, stored.id))


def _revision(kept: Kept) -> dict[str, int]:
    return {"document_id": kept.document, "revision": kept.revision}


def _labels(connection: Connection, article: int) -> dict[str, float]:
    return {row.topic: row.score for row in connection.execute(_LABELS, {"article": article})}


def _differences(before: dict[str, float], after: dict[str, float]) -> Sequence[Change]:
    gained = [
        Change(kind=ChangeKind.LABEL_GAINED, subject=topic, after=f"{after[topic]:.2f}")
        for topic in sorted(after.keys() - before.keys())
    ]
    lost = [
        Change(kind=ChangeKind.LABEL_LOST, subject=topic, before=f"{before[topic]:.2f}")
        for topic in sorted(before.keys() - after.keys())
    ]
    changed = [
        Change(kind=ChangeKind.LABEL_CHANGED, subject=topic, before=f"{before[topic]:.2f}", after=f"{after[topic]:.2f}")
        for topic in sorted(before.keys() & after.keys())
        if abs(before[topic] - after[topic]) >= _SAME_SCORE
    ]
    return [*gained, *lost, *changed]
