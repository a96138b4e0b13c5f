"""One set of rules, used twice: `clean` takes what they find out of a text, `boilerplate` only points at it.

Order of precedence where two rules claim the same stretch: what stands above the story, repeated headlines, teasers,
furniture, blocks of press releases. Every step reads each line a bounded number of times: linear in the text.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from ingest.documents import Boilerplate, Cut, CutReason
from ingest.extract.blocks import find_blocks
from ingest.extract.dates import Clock
from ingest.extract.findings import Evidence, Finding
from ingest.extract.head import find_head
from ingest.extract.lines import Line, fold, read_lines
from ingest.extract.related import find_repeats, find_tail, find_teasers

__all__ = ["Cleaned", "boilerplate", "clean", "find"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cleaned:
    """A text without its furniture.

    Attributes:
        text: What is left, one paragraph a line with an empty line between; may be empty.
        cuts: What was taken out, in the order of the text.
        boilerplate: What stays but is not the story; offsets into `text`.
        evidence: What the text said of itself.
    """

    text: str
    cuts: tuple[Cut, ...]
    boilerplate: tuple[Boilerplate, ...]
    evidence: Evidence


def _disjoint(lines: tuple[Line, ...], found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Drop what overlaps an earlier finding; every finding lies within one line."""
    starts = [line.start for line in lines]
    taken: dict[int, list[Finding]] = {}
    for finding in found:
        others = taken.setdefault(bisect_right(starts, finding.start), [])
        if all(finding.end <= other.start or other.end <= finding.start for other in others):
            others.append(finding)
    return tuple(sorted((one for several in taken.values() for one in several), key=lambda finding: finding.start))


def find(lines: tuple[Line, ...], titles: tuple[str, ...], clock: Clock) -> tuple[Finding, ...]:
    """Find all that is not the story.

    Args:
        lines: The text's lines.
        titles: Its headline where known from elsewhere, in all forms in which it is.
        clock: For dates.

    Returns:
        Findings in the order of the text, disjoint, each within one line.
    """
    head = find_head(lines, titles, clock)
    by_start = {line.start: line for line in lines}
    headlines = tuple(by_start[one.start].plain for one in head if one.reason is CutReason.REPEATED_HEADLINE)
    repeats = list(find_repeats(lines, (*headlines, *titles)))
    repeated = {one.start for one in (*head, *repeats)}
    teasers = find_teasers(lines, frozenset(line.number for line in lines if line.start in repeated))
    tail = list(find_tail(lines, clock))
    images = (Finding(start=line.start, end=line.end, reason=CutReason.CAPTION) for line in lines if not line.plain)
    return _disjoint(
        lines,
        (
            *head,
            *repeats,
            *teasers,
            *images,
            *(one for one in tail if one.reason is not CutReason.CONTACT),
            *find_blocks(lines),
            *(one for one in tail if one.reason is CutReason.CONTACT),
        ),
    )


def _evidence(findings: tuple[Finding, ...]) -> Evidence:
    evidence = Evidence()
    for finding in findings:
        evidence = evidence.or_else(finding.evidence)
    return evidence


def _merged(spans: Iterable[Boilerplate], text: str) -> tuple[Boilerplate, ...]:
    """Join neighbours of one reason with only white space between them."""
    merged: list[Boilerplate] = []
    for span in spans:
        last = merged[-1] if merged else None
        if last and last.reason is span.reason and not text[last.end : span.start].strip():
            merged[-1] = Boilerplate(start=last.start, end=span.end, reason=span.reason)
        else:
            merged.append(span)
    return tuple(merged)


def clean(text: str, titles: tuple[str, ...], clock: Clock) -> Cleaned:
    """Take out of a text what is not its story.

    Args:
        text: Text without markup, one paragraph a line.
        titles: Headline where known from elsewhere, in all forms in which it is; otherwise a first line that reads as
            one becomes `evidence.title`.
        clock: For dates.

    Returns:
        The text, what was cut, what stays as boilerplate, and what the cut lines said.
    """
    lines = read_lines(text)
    findings = find(lines, titles, clock)
    waiting = list(reversed(findings))
    parts: list[str] = []
    cuts: list[Cut] = []
    stays: list[Boilerplate] = []
    position = 0
    for line in lines:
        own: list[Finding] = []
        while waiting and waiting[-1].start < line.end:
            own.append(waiting.pop())
        offset = position + 2 if parts else 0
        cuts.extend(
            Cut(text=text[one.start : one.end], reason=one.reason, position=position) for one in own if not one.stays
        )
        kept, spans = _apply(text, line, own)
        stays.extend(Boilerplate(start=offset + at, end=offset + end, reason=reason) for at, end, reason in spans)
        if kept:
            parts.append(kept)
            position = offset + len(kept)
    cleaned = "\n\n".join(parts)
    return Cleaned(text=cleaned, cuts=tuple(cuts), boilerplate=_merged(stays, cleaned), evidence=_evidence(findings))


def _apply(text: str, line: Line, findings: list[Finding]) -> tuple[str, list[tuple[int, int, CutReason]]]:
    """What is left of a line, and where in that its boilerplate stands."""
    kept, at = "", line.start
    spans: list[tuple[int, int, CutReason]] = []
    for finding in findings:
        kept = (kept + text[at : finding.start]).lstrip()
        at = finding.end
        if finding.stays:
            start = len(kept)
            kept += text[finding.start : finding.end]
            spans.append((start, len(kept), finding.reason))
    return (kept + text[at : line.end]).strip(), spans


def boilerplate(text: str, title: str | None, clock: Clock) -> tuple[Boilerplate, ...]:
    """Point at what is not the story in a text that must stay as it is.

    A headline at the top that is known from nowhere else is left out: it is the only place that holds it.

    Args:
        text: Any text, Markdown too.
        title: Headline where known from elsewhere.
        clock: For dates.

    Returns:
        Spans of `text`, in order, disjoint.
    """
    lines = read_lines(text)
    known = bool(title and fold(title))
    titles = (title,) if title and known else ()
    return _merged(
        (
            Boilerplate(start=one.start, end=one.end, reason=one.reason)
            for one in find(lines, titles, clock)
            if known or one.evidence.title is None
        ),
        text,
    )
