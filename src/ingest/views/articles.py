"""Views of articles, where they appear, their topics, and what was cut from them."""

from __future__ import annotations

from ingest.views.base import Column, ColumnType, View

__all__ = ["VIEWS"]

_TEXT, _INTEGER, _REAL, _FLAG = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.REAL, ColumnType.FLAG
_TIME, _DATE = ColumnType.TIME, ColumnType.DATE

_ARTICLES = View(
    name="v_articles",
    description="One row per article, that is, per distinct text; headline and dates are those of the copy that leads.",
    columns=(
        Column(name="article_id", type=_TEXT, description="Public id, `art-` and hex digits; stable for a text."),
        Column(name="title", type=_TEXT, nullable=True, description="Headline."),
        Column(name="byline", type=_TEXT, nullable=True, description="Authors, several joined by `; `."),
        Column(name="publisher", type=_TEXT, nullable=True, description="Name of the outlet."),
        Column(name="url", type=_TEXT, nullable=True, description="Canonical URL."),
        Column(name="source", type=_TEXT, description="Name of the source of the leading copy."),
        Column(name="key", type=_TEXT, description="Path, URL or record id of the leading copy within its source."),
        Column(name="published", type=_DATE, nullable=True, description="When it was published, as precise as known."),
        Column(
            name="published_precision",
            type=_TEXT,
            nullable=True,
            description="`year`, `month`, `day`, `minute` or `second`.",
        ),
        Column(
            name="published_origin",
            type=_TEXT,
            nullable=True,
            description="Where the date was read: `record`, `json-ld`, `open-graph`, `meta`, `visible-text` or `url`.",
        ),
        Column(
            name="published_at", type=_TIME, nullable=True, description="The first instant that `published` may mean."
        ),
        Column(name="modified", type=_DATE, nullable=True, description="When its publisher last changed it."),
        Column(name="modified_precision", type=_TEXT, nullable=True, description="As for `published`."),
        Column(
            name="modified_at", type=_TIME, nullable=True, description="The first instant that `modified` may mean."
        ),
        Column(
            name="language", type=_TEXT, description="BCP 47 tag: `en`, `zh-Hans`, …; `und` where it cannot be told."
        ),
        Column(name="language_confidence", type=_REAL, description="0 to 1."),
        Column(name="text", type=_TEXT, description="The cleaned text, an empty line between paragraphs."),
        Column(name="characters", type=_INTEGER, description="Length of `text` in characters."),
        Column(
            name="revision", type=_INTEGER, description="Which revision of its document the leading copy is, from 1."
        ),
        Column(
            name="is_current", type=_FLAG, description="Whether the leading copy is its document's latest revision."
        ),
        Column(name="first_seen_at", type=_TIME, description="When the text was first stored."),
        Column(
            name="copies", type=_INTEGER, description="Documents that carry this text now; 0 once it was revised away."
        ),
        Column(
            name="near_duplicate_of",
            type=_TEXT,
            nullable=True,
            description="Public id of the article that leads the story, where this one only resembles it.",
        ),
        Column(
            name="similarity",
            type=_REAL,
            nullable=True,
            description="Of a near-duplicate: how alike it is to the article that it was compared with, 0 to 1.",
        ),
        Column(name="state", type=_TEXT, description="State of the leading copy's document, as in `v_documents`."),
        Column(name="run_id", type=_INTEGER, description="Run that stored the text."),
        Column(name="section", type=_TEXT, nullable=True, description="The desk or column that it ran in."),
        Column(name="section_origin", type=_TEXT, nullable=True, description="Where it was read, as for `published`."),
        Column(name="keywords", type=ColumnType.LIST, description="Its publisher's keywords."),
        Column(name="keywords_origin", type=_TEXT, nullable=True, description="Where they were read."),
        Column(name="image", type=_TEXT, nullable=True, description="Address of the picture that stands for it."),
        Column(name="image_origin", type=_TEXT, nullable=True, description="Where it was read."),
        Column(
            name="access",
            type=_TEXT,
            nullable=True,
            description="Who may read it: `free`, `metered`, `paywalled`, or `stub` (only its beginning is here).",
        ),
        Column(name="access_origin", type=_TEXT, nullable=True, description="Where that was read."),
        Column(
            name="future_date",
            type=_DATE,
            nullable=True,
            description="A stated date of publication that lay in the future; never believed.",
        ),
        Column(name="title_origin", type=_TEXT, nullable=True, description="Where the headline was read."),
        Column(name="byline_origin", type=_TEXT, nullable=True, description="Where the byline was read."),
        Column(name="publisher_origin", type=_TEXT, nullable=True, description="Where the outlet's name was read."),
        Column(name="modified_origin", type=_TEXT, nullable=True, description="Where `modified` was read."),
        Column(name="declared_language", type=_TEXT, nullable=True, description="Language tag that the page states."),
        Column(
            name="page_sha256",
            type=_TEXT,
            description="SHA-256 of the raw bytes that the leading copy was read from, in hex.",
        ),
        Column(name="language_run_id", type=_INTEGER, description="Run that told the language."),
        Column(
            name="supersedes",
            type=_TEXT,
            nullable=True,
            description="Public id of what an earlier extractor read in the same bytes, where this took its place.",
        ),
    ),
    query="""
SELECT a.public_id, l.title, l.byline, l.publisher, l.url, s.name, d.key,
    l.published, l.published_precision, l.published_origin, TIME(l.published_at),
    l.modified, l.modified_precision, TIME(l.modified_at),
    a.language, a.language_confidence, a.text, a.characters,
    l.revision, FLAG(l.revision = d.revision), TIME(a.first_seen_at),
    (SELECT count(*) FROM appearances c JOIN documents cd ON cd.id = c.document_id AND cd.revision = c.revision
        WHERE c.article_id = a.id),
    o.public_id, a.similarity, d.state, a.run_id,
    l.section, l.section_origin, LISTED(l.keywords), l.keywords_origin, l.image, l.image_origin,
    l.access, l.access_origin, l.future_date,
    l.title_origin, l.byline_origin, l.publisher_origin, l.modified_origin, l.declared_language,
    p.sha256, a.language_run_id, e.public_id
FROM articles a
JOIN appearances l ON l.article_id = a.id AND l.leads
JOIN documents d ON d.id = l.document_id
JOIN sources s ON s.id = d.source_id
LEFT JOIN pages p ON p.id = l.page_id
LEFT JOIN articles o ON o.id = a.near_duplicate_of_id
LEFT JOIN articles e ON e.id = a.supersedes_id
""",
)

_APPEARANCES = View(
    name="v_appearances",
    description="One row per revision of a document: which article it was, with its own headline, byline and dates.",
    columns=(
        Column(name="article_id", type=_TEXT, description="Public id of the article."),
        Column(name="source", type=_TEXT, description="Name of the source."),
        Column(name="key", type=_TEXT, description="The document's path, URL or record id within its source."),
        Column(name="revision", type=_INTEGER, description="From 1, in the order of arrival."),
        Column(name="is_current", type=_FLAG, description="Whether it is the document's latest revision."),
        Column(name="leads", type=_FLAG, description="Whether it speaks for the article in `v_articles`."),
        Column(name="title", type=_TEXT, nullable=True, description="Headline."),
        Column(name="byline", type=_TEXT, nullable=True, description="Authors."),
        Column(name="publisher", type=_TEXT, nullable=True, description="Name of the outlet."),
        Column(name="url", type=_TEXT, nullable=True, description="Canonical URL."),
        Column(name="published", type=_DATE, nullable=True, description="When it was published."),
        Column(name="published_precision", type=_TEXT, nullable=True, description="As in `v_articles`."),
        Column(name="modified", type=_DATE, nullable=True, description="When its publisher last changed it."),
        Column(name="modified_precision", type=_TEXT, nullable=True, description="As in `v_articles`."),
        Column(name="seen_at", type=_TIME, description="When it was stored."),
        Column(name="page_sha256", type=_TEXT, description="SHA-256 of the raw bytes that it was read from, in hex."),
        Column(name="run_id", type=_INTEGER, description="Run that stored it."),
    ),
    query="""
SELECT a.public_id, s.name, d.key, c.revision, FLAG(c.revision = d.revision), FLAG(c.leads),
    c.title, c.byline, c.publisher, c.url, c.published, c.published_precision, c.modified, c.modified_precision,
    TIME(c.seen_at), p.sha256, c.run_id
FROM appearances c
JOIN articles a ON a.id = c.article_id
JOIN documents d ON d.id = c.document_id
JOIN sources s ON s.id = d.source_id
JOIN pages p ON p.id = c.page_id
""",
)

_SUPERSEDED = View(
    name="v_superseded_appearances",
    description="One row per reading of a revision of a document that a later extractor's reading took the place of.",
    columns=(
        Column(name="article_id", type=_TEXT, description="Public id of the article that it was read as."),
        Column(
            name="superseded_by",
            type=_TEXT,
            nullable=True,
            description="Public id of what the revision is read as now.",
        ),
        Column(name="source", type=_TEXT, description="Name of the source."),
        Column(name="key", type=_TEXT, description="The document's path, URL or record id within its source."),
        Column(name="revision", type=_INTEGER, description="Which revision of the document it was."),
        Column(name="title", type=_TEXT, nullable=True, description="Headline, as it was read."),
        Column(name="byline", type=_TEXT, nullable=True, description="Authors, as they were read."),
        Column(name="publisher", type=_TEXT, nullable=True, description="Name of the outlet, as it was read."),
        Column(name="url", type=_TEXT, nullable=True, description="Canonical URL, as it was read."),
        Column(name="published", type=_DATE, nullable=True, description="When it was published, as it was read."),
        Column(name="modified", type=_DATE, nullable=True, description="When it was changed, as it was read."),
        Column(name="text", type=_TEXT, description="The text, as it was read."),
        Column(name="page_sha256", type=_TEXT, nullable=True, description="SHA-256 of the raw bytes, in hex."),
        Column(name="run_id", type=_INTEGER, description="Run that read it."),
        Column(name="superseded_run_id", type=_INTEGER, description="Run whose reading took its place."),
    ),
    query="""
SELECT a.public_id, n.public_id, s.name, d.key, x.revision, x.title, x.byline, x.publisher, x.url, x.published,
    x.modified, a.text, p.sha256, x.run_id, x.superseded_run_id
FROM superseded_appearances x
JOIN articles a ON a.id = x.article_id
JOIN documents d ON d.id = x.document_id
JOIN sources s ON s.id = d.source_id
LEFT JOIN appearances c ON c.document_id = x.document_id AND c.revision = x.revision
LEFT JOIN articles n ON n.id = c.article_id
LEFT JOIN pages p ON p.id = c.page_id
""",
)

_LANGUAGES = View(
    name="v_article_languages",
    description="One row per further language of a mixed article; its main language stands in `v_articles`.",
    columns=(
        Column(name="article_id", type=_TEXT, description="Public id of the article."),
        Column(name="language", type=_TEXT, description="BCP 47 tag."),
        Column(name="share", type=_REAL, description="Share of the text's letters, 0 to 1."),
    ),
    query="SELECT a.public_id, l.tag, l.share FROM article_languages l JOIN articles a ON a.id = l.article_id",
)

_TOPICS = View(
    name="v_article_topics",
    description="One row per article and topic in force: what an analyst ruled, else what the machine said.",
    columns=(
        Column(name="article_id", type=_TEXT, description="Public id of the article."),
        Column(name="topic", type=_TEXT, description="Topic of the taxonomy."),
        Column(name="score", type=_REAL, description="How sure the label is, 0 to 1; 1 where an analyst ruled."),
        Column(
            name="evidence", type=ColumnType.LIST, description="The words that earned it, in the order of the stage."
        ),
        Column(
            name="run_id",
            type=_INTEGER,
            nullable=True,
            description="Run that labelled it; none where only an analyst did.",
        ),
        Column(name="origin", type=_TEXT, description="`machine`, or `analyst` where one confirmed or added it."),
        Column(
            name="machine_score", type=_REAL, nullable=True, description="What the machine said, if it said so too."
        ),
        Column(name="person", type=_TEXT, nullable=True, description="Who ruled."),
        Column(name="decided_at", type=_TIME, nullable=True, description="When."),
        Column(
            name="decision_id",
            type=_INTEGER,
            nullable=True,
            description="The ruling in `v_decisions`, if there is one.",
        ),
    ),
    query="""
SELECT a.public_id, t.topic, CASE WHEN r.id IS NULL THEN t.score ELSE 1 END,
    JOINED(SELECT e.text AS item FROM article_topic_evidence e WHERE e.article_topic_id = t.id ORDER BY e.number),
    t.run_id, CASE WHEN r.id IS NULL THEN 'machine' ELSE 'analyst' END, t.score, r.person, TIME(r.made_at), r.id
FROM article_topics t
JOIN articles a ON a.id = t.article_id
LEFT JOIN decisions r ON r.article_id = t.article_id AND r.topic = t.topic AND r.kind = 'topic' AND r.revoked_at IS NULL
WHERE t.superseded_run_id IS NULL AND (r.id IS NULL OR r.holds)
UNION ALL
SELECT a.public_id, r.topic, CAST(1 AS double precision), '', NULL, 'analyst', NULL, r.person, TIME(r.made_at), r.id
FROM decisions r
JOIN articles a ON a.id = r.article_id
WHERE r.kind = 'topic' AND r.revoked_at IS NULL AND r.holds AND NOT EXISTS (
    SELECT 1 FROM article_topics t
    WHERE t.article_id = r.article_id AND t.topic = r.topic AND t.superseded_run_id IS NULL
)
""",
)

_TOPIC_DECISIONS = View(
    name="v_topic_decisions",
    description="One row per ruling of an analyst on a topic of an article, withdrawn ones too.",
    columns=(
        Column(name="article_id", type=_TEXT, description="Public id of the article."),
        Column(name="topic", type=_TEXT, description="Topic of the taxonomy."),
        Column(name="holds", type=_FLAG, description="1: the article has the topic; 0: it has not."),
        Column(name="person", type=_TEXT, description="Who ruled."),
        Column(name="made_at", type=_TIME, description="When."),
        Column(name="note", type=_TEXT, nullable=True, description="Why, if they said."),
        Column(
            name="revoked_at",
            type=_TIME,
            nullable=True,
            description="When it was withdrawn, or another ruling took its place.",
        ),
        Column(
            name="ruled_on",
            type=_TEXT,
            nullable=True,
            description="The earlier text on which it was made, if it followed the document from there.",
        ),
        Column(name="decision_id", type=_INTEGER, description="The ruling in `v_decisions`."),
    ),
    query="""
SELECT a.public_id, r.topic, FLAG(r.holds), r.person, TIME(r.made_at), r.note, TIME(r.revoked_at), o.public_id, r.id
FROM decisions r
JOIN articles a ON a.id = r.article_id
LEFT JOIN articles o ON o.id = r.other_article_id
WHERE r.kind = 'topic'
""",
)

_TOPIC_EVIDENCE = View(
    name="v_article_topic_evidence",
    description="One row per span that earned an article a topic in force.",
    columns=(
        Column(name="article_id", type=_TEXT, description="Public id of the article."),
        Column(name="topic", type=_TEXT, description="Topic of the taxonomy."),
        Column(name="number", type=_INTEGER, description="From 0, in the order of the stage."),
        Column(name="start_offset", type=_INTEGER, description="First character, counted from 0 in `v_articles.text`."),
        Column(name="end_offset", type=_INTEGER, description="One past the last character."),
        Column(
            name="place", type=_TEXT, description="`title` (offsets count in the headline), `lede`, `body` or `field`."
        ),
        Column(name="text", type=_TEXT, description="The words."),
        Column(name="run_id", type=_INTEGER, description="Run that found them."),
    ),
    query="""
SELECT a.public_id, t.topic, e.number, e.start_offset, e.end_offset, e.place, e.text, t.run_id
FROM article_topic_evidence e
JOIN article_topics t ON t.id = e.article_topic_id
JOIN articles a ON a.id = t.article_id
LEFT JOIN decisions r ON r.article_id = t.article_id AND r.topic = t.topic AND r.kind = 'topic' AND r.revoked_at IS NULL
WHERE t.superseded_run_id IS NULL AND (r.id IS NULL OR r.holds)
""",
)

_CUTS = View(
    name="v_article_cuts",
    description="One row per piece that cleaning took out of the page of the leading copy.",
    columns=(
        Column(name="article_id", type=_TEXT, description="Public id of the article."),
        Column(name="number", type=_INTEGER, description="From 0, in the order of the text."),
        Column(name="position", type=_INTEGER, description="Offset in the article's text at which it stood."),
        Column(name="reason", type=_TEXT, description="Why: `dateline`, `byline`, `related_story`, …"),
        Column(name="text", type=_TEXT, description="What was cut, as it stood."),
        Column(name="run_id", type=_INTEGER, description="Run that cut it."),
    ),
    query="""
SELECT a.public_id, c.number, c.position, c.reason, c.text, l.run_id
FROM appearance_cuts c
JOIN appearances l ON l.id = c.appearance_id AND l.leads
JOIN articles a ON a.id = l.article_id
""",
)

_BOILERPLATE = View(
    name="v_article_boilerplate",
    description="One row per stretch of an article's text that says nothing of the story.",
    columns=(
        Column(name="article_id", type=_TEXT, description="Public id of the article."),
        Column(name="start_offset", type=_INTEGER, description="First character, counted from 0 in `v_articles.text`."),
        Column(name="end_offset", type=_INTEGER, description="One past the last character."),
        Column(name="reason", type=_TEXT, description="What it is: `about`, `contact`, `legal`, …"),
    ),
    query="""
SELECT a.public_id, b.start_offset, b.end_offset, b.reason
FROM article_boilerplate b JOIN articles a ON a.id = b.article_id
""",
)

VIEWS = (
    _ARTICLES,
    _APPEARANCES,
    _SUPERSEDED,
    _LANGUAGES,
    _TOPICS,
    _TOPIC_EVIDENCE,
    _TOPIC_DECISIONS,
    _CUTS,
    _BOILERPLATE,
)
