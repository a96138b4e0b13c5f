"""Listings that were made to hang or to swell; as a script, reads one and prints the outcome, seconds and kilobytes."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime

from ingest.documents import Listing
from ingest.sources.feed import read_feed
from ingest.sources.sitemap import read_sitemap

MB = 1_000_000
LINK = "<link>https://e.example/</link>"


def rss(items: str) -> bytes:
    return f"<rss><channel><title>T</title>{items}</channel></rss>".encode()


def declaring(entities: str, content: str) -> bytes:
    return f"<!DOCTYPE r [{entities}]><rss><channel><title>{content}</title></channel></rss>".encode()


def ten_thousand() -> bytes:
    date = "<pubDate>Tue, 14 May 2024 09:30:05 GMT</pubDate>"
    one = "<item><title>Title {0}</title><link>https://e.example/{0}</link><guid>{0}</guid>" + date + "</item>"
    return rss("".join(map(one.format, range(10_000))))


def laughs() -> bytes:
    levels = (f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 10))
    return declaring('<!ENTITY l0 "lol">' + "".join(levels), "&l9;")


def many_places() -> bytes:
    return (
        b"<urlset>"
        + b"".join(b"<url><loc>https://e.example/%d</loc></url>" % at for at in range(200_000))
        + b"</urlset>"
    )


BODIES: dict[str, Callable[[], bytes]] = {
    "billion laughs": laughs,
    "quadratic blow-up": lambda: declaring(f'<!ENTITY a "{"a" * 100_000}">', "&a;" * 100_000),
    "external entity": lambda: declaring('<!ENTITY a SYSTEM "file:///etc/passwd">', "&a;"),
    "ten thousand entries": ten_thousand,
    "title of ten megabytes": lambda: rss(f"<item><title>{'a' * 10 * MB}</title>{LINK}</item>"),
    "deep nesting": lambda: rss("<a>" * 3 * MB),
    "twenty megabytes of nothing": lambda: rss("<item/>" * (20 * MB // 7)),
    "a million interrupted tags": lambda: rss("<a " * MB),
    "a million ampersands": lambda: rss("& " * MB),
    "an author of a megabyte": lambda: rss(f"<item><author>{'a' * MB}</author>{LINK}</item>"),
    "many categories": lambda: rss(f"<item>{''.join(f'<category>{at}</category>' for at in range(100_000))}</item>"),
    "ten megabytes of brackets": lambda: b'{"version":"https://jsonfeed.org/version/1","items":' + b"[" * 10 * MB,
    "a sitemap of two hundred thousand": many_places,
}


def peak() -> int:
    """Kilobytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    body = BODIES[sys.argv[1]]()
    reader = read_sitemap if body.startswith(b"<urlset") else read_feed
    before, began = peak(), time.process_time()
    found = reader(body, content_type=None, base_url="https://e.example/", now=datetime(2024, 6, 1, tzinfo=UTC))
    seconds = time.process_time() - began
    outcome = len(found.entries) if isinstance(found, Listing) else found.flaw
    sys.stdout.write(f"{outcome} {seconds} {peak() - before}")


if __name__ == "__main__":
    main()
