"""What crosses the border as JSON: the forms that `schemas/` publishes.

Changing a name or a meaning here breaks somebody's script; adding a key does not. The sentence under each attribute
becomes its description in the schema (`ingest.schemas` generates them). The types are plain dataclasses, so that a
command that prints JSON need not load pydantic.
"""

from __future__ import annotations

from ingest.wire.evaluation import (
    Accuracy,
    AnnotationMiss,
    AnnotationsEvaluation,
    Bin,
    DuplicateMiss,
    DuplicatesEvaluation,
    ExtractionEvaluation,
    LanguageAccuracy,
    LanguageEvaluation,
    LanguageMiss,
    LedgerEvaluation,
    LedgerMiss,
    Macro,
    NamedQuality,
    PageScore,
    Quality,
    TextQuality,
)
from ingest.wire.form import dump
from ingest.wire.record import (
    Agreement,
    AgreementEvent,
    AgreementMention,
    AgreementParty,
    Article,
    ArticleCut,
    ArticleTopic,
    Copy,
    Counted,
    DroppedDocument,
    Evidence,
    History,
    HistoryEvent,
    Revision,
    Statistics,
)
from ingest.wire.rulings import ArticleChange, Decision, Organisation, OrganisationName, Reprocessed
from ingest.wire.stream import (
    AnnotatedAgreement,
    AnnotatedTopic,
    Annotation,
    AnnotationError,
    Drop,
    Extraction,
    TopicEvidence,
)

__all__ = [
    "Accuracy",
    "Agreement",
    "AgreementEvent",
    "AgreementMention",
    "AgreementParty",
    "AnnotatedAgreement",
    "AnnotatedTopic",
    "Annotation",
    "AnnotationError",
    "AnnotationMiss",
    "AnnotationsEvaluation",
    "Article",
    "ArticleChange",
    "ArticleCut",
    "ArticleTopic",
    "Bin",
    "Copy",
    "Counted",
    "Decision",
    "Drop",
    "DroppedDocument",
    "DuplicateMiss",
    "DuplicatesEvaluation",
    "Evidence",
    "Extraction",
    "ExtractionEvaluation",
    "History",
    "HistoryEvent",
    "LanguageAccuracy",
    "LanguageEvaluation",
    "LanguageMiss",
    "LedgerEvaluation",
    "LedgerMiss",
    "Macro",
    "NamedQuality",
    "Organisation",
    "OrganisationName",
    "PageScore",
    "Quality",
    "Reprocessed",
    "Revision",
    "Statistics",
    "TextQuality",
    "TopicEvidence",
    "dump",
]
