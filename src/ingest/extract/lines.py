"""The lines of a text, seen the way the rules look at them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

__all__ = ["Line", "fold", "has_han", "is_prose", "length", "read_lines", "words"]

_LINK = re.compile(r"!?\[([^\[\]\n]{0,300})\]\([^()\s]{0,1000}\)")
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,300}\]\([^()\s]{0,1000}\)")
_GAP = re.compile(r"\s{5,}")
_EDGE = re.compile(r"^(?:#{1,6}\s+|>+\s*|[*_]{1,3}(?=\S))+|[*_]{1,3}$|\s+#{1,6}$")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_END = re.compile(r"[.!?。！？…;；:：][\"”’'）)」』】\]*_]*$")
_KEEP = re.compile(r"[^\w]+|_")
# The same for ASCII, which most of what is folded is: a table is five times faster than normalising and an expression.
_ASCII_KEPT = {code: chr(code).lower() if chr(code).isalnum() else None for code in range(128)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line that holds something.

    Attributes:
        start: Where it begins in the text, white space left out.
        end: Where it ends, half-open.
        text: What stands there.
        plain: The same without Markdown (emphasis and heading marks at the edges go, links are reduced to their words)
            and with long gaps closed.
        number: Its place among the lines that hold something, from 0.
    """

    start: int
    end: int
    text: str
    plain: str
    number: int


def _plain(text: str) -> str:
    if "](" in text:
        text = _LINK.sub(lambda found: found[1], _IMAGE.sub("", text))
    if text[:1] in "#>*_" or text[-1:] in "*_#":
        text = _EDGE.sub("", _EDGE.sub("", text)) or text
    return _GAP.sub("    ", text).strip()


def read_lines(text: str) -> tuple[Line, ...]:
    """All lines of a text that hold more than white space, in order."""
    lines: list[Line] = []
    position = 0
    for raw in text.split("\n"):
        stripped = raw.strip()
        if stripped:
            start = position + len(raw) - len(raw.lstrip())
            lines.append(
                Line(start=start, end=start + len(stripped), text=stripped, plain=_plain(stripped), number=len(lines))
            )
        position += len(raw) + 1
    return tuple(lines)


def has_han(text: str) -> bool:
    """Whether any Chinese character occurs."""
    return not text.isascii() and _HAN.search(text) is not None


def length(text: str) -> int:
    """Size of a text in units that compare across scripts: a Chinese character says about as much as three letters."""
    return len(text) if text.isascii() else len(text) + 2 * len(_HAN.findall(text))


def words(text: str) -> int:
    """Words, roughly: runs without white space, and half of the Chinese characters."""
    return len(text.split()) + (0 if text.isascii() else len(_HAN.findall(text)) // 2)


def is_prose(text: str) -> bool:
    """Whether a line is one or more whole sentences of running text, as against a headline, a label or a list item."""
    return length(text) >= 60 and _END.search(text) is not None


def fold(text: str) -> str:
    """Comparison key: letters and digits only, without case, width or accents of presentation."""
    if text.isascii():
        return text.translate(_ASCII_KEPT)
    return _KEEP.sub("", unicodedata.normalize("NFKC", text).casefold())
