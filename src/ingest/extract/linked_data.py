"""What a page says of itself in JSON-LD."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml.html import HtmlElement

from ingest.decode import clean

__all__ = ["LinkedArticle", "read_linked_data"]

_MAX = 1_000_000  # characters of one block; real ones have a few thousand
_ARTICLE = re.compile(r"(?:\w*Article|\w*NewsArticle|BlogPosting|Report|LiveBlogPosting|SocialMediaPosting|Review)$")
_TAGS = re.compile(r"<[^<>]{1,200}>")
_COMMENT = re.compile(r"^\s*(?://)?\s*<!(?:--|\[CDATA\[)|(?://)?\s*(?:-->|\]\]>)\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedArticle:
    """An article as JSON-LD describes it; None or empty where it does not.

    Attributes:
        free: Whether it may be read without paying.
        kinds: Types of all things that the page describes.
    """

    headline: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: str | None = None
    modified: str | None = None
    url: str | None = None
    language: str | None = None
    body: str | None = None
    section: str | None = None
    keywords: tuple[str, ...] = ()
    image: str | None = None
    free: bool | None = None
    kinds: frozenset[str] = frozenset()


def _text(value: object) -> str | None:
    """A JSON value as one line of text: a string, the name of a thing, or the first of a list."""
    if isinstance(value, list):
        return next(filter(None, map(_text, value[:5])), None)
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("@value") or value.get("@id"))
    if isinstance(value, str):
        # escapes of JSON and of HTML bring in what no text may hold
        return " ".join(clean(html.unescape(_TAGS.sub("", value))).split()) or None
    return None


def _names(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    found = []
    for one in values[:20]:
        if (
            isinstance(one, dict)
            and str(one.get("@type")) in {"Organization", "NewsMediaOrganization"}
            and len(values) > 1
        ):
            continue
        name = _text(one.get("name") if isinstance(one, dict) else one)
        if name:
            found.append(name)
    return tuple(dict.fromkeys(found))


def _address(value: object) -> str | None:
    if isinstance(value, dict):
        value = value.get("@id") or value.get("url")
    return value.strip() if isinstance(value, str) else None


def _picture(value: object) -> str | None:
    """The address of an image: a string, an `ImageObject`, or the first of a list."""
    if isinstance(value, list):
        return next(filter(None, map(_picture, value[:5])), None)
    if isinstance(value, dict):
        value = value.get("url") or value.get("contentUrl") or value.get("@id")
        return _picture(value) if isinstance(value, str | list) else None
    return value.strip() or None if isinstance(value, str) else None


def _types(thing: dict[str, object]) -> list[str]:
    kinds = thing.get("@type")
    return [
        kind.rsplit("/", 1)[-1] for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)
    ]


def _things(value: object) -> Iterator[dict[str, object]]:
    """All objects that may be the page's article, breadth first."""
    waiting = [value]
    seen = 0
    while waiting and seen < 2000:
        one = waiting.pop(0)
        seen += 1
        if isinstance(one, list):
            waiting.extend(one[:100])
        elif isinstance(one, dict):
            yield one
            waiting.extend(
                one[key] for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement") if key in one
            )


def _blocks(tree: HtmlElement) -> Iterator[object]:
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text or len(script.text) > _MAX:
            continue
        try:
            yield json.loads(_COMMENT.sub("", script.text), strict=False)
        except (ValueError, RecursionError):  # malformed, or nested to break parsers: the page has other evidence
            continue


def _free(thing: dict[str, object]) -> bool | None:
    """`isAccessibleForFree`, as a boolean or in words; of a part of the article where not of the whole."""
    parts = thing.get("hasPart")
    for one in (thing, *(parts if isinstance(parts, list) else [parts])[:10]):
        value = one.get("isAccessibleForFree") if isinstance(one, dict) else None
        if value is not None:
            return str(value).strip().rsplit("/", 1)[-1].lower() not in {"false", "no", "0"}
    return None


def _keywords(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(filter(None, map(_text, values[:50])))


def _article(thing: dict[str, object]) -> LinkedArticle:
    return LinkedArticle(
        headline=_text(thing.get("headline")) or _text(thing.get("name")),
        authors=_names(thing.get("author") or thing.get("creator")),
        publisher=_text(thing.get("publisher")),
        published=_text(thing.get("datePublished") or thing.get("dateCreated")),
        modified=_text(thing.get("dateModified")),
        url=_address(thing.get("mainEntityOfPage")) or _address(thing.get("url")),
        language=_text(thing.get("inLanguage")),
        body=_text(thing.get("articleBody")),
        section=_text(thing.get("articleSection")),
        keywords=_keywords(thing.get("keywords")),
        image=_picture(thing.get("image")) or _picture(thing.get("thumbnailUrl")),
        free=_free(thing),
    )


def read_linked_data(tree: HtmlElement) -> LinkedArticle:
    """Read the first article that the page's JSON-LD describes; empty but for `kinds` where there is none."""
    found: LinkedArticle | None = None
    kinds: set[str] = set()
    for block in _blocks(tree):
        for thing in _things(block):
            types = _types(thing)
            kinds.update(types)
            if found is None and any(_ARTICLE.match(kind) for kind in types):
                found = _article(thing)
    return replace(found or LinkedArticle(), kinds=frozenset(kinds))
