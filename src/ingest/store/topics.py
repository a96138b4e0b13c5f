"""Topics of an article: a run's labels take the place of an earlier run's, which are kept."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, select, update

from ingest.documents import Label
from ingest.store.documents import Writing
from ingest.tables import ArticleTopic, ArticleTopicEvidence

__all__ = ["put"]

_IN_FORCE = ArticleTopic.article_id == bindparam("article"), ArticleTopic.superseded_run_id.is_(None)
_BEFORE = select(ArticleTopic.topic, ArticleTopic.score, ArticleTopic.run_id, ArticleTopic.id).where(*_IN_FORCE)
_SUPERSEDE = update(ArticleTopic).where(*_IN_FORCE).values(superseded_run_id=bindparam("by_run"))
_ADD = insert(ArticleTopic).returning(ArticleTopic.id)
_ADD_EVIDENCE = insert(ArticleTopicEvidence)


def put(writing: Writing, article: int, labels: Sequence[Label], *, is_new: bool = False) -> None:
    """See that these labels are in force for an article; where they are already, nothing is written.

    Args:
        writing: The transaction.
        article: The article's row.
        labels: What the stage says now.
        is_new: Whether the article was added in this transaction, so that it has no labels yet.
    """
    connection = writing.connection
    before = () if is_new else connection.execute(_BEFORE, {"article": article}).all()
    if {(row.topic, row.score) for row in before} == {(label.topic, label.score) for label in labels}:
        return
    mine = [row.id for row in before if row.run_id == writing.run.id]
    if mine:  # one run saw the article twice: its last word counts
        connection.execute(delete(ArticleTopicEvidence).where(ArticleTopicEvidence.article_topic_id.in_(mine)))
        connection.execute(delete(ArticleTopic).where(ArticleTopic.id.in_(mine)))
    if before:
        connection.execute(_SUPERSEDE, {"article": article, "by_run": writing.run.id})
    for label in labels:
        _add(writing, article, label)


def _add(writing: Writing, article: int, label: Label) -> None:
    values = {"article_id": article, "topic": label.topic, "score": label.score, "run_id": writing.run.id}
    identity = writing.connection.execute(_ADD, values).scalar_one()
    rows = [
        {
            "article_topic_id": identity,
            "number": number,
            "start_offset": span.start,
            "end_offset": span.end,
            "place": span.place,
            "text": span.text,
        }
        for number, span in enumerate(label.evidence)
    ]
    if rows:
        writing.connection.execute(_ADD_EVIDENCE, rows)
