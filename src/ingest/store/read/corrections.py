"""Articles on whose topics analysts have ruled: what `ingest train topics` learns from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from ingest.documents import Boilerplate, CutReason
from ingest.store.read.connection import Connection

__all__ = ["Correction", "corrections"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """An article, and what is ruled of its topics.

    Attributes:
        article_id: Its public id.
        title: Headline.
        text: Its text.
        language: Its tag.
        boilerplate: What of the text is not the story.
        judged: By topic that was ruled on, whether the article has it.
    """

    article_id: str
    title: str | None
    text: str
    language: str
    boilerplate: tuple[Boilerplate, ...]
    judged: Mapping[str, bool]


def corrections(connection: Connection) -> tuple[Correction, ...]:
    """Every article with a ruling in force, in the order of their ids; a text counts once, whatever carries it."""
    judged: dict[str, dict[str, bool]] = defaultdict(dict)
    for row in connection.rows(
        "SELECT article_id, topic, holds FROM v_topic_decisions WHERE revoked_at IS NULL ORDER BY article_id, topic"
    ):
        judged[row["article_id"]][row["topic"]] = bool(row["holds"])
    wanted = list(judged)
    skipped: dict[str, list[Boilerplate]] = defaultdict(list)
    for row in connection.rows_in(
        """SELECT article_id, start_offset, end_offset, reason FROM v_article_boilerplate
        WHERE article_id IN ({}) ORDER BY article_id, start_offset""",
        wanted,
    ):
        skipped[row["article_id"]].append(
            Boilerplate(start=row["start_offset"], end=row["end_offset"], reason=CutReason(row["reason"]))
        )
    found = connection.rows_in(
        "SELECT article_id, title, text, language FROM v_articles WHERE article_id IN ({}) ORDER BY article_id", wanted
    )
    return tuple(
        Correction(
            article_id=row["article_id"],
            title=row["title"],
            text=row["text"],
            language=row["language"],
            boilerplate=tuple(skipped[row["article_id"]]),
            judged=judged[row["article_id"]],
        )
        for row in found
    )
