"""What a site's robots.txt allows, as RFC 9309 has it; the rules themselves are read by Protego."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from protego import Protego

from ingest.documents import Answer, Failure, FailureClass, Reason

__all__ = ["Robots", "RobotsRead", "read_robots"]

_MOST_BYTES = 500 * 1024  # RFC 9309 asks for no more
_GOOD_FOR = timedelta(days=1)
_LONGEST_DELAY = 86_400.0  # seconds; whoever asks for more means 'never', which `Disallow` says
_RETRY_FIRST, _RETRY_MOST = timedelta(minutes=5), timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Robots:
    """The rules of a host.

    Attributes:
        text: The file; empty where the host has none: all is allowed. None: it cannot be had, and nothing is allowed.
    """

    text: str | None

    def allows(self, url: str, agent: str) -> bool:
        """Whether an agent, by its product name, may ask for an address."""
        return self.text is not None and _parsed(self.text).can_fetch(url, agent)

    def crawl_delay(self, agent: str) -> float:
        """Seconds between two requests that the host asks for, at most a day; 0 where it does not."""
        return min(max(0.0, float(_parsed(self.text or "").crawl_delay(agent) or 0.0)), _LONGEST_DELAY)

    @property
    def sitemaps(self) -> tuple[str, ...]:
        """Addresses of sitemaps that it names."""
        return tuple(_parsed(self.text or "").sitemaps)


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsRead:
    """What came of asking for robots.txt.

    Attributes:
        robots: The rules from now on.
        good_for: How long, before it is to be asked for again.
        reached: Whether the host said anything.
    """

    robots: Robots
    good_for: timedelta
    reached: bool


def read_robots(answer: Answer | Failure, *, former: Robots | None, failures: int) -> RobotsRead:
    """Make rules of what came back.

    Status 4xx: there are none, all is allowed. Status 429 and 5xx, or no answer: what was known before goes on to hold,
    else nothing is allowed; it is asked for again in five minutes, then ever later, at most in six hours.

    Args:
        answer: What came back.
        former: The rules until now, if there were any.
        failures: How often in a row it could not be had before.
    """
    if isinstance(answer, Answer):
        text = answer.content[:_MOST_BYTES].decode("utf-8", "replace").replace("\0", "\ufffd").lstrip("\ufeff")
        return RobotsRead(robots=Robots(text), good_for=_GOOD_FOR, reached=True)
    status = answer.status or 0
    absent = 400 <= status < 500 and answer.reason is not Reason.TOO_MANY_REQUESTS
    if absent or (answer.kind is FailureClass.HTTP and not answer.passes):
        return RobotsRead(robots=Robots(""), good_for=_GOOD_FOR, reached=True)
    again = min(_RETRY_FIRST * (1 << min(failures, 20)), _RETRY_MOST)
    robots = former if former is not None and former.text is not None else Robots(None)
    return RobotsRead(robots=robots, good_for=max(again, answer.retry_after or again), reached=False)


@lru_cache(maxsize=64)
def _parsed(text: str) -> Protego:
    return Protego.parse(text)
