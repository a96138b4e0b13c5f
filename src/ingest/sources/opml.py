"""Lists of feeds in OPML 1 and 2, as feed readers exchange them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from lxml import etree

from ingest.documents import Limits, ListingFlaw, SourceKind, Subscription, Unlisted
from ingest.sources.addresses import is_web_address, resolve
from ingest.sources.markup import open_listing, read_elements
from ingest.sources.plain_text import plain
from ingest.sources.validation import LEAST_SECONDS, address_fault, zone_fault

__all__ = ["Outlines", "read_opml", "read_outlines", "write_opml"]

_LIMITS = Limits()
_MOST = 20_000
_LONGEST_NAME = 200
# Kinds that OPML has no word for; feed readers pass over attributes that they do not know.
_KINDS = frozenset({SourceKind.SITEMAP, SourceKind.URLS, SourceKind.PAGE})
_KIND, _ZONE, _EVERY = "ingestKind", "ingestTimeZone", "ingestEvery"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlines:
    """What an OPML file holds.

    Attributes:
        subscriptions: Its sources, in order, no two with the same address.
        left_out: A sentence for each outline that is none and looks like one, naming it by its folders and text.
    """

    subscriptions: tuple[Subscription, ...]
    left_out: tuple[str, ...] = ()


def read_opml(body: bytes) -> tuple[Subscription, ...] | Unlisted:
    """Read the sources of an OPML file; `read_outlines` also tells what was left out."""
    read = read_outlines(body)
    return read if isinstance(read, Unlisted) else read.subscriptions


def read_outlines(body: bytes) -> Outlines | Unlisted:
    """Read an OPML file.

    Args:
        body: Any bytes.

    Returns:
        Outlines with an `xmlUrl`, however deep; those around them are folders. Or why it is no OPML. Never raises.
    """
    opened = open_listing(body, None)
    if isinstance(opened, Unlisted):
        return opened
    if opened.root != "opml":
        what = "a page of HTML" if opened.root == "html" else f"<{opened.root[:40]}>" if opened.root else "text"
        return Unlisted(flaw=ListingFlaw.NOT_A_LISTING, detail=f"It is {what}, not a list of feeds in OPML (<opml>).")
    reading = read_elements(opened.text, lambda _: _OutlineElements(), depth=_LIMITS.depth)
    if reading.too_deep:
        return Unlisted(flaw=ListingFlaw.TOO_DEEP, detail=f"Its outlines lie more than {_LIMITS.depth} deep.")
    found = reading.handler
    if reading.error and not found.subscriptions:
        return Unlisted(
            flaw=ListingFlaw.MALFORMED,
            detail=f"It begins as OPML, and holds no feed that can be read: {reading.error}.",
        )
    notes = [f"The file is not well-formed, and may hold more: {reading.error}."] if reading.error else []
    notes += [f"Only its first {_MOST:,} outlines were read; split it to have the rest."] if found.is_done else []
    return Outlines(subscriptions=tuple(found.subscriptions.values()), left_out=(*found.left_out, *notes))


def write_opml(subscriptions: Sequence[Subscription], *, title: str) -> bytes:
    """Write OPML 2.0; categories become folders. What OPML has no word for stands in attributes of our own.

    Args:
        subscriptions: The sources. Folders and files of a machine are left out: they mean nothing on another.
        title: What the list is called.
    """
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _xml(title)
    body = etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], etree._Element] = {(): body}
    for subscription in subscriptions:
        if subscription.kind in {SourceKind.FOLDER, SourceKind.JSONL, SourceKind.WARC}:
            continue
        for depth in range(1, len(subscription.categories) + 1):
            path = subscription.categories[:depth]
            if path not in folders:
                folders[path] = etree.SubElement(folders[path[:-1]], "outline", text=_xml(path[-1]))
        _write_outline(folders[subscription.categories], subscription)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)


def _write_outline(folder: etree._Element, subscription: Subscription) -> None:
    outline = etree.SubElement(folder, "outline", type="rss", text=_xml(subscription.name or subscription.url))
    outline.set("xmlUrl", _xml(subscription.url))
    if subscription.home:
        outline.set("htmlUrl", _xml(subscription.home))
    if subscription.kind in _KINDS:
        outline.set(_KIND, subscription.kind.value)
    if subscription.time_zone:
        outline.set(_ZONE, _xml(subscription.time_zone))
    if subscription.every is not None:
        outline.set(_EVERY, str(subscription.every))


def _xml(text: str) -> str:
    """Text without what XML cannot hold."""
    return plain(text, 2_000, markup=False) or ""


@dataclass(slots=True)
class _OutlineElements:
    """Takes the elements of an OPML file (a `markup.Handler`)."""

    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    left_out: list[str] = field(default_factory=list)
    _folders: list[str] = field(default_factory=list)

    @property
    def is_done(self) -> bool:
        """Whether it has seen more sources than anybody reads."""
        return len(self.subscriptions) >= _MOST or len(self.left_out) >= _MOST

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        if name != "outline":
            return
        text = plain(attributes.get("text", "") or attributes.get("title", ""), _LONGEST_NAME) or ""
        given = attributes.get("xmlurl", "").strip()
        if given:
            self._add(given, text, attributes)
        elif attributes.get("type", "").lower() in {"rss", "atom", "feed"}:
            self.left_out.append(f"The outline {self._place(text)} has no xmlUrl.")
        self._folders.append(text)

    def data(self, text: str) -> None:
        """OPML says nothing between its tags."""

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "outline" and self._folders:
            self._folders.pop()

    def _place(self, text: str) -> str:
        return " > ".join(repr(folder) for folder in (*filter(None, self._folders), text or "(no text)"))

    def _add(self, given: str, text: str, attributes: Mapping[str, str]) -> None:
        url = resolve("", given)
        if (fault := address_fault(url)) is not None:
            self.left_out.append(f"The outline {self._place(text)} is left out: {fault}.")
            return
        zone, every = attributes.get(_ZONE.lower(), "").strip(), attributes.get(_EVERY.lower(), "")
        if (fault := zone_fault(zone)) is not None:
            self.left_out.append(f"The outline {self._place(text)} is taken without its zone: {fault}.")
            zone = ""
        stated = attributes.get(_KIND.lower(), "")
        home = resolve(url, attributes.get("htmlurl", "")) if attributes.get("htmlurl", "").strip() else ""
        name = plain(attributes.get("title", "") or text, _LONGEST_NAME)
        self.subscriptions.setdefault(
            url,
            Subscription(
                url=url,
                kind=SourceKind(stated) if stated in _KINDS else SourceKind.FEED,
                name=name if name and name != url else None,
                home=home if is_web_address(home, _LIMITS.url) else None,
                time_zone=zone,
                every=max(int(every), LEAST_SECONDS) if re.fullmatch(r"[0-9]{1,9}", every) else None,
                categories=tuple(filter(None, self._folders)) or _categories(attributes.get("category", "")),
            ),
        )


def _categories(given: str) -> tuple[str, ...]:
    """The first of OPML 2's `category="/news/world,/all"`, where no folder says more."""
    first = given.partition(",")[0]
    return tuple(name for part in first.split("/")[:10] if (name := plain(part, _LONGEST_NAME)))
