"""Write the tables of metrics and events into docs/operators.md, between their marks: `make tables`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest import log, metrics

_MANUAL = Path(__file__).parents[1] / "docs" / "operators.md"
_TABLES: dict[str, Callable[[], str]] = {"metrics": metrics.table, "events": log.table}


def main() -> None:
    """Replace what stands between the marks."""
    manual = _MANUAL.read_text(encoding="utf-8")
    for name, table in _TABLES.items():
        begin, end = f"<!-- {name}: made by `make tables` -->\n", f"<!-- end of {name} -->"
        before, _, rest = manual.partition(begin)
        manual = before + begin + table() + end + rest.partition(end)[2]
    _MANUAL.write_text(manual, encoding="utf-8")


if __name__ == "__main__":
    main()
