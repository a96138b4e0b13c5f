"""The one address that stands for a page."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urljoin, urlsplit, urlunsplit

__all__ = ["canonical_url", "site_of"]


def site_of(url: str | None) -> str | None:
    """The registered domain of an address (`example.co.uk`), else the last two labels of its host."""
    from courlan import extract_domain  # noqa: PLC0415 - brings a network library in; `ingest annotate` needs none of it

    if not url:
        return None
    try:
        host = urlsplit(url).hostname or ""
        known = extract_domain(url)
    except ValueError:
        return None
    return known or ".".join(host.split(".")[-2:]) or None


def _clean(url: str) -> str | None:
    from courlan import clean_url  # noqa: PLC0415 - as in `site_of`

    try:
        parts = urlsplit(url.strip())
        if parts.scheme not in {"http", "https"} or not parts.hostname or len(url) > 2000:
            return None
        cleaned = clean_url(urlunsplit(parts._replace(fragment="")))
    except ValueError:
        return None
    return cleaned or None


def canonical_url(url: str | None, stated: Iterable[str | None], base: str | None = None) -> str | None:
    """The canonical address of a page, without fragment and tracking parameters.

    Args:
        url: Where the page was found, if known.
        stated: What the page itself names as its address, best first; one on another site than `url` is not believed.
        base: Against what a relative one is read; `url` where absent.

    Returns:
        The first believable address, else `url`, cleaned; None where there is neither.
    """
    own = _clean(url) if url else None
    site = site_of(own)
    for candidate in stated:
        if not candidate or not candidate.strip():
            continue
        try:
            cleaned = _clean(urljoin(base or url or "", candidate.strip()))
        except ValueError:
            continue
        if cleaned and (site is None or site_of(cleaned) == site) and (own is None or _says_more(cleaned, own)):
            return cleaned
    return own or (url.strip() or None if url else None)


def _says_more(canonical: str, own: str) -> bool:
    """Whether a canonical address names a page: many sites give every page the front page's."""
    return urlsplit(canonical).path.strip("/") != "" or urlsplit(own).path.strip("/") == ""
