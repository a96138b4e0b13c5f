"""What a Chinese sentence only supposes: '若A與B簽署協議，學生將受惠'; and a 将 that tells of no future."""

from __future__ import annotations

import re

__all__ = ["has_object_before", "is_supposed"]

_CLAUSE = 40  # characters before the act in which its clause begins
_IF = re.compile(r"(?:^|[。！？；，\n])(?P<if>若(?!干)|要是|假使|设若|倘使)[^，。！？；\n]*$")
_WOULD = re.compile(r"[^，。！？；]*，[^。！？；]{0,30}?(?:将|会|可|则|便|就|料|有望|能)")
_OBJECT = re.compile(
    r"将(?:原有|现有|双方的?|该|有关)?[^，。；]{0,12}(?:协议|协定|合约|备忘录|合同|授权|合作)[^，。；]{0,4}$"
)
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


def has_object_before(text: str, start: int) -> bool:
    """Whether a verb's object stands before it behind 将, which then says nothing of when: '将合作协议延长三年'.

    Args:
        text: In Simplified characters.
        start: Where the verb begins.
    """
    return bool(_OBJECT.search(text, max(0, start - _CLAUSE), start))
