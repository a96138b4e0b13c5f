"""How things are called in front of people."""

from __future__ import annotations

from ingest import wire
from ingest.documents import Fate, Kind
from ingest.report.blocks import Part, Tone

__all__ = ["FATES", "dated", "kind", "number", "parties", "shortened", "titled"]

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


def shortened(text: str, most: int) -> str:
    """A text of at most so many characters, with an ellipsis where it was cut."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def titled(article: wire.Article) -> Part:
    """The headline, or, faintly, the key where there is none."""
    return Part(shortened(article.title, 200), Tone.STRONG) if article.title else Part(article.key, Tone.PLAIN)


def parties(agreement: wire.Agreement) -> str:
    """The parties in one line."""
    return " + ".join(party.name for party in agreement.parties) or "(no party named)"
