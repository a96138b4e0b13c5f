"""The elements of a feed, gathered entry by entry; nothing that is not asked for is kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ingest.sources.addresses import resolve

__all__ = ["Element", "FeedElements"]

_ENTRIES = frozenset({"item", "entry"})
_HEADS = frozenset({"channel", "feed", "rss", "rdf:rdf", "rdf"})
# What has parts of its own; all else is a leaf, and text within its markup is its text.
_NESTED = frozenset(
    {"author", "contributor", "source", "dc:creator", "image", "textinput", "skiphours", "skipdays", "managingeditor"}
)
_FIELDS = _NESTED | frozenset(
    {
        "title",
        "link",
        "guid",
        "id",
        "author",
        "dc:creator",
        "dc:author",
        "itunes:author",
        "name",
        "email",
        "hour",
        "day",
    }
    | {
        "pubdate",
        "published",
        "issued",
        "created",
        "updated",
        "modified",
        "dc:date",
        "dcterms:issued",
        "dcterms:created",
    }
    | {"dcterms:modified", "dcterms:date", "prism:publicationdate", "prism:modificationdate", "lastmod"}
    | {"dc:language", "language", "dc:publisher", "source", "feedburner:origlink", "pheedo:origlink", "media:title"}
    | {"dc:title", "ttl", "sy:updateperiod", "sy:updatefrequency", "skiphours", "skipdays", "dc:identifier"}
)
_UNSEEN = frozenset({"script", "style", "xhtml:script", "xhtml:style"})
_MOST_PARTS = 300  # elements of an entry that are kept; ten are usual


@dataclass(slots=True, kw_only=True)
class Element:
    """An element of an entry or of the feed's head, with the text within it.

    Attributes:
        name: As `name_of` folds it.
        attributes: Likewise.
        base: What its relative addresses count from.
        language: Its `xml:lang`, its own or one around it.
        text: All characters within it that belong to no part of it, as many as are kept.
        parts: Elements within it, where they matter.
        has_markup: Whether elements lie within it that are no parts: XHTML, or markup that nobody escaped.
    """

    name: str
    attributes: Mapping[str, str]
    base: str
    language: str | None
    text: str = ""
    parts: list[Element] = field(default_factory=list)
    has_markup: bool = False

    def all(self, *names: str) -> Iterator[Element]:
        """Its parts of these names: first all of the first name."""
        for name in names:
            yield from (part for part in self.parts if part.name == name)


class FeedElements:
    """Takes the elements of a feed (a `markup.Handler`).

    Attributes:
        head: The feed's own elements.
        entries: Its items.
        root: Name of the root.
        has_channel: Whether a `channel` or `feed` began: RDF without one is no feed.
        is_whole: Whether the root ended.
        left_out: Entries beyond the limit; it stops counting where as many are left out as are kept.
    """

    def __init__(self, *, base: str, most: int, longest: int, lenient: bool) -> None:
        """Begin.

        Args:
            base: Address of the feed.
            most: Entries that are kept; the rest are counted.
            longest: Characters of a text that are kept.
            lenient: Whether fields of an entry may lie deeper than they should: their neighbours were never closed.
        """
        self.head = Element(name="feed", attributes={}, base=base, language=None)
        self.entries: list[Element] = []
        self.root = ""
        self.has_channel = False
        self.is_whole = False
        self.left_out = 0
        self._most = most
        self._longest = longest
        self._lenient = lenient
        self._around: list[tuple[str, str, str | None]] = []  # name, base, language of each open element
        self._open: list[tuple[int, Element]] = []  # kept elements that are open, and how deep each lies
        self._pieces: list[str] = []
        self._room = 0

    @property
    def is_done(self) -> bool:
        """Whether as many entries were left out as are kept; no more are counted."""
        return self.left_out > self._most

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        parent, base, language = self._around[-1] if self._around else ("", self.head.base, None)
        base = resolve(base, attributes["xml:base"]) if "xml:base" in attributes else base
        language = attributes.get("xml:lang", language)
        self._around.append((name, base, language))
        self.root = self.root or name
        element = Element(name=name, attributes=attributes, base=base, language=language)
        if name in _ENTRIES:
            self._begin_entry(element)
        elif name in _HEADS:
            self._begin_head(element)
        elif self._open:
            self._begin_part(element, parent)

    def _begin_entry(self, element: Element) -> None:
        self._open.clear()  # with one that was never closed
        self._pieces, self._room = [], 0
        if len(self.entries) >= self._most:
            self.left_out += 1
            return
        self.entries.append(element)
        self._open.append((len(self._around), element))

    def _begin_head(self, element: Element) -> None:
        if any(part.name in _ENTRIES for _, part in self._open):
            return
        self.has_channel = self.has_channel or element.name in {"channel", "feed"}
        self.head.attributes = {**self.head.attributes, **element.attributes}
        self.head.base, self.head.language = element.base, element.language
        self._open = [(len(self._around), self.head)]

    def _begin_part(self, element: Element, parent: str) -> None:
        is_field = element.name in _FIELDS
        depth, owner = self._open[-1]
        if self._lenient and is_field and self._is_leaf(owner):  # one that was never closed
            self._close()
            depth, owner = self._open[-1]
        is_child = depth == len(self._around) - 1
        if self._is_leaf(owner):
            owner.has_markup = True
        elif is_field and len(owner.parts) < _MOST_PARTS and (is_child or (self._lenient and parent not in _NESTED)):
            self._flush()
            owner.parts.append(element)
            self._open.append((len(self._around), element))
            self._room = self._longest

    def end(self, name: str) -> None:
        """An element ends."""
        depth = len(self._around)
        self._around.pop()
        self.is_whole = not self._around
        while self._open and self._open[-1][0] >= depth:
            self._close()
        if name in _ENTRIES and not self._open:
            heads = [at for at, (around, _, _) in enumerate(self._around, start=1) if around in _HEADS]
            self._open = [(heads[-1], self.head)] if heads else []

    def data(self, text: str) -> None:
        """Characters of the innermost open element."""
        if self._room > 0 and self._around[-1][0] not in _UNSEEN:
            self._pieces.append(text[: self._room])
            self._room -= len(text)

    def _is_leaf(self, element: Element) -> bool:
        return element is not self.head and element.name not in _NESTED and element.name not in _ENTRIES

    def _close(self) -> None:
        self._flush()
        self._open.pop()
        owner = self._open[-1][1] if self._open else self.head
        self._room = self._longest - len(owner.text) if owner.name in _NESTED else 0

    def _flush(self) -> None:
        if self._pieces:
            self._open[-1][1].text += "".join(self._pieces)
            self._pieces = []
