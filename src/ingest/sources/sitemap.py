"""Sitemaps, indexes of sitemaps, and what Google News adds to them: bytes to a `Listing`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from ingest.documents import Child, Format, Limits, Listing, ListingFlaw, ProblemKind, Unlisted
from ingest.sources.addresses import host_of, is_web_address, resolve
from ingest.sources.items import Faults, Item, to_date, to_entries
from ingest.sources.markup import Opened, Reading, open_listing, read_elements
from ingest.sources.plain_text import plain, unescape
from ingest.sources.urls import read_urls

__all__ = ["read_sitemap"]

_USUAL = Limits()
_FEED = "It is a feed, not a sitemap: add it as a feed."
_OTHERS = {
    "rss": _FEED,
    "feed": _FEED,
    "rdf": _FEED,
    "channel": _FEED,
    "json": "It is JSON, not a sitemap.",
    "opml": "It is a list of feeds (OPML), not a sitemap: import it.",
}
_FIELDS = frozenset({"loc", "lastmod", "news:title", "news:publication_date", "news:language", "news:name"})


def read_sitemap(
    body: bytes, *, content_type: str | None, base_url: str, now: datetime, limits: Limits = _USUAL
) -> Listing | Unlisted:
    """Read a sitemap, or an index of them.

    Args:
        body: Any bytes, unpacked.
        content_type: The header of the answer; its charset is evidence, the bytes' own wins.
        base_url: The address that answered.
        now: The present; a date more than a day after it is no hint.
        limits: How much is read.

    Returns:
        The listing, with what is wrong with it; addresses of other hosts are counted and kept, since robots.txt may
        vouch for them. Or why it is none. Never raises; time grows linearly with the body.
    """
    opened = open_listing(body, content_type)
    if isinstance(opened, Unlisted):
        return opened
    if not opened.root:  # a text sitemap: an address a line
        listed = read_urls(body, content_type=content_type, base_url=base_url, now=now, limits=limits)
        return _other(opened) if isinstance(listed, Unlisted) else _with_hosts(listed, base_url)
    if opened.root not in {"urlset", "sitemapindex"}:
        return _other(opened)
    reading = read_elements(opened.text, lambda _: _SitemapElements(limits), depth=limits.depth)
    if reading.too_deep:
        return Unlisted(
            flaw=ListingFlaw.TOO_DEEP, detail=f"Its elements lie more than {limits.depth} deep; no sitemap's do."
        )
    return _listing(opened, reading, base_url, now, limits)


def _other(opened: Opened) -> Unlisted:
    if opened.root == "html":
        return Unlisted(flaw=ListingFlaw.HTML, detail="It is a page of HTML, not a sitemap.")
    detail = _OTHERS.get(opened.root) or (
        f"It is XML, but no sitemap: its root is <{opened.root[:40]}>."
        if opened.root
        else "It is text, but no sitemap."
    )
    return Unlisted(flaw=ListingFlaw.NOT_A_LISTING, detail=detail)


@dataclass(slots=True)
class _Place:
    """A `url` or `sitemap` element."""

    is_child: bool
    fields: dict[str, str] = field(default_factory=dict)


class _SitemapElements:
    """Takes the elements of a sitemap (a `markup.Handler`)."""

    def __init__(self, limits: Limits) -> None:
        self.places: list[_Place] = []
        self.left_out = 0
        self._most = {False: limits.entries, True: limits.children}
        self._kept = {False: 0, True: 0}
        self._longest = 4 * max(limits.text, limits.url)
        self._place: _Place | None = None
        self._field = ""
        self._pieces: list[str] = []
        self._room = 0

    @property
    def is_done(self) -> bool:
        """Whether as many addresses were left out as are kept; no more are counted."""
        return self.left_out > self._most[False]

    def start(self, name: str, _attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name in {"url", "sitemap"}:
            is_child = name == "sitemap"
            self._place = None
            if self._kept[is_child] >= self._most[is_child]:
                self.left_out += 1
                return
            self._kept[is_child] += 1
            self._place = _Place(is_child)
            self.places.append(self._place)
        elif self._place is not None and name in _FIELDS and name not in self._place.fields:
            self._field, self._pieces, self._room = name, [], self._longest

    def data(self, text: str) -> None:
        """Characters of the innermost open element."""
        if self._room > 0:
            self._pieces.append(text[: self._room])
            self._room -= len(text)

    def end(self, name: str) -> None:
        """An element ends."""
        if self._place is not None and self._field and name == self._field:
            self._place.fields[name] = "".join(self._pieces).strip()
            self._field, self._pieces, self._room = "", [], 0


def _listing(
    opened: Opened, reading: Reading[_SitemapElements], base_url: str, now: datetime, limits: Limits
) -> Listing | Unlisted:
    elements = reading.handler
    if reading.error and not elements.places:
        return Unlisted(
            flaw=ListingFlaw.MALFORMED,
            detail=f"It begins as a sitemap, and nothing of it can be read: {reading.error}.",
        )
    faults = Faults()
    if reading.error or opened.spoilt:
        faults.add(ProblemKind.NOT_WELL_FORMED, reading.error or "text before the sitemap")
    if elements.left_out:
        faults.add(ProblemKind.TOO_MANY_ENTRIES, count=elements.left_out)
    items = (_item(place, base_url, limits) for place in elements.places if not place.is_child)
    entries = tuple(to_entries(items, now=now, limits=limits, faults=faults))
    children = _children(elements.places, base_url, now, limits, faults)
    listing = Listing(
        format=Format.SITEMAP_INDEX if opened.root == "sitemapindex" else Format.SITEMAP,
        entries=entries,
        children=children,
        problems=faults.problems(),
    )
    return _with_hosts(listing, base_url)


def _with_hosts(listing: Listing, base_url: str) -> Listing:
    """Count addresses of other hosts as well."""
    own, faults = host_of(base_url), Faults()
    for url in (*(entry.url for entry in listing.entries), *(child.url for child in listing.children)):
        if host_of(url) != own:
            faults.add(ProblemKind.OTHER_HOST, url)
    return replace(listing, problems=(*listing.problems, *faults.problems()))


def _item(place: _Place, base_url: str, limits: Limits) -> Item:
    def texts(name: str) -> tuple[str, ...]:
        return tuple(filter(None, (place.fields.get(name),)))

    return Item(
        links=tuple(resolve(base_url, unescape(loc)) for loc in texts("loc")),
        title=plain(place.fields.get("news:title", ""), limits.text),
        publisher=plain(place.fields.get("news:name", ""), limits.text),
        published=texts("news:publication_date"),
        updated=texts("lastmod"),
        language=plain(place.fields.get("news:language", ""), 35),
    )


def _children(places: list[_Place], base_url: str, now: datetime, limits: Limits, faults: Faults) -> tuple[Child, ...]:
    found: dict[str, Child] = {}
    for place in places:
        if not place.is_child:
            continue
        loc = place.fields.get("loc", "")
        url = resolve(base_url, unescape(loc)) if loc else ""
        if not loc:
            faults.add(ProblemKind.NO_LINK)
        elif not is_web_address(url, limits.url):
            faults.add(ProblemKind.BAD_LINK, loc)
        elif url in found:
            faults.add(ProblemKind.DUPLICATE_LINK, url)
        else:
            dates = tuple(filter(None, (place.fields.get("lastmod"),)))
            found[url] = Child(url=url, updated=to_date(dates, now=now, faults=faults))
    return tuple(found.values())
