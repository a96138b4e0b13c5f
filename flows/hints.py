"""Events that a process which is no flow sends to Prefect, and knows to have arrived: the watcher's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field

import httpx
from prefect.client.orchestration import get_client
from prefect.events import Event
from prefect.exceptions import PrefectHTTPStatusError

from ingest.mask import mask
from ingest.wire import FolderChanged
from ingest.wire.events import FOLDER_CHANGED

__all__ = ["FolderHints"]

_MOST_PATHS = 500  # in one event: a further one makes it the whole folder


@dataclass(slots=True)
class FolderHints:
    """Tells Prefect of folders that changed; what it does not take is kept, and told with what comes next.

    Attributes:
        say: Told once when Prefect's API stops answering, and once when it does again.
    """

    say: Callable[[str], None]
    _waiting: dict[str, list[str]] = field(default_factory=dict)
    _files: dict[str, int] = field(default_factory=dict)
    _whole: set[str] = field(default_factory=set)
    _is_down: bool = False

    def note(self, source: str, paths: tuple[str, ...], *, whole: bool = False) -> None:
        """Take up files that are complete, and perhaps are the whole folder; `send` tells of them."""
        if whole:
            self._whole.add(source)
        self._waiting.setdefault(source, []).extend(paths)
        self._files[source] = self._files.get(source, 0) + len(paths)

    def send(self) -> None:
        """Tell of all that waits, in one event a folder; what cannot be told now stays."""
        for source in list(self._waiting):
            paths = self._waiting[source]
            many = source in self._whole or len(paths) > _MOST_PATHS
            told = () if many else tuple(dict.fromkeys(paths))
            if not self._post(FolderChanged(source=source, files=self._files[source], paths=told)):
                # What was sent shortly before the server went may be lost as well: the whole folder, then.
                self._whole.update(self._waiting)
                return
            del self._waiting[source], self._files[source]
            self._whole.discard(source)

    def _post(self, payload: FolderChanged) -> bool:
        event = Event(
            event=FOLDER_CHANGED,
            resource={
                "prefect.resource.id": f"ingest.folder.{payload.source}",
                "prefect.resource.name": payload.source,
            },
            payload=asdict(payload),
        )
        try:
            with get_client(sync_client=True, httpx_settings={"timeout": 10}) as client:
                client.request("POST", "/events", json=[event.model_dump(mode="json")]).raise_for_status()
        except (
            httpx.HTTPError,
            PrefectHTTPStatusError,
            OSError,
            ValueError,
        ) as failure:  # ValueError: no Prefect is there
            if not self._is_down:
                self.say(
                    f"Prefect's API does not take events ({mask(str(failure)) or type(failure).__name__}); "
                    "trying on. Nothing is lost: the whole folder is looked through when it does."
                )
            self._is_down = True
            return False
        if self._is_down:
            self.say("Prefect's API takes events again.")
        self._is_down = False
        return True
