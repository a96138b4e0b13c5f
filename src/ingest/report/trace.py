"""How a trace is shown: a tree on a terminal, a line a step in a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest import wire
from ingest.report import words
from ingest.report.blocks import Block, Grid, Line, Part, Tone, line

__all__ = ["Step", "lines", "steps", "tree"]

_LONGEST = 400  # characters of a text on a terminal
_STANDS = {"in_force": "in force", "revised": "revised away"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of a trace.

    Attributes:
        depth: How far it is below what is traced.
        thing: What it is: `agreement`, `mention`, `article`, `cut`, `page`, …
        id: What it is called; may be empty.
        said: What is to be said of it.
        run: Run that made it, if one did.
        tone: How much weight it has.
    """

    depth: int
    thing: str
    id: str
    said: str
    run: int | None = None
    tone: Tone = Tone.PLAIN


def tree(told: wire.Trace) -> list[Block]:
    """A trace for a terminal: what a thing rests on is indented below it."""
    return [_indented(step) for step in steps(told)]


def _indented(step: Step) -> Line:
    parts = [Part(step.thing, Tone.FAINT)]
    if step.id:
        parts += [Part("  "), Part(step.id, Tone.NOTICE)]
    parts += [Part("  "), Part(words.shortened(step.said, _LONGEST), step.tone)]
    if step.run is not None:
        parts.append(Part(f"  run {step.run}", Tone.FAINT))
    return line(*parts, indent=2 * step.depth)


def lines(told: wire.Trace) -> list[Block]:
    """A trace for a pipe: depth, thing, id, run and what is said, separated by tabs."""
    rows = tuple(
        (
            Part(str(step.depth)),
            Part(step.thing),
            Part(step.id),
            Part("" if step.run is None else str(step.run)),
            Part(step.said),
        )
        for step in steps(told)
    )
    return [Grid(("depth", "thing", "id", "run", "said"), rows, flexible=4)]


def steps(told: wire.Trace) -> Iterator[Step]:
    """Every step, in the order in which they are told."""
    for note in told.notes:
        yield Step(depth=0, thing="note", id="", said=note, tone=Tone.BAD)
    if told.agreement is not None:
        yield from _agreement(told.agreement, told.rulings)
    if told.topic is not None:
        yield from _topic(told.topic, told.rulings)
    depth = 0 if told.agreement is None else 1
    articles = {article.id: article for article in told.articles}
    if told.what in {"article", "topic"}:
        for article in told.articles:
            yield from _article(article, depth=0 if told.topic is None else 1)
        for mention in told.mentions:
            yield from _mention(mention, told.party, depth=1)
    else:
        shown: set[str] = set()
        for mention in told.mentions:
            yield from _mention(mention, told.party, depth=depth)
            if mention.article not in shown and mention.article in articles:
                yield from _article(articles[mention.article], depth=depth + 1)
            shown.add(mention.article)
    for run in told.runs:
        yield _run(run)


def _agreement(agreement: wire.TracedAgreement, rulings: Sequence[wire.TracedRuling]) -> Iterator[Step]:
    state = agreement.state.replace("_", " ")
    names = " + ".join(party.name for party in agreement.parties) or "no party now"
    about = (names, words.kind(agreement.kind), agreement.status.value, agreement.signed_on, state)
    yield Step(depth=0, thing="agreement", id=agreement.id, said=_joined(*about), run=agreement.run, tone=Tone.STRONG)
    for party in agreement.parties:
        known = party.organisation if party.organisation != party.name else None
        yield Step(depth=1, thing="party", id=party.organisation_id, said=_joined(party.name, known, party.region))
    for event in agreement.events:
        status = event.new_status.value if event.new_status else None
        if event.old_status and event.new_status and event.old_status != event.new_status:
            status = f"{event.old_status.value} → {event.new_status.value}"
        sentence = f"sentence {event.mention}" if event.mention is not None else None
        by = f"by {event.person}" if event.person else None
        said = _joined(event.event.replace("_", " "), status, sentence, event.other, by, event.detail)
        yield Step(depth=1, thing="event", id=event.at, said=said, run=event.run)
    yield from _rulings(rulings)


def _rulings(rulings: Sequence[wire.TracedRuling]) -> Iterator[Step]:
    for ruling in rulings:
        what = ruling.kind.replace("_", " ") + ("" if ruling.holds else ": no")
        back = f"taken back on {ruling.revoked_at}" if ruling.revoked_at else None
        said = _joined(what, f"by {ruling.person}", ruling.other, ruling.note, back)
        yield Step(depth=1, thing="ruling", id=ruling.made_at, said=said)


def _topic(topic: wire.TracedTopic, rulings: Sequence[wire.TracedRuling]) -> Iterator[Step]:
    score = "not given by a machine" if topic.score is None else f"machine {topic.score:.2f}"
    force = "in force" if topic.is_in_force else "not in force"
    yield Step(
        depth=0,
        thing="topic",
        id=f"{topic.article}/{topic.topic}",
        said=_joined(force, score),
        run=topic.run,
        tone=Tone.STRONG,
    )
    for span in topic.evidence:
        yield Step(
            depth=1, thing="evidence", id=_span(span.start, span.end), said=f"“{span.text}” in the {_place(span)}"
        )
    yield from _rulings(rulings)


def _place(span: wire.Evidence) -> str:
    return "headline" if span.place.value == "title" else span.place.value


def _mention(mention: wire.TracedMention, party: str | None, *, depth: int) -> Iterator[Step]:
    news = "news" if mention.is_news else "background"
    about = (words.kind(mention.kind), mention.status.value, news, f"{mention.confidence:.2f}", mention.signed_on)
    where = f"{mention.article} {_span(mention.start, mention.end)}"
    said = _joined(mention.agreement or None, *about, where)
    yield Step(depth=depth, thing="mention", id=str(mention.mention), said=said, run=mention.run)
    yield Step(depth=depth + 1, thing="sentence", id=_span(mention.start, mention.end), said=f"“{mention.evidence}”")
    for each in mention.parties:
        if party is None or each.organisation_id == party:
            place = "carried over" if each.start is None or each.end is None else _span(each.start, each.end)
            own = each.organisation if each.organisation != each.name else None
            yield Step(depth=depth + 1, thing="named", id=place, said=_joined(each.name, own, each.organisation_id))


def _article(article: wire.TracedArticle, *, depth: int) -> Iterator[Step]:
    state = _STANDS.get(article.state, article.state)
    alike = f"resembles {article.near_duplicate_of}" if article.near_duplicate_of else None
    instead = f"supersedes {article.supersedes}" if article.supersedes else None
    size = words.number(article.characters, "character")
    said = _joined(state, article.language, size, alike, instead)
    yield Step(depth=depth, thing="article", id=article.id, said=said, run=article.run)
    if article.language_run != article.run:
        yield Step(depth=depth + 1, thing="language", id="", said=article.language, run=article.language_run)
    for stretch in article.boilerplate:
        span = _span(stretch.start, stretch.end)
        yield Step(depth=depth + 1, thing="boilerplate", id=span, said=stretch.reason.value)
    for reading in article.readings:
        yield from _reading(reading, depth=depth + 1)


def _reading(reading: wire.TracedReading, *, depth: int) -> Iterator[Step]:
    document = reading.document
    latest = "the latest" if reading.is_current else "not the latest"
    source = f"source {document.source} ({document.source_kind})"
    about = (reading.title, reading.publisher, words.dated(reading.published_at, ""), source, document.url)
    said = _joined(*about, f"revision {reading.revision}, {latest}", document.state)
    yield Step(depth=depth, thing="document", id=document.key, said=said, run=reading.run)
    for cut in reading.cuts:
        said = f"{cut.reason.value}: “{cut.text.strip()}”"
        yield Step(depth=depth + 1, thing="cut", id=f"[{cut.position}]", said=said, run=reading.run)
    for event in document.events:
        revision = f"revision {event.revision}" if event.revision else None
        said = _joined(event.event.replace("_", " "), event.article, revision, event.other, event.reason, event.detail)
        yield Step(depth=depth + 1, thing="event", id=event.at, said=said, run=event.run)
    if reading.page is not None:
        yield from _page(reading.page, depth=depth + 1)


def _page(page: wire.TracedPage, *, depth: int) -> Iterator[Step]:
    said = _joined(f"{page.bytes:,} bytes", page.media_type, f"first on {page.first_seen_at}")
    yield Step(depth=depth, thing="page", id=page.sha256, said=said, run=page.run)
    tone = Tone.PLAIN if page.archive in {"intact", "unchecked"} else Tone.BAD
    said = _joined(page.archive, page.problem)
    yield Step(depth=depth + 1, thing="archive", id=page.address or page.location, said=said, tone=tone)
    fetch = page.fetch
    if fetch is None:
        return
    if fetch.status is None:
        said = "read from a file: nothing was fetched"
    else:
        via = f"by way of {', '.join(fetch.redirects)}" if fetch.redirects else None
        tag = f"ETag {fetch.etag}" if fetch.etag else None
        changed = f"Last-Modified {fetch.last_modified}" if fetch.last_modified else None
        said = _joined(str(fetch.status), fetch.url, via, fetch.charset, tag, changed)
    yield Step(depth=depth + 1, thing="fetch", id=fetch.at, said=said, run=fetch.run)


def _run(run: wire.TracedRun) -> Step:
    flow = f"flow run {run.flow_run}" if run.flow_run else None
    said = _joined(run.kind, run.state, run.started_at, f"code {run.code_version}", flow)
    return Step(depth=0, thing="run", id=str(run.run), said=said)


def _span(start: int, end: int) -> str:
    return f"[{start}:{end}]"


def _joined(*parts: str | None) -> str:
    return " · ".join(part for part in parts if part)
