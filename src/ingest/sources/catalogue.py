"""A catalogue of sources in TOML, which people keep by hand; it says all that can be said of a source.

[[source]]
name = "An agency"
url = "https://news.example.com/rss.xml"
kind = "feed"                 # feed, sitemap, urls, page or folder; left out: feed
home = "https://news.example.com/"
time_zone = "Asia/Shanghai"
every = 7200                  # seconds between two visits; left out: by its rhythm
categories = ["Agencies", "China"]
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence

from ingest.documents import ListingFlaw, SourceKind, Subscription, Unlisted
from ingest.mask import mask
from ingest.sources.validation import LEAST_SECONDS, address_fault, zone_fault

__all__ = ["read_catalogue", "write_catalogue"]

_MOST_BYTES = 5_000_000
_LONGEST_LINE = 20_000
_MOST_SHOWN = 10
_TEXTS = ("url", "kind", "name", "home", "time_zone")
_KEYS = frozenset({*_TEXTS, "every", "categories"})
_KINDS = tuple(kind for kind in SourceKind if kind not in {SourceKind.JSONL, SourceKind.WARC})  # which nobody visits


def read_catalogue(body: bytes) -> tuple[Subscription, ...] | Unlisted:
    """Read a catalogue.

    Args:
        body: Any bytes.

    Returns:
        Its sources in order; or, where one of them is no good, none: what is wrong, each with the number and name of
        its source, or the line where it is no TOML. Never raises.
    """
    read = _loaded(body)
    sources = read if isinstance(read, str) else _sources(read)
    if isinstance(sources, str):
        return _refused(sources)
    faults = [fault for number, source in enumerate(sources, start=1) for fault in _faults(number, source)]
    faults += _doubles(sources)
    if faults:
        more = f" And {len(faults) - _MOST_SHOWN} more." if len(faults) > _MOST_SHOWN else ""
        return _refused(" ".join(faults[:_MOST_SHOWN]) + more)
    return tuple(map(_subscription, sources))


def write_catalogue(subscriptions: Sequence[Subscription]) -> bytes:
    """Write a catalogue that `read_catalogue` reads back as it was."""
    return "\n".join(map(_table, subscriptions)).encode("utf-8", "replace")


def _loaded(body: bytes) -> Mapping[str, object] | str:
    """The document, or a sentence on why there is none."""
    if len(body) > _MOST_BYTES:
        return f"It is larger than {_MOST_BYTES // 1_000_000} MB; split it."
    long = next((at for at, line in enumerate(body.split(b"\n"), start=1) if len(line) > _LONGEST_LINE), None)
    if long is not None:  # tomllib takes quadratic time for a key of many parts
        return f"Line {long} is longer than {_LONGEST_LINE:,} bytes."
    try:
        return tomllib.loads(body.decode("utf-8-sig").replace("\r\n", "\n"))
    except UnicodeDecodeError as problem:
        fault = f"Line {body[: problem.start].count(10) + 1} is not in UTF-8."
    except tomllib.TOMLDecodeError as problem:
        fault = f"It is no TOML: {problem}."
    except RecursionError:
        fault = "Its TOML is nested deeper than a catalogue is."
    except ValueError:  # a number of more digits than Python reads
        fault = "It is no TOML: a number in it is too long."
    return fault


def _sources(read: Mapping[str, object]) -> list[dict[str, object]] | str:
    """Its tables, or a sentence on why there are none."""
    unknown = sorted(set(read) - {"source"})
    sources = read.get("source", [])
    if unknown:
        return f"It has the key {unknown[0][:40]!r}; only [[source]] tables are known."
    if not isinstance(sources, list) or not all(isinstance(source, dict) for source in sources):
        return "'source' is no list of tables; begin each with [[source]]."
    return sources or "It names no source; begin each with [[source]]."


def _refused(detail: str) -> Unlisted:
    return Unlisted(flaw=ListingFlaw.MALFORMED, detail=detail)


def _faults(number: int, source: Mapping[str, object]) -> Iterator[str]:
    name = source.get("name") or source.get("url")
    place = f"Source {number}" + (f" ({mask(name[:80])!r})" if isinstance(name, str) else "")
    for key in source:
        if key not in _KEYS:
            yield f"{place}: {key[:40]!r} is no key of a source; known are {', '.join(sorted(_KEYS))}."
    for key in _TEXTS:
        if key in source and not isinstance(source[key], str):
            yield f"{place}: {key} is no text in quotes."
    categories = source.get("categories", [])
    if not isinstance(categories, list) or not all(isinstance(category, str) for category in categories):
        yield f"{place}: categories is no list of texts."
    yield from (f"{place}: {fault}." for fault in _wrong_values(source))


def _wrong_values(source: Mapping[str, object]) -> Iterator[str]:
    every = source.get("every", LEAST_SECONDS)
    if type(every) is not int or every < LEAST_SECONDS:  # a bool is an int, too
        yield f"every is no whole number of seconds from {LEAST_SECONDS} on"
    url, kind, zone = source.get("url", ""), source.get("kind", SourceKind.FEED), source.get("time_zone", "")
    if isinstance(kind, str) and kind not in set(_KINDS):
        yield f"{kind[:40]!r} is no kind of source; known are {', '.join(_KINDS)}"
    if not url:
        yield "it has no url"
    elif isinstance(url, str) and kind != SourceKind.FOLDER and (fault := address_fault(url)) is not None:
        yield fault
    if isinstance(zone, str) and (fault := zone_fault(zone)) is not None:
        yield fault


def _doubles(sources: Sequence[Mapping[str, object]]) -> Iterator[str]:
    first: dict[str, int] = {}
    for number, source in enumerate(sources, start=1):
        url = source.get("url")
        if isinstance(url, str) and url and first.setdefault(url, number) != number:
            yield f"Source {number}: it has the url of source {first[url]}."


def _subscription(source: Mapping[str, object]) -> Subscription:
    def text(key: str) -> str:
        return str(source.get(key, ""))

    categories, every = source.get("categories"), source.get("every")
    return Subscription(
        url=text("url"),
        kind=SourceKind(text("kind") or SourceKind.FEED),
        name=text("name") or None,
        home=text("home") or None,
        time_zone=text("time_zone"),
        every=every if isinstance(every, int) else None,
        categories=tuple(map(str, categories)) if isinstance(categories, list) else (),
    )


def _table(subscription: Subscription) -> str:
    pairs = {
        "name": subscription.name,
        "url": subscription.url,
        "kind": subscription.kind.value,
        "home": subscription.home,
        "time_zone": subscription.time_zone,
    }
    lines = ["[[source]]", *(f"{key} = {_quoted(value)}" for key, value in pairs.items() if value)]
    if subscription.every is not None:
        lines.append(f"every = {subscription.every}")
    if subscription.categories:
        lines.append(f"categories = [{', '.join(map(_quoted, subscription.categories))}]")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A basic string of TOML: JSON's escapes are all TOML's as well, save that TOML also escapes DEL."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
