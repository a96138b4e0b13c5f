"""What no text may carry further: control characters, lone surrogates, invisible junk."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["clean"]

# In this order; one pass for each is several times faster than a regular expression for all.
_LINE_ENDS = ("\r\n", "\r", "\v", "\f", "\x85", "\u2028", "\u2029")
# Colours and titles of a terminal: CSI sequences, OSC strings, choices of a character set. Their one-character forms
# (U+009B, U+009D) are also what a misread '›' leaves, and so must be followed by parameters.
_ESCAPE_SEQUENCE = re.compile(
    "(?:\x1b\\[[0-?]*+|\x9b[0-?]++)[ -/]*+[@-~]"
    "|(?:\x1b\\]|\x9d(?=[0-9]+;))[^\x07\x1b\x9c\x9d\n]*+(?:\x07|\x1b\\\\|\x9c)"
    "|\x1b[()*+][0-9A-Za-z]"
)
# NUL and lone surrogates are refused by databases, noncharacters by XML. Of the invisible characters, joiners
# (U+200C, U+200D) and variation selectors stay: words of Persian and Hindi, and emoji, depend on them.
_JUNK = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f"  # C0 and C1 controls
    "\u00ad\u200b\u2060-\u2064\ufeff"  # soft hyphen, zero-width spaces, word joiner, byte order mark
    "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\u206a-\u206f"  # direction marks: order of display only
    "\ufff9-\ufffb\ufffe\uffff\ufdd0-\ufdef"  # interlinear annotation, noncharacters
    "\ud800-\udfff"
    "]"
)
# What an escape sequence begins with. Looking for single characters is a hundred times faster than the expression.
_ESCAPES = ("\x1b", "\x9b", "\x9d")
# What of it is ASCII.
_CONTROLS = bytes(range(9)) + bytes(range(14, 32)) + b"\x7f"
_LONG_LINE = 400  # characters
# A mark is neither word character nor space. The first pattern is much cheaper, and the second only looks at its finds.
_LONG_RUN_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]{31,}")
_LONG_RUN = re.compile(r"[^\w\s\x00-\x7f]{31,}")
_MOST_MARKS = 30


def clean(text: str) -> str:
    r"""Make a text fit for every later stage and every database.

    NFC (never NFKC, which would change what was written); `\r\n`, `\r` and Unicode's line and paragraph separators
    become `\n`; a tab becomes a space; escape sequences of terminals, control characters, lone surrogates,
    noncharacters and zero-width junk go.
    Offsets into the result are not offsets into `text`. Idempotent.

    More than 30 combining marks on one character are cut to 30 (the Stream-Safe Text Process of Unicode Standard Annex
    15): normalisation takes quadratic time in their number.
    """
    for end in _LINE_ENDS:
        text = text.replace(end, "\n")
    if any(escape in text for escape in _ESCAPES):
        text = _ESCAPE_SEQUENCE.sub("", text)
    text = text.replace("\t", " ")
    if _has_controls(text):
        text = _JUNK.sub("", text)
    if text.isascii():
        return text
    # Nothing composes across a line feed, and most lines of a page are ASCII, which Python knows without looking.
    lines = text.split("\n")
    for at, line in enumerate(lines):
        if not line.isascii():
            lines[at] = _clean_line(line)
    return "\n".join(lines)


def _has_controls(text: str) -> bool:
    """Whether ASCII junk occurs. Bytes tell ten times as fast as an expression."""
    encoded = text.encode("utf-8", "surrogatepass")
    return len(encoded.translate(None, _CONTROLS)) != len(encoded)


def _clean_line(line: str) -> str:
    """A line beyond ASCII: a long one, as in minified pages, tag by tag, for most of these are ASCII again."""
    if len(line) < _LONG_LINE:
        return _compose(_JUNK.sub("", line))
    pieces = line.split("<")
    for at, piece in enumerate(pieces):
        if not piece.isascii():
            cleared = _JUNK.sub("", piece)
            if cleared and unicodedata.combining(cleared[0]):  # right behind the bracket, it may compose with it
                return _compose(_JUNK.sub("", line))
            pieces[at] = _compose(cleared)
    return "<".join(pieces)


def _compose(text: str) -> str:
    thinned = _LONG_RUN_BEYOND_ASCII.sub(lambda run: _LONG_RUN.sub(_thin_out, run[0]), text)
    return unicodedata.normalize("NFC", thinned)


def _thin_out(run: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)
