"""Settings: defaults, then `ingest.toml`, then `INGEST_*` variables, then options of the command line.

Only entry points (the command line and the flows) read them; stages get what they need as arguments.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, cast
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, Field, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, SettingsConfigDict

from ingest.errors import ConfigurationError
from ingest.mask import mask

__all__ = ["InForce", "Settings", "Value", "in_force", "load"]

_PREFIX = "INGEST_"
_FILE_VARIABLE = "INGEST_CONFIG"


def _known_zone(name: str) -> str:
    try:
        if name:
            ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as unknown:
        raise ValueError(f"{name!r} is not a time zone; use a name such as 'Asia/Hong_Kong'") from unknown
    return name


def _known_networks(text: str) -> str:
    try:
        for part in text.replace(",", " ").split():
            ip_network(part)
    except ValueError as wrong:
        raise ValueError(f"{wrong}; write networks such as 10.1.0.0/16, separated by commas") from wrong
    return text


def _one_line(text: str) -> str:
    if not text.isprintable() or not text.isascii() or "(" in text or ")" in text:
        raise ValueError("it goes into a header: write an address or an e-mail in ASCII, without brackets")
    return text


class Settings(BaseSettings):
    """Everything that an operator can set; `ingest config show` prints it with its descriptions."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", hide_input_in_errors=True
    )

    database_url: Annotated[
        str, Field(min_length=1, description="The store: `sqlite:///PATH`, or `postgresql://USER:PASSWORD@HOST/NAME`.")
    ] = "sqlite:///var/ingest.db"
    archive_url: Annotated[
        str, Field(min_length=1, description="Where raw bytes are kept: a folder, or any address that fsspec takes.")
    ] = "var/archive"
    time_zone: Annotated[
        str,
        AfterValidator(_known_zone),
        Field(description="IANA zone of times that carry none; empty: such a time is believed to the day only."),
    ] = ""
    raw_days: Annotated[
        int, Field(ge=0, description="`ingest retention` deletes raw bodies that are older; 0: they are kept for ever.")
    ] = 0
    raw_days_by_source: Annotated[
        dict[str, Annotated[int, Field(ge=0)]],
        Field(description="The same for single sources, by name; 0: those of that source are kept for ever."),
    ] = {}
    backup_dir: Annotated[
        str, Field(description="Where the deployment `backup` adds a backup each day; empty: it makes none.")
    ] = ""
    backup_keep: Annotated[int, Field(ge=1, description="How many backups that deployment keeps there.")] = 14
    taxonomy: Annotated[
        str, Field(description="A file of topics and words that add to those of the package; empty: none.")
    ] = ""
    channels: Annotated[
        str, Field(description="A TOML file of channels that alerts go out by; empty: the console alone.")
    ] = ""
    models_dir: Annotated[
        str, Field(min_length=1, description="Folder of the models that `ingest train topics` makes.")
    ] = "var/models"
    max_bytes: Annotated[
        int, Field(ge=1024, description="A larger document is dropped, before or after unpacking.")
    ] = 20_000_000
    window: Annotated[
        int,
        Field(
            ge=1, le=10_000, description="Documents claimed and held in memory at a time; twice that on several cores."
        ),
    ] = 64
    window_bytes: Annotated[int, Field(ge=1024, description="Bytes of documents held in memory at a time.")] = (
        64_000_000
    )
    lease_seconds: Annotated[
        int, Field(ge=5, description="How long a worker may be silent before its documents go to another.")
    ] = 300
    max_attempts: Annotated[
        int, Field(ge=1, description="A document that killed its worker so often is dropped as crashed_repeatedly.")
    ] = 3
    contact: Annotated[
        str,
        AfterValidator(_one_line),
        Field(description="Address or e-mail for publishers, in the User-Agent of each request; set it."),
    ] = ""
    allowed_networks: Annotated[
        str,
        AfterValidator(_known_networks),
        Field(description="Private networks that may be fetched from, such as `10.1.0.0/16`; empty: none."),
    ] = ""
    proxy_url: Annotated[
        str, Field(description="HTTP proxy to fetch through; empty: none, whatever the environment says.")
    ] = ""
    fetch_seconds: Annotated[float, Field(gt=0, le=3600, description="A request as a whole takes no longer.")] = 60.0
    host_gap_seconds: Annotated[
        float, Field(ge=0, le=3600, description="Least time between two requests to a host, over all workers.")
    ] = 2.0
    host_requests: Annotated[
        int, Field(ge=1, le=64, description="Requests to a host under way at once, over all workers.")
    ] = 1
    visitors: Annotated[int, Field(ge=1, le=64, description="Sources that a worker visits at once.")] = 4
    visit_pages: Annotated[int, Field(ge=1, description="Pages fetched in one visit; the rest waits for the next.")] = (
        100
    )
    visit_seconds: Annotated[float, Field(gt=0, description="A visit fetches no further page after that.")] = 300.0
    page_attempts: Annotated[
        int, Field(ge=1, le=100, description="A page that could not be fetched so often is dropped.")
    ] = 6
    first_entries: Annotated[
        int, Field(ge=0, description="Of the entries of a source that is new, so many of the newest are fetched.")
    ] = 50
    first_days: Annotated[
        int, Field(ge=0, le=36500, description="Entries older than that when the source was new are not fetched.")
    ] = 30
    alert_sweep_seconds: Annotated[
        float, Field(gt=0, le=3600, description="How often alerts that are due are looked for, beside every commit.")
    ] = 5.0
    alert_give_up_hours: Annotated[
        float, Field(gt=0, description="An alert that could not be delivered for so long is parked.")
    ] = 72.0
    backfill_on: Annotated[
        Literal["threads", "processes", "dask"],
        Field(description="What reads web archives: threads or processes of one machine, or a Dask cluster."),
    ] = "processes"
    backfill_workers: Annotated[
        int, Field(ge=0, le=1024, description="Ranges of web archives read at once; 0: as many as there are cores.")
    ] = 0
    backfill_range_bytes: Annotated[
        int, Field(ge=65_536, description="Web archives are cut into ranges of so many bytes, where they can be.")
    ] = 64_000_000
    dask_scheduler: Annotated[
        str, Field(description="Address of the Dask cluster, as in `tcp://host:8786`; empty: one on this machine.")
    ] = ""
    settle_seconds: Annotated[
        float,
        Field(gt=0, description="How long a file is left alone before `ingest watch` takes it for complete."),
    ] = 1.0
    log_level: Annotated[
        Literal["auto", "debug", "info", "warning", "error", "off"],
        Field(
            description="Log events of that weight or more; auto: none on a terminal, else warnings, and what is worth "
            "knowing too of commands that run on and on."
        ),
    ] = "auto"
    log_format: Annotated[
        Literal["auto", "text", "json"],
        Field(description="How events are logged: key=value or JSON lines; auto: text on a terminal, else JSON."),
    ] = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One setting as it is in force.

    Attributes:
        name: As in `Settings` and `ingest.toml`.
        value: What is in force, secrets masked.
        origin: Where it came from: `default`, the path of the file, the variable, or the option.
        description: What it means.
    """

    name: str
    value: str | int | float
    origin: str
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InForce:
    """Settings, and where each came from.

    Attributes:
        settings: What entry points use; holds secrets in clear.
        values: One for each setting, in the order of `Settings`, fit to be shown.
        ignored: `INGEST_*` variables that name no setting, most likely a slip.
    """

    settings: Settings
    values: tuple[Value, ...]
    ignored: tuple[str, ...]


def load(*, config: str | None = None, options: Mapping[str, str] | None = None) -> Settings:
    """Read the settings in force: `in_force` without where they came from."""
    return in_force(config=config, options=options).settings


def in_force(*, config: str | None = None, options: Mapping[str, str] | None = None) -> InForce:
    """Read every setting, and where it came from.

    Args:
        config: Path of a TOML file; None: what `INGEST_CONFIG` names, else `ingest.toml` in the current folder, if it
            is there.
        options: Options of the command line, by the name of the setting that they set.

    Raises:
        ConfigurationError: The file is missing or is not TOML, a key is unknown, or a value is of a wrong kind or out
            of range. The message names where it stands.
    """
    path = _file(config)
    from_file = {} if path is None else _read(path)
    from_environment = EnvSettingsSource(Settings)()
    given = dict(options or {})
    try:
        settings = Settings(**{**from_file, **from_environment, **given})
    except ValidationError as invalid:
        raise _out_of_range(invalid, given=given, environment=from_environment, path=path) from None
    origins = (
        dict.fromkeys(from_file, str(path))
        | {name: _PREFIX + name.upper() for name in from_environment}
        | {name: _option(name) for name in given}
    )
    values = tuple(
        Value(
            name=name,
            value=_shown(getattr(settings, name)),
            origin=origins.get(name, "default"),
            description=field.description or "",
        )
        for name, field in Settings.model_fields.items()
    )
    return InForce(settings=settings, values=values, ignored=_ignored())


def _file(config: str | None) -> Path | None:
    """The file to read: named files must exist, the one in the current folder need not."""
    named = config or os.environ.get(_FILE_VARIABLE)
    if not named:
        nearby = Path("ingest.toml")
        return nearby if nearby.is_file() else None
    path = Path(named)
    if not path.is_file():
        raise ConfigurationError(
            f"there is no settings file {named}, which {'--config' if config else _FILE_VARIABLE} names",
            remedy="name a TOML file, or leave it out to use the defaults",
        )
    return path


def _read(path: Path) -> dict[str, str | int | float]:
    """Read a settings file, each value checked as strictly as TOML can say it."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as broken:
        raise ConfigurationError(
            f"{path} is not a TOML file: {broken}",
            remedy='write one setting a line, as in `window = 64` or `time_zone = "Asia/Hong_Kong"`',
        ) from None
    except OSError as refused:
        raise ConfigurationError(f"{path} cannot be read: {refused.strerror}") from None
    for key, value in content.items():
        field = Settings.model_fields.get(key)
        if field is None:
            raise ConfigurationError(
                f"{path}: there is no setting {key!r}", remedy=f"the settings are {', '.join(Settings.model_fields)}"
            )
        _check(path, key, value, field)
    return content


def _check(path: Path, key: str, value: object, field: FieldInfo) -> None:
    kind = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    checker = TypeAdapter(cast("type[object]", kind))
    try:
        checker.validate_python(value, strict=True)
    except ValidationError as invalid:
        raise ConfigurationError(
            f"{path}: {key} is not right: {_said(invalid)}", remedy=f"{key}: {field.description}"
        ) from None


def _out_of_range(
    invalid: ValidationError, *, given: Mapping[str, object], environment: Mapping[str, object], path: Path | None
) -> ConfigurationError:
    """Say of the first wrong value where it stands: an option, a variable or the file."""
    name = str(invalid.errors()[0]["loc"][0])
    where = _option(name) if name in given else _PREFIX + name.upper() if name in environment else f"{path}: {name}"
    field = Settings.model_fields.get(name)
    remedy = f"{name}: {field.description}" if field else ""
    return ConfigurationError(f"{where} is not right: {_said(invalid)}", remedy=remedy)


def _said(invalid: ValidationError) -> str:
    message = invalid.errors()[0]["msg"].removeprefix("Value error, ").rstrip(".")
    return message[:1].lower() + message[1:]


def _option(name: str) -> str:
    return "--" + name.removesuffix("_url").replace("_", "-")


def _shown(value: str | float) -> str | int | float:
    return mask(value) if isinstance(value, str) else value


def _ignored() -> tuple[str, ...]:
    known = {_FILE_VARIABLE, *(_PREFIX + name.upper() for name in Settings.model_fields)}
    return tuple(sorted(name for name in os.environ if name.upper().startswith(_PREFIX) and name.upper() not in known))
