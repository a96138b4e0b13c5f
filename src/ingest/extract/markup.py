"""HTML as a stream of tags and text, read once from left to right: what is left when a tree cannot be built.

Parsers of HTML trees give up beyond some 255 levels of nesting, silently. Here depth costs nothing, and any input is
read in linear time.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

__all__ = ["MAX_DEPTH", "MAX_TAGS", "flatten", "has_many_tags", "is_deep", "plain_reading"]

MAX_DEPTH = 200
"""Levels of wrappers that `flatten` leaves."""
_DEEP = 240  # levels that a tree is trusted with: parsers give up at 256
MAX_TAGS = 150_000
"""Tags beyond which trafilatura is not asked: its pruning takes time that grows with their square."""

_TAG = re.compile(r"</?[A-Za-z]")
# One step a level, each from all elements of the level above: linear in the tree, whatever its shape.
_TOO_DEEP = etree.XPath(f"boolean({'/*' * (_DEEP + 1)})")
_NAME = re.compile(r"/?([A-Za-z][A-Za-z0-9:-]*)")
_VOID = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"]
)
_CLOSED_BY_ITSELF = frozenset(
    ["p", "li", "dt", "dd", "tr", "td", "th", "option", "tbody", "thead", "tfoot", "colgroup"]
)
_RAW = frozenset(
    {"script", "style", "noscript", "template", "textarea", "title", "iframe", "svg", "select", "xmp", "noembed"}
)
_BLOCKS = frozenset(
    [
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "br",
        "center",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "html",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "th",
        "thead",
        "tr",
        "ul",
    ]
)
_FURNITURE = frozenset(["nav", "header", "footer", "aside", "form", "button", "figcaption"])


@dataclass(frozen=True, slots=True)
class _Token:
    """A stretch of the source: a tag (`name` set, lower case) or text (`name` empty).

    The opening tag of a script, a style sheet and the like includes what it encloses.
    """

    start: int
    end: int
    name: str
    closing: bool


def _skip_raw(source: str, lowered: str, name: str, start: int) -> int:
    """Where the content of an element that holds no markup of its own ends."""
    end = lowered.find(f"</{name}", start)
    return len(source) if end < 0 else end


def _tokens(source: str) -> Iterator[_Token]:
    lowered = source.lower() if len(source.lower()) == len(source) else source
    position, size = 0, len(source)
    while position < size:
        start = source.find("<", position)
        if start < 0:
            start = size
        if start > position:
            yield _Token(position, start, "", closing=False)
        if start >= size:
            return
        if source.startswith("<!--", start):
            end = source.find("-->", start + 4)
            position = size if end < 0 else end + 3
            continue
        named = _NAME.match(source, start + 1)
        if named is None:
            end = source.find(">", start) if source[start + 1 : start + 2] in {"!", "?", "/"} else start
            position = size if end < 0 else end + 1
            continue
        end = source.find(">", named.end())
        end = size if end < 0 else end + 1
        name, closing = named[1].lower(), source[start + 1] == "/"
        if name in _RAW and not closing and source[end - 2 : end] != "/>":
            end = _skip_raw(source, lowered, name, end)
        yield _Token(start, end, name, closing=closing)
        position = end


def is_deep(tree: HtmlElement) -> bool:
    """Whether elements lie too deep to be read as a tree, also where the parser gave up on them.

    The tree is asked and not its source, in which elements that nobody closed seem to nest.
    """
    return bool(_TOO_DEEP(tree))


def has_many_tags(source: str) -> bool:
    """Whether HTML holds more than `MAX_TAGS` opening and closing tags."""
    return source.count("<") > MAX_TAGS and len(_TAG.findall(source)) > MAX_TAGS


def flatten(source: str) -> str:
    """Drop the tags of all wrappers that lie deeper than `MAX_DEPTH`, and keep their content.

    Args:
        source: HTML of any depth.

    Returns:
        HTML that a tree parser can take, its text unchanged; block wrappers leave a line break.
    """
    kept: list[str] = []
    level = 0
    for token in _tokens(source):
        piece = source[token.start : token.end]
        if not token.name or token.name in _VOID or token.name in _CLOSED_BY_ITSELF or token.name in _RAW:
            kept.append(piece)
        elif token.closing:
            if level <= MAX_DEPTH:
                kept.append(piece)
            elif token.name in _BLOCKS:
                _break(kept)
            level -= level > 0
        else:
            level += 1
            if level <= MAX_DEPTH and not piece.endswith("/>"):
                kept.append(piece)
            elif token.name in _BLOCKS:
                _break(kept)
            level -= piece.endswith("/>")
    return "".join(kept)


def _break(kept: list[str]) -> None:
    """End the line, once: a hundred thousand dropped wrappers are no hundred thousand empty lines."""
    if kept and kept[-1] != "<br>":
        kept.append("<br>")


def plain_reading(source: str) -> str:
    """The visible text of HTML without building a tree.

    Blocks become lines; menus, headers, forms and scripts are left out.

    Args:
        source: HTML of any depth and validity.

    Returns:
        Text, one block a line; empty where there is none.
    """
    parts: list[str] = []
    inside = 0  # open elements that hold page furniture
    for token in _tokens(source):
        if token.name in _FURNITURE:
            inside = max(0, inside + (-1 if token.closing else 1))
        if token.name in _BLOCKS:
            parts.append("\n")
        elif not token.name and not inside:
            parts.append(" ".join(html.unescape(source[token.start : token.end]).split("\n")))
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line)
