"""The flow that visits sources, under a Prefect server of its own, on a site that the test starts."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from visit_samples import article
from web_server import Reply, serve

FLOW = """
from prefect.testing.utilities import prefect_test_harness
with prefect_test_harness(server_startup_timeout=120):
    from flows.ingest import ingest_sources
    tally = ingest_sources()
    print({fate.value: number for fate, number in tally.fates})
"""


ENVIRONMENT = {"INGEST_ALLOWED_NETWORKS": "127.0.0.1", "INGEST_HOST_GAP_SECONDS": "0", "INGEST_VISITORS": "2"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "says"),
    [
        pytest.param(("-c", FLOW), "{'new': 3}", id="as a deployment runs it"),
        pytest.param(("-m", "ingest", "run", "--flow"), "3 new · ", id="ingest run --flow"),
    ],
)
def test_the_flow_visits_every_source_that_is_due(tmp_path, words, says):
    with serve() as site:
        for feed in (1, 2, 3):
            item = f"<item><title>Bridge</title><link>/{feed}0</link></item>"
            site.routes[f"/{feed}"] = Reply(f"<rss version='2.0'><channel>{item}</channel></rss>".encode())
            site.routes[f"/{feed}0"] = article(feed)
        names = "".join(f'[[source]]\nname = "desk-{n}"\nurl = "{site.url(f"/{n}")}"\n' for n in (1, 2, 3))
        (tmp_path / "sources.toml").write_text(names, encoding="utf-8")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT_", "INGEST_"))}
        more = {"PREFECT_HOME": str(tmp_path / "home"), **ENVIRONMENT}

        def run(*words):
            return subprocess.run(
                [sys.executable, *words],
                cwd=tmp_path,
                env=kept | more,
                capture_output=True,
                text=True,
                timeout=170,
                check=False,
            )

        added = run("-m", "ingest", "sources", "import", "sources.toml")
        done = run(*words)

    assert (added.returncode, done.returncode) == (0, 0), added.stderr + done.stderr
    assert says in done.stdout
    assert "Traceback" not in done.stdout
    assert sorted(path for path in site.paths() if path != "/robots.txt") == ["/1", "/10", "/2", "/20", "/3", "/30"]
