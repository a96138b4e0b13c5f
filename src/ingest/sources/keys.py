"""Keys: what a document is called within its source, on every machine, whatever its file is called.

A file name is hostile: it may hold line feeds, terminal codes, bytes that are no UTF-8, or more than a database's index
takes. A key holds none of these, is different for different names, and leads back to the file.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata

__all__ = ["LONGEST_KEY", "file_key", "file_of", "is_shortened", "record_file", "record_key"]

LONGEST_KEY = 1_000  # bytes of UTF-8; PostgreSQL indexes take 2,700, and a key stands beside others there
_ESCAPE = re.compile("%[0-9A-Fa-f]{2}")
_SHORTENED = re.compile("~[0-9a-f]{16}$")
_LINE = re.compile(r"^line:(?=\d+$)")
_RECORD = re.compile(r"(.*?\.jsonl(?:\.gz)?)#", re.IGNORECASE | re.DOTALL)


def file_key(relative: str) -> str:
    """Give the key of a file.

    Args:
        relative: Its path relative to the folder, as the operating system gives it (undecodable bytes as surrogates).

    Returns:
        The path with `/` as separator. Percent-encoded are control characters, invisible ones and undecodable bytes, a
        `%` that would look like such a code, and a `#` that would look like a record of a `.jsonl` file.
    """
    escaped = _escape(relative.replace(os.sep, "/"))
    return _shorten(_RECORD.sub(lambda found: found[1] + "%23", escaped))


def file_of(key: str) -> str:
    """Turn the key of a file back into its path relative to the folder. Not for shortened keys."""
    raw = _ESCAPE.sub(lambda found: bytes([int(found[0][1:], 16)]).decode("latin-1"), _latin(key))
    return os.fsdecode(raw.encode("latin-1")).replace("/", os.sep)


def is_shortened(key: str) -> bool:
    """Tell whether a key was too long, and so does not lead back to its file."""
    return bool(_SHORTENED.search(key)) and len(key.encode()) > LONGEST_KEY - 100


def record_key(file: str, identity: str) -> str:
    """Give the key of a record.

    Args:
        file: Key of its file if that lies in a folder; empty if the file is the source itself.
        identity: What names the record within the file.
    """
    name = _LINE.sub("line%3A", _escape(identity))
    return _shorten(f"{file}#{name}" if file else name)


def line_key(file: str, number: int) -> str:
    """Give the key of a line that holds no record, and so has no name; no record has this key."""
    return f"{file}#line:{number}" if file else f"line:{number}"


def record_file(key: str) -> str | None:
    """Give the key of the `.jsonl` file that a record's key names; None if the key is that of a file."""
    found = _RECORD.match(key)
    return found[1] if found else None


def _escape(name: str) -> str:
    name = _ESCAPE.sub(lambda found: "%25" + found[0][1:], name)
    return "".join(map(_escaped, name)) if not name.isprintable() else name


def _escaped(character: str) -> str:
    if unicodedata.category(character) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return character
    try:
        raw = os.fsencode(character)
    except UnicodeEncodeError:  # a surrogate that stands for no byte: from JSON, never from a file's name
        raw = character.encode("utf-8", "surrogatepass")
    return "".join(f"%{byte:02X}" for byte in raw)


def _latin(key: str) -> str:
    return key.encode("utf-8").decode("latin-1")


def _shorten(key: str) -> str:
    raw = key.encode()
    if len(raw) <= LONGEST_KEY:
        return key
    return raw[: LONGEST_KEY - 50].decode(errors="ignore") + "~" + hashlib.sha256(raw).hexdigest()[:16]
