"""Words and pairs of words of an article, as numbers: what a model knows of an article besides the taxonomy's terms.

A word is a run of letters, or one Chinese character; pairs of neighbouring characters are the words of a Chinese text,
near enough. They are kept as 32-bit hashes, so that a model holds no words of the texts that it was trained on.
"""

from __future__ import annotations

import itertools
import re
import zlib

from ingest.documents import Article
from ingest.script import fold

__all__ = ["grams", "story"]

_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d_]+")
_READ = 1200  # characters of the story: an article says first what it is about, and later what else there is


def grams(article: Article) -> frozenset[int]:
    """The distinct words and pairs of words in the headline and the first 1,200 characters of the story."""
    found: set[int] = set()
    for text in (article.title or "", story(article, _READ)):
        words = [word.encode() for word in _WORD.findall(fold(text).lower())]
        found.update(zlib.crc32(word) for word in words)
        found.update(zlib.crc32(a + b" " + b) for a, b in itertools.pairwise(words))
    return frozenset(found)


def story(article: Article, length: int) -> str:
    """The text up to a number of characters, without its boilerplate."""
    pieces, at = [], 0
    for cut in sorted(article.boilerplate, key=lambda cut: cut.start):
        if cut.start >= length:
            break
        pieces.append(article.text[at : max(at, cut.start)])
        at = max(at, cut.end)
    if at < length:
        pieces.append(article.text[at:length])
    return "\n".join(pieces)
