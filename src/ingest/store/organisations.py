"""Names of parties → rows of organisations, made as they are needed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from sqlalchemy import Connection, Select, bindparam, insert, select

from ingest.documents import Article, Mention, Party
from ingest.organisations import Organisation as KnownOrganisation
from ingest.regions import Context
from ingest.store.database import lock
from ingest.store.documents import Writing
from ingest.store.rules import Rules
from ingest.store.translations import translated
from ingest.tables import NameOrigin, Organisation, OrganisationName

__all__ = ["NAME_LENGTH", "Resolved", "add", "add_name", "by_slug", "folded", "party_name", "resolve", "settled"]

NAME_LENGTH = 300  # characters; no name is longer, but a sentence mistaken for one may be
_SLUG_DIGITS = 10
_LEAST_LEARNT = 4  # characters of a name that is believed because an article used it so; shorter ones mean many things

_Query: TypeAlias = Select[tuple[int, str, int | None]]
_QUERY = select(Organisation.id, Organisation.slug, Organisation.merged_into_id)
_BY_ID = _QUERY.where(Organisation.id == bindparam("wanted"))
_BY_SLUG = _QUERY.where(Organisation.slug == bindparam("wanted"))
_MERGED = select(Organisation.id, Organisation.merged_into_id).where(
    Organisation.id.in_(bindparam("organisations", expanding=True)), Organisation.merged_into_id.is_not(None)
)
_BEARERS = (
    select(OrganisationName.organisation_id, Organisation.region)
    .join(Organisation, Organisation.id == OrganisationName.organisation_id)
    .where(OrganisationName.folded == bindparam("key"), OrganisationName.origin == NameOrigin.PERSON)
)
# Names under which articles have an organisation beside those of the package data: among them those in another script.
_FOUND = (
    select(OrganisationName.organisation_id)
    .where(OrganisationName.folded == bindparam("key"), OrganisationName.origin == NameOrigin.FOUND)
    .distinct()
    .limit(2)
)
_NAME = select(OrganisationName.id).where(
    OrganisationName.organisation_id == bindparam("organisation"), OrganisationName.name == bindparam("form")
)
_ADD = insert(Organisation).returning(Organisation.id)
_ADD_NAME = insert(OrganisationName)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """An organisation of the store.

    Attributes:
        id: Its row.
        slug: Its public id.
        own: Row of the one that the name is of, where that was merged into this one: a merge can be undone.
    """

    id: int
    slug: str
    own: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """A name as an article has it.

    Attributes:
        beside: The region that the words next to it put it in.
        also: Names in the other script that the article gives beside it.
        context: What else stands around it, asked only where that does not decide.
    """

    name: str
    beside: str | None
    also: tuple[str, ...]
    context: Context = field(compare=False)


def party_name(name: str) -> str:
    """A party's name as the store has it: on one line, and no longer than its indexes take."""
    return " ".join(name.split())[:NAME_LENGTH]


def resolve(
    writing: Writing, rules: Rules, mentions: Sequence[Mention], article: Article
) -> tuple[tuple[Resolved, ...], ...]:
    """Find the organisation of each party of each mention, or make it.

    A person's word goes before the package data, and that before what articles brought in. A name that several bear is
    decided by the place that the article puts it in; one that nothing decides becomes an organisation of its own: a
    ministry's deal is not given to the wrong country.

    Args:
        writing: A transaction that holds the locks of the folded names.
        rules: How names are folded, and what the package data know.
        mentions: With the parties' names.
        article: In which they stand.
    """
    whole = f"{article.title or ''}\n{article.text}"
    named = [[_named(rules, party, mention, article, whole) for party in mention.parties] for mention in mentions]
    names = list(dict.fromkeys(each for row in named for each in row))
    found = {each: _find(writing.connection, rules, each) for each in names}
    if None in found.values():
        lock(writing.connection, ["organisations"])  # whoever adds some adds them alone
        found = {each: _find(writing.connection, rules, each) for each in names}
        for row in named:
            found |= _translated(writing.connection, rules, row, found, article)
        # Looked for again, since another spelling of the same name may just have been made.
        found = {
            each: organisation or _find(writing.connection, rules, each) or _make(writing, rules, each)
            for each, organisation in found.items()
        }
    resolved = {each: organisation for each, organisation in found.items() if organisation is not None}
    for each, organisation in resolved.items():
        add_name(writing, rules, organisation.own, each.name, NameOrigin.FOUND)
    return tuple(tuple(resolved[each] for each in row) for row in named)


def _translated(
    connection: Connection,
    rules: Rules,
    row: Sequence[_Named],
    found: Mapping[_Named, Resolved | None],
    article: Article,
) -> dict[_Named, Resolved | None]:
    """Parties of one mention that nobody knows, and that may be known by a name in another script."""
    partners = {known.id for each in row if (known := found[each]) is not None}
    meant: dict[_Named, Resolved | None] = {}
    for each in row:
        if found[each] is None:
            same = translated(connection, rules, name=each.name, partners=partners, published=article.published)
            meant[each] = None if same is None else _current(connection, _BY_ID, same)
    bodies = [known.id for known in meant.values() if known is not None]
    return meant if len(set(bodies)) == len(bodies) else {}


def settled(connection: Connection, resolved: Mapping[int, Resolved]) -> Mapping[int, Resolved]:
    """The organisations that these are by now, by their own row: one may have been merged while locks were awaited."""
    moved = connection.execute(_MERGED, {"organisations": sorted({each.id for each in resolved.values()})}).all()
    into = {row.id: _current(connection, _BY_ID, row.id) for row in moved}
    lock(connection, {f"organisation {current.id}" for current in into.values() if current})
    standing = {}
    for own, organisation in resolved.items():
        current = into.get(organisation.id)
        standing[own] = replace(current, own=own) if current else organisation
    return standing


def by_slug(connection: Connection, slug: str) -> Resolved | None:
    """The organisation with a public id, or the one that it was merged into."""
    return _current(connection, _BY_SLUG, slug)


def add(
    writing: Writing, rules: Rules, organisation: KnownOrganisation, origin: NameOrigin, names: Iterable[str]
) -> Resolved:
    """Add an organisation with its names."""
    values = {
        "slug": organisation.id,
        "name": organisation.name,
        "region": organisation.region or None,
        "origin": origin,
        "first_seen_at": writing.at,
        "run_id": writing.run.id,
    }
    identity = writing.connection.execute(_ADD, values).scalar_one()
    rows = [
        {
            "organisation_id": identity,
            "name": each,
            "folded": folded(rules, each),
            "origin": origin,
            "run_id": writing.run.id,
        }
        for each in dict.fromkeys(names)
    ]
    writing.connection.execute(_ADD_NAME, rows)
    return Resolved(id=identity, slug=organisation.id, own=identity)


def add_name(writing: Writing, rules: Rules, organisation: int, name: str, origin: NameOrigin) -> None:
    """Note a name of an organisation, unless it is noted already."""
    if writing.connection.execute(_NAME, {"organisation": organisation, "form": name}).first() is None:
        values = {
            "organisation_id": organisation,
            "name": name,
            "folded": folded(rules, name),
            "origin": origin,
            "run_id": writing.run.id,
        }
        writing.connection.execute(_ADD_NAME, values)


def folded(rules: Rules, name: str) -> str:
    """A name's comparison key, also where it holds no letter at all."""
    return rules.fold(name) or name


def _named(rules: Rules, party: Party, mention: Mention, article: Article, whole: str) -> _Named:
    start = mention.start if party.start is None else party.start
    end = start if party.end is None else party.end
    context = Context(
        before=article.text[mention.start : start],
        after=article.text[end : mention.end],
        text=whole,
        url=article.url,
    )
    beside = rules.beside(context) if party.start is not None else None
    also = tuple(map(party_name, rules.introduced(party.name, whole)))
    return _Named(name=party_name(party.name), beside=beside, also=also, context=context)


def _find(connection: Connection, rules: Rules, named: _Named) -> Resolved | None:
    bearers = {
        row.organisation_id: row.region for row in connection.execute(_BEARERS, {"key": folded(rules, named.name)})
    }
    if len(bearers) > 1:
        bearers = _placed(bearers, named.beside or rules.around(named.context)) or bearers
    if len(bearers) == 1:
        return _current(connection, _BY_ID, next(iter(bearers)))
    known, region = _known(rules, named)
    found = by_slug(connection, known.id if known else _slug(rules, named.name, region))
    if found is not None or known is not None or region is not None:
        return found
    for name in (named.name, *named.also):
        if len(name) < _LEAST_LEARNT:
            continue
        bearing = connection.execute(_FOUND, {"key": folded(rules, name)}).scalars().all()
        if len(bearing) == 1:
            return _current(connection, _BY_ID, bearing[0])
    return None


def _placed(bearers: Mapping[int, str | None], region: str | None) -> dict[int, str | None]:
    return {each: home for each, home in bearers.items() if home is not None and home == region}


def _known(rules: Rules, named: _Named) -> tuple[KnownOrganisation | None, str | None]:
    """The organisation of the package data, or the region of one that it does not have."""
    known = rules.resolve(named.name, region_hint=named.beside)
    if known is not None:
        return known, known.region
    region = named.beside or rules.around(named.context)
    if named.beside is None and region is not None:
        known = rules.resolve(named.name, region_hint=region)
    if known is None and not named.name.isascii() and (city := rules.city_named(named.context)):
        found = rules.resolve(named.name, region_hint=city)
        known = found if found and found.region == city else None
    if known is None:
        known = next((found for name in named.also if (found := rules.resolve(name))), None)
    return known, region if rules.is_office(named.name) else None


def _current(connection: Connection, query: _Query, wanted: int | str) -> Resolved | None:
    """The organisation that is wanted, or the one that it was merged into."""
    row = connection.execute(query, {"wanted": wanted}).one_or_none()
    own = row.id if row else 0
    while row is not None and row.merged_into_id is not None:
        row = connection.execute(_BY_ID, {"wanted": row.merged_into_id}).one_or_none()
    return Resolved(id=row.id, slug=row.slug, own=own) if row else None


def _make(writing: Writing, rules: Rules, named: _Named) -> Resolved:
    known, region = _known(rules, named)
    if known is not None:
        return add(writing, rules, known, NameOrigin.KNOWN, (known.name, *known.names))
    slug = _slug(rules, named.name, region)
    found = KnownOrganisation(id=slug, name=named.name, region=region or "", names=())
    return add(writing, rules, found, NameOrigin.FOUND, (named.name, *named.also))


def _slug(rules: Rules, name: str, region: str | None) -> str:
    """Public id of an organisation that only articles know: the same name, and place, gives the same id anywhere."""
    named = f"{folded(rules, name)}\n{region}" if region else folded(rules, name)
    key = rules.composed(name, region) or named
    return "org-" + hashlib.sha256(key.encode()).hexdigest()[:_SLUG_DIGITS]
