"""Views of the ledger: agreements, their parties, mentions and history."""

from __future__ import annotations

from ingest.views.base import Column, ColumnType, View

__all__ = ["IN_FORCE", "IS_TOLD", "VIEWS"]

_TEXT, _INTEGER, _REAL, _FLAG = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.REAL, ColumnType.FLAG
_TIME, _DATE, _LIST = ColumnType.TIME, ColumnType.DATE, ColumnType.LIST

_KINDS = "`mou`, `strategic_partnership`, `joint_venture`, `joint_facility`, `licensing` or `cooperation_agreement`."
_STATUSES = "`planned`, `signed`, `renewed` or `ended`."
IN_FORCE = "g.merged_into_id IS NULL AND g.dismissed_at IS NULL"
IS_TOLD = "EXISTS (SELECT 1 FROM agreement_mentions t WHERE t.agreement_id = g.id AND t.superseded_run_id IS NULL)"

# A mention counts while its article is some document's latest word. Near-duplicates, and revisions of one document, are
# one source: they lead to the same document.
_CURRENT_MENTIONS = """FROM agreement_mentions m
    JOIN articles a ON a.id = m.article_id
    JOIN appearances l ON l.article_id = a.id AND l.leads
    JOIN documents d ON d.id = l.document_id AND d.revision = l.revision
    JOIN appearances r ON r.article_id = coalesce(a.near_duplicate_of_id, a.id) AND r.leads
    WHERE m.agreement_id = g.id AND m.superseded_run_id IS NULL"""

# What is said by an article that still stands, as news, with most confidence, and first.
_BEST_MENTION = """SELECT m.id FROM agreement_mentions m
    JOIN appearances l ON l.article_id = m.article_id AND l.leads
    JOIN documents d ON d.id = l.document_id
    WHERE m.agreement_id = g.id AND m.superseded_run_id IS NULL
    ORDER BY FLAG(d.revision = l.revision) DESC, FLAG(m.is_news) DESC, m.confidence DESC, m.id LIMIT 1"""

_AGREEMENTS = View(
    name="v_agreements",
    description="One row per agreement in the ledger; merged, dismissed and untold ones are left out.",
    columns=(
        Column(name="agreement_id", type=_TEXT, description="Public id, `agr-` and hex digits."),
        Column(name="kind", type=_TEXT, description=_KINDS),
        Column(name="status", type=_TEXT, description=_STATUSES),
        Column(name="signed_on", type=_DATE, nullable=True, description="When it was signed, as precise as is known."),
        Column(name="signed_on_precision", type=_TEXT, nullable=True, description="`year`, `month` or `day`."),
        Column(name="is_news", type=_FLAG, description="Whether any article reports it as current."),
        Column(
            name="first_published",
            type=_DATE,
            nullable=True,
            description="Date of the earliest article that reports it as news, or of any where none does.",
        ),
        Column(name="last_published", type=_DATE, nullable=True, description="Likewise of the latest."),
        Column(name="first_seen_at", type=_TIME, description="When the ledger first had it."),
        Column(name="last_seen_at", type=_TIME, description="When a further article last told of it."),
        Column(name="mentions", type=_INTEGER, description="Sentences in current articles that state it."),
        Column(
            name="independent_sources",
            type=_INTEGER,
            description="Stories among those articles; near-duplicates and revisions count once.",
        ),
        Column(name="confidence", type=_REAL, description="Of the surest mention, 0 to 1."),
        Column(name="parties", type=_LIST, description="Names of the parties, in the fullest form that articles gave."),
        Column(name="fields", type=_LIST, description="Fields of cooperation as articles name them."),
        Column(name="value", type=_TEXT, nullable=True, description="Sum of money as given."),
        Column(name="evidence", type=_TEXT, nullable=True, description="The sentence that says so best."),
        Column(name="article_id", type=_TEXT, nullable=True, description="Public id of the article that it stands in."),
        Column(name="run_id", type=_INTEGER, description="Run that opened it."),
        Column(name="mention_id", type=_INTEGER, nullable=True, description="The sentence in `v_agreement_mentions`."),
    ),
    query=f"""
SELECT g.public_id, g.kind, g.status, g.signed_on, g.signed_on_precision, FLAG(g.is_news),
    g.first_published, g.last_published, TIME(g.first_seen_at), TIME(g.last_seen_at),
    (SELECT count(*) {_CURRENT_MENTIONS}),
    (SELECT count(DISTINCT r.document_id) {_CURRENT_MENTIONS}),
    g.confidence,
    JOINED(SELECT p.name AS item FROM agreement_parties p WHERE p.agreement_id = g.id ORDER BY p.position),
    LISTED(g.fields), g.value, b.evidence, ba.public_id, g.run_id, b.id
FROM agreements g
LEFT JOIN agreement_mentions b ON b.id = ({_BEST_MENTION})
LEFT JOIN articles ba ON ba.id = b.article_id
WHERE {IN_FORCE} AND {IS_TOLD}
""",  # noqa: S608 - joined of constants above
)

_PARTIES = View(
    name="v_agreement_parties",
    description="One row per agreement and party.",
    columns=(
        Column(name="agreement_id", type=_TEXT, description="Public id of the agreement."),
        Column(name="position", type=_INTEGER, description="From 0, in the order in which articles named them."),
        Column(name="organisation_id", type=_TEXT, description="Public id of the organisation."),
        Column(name="name", type=_TEXT, description="The party's name in the fullest form that articles gave."),
        Column(name="organisation", type=_TEXT, description="The organisation's own name."),
        Column(name="region", type=_TEXT, nullable=True, description="Country or region, if known."),
    ),
    query=f"""
SELECT g.public_id, p.position, o.slug, p.name, o.name, o.region
FROM agreement_parties p
JOIN agreements g ON g.id = p.agreement_id
JOIN organisations o ON o.id = p.organisation_id
WHERE {IN_FORCE}
""",  # noqa: S608 - joined of constants above
)

_MENTIONS = View(
    name="v_agreement_mentions",
    description="One row per sentence in an article that states an agreement.",
    columns=(
        Column(name="agreement_id", type=_TEXT, description="Public id of the agreement."),
        Column(name="mention_id", type=_INTEGER, description="Grows in the order of storing."),
        Column(name="article_id", type=_TEXT, description="Public id of the article."),
        Column(name="is_current", type=_FLAG, description="Whether the article is some document's latest revision."),
        Column(name="start_offset", type=_INTEGER, description="First character, counted from 0 in `v_articles.text`."),
        Column(name="end_offset", type=_INTEGER, description="One past the last character."),
        Column(name="evidence", type=_TEXT, description="The sentence."),
        Column(name="parties", type=_LIST, description="Names of the parties as this article gives them."),
        Column(name="kind", type=_TEXT, description=_KINDS),
        Column(name="status", type=_TEXT, description=_STATUSES),
        Column(name="is_news", type=_FLAG, description="Whether the article reports it as current, not as background."),
        Column(name="signed_on", type=_DATE, nullable=True, description="When it was signed, by this article."),
        Column(name="signed_on_precision", type=_TEXT, nullable=True, description="`year`, `month` or `day`."),
        Column(name="fields", type=_LIST, description="Fields of cooperation as the sentence names them."),
        Column(name="value", type=_TEXT, nullable=True, description="Sum of money as given."),
        Column(name="confidence", type=_REAL, description="0 to 1."),
        Column(name="title", type=_TEXT, nullable=True, description="Headline of the article."),
        Column(name="publisher", type=_TEXT, nullable=True, description="Outlet of the article."),
        Column(name="published", type=_DATE, nullable=True, description="Date of the article."),
        Column(name="near_duplicate_of", type=_TEXT, nullable=True, description="As in `v_articles`."),
        Column(name="run_id", type=_INTEGER, description="Run that found it."),
    ),
    query=f"""
SELECT g.public_id, m.id, a.public_id, FLAG(l.revision = d.revision), m.start_offset, m.end_offset, m.evidence,
    JOINED(SELECT p.name AS item FROM mention_parties p WHERE p.mention_id = m.id ORDER BY p.position),
    m.kind, m.status, FLAG(m.is_news), m.signed_on, m.signed_on_precision, LISTED(m.fields), m.value, m.confidence,
    l.title, l.publisher, l.published, o.public_id, m.run_id
FROM agreement_mentions m
JOIN agreements g ON g.id = m.agreement_id
JOIN articles a ON a.id = m.article_id
JOIN appearances l ON l.article_id = a.id AND l.leads
JOIN documents d ON d.id = l.document_id
LEFT JOIN articles o ON o.id = a.near_duplicate_of_id
WHERE m.superseded_run_id IS NULL AND {IN_FORCE}
""",  # noqa: S608 - joined of constants above
)

_MENTION_PARTIES = View(
    name="v_agreement_mention_parties",
    description="One row per party that a sentence names, or that it carries over from another.",
    columns=(
        Column(name="mention_id", type=_INTEGER, description="The sentence in `v_agreement_mentions`."),
        Column(name="agreement_id", type=_TEXT, description="Public id of the agreement."),
        Column(name="article_id", type=_TEXT, description="Public id of the article."),
        Column(name="position", type=_INTEGER, description="From 0, in the order in which the sentence names them."),
        Column(name="organisation_id", type=_TEXT, description="Public id of the organisation that it stands for."),
        Column(name="own_id", type=_TEXT, description="Of the organisation that the name led to before any merge."),
        Column(name="name", type=_TEXT, description="The party's name as the article gives it."),
        Column(
            name="start_offset",
            type=_INTEGER,
            nullable=True,
            description="First character of the name in `v_articles.text`; none where the sentence carries it over.",
        ),
        Column(name="end_offset", type=_INTEGER, nullable=True, description="One past its last character."),
        Column(name="run_id", type=_INTEGER, description="Run that found it."),
    ),
    query=f"""
SELECT m.id, g.public_id, a.public_id, p.position, coalesce(r.slug, o.slug), o.slug, p.name, p.start_offset,
    p.end_offset, m.run_id
FROM mention_parties p
JOIN agreement_mentions m ON m.id = p.mention_id
JOIN agreements g ON g.id = m.agreement_id
JOIN articles a ON a.id = m.article_id
JOIN appearances l ON l.article_id = a.id AND l.leads
JOIN organisations o ON o.id = p.organisation_id
LEFT JOIN organisations r ON r.id = o.merged_into_id
WHERE m.superseded_run_id IS NULL AND {IN_FORCE}
""",  # noqa: S608 - joined of constants above
)

_EVENTS = View(
    name="v_agreement_events",
    description="One row per thing that happened to an agreement, append-only.",
    columns=(
        Column(name="event_id", type=_INTEGER, description="Grows with time."),
        Column(name="agreement_id", type=_TEXT, description="Public id of the agreement."),
        Column(name="at", type=_TIME, description="When."),
        Column(
            name="event",
            type=_TEXT,
            description="`opened`, `status_changed`, `confirmed`, `corrected`, `merged`, `split`, `dismissed`,"
            " `restored` or `emptied`.",
        ),
        Column(name="old_status", type=_TEXT, nullable=True, description="Status before."),
        Column(name="new_status", type=_TEXT, nullable=True, description="Status after."),
        Column(name="article_id", type=_TEXT, nullable=True, description="Public id of the article that told of it."),
        Column(name="other_agreement_id", type=_TEXT, nullable=True, description="Of a merge or split: the other one."),
        Column(name="run_id", type=_INTEGER, nullable=True, description="In which run."),
        Column(name="person", type=_TEXT, nullable=True, description="By whom, where a person did it."),
        Column(name="detail", type=_TEXT, nullable=True, description="A sentence for people."),
        Column(name="mention_id", type=_INTEGER, nullable=True, description="Number of the sentence that led to it."),
    ),
    query="""
SELECT e.id, g.public_id, TIME(e.at), e.event, e.old_status, e.new_status, a.public_id, o.public_id, e.run_id,
    e.person, e.detail, e.mention_id
FROM agreement_events e
JOIN agreements g ON g.id = e.agreement_id
LEFT JOIN agreement_mentions m ON m.id = e.mention_id
LEFT JOIN articles a ON a.id = m.article_id
LEFT JOIN agreements o ON o.id = e.other_agreement_id
""",
)

_ORGANISATIONS = View(
    name="v_organisations",
    description="One row per organisation; merged ones are left out.",
    columns=(
        Column(name="organisation_id", type=_TEXT, description="Public id."),
        Column(name="name", type=_TEXT, description="Its own name."),
        Column(name="region", type=_TEXT, nullable=True, description="Country or region, if known."),
        Column(name="origin", type=_TEXT, description="`known` (package data), `found` (in an article) or `person`."),
        Column(name="names", type=_LIST, description="Every name that it goes by."),
        Column(name="agreements", type=_INTEGER, description="Agreements in the ledger to which it is a party."),
        Column(name="run_id", type=_INTEGER, description="Run that first named it."),
    ),
    query=f"""
SELECT o.slug, o.name, o.region, o.origin,
    JOINED(SELECT n.name AS item FROM organisation_names n JOIN organisations b ON b.id = n.organisation_id
        WHERE b.id = o.id OR b.merged_into_id = o.id ORDER BY n.id),
    (SELECT count(*) FROM agreement_parties p JOIN agreements g ON g.id = p.agreement_id
        WHERE p.organisation_id = o.id AND {IN_FORCE}),
    o.run_id
FROM organisations o
WHERE o.merged_into_id IS NULL
""",  # noqa: S608 - joined of constants above
)

VIEWS = (_AGREEMENTS, _PARTIES, _MENTIONS, _MENTION_PARTIES, _EVENTS, _ORGANISATIONS)
