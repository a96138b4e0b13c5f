"""What a run says when it is done: what became of each document, the agreements that it told of, what to try next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ingest import wire
from ingest.documents import Detected, Fate, Outcome
from ingest.report import words
from ingest.report.agreements import known as known_line
from ingest.report.agreements import summary
from ingest.report.articles import facts
from ingest.report.blocks import Block, Entry, Gap, Heading, Line, Part, Tone, line

__all__ = ["Collected", "Known", "brief", "document", "listed", "news", "report", "stopped"]

_SHOWN_DOCUMENTS = 20
_SHOWN_AGREEMENTS = 20
_READ = "only .txt, .md, .html, .htm, .jsonl, and gzip of each, are read"
_WITHOUT_TEXT = (Fate.DROPPED, Fate.BUSY)


@dataclass(slots=True)
class Collected:
    """What a run told of, as much of it as will be shown; it stays small however long the run.

    Attributes:
        fates: Documents by fate.
        shown: Outcomes to list: what was dropped or left first, then what changed, then the rest.
        detected: Agreements that are new or changed, by id, as many as are listed.
        new: Ids of those that the ledger did not have before, all of them.
    """

    fates: Counter[Fate] = field(default_factory=Counter)
    detected: dict[str, Detected] = field(default_factory=dict)
    new: list[str] = field(default_factory=list)
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
            if detected.is_new:
                self.new.append(detected.agreement_id)
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
    def new_agreements(self) -> int:
        """How many agreements are new to the ledger, as news or as background."""
        return len(self.new)

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
        news: How many of the new ones are news.
        database: Where the store lies, password masked.
        archive: Where raw bytes lie, likewise.
        options: What a further command must repeat to see the same store, passwords masked.
    """

    articles: Mapping[str, wire.Article]
    agreements: Mapping[str, wire.Agreement]
    news: int
    database: str
    archive: str
    options: tuple[str, ...] = ()


def report(collected: Collected, known: Known, *, seconds: float, paths: Sequence[str]) -> list[Block]:
    """All of it, short enough to be read."""
    taken = f"from {', '.join(paths)}" if len(paths) <= 3 else f"from {len(paths)} places"
    head = f"{words.number(collected.documents, 'document')} {taken}"
    counts = " · ".join(part for part in (_counts(collected), f"{seconds:.1f} s") if part)
    blocks: list[Block] = [Gap(), Heading(head), line(Part(counts, Tone.FAINT)), Gap()]
    if not collected.documents:
        nothing = f"nothing to read in {', '.join(paths)}: {_READ}"
        return [*blocks, line(nothing), Gap(), *_footer(collected, known, paths)]
    blocks += [document(outcome, known) for outcome in collected.shown]
    blocks += _hidden(collected, collected.shown, known)
    blocks += _agreements(collected, known)
    return [*blocks, Gap(), *_footer(collected, known, paths)]


def _hidden(collected: Collected, shown: Sequence[Outcome], known: Known, *, apart: int = 0) -> Iterable[Line]:
    """What of a long run is not listed, and which command lists it; `apart` are counted elsewhere."""
    listed = Counter(outcome.fate for outcome in shown)
    drops, busy = (collected.fates[fate] - listed[fate] for fate in _WITHOUT_TEXT)
    others = collected.documents - len(shown) - drops - busy - apart
    lists_drops, lists_articles = (
        f"'{words.command(name, '--limit', '0', options=known.options)}' lists them all"
        for name in ("drops", "articles")
    )
    if drops:
        yield line(Part(f"… and {drops:,} more dropped: {lists_drops}", Tone.FAINT))
    if busy:
        yield line(Part(f"… and {busy:,} more that another worker has in hand", Tone.FAINT))
    if others:
        yield line(Part(f"… and {others:,} more: {lists_articles}", Tone.FAINT))


def stopped(collected: Collected) -> str:
    """What a run had settled when it was stopped."""
    settled = f": {_counts(collected)}" if collected.documents else ""
    return f"stopped after {words.number(collected.documents, 'document')}{settled}"


def document(outcome: Outcome, known: Known) -> Entry:
    """What became of one document."""
    return Entry(words.FATES[outcome.fate], tuple(_told(outcome, known)))


def news(detected: Detected, agreement: wire.Agreement) -> Entry:
    """An agreement that was detected, or whose status changed, in one block.

    One that the ledger did not have, and that articles only mention as background, is no news: it is not called new.
    """
    if not detected.is_new:
        label = Part("changed", Tone.NOTICE)
    elif agreement.is_news:
        label = Part("NEW", Tone.GOOD)
    else:
        label = Part("background", Tone.FAINT)
    return Entry(label, summary(agreement, identity=True))


def brief(collected: Collected, known: Known) -> Iterable[Block]:
    """One line for each document that is not as it was, and one for all the others."""
    for outcome in collected.shown:
        if outcome.fate is not Fate.UNCHANGED:
            first, *rest = _told(outcome, known)
            between = [part for each in rest for part in (Part(" · ", Tone.FAINT), *each.parts)]
            yield Entry(words.FATES[outcome.fate], (line(*first.parts, *between),))
    unchanged = collected.fates[Fate.UNCHANGED]
    shown = [outcome for outcome in collected.shown if outcome.fate is not Fate.UNCHANGED]
    if unchanged:
        yield Entry(words.FATES[Fate.UNCHANGED], (line(Part(words.number(unchanged, "document"), Tone.FAINT)),))
    yield from _hidden(collected, shown, known, apart=unchanged)


def _told(outcome: Outcome, known: Known) -> Iterable[Line]:
    article = known.articles.get(outcome.article_id or "")
    if outcome.dropped is not None:
        yield line(Part(outcome.key, Tone.STRONG))
        yield line(Part(f"{outcome.dropped.reason.value}: ", Tone.BAD), outcome.dropped.detail)
        return
    # The article may be another document's; the key is always this document's own.
    if article is None:
        yield line(Part(outcome.key, Tone.STRONG))
    else:
        yield line(words.titled(article) if article.title else Part(outcome.key))
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
        others = words.command("article", article.id, "--revisions", options=known.options)
        yield line(f"now revision {article.revision}; '{others}' shows the others")


def _counts(collected: Collected) -> str:
    return ", ".join(f"{collected.fates[fate]:,} {words.FATES[fate].text}" for fate in Fate if collected.fates[fate])


def _agreements(collected: Collected, known: Known) -> Iterable[Block]:
    told = list(known.agreements.values())
    if not told:
        yield from (Gap(), Heading("Agreements", "none told of by these documents"))
        return
    total = len(known.agreements.keys() | set(collected.new))
    background = collected.new_agreements - known.news
    counts = [words.number(total, "agreement"), f"{known.news or 'none'} newly detected"]
    counts += [f"{background:,} background"] if background else []
    yield from (Gap(), Heading(", ".join(counts)))
    listed = [(agreement, collected.detected.get(agreement.id)) for agreement in told[:_SHOWN_AGREEMENTS]]
    fresh = [(agreement, one) for agreement, one in listed if one is not None and (one.is_new or one.status_changed)]
    for agreement, detected in fresh:
        yield from (Gap(), news(detected, agreement))
    shown = {agreement.id for agreement, _ in fresh}
    known_ones = [agreement for agreement, _ in listed if agreement.id not in shown]
    yield from (Gap(),) if known_ones else ()
    yield from (Entry(Part("known", Tone.FAINT), (known_line(agreement),)) for agreement in known_ones)
    if hidden := total - min(len(told), _SHOWN_AGREEMENTS):
        lists = words.command("agreements", "--limit", "0", options=known.options)
        yield line(Part(f"… and {hidden:,} more: '{lists}' lists them all", Tone.FAINT))


def listed(collected: Collected, known: Known) -> frozenset[str]:
    """Ids of the agreements to which a report gives a block of their own, as new or changed."""
    first = list(known.agreements)[:_SHOWN_AGREEMENTS]
    told = {identity: collected.detected.get(identity) for identity in first}
    return frozenset(each for each, one in told.items() if one is not None and (one.is_new or one.status_changed))


def _footer(collected: Collected, known: Known, paths: Sequence[str]) -> Iterable[Block]:
    yield Entry(Part("Database", Tone.FAINT), (line(known.database),))
    yield Entry(Part("Archive", Tone.FAINT), (line(known.archive),))
    outcomes = collected.shown
    lost = next((outcome for outcome in outcomes if outcome.fate is Fate.DROPPED), None)
    stored = next((outcome.article_id for outcome in outcomes if outcome.article_id), None)
    tries = [
        ("why", lost.key) if lost else (),
        ("drops",) if collected.fates[Fate.DROPPED] > 1 else (),
        ("article", stored, "--text") if stored else (),
        ("agreement", next(iter(known.agreements))) if known.agreements else (),
        ("agreements", "--news") if known.agreements else (),
        ("run", *paths) if collected.fates[Fate.BUSY] else (),
        ("stats",),
    ]
    commands = [words.command(*arguments, options=known.options) for arguments in tries if arguments]
    yield Entry(Part("Try next", Tone.FAINT), tuple(map(line, commands)))
