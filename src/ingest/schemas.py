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
from ingest.views import VIEWS, Column, ColumnType, View

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
    "backup": (wire.Backup, "A backup: its `manifest.json`, and `ingest db backup --json`"),
    "backfill": (wire.Backfill, "How far web archives were read: `ingest backfill --json`"),
    "configuration": (Settings, "What `ingest.toml` may hold"),
    "drop": (wire.DroppedDocument, "A document that was dropped: `ingest drops --json`"),
    "drop-count": (wire.DropCount, "How many documents were dropped: `ingest drops --count --json`"),
    "evaluation-annotations": (wire.AnnotationsEvaluation, "What `ingest evaluate annotations --json` prints"),
    "evaluation-duplicates": (wire.DuplicatesEvaluation, "What `ingest evaluate duplicates --json` prints"),
    "evaluation-extraction": (wire.ExtractionEvaluation, "What `ingest evaluate extraction --json` prints"),
    "evaluation-topics": (wire.TopicsEvaluation, "What `ingest evaluate topics --json` prints"),
    "evaluation-language": (wire.LanguageEvaluation, "What `ingest evaluate language --json` prints"),
    "evaluation-ledger": (wire.LedgerEvaluation, "What `ingest evaluate ledger --json` prints"),
    "evaluation-sample": (wire.SampleEvaluation, "What `ingest evaluate sample --json` prints"),
    "event-agreement-changed": (wire.AgreementsChanged, "Payload of the event `ingest.agreement.changed`"),
    "event-agreement-detected": (wire.AgreementsDetected, "Payload of the event `ingest.agreement.detected`"),
    "event-article-stored": (wire.ArticlesStored, "Payload of the event `ingest.article.stored`"),
    "event-folder-changed": (wire.FolderChanged, "Payload of the event `ingest.folder.changed`"),
    "event-source-unhealthy": (wire.SourceUnhealthy, "Payload of the event `ingest.source.unhealthy`"),
    "export": (wire.Export, "What was exported: `ingest export --json`"),
    "export-manifest": (wire.ExportManifest, "The manifest that `ingest export` writes beside its files"),
    "export-verification": (wire.ExportVerification, "Whether files are as exported: `ingest export --verify --json`"),
    "extraction": (wire.Extraction, "A line that `ingest extract` prints"),
    "history": (wire.History, "What happened to a document: `ingest why --json`"),
    "search-result": (wire.SearchResult, "An article that was found: `ingest search --json`"),
    "source": (wire.Source, "A source and how it is doing: `ingest sources --json`, `ingest sources show --json`"),
    "source-check": (wire.SourceCheck, "What a source would bring: `ingest sources check --json`"),
    "organisation": (wire.Organisation, "An organisation: `ingest org list --json`, `ingest org show --json`"),
    "removal": (wire.Removal, "What was removed by request: `ingest forget --json`"),
    "reprocessed": (wire.Reprocessed, "An article that changes: `ingest reprocess --json`"),
    "retention": (wire.Retention, "Raw bodies that were old enough to go: `ingest retention --json`"),
    "store-copy": (wire.StoreCopy, "A copy of a store: `ingest db copy --json`"),
    "removal-record": (wire.RemovalRecord, "A removal as the archive keeps it: `removals/*.json`"),
    "restored": (wire.Restored, "A backup that was brought back: `ingest db restore --json`"),
    "statistics": (wire.Statistics, "What the store holds: `ingest stats --json`"),
    "status": (wire.Status, "How the pipeline is doing: `ingest status --json`"),
    "tombstone": (wire.Tombstone, "A removal by request: `ingest forget --list --json`"),
    "topic-model": (wire.TopicModel, "A model of topics: `ingest models --json`"),
    "trace": (wire.Trace, "What a row rests on: `ingest trace --json`"),
    "verification": (wire.Verification, "What looking a store or a backup over came to: `ingest db verify --json`"),
}

_VIEWS = "views"

NAMES = (*_TYPES, _VIEWS)
"""The schemas that there are."""

_COLUMN_TYPES: dict[ColumnType, dict[str, object]] = {
    ColumnType.TEXT: {"type": "string"},
    ColumnType.INTEGER: {"type": "integer"},
    ColumnType.REAL: {"type": "number"},
    ColumnType.FLAG: {"type": "integer", "enum": [0, 1]},
    ColumnType.TIME: {"type": "string", "format": "date-time"},
    ColumnType.DATE: {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?"},
    ColumnType.LIST: {"type": "string", "$comment": "items joined by ' · ', empty where there are none"},
}


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
    if name == _VIEWS:
        return _of_views()
    kind, title = _TYPES[name]
    mode = "validation" if kind is Settings else "serialization"
    generated = TypeAdapter(kind).json_schema(mode=mode, schema_generator=_Plain)  # type: ignore[arg-type]
    head = {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:ingest:schema:{name}:1",
    }
    return head | generated | {"title": title}


def _of_views() -> dict[str, object]:
    """A row of each view, as `ingest sql 'select * from VIEW' --format jsonl` prints it."""
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": f"urn:ingest:schema:{_VIEWS}:1",
        "title": "A row of a view: `ingest sql --format jsonl`; the views are under `$defs`",
        "anyOf": [{"$ref": f"#/$defs/{view.name}"} for view in VIEWS],
        "$defs": {view.name: _of_row(view) for view in VIEWS},
    }


def _of_row(view: View) -> dict[str, object]:
    names = [column.name for column in view.columns]
    return {
        "type": "object",
        "description": view.description,
        "properties": {column.name: _of_cell(column) for column in view.columns},
        "required": names,
        "additionalProperties": False,
    }


def _of_cell(column: Column) -> dict[str, object]:
    plain = _COLUMN_TYPES[column.type]
    typed: dict[str, object] = {"anyOf": [plain, {"type": "null"}]} if column.nullable else plain
    return typed | {"description": column.description}


def text(name: str) -> str:
    """Write one schema as the file in `schemas/` holds it."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"
