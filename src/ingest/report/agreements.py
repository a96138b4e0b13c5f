"""How agreements are shown."""

from __future__ import annotations

from collections.abc import Iterable

from ingest import wire
from ingest.documents import Status
from ingest.report import words
from ingest.report.blocks import Block, Entry, Gap, Grid, Heading, Line, Part, Tone, line

__all__ = ["detail", "entries", "grid", "known", "summary"]

_ID_WIDTH = 16  # `agr-`, 10 digits, two spaces
_LABEL_WIDTH = 13
_SENTENCE = 700  # characters of evidence that are shown in a list without a cut
_STATES = {"dismissed": "dismissed: no agreement", "emptied": "no article tells of it any more"}
_STATUS_TONES = {Status.ENDED: Tone.BAD, Status.PLANNED: Tone.NOTICE}


def summary(agreement: wire.Agreement, *, sentence: bool = True, identity: bool = False) -> tuple[Line, ...]:
    """An agreement in a few lines: parties, what it is, and the sentence that says so with its source.

    Args:
        agreement: The agreement, with its mentions.
        sentence: Whether to quote the sentence.
        identity: Whether to give the id.
    """
    what = line(
        f"{words.kind(agreement.kind)} · ",
        Part(agreement.status.value, _STATUS_TONES.get(agreement.status, Tone.PLAIN)),
        f" · {words.dated(agreement.signed_on)} · {'news' if agreement.is_news else 'background'}",
        Part(f" · {agreement.id}" if identity else "", Tone.FAINT),
    )
    lines = [line(Part(words.parties(agreement), Tone.STRONG)), what]
    if sentence and agreement.mentions:
        best = agreement.mentions[0]
        names = [(party.name, party.organisation) for party in agreement.parties]
        evidence = words.quoted(best.evidence, names, _SENTENCE)
        lines += [line(f"“{evidence}”"), line(Part(_told_by(best), Tone.FAINT))]
    return tuple(lines)


def known(agreement: wire.Agreement) -> Line:
    """An agreement in one line, for those that are no news: parties, kind, status, id."""
    about = f" · {words.kind(agreement.kind)} · {agreement.status.value} · {agreement.id}"
    return line(words.parties(agreement), Part(about, Tone.FAINT))


def _told_by(mention: wire.AgreementMention) -> str:
    named = mention.title or mention.key
    about = [words.shortened(named, 120), mention.publisher, words.dated(mention.published_at, ""), mention.article]
    return "— " + " · ".join(part for part in about if part)


def entries(agreements: Iterable[wire.Agreement]) -> list[Block]:
    """A list for a terminal: a few lines an agreement, and an empty one between."""
    blocks: list[Block] = []
    for agreement in agreements:
        blocks += [Entry(Part(agreement.id, Tone.NOTICE), summary(agreement), width=_ID_WIDTH), Gap()]
    return blocks[:-1]


def grid(agreements: Iterable[wire.Agreement]) -> list[Block]:
    """A list for a pipe: a line an agreement, tab-separated."""
    rows = tuple(
        tuple(
            Part(cell)
            for cell in (
                agreement.id,
                agreement.signed_on or "",
                agreement.status.value,
                agreement.kind.value,
                "news" if agreement.is_news else "background",
                words.parties(agreement),
                agreement.mentions[0].evidence if agreement.mentions else "",
                agreement.mentions[0].article if agreement.mentions else "",
            )
        )
        for agreement in agreements
    )
    header = ("id", "date", "status", "kind", "news", "parties", "evidence", "article")
    return [Grid(header, rows, flexible=5)]


def detail(agreement: wire.Agreement) -> list[Block]:
    """One agreement: its parties, everything that is known of it, all evidence and its history."""
    blocks: list[Block] = [Heading(words.parties(agreement) or agreement.id), Gap()]
    blocks += [_labelled(label, value) for label, value in _properties(agreement) if value]
    blocks += [Gap(), Heading("Parties")]
    for party in agreement.parties:
        known = [
            party.organisation if party.organisation != party.name else "",
            party.region or "",
            party.organisation_id,
        ]
        blocks.append(line(party.name, Part("  " + " · ".join(part for part in known if part), Tone.FAINT), indent=2))
    blocks += [Gap(), Heading("Evidence", words.number(len(agreement.mentions), "sentence"))]
    for mention in agreement.mentions:
        standing = "" if mention.is_current else " · revised away since"
        about = f"{_told_by(mention)} · sentence {mention.mention}{standing}"
        said = f"{mention.status.value}, {'news' if mention.is_news else 'background'}, {mention.confidence:.2f}"
        blocks.append(line(f"“{mention.evidence}”", indent=2))
        blocks.append(line(Part(f"{about} · {said}", Tone.FAINT), indent=2))
    if agreement.events:
        blocks += [Gap(), Heading("History")]
        blocks += [Entry(Part(event.at, Tone.FAINT), (line(_event(event)),), width=22) for event in agreement.events]
    return blocks


def _properties(agreement: wire.Agreement) -> Iterable[tuple[str, str | None]]:
    yield "Id", agreement.id
    yield "State", _STATES.get(agreement.state)
    yield "Merged", ", ".join(agreement.merged)
    yield "Kind", words.kind(agreement.kind)
    yield "Status", agreement.status.value
    yield "Signed", agreement.signed_on
    yield "Reported as", "news" if agreement.is_news else "background"
    yield "Fields", ", ".join(agreement.fields)
    yield "Value", agreement.value
    yield "Confidence", f"{agreement.confidence:.2f}"
    yield "Sources", f"{agreement.independent_sources} independent"
    yield "First seen", agreement.first_seen_at
    yield "Last seen", agreement.last_seen_at


def _event(event: wire.AgreementEvent) -> str:
    said = event.event.replace("_", " ")
    if event.old_status and event.new_status and event.old_status != event.new_status:
        said += f": {event.old_status.value} → {event.new_status.value}"
    elif event.new_status:
        said += f" as {event.new_status.value}"
    parts = (said, event.article, event.other, event.person and f"by {event.person}", event.detail)
    return " · ".join(part for part in parts if part)


def _labelled(label: str, value: str) -> Entry:
    return Entry(Part(label, Tone.FAINT), (line(value),), width=_LABEL_WIDTH)
