"""`ingest extract`: files to articles, without a store."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from ingest.cli.listing import always_json_option
from ingest.cli.session import Session, command, pass_session
from ingest.documents import Article, Dropped, Page, Reason, Stage
from ingest.errors import IngestError
from ingest.wire import Drop, Extraction, dump

__all__ = ["extract"]

_DROPPED = 3


@command(
    "extract",
    examples="""ingest extract page.html | jq -r .text
    ingest extract --url https://example.org/news/1 saved.html.gz
    ingest extract pages/*.html > articles.jsonl""",
)
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--url", help="Where the page was published; one file only. A <base> in the page says so, too.")
@always_json_option()
@pass_session
def extract(session: Session, *, files: tuple[str, ...], url: str | None) -> int:
    """Extract the article of each file: HTML, text or Markdown, gzip of each, or a record a line of JSON lines.

    A line comes out for each, in the order given ('ingest schema extraction' has its form). A file without an article
    comes out with the reason under "dropped", and the exit code is 3. Nothing is read from the network.
    """
    if url is not None and len(files) > 1:
        raise click.UsageError("--url is for one file")
    from ingest.sources import open_source  # noqa: PLC0415 - other commands read no files

    settings, screen = session.settings(), session.screen()
    size, zone = settings.max_bytes, settings.time_zone
    sources = [(file, open_source(Path(file), base=Path.cwd(), max_bytes=size, time_zone=zone)) for file in files]
    dropped = 0
    for file, source in sources:
        for item in source:
            is_whole = item.key == Path(file).name or source.kind == "folder"
            path = file if is_whole and not Path(file).is_dir() else f"{file}/{item.key}"
            extraction = _extracted(item, path, url)
            dropped += extraction.dropped is not None
            screen.data(dump(extraction))
    if dropped:
        screen.note(f'{dropped} without an article: see "dropped"')
    return _DROPPED if dropped else 0


def _extracted(item: Page | Dropped, path: str, url: str | None) -> Extraction:
    """One line for what a source yielded."""
    if isinstance(item, Dropped):
        return _without(item, path, url)
    page = item if url is None else replace(item, url=url)
    try:
        return _article(page, path)
    except IngestError:
        raise
    except Exception as defect:  # noqa: BLE001 - a defect costs its file, not the others
        detail = f"A defect of ingest: {type(defect).__name__}: {defect}"
        failed = Dropped(
            source=page.source, key=page.key, stage=Stage.EXTRACT, reason=Reason.STAGE_FAILED, detail=detail
        )
        return _without(failed, path, url)


def _article(page: Page, path: str) -> Extraction:
    from ingest.extract import extract as extract_article  # noqa: PLC0415 - loads trafilatura
    from ingest.language import detect  # noqa: PLC0415 - likewise dear

    article = extract_article(page)
    if not isinstance(article, Article):
        return _without(article, path, page.url)
    return Extraction(
        path=path,
        url=article.url,
        title=article.title,
        byline=article.byline,
        publisher=article.publisher,
        published_at=article.published.iso if article.published else None,
        modified_at=article.modified.iso if article.modified else None,
        language=detect(article.text).tag,
        text=article.text,
        dropped=None,
        section=article.section,
        keywords=article.keywords,
        image=article.image,
        access=article.access,
        future_date=article.future_date,
    )


def _without(dropped: Dropped, path: str, url: str | None) -> Extraction:
    return Extraction(
        path=path,
        url=dropped.url or url,
        title=None,
        byline=None,
        publisher=None,
        published_at=None,
        modified_at=None,
        language=None,
        text=None,
        dropped=Drop(reason=dropped.reason, detail=dropped.detail),
    )
