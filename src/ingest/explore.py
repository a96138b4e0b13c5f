"""Look at an address that somebody gives: is it a feed, a sitemap, or a site that has some? Stores nothing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

from ingest import wire
from ingest.documents import (
    Answer,
    Candidate,
    Dropped,
    Entry,
    Failure,
    FailureClass,
    Finding,
    Format,
    Listing,
    Reason,
    SourceKind,
    Unlisted,
)
from ingest.errors import SourceError
from ingest.extract.urls import canonical_url
from ingest.fetch import media_type, unpacked
from ingest.fetch.failures import Refusal
from ingest.fetch.turns import NotYet
from ingest.report.words import number
from ingest.sources import FolderSource
from ingest.sources.discovery import find_feeds, ranked, robots_sitemaps, usual_places
from ingest.visit.terms import LISTING_ACCEPT, PAGE_ACCEPT, Fetcher, Readers

__all__ = ["explore", "look", "look_into"]

_MOST_TRIED = 12
_ORDER = (SourceKind.FEED, SourceKind.SITEMAP)
_NONE_KNOWN: Callable[[Sequence[str]], frozenset[str]] = lambda _: frozenset()  # noqa: E731 - a default


def explore(fetcher: Fetcher, readers: Readers, url: str) -> tuple[wire.SourceCheck, ...]:
    """What an address offers: itself, if it is a feed or sitemap, else those that it links to or that are usual.

    Args:
        fetcher: Brings what is at an address.
        readers: Of listings.
        url: Where to look.

    Returns:
        What was found and can be read, the surest first; only a failure, where the address itself cannot be had.
    """
    answer = fetcher.get(url, accept=LISTING_ACCEPT)
    if not isinstance(answer, Answer):
        return (_failed(url, SourceKind.PAGE, answer),)
    for kind in _ORDER:
        read = _read(readers, kind, answer)
        if isinstance(read, Listing):
            return (_checked(answer.url, kind, read, frozenset()),)
    linked = find_feeds(answer.content, content_type=answer.content_type, base_url=answer.url)
    named = _sitemaps(fetcher, answer.url)
    found = _try(fetcher, readers, ranked([*linked, *named]))
    return found or _try(fetcher, readers, usual_places(answer.url))


def _sitemaps(fetcher: Fetcher, url: str) -> tuple[Candidate, ...]:
    robots = fetcher.get(urljoin(url, "/robots.txt"), accept="text/plain,*/*;q=0.5")
    return robots_sitemaps(robots.content, base_url=robots.url) if isinstance(robots, Answer) else ()


def _try(fetcher: Fetcher, readers: Readers, candidates: Iterable[Candidate]) -> tuple[wire.SourceCheck, ...]:
    """Those candidates that are what they seem; two with the same entries are one."""
    found: dict[tuple[str, ...], wire.SourceCheck] = {}
    for candidate in list(candidates)[:_MOST_TRIED]:
        checked = look(fetcher, readers, candidate.url, candidate.kind)
        if checked.failure is None:
            same = tuple(entry.url for entry in checked.entries) or (checked.address,)
            found.setdefault(same, checked)
        if found and candidate.finding is Finding.USUAL_PLACE:
            break
    return tuple(found.values())


def look(
    fetcher: Fetcher,
    readers: Readers,
    url: str,
    kind: SourceKind,
    *,
    known: Callable[[Sequence[str]], frozenset[str]] = _NONE_KNOWN,
) -> wire.SourceCheck:
    """What a listing would bring.

    Args:
        fetcher: Brings what is at an address.
        readers: Of listings.
        url: Where it is.
        kind: What sort.
        known: Which of these keys some document has.
    """
    if kind is SourceKind.PAGE:
        return _page(fetcher, url, known)
    answer = fetcher.get(url, accept=LISTING_ACCEPT)
    if not isinstance(answer, Answer):
        return _failed(url, kind, answer)
    read = _read(readers, kind, answer)
    if isinstance(read, Unlisted):
        return _failed(url, kind, read)
    keys = [canonical_url(entry.url, ()) or entry.url for entry in read.entries]
    return _checked(answer.url, kind, read, known(keys))


def _page(fetcher: Fetcher, url: str, known: Callable[[Sequence[str]], frozenset[str]]) -> wire.SourceCheck:
    """A single page is its own listing."""
    answer = fetcher.get(url, accept=PAGE_ACCEPT)
    if not isinstance(answer, Answer):
        return _failed(url, SourceKind.PAGE, answer)
    try:
        media_type(answer.content, answer.content_type)
    except Refusal as refusal:
        return _failed(url, SourceKind.PAGE, refusal.failure)
    itself = Listing(format=Format.URLS, entries=(Entry(url=url),))
    return _checked(answer.url, SourceKind.PAGE, itself, known([canonical_url(url, ()) or url]))


def look_into(folder: FolderSource, *, known: Callable[[Sequence[str]], frozenset[str]]) -> wire.SourceCheck:
    """What a folder would bring.

    Args:
        folder: Where.
        known: As in `look`.
    """
    try:
        found = list(_keys(folder))
    except SourceError as unreadable:
        failure = Failure(kind=FailureClass.POLICY, reason=Reason.UNREADABLE, detail=str(unreadable))
        return _failed(folder.address, SourceKind.FOLDER, failure)
    seen = known([key for key, dropped in found if dropped is None])
    entries = tuple(
        wire.SourceEntry(url=key, title=None, published=None, is_known=key in seen)
        for key, dropped in found
        if dropped is None
    )
    reasons = Counter(dropped.reason for _, dropped in found if dropped is not None)
    return wire.SourceCheck(
        address=folder.address,
        kind=SourceKind.FOLDER,
        title=None,
        entries=entries,
        sitemaps=0,
        problems=tuple(f"{reason.value}: {number(times, 'time')}" for reason, times in reasons.most_common()),
        failure=None,
    )


def _keys(folder: FolderSource) -> Iterator[tuple[str, Dropped | None]]:
    """What it holds without the contents, which need not fit into memory together."""
    for item in folder:
        yield item.key, item if isinstance(item, Dropped) else None


def _read(readers: Readers, kind: SourceKind, answer: Answer) -> Listing | Unlisted:
    try:
        body = unpacked(answer.content, max_bytes=20_000_000)
    except Refusal:
        body = answer.content
    return readers[kind](body, content_type=answer.content_type, base_url=answer.url, now=datetime.now(UTC))


def _failed(url: str, kind: SourceKind, why: Failure | NotYet | Unlisted) -> wire.SourceCheck:
    said = (
        f"Its host is to be left alone for {_rounded(why.wait)}; try again then."
        if isinstance(why, NotYet)
        else why.detail
    )
    return wire.SourceCheck(address=url, kind=kind, title=None, entries=(), sitemaps=0, problems=(), failure=said)


def _rounded(wait: timedelta) -> timedelta:
    return timedelta(seconds=math.ceil(wait.total_seconds()))


def _checked(url: str, kind: SourceKind, read: Listing, known: frozenset[str]) -> wire.SourceCheck:
    entries = tuple(
        wire.SourceEntry(
            url=entry.url,
            title=entry.hints.title,
            published=entry.hints.published or entry.updated,
            is_known=(canonical_url(entry.url, ()) or entry.url) in known,
        )
        for entry in read.entries
    )
    problems = tuple(
        f"{each.kind.value.replace('_', ' ')}: {number(each.count, 'time')}"
        + (f", first {each.example}" if each.example else "")
        for each in read.problems
    )
    return wire.SourceCheck(
        address=url,
        kind=kind,
        title=read.title,
        entries=entries,
        sitemaps=len(read.children),
        problems=problems,
        failure=None,
    )
