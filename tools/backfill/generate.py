"""A web archive of any size, of pages that nobody wrote, in the layout of Common Crawl News.

Each page has an article of its own words among the furniture of a news site, and a script that does not pack: so an
answer takes some 29 kB in the archive, and a request stands before it.
"""

from __future__ import annotations

import base64
import io
import random
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

__all__ = ["generate"]

_BEGINS = datetime(2026, 3, 1, tzinfo=UTC)
_SYLLABLES = re.findall("..a?", "bacedifogukahaelimonuparesitovuwayezobracledrifloagrustatrepli")
_SCRIPT_BYTES = 24_000  # before base64
_PARTIES = ("University", "Institute", "Laboratory", "Bank", "Group", "Council")
_DISTINCT_WORDS = 20_000
_EVERY_AGREEMENT = 20  # pages


def generate(path: Path, *, size: int, seed: int = 1) -> int:
    """Write an archive of at least so many bytes; the same seed gives the same pages.

    Returns:
        How many pages are in it.
    """
    chance = random.Random(seed)  # noqa: S311 - words, no secret
    words = ["".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(_DISTINCT_WORDS)]
    number = 0
    with path.open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        _write(writer, writer.create_warcinfo_record(path.name, {"software": "tools.backfill"}))
        while file.tell() < size:
            number += 1
            url = f"https://site{number % 400}.example/2026/{number}-{chance.choice(words)}"
            at = (_BEGINS + timedelta(seconds=number)).strftime("%Y-%m-%dT%H:%M:%SZ")
            asked = StatusAndHeaders("GET / HTTP/1.1", [("Host", "site.example")], is_http_request=True)
            _add(writer, url, "request", at, b"", asked)
            said = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            _add(writer, url, "response", at, _page(number, words, chance).encode(), said)
    return number


def _add(writer: WARCWriter, url: str, kind: str, at: str, body: bytes, http: StatusAndHeaders) -> None:
    headers = {"WARC-Date": at}
    record = writer.create_warc_record(
        url, kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict=headers
    )
    _write(writer, record)


def _write(writer: WARCWriter, record: object) -> None:
    writer.write_record(record)
    record.raw_stream.close()  # type: ignore[attr-defined] # the library publishes no types


def _page(number: int, words: list[str], chance: random.Random) -> str:
    title = " ".join(chance.choices(words, k=8)).capitalize()
    paragraphs = [_paragraph(words, chance) for _ in range(chance.randint(5, 14))]
    if number % _EVERY_AGREEMENT == 0:
        paragraphs.insert(1, _agreement(words, chance))
    body = "".join(f"<p>{each}</p>" for each in paragraphs)
    links = "".join(
        f'<li class="item"><a href="/{chance.choice(words)}/{n}">{" ".join(chance.choices(words, k=6))}</a></li>'
        for n in range(60)
    )
    script = base64.b64encode(chance.randbytes(_SCRIPT_BYTES)).decode()
    return (
        f"<!doctype html><html lang=en><head><title>{title}</title><script>var data='{script}'</script>"
        f'<meta property="article:published_time" content="2026-03-{1 + number % 28:02}T08:00:00Z"></head>'
        f"<body><nav><ul>{links}</ul></nav><main><article><h1>{title}</h1>{body}</article></main>"
        f"<aside><h2>Read also</h2><ul>{links}</ul></aside><footer>{_paragraph(words, chance)}</footer></body></html>"
    )


def _paragraph(words: list[str], chance: random.Random) -> str:
    return " ".join(
        " ".join(chance.choices(words, k=chance.randint(8, 22))).capitalize() + "." for _ in range(chance.randint(2, 5))
    )


def _agreement(words: list[str], chance: random.Random) -> str:
    first, second = (f"{chance.choice(words).capitalize()} {chance.choice(_PARTIES)}" for _ in range(2))
    return f"{first} and {second} signed a memorandum of understanding on Monday."
