"""Organisations, what people ruled about them, and what stages that are run again change."""

from __future__ import annotations

from ingest.wire.form import Count, form

__all__ = ["ArticleChange", "Decision", "Organisation", "OrganisationName", "Reprocessed"]


@form
class OrganisationName:
    """A name that an organisation goes by."""

    name: str
    """The name."""
    origin: str
    """`known` (package data), `found` (in an article) or `person`."""


@form
class Decision:
    """What a person ruled."""

    kind: str
    """alias, rename, same_organisation, not_same_organisation, …"""
    holds: bool
    """Whether it is affirmed: off where a name was taken back."""
    person: str
    """Who."""
    made_at: str
    """When, UTC."""
    note: str | None
    """Why, if they said so."""
    name: str | None
    """The name that it is about."""
    other: str | None
    """Id of the other organisation."""
    revoked_at: str | None
    """When it was taken back, UTC."""
    revoked_by: str | None
    """By whom."""


@form
class Organisation:
    """An organisation that is a party to agreements, or that a person named."""

    id: str
    """Public id."""
    name: str
    """Its own name."""
    region: str | None
    """Country or region, where known: an ISO 3166 code."""
    origin: str
    """`known` (package data), `found` (in an article) or `person`."""
    agreements: Count
    """Agreements in the ledger to which it is a party."""
    names: tuple[OrganisationName, ...]
    """Every name that it goes by."""
    merged: tuple[str, ...]
    """Ids of organisations that became part of it."""
    decisions: tuple[Decision, ...] | None
    """What people ruled about it; null in lists."""


@form
class ArticleChange:
    """Something that a stage says otherwise than before."""

    change: str
    """label_gained, label_lost, label_changed, mention_gained, mention_lost, mention_changed, agreement_opened,
    agreement_emptied, text_changed, headline_changed, language_changed or would_be_dropped."""
    subject: str
    """The topic, the agreement's id or the document's key."""
    before: str | None
    """How it was, in words."""
    after: str | None
    """How it is."""


@form
class Reprocessed:
    """An article of which a stage says something else now."""

    article: str
    """Its id, before."""
    key: str
    """Key of the document that speaks for it."""
    title: str | None
    """Its headline."""
    changes: tuple[ArticleChange, ...]
    """What is otherwise."""
