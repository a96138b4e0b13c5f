"""Views of what people ruled, of every id that the ledger ever gave, and of every name."""

from __future__ import annotations

from ingest.views.base import Column, ColumnType, View

__all__ = ["VIEWS"]

_TEXT, _INTEGER, _REAL, _FLAG = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.REAL, ColumnType.FLAG
_TIME, _DATE, _LIST = ColumnType.TIME, ColumnType.DATE, ColumnType.LIST

_IDS = View(
    name="v_agreement_ids",
    description="One row per public id that the ledger ever gave, with what it stands for now.",
    columns=(
        Column(name="agreement_id", type=_TEXT, description="Public id."),
        Column(
            name="stands_for", type=_TEXT, description="Id of the agreement that it leads to: its own unless merged."
        ),
        Column(
            name="state",
            type=_TEXT,
            description="`in_force`, `merged`, `dismissed`, or `emptied`: no article tells of it any more.",
        ),
        Column(name="kind", type=_TEXT, description="As in `v_agreements`, also of what is not in force."),
        Column(name="status", type=_TEXT, description="Likewise."),
        Column(name="is_news", type=_FLAG, description="Likewise."),
        Column(name="signed_on", type=_DATE, nullable=True, description="Likewise."),
        Column(name="fields", type=_LIST, description="Likewise."),
        Column(name="value", type=_TEXT, nullable=True, description="Likewise."),
        Column(name="confidence", type=_REAL, description="Likewise."),
        Column(name="first_seen_at", type=_TIME, description="Likewise."),
        Column(name="last_seen_at", type=_TIME, description="Likewise."),
        Column(name="parties", type=_LIST, description="Likewise; empty of what is emptied."),
        Column(name="run_id", type=_INTEGER, description="Likewise."),
    ),
    query="""
SELECT g.public_id, coalesce(r.public_id, g.public_id),
    CASE WHEN g.merged_into_id IS NOT NULL THEN 'merged' WHEN g.dismissed_at IS NOT NULL THEN 'dismissed'
        WHEN EXISTS (SELECT 1 FROM agreement_mentions m WHERE m.agreement_id = g.id AND m.superseded_run_id IS NULL)
        THEN 'in_force' ELSE 'emptied' END,
    g.kind, g.status, FLAG(g.is_news), g.signed_on, LISTED(g.fields), g.value, g.confidence,
    TIME(g.first_seen_at), TIME(g.last_seen_at),
    JOINED(SELECT p.name AS item FROM agreement_parties p WHERE p.agreement_id = g.id ORDER BY p.position), g.run_id
FROM agreements g
LEFT JOIN agreements r ON r.id = g.merged_into_id
""",
)

_DECISIONS = View(
    name="v_decisions",
    description="One row per thing that a person ruled; taken back where `revoked_at` is set.",
    columns=(
        Column(name="decision_id", type=_INTEGER, description="Grows with time."),
        Column(
            name="kind",
            type=_TEXT,
            description="`topic`, `not_an_agreement`, `same_agreement`, `not_same_agreement`, `same_organisation`,"
            " `not_same_organisation`, `alias` or `rename`.",
        ),
        Column(name="holds", type=_FLAG, description="Whether it is affirmed: a topic, a name."),
        Column(name="person", type=_TEXT, description="Who."),
        Column(name="made_at", type=_TIME, description="When."),
        Column(name="note", type=_TEXT, nullable=True, description="Why, if they said so."),
        Column(name="revoked_at", type=_TIME, nullable=True, description="When it was taken back."),
        Column(name="revoked_by", type=_TEXT, nullable=True, description="By whom."),
        Column(name="topic", type=_TEXT, nullable=True, description="Of a decision about a topic."),
        Column(name="name", type=_TEXT, nullable=True, description="Of a decision about a name."),
        Column(name="article_id", type=_TEXT, nullable=True, description="The article that it is about."),
        Column(name="agreement_id", type=_TEXT, nullable=True, description="The agreement that it is about."),
        Column(name="other_agreement_id", type=_TEXT, nullable=True, description="The other one."),
        Column(name="organisation_id", type=_TEXT, nullable=True, description="The organisation that it is about."),
        Column(name="other_organisation_id", type=_TEXT, nullable=True, description="The other one."),
        Column(
            name="other_article_id",
            type=_TEXT,
            nullable=True,
            description="The earlier text on which a ruling on a topic was made.",
        ),
    ),
    query="""
SELECT e.id, e.kind, FLAG(e.holds), e.person, TIME(e.made_at), e.note, TIME(e.revoked_at), e.revoked_by, e.topic,
    e.name, a.public_id, g.public_id, og.public_id, o.slug, oo.slug, oa.public_id
FROM decisions e
LEFT JOIN articles a ON a.id = e.article_id
LEFT JOIN articles oa ON oa.id = e.other_article_id
LEFT JOIN agreements g ON g.id = e.agreement_id
LEFT JOIN agreements og ON og.id = e.other_agreement_id
LEFT JOIN organisations o ON o.id = e.organisation_id
LEFT JOIN organisations oo ON oo.id = e.other_organisation_id
""",
)

_NAMES = View(
    name="v_organisation_names",
    description="One row per organisation and name, those of merged organisations under the one that stands for them.",
    columns=(
        Column(name="organisation_id", type=_TEXT, description="Public id of the organisation."),
        Column(name="own_id", type=_TEXT, description="Of the one that had it before a merge."),
        Column(name="name", type=_TEXT, description="The name."),
        Column(name="origin", type=_TEXT, description="`known` (package data), `found` (in an article) or `person`."),
        Column(name="run_id", type=_INTEGER, description="Run that gave it the name."),
    ),
    query="""
SELECT coalesce(r.slug, o.slug), o.slug, n.name, n.origin, n.run_id
FROM organisation_names n
JOIN organisations o ON o.id = n.organisation_id
LEFT JOIN organisations r ON r.id = o.merged_into_id
""",
)

VIEWS = (_IDS, _DECISIONS, _NAMES)
