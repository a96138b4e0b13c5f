"""Ways out: `console` is built in, all others stand in the file that the setting `channels` names.

configured   what the file may say
console      lines on the standard output
webhook      signed JSON
services     chats and the like, through Apprise
mail         SMTP
atom, jsonl  files
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from ingest import wire
from ingest.alerts import secrets
from ingest.alerts.channel import Channel
from ingest.alerts.channels.configured import (
    CONSOLE,
    AppriseEntry,
    AtomEntry,
    Entry,
    JsonlEntry,
    MailEntry,
    WebhookEntry,
    read_file,
)
from ingest.errors import ConfigurationError
from ingest.settings import Settings

__all__ = ["channel_names", "listed", "open_channel"]


def channel_names(settings: Settings) -> tuple[str, ...]:
    """The channels that there are, `console` first.

    Raises:
        ConfigurationError: The file of channels is not right.
    """
    return (CONSOLE, *read_file(settings.channels))


def open_channel(name: str, settings: Settings) -> Channel:
    """Open a channel. No secret is read before the first delivery.

    Args:
        name: As in the file of channels, or `console`.
        settings: Which file that is, and on what terms requests are made.

    Raises:
        ConfigurationError: There is no such channel, or the file is not right.
    """
    from ingest.alerts.channels.console import Console  # noqa: PLC0415 - each kind loads only what it sends with

    if name == CONSOLE:
        return Console()
    entries = read_file(settings.channels)
    if name not in entries:
        raise ConfigurationError(
            f"there is no channel {name!r}; there are {', '.join((CONSOLE, *entries))}",
            remedy="add it to the file that the setting `channels` names",
        )
    return _opened(name, entries[name], settings)


def listed(settings: Settings) -> tuple[wire.AlertChannel, ...]:
    """The channels, where each leads, and which of their secrets are not at hand.

    Raises:
        ConfigurationError: The file of channels is not right.
    """
    console = wire.AlertChannel(name=CONSOLE, kind=CONSOLE, target="standard output", secrets=(), missing=())
    return (console, *(_listed(name, entry) for name, entry in read_file(settings.channels).items()))


def _opened(name: str, entry: Entry, settings: Settings) -> Channel:
    # Each kind loads only what it sends with.
    match entry:
        case WebhookEntry():
            from ingest.alerts.channels.webhook import MAX_ANSWER, SECONDS, Webhook  # noqa: PLC0415 - as above
            from ingest.collect import fetch_terms  # noqa: PLC0415 - as above

            terms = fetch_terms(settings)
            bounded = replace(terms, seconds=min(SECONDS, terms.seconds), max_bytes=MAX_ANSWER)
            return Webhook(name, entry, bounded)
        case AppriseEntry():
            from ingest.alerts.channels.services import Services  # noqa: PLC0415 - as above

            return Services(name, entry)
        case MailEntry():
            from ingest.alerts.channels.mail import Mail  # noqa: PLC0415 - as above

            return Mail(name, entry)
        case AtomEntry():
            from ingest.alerts.channels.atom import Atom  # noqa: PLC0415 - as above

            return Atom(name, entry)
        case JsonlEntry():
            from ingest.alerts.channels.jsonl import Jsonl  # noqa: PLC0415 - as above

            return Jsonl(name, entry)
    assert_never(entry)


def _listed(name: str, entry: Entry) -> wire.AlertChannel:
    match entry:
        case WebhookEntry():
            target, references = entry.url, (entry.url, *entry.secret)
        case AppriseEntry():
            target, references = entry.url, (entry.url,)
        case MailEntry():
            target, references = f"{', '.join(entry.to)} by {entry.host}", (entry.password or "",)
        case AtomEntry() | JsonlEntry():
            target, references = entry.path, ()
    named = tuple(each for each in references if secrets.is_reference(each))
    return wire.AlertChannel(
        name=name,
        kind=entry.kind,
        target=secrets.hidden(target, ()),
        secrets=named,
        missing=secrets.missing(named),
    )
