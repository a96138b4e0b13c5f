"""Markdown to plain text, for the marks that news carries: headings, emphasis, links, images, quotes, rules."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Plain", "strip_markdown"]

_FRONT = re.compile(r"\A---\n(?:[\w-]+:.*\n|[ \t#-].*\n){1,40}---\n")
_IMAGE = re.compile(r"!\[[^\[\]\n]{0,500}\](?:\([^()\s]{0,2000}(?:\s+\"[^\"\n]{0,300}\")?\)|\[[^\[\]\n]{0,100}\])")
_LINK = re.compile(
    r"\[([^\[\]\n]{0,500})\](?:\([^()\s]{0,2000}(?:\([^()\s]{0,200}\)[^()\s]{0,200})?(?:\s+\"[^\"\n]{0,300}\")?\)|\[[^\[\]\n]{0,100}\])"
)
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]{1,100}\]:\s+\S+.*$", re.MULTILINE)
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000}|[\w.+-]{1,64}@[\w.-]{1,253})>")
_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(.*?)[ \t]*#*$", re.MULTILINE)
_TITLE = re.compile(r"^ {0,3}#[ \t]+(\S.*?)[ \t]*#*$", re.MULTILINE)
_UNDERLINED = re.compile(r"^(\S.{0,300})\n(=|-){3,}[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,})$", re.MULTILINE)
_QUOTE = re.compile(r"^ {0,3}(?:>[ \t]?)+", re.MULTILINE)
_STRONG = re.compile(r"(\*\*\*|\*\*|(?<!\w)___|(?<!\w)__)(?=\S)([^\n]{1,2000}?)(?<=\S)\1(?!\w)")
_EMPHASIS = re.compile(r"(?<![\w*\\])(\*|_)(?=[^\s*_])([^\n*_]{1,1000}?)(?<=\S)\1(?![\w*])")
_MARKS = 400  # characters of emphasis in a line that people write
_TICK = re.compile(r"(`{1,3})([^`\n]{1,500})\1")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!|>~-])")
_BREAK = re.compile(r"(?:\\|<br ?/?>)$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plain:
    """Text without Markdown, and the words of its first top-level heading."""

    text: str
    title: str | None


def strip_markdown(text: str) -> Plain:
    """Strip the marks and keep the words; images go, with their descriptions.

    Args:
        text: Markdown.

    Returns:
        Plain text, and the headline where a heading of the first level (or an underlined one) stands in it.
    """
    text = _BREAK.sub("", _DEFINITION.sub("", _IMAGE.sub("", _FRONT.sub("", text))))
    for _ in range(2):  # a link around an image leaves a link with nothing, or with a link, in it
        text = _LINK.sub(r"\1", text)
    text = _AUTOLINK.sub(r"\1", text)
    text = _QUOTE.sub("", text)
    underlined = _UNDERLINED.search(text)
    text = _UNDERLINED.sub(r"\1\n", text)
    heading = _TITLE.search(text)
    text = _RULE.sub("", _HEADING.sub(r"\n\1\n", text))
    title = _inline(heading[1]) if heading else _inline(underlined[1]) if underlined and underlined[2] == "=" else None
    return Plain(text=_inline(text), title=title or None)


def _inline(text: str) -> str:
    return _ESCAPE.sub(r"\1", _TICK.sub(r"\2", "\n".join(map(_unemphasised, text.split("\n")))))


def _unemphasised(line: str) -> str:
    # each mark looks for its partner along the line: where it is all marks, that would take a second for a few pages
    if not 0 < line.count("*") + line.count("_") <= _MARKS:
        return line
    for _ in range(2):  # strong within emphasis and the other way round
        line = _EMPHASIS.sub(r"\2", _STRONG.sub(r"\2", line))
    return line
