"""A worker on the loopback interface, with a clock and chance that tests set, and a reader of a form of their own."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from web_server import Reply

from ingest.documents import Child, Entry, Format, Hints, Listing, ListingFlaw, SourceKind, Unlisted
from ingest.fetch import Client, Terms, networks
from ingest.fetch.polite import Manners, Polite
from ingest.store.hosts import Hosts
from ingest.store.subscriptions import NewSource, add_source
from ingest.store.visits import claim_source, end_visit
from ingest.visit import Visit, VisitTerms, Worker, ask

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)
WEB = (SourceKind.FEED, SourceKind.SITEMAP, SourceKind.URLS, SourceKind.PAGE)


def read(body, *, content_type, base_url, now):  # noqa: ARG001 - the signature is that of every reader
    """Reads `{"entries": [{"url": …, "id": …, "published": …, "updated": …}], "children": […], …}`."""
    try:
        said = json.loads(body)
    except ValueError:
        return Unlisted(flaw=ListingFlaw.NOT_A_LISTING, detail="It is no listing.")
    entries = tuple(
        Entry(
            url=each["url"],
            id=each.get("id"),
            hints=Hints(title=each.get("title"), published=each.get("published")),
            updated=each.get("updated"),
            position=number,
        )
        for number, each in enumerate(said.get("entries", []))
    )
    return Listing(
        format=Format.RSS,
        entries=entries,
        children=tuple(Child(**each) for each in said.get("children", [])),
        title=said.get("title"),
        next_url=said.get("next"),
    )


READERS = {SourceKind.FEED: read, SourceKind.SITEMAP: read, SourceKind.URLS: read}


def listing(*urls, **more):
    """A listing of these addresses, or of these entries."""
    entries = [{"url": each} if isinstance(each, str) else each for each in urls]
    return Reply(json.dumps({"entries": entries, **more}).encode(), headers={"Content-Type": "application/json"})


def article(number, words=""):
    """A page of news, unlike every other."""
    sentences = [
        f"Story {number}: the council of ward {number * 7919 % 1009} opened bridge {number} over river {number * 31}.",
        f"Engineer {number * 17} said that span {number * 13} took {number % 50 + 2} months and cost {number * 3} m.",
        f"Traffic of route {number * 5} is to grow by {number % 90 + 3} percent, as a report of bureau {number} says.",
    ]
    body = "".join(f"<p>{each} {words}</p>" for each in sentences * 2)
    html = f"<html><head><title>Bridge {number} opens</title></head><body><article><h1>Bridge {number} opens</h1>"
    return Reply(f"{html}{body}</article></body></html>".encode(), headers={"Content-Type": "text/html"})


@dataclass
class Team:
    """A worker of a store, and what a test asks of it."""

    store: object
    worker: Worker
    slept: list[float] = field(default_factory=list)
    at: datetime = NOON

    def add(self, name, address, kind=SourceKind.FEED, **more):
        new = NewSource(name=name, kind=kind, address=address, **more)
        return add_source(self.store.database, self.worker.run, new)

    def claim(self, *, only=(), lease_seconds=300):
        return claim_source(self.store.database, self.worker.run, kinds=WEB, lease_seconds=lease_seconds, only=only)

    def visit(self, name):
        """Visit a source, due or not: what came of asking, and what its pages brought."""
        due = self.claim(only=(name,))
        asked = ask(self.worker, due)
        visit = Visit(worker=self.worker, due=due)
        found = list(visit)
        end_visit(self.store.database, due)
        return asked, found, visit

    def rows(self, query, **values):
        return self.store.database.read(
            lambda connection: [dict(row) for row in connection.execute(text(query), values).mappings()]
        )

    def source(self, name):
        (row,) = self.rows("SELECT * FROM sources WHERE name = :name", name=name)
        return row

    def events(self, name):
        query = (
            "SELECT event FROM source_events e JOIN sources s ON s.id = e.source_id WHERE s.name = :name ORDER BY e.id"
        )
        return [row["event"] for row in self.rows(query, name=name)]

    def wait_over(self):
        """As if time had passed: everything that waits is due."""
        with self.store.database.engine.begin() as connection:
            past = "2020-01-01T00:00:00.000000Z"
            connection.execute(text("UPDATE leads SET due_at = :past WHERE due_at IS NOT NULL"), {"past": past})
            connection.execute(text("UPDATE hosts SET next_at = :past, retry_at = NULL"), {"past": past})


@contextmanager
def team(store, *, gap=0.0, patience=5.0, at_once=4, **terms):
    run = store.start_run("collect")
    slept = []
    with Client(Terms(agent="ingest-test/1", allowed=networks("127.0.0.1"), seconds=3)) as client:
        hosts = Hosts(database=store.database, run=run, at_once=at_once, lasts=timedelta(seconds=10))
        manners = Manners(agent="ingest", gap=timedelta(seconds=gap), patience=timedelta(seconds=patience))
        polite = Polite(client=client, turns=hosts, manners=manners, sleep=slept.append, chance=lambda: 0.5)
        worker = Worker(
            database=store.database,
            run=run,
            fetcher=polite,
            readers=READERS,
            terms=VisitTerms(**terms),
            now=lambda: made.at,
            chance=lambda: 0.5,
        )
        made = Team(store=store, worker=worker, slept=slept)
        yield made
