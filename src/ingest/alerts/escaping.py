"""Text from the web, made harmless for where it is shown: one line, bounded, and no markup of its own.

What moves cursors, turns the direction of text or hides in it is dropped everywhere. What a chat would take for markup,
a link or a mention is escaped, broken up or replaced by a sign that looks alike.
"""

from __future__ import annotations

import re
import unicodedata
from html import escape
from urllib.parse import quote, urlsplit

__all__ = ["for_chat", "for_html", "for_markdown", "plain", "web_address"]

_MOST_ADDRESS = 2_000
_SPACES = re.compile(r"\s+")
# Controls, format characters (directions, zero width, tags), surrogates, private use and unassigned.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Marks of blocks (#, -, 1.) count at the beginning of a line alone, where nothing from the web ever stands.
_MARKUP = re.compile(r"([\\`*_\[\]|~]|:(?=//)|(?<=www)\.)", re.IGNORECASE)
_BREAK = "\u200b"  # behind an '@': chats then see no name that is to be called
_QUOTES = str.maketrans({"<": "‹", ">": "›"})
_KEPT = "/?#[]@!$&'*+,;=:%~-._"


def plain(text: str, most: int) -> str:
    """One line of at most so many characters, without anything that is not seen.

    Args:
        text: Anything, from anywhere.
        most: Characters; a longer text ends in an ellipsis.
    """
    one_line = _SPACES.sub(" ", text[: most * 8])
    seen = "".join(sign for sign in one_line if unicodedata.category(sign) not in _HIDDEN)
    seen = _SPACES.sub(" ", seen).strip()
    return seen if len(seen) <= most else seen[: most - 1].rstrip() + "…"


def for_chat(text: str) -> str:
    """For services that take text but see mentions in it: `@channel`, `<!everyone>`, `<@U123>`, `<http://…|name>`."""
    return text.translate(_QUOTES).replace("@", "@" + _BREAK)


def for_markdown(text: str) -> str:
    """Within a line, as text that no reader of Markdown takes for markup, a link or a mention."""
    return _MARKUP.sub(r"\\\1", for_chat(text).replace("&", "&amp;"))


def for_html(text: str) -> str:
    """As text and as the value of an attribute in HTML and XML."""
    return escape(text, quote=True)


def web_address(url: str | None) -> str | None:
    """An address of http or https in ASCII, without a user, fit for a link in any form; None: it is none.

    Args:
        url: As a page or feed gave it.
    """
    if not url or len(url) > _MOST_ADDRESS:
        return None
    cleaned = plain(url, _MOST_ADDRESS)
    try:
        parts = urlsplit(cleaned)
        host, _ = parts.hostname, parts.port
        if parts.scheme not in {"http", "https"} or not host or parts.username is not None or " " in parts.netloc:
            return None
        named = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode("ascii")
    except (ValueError, UnicodeError):
        return None
    rest = quote(cleaned.split("://", 1)[1][len(parts.netloc) :], safe=_KEPT)
    # Brackets end a link of Markdown; a quoted '@' calls nobody.
    for sign, code in (
        ("(", "%28"),
        (")", "%29"),
        ("[", "%5B"),
        ("]", "%5D"),
        ("'", "%27"),
        ("*", "%2A"),
        ("@", "%40"),
    ):
        rest = rest.replace(sign, code)
    if re.search(r"[^A-Za-z0-9.:\[\]-]", named):
        return None
    return f"{parts.scheme}://{named}{rest}"
