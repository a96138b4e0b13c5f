"""What a run of any kind reads back from the store to report, and the exit code that it comes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.documents import Detected, Fate
from ingest.mask import mask
from ingest.report.run import Collected, Known
from ingest.store import read
from ingest.wire import Agreement

if TYPE_CHECKING:
    from ingest.settings import Settings

__all__ = ["exit_code", "known"]

_DROPPED, _LEFT = 3, 4


def known(collected: Collected, settings: Settings, *, options: tuple[str, ...] = ()) -> Known:
    """Read back from the store what a report shows.

    Args:
        collected: What the run told of.
        settings: Where the store is.
        options: As in `Known`.
    """
    ids = [outcome.article_id for outcome in collected.shown if outcome.article_id]
    with read.connect(settings.database_url) as connection:
        articles = read.articles_by_id(connection, list(dict.fromkeys(ids)))
        told = [identity for article in articles.values() for identity in article.agreements]
        wanted = list(dict.fromkeys([*collected.detected, *told]))
        found = read.agreements_by_id(connection, wanted)
        news = read.count_news(connection, list(dict.fromkeys(collected.new)))
        database = connection.shown
    order = sorted(found, key=lambda identity: _rank(collected.detected.get(identity), found[identity]))
    return Known(
        articles=articles,
        agreements={identity: found[identity] for identity in order},
        news=news,
        database=database,
        archive=mask(settings.archive_url),
        options=options,
    )


def _rank(detected: Detected | None, agreement: Agreement) -> int:
    """What the run was for comes first: news, then changes, then background that is new, then what was known."""
    if detected is None or not (detected.is_new or detected.status_changed):
        return 3
    if detected.is_new:
        return 0 if agreement.is_news else 2
    return 1


def exit_code(collected: Collected) -> int:
    """What the process returns for a run that came to its end."""
    if collected.fates[Fate.DROPPED]:
        return _DROPPED
    return _LEFT if collected.fates[Fate.BUSY] else 0
