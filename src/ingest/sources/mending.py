"""XML that is none, mended where every feed reader mends it; in linear time."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from ingest.sources.namespaces import PREFIXES

__all__ = ["mended"]

_REFERENCE = re.compile(
    r"&(?:#(?P<decimal>\d{1,7});|#[xX](?P<hex>[0-9a-fA-F]{1,6});|(?P<name>[A-Za-z][A-Za-z0-9]{1,31});)?"
)
_OWN = frozenset({"amp", "lt", "gt", "quot", "apos"})
# Also a tag that another one interrupts: libxml2 would look for its end again and again.
_STRAY = re.compile(r"<(?!!|[A-Za-z_/?][^<>]*>)")
_VOID = re.compile(r"<((?:br|hr|img|input|wbr)\b[^<>]*?)/?>", re.IGNORECASE)
_PREFIX = re.compile(r"[<\s]([A-Za-z_][\w.-]{0,40}):[A-Za-z_][\w.-]*(?=[\s=/>])")
_DECLARED = re.compile(r"\bxmlns:([\w.-]{1,41})\s{0,9}=")
_ROOT = re.compile(r"<[\w.:-]+")
_MOST_PREFIXES = 200
_PIECE = 500_000
_OPEN, _CLOSE = "<![CDATA[", "]]>"


def mended(text: str) -> Iterator[str]:
    """Mend an XML text that a strict parser refused, so that a lenient one loses less of it.

    A stray `&` or `<` becomes text, entities of HTML become characters, `<br>` closes itself, prefixes that nobody
    declared are declared, and a CDATA section that was cut off ends.

    Args:
        text: From the root on.

    Yields:
        The text, in pieces, so that a large one is not held twice.
    """
    root = _ROOT.match(text)
    at = root.end() if root else 0
    yield text[:at] + _declarations(text)
    while True:
        start = text.find(_OPEN, at)
        end = start if start >= 0 else len(text)
        while at < end:
            cut = text.find("<", min(end, at + _PIECE), end)
            cut = end if cut < 0 else cut
            yield _mend(text[at:cut])
            at = cut
        if start < 0:
            return
        at = text.find(_CLOSE, start)
        if at < 0:
            yield text[start:] + _CLOSE
            return
        at += len(_CLOSE)
        yield text[start:at]


def _mend(text: str) -> str:
    text = _REFERENCE.sub(_reference, text)
    return _VOID.sub(r"<\1/>", _STRAY.sub("&lt;", text))


def _reference(found: re.Match[str]) -> str:
    if found[0] == "&":
        return "&amp;"
    if found["name"] in _OWN:
        return found[0]
    if found["name"] is None:
        code = int(found["decimal"]) if found["decimal"] else int(found["hex"], 16)
        return f"&#{code};" if _is_character(code) else ""  # the lenient parser would give half a character
    character = html.unescape(found[0])
    return f"&amp;{found[0][1:]}" if character == found[0] else html.escape(character, quote=True)


def _is_character(code: int) -> bool:
    """Whether XML 1.0 may hold it."""
    return code in {9, 10, 13} or 0x20 <= code < 0xD800 or 0xE000 <= code < 0xFFFE or 0x10000 <= code <= 0x10FFFF


def _declarations(text: str) -> str:
    declared = set(_DECLARED.findall(text)) | {"xml", "xmlns"}
    used: dict[str, None] = {}
    for found in _PREFIX.finditer(text):
        used.setdefault(found[1])
        if len(used) >= _MOST_PREFIXES:
            break
    return "".join(
        f' xmlns:{prefix}="{PREFIXES.get(prefix.lower(), "undeclared:" + prefix)}"'
        for prefix in used
        if prefix not in declared
    )
