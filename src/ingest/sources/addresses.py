"""Addresses as listings give them: relative, padded, behind `feed:`, or none at all."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from ingest.mask import mask_user

__all__ = ["host_of", "is_web_address", "resolve"]

_FEED_SCHEME = re.compile(r"(?:feed|rss|pcast|itpc):(?://)?(?:https?:(?://)?)?", re.IGNORECASE)
_SECURE = re.compile(r"(?:feed|rss|pcast|itpc):(?://)?https:", re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?:", re.IGNORECASE)
# Browsers drop these wherever they stand; a line that was folded leaves them in the middle of an address.
_FOLDS = str.maketrans("", "", "\t\r\n")
_LONGEST = 20_000  # beyond it, joining is a waste: no listing's limit lets such an address through


def resolve(base: str, given: str) -> str:
    """Make an address absolute.

    Args:
        base: What a relative one counts from.
        given: As it stands in the listing; `feed://host/x` and `feed:https://host/x` mean the page itself.

    Returns:
        The absolute address, or what was given where it cannot be one. Whether it is one of the web, `is_web_address`
        tells. A user name in it is masked, since addresses of listings are stored and shown. Never raises.
    """
    return mask_user(_resolved(base, given))


def _resolved(base: str, given: str) -> str:
    trimmed = given[:_LONGEST].strip().translate(_FOLDS)
    if scheme := _FEED_SCHEME.match(trimmed):
        return ("https://" if _SECURE.match(trimmed) else "http://") + trimmed[scheme.end() :].lstrip("/")
    if _ABSOLUTE.match(trimmed):  # joining would make the base of `https://`, and fold the dots of others
        return trimmed
    try:
        return urljoin(base[:_LONGEST], trimmed)
    except ValueError:  # brackets that hold no IPv6 address
        return trimmed


def is_web_address(url: str, longest: int) -> bool:
    """Tell whether an address is http or https, names a host, and has at most so many characters."""
    if len(url) > longest or not url.isprintable():
        return False
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and not _is_spoilt(parts.netloc)


def host_of(url: str) -> str:
    """Give the host of an address in lower case, without `www.`; empty where there is none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _is_spoilt(authority: str) -> bool:
    return any(mark in authority for mark in " <>\"'\\")
