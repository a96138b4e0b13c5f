"""The taxonomy of topics: which words speak for which topic, and where they stand in a text.

Matching is by position, not by one large alternation: each word (the first two of Chinese characters) chooses the few
terms that could begin with it, and most words choose none. The cost is linear in the text and hardly grows with the
taxonomy.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path

from ingest.errors import ConfigurationError
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
    """

    name: str
    description: str


@dataclass(frozen=True, slots=True)
class _Term:
    topic: str
    strength: Strength
    text: str
    pattern: str


@dataclass(frozen=True, slots=True)
class _Bucket:
    """Terms that begin alike, and a pattern that matches where any of them does."""

    terms: tuple[_Term, ...]
    any: str
    seconds: frozenset[str] = frozenset()  # how the second words begin, by two letters; none where a term has no such

    def may_follow(self, rest: str) -> bool:
        """Whether a term may match, by what follows its first word: a mark, and two characters."""
        begun = rest[1:].lower()
        return not self.seconds or begun in self.seconds or not begun.isalnum()


class _Heads(dict[str, _Bucket | None]):
    """By a word of a text, the terms that may begin with it: worked out when it is first met, since words recur."""

    def __init__(self, terms: Iterable[_Term]) -> None:
        super().__init__()
        self._whole: dict[str, list[_Term]] = {}
        self._begun: dict[str, list[_Term]] = {}
        ordered = sorted(terms, key=lambda term: len(_key(term.text)))
        for term in ordered:
            head, whole = _head(term.text)
            (self._whole if whole else self._begun).setdefault(head, []).append(term)
        self._order = {term: place for place, term in enumerate(ordered)}

    def __missing__(self, word: str) -> _Bucket | None:
        folded = word.lower()
        begun = [term for end in range(1, min(len(folded), _LONGEST) + 1) for term in self._begun.get(folded[:end], ())]
        terms = sorted([*self._whole.get(folded, ()), *begun], key=self._order.__getitem__)
        found = _Bucket(tuple(terms), _any(terms), _seconds(terms, len(word))) if terms else None
        if len(self) < _REMEMBERED and len(word) < _LONGEST:
            self[word] = found
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxonomy:
    """Topics, and their terms.

    Attributes:
        heads: By the word that they begin with.
        buckets: Those that begin with a Chinese character, by it or by it and the next (see `_key`).
        starts: Finds where a term may begin.
        version: The first twelve hex digits of the SHA-256 of what it was read from.
    """

    topics: tuple[Topic, ...]
    heads: Mapping[str, _Bucket | None]
    buckets: Mapping[str, _Bucket]
    starts: re.Pattern[str]
    version: str

    @property
    def names(self) -> tuple[str, ...]:
        """Names of its topics."""
        return tuple(topic.name for topic in self.topics)


@dataclass(frozen=True, slots=True)
class Hit:
    """A term in a text: half-open offsets."""

    topic: str
    strength: Strength
    start: int
    end: int
    term: str


_LETTER = "[0-9A-Za-zÀ-ɏ]"  # of words that need a boundary; Chinese characters are none
_START = re.compile(rf"[\u3400-\u9fff]|(?<!{_LETTER}){_LETTER}")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_GAP = " … "
_LONGEST = 200  # characters that no term is longer than
_REMEMBERED = 50_000  # words of texts of which it is kept which terms begin with them


_NAME = re.compile(r"[a-z][a-z0-9_-]{1,63}")
_STRENGTHS = {"strong": Strength.STRONG, "weak": Strength.WEAK, "never": Strength.NEVER}
_LANGUAGES = ("en", "zh")
_ENTRY = {"name", "description", *_STRENGTHS}


@cache
def load(further: str = "") -> Taxonomy:
    """The taxonomy that ships with the package, and what a file of the operator's adds to it.

    Args:
        further: Path of that file; empty: none. A topic of its own is added; one that the package has gets its words
            too.

    Raises:
        ConfigurationError: It cannot be read, or something in it is not right.
    """
    own = (resources.files("ingest") / "knowledge" / "topics.toml").read_text(encoding="utf-8")
    if not further:
        return parse(own)
    try:
        added = Path(further).read_text(encoding="utf-8")
    except OSError as refused:
        raise ConfigurationError(
            f"the taxonomy file {further} cannot be read: {refused.strerror}",
            remedy="the setting `taxonomy` names it; leave it empty to use the topics of the package alone",
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"the taxonomy file {further} is not UTF-8 text", remedy=_HOW) from None
    try:
        return parse(own, added)
    except ValueError as wrong:  # TOML's own error is one
        raise ConfigurationError(f"the taxonomy file {further} is not right: {wrong}", remedy=_HOW) from None


_HOW = "docs/operators.md shows a taxonomy file under 'Add a topic'"


def parse(*sources: str) -> Taxonomy:
    """Read a taxonomy.

    Args:
        sources: TOML of the form that the head of `knowledge/topics.toml` describes; later ones add to earlier ones.

    Raises:
        ValueError: One is not TOML, or not of that form; in words that follow 'is not right:'.
    """
    topics: dict[str, Topic] = {}
    strengths: dict[tuple[str, str], Strength] = {}
    for source in sources:
        for entry in _entries(source):
            name, description = _named(entry)
            if name not in topics or description:
                topics[name] = Topic(name=name, description=description)
            for text, strength in _words(entry, name):
                before = strengths.setdefault((name, text), strength)
                if before is not strength:
                    raise ValueError(
                        f"{name} has {text!r} both as {before.name.lower()} and as {strength.name.lower()}"
                    )
    terms = [_Term(name, strength, text, _pattern(text)) for (name, text), strength in strengths.items()]
    chinese: dict[str, list[_Term]] = {}
    for term in terms:
        if _CHINESE.match(term.text):
            chinese.setdefault(_key(term.text), []).append(term)
    return Taxonomy(
        topics=tuple(topics.values()),
        heads=_Heads(term for term in terms if not _CHINESE.match(term.text)),
        buckets={key: _Bucket(tuple(found), _any(found)) for key, found in chinese.items()},
        starts=_starts({key[0] for key in chinese}),
        version=sha256("\n".join(sources).encode()).hexdigest()[:12],
    )


def _entries(source: str) -> list[dict[str, object]]:
    """The `[[topic]]` tables of a file."""
    content = tomllib.loads(source)
    if further := sorted(content.keys() - {"topic"}):
        raise ValueError(f"it has {further[0]!r}, where only [[topic]] is known")
    entries = content.get("topic", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries) or not entries:
        raise ValueError("it has no [[topic]]")
    return entries


def _named(entry: Mapping[str, object]) -> tuple[str, str]:
    """Name and description of a topic."""
    name, description = entry.get("name"), entry.get("description", "")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise ValueError(f"a topic is named {name!r}; a name is 2 to 64 small letters, digits, `-` and `_`")
    if not isinstance(description, str):
        raise ValueError(f"the description of {name} is no text")  # noqa: TRY004 - a file is a value, not an argument
    if further := sorted(entry.keys() - _ENTRY):
        raise ValueError(f"{name} has {further[0]!r}, which is none of {', '.join(sorted(_ENTRY))}")
    return name, description


def _words(entry: Mapping[str, object], name: str) -> Iterator[tuple[str, Strength]]:
    """The terms of a topic, each with its strength, as they are to be looked for."""
    for word, strength in _STRENGTHS.items():
        by_language = entry.get(word, {})
        if not isinstance(by_language, dict) or not set(by_language) <= set(_LANGUAGES):
            raise ValueError(f"{name}: {word} is to be {{ en = [...], zh = [...] }}")
        for listed in by_language.values():
            if not isinstance(listed, list) or not all(isinstance(text, str) for text in listed):
                raise ValueError(f"{name}: {word} holds something else than lists of terms")
            for text in listed:
                yield _checked(text, name), strength


def _checked(text: str, name: str) -> str:
    """A term in the characters in which texts are compared."""
    folded = " ".join(fold(text).split())
    if not folded.strip("*… "):
        raise ValueError(f"{name} has an empty term")
    if folded[0] in "*…" or not _key(folded) or not _START.match(folded):
        raise ValueError(f"{name}: a term begins with a letter, a digit or a Chinese character, not as {text!r} does")
    if len(folded) + 40 * folded.count("…") + 30 * folded.count("*") > _LONGEST:
        raise ValueError(f"{name}: the term {text[:30]!r}… is too long")
    return folded


def _any(terms: Iterable[_Term]) -> str:
    return "|".join(term.pattern for term in terms)


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    """Compiled when a text first has a term's first characters: compiling all of them takes most of a second."""
    return re.compile(pattern)


def _starts(chinese: AbstractSet[str]) -> re.Pattern[str]:
    """Finds words, and the Chinese characters that terms begin with."""
    word = rf"(?<!{_LETTER}){_LETTER}+"
    return re.compile(f"[{''.join(sorted(chinese))}]|{word}" if chinese else word)


def _key(term: str) -> str:
    """The first characters of a term: two of a Chinese one, up to four of others, in whose order terms are tried."""
    folded = term.lower()
    if _CHINESE.match(folded):
        return folded[:2]
    return re.split(r"[ *]", folded, maxsplit=1)[0][:4]


def _head(term: str) -> tuple[str, bool]:
    """The letters that a term begins with, and whether a word with it is no longer."""
    word = re.match(rf"{_LETTER}+", term)
    head = word[0] if word else ""
    return head.lower(), not term.startswith(("*", _GAP), len(head))


def _seconds(terms: Iterable[_Term], size: int) -> frozenset[str]:
    """The first two letters of what follows a first word of some size, a space or hyphen between them, in all terms."""
    rests = [term.text[size:] for term in terms if _head(term.text)[1]]
    told = [rest[1:3].lower() for rest in rests if rest[:1] in {" ", "-"} and rest[1:3].isalnum() and len(rest) > 2]
    return frozenset(told if len(told) == len(rests) == len(tuple(terms)) else ())


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
    heads, buckets = taxonomy.heads, taxonomy.buckets
    for start in taxonomy.starts.finditer(folded):
        word, at = start[0], start.start()
        if word >= "\u3400":
            near = [bucket for key in (word, folded[at : at + 2].lower()) if (bucket := buckets.get(key))]
        elif (bucket := heads[word]) and bucket.may_follow(folded[start.end() : start.end() + 3]):
            near = [bucket]
        else:
            continue
        for bucket in near:
            if not _regex(bucket.any).match(folded, at):
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
