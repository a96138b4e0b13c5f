"""A list of addresses, one a line, as people and text sitemaps write it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from ingest.documents import Format, Limits, Listing, ListingFlaw, Unlisted
from ingest.sources.addresses import resolve
from ingest.sources.items import Faults, Item, to_entries
from ingest.sources.markup import open_listing

__all__ = ["read_urls"]

_USUAL = Limits()


def read_urls(
    body: bytes, *, content_type: str | None, base_url: str, now: datetime, limits: Limits = _USUAL
) -> Listing | Unlisted:
    """Read a list of addresses: one a line; a line that begins with `#` is a comment, and so is what follows a blank.

    Args:
        body: Any bytes, unpacked.
        content_type: The header of the answer; its charset is evidence, the bytes' own wins.
        base_url: The address that answered; a line that begins with `/` counts from it.
        now: The present; unused, so that all listings are read alike.
        limits: How much is read.

    Returns:
        The listing; lines that are no address are counted. Or why it is none: a page, a feed, or no line is an address.
        Never raises.
    """
    opened = open_listing(body, content_type)
    if isinstance(opened, Unlisted):
        return opened
    if opened.root:
        is_page = opened.root == "html"
        return Unlisted(
            flaw=ListingFlaw.HTML if is_page else ListingFlaw.NOT_A_LISTING,
            detail=f"It is {'a page of HTML' if is_page else f'<{opened.root[:40]}>'}, not a list of addresses.",
        )
    faults = Faults()
    entries = tuple(to_entries(_items(opened.text, base_url), now=now, limits=limits, faults=faults))
    if not entries:
        return Unlisted(flaw=ListingFlaw.NOT_A_LISTING, detail="No line of it is an address (https://…).")
    return Listing(format=Format.URLS, entries=entries, problems=faults.problems())


def _items(text: str, base_url: str) -> Iterator[Item]:
    for line in text.split("\n"):
        given = line.split(maxsplit=1)
        if given and not given[0].startswith("#"):
            is_address = given[0].startswith("/") or "://" in given[0]
            yield Item(links=(resolve(base_url, given[0]) if is_address else given[0],))
