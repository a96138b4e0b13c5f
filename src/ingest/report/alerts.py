"""How alert rules, messages and channels are shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from ingest import wire
from ingest.report.blocks import Block, Entry, Grid, Heading, Line, Part, Tone, line
from ingest.report.words import command, dated, kind, number

if TYPE_CHECKING:
    from ingest.alerts.dispatch import Settled

__all__ = ["channels", "entries", "grid", "in_report", "previewed", "settled", "show", "table"]

_TONES = {"sent": Tone.GOOD, "pending": Tone.NOTICE, "parked": Tone.BAD, "active": Tone.GOOD, "paused": Tone.NOTICE}
_WIDTH = 14
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EVERYTHING = "everything"


def table(rules: Sequence[wire.AlertRule]) -> list[Block]:
    """All rules, one a line."""
    header = ("rule", "state", "channels", "pending", "sent", "parked", "asks for")
    rows = tuple(
        (
            Part(each.name, Tone.STRONG),
            Part(each.state, _TONES.get(each.state, Tone.FAINT)),
            Part(", ".join(each.channels)),
            Part(f"{each.pending:,}"),
            Part(f"{each.sent:,}"),
            Part(f"{each.parked:,}", Tone.BAD if each.parked else Tone.PLAIN),
            Part("; ".join(f"{name.lower()} {value}" for name, value in _asks(each)) or _EVERYTHING, Tone.FAINT),
        )
        for each in rules
    )
    return [Grid(header, rows, flexible=6)]


def show(rule: wire.AlertRule) -> list[Block]:
    """One rule, with all that it says."""
    facts = [("State", rule.state), ("Channels", ", ".join(rule.channels)), *_asks(rule)]
    if len(facts) == len(("State", "Channels")):
        facts.append(("Asks for", _EVERYTHING))
    facts += [
        ("Undated", "told" if rule.allows_undated else "not told"),
        ("First contact", "told" if rule.first_contact else "not told"),
        ("Messages", f"{rule.pending:,} pending, {rule.sent:,} sent, {rule.parked:,} parked"),
    ]
    entries_ = [Entry(Part(label, Tone.FAINT), (line(value),), width=_WIDTH + 2) for label, value in facts]
    return [Heading(rule.name), *entries_]


def _asks(rule: wire.AlertRule) -> Iterator[tuple[str, str]]:
    lists = (
        ("Organisation", rule.organisations),
        ("Party", rule.parties),
        ("Topic", rule.topics),
        ("Kind", tuple(kind(each) for each in rule.kinds)),
        ("Status", tuple(each.value for each in rule.statuses)),
        ("Language", rule.languages),
        ("Source", rule.sources),
    )
    yield from ((name, " or ".join(values)) for name, values in lists if values)
    if rule.min_confidence is not None:
        yield "Confidence", f"at least {rule.min_confidence:g}"
    if rule.max_age_days is not None:
        yield "Age", f"at most {number(rule.max_age_days, 'day')}"
    if rule.digest:
        day = f" on {_DAYS[rule.digest_weekday or 0]}" if rule.digest == "weekly" else ""
        yield "Digest", f"{rule.digest}{day} at {rule.digest_at} {rule.time_zone}"
    if rule.quiet_from:
        yield "Quiet", f"{rule.quiet_from} to {rule.quiet_until} {rule.time_zone}"
    if rule.ceiling is not None:
        yield "Ceiling", f"{number(rule.ceiling, 'message')} an hour"


def entries(deliveries: Sequence[wire.AlertDelivery]) -> list[Block]:
    """Messages, for a terminal."""
    return [Entry(Part(each.state, _TONES.get(each.state, Tone.FAINT)), _lines(each)) for each in deliveries]


def _lines(each: wire.AlertDelivery) -> tuple[Line, ...]:
    when = f"sent {each.sent_at}" if each.sent_at else f"due {each.due_at or each.scheduled_at}"
    told = [f"{each.rule} → {each.channel}", each.kind, when]
    told += [number(each.attempts, "attempt")] if each.attempts > 1 or each.state in {"pending", "parked"} else []
    said = [line(Part(" · ".join(told))), line(Part(f"{each.id} · {' '.join(each.agreements)}", Tone.FAINT))]
    if each.failure:
        said.append(line(Part(each.failure, Tone.BAD)))
    return tuple(said)


def grid(deliveries: Sequence[wire.AlertDelivery]) -> list[Block]:
    """Messages, for a pipe."""
    header = ("id", "state", "when", "rule", "channel", "kind", "agreements", "failure")
    rows = tuple(
        tuple(
            Part(value)
            for value in (
                each.id,
                each.state,
                each.sent_at or each.due_at or each.scheduled_at,
                each.rule,
                each.channel,
                each.kind,
                " ".join(each.agreements),
                each.failure or "",
            )
        )
        for each in deliveries
    )
    return [Grid(header, rows, flexible=7)]


def previewed(events: Sequence[wire.AlertPreview]) -> list[Block]:
    """What a rule would have told."""
    return [
        Entry(
            Part(each.message, Tone.NOTICE),
            (
                line(Part(" + ".join(each.parties), Tone.STRONG)),
                line(
                    f"{each.why.replace('_', ' ')} · {kind(each.kind)} · {each.status.value} · {dated(each.date)}",
                    Part(f" · {each.at} → {each.due} · {each.agreement}", Tone.FAINT),
                ),
            ),
        )
        for each in events
    ]


def settled(attempt: Settled) -> str:
    """What came of one attempt, in a line."""
    where = f"{attempt.delivery} · {attempt.rule} → {attempt.channel}"
    said = f": {attempt.detail}" if attempt.detail else ""
    if attempt.state == "pending" and attempt.wait is not None:
        return f"not sent {where}{said}; tried again in {attempt.wait.total_seconds():,.0f} seconds"
    return f"{attempt.state} {where}{said}"


def in_report(counted: Mapping[str, int], *, options: tuple[str, ...] = ()) -> list[Block]:
    """How many alerts were told by a report that lists their agreements, by the name of their rule; a line each.

    Args:
        counted: By the name of the rule.
        options: What a further command must repeat to see the same store, passwords masked.
    """
    log = command("alerts", "log", options=options)
    return [
        Entry(
            Part("Alerts", Tone.FAINT),
            tuple(
                line(f"{number(count, 'alert')} of the rule {rule}, told above: {log}")
                for rule, count in sorted(counted.items())
            ),
        )
    ]


def channels(found: Sequence[wire.AlertChannel]) -> list[Block]:
    """The channels, one a line."""
    rows = tuple(
        (
            Part(each.name, Tone.STRONG),
            Part(each.kind),
            Part(each.target or "", Tone.FAINT),
            Part(", ".join(each.missing), Tone.BAD),
        )
        for each in found
    )
    return [Grid(("channel", "kind", "leads to", "missing"), rows, flexible=2)]
