"""Feeds: bytes to a `Listing`. RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0, CDF, JSON Feed 1.x.

    bytes ── open_listing ──> XML ── read_elements ──> elements ── to_item ──> items ── to_entries ──> Listing
                        └──> JSON ── read_json_feed ────────────────────────────┘

Why feedparser does not do it: `docs/decisions/0025-reading-listings.md`.
"""

from __future__ import annotations

from datetime import datetime

from ingest.documents import Format, Limits, Listing, ListingFlaw, ProblemKind, Unlisted
from ingest.sources.feed.elements import Element, FeedElements
from ingest.sources.feed.fields import feed_language, feed_link, feed_title, to_item, update_period
from ingest.sources.feed.json_feed import read_json_feed
from ingest.sources.items import Faults, Item, to_entries
from ingest.sources.markup import Opened, Reading, open_listing, read_elements

__all__ = ["read_feed", "read_items"]

_USUAL = Limits()
_ROOTS = {
    "urlset": "It is a sitemap, not a feed: add it as a sitemap.",
    "sitemapindex": "It is an index of sitemaps, not a feed: add it as a sitemap.",
    "opml": "It is a list of feeds (OPML), not a feed: import it.",
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def read_feed(
    body: bytes, *, content_type: str | None, base_url: str, now: datetime, limits: Limits = _USUAL
) -> Listing | Unlisted:
    """Read a feed.

    Args:
        body: Any bytes, unpacked.
        content_type: The header of the answer; its charset is evidence, the bytes' own wins.
        base_url: The address that answered; relative addresses count from it, and from `xml:base`.
        now: The present; a date more than a day after it is no hint.
        limits: How much is read.

    Returns:
        The feed, with what is wrong with it; or why it is none. Never raises; time grows linearly with the body.
    """
    opened = open_listing(body, content_type)
    if isinstance(opened, Unlisted):
        return opened
    if opened.root == "json":
        return _json_listing(opened.text, base_url, now, limits)
    if (other := _is_other(opened)) is not None:
        return other
    return _listing(opened, _read(opened, base_url, limits), now, limits)


def read_items(body: bytes, *, content_type: str | None, base_url: str, limits: Limits = _USUAL) -> tuple[Item, ...]:
    """Read a feed's items without judging them, also those without an address; none where it is no feed.

    For comparisons with other readers; the arguments are those of `read_feed`.
    """
    opened = open_listing(body, content_type)
    if isinstance(opened, Unlisted):
        return ()
    if opened.root == "json":
        feed = read_json_feed(opened.text, base=base_url, limits=limits)
        return () if isinstance(feed, Unlisted) else feed.items
    if _is_other(opened) is not None:
        return ()
    return tuple(to_item(entry, limits) for entry in _read(opened, base_url, limits).handler.entries)


def _read(opened: Opened, base_url: str, limits: Limits) -> Reading[FeedElements]:
    return read_elements(
        opened.text,
        lambda lenient: FeedElements(base=base_url, most=limits.entries, longest=4 * limits.text, lenient=lenient),
        depth=limits.depth,
    )


def _is_other(opened: Opened) -> Unlisted | None:
    if opened.root in {"rss", "feed", "rdf", "channel"}:
        return None
    if opened.root == "html":
        return Unlisted(flaw=ListingFlaw.HTML, detail="It is a page of HTML, not a feed.")
    detail = _ROOTS.get(opened.root) or (
        f"It is XML, but no feed: its root is <{opened.root[:40]}>." if opened.root else "It is text, but no feed."
    )
    return Unlisted(flaw=ListingFlaw.NOT_A_LISTING, detail=detail)


def _listing(opened: Opened, reading: Reading[FeedElements], now: datetime, limits: Limits) -> Listing | Unlisted:
    elements, head = reading.handler, reading.handler.head
    if reading.too_deep:
        return Unlisted(
            flaw=ListingFlaw.TOO_DEEP, detail=f"Its elements lie more than {limits.depth} deep; no feed's do."
        )
    if not elements.entries and not head.parts and (nothing := _nothing(opened, reading)) is not None:
        return nothing
    faults = Faults()
    if reading.error or opened.spoilt:
        faults.add(ProblemKind.NOT_WELL_FORMED, reading.error or "text before the feed")
    if elements.left_out:
        faults.add(ProblemKind.TOO_MANY_ENTRIES, count=elements.left_out)
    items = (to_item(entry, limits) for entry in elements.entries)
    return Listing(
        format=Format.ATOM if elements.root == "feed" else Format.RSS,
        entries=tuple(to_entries(items, now=now, limits=limits, faults=faults)),
        title=feed_title(head, limits),
        home=feed_link(head, limits, "alternate"),
        language=feed_language(head),
        url=feed_link(head, limits, "self"),
        next_url=feed_link(head, limits, "next"),
        hub=feed_link(head, limits, "hub"),
        update_period=update_period(head),
        skip_hours=_skip_hours(head),
        skip_days=_skip_days(head),
        problems=faults.problems(),
    )


def _nothing(opened: Opened, reading: Reading[FeedElements]) -> Unlisted | None:
    """Why a feed that holds nothing is none; None where it is one."""
    if reading.error is not None and not reading.handler.is_whole:
        return Unlisted(
            flaw=ListingFlaw.MALFORMED, detail=f"It begins as a feed, and nothing of it can be read: {reading.error}."
        )
    if opened.root == "rdf" and not reading.handler.has_channel:
        return Unlisted(flaw=ListingFlaw.NOT_A_LISTING, detail="It is RDF, but no feed.")
    return None


def _skip_hours(head: Element) -> frozenset[int]:
    given = (hour.text.strip() for part in head.all("skiphours") for hour in part.all("hour"))
    return frozenset(int(hour) % 24 for hour in given if hour.isascii() and hour.isdigit() and int(hour[:4]) <= 24)


def _skip_days(head: Element) -> frozenset[int]:
    given = (day.text.strip().lower() for part in head.all("skipdays") for day in part.all("day"))
    return frozenset(_DAYS.index(day) for day in given if day in _DAYS)


def _json_listing(text: str, base_url: str, now: datetime, limits: Limits) -> Listing | Unlisted:
    feed = read_json_feed(text, base=base_url, limits=limits)
    if isinstance(feed, Unlisted):
        return feed
    faults = Faults()
    if feed.is_cut:
        faults.add(ProblemKind.NOT_WELL_FORMED, "JSON that ends before its end")
    return Listing(
        format=Format.JSON_FEED,
        entries=tuple(to_entries(feed.items, now=now, limits=limits, faults=faults)),
        title=feed.title,
        home=feed.home,
        language=feed.language,
        url=feed.url,
        next_url=feed.next_url,
        hub=feed.hub,
        problems=faults.problems(),
    )
