"""Pages that arrive as text: plain text, Markdown, and lines of JSON lines."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

from ingest.decode import decode, sniff
from ingest.documents import Article, Dropped, MediaType, Moment, Origin, Page, Reason, Stage
from ingest.extract.cleaning import Cleaned, clean
from ingest.extract.dates import Clock, moment_in_url, read_future, read_moment
from ingest.extract.lines import fold
from ingest.extract.markdown import strip_markdown
from ingest.extract.titles import trim_site
from ingest.extract.urls import canonical_url

__all__ = ["drop", "from_record", "from_text", "read_text", "unwrap"]

_SENTENCE_END = re.compile(r"[.!?:;。！？：；\"”’)）」』】]$")
_PARAGRAPH = re.compile(r"^(?:\s{2,}|\t|\u3000)\S")


def drop(page: Page, reason: Reason, detail: str) -> Dropped:
    """Say that a page goes no further, and why."""
    return Dropped(source=page.source, key=page.key, url=page.url, stage=Stage.EXTRACT, reason=reason, detail=detail)


def read_text(page: Page) -> str | Dropped:
    """The content of a page as text, or why it is none."""
    found = sniff(page.content)
    if found:
        return drop(
            page, Reason.NOT_TEXT, f"The content is a {found}, whatever its name says; convert it to text first."
        )
    text = decode(page.content, charset=page.charset, html=page.media_type is MediaType.HTML)
    if text is None:
        detail = "No encoding reads the bytes as text; check the file, or convert it to UTF-8."
        return drop(page, Reason.UNDECODABLE, detail)
    return text if text.strip() else drop(page, Reason.EMPTY, "The content holds nothing but white space.")


def unwrap(text: str) -> str:
    """Join the lines of a text that was broken at a fixed column, as wires do; other texts come back as they are.

    A text counts as broken where most lines that are followed by another end in mid-sentence near the same column.
    """
    lines = text.split("\n")
    if len(lines) < 6:
        return text
    full = [len(line.rstrip()) for line in lines if line.strip()]
    column = sorted(full)[len(full) * 3 // 4] if full else 0
    if not 40 <= column <= 100 or max(full) > column + 30:
        return text
    pairs = [(one, two) for one, two in pairwise(lines) if one.strip() and two.strip()]
    broken = [one for one, two in pairs if len(one.rstrip()) > column - 20 and not _SENTENCE_END.search(one.rstrip())]
    if len(pairs) < 4 or len(broken) < 0.6 * len(pairs):
        return text
    joined: list[str] = []
    for number, line in enumerate(lines):
        goes_on = number > 0 and line.strip() and lines[number - 1].strip() and not _PARAGRAPH.match(line)
        if goes_on and len(lines[number - 1].rstrip()) > column - 25:
            joined[-1] = f"{joined[-1].rstrip()} {line.strip()}"
        else:
            joined.append(line)
    return "\n".join(joined)


def _article(page: Page, cleaned: Cleaned, clock: Clock, title: str | None, origin: Origin) -> Article | Dropped:
    """Put an article together: the text's own statements first, then what the source says, then the URL."""
    if not any(c.isalpha() for c in cleaned.text):
        return drop(page, Reason.NO_ARTICLE, "Nothing but page furniture was found; check that the file holds a story.")
    said, hints = cleaned.evidence, page.hints
    title = title or said.title
    byline, publisher = said.byline or hints.byline, said.publisher or hints.publisher
    published: Moment | None = said.published
    published = published or read_moment(hints.published, clock, Origin.RECORD) or moment_in_url(page.url, clock)
    return Article(
        text=cleaned.text,
        title=title or None,
        byline=byline,
        publisher=publisher,
        url=canonical_url(page.url, ()),
        published=published,
        modified=said.modified,
        future_date=None if published else read_future(hints.published, clock, Origin.RECORD),
        cuts=cleaned.cuts,
        boilerplate=cleaned.boilerplate,
        title_origin=(origin if title != said.title else Origin.VISIBLE) if title else None,
        byline_origin=(Origin.VISIBLE if said.byline else Origin.RECORD) if byline else None,
        publisher_origin=(Origin.VISIBLE if said.publisher else Origin.RECORD) if publisher else None,
    )


def from_text(page: Page, text: str, clock: Clock) -> Article | Dropped:
    """Read a page that is plain text or Markdown.

    Args:
        page: The page.
        text: Its content, decoded.
        clock: For dates.
    """
    title: str | None = None
    if page.media_type is MediaType.MARKDOWN:
        plain = strip_markdown(text)
        text, title = plain.text, trim_site(plain.title) if plain.title else None
    text = unwrap(text)
    cleaned = clean(text, (title,) if title else (), clock)
    hint = page.hints.title
    if title is None and cleaned.evidence.title is None and hint and fold(hint):
        title = trim_site(hint)
        cleaned = clean(text, (hint, title), clock)
        return _article(page, cleaned, clock, title, Origin.RECORD)
    return _article(page, cleaned, clock, title, Origin.VISIBLE)


def from_record(page: Page, text: str, clock: Clock) -> Article | Dropped:
    """Read the text field of a JSON line; its other fields arrive as the page's hints and are the record's own words.

    Args:
        page: The page, with the record's fields as hints.
        text: Its text field, plain or Markdown.
        clock: For dates.
    """
    plain = strip_markdown(text)
    given = trim_site(page.hints.title) if page.hints.title and page.hints.title.strip() else None
    title = given or plain.title
    cleaned = clean(unwrap(plain.text), (title,) if title else (), clock)
    article = _article(page, cleaned, clock, title, Origin.RECORD if given else Origin.VISIBLE)
    if isinstance(article, Dropped):
        return article
    stated = read_moment(page.hints.published, clock, Origin.RECORD)
    if stated is None or (article.published and article.published.iso == stated.iso):
        return article
    return replace(article, published=stated, future_date=None)
