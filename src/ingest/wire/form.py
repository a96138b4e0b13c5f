"""What the forms have in common: how they are declared, bounded and written."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Annotated, Any, TypeVar, dataclass_transform

__all__ = ["Count", "Score", "Within", "dump", "form", "tamed"]

_T = TypeVar("_T")


class Within:
    """Bounds of a number, told to pydantic's schema generator without importing it."""

    def __init__(self, least: int, most: int | None = None) -> None:
        self.least = least
        self.most = most

    def __get_pydantic_json_schema__(
        self, core: object, handler: Callable[[object], dict[str, object]], /
    ) -> dict[str, object]:
        """Add the bounds to the schema of the number."""
        bounds = {"minimum": self.least} if self.most is None else {"minimum": self.least, "maximum": self.most}
        return handler(core) | bounds


Score = Annotated[float, Within(0, 1)]
Count = Annotated[int, Within(0)]


@dataclass_transform(kw_only_default=True, frozen_default=True)
def form(cls: type[_T]) -> type[_T]:
    """A frozen dataclass whose attributes are described by the sentences under them, and that has no further keys."""
    made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
    made.__pydantic_config__ = {"use_attribute_docstrings": True, "extra": "forbid"}  # type: ignore[attr-defined]
    return made


# What JSON may hold raw, and a terminal or a line reader may trip over: C1 controls, line separators, marks that turn
# the direction of text, lone surrogates. The escape is the same character to whoever reads the JSON.
_UNSAFE = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def tamed(json_text: str) -> str:
    """JSON that says the same without raw characters that a terminal or a reader of lines may trip over."""
    return _UNSAFE.sub(lambda found: f"\\u{ord(found.group()):04x}", json_text)


def dump(filled: Any, *, indent: int | None = None) -> str:
    """Write a form as JSON.

    Args:
        filled: One of the forms.
        indent: Spaces by level; None: all on one line.
    """
    return tamed(json.dumps(asdict(filled), ensure_ascii=False, indent=indent))
