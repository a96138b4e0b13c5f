"""Topics of articles: what the machine said, in force or not, and what people ruled."""

from __future__ import annotations

from ingest import wire
from ingest.documents import Place
from ingest.errors import NotFoundError
from ingest.store.read.connection import Connection

__all__ = ["article_and_topic", "rulings", "topic"]

_NAMES = """SELECT t.topic FROM article_topics t JOIN articles a ON a.id = t.article_id WHERE a.public_id = ?
UNION SELECT topic FROM v_topic_decisions WHERE article_id = ? ORDER BY 1"""
_LABELS = """SELECT t.id, t.score, t.run_id, t.superseded_run_id
FROM article_topics t JOIN articles a ON a.id = t.article_id WHERE a.public_id = ? AND t.topic = ?
ORDER BY CASE WHEN t.superseded_run_id IS NULL THEN 0 ELSE 1 END, t.id DESC LIMIT 1"""
_EVIDENCE = """SELECT place, start_offset, end_offset, text FROM article_topic_evidence WHERE article_topic_id = ?
ORDER BY number"""
_RULINGS = """SELECT holds, person, made_at, note, ruled_on, revoked_at FROM v_topic_decisions
WHERE article_id = ? AND topic = ? ORDER BY decision_id"""


def article_and_topic(connection: Connection, article: str, given: str) -> str:
    """The topic of an article that somebody means.

    Args:
        connection: The store.
        article: Whole public id of the article.
        given: Name of the topic, or the beginning of it that no other topic of the article shares.

    Raises:
        NotFoundError: Neither the machine nor a person ever spoke of it, or several topics begin so.
    """
    names = [str(row["topic"]) for row in connection.rows(_NAMES, article, article)]
    found = [name for name in names if name == given] or [name for name in names if given and name.startswith(given)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(found or names)
    remedy = f"write {article}/TOPIC with one of: {known}" if known else "no topic was ever given to it"
    if found:
        raise NotFoundError(f"several topics of {article} begin with {given!r}", remedy=remedy)
    raise NotFoundError(
        f"nobody ever spoke of the topic {given!r} of {article}" if given else f"{article} is an article, not a topic",
        remedy=remedy,
    )


def topic(connection: Connection, article: str, name: str) -> wire.TracedTopic:
    """A topic of an article: what the machine said last, and whether it is in force."""
    labels = connection.rows(_LABELS, article, name)
    label = labels[0] if labels else None
    evidence = [] if label is None else connection.rows(_EVIDENCE, label["id"])
    in_force = connection.rows(
        "SELECT 1 AS one FROM v_article_topics WHERE article_id = ? AND topic = ?", article, name
    )
    return wire.TracedTopic(
        article=article,
        topic=name,
        is_in_force=bool(in_force),
        score=label["score"] if label else None,
        evidence=tuple(
            wire.Evidence(place=Place(row["place"]), start=row["start_offset"], end=row["end_offset"], text=row["text"])
            for row in evidence
        ),
        run=label["run_id"] if label else None,
        superseded_run=label["superseded_run_id"] if label else None,
    )


def rulings(connection: Connection, article: str, name: str) -> tuple[wire.TracedRuling, ...]:
    """What people ruled on a topic of an article, first to last."""
    return tuple(
        wire.TracedRuling(
            kind="topic",
            holds=bool(row["holds"]),
            person=row["person"],
            made_at=row["made_at"],
            note=row["note"],
            other=row["ruled_on"],
            revoked_at=row["revoked_at"],
        )
        for row in connection.rows(_RULINGS, article, name)
    )
