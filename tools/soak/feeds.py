"""Read every feed and sitemap of a folder; `make soak-feeds FEEDS=FOLDER`.

Prints how many files ended how, the slowest, and, for files that say in feedparser's manner what they hold
(`Expect:`), how often title, link, id and dates agree, with each disagreement. Titles and names are compared as plain
text. Ends with 1 if a file raised or ran over its time.
"""

from __future__ import annotations

import argparse
import gzip
import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from ingest.documents import Limits, Listing, Moment, Origin, Precision, Unlisted
from ingest.sources.feed import read_feed, read_items
from ingest.sources.items import Item
from ingest.sources.listed_dates import Unread, read_date
from ingest.sources.plain_text import plain
from ingest.sources.sitemap import read_sitemap
from tools.soak.expectations import Expected, base_of, expectations

_BASE = "http://127.0.0.1:8097/"
_NOW = datetime(2100, 1, 1, tzinfo=UTC)  # nothing in a test file lies ahead of it
_SECONDS = 10
_LIMITS = Limits()
_NAMES = {".xml", ".rss", ".atom", ".rdf", ".json", ".html", ".htm", ".gz", ".txt", ".opml"}


@dataclass(slots=True, kw_only=True)
class _Tally:
    outcomes: Counter[str] = field(default_factory=Counter)
    problems: Counter[str] = field(default_factory=Counter)
    entries: int = 0
    agreed: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    disagreements: list[str] = field(default_factory=list)
    times: list[tuple[float, str]] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read them all; 1 if one raised or ran over its time."""
    ask = argparse.ArgumentParser(prog="make soak-feeds", description=__doc__)
    ask.add_argument("folder", type=Path, help="read with all folders below it")
    ask.add_argument("--unlisted", action="store_true", help="name the files that are no listing, and why")
    options = ask.parse_args(arguments)
    files = [file for file in sorted(options.folder.rglob("*")) if file.suffix in _NAMES and file.is_file()]
    if not files:
        print(f"error: {options.folder} holds no feeds.", file=sys.stderr)
        return 2
    signal.signal(signal.SIGALRM, _run_over)
    tally = _Tally()
    for file in files:
        name = str(file.relative_to(options.folder))
        outcome = _read(name, _content(file), tally)
        if options.unlisted and isinstance(outcome, Unlisted):
            print(f"{outcome.flaw}: {name}: {outcome.detail}")
    _report(len(files), tally)
    return 1 if tally.failures else 0


def _run_over(_signal: int, _frame: FrameType | None) -> None:
    raise TimeoutError(f"took longer than {_SECONDS} s")


def _content(file: Path) -> bytes:
    raw = file.read_bytes()
    return gzip.decompress(raw) if file.suffix == ".gz" else raw


def _read(name: str, body: bytes, tally: _Tally) -> Listing | Unlisted | None:
    base = base_of(body, _BASE + name)
    began = time.process_time()
    signal.alarm(_SECONDS)
    try:
        outcome = read_feed(body, content_type=None, base_url=base, now=_NOW)
        if isinstance(outcome, Unlisted):
            sitemap = read_sitemap(body, content_type=None, base_url=base, now=_NOW)
            outcome = sitemap if isinstance(sitemap, Listing) else outcome
        _compare(name, body, base, outcome, tally)
    except Exception as problem:  # noqa: BLE001 - what is looked for
        tally.failures.append(f"{name}: {type(problem).__name__}: {problem}")
        return None
    finally:
        signal.alarm(0)
    tally.times.append((time.process_time() - began, name))
    tally.outcomes[outcome.format if isinstance(outcome, Listing) else f"no listing: {outcome.flaw}"] += 1
    if isinstance(outcome, Listing):
        tally.entries += len(outcome.entries)
        tally.problems.update({problem.kind: problem.count for problem in outcome.problems})
    return outcome


def _compare(name: str, body: bytes, base: str, outcome: Listing | Unlisted, tally: _Tally) -> None:
    expected = list(expectations(body))
    items = read_items(body, content_type=None, base_url=base) if expected else ()
    for each in expected:
        place = "feed" if each.entry is None else "entry"
        tally.asked[f"{place} {each.field}"] += 1
        got = list(_of_feed(each, outcome) if each.entry is None else _of_entry(each, items))
        if any(_agrees(each, value) for value in got) or (not got and _is_nothing(each)):
            tally.agreed[f"{place} {each.field}"] += 1
        else:
            tally.disagreements.append(f"{name}: {each.source[:200]}; read: {got[:3]}")


def _of_feed(expected: Expected, outcome: Listing | Unlisted) -> Iterator[str]:
    """What was read for a field of the whole feed."""
    if isinstance(outcome, Listing):
        values = {"title": outcome.title, "link": outcome.home or outcome.url, "language": outcome.language}
        if found := values.get(expected.field):
            yield found


def _of_entry(expected: Expected, items: Sequence[Item]) -> Iterator[str]:
    """What was read for a field of an entry: the values that may stand for it, best first."""
    if expected.entry is None or expected.entry >= len(items):
        return
    item = items[expected.entry]
    if expected.field == "link":
        yield from item.links[:1]
    elif expected.field in {"published", "updated", "created"}:
        yield from item.published
        yield from item.updated
    else:
        single = {
            "title": item.title,
            "id": item.id,
            "author": item.byline,
            "publisher": item.publisher,
            "language": item.language,
        }
        if found := single[expected.field]:
            yield found


def _is_nothing(expected: Expected) -> bool:
    """Whether nothing is left of what was expected, as of a title that is an image."""
    return isinstance(expected.value, str) and plain(expected.value, _LIMITS.text) is None


def _agrees(expected: Expected, got: str) -> bool:
    if isinstance(expected.value, tuple):
        read = read_date(got, _NOW)
        return not isinstance(read, Unread) and _utc(read) == expected.value
    if expected.field in {"title", "author", "publisher"}:
        return plain(expected.value, _LIMITS.text) == got
    return expected.value.strip() == got


def _utc(iso: str) -> tuple[int, ...]:
    return Moment(iso=iso, precision=Precision.SECOND, origin=Origin.RECORD).earliest.timetuple()[:6]


def _report(number: int, tally: _Tally) -> None:
    print(f"{number} files, {tally.entries} entries")
    for outcome, count in tally.outcomes.most_common():
        print(f"  {count:5} {outcome}")
    print("what is wrong with them:")
    for problem, count in tally.problems.most_common():
        print(f"  {count:5} {problem}")
    print("as the files expect it:")
    for asked, count in sorted(tally.asked.items()):
        print(f"  {asked:16} {tally.agreed[asked]:4} of {count}")
    print(f"disagreements: {len(tally.disagreements)}")
    for disagreement in tally.disagreements:
        print(f"  {disagreement}")
    total = sum(seconds for seconds, _ in tally.times)
    print(f"{total:.1f} s of CPU; slowest: {max(tally.times)[0]:.3f} s, {max(tally.times)[1]}")
    for failure in tally.failures:
        print(f"FAILED {failure}")


if __name__ == "__main__":
    sys.exit(main())
