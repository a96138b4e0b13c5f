"""Web archives of our own, written by the library, and broken by hand."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from datetime import UTC, datetime, timedelta

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

MORNING = datetime(2026, 3, 1, 6, tzinfo=UTC)
_WORDS = """harbour council bridge museum orchard ferry lantern market library station valley winter teacher engineer
farmer budget festival river window garden painter captain letter island concert bakery tunnel meadow""".split()  # noqa: SIM905 - easier to read than a list


def words(seed, count):
    """Words in an order of their own."""
    state = seed * 2654435761 % 2**32 or 1
    said = []
    for _ in range(count):
        state = (1103515245 * state + 12345) % 2**31
        said.append(_WORDS[(state >> 8) % len(_WORDS)])
    return said


def article(number, *, says=""):
    """A page of news, unlike every other."""
    paragraphs = [" ".join(words(number * 31 + part, 45)).capitalize() + "." for part in range(4)]
    body = "".join(f"<p>{each}</p>" for each in [says, *paragraphs] if each)
    head = f"<head><title>Report number {number}</title></head>"
    return f"<html>{head}<body><article><h1>Report number {number}</h1>{body}</article></body></html>".encode()


def signed(first, second):
    return f"{first} and {second} signed a memorandum of understanding on Monday, 2 March 2026."


class Builder:
    """Writes an archive record by record, and remembers where each begins."""

    def __init__(self, *, packed=True):
        self._out = io.BytesIO()
        self._writer = WARCWriter(self._out, gzip=packed)
        self.offsets = []

    @property
    def content(self):
        return self._out.getvalue()

    def add(self, kind="response", url="https://news.example/1", body=b"", *, status="200 OK", headers=(), **warc):
        """A record; keywords are further headers of WARC, `_` for `-`."""
        given = {name.replace("_", "-"): value for name, value in warc.items()}
        given.setdefault("WARC-Date", MORNING.strftime("%Y-%m-%dT%H:%M:%SZ"))
        http = None
        if kind == "response" and url.startswith("http"):
            named = dict(headers)
            named.setdefault("Content-Type", "text/html; charset=utf-8")
            http = StatusAndHeaders(status, list(named.items()), protocol="HTTP/1.1")
        elif kind == "request":
            http = StatusAndHeaders("GET / HTTP/1.1", [("Host", "news.example")], is_http_request=True)
        record = self._writer.create_warc_record(
            url, kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict=given
        )
        self.offsets.append(self._out.tell())
        self._writer.write_record(record)
        record.raw_stream.close()  # the library puts a file in its place
        return self

    def info(self):
        self.offsets.append(self._out.tell())
        record = self._writer.create_warcinfo_record("ours.warc.gz", {"software": "a test"})
        self._writer.write_record(record)
        record.raw_stream.close()
        return self


def archive(count, *, packed=True, first=1, site="https://news.example", gap=timedelta(minutes=1)):
    """An archive of so many articles, with requests between them as crawlers write them."""
    built = Builder(packed=packed).info()
    for number in range(first, first + count):
        at = (MORNING + gap * number).strftime("%Y-%m-%dT%H:%M:%SZ")
        url = f"{site}/{number}"
        built.add("request", url, WARC_Date=at)
        built.add("response", url, article(number), WARC_Date=at)
    return built


def raw(url, block, *, length=None, kind="response", end=b"\r\n\r\n", version=b"WARC/1.0"):
    """A record as bytes, with any length that one likes to say."""
    said = len(block) if length is None else length
    head = (
        f"WARC-Type: {kind}\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2026-03-01T06:00:00Z\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {said}\r\n\r\n"
    )
    return version + b"\r\n" + head.encode() + block + end


def answer(body, *headers, status="200 OK"):
    lines = [f"HTTP/1.1 {status}", "Content-Type: text/html", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def arc(*captures, ip="192.0.2.7"):
    """An ARC file of version 1 of (address, block)."""
    described = b"1 0 ours\nURL IP-address Archive-date Content-type Archive-length\n\n"
    out = f"filedesc://ours.arc {ip} 20260301060000 text/plain {len(described)}\n".encode() + described
    for url, block in captures:
        out += f"{url} {ip} 20260301060000 text/html {len(block)}\n".encode() + block + b"\n"
    return out


def deflated(body, *, bare=False):
    packer = zlib.compressobj(wbits=-15 if bare else 15)
    return packer.compress(body) + packer.flush()


def chunked(body, size=100):
    parts = [body[start : start + size] for start in range(0, len(body), size)]
    return b"".join(f"{len(each):x}\r\n".encode() + each + b"\r\n" for each in parts) + b"0\r\n\r\n"


def members(*parts):
    return b"".join(gzip.compress(part, mtime=0) for part in parts)


def offsets_in(text):
    """The offsets that messages name."""
    return [int(each.replace(",", "")) for each in re.findall(r"Byte ([\d,]+) of the archive", text)]
