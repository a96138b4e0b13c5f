"""Whose turn it is at a host, over all workers, by the database's clock; and what robots.txt said.

A turn is a time at which a request may begin. Turns of a host lie at least its gap apart, whoever takes them, and no
more requests than allowed are under way at once. The turn of a worker that died is void.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from ingest.fetch.turns import KnownRobots, NotYet, Turn
from ingest.store.articles import AnyRow
from ingest.store.database import Database, lock, now
from ingest.store.runs import Run, is_gone
from ingest.tables import Host, HostTurn

__all__ = ["Hosts"]

_POLL = timedelta(milliseconds=200)  # until a request of another worker may be over
_LONGEST_AUTHORITY = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """The hosts as one run sees them. Threads may share it.

    Attributes:
        database: The store.
        run: Whose turns they are.
        at_once: Requests to a host that may be under way at once, over all workers.
        lasts: After this time a request is over, whatever its worker says.
    """

    database: Database
    run: Run
    at_once: int
    lasts: timedelta

    def take_turn(self, authority: str, *, gap: timedelta, patience: timedelta) -> Turn | NotYet:
        """Take the next turn at a host.

        Args:
            authority: The host, with the port where it is not the usual one.
            gap: Time between the beginnings of two requests.
            patience: A turn later than that is left to others.

        Raises:
            StoreError: The store cannot be written.
        """
        return self.database.write(lambda connection: self._take(connection, authority, gap, patience))

    def _take(self, connection: Connection, authority: str, gap: timedelta, patience: timedelta) -> Turn | NotYet:
        name = authority[:_LONGEST_AUTHORITY]
        host = _host(connection, name)
        at = now(connection)
        if self._under_way(connection, name, at) >= self.at_once:
            return NotYet(wait=_POLL)
        begins = max(at, host.next_at, host.retry_at or at)
        if begins - at > patience:
            return NotYet(wait=begins - at)
        connection.execute(update(Host).where(Host.authority == name).values(next_at=begins + gap))
        values = {"authority": name, "run_id": self.run.id, "until": begins + self.lasts}
        identity = connection.execute(insert(HostTurn).returning(HostTurn.id), values).scalar_one()
        return Turn(id=identity, begins=begins, wait=begins - at)

    def _under_way(self, connection: Connection, name: str, at: datetime) -> int:
        query = select(HostTurn.id, HostTurn.run_id, HostTurn.until).where(HostTurn.authority == name)
        turns = connection.execute(query).all()
        void = [
            turn.id
            for turn in turns
            if turn.until <= at or (turn.run_id != self.run.id and is_gone(connection, turn.run_id))
        ]
        if void:
            connection.execute(delete(HostTurn).where(HostTurn.id.in_(void)))
        return len(turns) - len(void)

    def end_turn(self, turn: Turn, *, rest: Callable[[int], timedelta] | None = None) -> None:
        """Give a turn back.

        Args:
            turn: The turn.
            rest: Where the host asked to be left alone: how long, given how often in a row it did; every worker will.

        Raises:
            StoreError: The store cannot be written.
        """

        def work(connection: Connection) -> None:
            # SQLite gives the number of a turn that is void to another one: that of another run is not ours to end.
            mine = delete(HostTurn).where(HostTurn.id == turn.id, HostTurn.run_id == self.run.id)
            name = connection.execute(mine.returning(HostTurn.authority)).scalar_one_or_none()
            if name is None:  # it lasted too long, and was given to somebody else
                return
            if rest is None:
                connection.execute(
                    update(Host).where(Host.authority == name, Host.refusals > 0).values(refusals=0, retry_at=None)
                )
                return
            host = _host(connection, name)
            times = host.refusals + 1
            until = max(now(connection) + rest(times), host.retry_at or host.next_at)
            connection.execute(update(Host).where(Host.authority == name).values(retry_at=until, refusals=times))

        self.database.write(work)

    def robots(self, authority: str) -> KnownRobots:
        """What is known of a host's robots.txt.

        Raises:
            StoreError: The store cannot be read.
        """

        def work(connection: Connection) -> KnownRobots:
            query = select(Host.robots_text, Host.robots_until, Host.robots_failures)
            row = connection.execute(query.where(Host.authority == authority[:_LONGEST_AUTHORITY])).first()
            if row is None or row.robots_until is None:
                return KnownRobots(text=None, is_fresh=False, failures=0)
            return KnownRobots(
                text=row.robots_text, is_fresh=row.robots_until > now(connection), failures=row.robots_failures
            )

        return self.database.read(work)

    def keep_robots(self, authority: str, text: str | None, *, good_for: timedelta, reached: bool) -> None:
        """Keep what a host's robots.txt says.

        Args:
            authority: The host.
            text: As `ingest.fetch.robots.Robots` has it.
            good_for: How long.
            reached: Whether the host said anything; if not, that is one failure more.

        Raises:
            StoreError: The store cannot be written.
        """
        name = authority[:_LONGEST_AUTHORITY]

        def work(connection: Connection) -> None:
            _host(connection, name)
            connection.execute(
                update(Host)
                .where(Host.authority == name)
                .values(
                    robots_text=text,
                    robots_until=now(connection) + good_for,
                    robots_failures=0 if reached else Host.robots_failures + 1,
                )
            )

        self.database.write(work)


def _host(connection: Connection, name: str) -> AnyRow:
    """The row of a host, made where it is new, and its lock."""
    lock(connection, [f"host {name}"])
    query = select(Host.next_at, Host.retry_at, Host.refusals).where(Host.authority == name)
    found = connection.execute(query).first()
    if found is None:
        values = {"authority": name, "next_at": now(connection), "refusals": 0, "robots_failures": 0}
        connection.execute(insert(Host), values)
        found = connection.execute(query).one()
    return found
