"""The first line of a record, in WARC and in ARC."""

from __future__ import annotations

import re

__all__ = ["next_record", "starts_record"]

_WARC = rb"WARC/\d\.\d{1,2}[ \t]*\r?\n"
# Address, IP address, date, media type, length; an address may hold spaces.
_ARC = rb"[A-Za-z][A-Za-z0-9+.-]{1,20}:[^\r\n]{1,4000} \S{1,45} \d{8,20} [^\r\n]{0,200} -?\w{1,15}\r?\n"
_START = re.compile(rb"(?:\r?\n)*(?:" + _WARC + rb"|" + _ARC + rb")")
_NEXT_WARC = re.compile(rb"\n(?=" + _WARC + rb")")
_NEXT_ARC = re.compile(rb"\n(?=" + _ARC + rb")")


def starts_record(head: bytes) -> bool:
    """Tell whether bytes begin with a record, after empty lines perhaps."""
    return _START.match(head) is not None


def next_record(content: bytes, *, warc: bool) -> int | None:
    """Where in some bytes, behind a line's end, the next record of that format begins."""
    found = (_NEXT_WARC if warc else _NEXT_ARC).search(content)
    return found.end() if found else None
