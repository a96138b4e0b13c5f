"""Bytes read forward, with a look ahead, however they arrive."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

__all__ = ["Scroll"]

_PIECE = 1 << 20


class Scroll:
    """A stream that is read once, from its beginning to its end.

    Attributes:
        offset: Of the first byte that was not taken yet.
        failure: What ended the stream before its end, if anything did: it does not unpack, or breaks off.
    """

    def __init__(self, pieces: Iterable[bytes], *, offset: int = 0) -> None:
        """Read nothing yet."""
        self.offset = offset
        self.failure: EOFError | zlib.error | None = None
        self._pieces = iter(pieces)
        self._ahead = bytearray()
        self._is_over = False

    def peek(self, size: int) -> bytes:
        """The next bytes, at most `size`, less only at the end."""
        self._fill(size)
        return bytes(self._ahead[:size])

    def skip(self, size: int) -> int:
        """Leave bytes behind; how many there were."""
        left = size
        while left and (here := len(self._ahead) or self._more(min(left, _PIECE))):
            taken = min(left, here)
            del self._ahead[:taken]
            left -= taken
        self.offset += size - left
        return size - left

    def _more(self, size: int) -> int:
        self._fill(size)
        return len(self._ahead)

    def _fill(self, size: int) -> None:
        while len(self._ahead) < size and not self._is_over:
            try:
                self._ahead += next(self._pieces)
            except StopIteration:
                self._is_over = True
            except (EOFError, zlib.error) as problem:
                self._is_over, self.failure = True, problem
