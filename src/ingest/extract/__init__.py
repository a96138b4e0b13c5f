"""Page to article: what a page says, without the page.

    bytes ── decode ──> HTML ── trafilatura ──┐
                        Markdown ── marks off ─┼──> text ── rules (`cleaning`) ──> Article, Cuts, Boilerplate
                        plain text, record ────┘                └──> what visible lines say: title, byline, date, …

HTML goes this way in a process that can be killed (`guard`). Text needs none: all that reads it takes time that grows
with its length, and no faster.

The rules are one set, in `head`, `related`, `furniture` and `blocks`; each finds stretches and gives its reason.
`extract` cuts them out; `boilerplate` points at them in a text that must stay as it is.
"""

from __future__ import annotations

from datetime import UTC, datetime

from ingest.decode import clean
from ingest.documents import Article, Boilerplate, Dropped, MediaType, Page, Reason
from ingest.extract import cleaning
from ingest.extract.dates import Clock
from ingest.extract.plain import drop, from_record, from_text, read_text
from ingest.sources.reading import Flaw
from ingest.sources.records import parse_record

__all__ = ["boilerplate", "extract"]


def extract(page: Page, *, now: datetime | None = None) -> Article | Dropped:
    """Turn a page into a clean article.

    Args:
        page: Raw bytes as they arrived.
        now: The present, beyond which dates are not believed; the clock's where absent.

    Returns:
        The article, or why there is none.

    Raises:
        ParserUnavailableError: The process that parses HTML cannot be started.
    """
    clock = Clock(now=now or datetime.now(UTC), time_zone=page.time_zone)
    if not page.content.strip():
        return drop(page, Reason.EMPTY, "The content is empty.")
    if page.media_type is MediaType.RECORD:
        return _from_record(page, clock)
    if page.media_type is MediaType.HTML:
        from ingest.extract.guard import guard  # noqa: PLC0415 - starts a process for its first page

        return guard().read(page, clock)
    text = read_text(page)
    return text if isinstance(text, Dropped) else from_text(page, text, clock)


def _from_record(page: Page, clock: Clock) -> Article | Dropped:
    record = parse_record(page.content)
    if isinstance(record, Flaw):
        return drop(page, record.reason, record.detail)
    return from_record(page, clean(record.text), clock)


def boilerplate(text: str, title: str | None) -> tuple[Boilerplate, ...]:
    """Find what is not the story in a text that must stay as it is.

    Args:
        text: Any text, Markdown too.
        title: Its headline, where it is known from elsewhere.

    Returns:
        Half-open spans of `text`, in order, disjoint: everything that cleaning would cut, and profile, contact and
        legal blocks. A headline at the top is left out where `title` is None: it is then the only place that holds it.
    """
    return cleaning.boilerplate(text, title, Clock(now=datetime.now(UTC)))
