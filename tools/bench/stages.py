"""Where the time goes: processor time of each stage, one after the other in one process."""

from __future__ import annotations

import os
import pickle
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from isal import igzip

__all__ = ["Step", "profile"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Milliseconds of processor time that a stage takes, the mean over all pages; `part_of` another where it is one."""

    name: str
    ms: float
    part_of: str | None = None


class _Watch:
    """Adds up processor time by name."""

    def __init__(self) -> None:
        self.spent: defaultdict[str, float] = defaultdict(float)

    @contextmanager
    def on(self, name: str) -> Iterator[None]:
        begun = time.process_time()
        try:
            yield
        finally:
            self.spent[name] += time.process_time() - begun

    def around(self, holder: Any, attribute: str, name: str) -> None:
        """Have a function of a module timed wherever that module's users call it."""
        function = getattr(holder, attribute)

        def timed(*arguments: object, **named: object) -> object:
            with self.on(name):
                return function(*arguments, **named)

        setattr(holder, attribute, timed)


_TRAFILATURA, _DECODE = "trafilatura", "decoding"
_PARTS = {_TRAFILATURA: "extraction", _DECODE: "extraction"}


def profile(folder: str, passes: int, cores: Sequence[int]) -> tuple[Step, ...]:
    """Time every pure stage, and what moving and keeping a page costs; medians over the passes.

    Args:
        folder: Pages.
        passes: How many count, after one that does not.
        cores: Where to run.
    """
    os.sched_setaffinity(0, cores)
    import trafilatura  # noqa: PLC0415 - this process is the one that measures

    from ingest.extract import html  # noqa: PLC0415 - this process is the one that measures

    watch = _Watch()
    watch.around(trafilatura, "extract", _TRAFILATURA)
    watch.around(html, "read_text", _DECODE)
    contents = [file.read_bytes() for file in sorted(Path(folder).iterdir())]
    taken: defaultdict[str, list[float]] = defaultdict(list)
    for turn in range(passes + 1):
        watch.spent.clear()
        for content in contents:
            _pass(watch, content)
        for name, seconds in watch.spent.items() if turn else ():
            taken[name].append(1000 * seconds / len(contents))
    return tuple(Step(name=name, ms=statistics.median(ms), part_of=_PARTS.get(name)) for name, ms in taken.items())


def _pass(watch: _Watch, content: bytes) -> None:
    from ingest import agreements, deduplicate, language, topics  # noqa: PLC0415 - likewise
    from ingest.documents import Article, MediaType, Page  # noqa: PLC0415 - likewise
    from ingest.extract import html  # noqa: PLC0415 - likewise
    from ingest.extract.dates import Clock  # noqa: PLC0415 - likewise

    page = Page(source="bench", key="page", content=content, media_type=MediaType.HTML)
    with watch.on("archive: compression"):
        igzip.compress(content, compresslevel=2)
    with watch.on("extraction"):
        article = html.read(page, Clock(now=datetime.now(UTC)))
    with watch.on("pickling to the parser's process and back"):
        pickle.loads(pickle.dumps(page, 5))  # noqa: S301 - of our own making
        pickle.loads(pickle.dumps(article, 5))  # noqa: S301 - likewise
    if not isinstance(article, Article):
        return
    with watch.on("fingerprint"):
        deduplicate.fingerprint(article.text)
    with watch.on("language"):
        tag = language.detect(article.text)
    with watch.on("topics"):
        topics.classify(article, tag)
    with watch.on("agreements"):
        agreements.find(article, tag)
