"""Titles and names as plain text, whatever a listing wraps them in."""

from __future__ import annotations

import html
import re

from ingest.decode import clean

__all__ = ["plain", "unescape"]

# Only what HTML has inside a line or around one: 'a <b or c> d' is text, and so is <stdio.h>.
_TAG = re.compile(
    r"<(?:script|style)\b[^<>]*>[^<]*|<!--[^<>]*(?:>|$)|<![a-z][^<>]*>|"
    r"</?(?:a|abbr|acronym|address|applet|b|base|bdi|bdo|big|blink|blockquote|body|br|center|cite|code|dd|del|details|dfn|div|dl|dt|"
    r"em|embed|figure|font|frame|frameset|h[1-6]|head|hr|html|i|iframe|img|input|ins|kbd|label|li|link|mark|marquee|meta|nobr|noscript|object|ol|"
    r"p|param|picture|pre|q|rp|rt|ruby|s|samp|script|section|small|source|span|strike|strong|style|sub|sup|svg|table|"
    r"tbody|td|th|time|title|tr|tt|u|ul|var|video|wbr)(?:\s[^<>]*|/)?>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"</?(?:br|p|div|li|tr|td|h[1-6])\b", re.IGNORECASE)
# Only with their semicolon: 'R&D' and '?a=1&copy=2' are no references.
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,31});", re.IGNORECASE)


def plain(text: str, longest: int, *, markup: bool = True) -> str | None:
    """Make plain text of a title or name.

    Args:
        text: Its characters, as XML or JSON give them.
        longest: Characters that are kept.
        markup: Whether tags of HTML go; False where the listing says that it is text. Character references are resolved
            once in any case: what is escaped twice is so by mistake.

    Returns:
        One line without control characters; None where nothing is left.
    """
    text = text[: 4 * longest + 1_000]  # no more than that is read, so that a title of megabytes costs nothing
    if markup:
        text = _TAG.sub(lambda tag: " " if _BREAK.match(tag[0]) else "", text)
    return " ".join(clean(unescape(text)).split())[:longest].rstrip() or None


def unescape(text: str) -> str:
    """Resolve the character references of a text once, those that end with a semicolon."""
    return _REFERENCE.sub(lambda found: html.unescape(found[0]), text) if "&" in text else text
