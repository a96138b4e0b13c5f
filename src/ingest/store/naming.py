"""What people rule about organisations: other names, one or two, and taking that back; and what follows of it.

Parties of mentions keep the organisation that their name led to; which one that stands for now follows from the
decisions in force. So whatever is ruled here, the agreements concerned are made again from their mentions, those whose
parties become equal become one where the ledger's rule says so, and undoing the ruling undoes that, too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from sqlalchemy import bindparam, delete, select, update

from ingest.errors import NotFoundError, RulingError
from ingest.organisations import Organisation as KnownOrganisation
from ingest.organisations import known
from ingest.store import consequences, decisions, rulings
from ingest.store.changes import Effect
from ingest.store.database import lock
from ingest.store.decisions import Ruling
from ingest.store.documents import Writing
from ingest.store.organisations import NAME_LENGTH, Resolved, add, add_name, by_slug, folded, party_name
from ingest.store.rules import Rules
from ingest.tables import (
    AgreementMention,
    DecisionKind,
    MentionParty,
    NameOrigin,
    Organisation,
    OrganisationName,
)

__all__ = ["alias", "forget", "merge", "rename", "restore", "split"]

_ORGANISATION = select(Organisation.id, Organisation.slug, Organisation.name, Organisation.merged_into_id)
_BY_SLUG = _ORGANISATION.where(Organisation.slug == bindparam("wanted"))
_BY_ID = _ORGANISATION.where(Organisation.id == bindparam("wanted"))
_BEARING = (
    select(Organisation.slug)
    .join(OrganisationName, OrganisationName.organisation_id == Organisation.id)
    .where(OrganisationName.folded == bindparam("key"), Organisation.merged_into_id.is_(None))
    .distinct()
    .order_by(Organisation.slug)
)
_PERSONAL = select(OrganisationName.id, OrganisationName.organisation_id).where(
    OrganisationName.folded == bindparam("key"), OrganisationName.origin == NameOrigin.PERSON
)
_MAKE_PERSONAL = (
    update(OrganisationName)
    .where(OrganisationName.organisation_id == bindparam("organisation"), OrganisationName.name == bindparam("form"))
    .values(origin=NameOrigin.PERSON)
)
_KEYS = select(OrganisationName.folded).where(OrganisationName.organisation_id == bindparam("organisation"))
_FORGET = delete(OrganisationName).where(OrganisationName.id.in_(bindparam("names", expanding=True)))
_RENAME = update(Organisation).where(Organisation.id == bindparam("row"))
_NAMED = (
    select(MentionParty.mention_id, MentionParty.position, MentionParty.name, AgreementMention.agreement_id)
    .join(AgreementMention, AgreementMention.id == MentionParty.mention_id)
    .where(MentionParty.organisation_id == bindparam("organisation"))
)
_PARTY = (
    update(MentionParty)
    .where(MentionParty.mention_id == bindparam("mention"), MentionParty.position == bindparam("place"))
    .values(organisation_id=bindparam("to"))
)
_SHOWN = 5


def alias(
    writing: Writing, rules: Rules, ruling: Ruling, *, organisation: str, names: Sequence[str]
) -> tuple[Effect, ...]:
    """Rule that an organisation goes by further names.

    From now on each name means this organisation, whatever the package data say. An organisation that only articles
    know, and that goes by that name, becomes one with it.

    Args:
        writing: A transaction.
        rules: How names are folded and what belongs together.
        ruling: Who rules, and why.
        organisation: Its public id, or a name that only it bears; one of the package data need not be in the store yet.
        names: The names.

    Returns:
        What becomes of the agreements concerned.

    Raises:
        NotFoundError: No organisation is called so.
        RulingError: Several are; or a name is blank, or the own one of another organisation of the package data.
    """
    target = _named(writing, rules, organisation)
    effects: list[Effect] = []
    for name in map(_checked, names):
        key = folded(rules, name)
        bearing = writing.connection.execute(_BEARING, {"key": key}).scalars().all()
        listed = rules.resolve(name)
        if listed is not None and listed.id != target.slug and folded(rules, listed.name) == key:
            raise RulingError(
                f"{name!r} is what {listed.id} is called",
                remedy=f"`ingest org merge {target.slug} {listed.id}` makes the two one",
            )
        _put_name(writing, rules, target.id, name)
        decisions.rule(writing, ruling, DecisionKind.ALIAS, organisation_id=target.id, name=name)
        for slug in bearing:
            found = by_slug(writing.connection, slug)
            if found and found.id != target.id and slug.startswith("org-") and _is_named(writing, rules, found, key):
                effects += _join(writing, rules, ruling, found, target)
    return tuple(effects)


def forget(
    writing: Writing, rules: Rules, ruling: Ruling, *, organisation: str, names: Sequence[str]
) -> tuple[Effect, ...]:
    """Take names back that people gave an organisation. What mentions were resolved to stays.

    Raises:
        NotFoundError: No organisation is called so.
        RulingError: Nobody gave it that name.
    """
    target = _named(writing, rules, organisation)
    for name in map(_checked, names):
        rows = writing.connection.execute(_PERSONAL, {"key": folded(rules, name)}).all()
        mine = [row.id for row in rows if row.organisation_id == target.id]
        if not mine:
            raise RulingError(
                f"nobody gave {target.slug} the name {name!r}",
                remedy="only names given by `ingest org alias` can be taken back; `ingest org split` parts others",
            )
        writing.connection.execute(_FORGET, {"names": mine})
        decisions.rule(writing, ruling, DecisionKind.ALIAS, holds=False, organisation_id=target.id, name=name)
    return ()


def merge(writing: Writing, rules: Rules, ruling: Ruling, *, into: str, others: Sequence[str]) -> tuple[Effect, ...]:
    """Rule that organisations are one: the first stands for the others.

    Raises:
        NotFoundError: No organisation is called so.
        RulingError: Several are, or two of them are one already.
    """
    target = _named(writing, rules, into)
    effects: list[Effect] = []
    for other in others:
        found = _named(writing, rules, other)
        if found.id == target.id:
            raise RulingError(f"{other!r} and {into!r} are one organisation already", remedy="name another one")
        effects += _join(writing, rules, ruling, found, target)
    return tuple(effects)


def restore(writing: Writing, rules: Rules, ruling: Ruling, *, organisation: str) -> tuple[Effect, ...]:
    """Take the merge of an organisation into another back, with the merges of agreements that followed from it.

    Raises:
        NotFoundError: There is no such organisation.
        RulingError: It was not merged.
    """
    connection = writing.connection
    row = connection.execute(_BY_SLUG, {"wanted": organisation}).one_or_none()
    if row is None:
        raise NotFoundError(
            f"there is no organisation with the id {organisation!r}",
            remedy="give the id that it had before it was merged; `ingest org show` of the other one names it",
        )
    links = decisions.in_force(connection, DecisionKind.SAME_ORGANISATION)
    mine = [link for link in links if link.organisation_id == row.id]
    if not mine:
        raise RulingError(f"{organisation} stands for itself", remedy="there is nothing to take back")
    affected = consequences.affected_by(connection, [row.id, *(link.other_organisation_id for link in mine)])
    consequences.lock_all(connection, [row.id, *(link.other_organisation_id for link in mine)], affected)
    decisions.revoke(writing, ruling, [link.id for link in mine])
    consequences.reroot(connection)
    caused = [
        link for link in decisions.in_force(connection, DecisionKind.SAME_AGREEMENT) if link.organisation_id == row.id
    ]
    rulings.unlink(writing, rules, ruling, caused)
    homes = {link.other_agreement_id: link.agreement_id for link in caused}
    consequences.part_by(writing, rules, ruling, [row.id], affected, homes=homes)
    return consequences.remade(writing, rules, affected)


def split(
    writing: Writing, rules: Rules, ruling: Ruling, *, organisation: str, names: Sequence[str]
) -> tuple[Effect, ...]:
    """Rule that some names are those of another organisation, which is made.

    Args:
        writing: A transaction.
        rules: As for `alias`.
        ruling: Who rules, and why.
        organisation: The one that goes by them now.
        names: The names that leave it; the new one is called by the first.

    Raises:
        NotFoundError: No organisation is called so.
        RulingError: It does not go by one of the names, or by no other.
    """
    connection = writing.connection
    target = _named(writing, rules, organisation)
    leaving = [_checked(name) for name in names]
    keys = {folded(rules, name) for name in leaving}
    rows = connection.execute(_NAMED, {"organisation": target.id}).all()
    _check_leaving(writing, rules, target, leaving, {folded(rules, row.name) for row in rows})
    moved = [row for row in rows if folded(rules, row.name) in keys]
    affected = consequences.affected_by(connection, [target.id])
    consequences.lock_all(connection, [target.id], affected)
    new = _new(writing, rules, leaving[0], target)
    for name in leaving:
        _put_name(writing, rules, new.id, name)
    for row in moved:
        asked = {"mention": row.mention_id, "place": row.position, "to": new.id}
        connection.execute(_PARTY, asked)
    decisions.rule(
        writing,
        ruling,
        DecisionKind.NOT_SAME_ORGANISATION,
        organisation_id=target.id,
        other_organisation_id=new.id,
        name=leaving[0],
    )
    consequences.part_by(writing, rules, ruling, [new.id], affected, homes={})
    return consequences.remade(writing, rules, consequences.affected_by(connection, [target.id, new.id]))


def rename(
    writing: Writing, rules: Rules, ruling: Ruling, *, organisation: str, name: str, region: str | None
) -> tuple[Effect, ...]:
    """Give an organisation another own name, or a region; it goes on going by the former name.

    Raises:
        NotFoundError: No organisation is called so.
        RulingError: The name is blank.
    """
    target = _named(writing, rules, organisation)
    new = _checked(name)
    former = writing.connection.execute(_BY_ID, {"wanted": target.id}).one().name
    for each in (former, new):
        add_name(writing, rules, target.id, each, NameOrigin.PERSON)
    values = {"name": new} if region is None else {"name": new, "region": region}
    writing.connection.execute(_RENAME, {"row": target.id, **values})
    decisions.rule(writing, ruling, DecisionKind.RENAME, organisation_id=target.id, name=new)
    return ()


def _checked(name: str) -> str:
    """A name as the store has it.

    Raises:
        RulingError: It holds no letter or digit, or is longer than any name.
    """
    shown = " ".join("".join(c if c.isprintable() else " " for c in name).split())
    if not any(c.isalnum() for c in shown):
        raise RulingError("a name must hold a letter or a digit", remedy="give the name as articles write it")
    if len(shown) > NAME_LENGTH:
        raise RulingError(f"a name has at most {NAME_LENGTH} characters", remedy="give the name alone")
    return party_name(shown)


def _named(writing: Writing, rules: Rules, given: str) -> Resolved:
    """The organisation that somebody means, made where only the package data have it."""
    connection = writing.connection
    found = by_slug(connection, given)
    if found is not None:
        return found
    bearing = connection.execute(_BEARING, {"key": folded(rules, given)}).scalars().all()
    if len(bearing) > 1:
        some = ", ".join([*bearing[:_SHOWN], *("…" for _ in bearing[_SHOWN:])])
        raise RulingError(f"several organisations go by {given!r}: {some}", remedy="give the id of one")
    listed = next((each for each in known() if each.id == given), None) or rules.resolve(given)
    if listed is not None and not bearing:
        return by_slug(connection, listed.id) or _listed(writing, rules, listed)
    if not bearing:
        raise NotFoundError(
            f"there is no organisation called {given!r}", remedy="`ingest org list --name …` searches for one"
        )
    found = by_slug(connection, bearing[0])
    if found is None:
        raise AssertionError("an organisation that has a name is in the store")
    return found


def _listed(writing: Writing, rules: Rules, listed: KnownOrganisation) -> Resolved:
    lock(writing.connection, ["organisations"])
    return add(writing, rules, listed, NameOrigin.KNOWN, (listed.name, *listed.names))


def _new(writing: Writing, rules: Rules, name: str, parted: Resolved) -> Resolved:
    lock(writing.connection, ["organisations"])
    digest = hashlib.sha256(f"{parted.slug}\n{folded(rules, name)}".encode()).hexdigest()
    found = by_slug(writing.connection, f"org-{digest[:10]}")
    if found is not None and found.id != parted.id:
        return found
    made = KnownOrganisation(id=f"org-{digest[:10]}", name=name, region="", names=())
    return add(writing, rules, made, NameOrigin.PERSON, (name,))


def _check_leaving(
    writing: Writing, rules: Rules, target: Resolved, leaving: Sequence[str], told: AbstractSet[str]
) -> None:
    """See that an organisation goes by the names that leave it, and by another one.

    Raises:
        RulingError: It does not.
    """
    mine = told | set(writing.connection.execute(_KEYS, {"organisation": target.id}).scalars())
    strange = next((name for name in leaving if folded(rules, name) not in mine), None)
    if strange is not None:
        raise RulingError(
            f"{target.slug} does not go by {strange!r}", remedy=f"`ingest org show {target.slug}` lists its names"
        )
    if mine <= {folded(rules, name) for name in leaving}:
        raise RulingError(f"{target.slug} goes by no other name", remedy="leave one out, or use `ingest org rename`")


def _put_name(writing: Writing, rules: Rules, organisation: int, name: str) -> None:
    """Give an organisation a name that a person says it has; nobody else has it by a person's word any more."""
    connection = writing.connection
    rows = connection.execute(_PERSONAL, {"key": folded(rules, name)}).all()
    others = [row.id for row in rows if row.organisation_id != organisation]
    if others:
        connection.execute(_FORGET, {"names": others})
    add_name(writing, rules, organisation, name, NameOrigin.PERSON)
    connection.execute(_MAKE_PERSONAL, {"organisation": organisation, "form": name})


def _is_named(writing: Writing, rules: Rules, found: Resolved, key: str) -> bool:
    """Whether a name is an organisation's own."""
    return folded(rules, writing.connection.execute(_BY_ID, {"wanted": found.id}).one().name) == key


def _join(writing: Writing, rules: Rules, ruling: Ruling, other: Resolved, target: Resolved) -> tuple[Effect, ...]:
    connection = writing.connection
    affected = consequences.affected_by(connection, [other.id, target.id])
    consequences.lock_all(connection, [other.id, target.id], affected)
    decisions.rule(
        writing,
        ruling,
        DecisionKind.SAME_ORGANISATION,
        organisation_id=other.id,
        other_organisation_id=target.id,
    )
    consequences.reroot(connection)
    effects = list(consequences.remade(writing, rules, affected))
    joined = consequences.become_equal(writing, rules, ruling, affected, cause=(other.id, target.id))
    gone = {effect.agreement for effect in joined}
    return (*(effect for effect in effects if effect.agreement not in gone), *joined)
