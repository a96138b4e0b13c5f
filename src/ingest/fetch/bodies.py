"""The body of an answer: unpacked, but never further than its limit, and told by its bytes for what it is."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from ingest.decode import sniff
from ingest.documents import FailureClass, MediaType, Reason
from ingest.fetch.failures import Refusal
from ingest.sources.reading import inflate

__all__ = ["charset", "media_type", "read_body", "unpacked"]

_GZIP = frozenset({"gzip", "x-gzip"})
_GZIP_MAGIC = b"\x1f\x8b"
_NO_TEXT = ("image/", "audio/", "video/", "font/", "model/")
# What servers send news pages as, though some of it is wrong; the bytes decide between these.
_TEXT = frozenset(
    {
        "",
        "text/html",
        "text/plain",
        "text/xml",
        "text/markdown",
        "application/xhtml+xml",
        "application/xml",
        "application/octet-stream",
        "application/x-httpd-php",
        "application/vnd.wap.xhtml+xml",
    }
)


def read_body(pieces: Iterable[bytes], *, encoding: str, max_bytes: int) -> bytes:
    """Read a body to its end.

    Args:
        pieces: As they arrive.
        encoding: The `Content-Encoding` header, empty where there is none.
        max_bytes: Of the body, packed or unpacked.

    Raises:
        Refusal: It is packed otherwise than with gzip, does not unpack, or is too large.
    """
    packings = [each for part in encoding.lower().split(",") if (each := part.strip()) not in {"", "identity"}]
    if packings and (len(packings) > 1 or packings[0] not in _GZIP):
        raise Refusal(
            FailureClass.HTTP,
            Reason.UNSUPPORTED_ENCODING,
            f"The server packed its answer with {encoding[:60]!r}, though only gzip was offered.",
        )
    body = bytearray()
    try:
        for piece in inflate(_bounded(pieces, max_bytes)) if packings else pieces:
            body += piece
            if len(body) > max_bytes:
                raise _too_large(max_bytes)
    except (EOFError, zlib.error) as problem:
        raise Refusal(
            FailureClass.HTTP, Reason.CORRUPT_ARCHIVE, f"The answer is said to be gzip and does not unpack ({problem})."
        ) from problem
    return bytes(body)


def _bounded(pieces: Iterable[bytes], max_bytes: int) -> Iterable[bytes]:
    """Packed bytes that unpack to nothing count too."""
    length = 0
    for piece in pieces:
        length += len(piece)
        if length > max_bytes:
            raise _too_large(max_bytes)
        yield piece


def unpacked(content: bytes, *, max_bytes: int) -> bytes:
    """The content of a file that is served packed (`sitemap.xml.gz`); any other as it is.

    Raises:
        Refusal: It does not unpack, or is too large.
    """
    if not content.startswith(_GZIP_MAGIC):
        return content
    return read_body([content], encoding="gzip", max_bytes=max_bytes)


def media_type(content: bytes, content_type: str | None) -> MediaType:
    """How `extract` is to read a page.

    Args:
        content: Its bytes, which win over what the server says.
        content_type: The header as it stands.

    Raises:
        Refusal: It is empty, an image, a PDF, an archive, a feed, or anything else that is no page.
    """
    if not content.strip():
        raise Refusal(FailureClass.PARSE, Reason.EMPTY, "The server sent a page with nothing in it.")
    stated = (content_type or "").partition(";")[0].strip().lower()
    binary = sniff(content)
    if binary is not None:
        raise Refusal(FailureClass.PARSE, Reason.NOT_TEXT, f"It is no page: its bytes are those of a {binary}.")
    if stated.startswith(_NO_TEXT) or (stated not in _TEXT and not _looks_like_html(content)):
        raise Refusal(
            FailureClass.PARSE, Reason.UNSUPPORTED_TYPE, f"It is no page: the server calls it {stated[:80]!r}."
        )
    if stated == "text/markdown":
        return MediaType.MARKDOWN
    return MediaType.PLAIN if stated == "text/plain" and not _looks_like_html(content) else MediaType.HTML


def charset(content_type: str | None) -> str | None:
    """The encoding that a `Content-Type` header names, if it names one."""
    for part in (content_type or "").split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'") or None
    return None


def _looks_like_html(content: bytes) -> bool:
    head = content[:2048].replace(b"\0", b"").lower()
    return any(mark in head for mark in (b"<!doctype html", b"<html", b"<head", b"<body"))


def _too_large(max_bytes: int) -> Refusal:
    return Refusal(
        FailureClass.POLICY,
        Reason.TOO_LARGE,
        f"It has more than {max_bytes:,} bytes; the limit is the setting `max_bytes`.",
    )
