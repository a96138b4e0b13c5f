"""The file of channels: what each kind is told there, and what is not let into it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeAlias
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError

from ingest.alerts.secrets import REMEDY, is_reference
from ingest.errors import ConfigurationError
from ingest.mask import mask

__all__ = ["CONSOLE", "AppriseEntry", "AtomEntry", "Entry", "JsonlEntry", "MailEntry", "WebhookEntry", "read_file"]

CONSOLE = "console"
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_HOW = "docs/operators.md shows a file of channels under 'Channels of alerts'"
_TOKEN = re.compile(r"(?=[^/]*[0-9])(?=[^/]*[A-Za-z])[A-Za-z0-9_\-.~:%]{20,}")


def _reference(text: str) -> str:
    if not is_reference(text):
        raise ValueError(f"a secret is not written into this file; {REMEDY}")
    return text


def _address(text: str) -> str:
    """An address without a secret in it, or where to read one that has."""
    if is_reference(text):
        return text
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
        named = parts.username is not None or mask("?" + parts.query) != "?" + parts.query
    except ValueError:
        is_web = False
    if not is_web:
        raise ValueError(f"it is no address of http or https; {REMEDY}")
    if named or any(_TOKEN.fullmatch(part) for part in [*parts.path.split("/"), *re.split("[&=;]", parts.query)]):
        raise ValueError(f"the address holds a password or token, or what looks like one; {REMEDY}")
    return text


def _mailbox(text: str) -> str:
    if not re.fullmatch(r"[^\s@<>,;:\"()]+@[A-Za-z0-9.\-\[\]:]+", text) or not text.isascii():
        raise ValueError("it is no mail address such as desk@example.org")
    return text


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


_Reference: TypeAlias = Annotated[str, AfterValidator(_reference)]
_References: TypeAlias = Annotated[tuple[_Reference, ...], BeforeValidator(_several), Field(min_length=1, max_length=5)]
_Mailbox: TypeAlias = Annotated[str, AfterValidator(_mailbox)]
_Mailboxes: TypeAlias = Annotated[tuple[_Mailbox, ...], BeforeValidator(_several), Field(min_length=1, max_length=50)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class WebhookEntry(_Entry):
    """A signed webhook."""

    kind: Literal["webhook"]
    url: Annotated[str, AfterValidator(_address)]
    secret: _References


class AppriseEntry(_Entry):
    """A service that Apprise knows; its address holds tokens, so that it is always a secret."""

    kind: Literal["apprise"]
    url: _Reference
    format: Literal["text", "markdown", "html"] | None = None


class MailEntry(_Entry):
    """Mail through a server of SMTP."""

    kind: Literal["mail"]
    host: Annotated[str, Field(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9.\-:\[\]]+$")]
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: Annotated[str, Field(max_length=320)] = ""
    password: _Reference | None = None
    sender: Annotated[_Mailbox, Field(alias="from")]
    to: _Mailboxes


class AtomEntry(_Entry):
    """A feed in a file."""

    kind: Literal["atom"]
    path: Annotated[str, Field(min_length=1)]
    title: Annotated[str, Field(min_length=1, max_length=200)] = "Agreements"
    authority: Annotated[str, Field(pattern=r"^[a-z0-9.\-]{1,253}$")] = "ingest.invalid"
    entries: Annotated[int, Field(ge=1, le=1_000)] = 100


class JsonlEntry(_Entry):
    """A file of JSON lines."""

    kind: Literal["jsonl"]
    path: Annotated[str, Field(min_length=1)]


Entry: TypeAlias = WebhookEntry | AppriseEntry | MailEntry | AtomEntry | JsonlEntry
_ENTRIES: TypeAdapter[Entry] = TypeAdapter(Annotated[Entry, Field(discriminator="kind")])


def read_file(path: str) -> dict[str, Entry]:
    """Read a file of channels.

    Args:
        path: The setting `channels`; empty: there is none.

    Returns:
        What each channel is told, by its name.

    Raises:
        ConfigurationError: It cannot be read, or something in it is not right; names the file and the key, and never
            what stands there, which may be a secret.
    """
    if not path:
        return {}
    try:
        content = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except OSError as refused:
        raise ConfigurationError(
            f"the file of channels {path} cannot be read: {refused.strerror}",
            remedy="the setting `channels` names it; leave it empty to use the console alone",
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"the file of channels {path} is not UTF-8 text", remedy=_HOW) from None
    except tomllib.TOMLDecodeError as broken:
        where = re.search(r"\(at [a-z0-9 ,]+\)", str(broken))
        raise ConfigurationError(
            f"the file of channels {path} is not TOML {where.group() if where else ''}".rstrip(), remedy=_HOW
        ) from None
    return {name: _entry(path, name, table) for name, table in content.items()}


def _entry(path: str, name: str, table: object) -> Entry:
    if not isinstance(table, dict):
        raise ConfigurationError(f"{path}: {_shown(name)} stands outside of a channel's table", remedy=_HOW)
    if name == CONSOLE or not _NAME.fullmatch(name):
        why = "is built in" if name == CONSOLE else "is no name: use small letters, digits, `-` and `_`"
        raise ConfigurationError(f"{path}: the channel {_shown(name)} {why}", remedy="name it otherwise")
    try:
        return _ENTRIES.validate_python(table)
    except ValidationError as invalid:
        error = invalid.errors(include_input=False, include_url=False)[0]
        key = ".".join(_shown(str(part)) for part in error["loc"][1:]) or "kind"
        said = error["msg"].removeprefix("Value error, ") if error["type"] != "union_tag_invalid" else _KINDS
        raise ConfigurationError(f"{path}: [{name}] {key} is not right: {said}", remedy=_HOW) from None


_KINDS = "there are webhook, apprise, mail, atom and jsonl"


def _shown(name: str) -> str:
    return ascii(name[:64])[1:-1]
