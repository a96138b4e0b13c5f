"""A record of a web archive → the page that it is a capture of.

Only answers of HTTP that bring HTML do. Bodies are unpacked as the headers say, but never further than the limit;
archives that keep the header and store what was unpacked are taken as they are.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from types import MappingProxyType
from urllib.parse import urlsplit

import brotli
from warcio.bufferedreaders import ChunkedDataReader
from warcio.statusandheaders import StatusAndHeaders, StatusAndHeadersParser

from ingest.decode import sniff
from ingest.documents import MediaType, Page, Reason, Skip, Transport
from ingest.extract.urls import canonical_url
from ingest.fetch.bodies import charset, media_type
from ingest.fetch.failures import Refusal
from ingest.sources.addresses import is_web_address
from ingest.sources.reading import inflate
from ingest.sources.warc.records import Broken, Record

__all__ = ["LONGEST_HEADER", "Reading", "to_page"]

LONGEST_HEADER = 65_536
"""Bytes of an answer's HTTP header, for which a block may have room beside the body."""

_LONGEST_URL = 2_000
_KINDS = {
    "warcinfo": Skip.WARCINFO,
    "request": Skip.REQUEST,
    "metadata": Skip.METADATA,
    "revisit": Skip.REVISIT,
    "resource": Skip.RESOURCE,
    "conversion": Skip.CONVERSION,
}
_GZIP_MAGIC = b"\x1f\x8b"
_PIECE = 65_536
_LONGEST_VALUE = 1_000
_HTML_END = re.compile(rb"</html>\s*\Z", re.IGNORECASE)
_END = 200
_BRING_PAGES = frozenset({"200", "203"})
_REDIRECTS = frozenset({"301", "302", "303", "307", "308"})
_NO_PACKING = frozenset({"identity", "none", "utf-8"})
_HTTP = StatusAndHeadersParser([], verify=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How records are read.

    Attributes:
        source: Name of the source.
        max_bytes: A larger body is left out, packed or unpacked.
        time_zone: As in `Page`.
    """

    source: str
    max_bytes: int
    time_zone: str = ""


class _NoPageError(Exception):
    """A record brings no page."""

    def __init__(self, found: Skip | Broken) -> None:
        super().__init__()
        self.found = found


def to_page(record: Record, reading: Reading) -> Page | Skip | Broken:
    """Make a page of a record; or tell why it brings none, or is broken."""
    if record.kind != "response":
        return record.flaw or _KINDS.get(record.kind, Skip.OTHER_RECORD)
    try:
        return _page(record, reading)
    except _NoPageError as no_page:
        return no_page.found


def _page(record: Record, reading: Reading) -> Page:
    url, key = _address(record.url)
    answer = _answer(record)
    body = _unpacked(answer, record, reading.max_bytes)
    _check_html(body, answer.said("Content-Type"))
    return Page(
        source=reading.source,
        key=key,
        content=body,
        media_type=MediaType.HTML,
        url=url,
        charset=charset(answer.said("Content-Type")),
        time_zone=reading.time_zone,
        transport=Transport(status=answer.status, etag=answer.said("ETag"), last_modified=answer.said("Last-Modified")),
        fetched_at=_moment(record.date),
    )


def _address(given: str | None) -> tuple[str, str]:
    """The address of a page as it was captured, and the one that stands for it."""
    url = (given or "").strip("<> ").replace(" ", "%20")  # one tool adds brackets, some leave spaces
    if not url.lower().startswith(("http:", "https:")):
        raise _NoPageError(Skip.NOT_HTTP)
    key = canonical_url(url, ()) if is_web_address(url, _LONGEST_URL) and "@" not in urlsplit(url).netloc else None
    if key is None:
        raise _NoPageError(Skip.BAD_URL)
    return url, key


def _check_html(body: bytes, content_type: str | None) -> None:
    try:
        kind = media_type(body, content_type)
    except Refusal as refusal:
        raise _NoPageError(Skip.EMPTY if refusal.failure.reason is Reason.EMPTY else Skip.NOT_HTML) from None
    if kind is not MediaType.HTML:
        raise _NoPageError(Skip.NOT_HTML)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """An answer of HTTP as it was received."""

    status: int
    headers: StatusAndHeaders
    body: bytes

    @property
    def is_whole(self) -> bool:
        """Whether the body has as many bytes as the server says."""
        said = self.said("Content-Length") or ""
        return said.isascii() and said.isdigit() and len(self.body) >= int(said)

    def said(self, name: str) -> str | None:
        """A header, cut to what is kept of one; None where it is missing or blank."""
        value: str | None = self.headers.get_header(name)
        return value.strip()[:_LONGEST_VALUE] or None if value else None


def _answer(record: Record) -> _Answer:
    """Cut what was captured into header and body."""
    if record.block is None:
        raise _NoPageError(Skip.TOO_LARGE)
    if record.truncated not in {None, "length"}:  # what was cut at a length has its text nearly always
        raise _NoPageError(Skip.CUT)
    stream = BytesIO(record.block[:LONGEST_HEADER])
    headers = _HTTP.parse(stream) if record.block.startswith(b"HTTP/") else None
    status = headers.statusline[:3] if headers else ""
    if headers is None or stream.tell() >= LONGEST_HEADER or not (status.isascii() and status.isdigit()):
        raise _NoPageError(Skip.NOT_HTTP)
    if status not in _BRING_PAGES:
        raise _NoPageError(Skip.REDIRECT if status in _REDIRECTS else Skip.HTTP_STATUS)
    answer = _Answer(status=int(status), headers=headers, body=record.block[stream.tell() :])
    if record.flaw is not None and not answer.is_whole:
        raise _NoPageError(record.flaw)
    return answer


def _unpacked(answer: _Answer, record: Record, max_bytes: int) -> bytes:
    """The body of an answer, without what HTTP packs it in."""
    body = answer.body
    if "chunked" in (answer.said("Transfer-Encoding") or "").lower():
        # A body that is in no chunks, though its header says so, comes back as it is.
        body = ChunkedDataReader(BytesIO(body)).read()
    packings = [each for part in (answer.said("Content-Encoding") or "").lower().split(",") if (each := part.strip())]
    for packing in reversed(packings):
        if packing in _NO_PACKING:
            continue
        unpack = _PACKINGS.get(packing)
        if unpack is None:
            said = f"the body is packed with {packing[:40]!r}, which is not read"
            raise _NoPageError(_broken(record, Reason.UNSUPPORTED_ENCODING, said))
        found = _bounded(unpack(body), max_bytes)
        if found is None and not _is_plain(body, packing):
            said = f"the body is said to be packed with {packing}, and does not unpack"
            raise _NoPageError(_broken(record, Reason.CORRUPT_ARCHIVE, said))
        body = body if found is None else found
    if len(body) > max_bytes:
        raise _NoPageError(Skip.TOO_LARGE)
    return body


def _broken(record: Record, reason: Reason, problem: str) -> Broken:
    detail = f"Byte {record.offset:,} of the archive: {problem}."
    return Broken(offset=record.offset, reason=reason, detail=detail, url=record.url)


def _bounded(pieces: Iterator[bytes], max_bytes: int) -> bytes | None:
    """What pieces come to; None where they cannot be unpacked."""
    body = bytearray()
    try:
        for piece in pieces:
            body += piece
            if len(body) > max_bytes:
                raise _NoPageError(Skip.TOO_LARGE)
    except EOFError:
        return bytes(body) if _HTML_END.search(body[-_END:]) else None  # only the checksum is missing
    except (zlib.error, brotli.error):
        return None
    return bytes(body)


def _deflated(body: bytes) -> Iterator[bytes]:
    """Deflate in the envelope of zlib, as the standard has it, or bare, as some servers send it."""
    is_zlib = len(body) > 1 and body[0] & 0x0F == zlib.DEFLATED and int.from_bytes(body[:2]) % 31 == 0
    decoder, rest = zlib.decompressobj(wbits=15 if is_zlib else -15), body
    while not decoder.eof:
        found = decoder.decompress(rest, _PIECE)
        if not found and not decoder.unconsumed_tail and not decoder.eof:
            raise EOFError
        rest = decoder.unconsumed_tail
        yield found


def _brotli(body: bytes) -> Iterator[bytes]:
    decoder, rest = brotli.Decompressor(), body
    while not decoder.is_finished():
        found: bytes = decoder.process(rest, output_buffer_limit=_PIECE)
        rest = b""
        if not found and decoder.can_accept_more_data() and not decoder.is_finished():
            raise EOFError
        yield found


def _is_plain(body: bytes, packing: str) -> bool:
    """Whether a body is text as it stands: some archives unpack it and keep the header."""
    return not body.startswith(_GZIP_MAGIC if packing.endswith("gzip") else _GZIP_MAGIC[:1]) and sniff(body) is None


def _moment(given: str | None) -> datetime | None:
    try:
        moment = datetime.fromisoformat((given or "").strip())
    except ValueError:
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _gunzipped(body: bytes) -> Iterator[bytes]:
    return inflate([body])


_PACKINGS: Mapping[str, Callable[[bytes], Iterator[bytes]]] = MappingProxyType(
    {"gzip": _gunzipped, "x-gzip": _gunzipped, "deflate": _deflated, "br": _brotli}
)
