"""Write the tables of metrics, events and views into the manuals, between their marks: `make tables`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from ingest import log, metrics
from ingest.report import views

_DOCS = Path(__file__).parents[1] / "docs"
_TABLES: dict[str, dict[str, Callable[[], str]]] = {
    "operators.md": {"metrics": metrics.table, "events": log.table},
    "analysts.md": {"views": views.markdown},
}


def main() -> None:
    """Replace what stands between the marks."""
    for name, tables in _TABLES.items():
        manual = (_DOCS / name).read_text(encoding="utf-8")
        for mark, table in tables.items():
            begin, end = f"<!-- {mark}: made by `make tables` -->\n", f"<!-- end of {mark} -->"
            before, _, rest = manual.partition(begin)
            manual = before + begin + table() + end + rest.partition(end)[2]
        (_DOCS / name).write_text(manual, encoding="utf-8")


if __name__ == "__main__":
    main()
