"""What `ingest export articles` costs from a store of many: processor time, and the largest memory of its process.

PYTHONPATH=. .venv/bin/python -m tools.export_cost --articles 200000
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from ingest.export import FileForm
from ingest.store import make_reader, upgrade
from tools.bench.databases import databases
from tools.bench.growth import fill

_EXPORT = """
import os, sys, time
from ingest.cli import main
from tools.bench.cost import peak_mb
code = main(sys.argv[1:])
print(f"{time.process_time():.1f} s, {peak_mb(os.getpid()):.0f} MB", file=sys.stderr)
sys.exit(code)
"""


def main() -> None:
    """Fill a store on each database, and export it in each form."""
    parser = argparse.ArgumentParser(description="What an export of many articles costs.")
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), action="append")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="ingest-export-") as name, databases(Path(name)) as made:
        for kind in options.database or ("sqlite", "postgresql"):
            url = made.fresh(kind)
            upgrade(url)
            if kind == "postgresql":
                make_reader(url)
            fill(url, options.articles, (0, 1))
            for form in FileForm:
                path = Path(name) / f"{kind}.{form}"
                arguments = ["export", "articles", "--database", url, "--output", str(path), "--quiet"]
                done = subprocess.run(
                    [sys.executable, "-c", _EXPORT, *arguments],
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.PIPE,
                    text=True,
                    check=True,
                )
                size = path.stat().st_size / 1e6
                sys.stdout.write(f"{kind}\t{form}\t{size:.0f} MB written\t{done.stderr.strip()}\n")
                sys.stdout.flush()
                path.unlink()


if __name__ == "__main__":
    main()
