"""The frozen types that cross from one stage to the next.

A document's way, and the type it has on it:

    Listing ── for each Entry ──> Lead ── fetch ──> Page

    Page ── extract ──> Article ── annotate ──> Annotated ── store ──> Outcome
      └────────┴── Dropped ─────────────────────────────────────────────┘

Offsets are half-open and count Unicode code points of `Article.text`, unless a docstring says otherwise.
Times are aware; a `Moment` is a date as precise as its source gave it.
"""

from __future__ import annotations

from ingest.documents.annotations import Annotated, Kind, Label, Mention, Party, Place, Span, Status, TopicOrigin
from ingest.documents.answers import Answer, Failure, FailureClass, Validators
from ingest.documents.articles import Access, Article, Boilerplate, Cut, CutReason, Fingerprint, Language, Share
from ingest.documents.captures import WEB_ARCHIVE_ENDINGS, Packing, RangeState, Skip
from ingest.documents.listings import (
    Candidate,
    Child,
    Entry,
    Finding,
    Format,
    Lead,
    Limits,
    Listing,
    ListingFlaw,
    Problem,
    ProblemKind,
    SourceKind,
    Subscription,
    Unlisted,
)
from ingest.documents.moments import Moment, Origin, Precision
from ingest.documents.outcomes import Detected, Fate, Outcome, Tally
from ingest.documents.pages import Dropped, Hints, MediaType, Page, Reason, Stage, Transport

__all__ = [
    "WEB_ARCHIVE_ENDINGS",
    "Access",
    "Annotated",
    "Answer",
    "Article",
    "Boilerplate",
    "Candidate",
    "Child",
    "Cut",
    "CutReason",
    "Detected",
    "Dropped",
    "Entry",
    "Failure",
    "FailureClass",
    "Fate",
    "Finding",
    "Fingerprint",
    "Format",
    "Hints",
    "Kind",
    "Label",
    "Language",
    "Lead",
    "Limits",
    "Listing",
    "ListingFlaw",
    "MediaType",
    "Mention",
    "Moment",
    "Origin",
    "Outcome",
    "Packing",
    "Page",
    "Party",
    "Place",
    "Precision",
    "Problem",
    "ProblemKind",
    "RangeState",
    "Reason",
    "Share",
    "Skip",
    "SourceKind",
    "Span",
    "Stage",
    "Status",
    "Subscription",
    "Tally",
    "TopicOrigin",
    "Transport",
    "Unlisted",
    "Validators",
]
