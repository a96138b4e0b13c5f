"""What a run says when it is done: what became of each document, the agreements that it told of, what to try next."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest import wire
from ingest.documents import Detected, Fate, Outcome
from ingest.report import words
from ingest.report.agreements import summary
from ingest.report.articles import facts
from ingest.report.blocks import Block, Entry, Gap, Heading, Line, Part, Tone, line

__all__ = ["Collected", "Known", "brief", "document", "news", "report", "stopped"]

_SHOWN_DOCUMENTS = 20
_SHOWN_AGREEMENTS = 20
_WITHOUT_TEXT = (Fate.DROPPED, Fate.BUSY)


@dataclass(slots=True)
class Collected:
    """What a run told of, as much of it as will be shown; it stays small however long the run.

    Attributes:
        fates: Documents by fate.
        shown: Outcomes to list: what was dropped or left first, then what changed, then the rest.
        detected: Agreements that are new or changed, by id, as many as are listed.
        new_agreements: How many are new.
    """

    fates: Counter[Fate] = field(default_factory=Counter)
    detected: dict[str, Detected] = field(default_factory=dict)
    new_agreements: int = 0
    _lost: list[Outcome] = field(default_factory=list)
    _changed: list[Outcome] = field(default_factory=list)
    _rest: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Take what became of one document."""
        self.fates[outcome.fate] += 1
        lost = outcome.fate in _WITHOUT_TEXT
        kept = self._lost if lost else self._rest if outcome.fate is Fate.UNCHANGED else self._changed
        if len(kept) < _SHOWN_DOCUMENTS:
            kept.append(outcome)
        for detected in outcome.agreements:
            self.new_agreements += detected.is_new
            self._detect(detected)

    def _detect(self, detected: Detected) -> None:
        known = self.detected.get(detected.agreement_id)
        if known is None:
            if len(self.detected) < _SHOWN_AGREEMENTS:
                self.detected[detected.agreement_id] = detected
        elif not known.is_new:
            changed = known.status_changed or detected.status_changed
            self.detected[detected.agreement_id] = replace(detected, status_changed=changed)

    @property
    def documents(self) -> int:
        """Documents in all."""
        return self.fates.total()

    @property
    def shown(self) -> list[Outcome]:
        """Outcomes to list."""
        chosen = [*self._lost, *self._changed, *self._rest][:_SHOWN_DOCUMENTS]
        return sorted(chosen, key=lambda outcome: (outcome.source, outcome.key))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the store says of the documents and agreements of a report.

    Attributes:
        articles: By id.
        agreements: By id; the report lists them in this order.
        database: Where the store lies, password masked.
        archive: Where raw bytes lie, likewise.
    """

    articles: Mapping[str, wire.Article]
    agreements: Mapping[str, wire.Agreement]
    database: str
    archive: str


def report(collected: Collected, known: Known, *, seconds: float, paths: Sequence[str]) -> list[Block]:
    """All of it, short enough to be read."""
    taken = f"from {', '.join(paths)}" if len(paths) <= 3 else f"from {len(paths)} places"
    head = f"{words.number(collected.documents, 'document')} {taken}"
    counts = " · ".join(part for part in (_counts(collected), f"{seconds:.1f} s") if part)
    blocks: list[Block] = [Gap(), Heading(head), line(Part(counts, Tone.FAINT)), Gap()]
    blocks += [document(outcome, known.articles) for outcome in collected.shown]
    hidden = collected.documents - len(collected.shown)
    if hidden:
        blocks.append(line(Part(f"… and {hidden:,} more: 'ingest articles --limit 0' lists them all", Tone.FAINT)))
    blocks += _agreements(collected, known)
    return [*blocks, Gap(), *_footer(collected, known, paths)]


def stopped(collected: Collected) -> str:
    """What a run had settled when it was stopped."""
    settled = f": {_counts(collected)}" if collected.documents else ""
    return f"stopped after {words.number(collected.documents, 'document')}{settled}"


def document(outcome: Outcome, articles: Mapping[str, wire.Article]) -> Entry:
    """What became of one document."""
    return Entry(words.FATES[outcome.fate], tuple(_told(outcome, articles.get(outcome.article_id or ""))))


def news(detected: Detected, agreement: wire.Agreement) -> Entry:
    """An agreement that was detected, or whose status changed, in one block."""
    label = Part("NEW", Tone.GOOD) if detected.is_new else Part("changed", Tone.NOTICE)
    return Entry(label, summary(agreement, identity=True))


def brief(collected: Collected, known: Known) -> Iterable[Block]:
    """One line for each document that is not as it was, and one for all the others."""
    for outcome in collected.shown:
        if outcome.fate is not Fate.UNCHANGED:
            first, *rest = _told(outcome, known.articles.get(outcome.article_id or ""))
            between = [part for each in rest for part in (Part(" · ", Tone.FAINT), *each.parts)]
            yield Entry(words.FATES[outcome.fate], (line(*first.parts, *between),))
    unchanged = collected.fates[Fate.UNCHANGED]
    shown = sum(outcome.fate is not Fate.UNCHANGED for outcome in collected.shown)
    if unchanged:
        yield Entry(words.FATES[Fate.UNCHANGED], (line(Part(words.number(unchanged, "document"), Tone.FAINT)),))
    if hidden := collected.documents - shown - unchanged:
        yield line(Part(f"… and {hidden:,} more: 'ingest articles --limit 0' lists them all", Tone.FAINT))


def _told(outcome: Outcome, article: wire.Article | None) -> Iterable[Line]:
    if outcome.dropped is not None:
        yield line(Part(outcome.key, Tone.STRONG))
        yield line(Part(f"{outcome.dropped.reason.value}: ", Tone.BAD), outcome.dropped.detail)
        return
    if article is None:
        yield line(Part(outcome.key, Tone.STRONG))
    else:
        yield line(words.titled(article))
        named = f" · {outcome.key}" if article.title else ""
        yield line(Part(f"{facts(article)}{named} · {article.id}", Tone.FAINT))
    if outcome.fate is Fate.BUSY:
        yield line("another worker has it in hand; run again later")
    elif outcome.fate is Fate.RENAMED:
        yield line(f"renamed from {outcome.other}")
    elif outcome.fate is Fate.COPY:
        yield line(f"a copy of {outcome.other}")
    elif outcome.fate is Fate.NEAR_DUPLICATE:
        alike = "" if outcome.similarity is None else f" (similarity {outcome.similarity:.2f})"
        yield line(f"nearly a duplicate of {outcome.other}{alike}")
    elif outcome.fate is Fate.REVISED and article is not None:
        yield line(f"now revision {article.revision}; 'ingest article {article.id} --revisions' shows the others")


def _counts(collected: Collected) -> str:
    return ", ".join(f"{collected.fates[fate]:,} {words.FATES[fate].text}" for fate in Fate if collected.fates[fate])


def _agreements(collected: Collected, known: Known) -> Iterable[Block]:
    told = list(known.agreements.values())
    if not told:
        yield from (Gap(), Heading("Agreements", "none told of by these documents"))
        return
    new = f"{collected.new_agreements:,} of them new" if collected.new_agreements else "none of them new"
    yield from (Gap(), Heading(words.number(len(told), "agreement"), new))
    for agreement in told[:_SHOWN_AGREEMENTS]:
        detected = collected.detected.get(agreement.id)
        if detected is not None and (detected.is_new or detected.status_changed):
            entry = news(detected, agreement)
        else:
            entry = Entry(Part("known", Tone.FAINT), summary(agreement, identity=True))
        yield from (Gap(), entry)
    if len(told) > _SHOWN_AGREEMENTS or collected.new_agreements > _SHOWN_AGREEMENTS:
        yield from (Gap(), line(Part("… and more: 'ingest agreements --limit 0' lists them all", Tone.FAINT)))


def _footer(collected: Collected, known: Known, paths: Sequence[str]) -> Iterable[Block]:
    yield Entry(Part("Database", Tone.FAINT), (line(known.database),))
    yield Entry(Part("Archive", Tone.FAINT), (line(known.archive),))
    outcomes = collected.shown
    lost = next((outcome for outcome in outcomes if outcome.fate is Fate.DROPPED), None)
    stored = next((outcome.article_id for outcome in outcomes if outcome.article_id), None)
    tries = [
        f"ingest why {shlex.quote(lost.key)}" if lost else "",
        f"ingest article {stored} --text" if stored else "",
        f"ingest agreement {next(iter(known.agreements))}" if known.agreements else "",
        "ingest agreements --news" if known.agreements else "",
        f"ingest run {shlex.join(paths)}" if collected.fates[Fate.BUSY] else "",
        "ingest stats",
    ]
    yield Entry(Part("Try next", Tone.FAINT), tuple(line(one) for one in tries if one))
