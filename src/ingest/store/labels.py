"""What analysts ruled on topics. A ruling belongs to a text, wins over the machine, and follows a document's revisions.

Rows of `decisions` with the kind `topic`: at most one in force for an article and topic (an index sees to it). Nothing
is overwritten: a ruling that no longer holds is revoked, and stays. The views `v_article_topics` and
`v_topic_decisions` put rulings and machine labels together, so whatever `store.topics` saves later cannot undo one.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from ingest.errors import NotFoundError
from ingest.store import search
from ingest.store.database import Database, lock, now
from ingest.store.documents import Writing
from ingest.tables import Article, Decision, DecisionKind

__all__ = ["Ruled", "carry", "rule"]

_ARTICLE = select(Article.id, Article.text_sha256).where(Article.public_id == bindparam("wanted"))
_RULINGS = (
    select(
        Decision.id,
        Decision.topic,
        Decision.holds,
        Decision.person,
        Decision.note,
        Decision.made_at,
        Decision.revoked_at,
        Decision.other_article_id,
    )
    .where(Decision.kind == DecisionKind.TOPIC, Decision.article_id == bindparam("article"))
    .order_by(Decision.id)
)
_REVOKE = update(Decision).where(Decision.id == bindparam("decision")).values(revoked_at=bindparam("at"))
_ADD = insert(Decision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruled:
    """What a ruling, or its withdrawal, came to.

    Attributes:
        topic: Of the ruling.
        holds: Whether the article has the topic; None where the ruling was withdrawn.
        changed: Whether it says something else than what was in force.
        person: Whose ruling was in force before, if any.
    """

    topic: str
    holds: bool | None
    changed: bool
    person: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ruling:
    """A row of `decisions`."""

    id: int
    topic: str
    holds: bool
    person: str
    note: str | None
    made_at: datetime
    revoked_at: datetime | None
    other_article_id: int | None

    @property
    def acted_at(self) -> datetime:
        """When somebody last touched it."""
        return self.revoked_at or self.made_at


def rule(
    database: Database,
    article: str,
    *,
    given: Mapping[str, bool],
    withdrawn: Collection[str],
    person: str,
    note: str | None,
) -> tuple[Ruled, ...]:
    """Record what a person rules of an article's topics; see `Store.rule_topics`."""

    def work(connection: Connection) -> tuple[Ruled, ...]:
        row = connection.execute(_ARTICLE, {"wanted": article}).one_or_none()
        if row is None:
            raise NotFoundError(f"there is no article with the id {article!r}", remedy="`ingest articles` lists them")
        lock(connection, [f"text {row.text_sha256}"])  # the one that saving takes, which may carry rulings over
        at = now(connection)
        before = {topic: last for topic, last in _last(connection, row.id).items() if last.revoked_at is None}
        outcome = []
        for topic in withdrawn:
            last = before.get(topic)
            if last:
                connection.execute(_REVOKE, {"decision": last.id, "at": at})
            outcome.append(Ruled(topic=topic, holds=None, changed=last is not None, person=_person(last)))
        for topic, holds in given.items():
            last = before.get(topic)
            changed = last is None or last.holds is not holds
            if changed:
                if last:
                    connection.execute(_REVOKE, {"decision": last.id, "at": at})
                _add(connection, row.id, topic=topic, holds=holds, person=person, note=note, made_at=at)
            outcome.append(Ruled(topic=topic, holds=holds, changed=changed, person=last.person if last else None))
        search.renew(connection, [row.id])
        return tuple(outcome)

    return database.write(work)


def _person(ruling: _Ruling | None) -> str | None:
    return ruling.person if ruling else None


def carry(writing: Writing, *, left: int, to: int) -> None:
    """Let rulings follow a document from one text to the next; of two on a topic, the later act counts.

    Args:
        writing: The save transaction, which holds the locks of both texts.
        left: The article that the document was.
        to: The article that it is now.
    """
    connection = writing.connection
    theirs = _last(connection, left)
    mine = _last(connection, to) if theirs else {}
    for topic, last in theirs.items():
        own = mine.get(topic)
        if own and own.acted_at >= last.acted_at:
            continue
        if own and own.revoked_at is None:
            connection.execute(_REVOKE, {"decision": own.id, "at": last.acted_at})
        if last.revoked_at is None:
            _add(
                connection,
                to,
                topic=topic,
                holds=last.holds,
                person=last.person,
                note=last.note,
                made_at=last.made_at,
                other_article_id=last.other_article_id or left,
            )


def _last(connection: Connection, article: int) -> dict[str, _Ruling]:
    """The ruling on each topic that was touched last, in force or not."""
    found: dict[str, _Ruling] = {}
    for row in connection.execute(_RULINGS, {"article": article}).mappings():
        ruling = _Ruling(**row)
        if ruling.topic not in found or ruling.acted_at >= found[ruling.topic].acted_at:
            found[ruling.topic] = ruling
    return found


def _add(connection: Connection, article: int, **values: object) -> None:
    connection.execute(_ADD, {"kind": DecisionKind.TOPIC, "article_id": article, "revoked_at": None, **values})
