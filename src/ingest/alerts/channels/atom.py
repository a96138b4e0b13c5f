"""An Atom feed (RFC 4287) of agreements in a file; entries are known by tag URIs (RFC 4151)."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import cast

from lxml import etree

from ingest.alerts.channel import Delivered, Undelivered
from ingest.alerts.channels.configured import AtomEntry
from ingest.alerts.channels.files import locked, replace
from ingest.alerts.escaping import web_address
from ingest.alerts.message import render
from ingest.alerts.notice import Item, Notice, NoticeKind

__all__ = ["Atom"]

_ATOM = "http://www.w3.org/2005/Atom"
_NAMESPACES = cast("dict[str, str]", {None: _ATOM})  # the stubs do not know of a default namespace
_SINCE = "2026"  # the year of the tags: fixed, or the same entry would have another id a year later


class Atom:
    """Puts an entry for each event on top of a feed, each once, and drops the oldest beyond a number."""

    def __init__(self, name: str, entry: AtomEntry) -> None:
        self.name = name
        self._entry = entry
        self._path = Path(entry.path)

    def close(self) -> None:
        """It holds nothing open."""

    def deliver(self, notice: Notice) -> Delivered | Undelivered:
        """Write the feed anew beside the old one, and put it in its place."""
        try:
            with locked(self._path):
                before = self._path.read_bytes() if self._path.exists() else b""
                replace(self._path, self._feed(notice, _entries(before)))
        except OSError as refused:
            return Undelivered(detail=f"{self._path} cannot be written: {refused.strerror}.")
        except etree.XMLSyntaxError:
            return Undelivered(
                detail=f"{self._path} is there, and is no Atom feed; move it away, or name another path.",
                permanent=True,
            )
        return Delivered()

    def _feed(self, notice: Notice, before: list[etree._Element]) -> bytes:
        updated = notice.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        added = [self._made(each, updated) for each in _parted(notice)]
        ids = {each.findtext(f"{{{_ATOM}}}id") for each in added}
        kept = [each for each in before if each.findtext(f"{{{_ATOM}}}id") not in ids]
        feed = etree.Element(f"{{{_ATOM}}}feed", nsmap=_NAMESPACES)
        _add(feed, "id", self._tag(f"feed/{self.name}"))
        _add(feed, "title", self._entry.title)
        latest = max([updated, *(each.findtext(f"{{{_ATOM}}}updated") or "" for each in kept)])
        _add(feed, "updated", latest)
        _add(_add(feed, "author"), "name", "ingest")
        feed.extend([*reversed(added), *kept][: self._entry.entries])
        etree.indent(feed)
        return etree.tostring(feed, encoding="utf-8", xml_declaration=True)

    def _made(self, notice: Notice, updated: str) -> etree._Element:
        message = render(notice)
        entry = etree.Element(f"{{{_ATOM}}}entry", nsmap=_NAMESPACES)
        event = f"event/{notice.items[0].event}" if notice.items else f"message/{notice.id}"
        _add(entry, "id", self._tag(event))
        _add(entry, "title", message.subject)
        _add(entry, "updated", updated)
        link = _link(notice.items[0]) if notice.items else None
        if link:
            etree.SubElement(entry, f"{{{_ATOM}}}link", rel="alternate", href=link)
        _add(entry, "content", message.html, type="html")
        return entry

    def _tag(self, what: str) -> str:
        return f"tag:{self._entry.authority},{_SINCE}:ingest/{what}"


def _parted(notice: Notice) -> list[Notice]:
    """A notice for each event: a feed has no use for digests."""
    if not notice.items:
        return [notice]
    return [
        Notice(id=notice.id, kind=NoticeKind.INSTANT, rule=notice.rule, at=notice.at, items=(each,))
        for each in notice.items
    ]


def _link(item: Item) -> str | None:
    mention = item.mention or (item.agreement.mentions[0] if item.agreement.mentions else None)
    return web_address(mention.url) if mention else None


def _entries(content: bytes) -> list[etree._Element]:
    if not content:
        return []
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_blank_text=True)
    return etree.fromstring(content, parser).findall(f"{{{_ATOM}}}entry")


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    added = etree.SubElement(parent, f"{{{_ATOM}}}{name}", attrib=attributes)
    added.text = text
    return added
