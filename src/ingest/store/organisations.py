"""Names of parties → rows of organisations, made as they are needed."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, insert, select

from ingest.organisations import Organisation as KnownOrganisation
from ingest.store.database import lock
from ingest.store.documents import Writing
from ingest.store.rules import Rules
from ingest.tables import NameOrigin, Organisation, OrganisationName

__all__ = ["Resolved", "party_name", "resolve"]

_NAME_LENGTH = 300  # characters; no name is longer, but a sentence mistaken for one may be
_SLUG_DIGITS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """An organisation of the store: its row and its public id."""

    id: int
    slug: str


def party_name(name: str) -> str:
    """A party's name as the store has it: on one line, and no longer than its indexes take."""
    return " ".join(name.split())[:_NAME_LENGTH]


def resolve(writing: Writing, rules: Rules, names: Collection[str]) -> dict[str, Resolved]:
    """Find the organisation of each name, or make it.

    A person's word goes before the package data, and that before what articles brought in. A name that several bear,
    and that nothing decides, becomes an organisation of its own: a ministry's deal is not given to the wrong country.

    Args:
        writing: A transaction that holds the locks of the folded names.
        rules: How names are folded, and what the package data know.
        names: As `party_name` gives them.
    """
    found = {name: _find(writing.connection, rules, name) for name in names}
    if None in found.values():
        lock(writing.connection, ["organisations"])  # whoever adds some adds them alone
        found = {name: _find(writing.connection, rules, name) or _make(writing, rules, name) for name in names}
    resolved = {name: organisation for name, organisation in found.items() if organisation is not None}
    for name, organisation in resolved.items():
        _add_name(writing, rules, organisation, name)
    return resolved


def _find(connection: Connection, rules: Rules, name: str) -> Resolved | None:
    bearers = connection.execute(
        select(OrganisationName.organisation_id, OrganisationName.origin)
        .join(Organisation, Organisation.id == OrganisationName.organisation_id)
        .where(OrganisationName.folded == _folded(rules, name))
        .order_by(OrganisationName.id)
    ).all()
    by_person = {row.organisation_id for row in bearers if row.origin is NameOrigin.PERSON}
    if len(by_person) == 1:
        return _current(connection, Organisation.id == by_person.pop())
    known = rules.resolve(name)
    if known is not None:
        return _current(connection, Organisation.slug == known.id)
    return _current(connection, Organisation.slug == _slug(rules, name))


def _current(connection: Connection, condition: ColumnElement[bool]) -> Resolved | None:
    """The organisation that a condition names, or the one that it was merged into."""
    query = select(Organisation.id, Organisation.slug, Organisation.merged_into_id)
    row = connection.execute(query.where(condition)).one_or_none()
    while row is not None and row.merged_into_id is not None:
        row = connection.execute(query.where(Organisation.id == row.merged_into_id)).one_or_none()
    return Resolved(id=row.id, slug=row.slug) if row else None


def _make(writing: Writing, rules: Rules, name: str) -> Resolved:
    known = rules.resolve(name)
    if known is not None:
        return _add(writing, rules, known, NameOrigin.KNOWN, (known.name, *known.names))
    found = KnownOrganisation(id=_slug(rules, name), name=name, region="", names=())
    return _add(writing, rules, found, NameOrigin.FOUND, (name,))


def _add(
    writing: Writing, rules: Rules, organisation: KnownOrganisation, origin: NameOrigin, names: tuple[str, ...]
) -> Resolved:
    identity = writing.connection.execute(
        insert(Organisation)
        .values(
            slug=organisation.id,
            name=organisation.name,
            region=organisation.region or None,
            origin=origin,
            first_seen_at=writing.at,
            run_id=writing.run.id,
        )
        .returning(Organisation.id)
    ).scalar_one()
    rows = [
        {
            "organisation_id": identity,
            "name": each,
            "folded": _folded(rules, each),
            "origin": origin,
            "run_id": writing.run.id,
        }
        for each in dict.fromkeys(names)
    ]
    writing.connection.execute(insert(OrganisationName), rows)
    return Resolved(id=identity, slug=organisation.id)


def _add_name(writing: Writing, rules: Rules, organisation: Resolved, name: str) -> None:
    """Note the form in which an article names an organisation, unless it is noted already."""
    known = select(OrganisationName.id).where(
        OrganisationName.organisation_id == organisation.id, OrganisationName.name == name
    )
    if writing.connection.execute(known).first() is None:
        writing.connection.execute(
            insert(OrganisationName).values(
                organisation_id=organisation.id,
                name=name,
                folded=_folded(rules, name),
                origin=NameOrigin.FOUND,
                run_id=writing.run.id,
            )
        )


def _folded(rules: Rules, name: str) -> str:
    """A name's comparison key, also where it holds no letter at all."""
    return rules.fold(name) or name


def _slug(rules: Rules, name: str) -> str:
    """Public id of an organisation that only articles know: the same name gives the same id in any store."""
    return "org-" + hashlib.sha256(_folded(rules, name).encode()).hexdigest()[:_SLUG_DIGITS]
