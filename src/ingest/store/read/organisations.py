"""Organisations as the views have them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

from ingest import wire
from ingest.store.read.connection import Connection, Listing, like, where

__all__ = ["OrganisationFilter", "organisation", "organisation_id", "organisations"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationFilter:
    """Which organisations to list; None: whatever it is.

    Attributes:
        name: One of whose names holds this, whatever its case.
        region: Of that region; `CN` covers its provinces.
        origin: `known`, `found` or `person`.
    """

    name: str | None = None
    region: str | None = None
    origin: str | None = None


_NAME = """EXISTS (SELECT 1 FROM v_organisation_names n WHERE n.organisation_id = o.organisation_id
    AND lower(n.name) LIKE ? ESCAPE '!')"""


def organisations(connection: Connection, wanted: OrganisationFilter, *, limit: int) -> Listing[wire.Organisation]:
    """List organisations, those with most agreements first.

    Args:
        connection: The store.
        wanted: Which ones.
        limit: How many at most; 0: all.
    """
    region = wanted.region.upper() if wanted.region else None
    condition, parameters = where(
        ("1 = 1",),
        (_NAME, wanted.name and f"%{like(wanted.name.lower())}%"),
        ("(region = ? OR region LIKE ? ESCAPE '!')", region, region and f"{like(region)}-%"),
        ("origin = ?", wanted.origin),
    )
    counted = connection.rows(f"SELECT count(*) AS total FROM v_organisations o WHERE {condition}", *parameters)  # noqa: S608 - joined of constants
    rows = connection.rows(
        f"""SELECT organisation_id FROM v_organisations o WHERE {condition}
        ORDER BY agreements DESC, lower(name), organisation_id LIMIT ?""",  # noqa: S608 - joined of constants
        *parameters,
        limit or counted[0]["total"],
    )
    identities = [row["organisation_id"] for row in rows]
    found = _by_id(connection, identities)
    return Listing(items=tuple(found[identity] for identity in identities), total=counted[0]["total"])


def organisation_id(connection: Connection, given: str) -> str | None:
    """The public id of the organisation that has this id, or alone has this name whatever its case; else None."""
    rows = connection.rows(
        """SELECT DISTINCT organisation_id FROM v_organisation_names
        WHERE own_id = ? OR organisation_id = ? OR lower(name) = lower(?) ORDER BY organisation_id LIMIT 2""",
        *(given, given, given),
    )
    return str(rows[0]["organisation_id"]) if len(rows) == 1 else None


def organisation(connection: Connection, identity: str) -> wire.Organisation:
    """One organisation with its names and what people ruled about it.

    Args:
        connection: The store.
        identity: Its public id, as `organisation_id` gives it.
    """
    found = _by_id(connection, [identity])[identity]
    ids = [identity, *found.merged]
    marks = ", ".join("?" * len(ids))
    rows = connection.rows(
        f"""SELECT kind, holds, person, made_at, note, name, organisation_id, other_organisation_id, revoked_at,
            revoked_by
        FROM v_decisions WHERE agreement_id IS NULL
        AND (organisation_id IN ({marks}) OR other_organisation_id IN ({marks})) ORDER BY decision_id""",  # noqa: S608 - joined of constants
        *ids,
        *ids,
    )
    decisions = tuple(
        wire.Decision(
            kind=row["kind"],
            holds=bool(row["holds"]),
            person=row["person"],
            made_at=row["made_at"],
            note=row["note"],
            name=row["name"],
            other=row["organisation_id"] if row["organisation_id"] != identity else row["other_organisation_id"],
            revoked_at=row["revoked_at"],
            revoked_by=row["revoked_by"],
        )
        for row in rows
    )
    return replace(found, decisions=decisions)


def _by_id(connection: Connection, identities: list[str]) -> dict[str, wire.Organisation]:
    names: dict[str, dict[str, wire.OrganisationName]] = defaultdict(dict)
    merged: dict[str, list[str]] = defaultdict(list)
    for row in connection.rows_in(
        """SELECT organisation_id, own_id, name, origin FROM v_organisation_names WHERE organisation_id IN ({})
        ORDER BY organisation_id, own_id, name""",
        identities,
    ):
        identity = row["organisation_id"]
        names[identity].setdefault(row["name"], wire.OrganisationName(name=row["name"], origin=row["origin"]))
        if row["own_id"] != identity and row["own_id"] not in merged[identity]:
            merged[identity].append(row["own_id"])
    rows = connection.rows_in(
        """SELECT organisation_id, name, region, origin, agreements FROM v_organisations
        WHERE organisation_id IN ({})""",
        identities,
    )
    return {
        row["organisation_id"]: wire.Organisation(
            id=row["organisation_id"],
            name=row["name"],
            region=row["region"],
            origin=row["origin"],
            agreements=row["agreements"],
            names=tuple(names[row["organisation_id"]].values()),
            merged=tuple(merged[row["organisation_id"]]),
            decisions=None,
        )
        for row in rows
    }
