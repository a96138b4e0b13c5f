"""What must be known of what is traced before anybody relies on it, in sentences."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from ingest import wire

__all__ = ["noted"]


def noted(told: wire.Trace, runs: tuple[wire.TracedRun, ...]) -> wire.Trace:
    """A trace with its runs, and with all that must be said of it."""
    return replace(told, notes=tuple(_notes(told)), runs=runs)


def _notes(told: wire.Trace) -> Iterator[str]:
    if told.agreement is not None:
        yield from _of_agreement(told.agreement, told.rulings)
    if told.topic is not None:
        yield from _of_topic(told.topic, told.rulings)
    if told.agreement is not None and not told.mentions:
        yield "No sentence is kept that says so."
    for mention in told.mentions:
        yield from _of_mention(mention)
    for article in told.articles:
        yield from _of_article(article)


def _of_agreement(agreement: wire.TracedAgreement, rulings: tuple[wire.TracedRuling, ...]) -> Iterator[str]:
    match agreement.state:
        case "merged":
            yield (
                f"{agreement.id} was merged into {agreement.stands_for}{_by(rulings, 'same_agreement')}: that one"
                " stands for it now; the sentences below are its own, if it has any, else those of that one."
            )
        case "dismissed":
            yield (
                f"{agreement.id} was dismissed as no agreement{_by(rulings, 'not_an_agreement')}: no view shows it,"
                " and no alert tells of it."
            )
        case "emptied":
            yield f"No article tells of {agreement.id} any more: the sentences below are what it once rested on."
        case _:
            return


def _by(rulings: tuple[wire.TracedRuling, ...], kind: str) -> str:
    """By whom, when and why, where a person did it."""
    for ruling in reversed(rulings):
        if ruling.kind == kind and ruling.revoked_at is None:
            return f" by {ruling.person} on {ruling.made_at}" + (f" ({ruling.note})" if ruling.note else "")
    return ""


def _of_topic(topic: wire.TracedTopic, rulings: tuple[wire.TracedRuling, ...]) -> Iterator[str]:
    ruling = next((each for each in reversed(rulings) if each.revoked_at is None), None)
    if ruling is not None:
        why = f" ({ruling.note})" if ruling.note else ""
        had = "has" if ruling.holds else "has not"
        yield f"{ruling.person} ruled on {ruling.made_at} that {topic.article} {had} the topic {topic.topic}{why}."
        if ruling.other:
            yield f"The ruling was made on an earlier wording, {ruling.other}, and followed the document from there."
    if topic.run is None:
        yield "No run gave the article this topic: only a person says so, and there is no evidence in the text."
    elif topic.superseded_run is not None:
        yield f"The machine does not say so since run {topic.superseded_run}; the evidence is of run {topic.run}."
    if not topic.is_in_force:
        yield f"The topic {topic.topic} is not in force: no view shows it."


def _of_mention(mention: wire.TracedMention) -> Iterator[str]:
    if mention.superseded_run is not None:
        yield f"Sentence {mention.mention} counts for no agreement any more, since run {mention.superseded_run}."
    if mention.attached is not None:
        yield (
            f"The rules attached sentence {mention.mention} to {mention.attached}, which a person merged into"
            f" {mention.agreement}."
        )
    if not mention.stands:
        yield f"The text of {mention.article} does not have sentence {mention.mention} where its offsets say."


def _of_article(article: wire.TracedArticle) -> Iterator[str]:
    instead = f": {', '.join(article.followed_by)} took its place" if article.followed_by else ""
    if article.state == "superseded":
        runs = sorted({reading.superseded_run for reading in article.readings if reading.superseded_run is not None})
        named = f" in run {', '.join(map(str, runs))}" if runs else ""
        yield (
            f"{article.id} was superseded: a later extractor reads the same bytes otherwise{named}{instead}."
            " What cleaning had cut for it is not kept."
        )
    elif article.state == "revised":
        yield f"{article.id} was revised away: no document has these words any more{instead}."
    if article.copies > len(article.readings) > 1:
        yield f"{article.copies:,} documents and revisions carry {article.id}; {len(article.readings)} are told."
    for reading in article.readings:
        if reading.document.state == "dropped":
            yield f"The document {reading.document.key} stands dropped now: {reading.document.detail or 'no reason'}"
        if reading.page is None:
            yield f"The bytes that {article.id} was read from are not known for {reading.document.key}."
        elif reading.page.fetch is None:
            yield f"How the bytes of {reading.document.key} came is not known."
