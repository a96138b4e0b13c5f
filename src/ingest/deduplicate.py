"""text → fingerprint, by which the store proposes earlier copies, and the exact comparison that decides.

News writes what is new at the top and repeats itself at the end: releases of one company share paragraphs of 'About',
disclaimers and templates, while a correction, resend, syndicated or shortened copy keeps its opening. Two texts are
therefore one story where both hold:

    lead    the opening of one, its first 80 words, stands in the other
    body    what the shorter says stands in the longer, and is not just a small part of it

The share is counted in runs of three words, of three characters in Chinese, both scripts folded to one. MinHash
(Broder 1997) over the same runs proposes: of the opening, which templates do not share, and of the whole, for copies to
whose top an outlet added something.
"""

from __future__ import annotations

import hashlib
import re
import struct
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from ingest.documents import Fingerprint
from ingest.script import fold

if TYPE_CHECKING:
    from rensa import RMinHash

__all__ = ["fingerprint", "is_near_duplicate", "similarity"]

_OWN_SCHEME = 1  # raise it with any change to normalisation, shingles, lead or banding

_RUN = 3  # words of a shingle
_LEAD = 80  # words of the opening
_ALIKE = 0.76  # similarity from which two texts are one story
_TOP = 20  # words of its very beginning: a story may be so short that the template begins within the opening
_LEAST_TOP = 0.3
_LEAST_PART = 0.25  # of the longer text: a round-up that quotes a whole brief is not the brief
_LEAST_WORDS = 12  # of the shorter text, below which only equality counts

# Bands of four rows: texts alike to 0.8 meet in one of twelve with probability 0.998, alike to 0.2 with 0.02.
_ROWS = 4
_LEAD_BANDS = 12
_WHOLE_BANDS = 8
_SEED = 20_240_101

# A link that nothing closes is taken in whole, as no later one within it is closed either: linear in the text.
_ADDRESS = re.compile(r"\]\([^)\s]*+(?P<closed>\))?|(?:https?://|www\.)\S+")
_URL = re.compile(r"(?:https?://|www\.)\S+")
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")  # soft hyphens, zero-width characters
_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+")

_Shingle = tuple[str, ...]


def fingerprint(text: str) -> Fingerprint:
    """What is needed to find a text again.

    Args:
        text: Cleaned text of an article.

    Returns:
        The digest of the normalised text (case, width, punctuation, white space, addresses and Chinese script do not
        count) and 20 band keys, those of the opening first; none where the text has no words.
    """
    words = _words(text)
    exact = " ".join(words) if words else " ".join(unicodedata.normalize("NFKC", text).split())
    return Fingerprint(
        text_sha256=hashlib.sha256(exact.encode("utf-8", "surrogatepass")).hexdigest(),
        bands=_bands(words) if words else (),
        scheme=_scheme(),
    )


def similarity(a: str, b: str) -> float:
    """How much of one text stands in the other, 0 to 1.

    The lesser of two shares: of the opening of one in the other (the better of both directions), and of the shorter in
    the longer. It is symmetrical, and 1 for texts that differ in case, punctuation or script only.
    """
    return _compare(_words(a), _words(b)).alike


def is_near_duplicate(a: str, b: str) -> float | None:
    """Decide whether two texts tell one story in the same words.

    Returns:
        Their similarity where they do, 1 where they are equal once normalised; None where they do not.
    """
    mine, theirs = _words(a), _words(b)
    if mine == theirs:
        return 1.0 if mine or a.split() == b.split() else None
    if min(len(mine), len(theirs)) < _LEAST_WORDS:
        return None
    found = _compare(mine, theirs)
    same = found.alike >= _ALIKE and found.part >= _LEAST_PART and found.top >= _LEAST_TOP
    return found.alike if same else None


def _words(text: str) -> list[str]:
    """Words, and Chinese characters one by one, as they are compared."""
    plain = _ADDRESS.sub(_without_address, _UNSEEN.sub("", unicodedata.normalize("NFKC", text)))
    return _TOKEN.findall(fold(plain).casefold())


def _without_address(found: re.Match[str]) -> str:
    is_open = found[0].startswith("](") and not found["closed"]
    return _URL.sub(" ", found[0]) if is_open else " "


def _shingles(words: Sequence[str]) -> list[_Shingle]:
    """Runs of three words, in order; a shorter text is one run."""
    if len(words) <= _RUN:
        return [tuple(words)]
    return list(zip(words, words[1:], words[2:], strict=False))


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Similarity, the share of the very beginning, and the share of the longer text that stands in the shorter."""

    alike: float
    top: float
    part: float


def _compare(a: Sequence[str], b: Sequence[str]) -> _Comparison:
    if not a or not b:
        return _Comparison(0.0, 0.0, 0.0)
    if a == b:
        return _Comparison(1.0, 1.0, 1.0)
    shorter, longer = (_shingles(words) for words in sorted((a, b), key=len))
    in_shorter, in_longer = frozenset(shorter), frozenset(longer)
    lead, top = (
        max(_share(shorter[:length], in_longer), _share(longer[:length], in_shorter)) for length in (_LEAD, _TOP)
    )
    return _Comparison(min(lead, _share(shorter, in_longer)), top, _share(longer, in_shorter))


def _share(runs: Sequence[_Shingle], held: Collection[_Shingle]) -> float:
    return sum(run in held for run in runs) / len(runs)


def _bands(words: Sequence[str]) -> tuple[int, ...]:
    runs = list(map(" ".join, _shingles(words)))
    return (
        *_keys("lead", _signature(runs[:_LEAD], _LEAD_BANDS * _ROWS)),
        *_keys("whole", _signature(runs, _WHOLE_BANDS * _ROWS)),
    )


def _keys(part: str, signature: Sequence[int]) -> list[int]:
    """Each band of a signature as a signed 64-bit number; bands of different place or part never meet."""
    keys = []
    for band in range(len(signature) // _ROWS):
        rows = struct.pack(f"<{_ROWS}I", *signature[band * _ROWS : (band + 1) * _ROWS])
        digest = hashlib.blake2b(rows, digest_size=8, salt=f"{part}{band}".encode()).digest()
        keys.append(int.from_bytes(digest, "little", signed=True))
    return keys


def _signature(runs: Sequence[str], size: int) -> list[int]:
    sketch = _minhash()(num_perm=size, seed=_SEED)
    sketch.update(runs)
    signature: list[int] = sketch.digest()
    return signature


def _scheme() -> int:
    """Ours and the library's version in one number: keys of another algorithm are other keys."""
    return _OWN_SCHEME * 1000 + int(_minhash().ALGORITHM_VERSION)


@cache
def _minhash() -> type[RMinHash]:
    from rensa import RMinHash  # noqa: PLC0415 - imports numpy; not needed by commands that only read

    return RMinHash  # type: ignore[no-any-return]  # it publishes no types
