"""What a person is shown, before anybody decides how: blocks of text with a meaning, without colour or width.

`ingest.cli.screen` renders them calmly on a terminal and as plain lines in a pipe.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Block", "Entry", "Gap", "Grid", "Heading", "Line", "Part", "Tone", "line", "neutral"]


class Tone(StrEnum):
    """How much weight a piece of text has."""

    PLAIN = "plain"
    STRONG = "strong"
    FAINT = "faint"
    GOOD = "good"
    NOTICE = "notice"
    BAD = "bad"


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of one line; its text may come from the web and is neutralised when it is rendered."""

    text: str
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, slots=True)
class Line:
    """A line, wrapped on a terminal; its parts are joined without anything between."""

    parts: tuple[Part, ...]
    indent: int = 0


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a section, and something beside it."""

    text: str
    beside: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """A labelled item of one or more lines, aligned behind the label."""

    label: Part
    lines: tuple[Line, ...]
    width: int = 11  # 'unchanged' and two spaces


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: aligned columns on a terminal, tab-separated without a header in a pipe.

    Attributes:
        header: Names of the columns.
        rows: Cells; every row has one for each column.
        flexible: Which column takes the remaining width; the others are never shortened.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[Part, ...], ...]
    flexible: int


@dataclass(frozen=True, slots=True)
class Gap:
    """An empty line."""


Block = Line | Heading | Entry | Grid | Gap

# C0 but the line feed and tab, DEL and C1, marks that turn the direction of text or hide in it, lone surrogates.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u206f\ufeff\ud800-\udfff]"
)
_BREAKS = re.compile(r"[\t\n\x0b\x0c\r\x85\u2028\u2029]+")


def neutral(text: str, *, lines: bool = False) -> str:
    """Take from a text what could move a cursor, change a colour or pass for a further line.

    Args:
        text: Anything, from anywhere.
        lines: Whether line feeds and tabs may stay, as in the body of an article.

    Returns:
        The text with line breaks and tabs as spaces (unless they may stay) and every control as U+FFFD.
    """
    return _CONTROLS.sub("�", text if lines else _BREAKS.sub(" ", text))


def line(*parts: Part | str, indent: int = 0) -> Line:
    """A line of parts; a bare string is plain."""
    return Line(tuple(Part(part) if isinstance(part, str) else part for part in parts), indent)
