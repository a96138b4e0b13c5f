"""What all listings have in common: items with addresses, ids and dates, of which some are no good."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from ingest.documents import Entry, Hints, Limits, Problem, ProblemKind
from ingest.mask import mask_user
from ingest.sources.addresses import is_web_address
from ingest.sources.listed_dates import Unread, read_date

__all__ = ["MOST_TRIED", "Faults", "Item", "to_date", "to_entries"]

_EXAMPLE = 200
MOST_TRIED = 4  # times the limit: what follows so many items that are no good is not worth the time


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item, as its format gives it.

    Attributes:
        links: Addresses, absolute if they can be, the best first.
        id: What the listing knows it by.
        title: Plain text.
        byline: Plain text.
        publisher: Plain text.
        published: Dates of publication, as they stand there, the best first.
        updated: Dates of the last change, likewise.
        language: Language tag.
    """

    links: tuple[str, ...] = ()
    id: str | None = None
    title: str | None = None
    byline: str | None = None
    publisher: str | None = None
    published: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    language: str | None = None


@dataclass(slots=True)
class Faults:
    """Counts what is wrong with a listing."""

    _found: dict[ProblemKind, tuple[int, str | None]] = field(default_factory=dict)

    def add(self, kind: ProblemKind, example: str | None = None, *, count: int = 1) -> None:
        """Count one more, and keep the first example."""
        before, first = self._found.get(kind, (0, None))
        shown = " ".join(example[:_EXAMPLE].split()) if example else None
        self._found[kind] = (before + count, first or shown or None)

    def problems(self) -> tuple[Problem, ...]:
        """What was counted, in the order of the kinds."""
        return tuple(
            Problem(kind=kind, count=self._found[kind][0], example=self._found[kind][1])
            for kind in ProblemKind
            if kind in self._found
        )


def to_entries(items: Iterable[Item], *, now: datetime, limits: Limits, faults: Faults) -> Iterator[Entry]:
    """Make entries of items: those with an address of the web that no earlier one has; at most `limits.entries`.

    Args:
        items: In the order of the listing.
        now: The present; dates beyond it are no hints.
        limits: How much is kept.
        faults: Counts what was left out.
    """
    urls: set[str] = set()
    ids: set[str] = set()
    for position, item in enumerate(items):
        if len(urls) >= limits.entries:
            faults.add(ProblemKind.TOO_MANY_ENTRIES, next(iter(item.links), item.title))
            if position < MOST_TRIED * limits.entries:
                continue
        if position >= MOST_TRIED * limits.entries:
            break
        url = _address(item, limits, faults)
        if url is None:
            continue
        if url in urls:
            faults.add(ProblemKind.DUPLICATE_LINK, url)
            continue
        urls.add(url)
        identity = mask_user(item.id[: limits.text]) if item.id else None
        if identity in ids:
            faults.add(ProblemKind.DUPLICATE_ID, identity)
            identity = None
        elif identity:
            ids.add(identity)
        yield Entry(
            url=url,
            id=identity,
            hints=Hints(
                title=item.title,
                byline=item.byline,
                publisher=item.publisher,
                published=to_date(item.published, now=now, faults=faults),
            ),
            updated=to_date(item.updated, now=now, faults=faults),
            language=item.language,
            position=position,
        )


def _address(item: Item, limits: Limits, faults: Faults) -> str | None:
    for link in item.links:
        if is_web_address(link, limits.url):
            return link
    kind = ProblemKind.BAD_LINK if item.links else ProblemKind.NO_LINK
    faults.add(kind, item.links[0] if item.links else item.title or item.id)
    return None


def to_date(given: Iterable[str], *, now: datetime, faults: Faults) -> str | None:
    """Read the first date that can be read; count it where none can, or where it lies ahead."""
    failed: tuple[ProblemKind, str] | None = None
    for text in given:
        read = read_date(text, now)
        if isinstance(read, str):
            return read
        kind = ProblemKind.FUTURE_DATE if read is Unread.FUTURE else ProblemKind.BAD_DATE
        failed = failed or (kind, text)
    if failed is not None:
        faults.add(failed[0], failed[1])
    return None
