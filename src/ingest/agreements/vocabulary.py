"""The words that the English reader knows, loaded once from package data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ingest.documents import Kind

__all__ = ["Vocabulary", "vocabulary"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Compiled vocabulary; every pattern ignores case and matches whole words.

    Attributes:
        documents: What an agreement is called, by the kind that the word decides; in the order in which they win.
        blocking: Terms that contain a word for an agreement and are none.
        with_object: Verbs that are the act themselves ('partners with').
        perform: Verbs whose object is the agreement ('signed').
        support: Weaker verbs with an agreement as their object.
        hope: Words by which nothing is committed to.
        takeover: Words of deals of another sort.
        heads: Words that make a capitalised sequence an organisation; full match of one word.
        legal: Legal forms; full match of one word without its full stop.
        stop: Capitalised words that are no name, or begin none; full match of one word.
        joins: Lower-case words inside names; full match.
        places: Countries, regions, cities and their adjectives; full match of a name.
        demonyms: Adjectives of places alone; full match.
        fields: Fields of work; full match of one word.
        others: Last words of names that are no organisation; full match of one word.
    """

    documents: tuple[tuple[Kind, re.Pattern[str]], ...]
    blocking: re.Pattern[str]
    with_object: re.Pattern[str]
    perform: re.Pattern[str]
    support: re.Pattern[str]
    hope: re.Pattern[str]
    takeover: re.Pattern[str]
    heads: re.Pattern[str]
    legal: re.Pattern[str]
    stop: re.Pattern[str]
    joins: frozenset[str]
    places: re.Pattern[str]
    demonyms: re.Pattern[str]
    others: re.Pattern[str]
    fields: re.Pattern[str]


def _words(entries: Iterable[str]) -> re.Pattern[str]:
    return re.compile(r"(?<![\w-])(?:" + "|".join(entries) + r")(?!\w)", re.IGNORECASE)


def _whole(entries: Iterable[str]) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(entries) + ")", re.IGNORECASE)


@cache
def vocabulary() -> Vocabulary:
    """Load the vocabulary; one instance a process."""
    text = resources.files("ingest").joinpath("knowledge", "agreements.toml").read_text(encoding="utf-8")
    tables: dict[str, dict[str, list[str]]] = tomllib.loads(text)
    documents, verbs, names = tables["documents"], tables["verbs"], tables["names"]
    return Vocabulary(
        documents=tuple((Kind(kind), _words(entries)) for kind, entries in documents.items()),
        blocking=_words(tables["not"]["blocking"]),
        with_object=_words(verbs["with_object"]),
        perform=_words(verbs["perform"]),
        support=_words(verbs["support"]),
        hope=_words(tables["not"]["hope"]),
        takeover=_words(tables["not"]["takeover"]),
        heads=_whole(names["heads"]),
        legal=_whole(names["legal"]),
        stop=_whole(names["stop"]),
        joins=frozenset(names["joins"]),
        places=_whole([*names["places"], *names["demonyms"]]),
        demonyms=_whole(word for word in names["demonyms"] if word not in names["places"]),
        fields=_whole(names["fields"]),
        others=_whole(names["others"]),
    )
