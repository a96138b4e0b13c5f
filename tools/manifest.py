"""Write `prefect.yaml` from `flows/serve.py`; a test notices when that was forgotten.

make schemas
python -m tools.manifest [FILE]
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from flows.deployments import available
from flows.publish import manifest
from flows.serve import DEPLOYMENTS

__all__ = ["text"]

_HEAD = """\
# Our deployments for a work pool called 'ingest', for whoever runs workers rather than 'ingest serve':
#
#   prefect work-pool create ingest --type process
#   prefect --no-prompt deploy --all
#   prefect worker start --pool ingest
#
# Deploy from the folder of ingest.toml and var/ (with --prefect-file where this file is elsewhere): runs start in the
# folder that is deployed from, and relative paths count from there.
#
# Made by 'make schemas' from flows/serve.py; change that, not this.

"""


def text() -> str:
    """What the file is to hold."""
    return _HEAD + str(yaml.safe_dump(manifest(available(DEPLOYMENTS)), sort_keys=False, allow_unicode=True, width=120))


def main() -> None:
    """Write it."""
    Path(sys.argv[1] if len(sys.argv) > 1 else "prefect.yaml").write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()
