"""Folding of characters for comparison, one for one, so that offsets into a folded text are offsets into the original.

This is for comparing and searching, never for what is stored or shown.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

__all__ = ["fold", "simplified"]

# Forms that opencc's character table leaves alone, and that Hong Kong and Taiwan print.
_FURTHER = {"衞": "卫", "瞭": "了", "甯": "宁", "牀": "床", "綫": "线", "峯": "峰", "羣": "群", "佔": "占", "麽": "么"}
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")
_BLOCKS = ((0x3400, 0x4DC0), (0x4E00, 0xA000), (0xF900, 0xFB00))


@cache
def _table() -> dict[int, str]:
    """Code point → Simplified character, read once from opencc, character by character and so without its phrases.

    Phrases would be righter (乾燥, 乾隆) but change the length of a text; for comparison it is enough that both scripts
    come out the same.
    """
    from opencc import OpenCC  # noqa: PLC0415 - loads dictionaries; not needed by commands that only read

    characters = [chr(point) for start, end in _BLOCKS for point in range(start, end)]
    converted = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    changed = {a: b for a, b in zip(characters, converted, strict=True) if a != b and len(b) == 1}
    changed |= _FURTHER
    # To the end of each chain, so that folding twice changes nothing.
    return {ord(a): changed.get(b, b) for a, b in changed.items()}


def simplified(text: str) -> str:
    """Fold Traditional Chinese characters to Simplified ones.

    Returns:
        A text of the same length: the character at any offset is that of the original, or its Simplified form.
    """
    return text.translate(_table())


def fold(text: str) -> str:
    """Fold Traditional Chinese characters to Simplified ones and wide letters to narrow ones. Case is kept.

    Returns:
        A text of the same length, as with `simplified`.
    """
    # ASCII folds to itself; `translate` looks at each of its characters once there is a single one beyond it
    return text if text.isascii() else _BEYOND_ASCII.sub(lambda found: found[0].translate(_folds()), text)


class _Folds(dict[int, str]):
    """For `str.translate`: what each character folds to, worked out when it is first met."""

    def __missing__(self, codepoint: int) -> str:
        character = chr(codepoint)
        narrow = unicodedata.normalize("NFKC", character)
        folded = simplified(narrow if len(narrow) == 1 else character)
        self[codepoint] = folded
        return folded


@cache
def _folds() -> _Folds:
    return _Folds()
