"""Prefect flows: they decorate and wire; the work is done by `ingest.pipeline`."""
