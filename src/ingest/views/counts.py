"""Views that sum up: articles and topics by day, topics and status of agreements, who works with whom."""

from __future__ import annotations

from ingest.views.agreements import IN_FORCE, IS_TOLD
from ingest.views.base import Column, ColumnType, View

__all__ = ["VIEWS"]

_TEXT, _INTEGER, _REAL, _FLAG = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.REAL, ColumnType.FLAG
_TIME, _DATE, _LIST = ColumnType.TIME, ColumnType.DATE, ColumnType.LIST

_IS_DATED = "l.published_precision IN ('day', 'minute', 'second')"
# Counted are articles that still stand. Near-duplicates, and revisions of one document, lead to the same document.
_OF_A_DAY = f"""CASE WHEN {_IS_DATED} THEN substr(l.published, 1, 10) ELSE DAY(a.first_seen_at) END,
    CASE WHEN {_IS_DATED} THEN 'published' ELSE 'first_seen' END, a.language"""
_STANDING = """JOIN appearances l ON l.article_id = a.id AND l.leads
JOIN documents d ON d.id = l.document_id AND d.revision = l.revision
JOIN appearances r ON r.article_id = coalesce(a.near_duplicate_of_id, a.id) AND r.leads"""

_DAY_COLUMNS = (
    Column(
        name="day",
        type=_DATE,
        description="Day of publication, as the page states it; where that is not known to the day, the day (UTC) on"
        " which the article was first stored.",
    ),
    Column(name="dated_by", type=_TEXT, description="`published` or `first_seen`: which of the two `day` is."),
    Column(name="language", type=_TEXT, description="BCP 47 tag, as in `v_articles`."),
)
_DAY_COUNTS = (
    Column(name="articles", type=_INTEGER, description="Current articles of that day."),
    Column(
        name="stories",
        type=_INTEGER,
        description="Stories among them: near-duplicates of one day, and revisions, count once.",
    ),
)

_ARTICLE_DAYS = View(
    name="v_article_days",
    description="One row per day and language: how many articles there are, whatever their topic.",
    columns=(*_DAY_COLUMNS, *_DAY_COUNTS),
    query=f"""
SELECT {_OF_A_DAY}, count(*), count(DISTINCT r.document_id)
FROM articles a
{_STANDING}
GROUP BY 1, 2, 3
""",  # noqa: S608 - joined of constants above
)

_TOPIC_DAYS = View(
    name="v_topic_days",
    description="One row per day, language and topic in force: how many articles have it.",
    columns=(
        *_DAY_COLUMNS,
        Column(name="topic", type=_TEXT, description="Topic of the taxonomy."),
        *_DAY_COUNTS,
    ),
    query=f"""
SELECT {_OF_A_DAY}, t.topic, count(*), count(DISTINCT r.document_id)
FROM v_article_topics t
JOIN articles a ON a.public_id = t.article_id
{_STANDING}
GROUP BY 1, 2, 3, 4
""",  # noqa: S608 - joined of constants above
)

_AGREEMENT_TOPICS = View(
    name="v_agreement_topics",
    description="One row per agreement and topic of the articles that tell of it.",
    columns=(
        Column(name="agreement_id", type=_TEXT, description="Public id of the agreement."),
        Column(name="topic", type=_TEXT, description="Topic in force of at least one of those articles."),
        Column(name="articles", type=_INTEGER, description="How many of them have it."),
        Column(name="score", type=_REAL, description="The highest of their scores, 0 to 1."),
    ),
    query=f"""
SELECT g.public_id, t.topic, count(DISTINCT a.id), max(t.score)
FROM agreements g
JOIN agreement_mentions m ON m.agreement_id = g.id AND m.superseded_run_id IS NULL
JOIN articles a ON a.id = m.article_id
JOIN appearances l ON l.article_id = a.id AND l.leads
JOIN documents d ON d.id = l.document_id AND d.revision = l.revision
JOIN v_article_topics t ON t.article_id = a.public_id
WHERE {IN_FORCE}
GROUP BY 1, 2
""",  # noqa: S608 - joined of constants above
)

_AGREEMENT_STATUSES = View(
    name="v_agreement_statuses",
    description="One row per agreement and status that it has had in the ledger, one after the other.",
    columns=(
        Column(name="agreement_id", type=_TEXT, description="Public id of the agreement, whatever became of it."),
        Column(name="status", type=_TEXT, description="`planned`, `signed`, `renewed` or `ended`."),
        Column(name="since_at", type=_TIME, description="When the ledger came to it."),
        Column(name="until_at", type=_TIME, nullable=True, description="When it gave way to the next; none: it holds."),
        Column(name="previous_status", type=_TEXT, nullable=True, description="What it was before."),
        Column(name="published", type=_DATE, nullable=True, description="Date of the article that told of it."),
        Column(name="article_id", type=_TEXT, nullable=True, description="Public id of that article."),
        Column(name="event_id", type=_INTEGER, description="The event in `v_agreement_events`."),
        Column(name="run_id", type=_INTEGER, nullable=True, description="In which run."),
        Column(name="person", type=_TEXT, nullable=True, description="By whom, where a person did it."),
    ),
    query="""
SELECT g.public_id, e.new_status, TIME(e.at),
    TIME((SELECT n.at FROM agreement_events n
        WHERE n.agreement_id = e.agreement_id AND n.id > e.id AND n.new_status IS NOT NULL
            AND (n.old_status IS NULL OR n.old_status <> n.new_status) ORDER BY n.id LIMIT 1)),
    e.old_status, m.published, a.public_id, e.id, e.run_id, e.person
FROM agreement_events e
JOIN agreements g ON g.id = e.agreement_id
LEFT JOIN agreement_mentions m ON m.id = e.mention_id
LEFT JOIN articles a ON a.id = m.article_id
WHERE e.new_status IS NOT NULL AND (e.old_status IS NULL OR e.old_status <> e.new_status)
""",
)

_PAIRS = View(
    name="v_organisation_pairs",
    description="One row per two organisations that are parties of the same agreement; each pair stands once.",
    columns=(
        Column(name="organisation_id", type=_TEXT, description="Public id of the one that the store has had longer."),
        Column(name="organisation", type=_TEXT, description="Its own name."),
        Column(name="region", type=_TEXT, nullable=True, description="Its country or region, if known."),
        Column(name="other_organisation_id", type=_TEXT, description="Public id of the other."),
        Column(name="other_organisation", type=_TEXT, description="Its own name."),
        Column(name="other_region", type=_TEXT, nullable=True, description="Its country or region, if known."),
        Column(name="agreements", type=_INTEGER, description="Agreements in the ledger to which both are parties."),
        Column(name="news", type=_INTEGER, description="How many of them an article reports as current."),
        Column(name="ended", type=_INTEGER, description="How many of them have ended."),
        Column(
            name="first_published", type=_DATE, nullable=True, description="The earliest `first_published` of them."
        ),
        Column(name="last_published", type=_DATE, nullable=True, description="The latest `last_published` of them."),
        Column(name="agreement_ids", type=_LIST, description="Their public ids, in the order of the ledger."),
    ),
    query=f"""
SELECT o.slug, o.name, o.region, q.slug, q.name, q.region, count(*), sum(FLAG(g.is_news)),
    sum(FLAG(g.status = 'ended')), min(g.first_published), max(g.last_published),
    JOINED(SELECT pg.public_id AS item FROM agreement_parties x
        JOIN agreement_parties y ON y.agreement_id = x.agreement_id
        JOIN agreements pg ON pg.id = x.agreement_id
        WHERE x.organisation_id = o.id AND y.organisation_id = q.id
            AND {IN_FORCE.replace("g.", "pg.")} AND {IS_TOLD.replace("g.", "pg.")}
        ORDER BY pg.id)
FROM agreements g
JOIN agreement_parties p ON p.agreement_id = g.id
JOIN agreement_parties s ON s.agreement_id = g.id AND s.organisation_id > p.organisation_id
JOIN organisations o ON o.id = p.organisation_id
JOIN organisations q ON q.id = s.organisation_id
WHERE {IN_FORCE} AND {IS_TOLD}
GROUP BY o.id, q.id
""",  # noqa: S608 - joined of constants above
)

VIEWS = (_ARTICLE_DAYS, _TOPIC_DAYS, _AGREEMENT_TOPICS, _AGREEMENT_STATUSES, _PAIRS)
