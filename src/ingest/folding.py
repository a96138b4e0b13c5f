"""Folding of characters for comparison, one for one, so that offsets stay true.

Both Chinese scripts fold to Simplified and wide letters to narrow ones. This is for comparing and searching, never for
what is stored or shown.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

__all__ = ["fold"]

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")


def fold(text: str) -> str:
    """Fold Traditional characters to Simplified and wide letters to narrow ones.

    Character by character: OpenCC converts phrases with a change of length, single characters without. Case is kept.

    Returns:
        A text of the same length; offsets into it are offsets into the original.
    """
    return text.translate(_folds())


class _Folds(dict[int, str]):
    """For `str.translate`: what each character folds to, worked out when it is first met."""

    def __missing__(self, codepoint: int) -> str:
        character = chr(codepoint)
        narrow = unicodedata.normalize("NFKC", character)
        narrow = narrow if len(narrow) == 1 else character
        folded = _simplify(narrow) if _HAN.match(narrow) else narrow
        self[codepoint] = folded
        return folded


@cache
def _folds() -> _Folds:
    return _Folds()


@cache
def _opencc() -> OpenCC:
    from opencc import OpenCC  # noqa: PLC0415 - loads dictionaries; only where there is Chinese text

    return OpenCC("t2s")


def _simplify(character: str) -> str:
    simplified: str = _opencc().convert(character)
    return simplified if len(simplified) == 1 else character
