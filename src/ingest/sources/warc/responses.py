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
from ingest.sources.reading import Flaw, inflate
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


def to_page(record: Record, reading: Reading) -> Page | Skip | Broken:
    """Make a page of a record; or tell why it brings none, or is broken."""
    if record.kind != "response":
        return record.flaw or _KINDS.get(record.kind, Skip.OTHER_RECORD)
    url = (record.url or "").strip("<> ").replace(" ", "%20")  # one tool adds brackets, some leave spaces
    if not url.lower().startswith(("http:", "https:")):
        return Skip.NOT_HTTP
    key = canonical_url(url, ()) if is_web_address(url, _LONGEST_URL) and "@" not in urlsplit(url).netloc else None
    if key is None:
        return Skip.BAD_URL
    if record.block is None:
        return Skip.TOO_LARGE
    if record.truncated not in {None, "length"}:  # what was cut at a length has its text nearly always
        return Skip.CUT
    answer = _parse(record.block)
    if isinstance(answer, Skip):
        return answer
    if record.flaw is not None and not answer.is_whole:
        return record.flaw
    body = _unpacked(answer, reading.max_bytes)
    if isinstance(body, Flaw):
        detail = f"Byte {record.offset:,} of the archive: {body.detail}"
        return Broken(offset=record.offset, reason=body.reason, detail=detail, url=url)
    if isinstance(body, Skip):
        return body
    return _page(record, answer, body, reading, key=key, url=url)


def _page(record: Record, answer: _Answer, body: bytes, reading: Reading, *, key: str, url: str) -> Page | Skip:
    try:
        if media_type(body, answer.said("Content-Type")) is not MediaType.HTML:
            return Skip.NOT_HTML
    except Refusal as refusal:
        return Skip.EMPTY if refusal.failure.reason is Reason.EMPTY else Skip.NOT_HTML
    transport = Transport(status=answer.status, etag=answer.said("ETag"), last_modified=answer.said("Last-Modified"))
    return Page(
        source=reading.source,
        key=key,
        content=body,
        media_type=MediaType.HTML,
        url=url,
        charset=charset(answer.said("Content-Type")),
        time_zone=reading.time_zone,
        transport=transport,
        fetched_at=_moment(record.date),
    )


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


def _parse(block: bytes) -> _Answer | Skip:
    """Cut an answer into header and body."""
    head = block[:LONGEST_HEADER]
    if not head.startswith(b"HTTP/"):
        return Skip.NOT_HTTP
    stream = BytesIO(head)
    headers = _HTTP.parse(stream)
    status = headers.statusline[:3]
    if stream.tell() >= LONGEST_HEADER or not (status.isascii() and status.isdigit()):
        return Skip.NOT_HTTP
    if status not in _BRING_PAGES:
        return Skip.REDIRECT if status in _REDIRECTS else Skip.HTTP_STATUS
    return _Answer(status=int(status), headers=headers, body=block[stream.tell() :])


def _unpacked(answer: _Answer, max_bytes: int) -> bytes | Skip | Flaw:
    """The body of an answer, without what HTTP packs it in."""
    body = answer.body
    if "chunked" in (answer.said("Transfer-Encoding") or "").lower():
        # A body that is in no chunks, though its header says so, comes back as it is.
        body = ChunkedDataReader(BytesIO(body)).read()
    packings = [each for part in (answer.said("Content-Encoding") or "").lower().split(",") if (each := part.strip())]
    for packing in reversed(packings):
        if packing in {"identity", "utf-8", "none"}:
            continue
        unpack = _PACKINGS.get(packing)
        if unpack is None:
            return Flaw(
                reason=Reason.UNSUPPORTED_ENCODING, detail=f"the body is packed with {packing[:40]!r}, which is not read."
            )
        found = _bounded(unpack(body), max_bytes)
        if isinstance(found, Skip):
            return found
        if found is None and not _is_plain(body, packing):
            return Flaw(
                reason=Reason.CORRUPT_ARCHIVE, detail=f"the body is said to be packed with {packing}, and does not unpack."
            )
        body = body if found is None else found
    return Skip.TOO_LARGE if len(body) > max_bytes else body


def _bounded(pieces: Iterator[bytes], max_bytes: int) -> bytes | Skip | None:
    """What pieces come to; None where they cannot be unpacked."""
    body = bytearray()
    try:
        for piece in pieces:
            body += piece
            if len(body) > max_bytes:
                return Skip.TOO_LARGE
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
