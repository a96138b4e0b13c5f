"""Runs, sources, documents, articles and what is said of them.

Revision: 0001.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Portable types as they were when this revision was written: it does not follow later changes of `ingest.tables`.
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TIME = sa.TIMESTAMP(timezone=True).with_variant(sa.String(27), "sqlite")


def upgrade() -> None:
    _runs()
    _run_fates()
    _sources()
    _pages()
    _documents()
    _articles()
    _document_events()
    _fetches()
    _appearances()
    _appearance_cuts()
    _article_boilerplate()
    _article_languages()
    _fingerprints()
    _article_topics()
    _article_topic_evidence()


def _runs() -> None:
    op.create_table(
        "runs",
        sa.Column("id", _ID, nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("started_at", _TIME, nullable=False),
        sa.Column("finished_at", _TIME, nullable=True),
        sa.Column("code_version", sa.Text(), nullable=False),
        sa.Column("versions", sa.JSON(), nullable=False),
        sa.Column("flow_run", sa.Text(), nullable=True),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("pid", _ID, nullable=False),
        sa.Column("process_started", sa.String(length=64), nullable=False),
        sa.Column("new_agreements", _ID, nullable=False),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
    )
    op.create_index(op.f("ix_runs_state_host"), "runs", ["state", "host"], unique=False)


def _run_fates() -> None:
    op.create_table(
        "run_fates",
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("fate", sa.String(32), nullable=False),
        sa.Column("documents", _ID, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_run_fates_run_id_runs")),
        sa.PrimaryKeyConstraint("run_id", "fate", name=op.f("pk_run_fates")),
    )


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("interval_seconds", _ID, nullable=True),
        sa.Column("next_due_at", _TIME, nullable=True),
        sa.Column("failures", _ID, nullable=False),
        sa.Column("last_success_at", _TIME, nullable=True),
        sa.Column("last_failure_at", _TIME, nullable=True),
        sa.Column("last_failure", sa.Text(), nullable=True),
        sa.Column("first_seen_at", _TIME, nullable=False),
        sa.Column("first_run_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["first_run_id"], ["runs.id"], name=op.f("fk_sources_first_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("name", name=op.f("uq_sources_name")),
    )


def _pages() -> None:
    op.create_table(
        "pages",
        sa.Column("id", _ID, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("bytes", _ID, nullable=False),
        sa.Column("media_type", sa.String(32), nullable=False),
        sa.Column("location", sa.Text(), nullable=False),
        sa.Column("first_seen_at", _TIME, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_pages_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pages")),
        sa.UniqueConstraint("sha256", name=op.f("uq_pages_sha256")),
    )


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", _ID, nullable=False),
        sa.Column("source_id", _ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("media_type", sa.String(32), nullable=True),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column("fate", sa.String(32), nullable=True),
        sa.Column("stage", sa.String(32), nullable=True),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("revision", _ID, nullable=False),
        sa.Column("page_id", _ID, nullable=True),
        sa.Column("content_sha256", sa.String(length=64), nullable=True),
        sa.Column("code_version", sa.Text(), nullable=True),
        sa.Column("first_seen_at", _TIME, nullable=False),
        sa.Column("last_seen_at", _TIME, nullable=False),
        sa.Column("settled_at", _TIME, nullable=True),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("token", _ID, nullable=False),
        sa.Column("attempts", _ID, nullable=False),
        sa.Column("claimed_sha256", sa.String(length=64), nullable=True),
        sa.Column("lease_run_id", _ID, nullable=True),
        sa.Column("lease_until", _TIME, nullable=True),
        sa.ForeignKeyConstraint(["lease_run_id"], ["runs.id"], name=op.f("fk_documents_lease_run_id_runs")),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_documents_page_id_pages")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_documents_run_id_runs")),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_documents_source_id_sources")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_documents")),
        sa.UniqueConstraint("source_id", "key", name=op.f("uq_documents_source_id_key")),
    )
    op.create_index(op.f("ix_documents_key"), "documents", ["key"], unique=False, postgresql_using="hash")
    op.create_index(op.f("ix_documents_lease_run_id"), "documents", ["lease_run_id"], unique=False)
    op.create_index(
        op.f("ix_documents_source_id_content_sha256"), "documents", ["source_id", "content_sha256"], unique=False
    )
    op.create_index(op.f("ix_documents_url"), "documents", ["url"], unique=False, postgresql_using="hash")


def _articles() -> None:
    op.create_table(
        "articles",
        sa.Column("id", _ID, nullable=False),
        sa.Column("public_id", sa.String(length=68), nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("folded_sha256", sa.String(length=64), nullable=False),
        sa.Column("fingerprint_scheme", _ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("characters", _ID, nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("language_confidence", sa.Double(), nullable=False),
        sa.Column("language_run_id", _ID, nullable=False),
        sa.Column("near_duplicate_of_id", _ID, nullable=True),
        sa.Column("resembles_id", _ID, nullable=True),
        sa.Column("similarity", sa.Double(), nullable=True),
        sa.Column("supersedes_id", _ID, nullable=True),
        sa.Column("first_seen_at", _TIME, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["language_run_id"], ["runs.id"], name=op.f("fk_articles_language_run_id_runs")),
        sa.ForeignKeyConstraint(
            ["near_duplicate_of_id"], ["articles.id"], name=op.f("fk_articles_near_duplicate_of_id_articles")
        ),
        sa.ForeignKeyConstraint(["resembles_id"], ["articles.id"], name=op.f("fk_articles_resembles_id_articles")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_articles_run_id_runs")),
        sa.ForeignKeyConstraint(["supersedes_id"], ["articles.id"], name=op.f("fk_articles_supersedes_id_articles")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_articles")),
        sa.UniqueConstraint("public_id", name=op.f("uq_articles_public_id")),
        sa.UniqueConstraint("text_sha256", name=op.f("uq_articles_text_sha256")),
    )
    op.create_index(op.f("ix_articles_first_seen_at"), "articles", ["first_seen_at"], unique=False)
    op.create_index(
        op.f("ix_articles_folded_sha256_fingerprint_scheme"),
        "articles",
        ["folded_sha256", "fingerprint_scheme"],
        unique=False,
    )
    op.create_index(op.f("ix_articles_near_duplicate_of_id"), "articles", ["near_duplicate_of_id"], unique=False)


def _document_events() -> None:
    op.create_table(
        "document_events",
        sa.Column("id", _ID, nullable=False),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("event", sa.String(32), nullable=False),
        sa.Column("stage", sa.String(32), nullable=True),
        sa.Column("reason", sa.String(32), nullable=True),
        sa.Column("detail", sa.Text(), nullable=True),
        sa.Column("other_key", sa.Text(), nullable=True),
        sa.Column("revision", _ID, nullable=True),
        sa.Column("article_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_document_events_article_id_articles")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_events_document_id_documents")
        ),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_document_events_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_events")),
    )
    op.create_index(op.f("ix_document_events_document_id_id"), "document_events", ["document_id", "id"], unique=False)


def _fetches() -> None:
    op.create_table(
        "fetches",
        sa.Column("id", _ID, nullable=False),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("page_id", _ID, nullable=True),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("at", _TIME, nullable=False),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("status", _ID, nullable=True),
        sa.Column("redirects", sa.JSON(), nullable=True),
        sa.Column("media_type", sa.String(32), nullable=True),
        sa.Column("charset", sa.Text(), nullable=True),
        sa.Column("etag", sa.Text(), nullable=True),
        sa.Column("last_modified", sa.Text(), nullable=True),
        sa.Column("elapsed_ms", _ID, nullable=True),
        sa.Column("time_zone", sa.String(length=64), nullable=False),
        sa.Column("hint_title", sa.Text(), nullable=True),
        sa.Column("hint_byline", sa.Text(), nullable=True),
        sa.Column("hint_publisher", sa.Text(), nullable=True),
        sa.Column("hint_published", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_fetches_document_id_documents")),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_fetches_page_id_pages")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_fetches_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fetches")),
    )
    op.create_index(op.f("ix_fetches_document_id"), "fetches", ["document_id"], unique=False)
    op.create_index(op.f("ix_fetches_page_id"), "fetches", ["page_id"], unique=False)


def _appearances() -> None:
    op.create_table(
        "appearances",
        sa.Column("id", _ID, nullable=False),
        sa.Column("document_id", _ID, nullable=False),
        sa.Column("revision", _ID, nullable=False),
        sa.Column("article_id", _ID, nullable=False),
        sa.Column("leads", sa.Boolean(), nullable=False),
        sa.Column("page_id", _ID, nullable=False),
        sa.Column("text_sha256", sa.String(length=64), nullable=False),
        sa.Column("title", sa.Text(), nullable=True),
        sa.Column("title_origin", sa.String(32), nullable=True),
        sa.Column("byline", sa.Text(), nullable=True),
        sa.Column("byline_origin", sa.String(32), nullable=True),
        sa.Column("publisher", sa.Text(), nullable=True),
        sa.Column("publisher_origin", sa.String(32), nullable=True),
        sa.Column("url", sa.Text(), nullable=True),
        sa.Column("published", sa.String(length=40), nullable=True),
        sa.Column("published_precision", sa.String(32), nullable=True),
        sa.Column("published_origin", sa.String(32), nullable=True),
        sa.Column("published_at", _TIME, nullable=True),
        sa.Column("modified", sa.String(length=40), nullable=True),
        sa.Column("modified_precision", sa.String(32), nullable=True),
        sa.Column("modified_origin", sa.String(32), nullable=True),
        sa.Column("modified_at", _TIME, nullable=True),
        sa.Column("declared_language", sa.Text(), nullable=True),
        sa.Column("seen_at", _TIME, nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_appearances_article_id_articles")),
        sa.ForeignKeyConstraint(["document_id"], ["documents.id"], name=op.f("fk_appearances_document_id_documents")),
        sa.ForeignKeyConstraint(["page_id"], ["pages.id"], name=op.f("fk_appearances_page_id_pages")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_appearances_run_id_runs")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appearances")),
        sa.UniqueConstraint("document_id", "revision", name=op.f("uq_appearances_document_id_revision")),
    )
    op.create_index(
        op.f("ix_appearances_article_id_document_id"), "appearances", ["article_id", "document_id"], unique=False
    )
    op.create_index(op.f("ix_appearances_published_at"), "appearances", ["published_at"], unique=False)
    op.create_index(
        "uq_appearances_leads",
        "appearances",
        ["article_id"],
        unique=True,
        sqlite_where=sa.text("leads"),
        postgresql_where=sa.text("leads"),
    )


def _appearance_cuts() -> None:
    op.create_table(
        "appearance_cuts",
        sa.Column("appearance_id", _ID, nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("position", _ID, nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["appearance_id"], ["appearances.id"], name=op.f("fk_appearance_cuts_appearance_id_appearances")
        ),
        sa.PrimaryKeyConstraint("appearance_id", "number", name=op.f("pk_appearance_cuts")),
    )


def _article_boilerplate() -> None:
    op.create_table(
        "article_boilerplate",
        sa.Column("article_id", _ID, nullable=False),
        sa.Column("start_offset", _ID, nullable=False),
        sa.Column("end_offset", _ID, nullable=False),
        sa.Column("reason", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_id"], ["articles.id"], name=op.f("fk_article_boilerplate_article_id_articles")
        ),
        sa.PrimaryKeyConstraint("article_id", "start_offset", name=op.f("pk_article_boilerplate")),
    )


def _article_languages() -> None:
    op.create_table(
        "article_languages",
        sa.Column("article_id", _ID, nullable=False),
        sa.Column("tag", sa.String(length=35), nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_languages_article_id_articles")),
        sa.PrimaryKeyConstraint("article_id", "tag", name=op.f("pk_article_languages")),
    )


def _fingerprints() -> None:
    op.create_table(
        "fingerprints",
        sa.Column("scheme", sa.SmallInteger(), nullable=False),
        sa.Column("band", sa.BigInteger(), nullable=False),
        sa.Column("article_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_fingerprints_article_id_articles")),
        sa.PrimaryKeyConstraint("scheme", "band", "article_id", name=op.f("pk_fingerprints")),
        sqlite_with_rowid=False,
    )


def _article_topics() -> None:
    op.create_table(
        "article_topics",
        sa.Column("id", _ID, nullable=False),
        sa.Column("article_id", _ID, nullable=False),
        sa.Column("topic", sa.String(length=64), nullable=False),
        sa.Column("score", sa.Double(), nullable=False),
        sa.Column("run_id", _ID, nullable=False),
        sa.Column("superseded_run_id", _ID, nullable=True),
        sa.ForeignKeyConstraint(["article_id"], ["articles.id"], name=op.f("fk_article_topics_article_id_articles")),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_article_topics_run_id_runs")),
        sa.ForeignKeyConstraint(
            ["superseded_run_id"], ["runs.id"], name=op.f("fk_article_topics_superseded_run_id_runs")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_topics")),
        sa.UniqueConstraint("article_id", "topic", "run_id", name=op.f("uq_article_topics_article_id_topic_run_id")),
    )
    op.create_index(op.f("ix_article_topics_topic"), "article_topics", ["topic"], unique=False)


def _article_topic_evidence() -> None:
    op.create_table(
        "article_topic_evidence",
        sa.Column("article_topic_id", _ID, nullable=False),
        sa.Column("number", sa.SmallInteger(), nullable=False),
        sa.Column("start_offset", _ID, nullable=False),
        sa.Column("end_offset", _ID, nullable=False),
        sa.Column("place", sa.String(32), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["article_topic_id"],
            ["article_topics.id"],
            name=op.f("fk_article_topic_evidence_article_topic_id_article_topics"),
        ),
        sa.PrimaryKeyConstraint("article_topic_id", "number", name=op.f("pk_article_topic_evidence")),
    )
