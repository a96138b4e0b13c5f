"""JSON Feed 1.0 and 1.1; what was cut off is read as far as it goes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ingest.documents import Limits, ListingFlaw, Unlisted
from ingest.sources.addresses import is_web_address, resolve
from ingest.sources.items import MOST_TRIED, Item
from ingest.sources.plain_text import plain

__all__ = ["JsonFeed", "read_json_feed"]

# A value of Python takes fifty bytes and more, that of JSON two: more of them than any feed has are refused unread.
_MOST_VALUES = 3_000_000
_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/", re.IGNORECASE)
_ITEMS = re.compile(r'"items"\s{0,99}:\s{0,99}\[')
_COMMA = re.compile(r"[\s,]*")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonFeed:
    """A JSON Feed.

    Attributes:
        items: Its items.
        title: What it calls itself.
        home: `home_page_url`.
        url: `feed_url`.
        next_url: Its next, older piece.
        hub: The first of `hubs`.
        language: Language tag.
        is_cut: Whether it ended before its end.
    """

    items: tuple[Item, ...]
    title: str | None = None
    home: str | None = None
    url: str | None = None
    next_url: str | None = None
    hub: str | None = None
    language: str | None = None
    is_cut: bool = False


def read_json_feed(text: str, *, base: str, limits: Limits) -> JsonFeed | Unlisted:
    """Read a JSON Feed.

    Args:
        text: Its text, from the first brace on.
        base: Address of the feed.
        limits: How much is kept.
    """
    if sum(map(text.count, "[{,")) > _MOST_VALUES:
        return Unlisted(
            flaw=ListingFlaw.MALFORMED, detail=f"It holds more than {_MOST_VALUES:,} values of JSON; no feed does."
        )
    try:
        document, is_cut = _document(text)
    except RecursionError:
        return Unlisted(flaw=ListingFlaw.TOO_DEEP, detail="Its JSON is nested deeper than any feed's.")
    if document is None:
        return Unlisted(flaw=ListingFlaw.MALFORMED, detail="It begins like JSON and is none.")
    if not _is_feed(document):
        return Unlisted(flaw=ListingFlaw.NOT_A_LISTING, detail="It is JSON, but no JSON Feed (https://jsonfeed.org).")
    items = document.get("items")
    author, most = _byline(document, limits), MOST_TRIED * limits.entries + 1
    return JsonFeed(
        items=tuple(_items(items[:most] if isinstance(items, list) else [], author, base, limits)),
        title=_plain(document.get("title"), limits),
        home=_address(document.get("home_page_url"), base, limits),
        url=_address(document.get("feed_url"), base, limits),
        next_url=_address(document.get("next_url"), base, limits),
        hub=next(
            (url for hub in _objects(document.get("hubs")) if (url := _address(hub.get("url"), base, limits))), None
        ),
        language=_plain(document.get("language"), limits),
        is_cut=is_cut,
    )


def _document(text: str) -> tuple[Mapping[str, object] | None, bool]:
    """The outermost object, and whether it was cut off; what precedes the cut is kept."""
    try:
        whole = json.loads(text)
    except ValueError:  # of JSON, or a number of more digits than Python reads
        return _cut_document(text), True
    return (whole if isinstance(whole, dict) else {}), False


def _cut_document(text: str) -> Mapping[str, object] | None:
    begun = _ITEMS.search(text)
    if begun is None or _VERSION.search(text) is None:
        return None
    head: dict[str, object] = {"version": "https://jsonfeed.org/version/1"}
    try:
        before = json.loads(text[: begun.start()].rstrip().rstrip(",") + "}")
        head |= before if isinstance(before, dict) else {}
    except ValueError:
        pass  # the head is in disorder; the items may not be
    return head | {"items": list(_decoded(text, begun.end()))}


def _decoded(text: str, at: int) -> Iterator[object]:
    read = json.JSONDecoder().raw_decode
    while at < len(text):
        comma = _COMMA.match(text, at)
        at = comma.end() if comma else at
        try:
            item, at = read(text, at)
        except ValueError:
            return
        yield item


def _is_feed(document: Mapping[str, object]) -> bool:
    version = document.get("version")
    return isinstance(version, str) and _VERSION.match(version) is not None


def _items(items: list[object], author: str | None, base: str, limits: Limits) -> Iterator[Item]:
    for item in _objects(items):
        identity = item.get("id")
        name = str(identity) if isinstance(identity, (str, int, float)) and not isinstance(identity, bool) else ""
        links = [given for key in ("url", "external_url") if isinstance(given := item.get(key), str) and given.strip()]
        if name.startswith(("http://", "https://")):  # "if an item has no url, its id may be one"
            links.append(name)
        yield Item(
            links=tuple(resolve(base, link) for link in links),
            id=name.strip() or None,
            title=_plain(item.get("title"), limits),
            byline=_byline(item, limits) or author,
            published=_texts(item.get("date_published")),
            updated=_texts(item.get("date_modified")),
            language=_plain(item.get("language"), limits),
        )


def _byline(holder: Mapping[str, object], limits: Limits) -> str | None:
    authors = [*_objects(holder.get("authors")), *_objects([holder.get("author")])]
    names = (_plain(author.get("name"), limits) for author in authors)
    return ", ".join(dict.fromkeys(name for name in names if name))[: limits.text] or None


def _objects(value: object) -> Iterator[Mapping[str, object]]:
    if isinstance(value, list):
        yield from (item for item in value if isinstance(item, dict))


def _plain(value: object, limits: Limits) -> str | None:
    return plain(value, limits.text) if isinstance(value, str) else None


def _texts(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) and value.strip() else ()


def _address(value: object, base: str, limits: Limits) -> str | None:
    url = resolve(base, value) if isinstance(value, str) and value.strip() else ""
    return url if is_web_address(url, limits.url) else None
