"""A spaCy text categoriser over all scripts: what `ingest train topics` trains, and how it scores. Loads spaCy.

`spacy.blank("xx")` splits at white space and punctuation; Chinese characters are set apart first, both scripts folded
to one, so that single characters and pairs of neighbours are the words of a Chinese text.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from ingest.documents import Article
from ingest.errors import ModelError
from ingest.script import fold
from ingest.topics.grams import story

if TYPE_CHECKING:
    from spacy.language import Language as Pipeline

__all__ = ["categorise", "load", "train"]

_PASSES = 12
_READ = 6000  # characters of the story
_BATCH = 16
_SEED = 4
_CHINESE = re.compile(r"([\u3400-\u9fff])")
_MODEL = {
    "@architectures": "spacy.TextCatBOW.v3",
    "exclusive_classes": False,
    "ngram_size": 2,
    "no_output_layer": False,
    "length": 65536,
}


@cache
def load(folder: str) -> Pipeline:
    """Load a pipeline that `train` made and its caller wrote.

    Raises:
        ModelError: It cannot be loaded.
    """
    import spacy  # noqa: PLC0415 - costs a second

    try:
        return spacy.load(folder)
    except (OSError, ValueError) as broken:
        raise ModelError(
            f"the text categoriser in {folder} cannot be loaded: {str(broken).splitlines()[0]}",
            remedy="'ingest models use VERSION' goes back to another model",
        ) from None


def categorise(pipeline: Pipeline, article: Article) -> dict[str, float]:
    """The probability of each topic that the pipeline knows."""
    return dict(pipeline(_spaced(article)).cats)


def train(
    examples: Sequence[tuple[Article, Mapping[str, bool]]],
    topics: Sequence[str],
    *,
    tell: Callable[[int, int], None] = lambda _done, _passes: None,
) -> Pipeline:
    """Train a pipeline, the same from the same examples.

    Args:
        examples: Articles, and for each topic that was judged whether it has it; the others are left open.
        topics: What to tell apart.
        tell: Called with the passes done and all of them.
    """
    import spacy  # noqa: PLC0415 - costs a second
    from spacy.training import Example  # noqa: PLC0415 - likewise
    from thinc.api import fix_random_seed  # noqa: PLC0415 - likewise

    with _chance(_SEED) as chance:
        fix_random_seed(_SEED)
        pipeline = spacy.blank("xx")
        pipe = pipeline.add_pipe("textcat_multilabel", config={"model": _MODEL})
        for topic in topics:
            pipe.add_label(topic)  # type: ignore[attr-defined]  # spaCy types a pipe as any callable
        prepared = [
            Example.from_dict(
                pipeline.make_doc(_spaced(article)), {"cats": {topic: float(has) for topic, has in judged.items()}}
            )
            for article, judged in examples
        ]
        optimizer = pipeline.initialize(lambda: prepared)
        for done in range(_PASSES):
            chance.shuffle(prepared)
            for start in range(0, len(prepared), _BATCH):
                pipeline.update(prepared[start : start + _BATCH], sgd=optimizer)
            tell(done + 1, _PASSES)
    return pipeline


@contextmanager
def _chance(seed: int) -> Iterator[random.Random]:
    """A generator of our own; spaCy seeds the global one, whose state is given back at the end."""
    before = random.getstate()
    try:
        yield random.Random(seed)  # noqa: S311 - the order of training examples
    finally:
        random.setstate(before)


def _spaced(article: Article) -> str:
    return _CHINESE.sub(r" \1 ", fold(f"{article.title or ''}\n{story(article, _READ)}").lower())
