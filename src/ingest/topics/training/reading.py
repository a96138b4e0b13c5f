"""Lines of JSON and corrections in the store → examples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ingest import language
from ingest.documents import Article, Language
from ingest.evaluate.lines import identity, optional, required
from ingest.evaluate.topics import Judged
from ingest.extract import boilerplate
from ingest.store.read import Correction
from ingest.topics.choice import Choice
from ingest.topics.reading import read
from ingest.topics.training.examples import Example

__all__ = ["GivenText", "as_example", "as_text", "from_correction", "judge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenText:
    """An article as a line of JSON has it."""

    id: str
    title: str | None
    text: str


def as_text(record: dict[str, object]) -> GivenText:
    """Read `{"id","title","text"}`.

    Raises:
        ValueError: It is something else; in words that follow 'line N'.
    """
    return GivenText(id=identity(record), title=optional(record, "title"), text=required(record, "text"))


def as_example(given: GivenText, judged: Mapping[str, bool]) -> Example:
    """An article of a file, and its labels; language and boilerplate are told as 'ingest annotate' tells them."""
    return Example(
        article=Article(text=given.text, title=given.title, boilerplate=boilerplate(given.text, given.title)),
        language=language.detect(given.text),
        judged=judged,
    )


def judge(given: GivenText, judged: Mapping[str, bool], choice: Choice) -> Judged:
    """What a taxonomy and a model say of an article of a file, beside its labels."""
    example = as_example(given, judged)
    found = read(example.article, choice.taxonomy())
    return Judged(
        id=given.id,
        labelled=judged,
        scores=choice.model().scores(example.article, found, example.language) if found.topics else {},
    )


def from_correction(correction: Correction) -> Example:
    """An article of the store, and what is ruled of its topics."""
    return Example(
        article=Article(text=correction.text, title=correction.title, boilerplate=correction.boilerplate),
        language=Language(tag=correction.language, confidence=1.0),
        judged=correction.judged,
        is_correction=True,
    )
