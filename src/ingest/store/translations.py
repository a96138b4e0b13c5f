"""Names in another script of bodies that the ledger has, for parties whose own name nobody knows.

That an English and a Chinese name may be one body's is weak evidence alone. It is believed where both agreed with the
same third one within a week, and no other body of that week fits: then it is the same event, told in two scripts.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.orm import aliased

from ingest.documents import Moment, Precision
from ingest.store.rules import Rules
from ingest.tables import Agreement, AgreementParty, NameOrigin, Organisation

__all__ = ["translated"]

_NEAR = timedelta(days=7)
_MOST = 100  # bodies that one can have agreed with in a week
_partner = aliased(AgreementParty)
_WITH = (
    select(Organisation.id, Organisation.name)
    .join(AgreementParty, AgreementParty.organisation_id == Organisation.id)
    .join(_partner, _partner.agreement_id == AgreementParty.agreement_id)
    .join(Agreement, Agreement.id == AgreementParty.agreement_id)
    .where(
        _partner.organisation_id.in_(bindparam("partners", expanding=True)),
        Organisation.id.not_in(bindparam("partners", expanding=True)),
        Organisation.origin == NameOrigin.FOUND,
        Agreement.last_published >= bindparam("since"),
        Agreement.first_published < bindparam("until"),
    )
    .distinct()
    .order_by(Organisation.id)
    .limit(_MOST)
)


def translated(
    connection: Connection, rules: Rules, *, name: str, partners: Collection[int], published: Moment | None
) -> int | None:
    """The body that a name in another script is of.

    Args:
        connection: Of a transaction under the lock of all organisations.
        rules: What may translate what.
        name: Of a party that no organisation is called by.
        partners: Rows of the organisations that it agreed with.
        published: When its article was.

    Returns:
        Row of the only organisation that fits; None where none or several do, or the day is not known.
    """
    if published is None or published.precision in (Precision.YEAR, Precision.MONTH) or not partners:
        return None
    day = date.fromisoformat(published.day)
    asked = {
        "partners": sorted(partners),
        "since": (day - _NEAR).isoformat(),
        "until": (day + _NEAR + timedelta(days=1)).isoformat(),
    }
    fitting = [row.id for row in connection.execute(_WITH, asked) if rules.translates(name, row.name)]
    return fitting[0] if len(fitting) == 1 else None
