"""A visit of a source that is due: its listing, and then the pages that wait.

    claim       store.visits     whose turn is it?
    ask         listing          the feed, sitemap or list: what is new in it?
    for each page that waits:
        fetch   pages            Lead → Page | Dropped | postponed
        …       pipeline         extract, compare, label, store
        settle  store.leads      it need not be fetched again
    end         store.visits     when is it due again?

`Visit` is a `Source` of the pipeline: it yields pages. What was stored is settled after the fact, so that whatever a
worker that died had in hand is fetched again, and found unchanged where it was stored already.
"""

from __future__ import annotations

from ingest.visit.given import Given
from ingest.visit.listing import Asked, ask
from ingest.visit.pages import Visit
from ingest.visit.terms import Reader, Readers, VisitTerms, Worker, standard_readers

__all__ = ["Asked", "Given", "Reader", "Readers", "Visit", "VisitTerms", "Worker", "ask", "standard_readers"]
