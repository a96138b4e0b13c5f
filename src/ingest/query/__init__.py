"""The store in a notebook: rows of the views as frames of Polars or pandas, read-only.

    from ingest import query

    query.articles(since="2026-01", topic="biotech")                   # of the configured store, as a Polars frame
    query.agreements("sqlite:///var/ingest.db", frame="pandas")        # of another one, as a pandas frame
    query.sql("select kind, count(*) as n from v_agreements group by kind")

Columns are those of the views (`ingest sql --views`), typed alike on both databases: times are aware, in UTC; flags are
booleans; lists are lists; a date is the first day that it may mean, or, with `dates="text"`, the text of the view, as
precise as is known. Polars and pandas are extras: `pip install '.[polars]'`, `pip install '.[pandas]'`.
"""

from __future__ import annotations

from ingest.query.anything import rows, sql
from ingest.query.corpus import articles, sources, topics
from ingest.query.ledger import agreements, mentions, parties

__all__ = ["agreements", "articles", "mentions", "parties", "rows", "sources", "sql", "topics"]
