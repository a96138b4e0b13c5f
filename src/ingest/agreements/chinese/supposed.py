"""What a Chinese sentence only supposes: '若A與B簽署協議，學生將受惠'."""

from __future__ import annotations

import re

__all__ = ["is_supposed"]

_CLAUSE = 40  # characters before the act in which its clause begins
_IF = re.compile(r"(?:^|[。！？；，\n])(?P<if>若(?!干)|要是|假使|设若|倘使)[^，。！？；\n]*$")
_WOULD = re.compile(r"[^，。！？；]*，[^。！？；]{0,30}?(?:将|会|可|则|便|就|料|有望|能)")
_NAME = 3  # characters by which a name that begins like a condition is known when it is said again


def is_supposed(text: str, start: int, end: int) -> bool:
    """Whether an act is only the condition of what the next clause says would follow.

    Args:
        text: In Simplified characters.
        start: Where the act's verb begins.
        end: Where its object ends.
    """
    found = _IF.search(text, max(0, start - _CLAUSE), start)
    if found is None or not _WOULD.match(text, end):
        return False
    return text.count(text[found.start("if") : found.start("if") + _NAME]) == 1
