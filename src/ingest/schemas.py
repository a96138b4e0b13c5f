"""JSON Schema 2020-12 of what crosses the border, generated from the types; `schemas/` holds the result.

`ingest schema --write schemas` brings the folder up to date; a test fails where it is not.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema

from ingest import wire
from ingest.settings import Settings

__all__ = ["NAMES", "schema", "text"]

_TYPES: dict[str, tuple[Any, str]] = {
    "agreement": (wire.Agreement, "An agreement of the ledger: `ingest agreements --json`, `ingest agreement --json`"),
    "alert": (wire.Alert, "What a webhook and a line of a `jsonl` channel carry"),
    "alert-channel": (wire.AlertChannel, "A channel of alerts: `ingest alerts channels --json`"),
    "alert-delivery": (wire.AlertDelivery, "A message: `ingest alerts log --json`"),
    "alert-preview": (wire.AlertPreview, "What a rule would have told: `ingest alerts preview --json`"),
    "alert-rule": (wire.AlertRule, "A rule of alerts: `ingest alerts list --json`, `ingest alerts show --json`"),
    "annotation": (wire.Annotation | wire.AnnotationError, "A line that `ingest annotate` prints"),
    "article": (wire.Article, "A stored article: `ingest articles --json`, `ingest article --json`"),
    "configuration": (Settings, "What `ingest.toml` may hold"),
    "drop": (wire.DroppedDocument, "A document that was dropped: `ingest drops --json`"),
    "drop-count": (wire.DropCount, "How many documents were dropped: `ingest drops --count --json`"),
    "evaluation-annotations": (wire.AnnotationsEvaluation, "What `ingest evaluate annotations --json` prints"),
    "evaluation-duplicates": (wire.DuplicatesEvaluation, "What `ingest evaluate duplicates --json` prints"),
    "evaluation-extraction": (wire.ExtractionEvaluation, "What `ingest evaluate extraction --json` prints"),
    "evaluation-topics": (wire.TopicsEvaluation, "What `ingest evaluate topics --json` prints"),
    "evaluation-language": (wire.LanguageEvaluation, "What `ingest evaluate language --json` prints"),
    "evaluation-ledger": (wire.LedgerEvaluation, "What `ingest evaluate ledger --json` prints"),
    "event-agreement-changed": (wire.AgreementsChanged, "Payload of the event `ingest.agreement.changed`"),
    "event-agreement-detected": (wire.AgreementsDetected, "Payload of the event `ingest.agreement.detected`"),
    "event-article-stored": (wire.ArticlesStored, "Payload of the event `ingest.article.stored`"),
    "event-folder-changed": (wire.FolderChanged, "Payload of the event `ingest.folder.changed`"),
    "event-source-unhealthy": (wire.SourceUnhealthy, "Payload of the event `ingest.source.unhealthy`"),
    "extraction": (wire.Extraction, "A line that `ingest extract` prints"),
    "history": (wire.History, "What happened to a document: `ingest why --json`"),
    "source": (wire.Source, "A source and how it is doing: `ingest sources --json`, `ingest sources show --json`"),
    "source-check": (wire.SourceCheck, "What a source would bring: `ingest sources check --json`"),
    "organisation": (wire.Organisation, "An organisation: `ingest org list --json`, `ingest org show --json`"),
    "reprocessed": (wire.Reprocessed, "An article that changes: `ingest reprocess --json`"),
    "statistics": (wire.Statistics, "What the store holds: `ingest stats --json`"),
    "status": (wire.Status, "How the pipeline is doing: `ingest status --json`"),
    "topic-model": (wire.TopicModel, "A model of topics: `ingest models --json`"),
    "trace": (wire.Trace, "What a row rests on: `ingest trace --json`"),
}

NAMES = tuple(_TYPES)
"""The schemas that there are."""


class _Plain(GenerateJsonSchema):
    """Without a title for every property, which would only repeat its name."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the signature is pydantic's
        """Never."""
        return False


def schema(name: str) -> dict[str, object]:
    """Generate one schema.

    Args:
        name: One of `NAMES`.
    """
    kind, title = _TYPES[name]
    mode = "validation" if kind is Settings else "serialization"
    generated = TypeAdapter(kind).json_schema(mode=mode, schema_generator=_Plain)  # type: ignore[arg-type]
    head = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:ingest:schema:{name}:1",
    }
    return head | generated | {"title": title}


def text(name: str) -> str:
    """Write one schema as the file in `schemas/` holds it."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"
