"""Bytes to the elements of an XML listing: streamed, without entities, in linear time.

    bytes ── decode ── cut off the prolog ──> root ── libxml2, strictly, else mended and leniently ──> elements

The prolog never reaches the parser: no external DTD, and no entity but the five of XML itself, exists for it. Nothing
is kept but what a handler keeps, so memory does not grow with what nobody reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from lxml import etree

from ingest.decode import decode, sniff
from ingest.documents import ListingFlaw, Unlisted
from ingest.sources.mending import mended
from ingest.sources.namespaces import name_of

__all__ = ["Handler", "Opened", "Reading", "open_listing", "read_elements"]

_PIECE = 65_536
_LEADING = 20_000  # characters of rubbish before the root that are looked through
_CHARSET = re.compile(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{2,40})", re.IGNORECASE)
_SKIPPED = re.compile(r"(?:\s+|<\?[^>]*>|<!--.*?-->)+", re.DOTALL)
_TAG = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_KNOWN = re.compile(r"<(?:[\w.-]+:)?(rss|rdf|feed|channel|urlset|sitemapindex|opml|html)(?![\w.:-])", re.IGNORECASE)
_HTML = re.compile(
    r"html|head|body|title|meta|script|style|div|span|p|h[1-6]|table|center|font|a|br|img|main|header|nav|form|svg",
    re.IGNORECASE,
)
_HTML_PAGE = re.compile(r"<!DOCTYPE\s{1,99}html\b", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_IN_DOCTYPE = re.compile(r"<!ENTITY|<!--|<\?|[\"'\[\]>]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A listing's text from its root on.

    Attributes:
        text: From the root's tag on, or from the brace of JSON.
        root: Local name of the root, in lower case; `json`; empty for text that is no markup.
        spoilt: Whether something stood before it that may not.
    """

    text: str
    root: str
    spoilt: bool = False


def open_listing(body: bytes, content_type: str | None) -> Opened | Unlisted:
    """Decode a listing and find its root.

    Args:
        body: Any bytes.
        content_type: The header; its charset is evidence, the bytes' own wins.

    Returns:
        The text and what it is, or why it is no listing: empty, binary, undecodable, or entities are declared.
    """
    if not body.strip(b"\0\t\n\r \xef\xbb\xbf\xfe\xff"):
        return Unlisted(flaw=ListingFlaw.EMPTY, detail="It is empty.")
    if (binary := sniff(body)) is not None:
        return Unlisted(flaw=ListingFlaw.NOT_A_LISTING, detail=f"It is no feed, sitemap or list ({binary}).")
    charset = _CHARSET.search(content_type or "")
    text = decode(body, charset=charset[1] if charset else None, html=True)
    if text is None:
        return Unlisted(flaw=ListingFlaw.UNDECODABLE, detail="No encoding reads it as text.")
    text = text.lstrip()
    if not text:
        return Unlisted(flaw=ListingFlaw.EMPTY, detail="It holds only white space.")
    return _opened(text)


def _opened(text: str) -> Opened | Unlisted:
    if text[0] in "{[":
        return Opened(text=text, root="json")
    at = _after_prolog(text)
    if isinstance(at, Unlisted):
        return at
    tag = _TAG.match(text, at)
    if tag is not None and _KNOWN.match(text, at):
        return Opened(text=text[at:], root=tag[1].lower())
    # A warning of PHP, a banner, a second declaration: the root comes later.
    known = None if _HTML_PAGE.match(text) else _KNOWN.search(text, at, at + _LEADING)
    if known is not None:
        return Opened(text=text[known.start() :], root=known[1].lower(), spoilt=True)
    if tag is None:
        return Opened(text=text, root="html" if _HTML_PAGE.match(text) else "")
    is_html = _HTML.fullmatch(tag[1]) or _HTML_PAGE.match(text)
    return Opened(text=text[at:], root="html" if is_html else tag[1].lower())


def _after_prolog(text: str) -> int | Unlisted:
    """Where the root stands: after declarations, comments and DOCTYPE."""
    at = 0
    while True:
        if (skipped := _SKIPPED.match(text, at)) is not None:
            at = skipped.end()
        doctype = _DOCTYPE.match(text, at)
        if doctype is None:
            return at
        end = _doctype_end(text, doctype.end())
        if end is None:
            return Unlisted(
                flaw=ListingFlaw.ENTITIES,
                detail="It declares entities, which may expand without bound, and which no listing needs.",
            )
        at = end


def _doctype_end(text: str, at: int) -> int | None:
    """Where a DOCTYPE ends that began before `at`; None if it declares entities."""
    closing = {"<!--": "-->", "<?": "?>", '"': '"', "'": "'"}
    inside = False
    while (mark := _IN_DOCTYPE.search(text, at)) is not None:
        at = mark.end()
        if mark[0].upper() == "<!ENTITY":
            return None
        if mark[0] == "[":
            inside = True
        elif mark[0] == "]":
            inside = False
        elif mark[0] == ">" and not inside:
            return at
        elif mark[0] in closing:
            end = text.find(closing[mark[0]], at)
            if end < 0:
                return len(text)
            at = end + len(closing[mark[0]])
    return len(text)


class Handler(Protocol):
    """What takes a listing's elements. Names are `name_of`'s."""

    @property
    def is_done(self) -> bool:
        """Whether it wants no more."""
        ...

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        ...

    def end(self, name: str) -> None:
        """An element ends."""
        ...

    def data(self, text: str) -> None:
        """Characters within the innermost open element; they may come in pieces."""
        ...


_H = TypeVar("_H", bound=Handler)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Generic[_H]):
    """A handler that has seen the elements.

    Attributes:
        handler: It.
        error: What is not well-formed, None where all is; then it has seen what a lenient parser makes of it.
        too_deep: Whether elements lie deeper than allowed; it has seen what comes before.
    """

    handler: _H
    error: str | None = None
    too_deep: bool = False


def read_elements(text: str, make: Callable[[bool], _H], *, depth: int) -> Reading[_H]:
    """Give the elements of an XML text to a handler.

    Args:
        text: From the root on.
        make: Makes a handler; told whether the text is read leniently, where elements may lie deeper than they should.
        depth: Elements within elements that are allowed.
    """
    strict = make(False)
    error, too_deep = _parse((text,), _Target(strict, depth), recover=False)
    if error is None:
        return Reading(handler=strict, too_deep=too_deep)
    lenient = make(True)
    _, too_deep = _parse(mended(text), _Target(lenient, depth), recover=True)
    return Reading(handler=lenient, error=error, too_deep=too_deep)


def _parse(pieces: Iterable[str], target: _Target, *, recover: bool) -> tuple[str | None, bool]:
    parser = etree.XMLParser(
        target=target,  # type: ignore[arg-type]  # its stubs ask for comments, and for bytes where text is given
        recover=recover,
        encoding="utf-8",
        load_dtd=False,
        no_network=True,
        huge_tree=True,  # no tree is built; without it, a title of 10 MB ends the feed
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for piece in pieces:
            content = piece.encode()
            for at in range(0, len(content), _PIECE):
                parser.feed(content[at : at + _PIECE])
                if target.is_done:
                    return None, target.too_deep
        parser.close()
    except etree.XMLSyntaxError as problem:
        return str(problem).partition(" (<string>")[0], target.too_deep
    except UnicodeDecodeError:  # libxml2 let half a character through
        return "a character that is none", target.too_deep
    return _undeclared(parser), target.too_deep


def _undeclared(parser: etree.XMLParser) -> str | None:
    """The first prefix that nobody declared: libxml2 only notes it, and drops it from the name."""
    noted = (entry.message for entry in parser.feed_error_log if entry.domain_name == "NAMESPACE")
    return next(noted, None)


class _Target:
    """What lxml calls: folds names, bounds the depth, and gives every element that began its end, in order."""

    def __init__(self, handler: Handler, depth: int) -> None:
        self.too_deep = False
        self._handler = handler
        self._most = depth
        self._names: list[str] = []

    @property
    def is_done(self) -> bool:
        return self.too_deep or self._handler.is_done

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self.is_done:
            return
        if len(self._names) >= self._most:
            self.too_deep = True
            return
        name = name_of(tag)
        self._names.append(name)
        self._handler.start(name, {name_of(key): value for key, value in attributes.items()})

    def data(self, text: str) -> None:
        if not self.is_done:
            self._handler.data(text)

    def end(self, tag: str) -> None:
        name = name_of(tag)
        if self.is_done or name not in self._names:  # the lenient parser ends what never began, and forgets to end
            return
        while (last := self._names.pop()) != name:
            self._handler.end(last)
        self._handler.end(name)

    def close(self) -> None:
        """Nothing is returned: the handler has it."""
