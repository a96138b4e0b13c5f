"""Requests as a host would like them: within its robots.txt, one after the other, and not too soon after the last."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import httpx

from ingest.documents import Answer, Failure, FailureClass, Reason, Validators
from ingest.fetch.client import Client
from ingest.fetch.pace import back_off
from ingest.fetch.robots import Robots, read_robots
from ingest.fetch.turns import NotYet, Turn, Turns

__all__ = ["Manners", "Polite", "authority"]

_MOST_ROBOTS = 1_000_000  # bytes; what is beyond the first 500 KB is not read, but may be there
_REST = timedelta(minutes=1)  # after the first refusal that says nothing of how long
_BUSY = frozenset({429, 503})


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How polite to be.

    Attributes:
        agent: The product name that robots.txt may call us by.
        gap: Time between the beginnings of two requests to a host; a longer `Crawl-delay` goes before it.
        patience: How long to wait for a turn before it is left to others.
    """

    agent: str
    gap: timedelta
    patience: timedelta = timedelta(seconds=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Polite:
    """A client with manners. Threads may share one.

    Attributes:
        client: What sends the requests.
        turns: Whose turn it is, over all workers.
        manners: How polite to be.
        sleep: Waits for so many seconds, or until everything is to stop.
        stopping: Whether everything is to stop: no request is sent any more.
        chance: Gives numbers from 0 up to 1, to spread waits with.
    """

    client: Client
    turns: Turns
    manners: Manners
    sleep: Callable[[float], object] = time.sleep
    stopping: Callable[[], bool] = lambda: False
    chance: Callable[[], float] = random.random

    def get(
        self, url: str, *, validators: Validators | None = None, accept: str = "*/*", max_bytes: int | None = None
    ) -> Answer | Failure | NotYet:
        """Ask for an address, when it is our turn at its host and its robots.txt allows it; so on each hop.

        Args:
            url: As in `Client.get`, and likewise the rest.
            validators: What the last answer gave.
            accept: The `Accept` header.
            max_bytes: Another limit than that of the client's terms.
        """
        asking = _Asking(polite=self)
        return asking.run(
            lambda: self.client.get(url, validators=validators, accept=accept, max_bytes=max_bytes, gate=asking.gate)
        )

    def robots(self, url: str) -> Robots | Failure | NotYet:
        """The rules of an address's host, asked for where they are not known.

        Raises:
            httpx.InvalidURL: It is no address.
        """
        try:
            return _rules(self, httpx.URL(url))
        except _LaterError as later:
            return NotYet(wait=later.wait)


def authority(url: httpx.URL) -> str:
    """A host as politeness knows it: its name, and the port where it is not the usual one."""
    return url.netloc.decode("ascii")


class _LaterError(Exception):
    """It is not our turn, and will not be soon; never leaves this module."""

    def __init__(self, wait: timedelta) -> None:
        super().__init__(str(wait))
        self.wait = wait


@dataclass(slots=True, kw_only=True)
class _Asking:
    """One request with its redirects: holds the turn of the hop that it is at."""

    polite: Polite
    follows_rules: bool = True
    turn: Turn | None = field(default=None)

    def run(self, request: Callable[[], Answer | Failure]) -> Answer | Failure | NotYet:
        answer: Answer | Failure | None = None
        try:
            answer = request()
        except _LaterError as later:
            return NotYet(wait=later.wait)
        finally:
            self._end(answer)
        return answer

    def gate(self, url: httpx.URL) -> Failure | None:
        self._end(None)
        gap = self.polite.manners.gap
        if self.follows_rules:
            agent = self.polite.manners.agent
            rules = _rules(self.polite, url)
            if isinstance(rules, Failure):
                return rules
            if not rules.allows(str(url), agent):
                return _disallowed(rules)
            gap = max(gap, timedelta(seconds=rules.crawl_delay(agent)))
        self.turn = _wait_for_turn(self.polite, authority(url), gap)
        return None

    def _end(self, answer: Answer | Failure | None) -> None:
        if self.turn is None:
            return
        rest = None
        if isinstance(answer, Failure) and answer.status in _BUSY:
            asked, chance = answer.retry_after, self.polite.chance

            def rest(times: int) -> timedelta:
                return asked if asked is not None else back_off(times, random=chance, first=_REST)

        self.polite.turns.end_turn(self.turn, rest=rest)
        self.turn = None


def _wait_for_turn(polite: Polite, host: str, gap: timedelta) -> Turn:
    left = polite.manners.patience
    while True:
        got = polite.turns.take_turn(host, gap=gap, patience=left)
        if got.wait > left:
            raise _LaterError(got.wait)
        polite.sleep(got.wait.total_seconds())
        if polite.stopping():
            if isinstance(got, Turn):
                polite.turns.end_turn(got)
            raise _LaterError(timedelta())
        if isinstance(got, Turn):
            return got
        left -= got.wait


def _rules(polite: Polite, url: httpx.URL) -> Robots | Failure:
    """The rules of a host, as kept, or asked for anew; a failure where we may not even ask."""
    host = authority(url)
    known = polite.turns.robots(host)
    if known.is_fresh:
        return Robots(known.text)
    asking = _Asking(polite=polite, follows_rules=False)
    where = str(url.copy_with(raw_path=b"/robots.txt", fragment=None))
    came = asking.run(
        lambda: polite.client.get(where, accept="text/plain,*/*;q=0.5", max_bytes=_MOST_ROBOTS, gate=asking.gate)
    )
    if isinstance(came, NotYet):
        raise _LaterError(came.wait)
    if isinstance(came, Failure) and came.kind is FailureClass.POLICY and came.reason is not Reason.TOO_LARGE:
        return came
    former = Robots(known.text) if known.text is not None else None
    read = read_robots(came, former=former, failures=known.failures)
    polite.turns.keep_robots(host, read.robots.text, good_for=read.good_for, reached=read.reached)
    if read.robots.text is None and isinstance(came, Failure):
        return Failure(
            kind=came.kind,
            reason=came.reason if came.kind is FailureClass.NETWORK else Reason.ROBOTS_UNREACHABLE,
            detail=f"Its robots.txt cannot be had, so nothing is asked for until it can. {came.detail}",
            status=came.status,
            retry_after=read.good_for,
        )
    return read.robots


def _disallowed(rules: Robots) -> Failure:
    if rules.text is None:
        return Failure(
            kind=FailureClass.POLICY,
            reason=Reason.ROBOTS_UNREACHABLE,
            detail="Its robots.txt could not be had lately, so nothing is asked for until it can.",
        )
    return Failure(
        kind=FailureClass.POLICY,
        reason=Reason.ROBOTS_DISALLOW,
        detail="The robots.txt of its host asks us to leave it alone; ask the publisher for leave, or for another way.",
    )
