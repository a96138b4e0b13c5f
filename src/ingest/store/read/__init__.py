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
from ingest.store.read.articles import ArticleFilter, article, articles, articles_by_id
from ingest.store.read.connection import Connection, Listing, connect
from ingest.store.read.documents import Place, histories, records, sources, statistics
from ingest.store.read.drops import DropFilter, drops
from ingest.store.read.organisations import OrganisationFilter, organisation, organisation_id, organisations

__all__ = [
    "AgreementFilter",
    "ArticleFilter",
    "Connection",
    "DropFilter",
    "Listing",
    "OrganisationFilter",
    "Place",
    "agreement",
    "agreement_id",
    "agreements",
    "agreements_by_id",
    "article",
    "articles",
    "articles_by_id",
    "connect",
    "count_news",
    "drops",
    "histories",
    "organisation",
    "organisation_id",
    "organisations",
    "records",
    "sources",
    "statistics",
]
