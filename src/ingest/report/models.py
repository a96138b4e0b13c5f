"""How models of topics are shown: what was compared, and what there is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest import wire
from ingest.report import words
from ingest.report.blocks import Block, Entry, Gap, Grid, Heading, Line, Part, Tone, line

__all__ = ["contest", "detail", "grid", "listing"]

_WIDTH = 14


def contest(
    articles: int, corrected: int, incumbent: str, contenders: Sequence[wire.Contender], in_force: wire.TopicFigures
) -> list[Block]:
    """How the kinds did under cross-validation."""
    blocks: list[Block] = [
        Heading(f"{words.number(articles, 'judged article')}, {corrected} of them corrected in the store"),
        Gap(),
    ]
    rows = [
        (
            Part(each.name, Tone.STRONG if each.name == incumbent else Tone.PLAIN),
            Part(f"{each.macro_f1:.3f}"),
            Part(_interval(each.macro_f1_low, each.macro_f1_high)),
            Part("" if each.name == incumbent else f"{each.difference:+.3f}"),
            Part("in force" if each.name == incumbent else _interval(each.difference_low, each.difference_high)),
        )
        for each in contenders
    ]
    blocks.append(Grid(("kind", "macro-F1", "95 %", "difference", "90 %"), tuple(rows), flexible=1))
    said = (
        f"What is in force, as it is, has {in_force.topics.macro_f1:.3f} on the same articles; "
        "it may have been fitted to some."
    )
    return [*blocks, Gap(), line(Part(said, Tone.FAINT))]


def listing(models: Iterable[wire.TopicModel]) -> list[Block]:
    """Models for a terminal: two lines each, then the figures."""
    blocks: list[Block] = []
    for each in models:
        blocks += [*detail(each), Gap()]
    return blocks[:-1]


def detail(model: wire.TopicModel) -> list[Block]:
    """One model: what it is, where it comes from, how good it is."""
    state = "in force" if model.is_in_force else ""
    of_package = "of the package" if model.is_shipped else ""
    blocks: list[Block] = [Heading(model.version, "  ".join(filter(None, (model.kind, of_package, state))))]
    blocks += [_labelled(label, (line(value),)) for label, value in _provenance(model) if value]
    if model.figures is None:
        return [*blocks, line(Part("Its card is missing: nothing is known of its figures.", Tone.FAINT))]
    blocks.append(_labelled("Macro-F1", (line(_macro(model.figures.topics)),)))
    blocks += [_labelled(each.name, (line(_quality(each)),)) for each in model.figures.topic]
    blocks.append(_labelled("Calibration", (line(f"expected error {model.figures.calibration_error:.3f}"),)))
    blocks.append(_labelled("Reliability", tuple(line(_bin(each)) for each in model.figures.reliability)))
    return blocks


def _provenance(model: wire.TopicModel) -> Iterable[tuple[str, str | None]]:
    yield "Trained", f"{model.made_at}, by release {model.code_version}" if model.made_at else None
    counts = ", ".join(f"{each.name} {each.count}" for each in model.labels)
    yield "Articles", f"{model.articles:,} ({model.corrections:,} corrected): {counts}" if model.articles else None
    yield "Data", f"sha256 {model.data_sha256}" if model.data_sha256 else None
    yield "Taxonomy", model.taxonomy
    yield "Compared", "; ".join(f"{each.name} {each.macro_f1:.3f}" for each in model.contenders)


def grid(models: Iterable[wire.TopicModel]) -> list[Block]:
    """Models for a pipe: a line each, tab-separated."""
    rows = tuple(
        tuple(
            Part(cell)
            for cell in (
                each.version,
                each.kind,
                "in-force" if each.is_in_force else "",
                "shipped" if each.is_shipped else "",
                each.made_at or "",
                str(each.articles),
                "" if each.figures is None else f"{each.figures.topics.macro_f1:.3f}",
            )
        )
        for each in models
    )
    return [Grid(("version", "kind", "state", "origin", "made", "articles", "macro-F1"), rows, flexible=4)]


def _macro(macro: wire.Macro) -> str:
    return f"{macro.macro_f1:.3f}  {_interval(macro.macro_f1_low, macro.macro_f1_high)}".rstrip()


def _interval(low: float | None, high: float | None) -> str:
    return "" if low is None or high is None else f"{low:.3f} to {high:.3f}"


def _quality(each: wire.NamedQuality) -> str:
    return f"precision {each.precision:.2f}  recall {each.recall:.2f}  F1 {each.f1:.3f}  of {each.count}"


def _bin(each: wire.Bin) -> str:
    return f"{each.name}  predicted {each.score:.2f}  observed {each.right:.2f}  of {each.count}"


def _labelled(label: str, lines: tuple[Line, ...]) -> Entry:
    return Entry(Part(label, Tone.FAINT), lines, width=_WIDTH)
