"""The process that starts runs of our deployments when they are due: `python -m flows.runner`.

SIGTERM does not pause the deployments, as it does in Prefect's own `serve`: after a restart everything goes on. Runs
that are under way are cancelled in order; what they had in hand is given back, and taken up by the next.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar

from prefect.client.orchestration import get_client
from prefect.runner import Runner

from flows.dead_runs import keep_ending_dead_runs
from flows.deployments import Deployed, EndDeadRuns, available
from flows.publish import apply_automations, to_prefect
from flows.serve import AUTOMATIONS, DEPLOYMENTS, HEARTBEAT, POLL

__all__ = ["serve"]

_AT_ONCE = 4  # runs, each a process of its own


class _Runner(Runner):
    """Prefect's, which leaves in the middle of its own `stop`: it never awaits it."""

    def handle_sigterm(self, *args: object, **kwargs: object) -> None:  # noqa: ARG002 - the signature is Prefect's
        """Stop in order."""
        loop = asyncio.get_running_loop()
        loop.call_soon_threadsafe(lambda: self._leaving.append(loop.create_task(self.astop())))

    _leaving: ClassVar[list[asyncio.Task[None]]] = []  # a loop holds its tasks weakly


async def serve(
    deployments: Sequence[Deployed],
    automations: Sequence[EndDeadRuns],
    *,
    poll: timedelta,
    heartbeat: timedelta,
) -> None:
    """Tell Prefect of deployments and automations, and run what is due until SIGTERM.

    Args:
        deployments: Those whose flow this release lacks are left out.
        automations: Created, or brought up to date.
        poll: How often to ask for runs that are to start.
        heartbeat: How often a run says that it lives.
    """
    runner = _Runner(
        name="ingest",
        query_seconds=poll.total_seconds(),
        heartbeat_seconds=int(heartbeat.total_seconds()),
        limit=_AT_ONCE,
        pause_on_shutdown=False,
    )
    served = available(deployments)
    async with get_client() as client:
        await apply_automations(client, automations)
        for deployed in served:
            await runner.aadd_deployment(await to_prefect(deployed))
        print(f"serves {', '.join(deployed.name for deployed in served)}", flush=True)  # noqa: T201 - the log is what it prints
        looking = [asyncio.create_task(keep_ending_dead_runs(client, each, every=heartbeat)) for each in automations]
        try:
            await runner.start()
        finally:
            for each in looking:
                each.cancel()


if __name__ == "__main__":
    asyncio.run(serve(DEPLOYMENTS, AUTOMATIONS, poll=POLL, heartbeat=HEARTBEAT))
