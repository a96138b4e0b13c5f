"""Articles as the views have them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from ingest import wire
from ingest.documents import Access, CutReason, Place, Precision
from ingest.store.read.connection import Connection, Listing, Row, like, where

__all__ = ["ArticleFilter", "article", "articles", "articles_by_id"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleFilter:
    """Which articles to list; None: whatever it is.

    Attributes:
        topic: With that topic.
        language: With that tag, or one that begins with it (`zh`: either script).
        source: Brought by that source.
        since: Published, or first stored where undated, on or after that ISO date.
        words: With these words in the headline, whatever their case.
    """

    topic: str | None = None
    language: str | None = None
    source: str | None = None
    since: str | None = None
    words: str | None = None


_STORY = 200  # documents shown of one story
_SEPARATOR = " · "  # of the views' lists
_COLUMNS = """article_id, source, key, url, title, byline, publisher, published, published_precision, modified,
    section, keywords, image, access, future_date, language, revision, is_current, copies, near_duplicate_of,
    similarity, first_seen_at, characters"""


def articles(connection: Connection, wanted: ArticleFilter, *, limit: int) -> Listing[wire.Article]:
    """List the articles that some document carries now, latest first, undated last; without texts.

    Args:
        connection: The store.
        wanted: Which ones.
        limit: How many at most; 0: all.
    """
    condition, parameters = where(
        ("is_current = 1",),
        ("EXISTS (SELECT 1 FROM v_article_topics t WHERE t.article_id = a.article_id AND t.topic = ?)", wanted.topic),
        (
            "(language = ? OR language LIKE ? ESCAPE '!')",
            wanted.language,
            wanted.language and like(wanted.language) + "-%",
        ),
        ("source = ?", wanted.source),
        ("coalesce(published_at, first_seen_at) >= ?", wanted.since),
        ("lower(title) LIKE ? ESCAPE '!'", wanted.words and f"%{like(wanted.words.lower())}%"),
    )
    counted = connection.rows(f"SELECT count(*) AS total FROM v_articles a WHERE {condition}", *parameters)  # noqa: S608 - joined of constants
    # First which, then what of them: a sort that drags every text along would not scale.
    order = "ORDER BY CASE WHEN published_at IS NULL THEN 1 ELSE 0 END, published_at DESC, article_id"
    ids = connection.rows(
        f"SELECT article_id FROM v_articles a WHERE {condition} {order} LIMIT ?",  # noqa: S608 - joined of constants
        *parameters,
        limit or counted[0]["total"],
    )
    wanted_ids = [row["article_id"] for row in ids]
    found = articles_by_id(connection, wanted_ids)
    return Listing(items=tuple(found[identity] for identity in wanted_ids), total=counted[0]["total"])


def articles_by_id(connection: Connection, identities: list[str]) -> dict[str, wire.Article]:
    """Articles by their public ids, without texts; unknown ids are left out."""
    rows = connection.rows_in(f"SELECT {_COLUMNS} FROM v_articles WHERE article_id IN ({{}})", identities)  # noqa: S608 - joined of constants
    topics: dict[str, list[wire.ArticleTopic]] = defaultdict(list)
    for row in connection.rows_in(
        "SELECT article_id, topic, score FROM v_article_topics WHERE article_id IN ({}) ORDER BY score DESC, topic",
        identities,
    ):
        topics[row["article_id"]].append(wire.ArticleTopic(topic=row["topic"], score=row["score"], evidence=()))
    told: dict[str, list[str]] = defaultdict(list)
    for row in connection.rows_in(
        """SELECT article_id, agreement_id, min(start_offset) AS first FROM v_agreement_mentions
        WHERE article_id IN ({}) GROUP BY article_id, agreement_id ORDER BY article_id, first""",
        identities,
    ):
        told[row["article_id"]].append(row["agreement_id"])
    return {
        row["article_id"]: _article(row, topics=topics[row["article_id"]], agreements=told[row["article_id"]])
        for row in rows
    }


def article(connection: Connection, given: str) -> wire.Article:
    """One article with everything: text, evidence of its topics, cuts and revisions.

    Args:
        connection: The store.
        given: Its public id, or the beginning of it that no other shares.

    Raises:
        NotFoundError: None has it, or several do.
    """
    identity = connection.one_id("v_articles", "article_id", given, prefix="art-", what="article")
    found = articles_by_id(connection, [identity])[identity]
    text = connection.rows("SELECT text FROM v_articles WHERE article_id = ?", identity)[0]["text"]
    cuts = connection.rows(
        "SELECT position, reason, text FROM v_article_cuts WHERE article_id = ? ORDER BY number", identity
    )
    return replace(
        found,
        text=text,
        topics=_with_evidence(connection, found),
        cuts=tuple(
            wire.ArticleCut(position=row["position"], reason=CutReason(row["reason"]), text=row["text"]) for row in cuts
        ),
        revisions=_revisions(connection, found.source, found.key),
        story=_story(connection, found.near_duplicate_of or found.id),
    )


def _with_evidence(connection: Connection, found: wire.Article) -> tuple[wire.ArticleTopic, ...]:
    evidence: dict[str, list[wire.Evidence]] = defaultdict(list)
    for row in connection.rows(
        """SELECT topic, place, start_offset, end_offset, text FROM v_article_topic_evidence
        WHERE article_id = ? ORDER BY topic, number""",
        found.id,
    ):
        evidence[row["topic"]].append(
            wire.Evidence(place=Place(row["place"]), start=row["start_offset"], end=row["end_offset"], text=row["text"])
        )
    return tuple(replace(topic, evidence=tuple(evidence[topic.topic])) for topic in found.topics)


def _revisions(connection: Connection, source: str, key: str) -> tuple[wire.Revision, ...]:
    rows = connection.rows(
        """SELECT revision, article_id, is_current, seen_at, title FROM v_appearances
        WHERE source = ? AND key = ? ORDER BY revision""",
        source,
        key,
    )
    return tuple(
        wire.Revision(
            number=row["revision"],
            article=row["article_id"],
            is_current=bool(row["is_current"]),
            seen_at=row["seen_at"],
            title=row["title"],
        )
        for row in rows
    )


def _story(connection: Connection, leader: str) -> tuple[wire.Copy, ...]:
    """Who tells the story that an article leads: its copies, then those of the articles that resemble it."""
    one = """SELECT {order} AS place, a.article_id, p.source, p.key, p.url, p.title, p.publisher, p.published,
            p.seen_at, p.leads, a.similarity
        FROM v_articles a JOIN v_appearances p ON p.article_id = a.article_id AND p.is_current = 1
        WHERE {which} = ?"""
    rows = connection.rows(
        f"""SELECT * FROM ({one.format(order=0, which="a.article_id")}
            UNION ALL {one.format(order=1, which="a.near_duplicate_of")}) AS told
        ORDER BY place, leads DESC, seen_at, source, key LIMIT ?""",  # noqa: S608 - joined of constants
        leader,
        leader,
        _STORY,
    )
    return tuple(
        wire.Copy(
            article=row["article_id"],
            source=row["source"],
            key=row["key"],
            url=row["url"],
            title=row["title"],
            publisher=row["publisher"],
            published_at=row["published"],
            seen_at=row["seen_at"],
            similarity=row["similarity"],
            leads=bool(row["leads"]) and row["place"] == 0,
        )
        for row in rows
    )


def _article(row: Row, *, topics: list[wire.ArticleTopic], agreements: list[str]) -> wire.Article:
    precision = row["published_precision"]
    return wire.Article(
        id=row["article_id"],
        source=row["source"],
        key=row["key"],
        url=row["url"],
        title=row["title"],
        byline=row["byline"],
        publisher=row["publisher"],
        published_at=row["published"],
        published_precision=Precision(precision) if precision else None,
        modified_at=row["modified"],
        section=row["section"],
        keywords=tuple(filter(None, row["keywords"].split(_SEPARATOR))),
        image=row["image"],
        access=Access(row["access"]) if row["access"] else None,
        future_date=row["future_date"],
        language=row["language"],
        topics=tuple(topics),
        agreements=tuple(agreements),
        revision=row["revision"],
        is_current=bool(row["is_current"]),
        copies=row["copies"],
        near_duplicate_of=row["near_duplicate_of"],
        similarity=row["similarity"],
        first_seen_at=row["first_seen_at"],
        characters=row["characters"],
        text=None,
        cuts=None,
        revisions=None,
        story=None,
    )
