"""The services of `docker-compose.yml`, started natively: their own commands, environment, secrets and order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

__all__ = ["Composition", "read"]

ROOT = Path(__file__).parents[2]


class _Loader(yaml.SafeLoader):
    """With what the compose specification adds to YAML."""


_Loader.add_constructor("!override", lambda loader, node: loader.construct_sequence(node, deep=True))


def read(name: str = "docker-compose.yml") -> dict[str, Any]:
    """A compose file as data."""
    return yaml.load((ROOT / name).read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe loader of ours


@dataclass(slots=True, kw_only=True)
class Composition:
    """What of a compose file is started here.

    Attributes:
        folder: Holds everything.
        places: What stands here for a word of the file: an address, a folder, a port.
        settings: Environment variables of every service besides.
        secrets: By their name in the file.
        ports: Options that have a command listen on a port of ours, by service.
    """

    folder: Path
    places: Mapping[str, str]
    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    ports: Mapping[str, list[str]]
    services: dict[str, Any] = field(default_factory=lambda: read()["services"])
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def ours(self) -> Iterator[str]:
        """Names of our own services, each after those that it depends on."""
        waiting = [name for name, service in self.services.items() if "command" in service and name != "shell"]
        done = {name for name, service in self.services.items() if "command" not in service}
        while waiting:
            ready = next(name for name in waiting if set(self.services[name].get("depends_on", ())) <= done)
            waiting.remove(ready)
            done.add(ready)
            yield ready

    def ends(self, name: str) -> bool:
        """Whether others wait until the service has ended."""
        return any(
            service.get("depends_on", {}).get(name, {}).get("condition") == "service_completed_successfully"
            for service in self.services.values()
        )

    def start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        """Start a service, or another command in its place."""
        service = self.services[name]
        folder = self.folder / "secrets" / name
        folder.mkdir(parents=True, exist_ok=True)
        for secret in service["secrets"]:
            (folder / secret["target"]).write_text(self.secrets[secret["source"]] + "\n", encoding="utf-8")
        command = list(words) or [self._placed(word) for word in service["command"]] + self.ports.get(name, [])
        (self.folder / "data").mkdir(exist_ok=True)
        with (self.folder / f"{name}.log").open("ab") as said:
            return subprocess.Popen(
                [ROOT / "deploy/with-secrets", *command],
                cwd=self.folder / "data",
                env=self.environment(name) | {"SECRETS_FOLDER": str(folder)},
                stdout=said,
                stderr=said,
                start_new_session=True,
            )

    def environment(self, name: str) -> dict[str, str]:
        """Of a service, as the file gives it, and as little else as may be."""
        given = {key: self._placed(str(value)) for key, value in self.services[name]["environment"].items()}
        path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
        home = {"HOME": str(self.folder / "data"), "PREFECT_HOME": str(self.folder / f"prefect-of-{name}")}
        return {"PATH": path, **home, "LANG": "C.UTF-8", **given, **self.settings}

    def _placed(self, word: str) -> str:
        for there, here in self.places.items():
            word = word.replace(there, here)
        return word

    def is_healthy(self, name: str) -> bool:
        """Whether the service's own check says so; one without is healthy while it runs."""
        process = self.running[name]
        assert process.poll() is None, f"{name} ended: {self.log(name)}"
        check = self.services[name].get("healthcheck")
        if check is None:
            return True
        kind, *command = check["test"]
        assert kind == "CMD"
        words = [self._placed(word) for word in command]
        return (
            subprocess.run(words, env=self.environment(name), capture_output=True, timeout=20, check=False).returncode
            == 0
        )

    def run(self, *words: str) -> str:
        """Run a command as `docker compose run --rm shell …` does; what it printed."""
        log = self.folder / "shell.log"
        log.write_bytes(b"")
        process = self.start("shell", *words)
        assert process.wait(120) == 0, log.read_text(encoding="utf-8")
        return log.read_text(encoding="utf-8")

    def log(self, name: str) -> str:
        """What a service has written."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")[-4000:]

    def stop(self) -> dict[str, int]:
        """End what runs, as `docker compose stop` does, the last first; their exit codes."""
        codes = {}
        for name, process in reversed(self.running.items()):
            process.send_signal(signal.SIGTERM)
            try:
                codes[name] = process.wait(60)
            except subprocess.TimeoutExpired:
                codes[name] = -signal.SIGKILL
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
        return codes
