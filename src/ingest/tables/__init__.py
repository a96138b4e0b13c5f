"""The tables, one SQLAlchemy schema for SQLite and PostgreSQL. Analysts read the views of `ingest.views` instead.

sources ─┬─ documents ─┬─ document_events          runs: each derived row names the run that made it
         │             ├─ fetches ── pages         decisions: what people ruled
         │             ├─ superseded_appearances
         │             └─ appearances ─┬─ appearance_cuts
         │                             └─ articles ─┬─ fingerprints, article_languages, article_boilerplate
         │                                          ├─ article_topics ── article_topic_evidence
         │                                          ├─ article_search ── article_search_parts
         │                                          └─ agreement_mentions ── mention_parties ─┐
         │                        agreements ──────────────┘   ├─ agreement_parties ── organisations
         │                          └─ agreement_events        │                         └─ organisation_names
         │                               └─ alert_occasions    alert_rules ── alert_deliveries ── …_events
         ├ source_events, source_failures, source_parts
         ├ web_archives ── web_archive_ranges
         └ leads: documents that are fetched over HTTP         hosts ── host_turns
                                                               tombstones ── tombstone_marks: removed by request

samples ─┬─ sample_strata, sample_rows: what was drawn for people to judge
         └─ sample_evaluations ── sample_figures, sample_verdicts: what they found
"""

from __future__ import annotations

from ingest.tables.agreements import (
    Agreement,
    AgreementEvent,
    AgreementMention,
    AgreementParty,
    MentionParty,
    Organisation,
    OrganisationName,
)
from ingest.tables.alerts import AlertDelivery, AlertDeliveryEvent, AlertOccasion, AlertRule
from ingest.tables.articles import (
    Appearance,
    AppearanceCut,
    Article,
    ArticleBoilerplate,
    ArticleLanguage,
    ArticleTopic,
    ArticleTopicEvidence,
    Fingerprint,
    SupersededAppearance,
)
from ingest.tables.base import (
    AgreementEventKind,
    Base,
    DecisionKind,
    DeliveryState,
    DocumentEventKind,
    DocumentState,
    MarkKind,
    NameOrigin,
    RunState,
    SourceEventKind,
    SourceState,
    UtcTime,
)
from ingest.tables.collecting import Host, HostTurn, Lead, SourceEvent, SourceFailure, SourcePart
from ingest.tables.forgetting import Tombstone, TombstoneMark
from ingest.tables.operations import Decision, Run, RunFate
from ingest.tables.samples import (
    Sample,
    SampleEvaluation,
    SampleFigure,
    SampleRow,
    SampleStratum,
    SampleVerdict,
)
from ingest.tables.search import ArticleSearch, ArticleSearchPart
from ingest.tables.sources import Document, DocumentEvent, Fetch, Page, Source
from ingest.tables.web_archives import WebArchive, WebArchiveRange

__all__ = [
    "Agreement",
    "AgreementEvent",
    "AgreementEventKind",
    "AgreementMention",
    "AgreementParty",
    "AlertDelivery",
    "AlertDeliveryEvent",
    "AlertOccasion",
    "AlertRule",
    "Appearance",
    "AppearanceCut",
    "Article",
    "ArticleBoilerplate",
    "ArticleLanguage",
    "ArticleSearch",
    "ArticleSearchPart",
    "ArticleTopic",
    "ArticleTopicEvidence",
    "Base",
    "Decision",
    "DecisionKind",
    "DeliveryState",
    "Document",
    "DocumentEvent",
    "DocumentEventKind",
    "DocumentState",
    "Fetch",
    "Fingerprint",
    "Host",
    "HostTurn",
    "Lead",
    "MarkKind",
    "MentionParty",
    "NameOrigin",
    "Organisation",
    "OrganisationName",
    "Page",
    "Run",
    "RunFate",
    "RunState",
    "Sample",
    "SampleEvaluation",
    "SampleFigure",
    "SampleRow",
    "SampleStratum",
    "SampleVerdict",
    "Source",
    "SourceEvent",
    "SourceEventKind",
    "SourceFailure",
    "SourcePart",
    "SourceState",
    "SupersededAppearance",
    "Tombstone",
    "TombstoneMark",
    "UtcTime",
    "WebArchive",
    "WebArchiveRange",
]
