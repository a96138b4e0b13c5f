"""An event-driven news-ingestion pipeline: see `ingest.pipeline` for the way of an article."""

__version__ = "0.1.0"
