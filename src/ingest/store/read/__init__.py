"""Read-only queries over the documented views, through the databases' own drivers and without SQLAlchemy."""

from __future__ import annotations

from ingest.store.read.agreements import (
    AgreementFilter,
    agreement,
    agreement_id,
    agreements,
    agreements_by_id,
    count_news,
)
from ingest.store.read.alerts import DeliveryFilter, Told, alert_deliveries, alert_rule, alert_rules, told_by
from ingest.store.read.articles import ArticleFilter, article, articles, articles_by_id
from ingest.store.read.backfill import backfills
from ingest.store.read.connection import Connection, Listing, connect
from ingest.store.read.corrections import Correction, corrections
from ingest.store.read.documents import Place, histories, records, source_names, sources, statistics
from ingest.store.read.drops import DropFilter, count_drops, drops
from ingest.store.read.health import known_urls, source, sources_with_health
from ingest.store.read.organisations import OrganisationFilter, organisation, organisation_id, organisations
from ingest.store.read.search import SearchFilter, SearchPage, search
from ingest.store.read.status import status
from ingest.store.read.trace import KINDS as TRACED
from ingest.store.read.trace import trace

__all__ = [
    "TRACED",
    "AgreementFilter",
    "ArticleFilter",
    "Connection",
    "Correction",
    "DeliveryFilter",
    "DropFilter",
    "Listing",
    "OrganisationFilter",
    "Place",
    "SearchFilter",
    "SearchPage",
    "Told",
    "agreement",
    "agreement_id",
    "agreements",
    "agreements_by_id",
    "alert_deliveries",
    "alert_rule",
    "alert_rules",
    "article",
    "articles",
    "articles_by_id",
    "backfills",
    "connect",
    "corrections",
    "count_drops",
    "count_news",
    "drops",
    "histories",
    "known_urls",
    "organisation",
    "organisation_id",
    "organisations",
    "records",
    "search",
    "source",
    "source_names",
    "sources",
    "sources_with_health",
    "statistics",
    "status",
    "told_by",
    "trace",
]
