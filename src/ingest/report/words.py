"""How things are called in front of people."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Sequence

from ingest import wire
from ingest.documents import Fate, Kind
from ingest.report.blocks import Part, Tone

__all__ = ["FATES", "command", "dated", "kind", "lasting", "number", "parties", "quoted", "shortened", "size", "titled"]

_KINDS = {Kind.MOU: "MOU"}

FATES: dict[Fate, Part] = {
    Fate.NEW: Part("new", Tone.GOOD),
    Fate.REVISED: Part("revised", Tone.NOTICE),
    Fate.UNCHANGED: Part("unchanged", Tone.FAINT),
    Fate.RENAMED: Part("renamed", Tone.NOTICE),
    Fate.COPY: Part("copy", Tone.NOTICE),
    Fate.NEAR_DUPLICATE: Part("similar", Tone.NOTICE),
    Fate.DROPPED: Part("dropped", Tone.BAD),
    Fate.BUSY: Part("busy", Tone.BAD),
}


def kind(value: Kind) -> str:
    """A kind of agreement: `joint venture`, `MOU`."""
    return _KINDS.get(value, value.value.replace("_", " "))


def dated(moment: str | None, missing: str = "no date") -> str:
    """The day of a date or time, as precise as it is known."""
    return moment[:10] if moment else missing


def number(count: int, thing: str, things: str | None = None) -> str:
    """A count with its noun: `1 document`, `5 documents`."""
    return f"{count:,} {thing if count == 1 else things or thing + 's'}"


def lasting(seconds: float) -> str:
    """A stretch of time, to the day, hour, minute or second: `2 hours`."""
    for unit, name in ((86_400, "day"), (3_600, "hour"), (60, "minute")):
        if seconds >= unit:
            return number(round(seconds / unit), name)
    return number(round(seconds), "second")


def size(count: int) -> str:
    """A number of bytes in decimal units: `1.2 GB`."""
    for unit, name in ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if count >= unit:
            return f"{count / unit:.1f} {name}"
    return number(count, "byte")


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters, with an ellipsis where it was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def quoted(text: str, names: Sequence[Sequence[str]], most: int) -> str:
    """A sentence as it is, or, where it is longer than that, the stretches of it in which the names stand.

    Args:
        text: The sentence.
        names: What each party may be called in it, the likeliest form first.
        most: Characters that need no cut; a cut sentence has about as many, more only where names fill it.
    """
    if len(text) <= most:
        return text
    spans = sorted(span for forms in names if (span := _find(text, forms)))
    if not spans:
        return shortened(text, most)
    for around in range(most, 0, -10):  # as much around each name as there is room for
        stretches = _stretches(text, spans, around)
        if sum(last - first for first, last in stretches) <= most:
            break
    shown = " … ".join(text[first:last].strip() for first, last in stretches)
    return ("…" if stretches[0][0] else "") + shown + ("…" if stretches[-1][1] < len(text) else "")


def _stretches(text: str, spans: Sequence[tuple[int, int]], around: int) -> list[tuple[int, int]]:
    """What stands around the spans, one stretch where these overlap."""
    stretches: list[tuple[int, int]] = []
    for start, end in spans:
        first, last = _at_words(text, start, end, around)
        if stretches and first <= stretches[-1][1]:
            first, last = stretches[-1][0], max(stretches.pop()[1], last)
        stretches.append((first, last))
    return stretches


def _find(text: str, forms: Sequence[str]) -> tuple[int, int] | None:
    """Where the first form stands that does, else a telling part of one: a sentence may have a name in short."""
    parts = (part for form in forms for part in _parts(form))
    for form in (*forms, *parts):
        if form and (found := re.search(re.escape(form), text, re.IGNORECASE)):
            return found.span()
    return None


def _parts(form: str) -> Iterator[str]:
    yield from sorted(re.findall(r"\w{4,}", form), key=len, reverse=True)
    if not form.isascii():  # Chinese names are cut short at the end, and have no spaces
        yield from (form[:length] for length in range(len(form) - 1, 2, -1))


def _at_words(text: str, start: int, end: int, around: int) -> tuple[int, int]:
    """A stretch so much wider on either side, without half a word at its ends where spaces part words."""
    first, last = max(0, start - around), min(len(text), end + around)
    if first and (space := text.find(" ", first, min(start, first + 20))) >= 0:
        first = space + 1
    if last < len(text) and (space := text.rfind(" ", max(end, last - 20), last)) >= 0:
        last = space
    return first, last


def command(*arguments: str, options: Sequence[str] = ()) -> str:
    """A command of ours as a shell takes it: `ingest why 'a file.txt' --database …`."""
    return shlex.join(["ingest", *arguments, *options])


def titled(article: wire.Article) -> Part:
    """The headline, or, faintly, the key where there is none."""
    return Part(shortened(article.title, 200), Tone.STRONG) if article.title else Part(article.key, Tone.PLAIN)


def parties(agreement: wire.Agreement) -> str:
    """The parties in one line."""
    return " + ".join(party.name for party in agreement.parties) or "(no party named)"
