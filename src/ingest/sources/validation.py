"""What a source may be called, where it may be, and in which zone: one rule for the command line, OPML and TOML."""

from __future__ import annotations

from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from ingest.documents import Limits
from ingest.sources.addresses import is_web_address

__all__ = ["LEAST_SECONDS", "address_fault", "name_fault", "zone_fault"]

LEAST_SECONDS = 60
"""Between two visits of a source."""

_LONGEST_URL = Limits().url
_LONGEST_NAME = 200
_SHOWN = 80


def address_fault(url: str) -> str | None:
    """Say what is wrong with the address of a feed, sitemap, list or page; None where nothing is."""
    if len(url) > _LONGEST_URL:
        return f"the address has more than {_LONGEST_URL:,} characters"
    if not is_web_address(url, _LONGEST_URL):
        return f"{url[:_SHOWN]!r} is no address of http or https"
    if "@" in urlsplit(url).netloc:
        return "the address holds a user name, which would be stored and shown"
    return None


def name_fault(name: str) -> str | None:
    """Say what is wrong with the name of a source; None where nothing is."""
    if not name.strip() or name != name.strip():
        return "a name is no blank, and neither begins nor ends with one"
    if not name.isprintable() or "://" in name:
        return f"{name[:_SHOWN]!r} is no name: it is one line of visible characters, and no address"
    return f"a name has at most {_LONGEST_NAME} characters" if len(name) > _LONGEST_NAME else None


def zone_fault(zone: str) -> str | None:
    """Say what is wrong with a time zone; None where nothing is, or where it is empty."""
    if not zone:
        return None
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):  # unknown (a KeyError), a path, or a folder of zones
        return f"{zone[:_SHOWN]!r} is no time zone, as 'Asia/Shanghai' is"
    return None
