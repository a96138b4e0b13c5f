"""What a model is trained on: articles, and what people said of their topics."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from ingest.deduplicate import fingerprint, is_near_duplicate
from ingest.documents import Article, Language
from ingest.topics.grams import grams
from ingest.topics.reading import Reading, read
from ingest.topics.taxonomy import Taxonomy

__all__ = ["Example", "Prepared", "digest", "known_topics", "prepare"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An article that somebody judged.

    Attributes:
        article: Title, text and boilerplate are used.
        language: Of the article.
        judged: By topic, whether the article has it; topics that nobody judged are left out.
        is_correction: Whether analysts' corrections in the store say so, rather than a file of labels.
    """

    article: Article
    language: Language
    judged: Mapping[str, bool]
    is_correction: bool = False

    @property
    def key(self) -> int:
        """A number of its text: the same whatever the order of the files."""
        return int(sha256(self.article.text.encode("utf-8", "replace")).hexdigest(), 16)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An example, read once with the taxonomy.

    Attributes:
        story: The key of the first example that tells the same story in the same words; the folds rest on it, so that
            no model is tried on a copy of what it learnt from.
    """

    example: Example
    reading: Reading
    grams: frozenset[int]
    story: int


def prepare(examples: Iterable[Example], taxonomy: Taxonomy) -> list[Prepared]:
    """Read the examples, one for each text: of several, the last counts for the topics that it judges."""
    by_text: dict[str, Example] = {}
    for example in examples:
        before = by_text.get(example.article.text)
        judged = {**(before.judged if before else {}), **example.judged}
        by_text[example.article.text] = Example(
            article=example.article,
            language=example.language,
            judged={topic: has for topic, has in judged.items() if topic in taxonomy.names},
            is_correction=example.is_correction,
        )
    ordered = sorted(by_text.values(), key=lambda example: example.key)
    return [
        Prepared(example, read(example.article, taxonomy), grams(example.article), story)
        for example, story in zip(ordered, _stories(ordered), strict=True)
    ]


def _stories(examples: Sequence[Example]) -> list[int]:
    """For each example the key of the first that is a near-duplicate of it, or of one that is."""
    stories: list[int] = []
    holding: dict[int, list[int]] = defaultdict(list)
    for number, example in enumerate(examples):
        bands = fingerprint(example.article.text).bands
        met = sorted({other for band in bands for other in holding[band]})
        alike = (other for other in met if is_near_duplicate(example.article.text, examples[other].article.text))
        first = next(alike, None)
        stories.append(example.key if first is None else stories[first])
        for band in bands:
            holding[band].append(number)
    return stories


def known_topics(prepared: Sequence[Prepared], *, fewest: int = 5) -> tuple[str, ...]:
    """Topics that at least so many articles have, and so many have not: fewer teach nothing."""
    having: dict[str, int] = {}
    lacking: dict[str, int] = {}
    for each in prepared:
        for topic, has in each.example.judged.items():
            count = having if has else lacking
            count[topic] = count.get(topic, 0) + 1
    return tuple(sorted(topic for topic in having if having[topic] >= fewest and lacking.get(topic, 0) >= fewest))


def digest(prepared: Sequence[Prepared]) -> str:
    """The SHA-256 of texts, titles and judgements, in an order of their own."""
    whole = sha256()
    for each in prepared:
        said = sorted(each.example.judged.items())
        whole.update(repr((each.example.key, each.example.article.title, said)).encode("utf-8", "replace"))
    return whole.hexdigest()
