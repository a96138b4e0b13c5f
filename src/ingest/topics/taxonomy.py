"""The taxonomy of topics: which words speak for which topic, read from package data and found in a text.

Matching is by position, not by one large alternation: at each start of a word (of any Chinese character) the first
characters choose the few terms that could stand there. The cost is linear in the text and hardly grows with the
taxonomy.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib import resources
from typing import TypedDict

from ingest.script import fold

__all__ = ["Hit", "Strength", "Taxonomy", "Topic", "find", "load", "parse"]


class Strength(IntEnum):
    """What a term says about its topic."""

    NEVER = 0  # the words around it mean something else
    WEAK = 1
    STRONG = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A topic of the taxonomy.

    Attributes:
        name: As stored and shown.
        description: One sentence for people.
        bias: Added to the score's log-odds: how readily the topic is given.
    """

    name: str
    description: str
    bias: float


@dataclass(frozen=True, slots=True)
class _Term:
    topic: str
    strength: Strength
    text: str
    pattern: str


@dataclass(frozen=True, slots=True)
class _Bucket:
    """The terms with one key, and a pattern that matches where any of them does."""

    terms: tuple[_Term, ...]
    any: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """Topics, their terms by their first characters (see `_key`), and the weights of the score."""

    topics: tuple[Topic, ...]
    buckets: Mapping[str, _Bucket]
    beginnings: frozenset[str]  # first two characters of the keys; most words of a text begin with none of them
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Hit:
    """A term in a text: half-open offsets."""

    topic: str
    strength: Strength
    start: int
    end: int
    term: str


class _Words(TypedDict, total=False):
    en: list[str]
    zh: list[str]


class _Entry(TypedDict):
    name: str
    description: str
    bias: float
    strong: _Words
    weak: _Words
    never: _Words


class _File(TypedDict):
    topic: list[_Entry]
    weights: dict[str, float]


_LETTER = "[0-9A-Za-zÀ-ɏ]"  # of words that need a boundary; Chinese characters are none
_START = re.compile(rf"[\u3400-\u9fff]|(?<!{_LETTER}){_LETTER}")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_GAP = " … "
_LONGEST = 200  # characters that no term is longer than
_KEY_LENGTHS = (1, 2, 3, 4)


@cache
def load() -> Taxonomy:
    """The taxonomy that ships with the package."""
    return parse((resources.files("ingest") / "knowledge" / "topics.toml").read_text(encoding="utf-8"))


def parse(source: str) -> Taxonomy:
    """Read a taxonomy.

    Args:
        source: TOML of the form that the head of `knowledge/topics.toml` describes.

    Raises:
        tomllib.TOMLDecodeError: It is no TOML.
        KeyError: A topic has no name.
        ValueError: A term is empty.
    """
    file: _File = tomllib.loads(source)  # type: ignore[assignment]  # its form is tested, with the data in the package
    terms: dict[str, list[_Term]] = {}
    for entry in file["topic"]:
        for strength, words in (
            (Strength.STRONG, entry.get("strong", {})),
            (Strength.WEAK, entry.get("weak", {})),
            (Strength.NEVER, entry.get("never", {})),
        ):
            for text in (*words.get("en", ()), *words.get("zh", ())):
                key = _key(text)
                if len(key) not in _KEY_LENGTHS:
                    raise ValueError(f"{entry['name']} has an empty term")
                terms.setdefault(key, []).append(_Term(entry["name"], strength, text, _pattern(text)))
    return Taxonomy(
        topics=tuple(
            Topic(name=entry["name"], description=entry.get("description", ""), bias=entry.get("bias", 0.0))
            for entry in file["topic"]
        ),
        beginnings=frozenset(key[:2] for key in terms),
        buckets={key: _Bucket(tuple(found), _any(found)) for key, found in terms.items()},
        weights=dict(file.get("weights", {})),
    )


def _any(terms: Iterable[_Term]) -> str:
    return "|".join(term.pattern for term in terms)


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    """Compiled when a text first has a term's first characters: compiling all of them takes most of a second."""
    return re.compile(pattern)


def _key(term: str) -> str:
    """The first characters of a term that any text with it must have: two of a Chinese one, up to four of others."""
    folded = fold(term).lower()
    if _CHINESE.match(folded):
        return folded[:2]
    return re.split(r"[ *]", folded, maxsplit=1)[0][:4]


def _pattern(text: str) -> str:
    """A term as the source of a regular expression over folded text (see `knowledge/topics.toml` for the notation)."""
    parts = []
    for stretch in text.split(_GAP):
        words = [_word(word) for word in stretch.split(" ")]
        parts.append(r"(?:\s|[-‐–])+".join(words))
    body = r"(?:[^.!?。！？\n]|\.(?=\S)){0,40}?".join(parts)
    tail = "" if _CHINESE.match(text[-1]) or text.endswith("*") else f"(?!{_LETTER})"
    return body + tail


def _word(word: str) -> str:
    stem, star, _ = word.partition("*")
    literal = re.escape(fold(stem)).replace(r"\-", "[-‐–]")
    if stem.upper() != stem or not any(character.isalpha() for character in stem):
        literal = f"(?i:{literal})"
    return literal + (f"{_LETTER}*" if star else "")


def find(folded: str, taxonomy: Taxonomy) -> Iterator[Hit]:
    """Every term in a text, in its order; of overlapping ones of a topic the one that starts first, then the longest.

    Args:
        folded: What `ingest.script.fold` made of the text.
        taxonomy: What to look for.

    Yields:
        Hits, `Strength.NEVER` ones left out together with what they overlap.
    """
    raw = _scan(folded, taxonomy)
    barred: dict[str, list[Hit]] = {}
    for hit in raw:
        if hit.strength is Strength.NEVER:
            barred.setdefault(hit.topic, []).append(hit)
    reached: dict[str, int] = {}
    for hit in sorted(raw, key=lambda hit: (hit.start, -hit.strength, -hit.end)):
        if hit.strength is Strength.NEVER or hit.start < reached.get(hit.topic, 0):
            continue
        if _is_barred(hit, barred.get(hit.topic, ())):
            continue
        reached[hit.topic] = hit.end
        yield hit


def _scan(folded: str, taxonomy: Taxonomy) -> list[Hit]:
    """Every match of every term, overlapping or not."""
    raw: list[Hit] = []
    buckets, beginnings = taxonomy.buckets, taxonomy.beginnings
    lower = folded.lower()
    if len(lower) != len(folded):  # a few capitals have small forms of two characters
        lower = "".join(small if len(small := character.lower()) == 1 else character for character in folded)
    for start in _START.finditer(folded):
        at = start.start()
        if lower[at : at + 2] not in beginnings and lower[at] not in beginnings:
            continue
        for length in _KEY_LENGTHS:
            bucket = buckets.get(lower[at : at + length])
            if bucket is None or not _regex(bucket.any).match(folded, at):
                continue
            for term in bucket.terms:
                match = _regex(term.pattern).match(folded, at)
                if match:
                    raw.append(Hit(term.topic, term.strength, at, match.end(), term.text))
    return raw


def _is_barred(hit: Hit, barred: Sequence[Hit]) -> bool:
    """Whether one of the contexts, in order of their starts, overlaps; only those that start near can."""
    near = bisect_left(barred, hit.start - _LONGEST, key=lambda bar: bar.start)
    for bar in itertools.islice(barred, near, None):
        if bar.start >= hit.end:
            return False
        if hit.start < bar.end:
            return True
    return False
