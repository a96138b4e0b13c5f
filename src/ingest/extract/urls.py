"""The one address that stands for a page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

__all__ = ["canonical_url", "site_of"]

_LONGEST = 2000
_WRAPPINGS = 100  # more than fit into the longest
_PORTS = {"http": 80, "https": 443}
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_STRAY = re.compile(r"%(?![0-9A-F]{2})")
_AMP_CACHE = re.compile(
    r"https?://(?:www\.google\.[a-z.]{2,6}/amp/|[\w-]+\.cdn\.ampproject\.org/[cvr]/)(?P<safe>s/)?(?P<rest>[^/?#]+\..*)$",
    re.IGNORECASE,
)
_EDITION = re.compile(r"(?P<before>(?:[^.]+\.)?)(?:m|mobile|wap|3g|amp)\.(?P<after>[^.]+\.[^.]+.*)$")
_AMP_STEPS = frozenset({"amp", "amp.html", "amphtml"})
_AMP_NAME = re.compile(r"\.amp(\.html?)?$", re.IGNORECASE)
# What courlan leaves: parameters of apps and of Chinese sites that say where a link was shared.
_TRACKING = re.compile(
    r"amp(?:_\w+)?|utm_\w+|spm|scm|share(?:_?(?:token|id|from|type|source|medium|uid|app|btn))?|isappinstalled|"
    r"from(?:_?(?:source|timeline|app|wxm))|nsukey|wxa?_?share\w*|weixin\w*|cmpid|ncid|smid|ocid|cid_source|"
    r"ref_?src|ref_?url|mc_[ce]id|fbclid|gclid|msclkid|yclid|igshid|dclid|twclid|_hs\w+|mkt_tok|vero_\w+",
    re.IGNORECASE,
)


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
    """One form of an address, whichever way it was written; None for what is no address of a page."""
    cleaned = _cleaned(url)
    for _ in range(_WRAPPINGS):  # an edition of an edition, an address within an address
        before, cleaned = cleaned, _cleaned(cleaned) if cleaned else None
        if before == cleaned:
            break
    return cleaned


def _cleaned(url: str) -> str | None:
    from courlan import clean_url  # noqa: PLC0415 - as in `site_of`

    try:
        parts = urlsplit(_unwrapped(url.strip()))
        host = _host(parts.hostname or "")
        if parts.scheme not in {"http", "https"} or not host or len(url) > _LONGEST:
            return None
        port = f":{parts.port}" if parts.port not in {None, _PORTS[parts.scheme]} else ""
        path, query = _path(parts.path), _query(parts.query)
        cleaned = clean_url(urlunsplit((parts.scheme, host + port, path, query, "")))
        if not cleaned:
            return None
        parts = urlsplit(cleaned)  # it shows hosts in their own script, and joins what was cut apart
        host = _host(parts.hostname or "")
        return urlunsplit((parts.scheme, host + port, _path(parts.path), _query(parts.query), ""))
    except ValueError:
        return None


def _unwrapped(url: str) -> str:
    """The address of the publisher's own page within that of an AMP cache."""
    found = _AMP_CACHE.match(url)
    return f"http{'s' if found['safe'] else ''}://{found['rest']}" if found else url


def _host(host: str) -> str:
    """A host in ASCII and lower case, that of the mobile or AMP edition as that of the site."""
    ascii_host = host.rstrip(".").encode("idna").decode("ascii").lower()
    while (found := _EDITION.match(ascii_host)) is not None:
        rest = found["before"] + found["after"]
        # `m.example.com` stands for `www.example.com`, `en.m.example.org` for `en.example.org`
        ascii_host = f"www.{rest}" if not found["before"] and site_of(f"http://{rest}") == rest else rest
    return ascii_host


def _escaped(text: str, safe: str) -> str:
    """Percent-encoding in one way: nothing escaped that need not be, capital digits, all else in UTF-8."""

    def plain(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        return character if character in _UNRESERVED else found[0].upper()

    return quote(_STRAY.sub("%25", _ESCAPE.sub(plain, text)), safe=f"%{safe}")


def _path(path: str) -> str:
    """A path without detours, empty steps, and the name of an AMP edition."""
    steps: list[str] = []
    for step in path.split("/"):
        if step == "..":
            del steps[-1:]
        elif step not in {"", "."}:
            steps.append(_escaped(step, "!$&'()*+,;=:@"))
    if len(steps) > 1 and steps[-1].lower() in _AMP_STEPS:
        steps.pop()
        path = "/".join(steps)
    elif len(steps) > 1 and steps[0].lower() in _AMP_STEPS:
        del steps[0]
    if steps:
        steps[-1] = _AMP_NAME.sub(lambda found: found[1] or "", steps[-1]) or steps[-1]
    return "/" + "/".join(steps) + ("/" if steps and path.endswith(("/", "/.", "/..")) else "")


def _query(query: str) -> str:
    """A query in order, without what only tells where a reader came from or which edition was asked for."""
    fields = []
    for part in query.split("&"):
        name, _, value = part.partition("=")
        amp = name.lower() in {"outputtype", "output", "mode", "view"} and value.lower() == "amp"
        if part and not amp and not _TRACKING.fullmatch(name):
            fields.append(_escaped(part, "!$'()*+,;:@/?="))
    return "&".join(sorted(fields))


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
