"""What a database URL means. Imports no SQLAlchemy, so that reading commands can use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlencode

from ingest.errors import ConfigurationError
from ingest.mask import mask
from ingest.views import Dialect

__all__ = ["Address", "parse"]

_FORMS = "`sqlite:///PATH`, or `postgresql://USER:PASSWORD@HOST/NAME`"
_POSTGRESQL = ("postgresql", "postgresql+psycopg", "postgres")


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A database.

    Attributes:
        dialect: Which of the two it is.
        path: The file; PostgreSQL has none.
        dsn: What its driver connects with: a `file:` URI for SQLite (without mode), a libpq URI for PostgreSQL. Holds
            the password.
        shown: The URL with the password masked.
        read_only: Whether the URL itself asks for that (`?mode=ro`).
    """

    dialect: Dialect
    path: Path | None = None
    dsn: str = field(repr=False)
    shown: str
    read_only: bool = False

    def sqlite_uri(self, mode: str) -> str:
        """The `file:` URI with a mode of SQLite's: `ro`, `rw` or `rwc`."""
        return f"{self.dsn}?{urlencode({'mode': 'ro' if self.read_only else mode})}"


def parse(url: str) -> Address:
    """Read a database URL.

    Args:
        url: `sqlite:///PATH` (four slashes for an absolute path; `?mode=ro` opens it read-only) or
            `postgresql://…`, also as `postgresql+psycopg://…`.

    Raises:
        ConfigurationError: It is neither.
    """
    scheme, separator, rest = url.partition("://")
    if separator and scheme in _POSTGRESQL:
        return Address(dialect=Dialect.POSTGRESQL, dsn=f"postgresql://{rest}", shown=mask(f"postgresql://{rest}"))
    name, _, query = rest.partition("?")
    if not separator or scheme != "sqlite" or len(name) < 2 or name[0] != "/" or name == "/:memory:":
        raise ConfigurationError(f"not the address of a database: {mask(url)}", remedy=f"write {_FORMS}")
    parameters = dict(parse_qsl(query))
    mode = parameters.pop("mode", "rw")
    if parameters or mode not in {"ro", "rw"}:
        raise ConfigurationError(f"unknown parameter in {mask(url)}", remedy="`?mode=ro` is the only one for SQLite")
    path = Path(name[1:]).expanduser()
    return Address(
        dialect=Dialect.SQLITE,
        path=path,
        dsn=f"file:{quote(str(path))}",
        shown=f"sqlite:///{path}",
        read_only=mode == "ro",
    )
