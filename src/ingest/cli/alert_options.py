"""Options that say what a rule of alerts asks for, and the rule that they come to."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import time, timedelta
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from ingest.alerts.rules import Cadence, Digest, Quiet, Rule
from ingest.cli.listing import SHARE
from ingest.cli.session import Session
from ingest.documents import Kind, Status
from ingest.errors import ConfigurationError, NotFoundError
from ingest.store import read

__all__ = ["CLEARED", "Given", "changed", "rule_options"]

_T = TypeVar("_T")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FIELDS = {
    "channel": "channels",
    "org": "organisations",
    "party": "parties",
    "topic": "topics",
    "kind": "kinds",
    "status": "statuses",
    "language": "languages",
    "source": "sources",
    "quiet-hours": "quiet",
}
_LISTS = ("org", "party", "topic", "kind", "status", "language", "source")
_CLOCK = r"([01]?\d|2[0-3]):([0-5]\d)"
_EMPTY: Mapping[str, object] = {
    **dict.fromkeys(_LISTS, ()),
    "min-confidence": None,
    "max-age": None,
    "digest": None,
    "quiet-hours": None,
    "ceiling": None,
}

CLEARED = tuple(_EMPTY)
"""What `--clear` takes."""

if TYPE_CHECKING:
    _Digest = click.ParamType[Digest]
    _Quiet = click.ParamType[Quiet]
    _Zone = click.ParamType[str]
else:
    _Digest = _Quiet = _Zone = click.ParamType  # takes no argument at run time before click 8.4


def _at(found: re.Match[str], first: int) -> time:
    return time(int(found[first]), int(found[first + 1]))


class _DigestType(_Digest):
    name = "digest"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Digest:
        if isinstance(value, Digest):
            return value
        found = re.fullmatch(rf"(?:daily|weekly (mon|tue|wed|thu|fri|sat|sun)) {_CLOCK}", str(value).strip().lower())
        if found is None:
            self.fail(f"{value!r} is no time of a digest; write 'daily 08:00' or 'weekly mon 08:00'", param, ctx)
        cadence = Cadence.WEEKLY if found[1] else Cadence.DAILY
        return Digest(cadence=cadence, at=_at(found, 2), weekday=_DAYS.index(found[1]) if found[1] else 0)


class _QuietType(_Quiet):
    name = "hours"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Quiet:
        if isinstance(value, Quiet):
            return value
        found = re.fullmatch(rf"{_CLOCK}-{_CLOCK}", str(value).replace(" ", ""))
        if found is None or _at(found, 1) == _at(found, 3):
            self.fail(f"{value!r} are no quiet hours; write 22:00-07:00", param, ctx)
        return Quiet(start=_at(found, 1), end=_at(found, 3))


class _ZoneType(_Zone):
    name = "zone"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            ZoneInfo(str(value))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.fail(f"{value!r} is not a time zone; use a name such as 'Asia/Hong_Kong'", param, ctx)
        return str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the options say; None, or empty, where one was not given."""

    channel: tuple[str, ...]
    org: tuple[str, ...]
    party: tuple[str, ...]
    topic: tuple[str, ...]
    kind: tuple[str, ...]
    status: tuple[str, ...]
    language: tuple[str, ...]
    source: tuple[str, ...]
    min_confidence: float | None
    max_age: int | None
    undated: bool | None
    first_contact: bool | None
    digest: Digest | None
    time_zone: str | None
    quiet_hours: Quiet | None
    ceiling: int | None


_OPTIONS = (
    click.option("--channel", multiple=True, metavar="NAME", help="Tell there; may be given again."),
    click.option("--org", multiple=True, metavar="ID", help="Only with this organisation; may be given again."),
    click.option("--party", multiple=True, metavar="WORDS", help="Or with a party one of whose names holds these."),
    click.option("--topic", multiple=True, metavar="NAME", help="Only told of by an article with this topic."),
    click.option("--kind", multiple=True, type=click.Choice([kind.value for kind in Kind]), help="Only of this kind."),
    click.option("--status", multiple=True, type=click.Choice([each.value for each in Status]), help="Only so far."),
    click.option("--language", multiple=True, metavar="TAG", help="Only of an article in it: en, zh, zh-Hant, …"),
    click.option("--source", multiple=True, metavar="NAME", help="Only of an article of this source."),
    click.option("--min-confidence", type=SHARE, help="Only at least so sure."),
    click.option("--max-age", type=click.IntRange(0, 36500), metavar="DAYS", help="Only dated within so many days."),
    click.option("--undated/--no-undated", default=None, help="Whether those without a date are told of."),
    click.option("--first-contact/--no-first-contact", default=None, help="Whether what a new source holds is told."),
    click.option("--digest", type=_DigestType(), help="Together: 'daily 08:00' or 'weekly mon 08:00'."),
    click.option("--time-zone", type=_ZoneType(), help="Of the digest and the quiet hours; UTC unless given."),
    click.option("--quiet-hours", type=_QuietType(), help="Send nothing then: 22:00-07:00."),
    click.option("--ceiling", type=click.IntRange(1, 100_000), help="Messages an hour; the rest is summed up."),
)


def rule_options(function: Callable[..., _T]) -> Callable[..., _T]:
    """What a rule asks for: options that reach the function as one argument, `given`."""

    @wraps(function)
    def gathered(*args: object, **kwargs: Any) -> _T:
        said = Given(**{field.name: kwargs.pop(field.name) for field in fields(Given)})
        return function(*args, given=said, **kwargs)

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered


def changed(session: Session, rule: Rule, given: Given, *, clear: tuple[str, ...] = ()) -> Rule:
    """A rule with what the options say, and without what is to be cleared.

    Raises:
        ConfigurationError: A channel, topic, source or language is unknown.
        NotFoundError: An organisation is.
        StoreError: The store does not answer.
    """
    _check(session, given)
    bare = replace(rule, **{_field(option): _EMPTY[option] for option in clear})  # type: ignore[arg-type]
    return replace(
        bare,
        channels=_said(given.channel, bare.channels),
        organisations=_organisations(session, given.org) or bare.organisations,
        parties=_said(given.party, bare.parties),
        topics=_said(given.topic, bare.topics),
        kinds=_said(tuple(Kind(kind) for kind in given.kind), bare.kinds),
        statuses=_said(tuple(Status(status) for status in given.status), bare.statuses),
        languages=_said(given.language, bare.languages),
        sources=_said(given.source, bare.sources),
        min_confidence=_or(given.min_confidence, bare.min_confidence),
        max_age=bare.max_age if given.max_age is None else timedelta(days=given.max_age),
        allows_undated=_or(given.undated, bare.allows_undated),
        first_contact=_or(given.first_contact, bare.first_contact),
        digest=_or(given.digest, bare.digest),
        time_zone=_or(given.time_zone, bare.time_zone),
        quiet=_or(given.quiet_hours, bare.quiet),
        ceiling=_or(given.ceiling, bare.ceiling),
    )


def _said(given: tuple[_T, ...], before: tuple[_T, ...]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(given)) or before


def _or(given: _T | None, before: _T) -> _T:
    return before if given is None else given


def _organisations(session: Session, given: tuple[str, ...]) -> tuple[str, ...]:
    if not given:
        return ()
    found: dict[str, str] = {}
    with read.connect(session.database_url()) as connection:
        for each in given:
            identity = read.organisation_id(connection, each)
            if identity is None:
                raise NotFoundError(
                    f"there is no organisation {each!r}, or several are called so",
                    remedy="`ingest org list` shows their ids; --party takes any words of a name",
                )
            found[identity] = each
    return tuple(found)


def _field(option: str) -> str:
    return _FIELDS.get(option, option.replace("-", "_"))


def _check(session: Session, given: Given) -> None:
    """Refuse names that nothing has: a rule with a slip in it would be silent for ever."""
    if given.channel:
        from ingest.alerts.channels import channel_names  # noqa: PLC0415 - loads what channels are configured with

        _refuse_unknown("channel", given.channel, channel_names(session.settings()))
    if given.topic:
        from ingest.topics import taxonomy  # noqa: PLC0415 - reads the taxonomy

        _refuse_unknown("topic", given.topic, taxonomy.load(session.settings().taxonomy).names)
    if given.source:
        with read.connect(session.database_url()) as connection:
            sources = read.source_names(connection)
        _refuse_unknown("source", given.source, sources)
    if given.language:
        from ingest.language import LANGUAGES  # noqa: PLC0415 - loads what tells scripts apart

        _refuse_unknown("language", given.language, sorted(LANGUAGES | {"zh"}))
    for party in given.party:
        if not party.strip():
            raise ConfigurationError("--party is empty", remedy="give some words of a name, or leave it out")


def _refuse_unknown(what: str, given: Iterable[str], known: Collection[str]) -> None:
    for each in given:
        if each not in known:
            there = ", ".join(known) or "none so far"
            raise ConfigurationError(f"there is no {what} {each!r}", remedy=f"the {what}s are {there}")
