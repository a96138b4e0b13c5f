"""From any row to what it rests on: the sentence, the article, the bytes and the run that made it.

What is not in force any more is told, too, and that it is not; so the tables are read where the views leave it out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ingest import wire
from ingest.errors import NotFoundError
from ingest.store.read.connection import Connection
from ingest.store.read.trace import ledger, notes, topics
from ingest.store.read.trace.pages import articles, runs

__all__ = ["KINDS", "trace"]

_COPIES = 50  # readings shown of one article
_LATEST = 2**63
_NOTHING = wire.Trace(
    what="", id="", notes=(), agreement=None, topic=None, party=None, mentions=(), articles=(), rulings=(), runs=()
)


def trace(connection: Connection, what: str, given: str) -> wire.Trace:
    """Tell what a row rests on.

    Args:
        connection: The store.
        what: One of `KINDS`.
        given: Its id, or the beginning of it that no other shares: of an article or agreement its public id, of a
            mention its number, of a topic `ARTICLE/TOPIC`, of a party `AGREEMENT/ORGANISATION` or `AGREEMENT/POSITION`.

    Raises:
        NotFoundError: None has it, or several do.
    """
    return KINDS[what](connection, given)


def _agreement(connection: Connection, given: str) -> wire.Trace:
    identity = _agreement_id(connection, given)
    found = ledger.agreement(connection, identity)
    said = _sentences(connection, found)
    ruled = ledger.rulings(connection, identity)
    told = replace(_NOTHING, what="agreement", id=identity, agreement=found, mentions=said, rulings=ruled)
    return _told(connection, told)


def _party(connection: Connection, given: str) -> wire.Trace:
    before, _, after = given.partition("/")
    identity = _agreement_id(connection, before)
    found = ledger.agreement(connection, identity)
    said = _sentences(connection, found)
    organisation = _organisation(found, said, after)
    about = tuple(each for each in said if organisation in {party.organisation_id for party in each.parties})
    told = replace(
        _NOTHING,
        what="party",
        id=f"{identity}/{organisation}",
        agreement=found,
        party=organisation,
        mentions=about,
        rulings=ledger.rulings(connection, identity),
    )
    return _told(connection, told)


def _mention(connection: Connection, given: str) -> wire.Trace:
    number = int(given) if given.isascii() and given.isdigit() and int(given) < _LATEST else 0
    said = ledger.mentions(connection, "m.id = ?", number)
    if not said:
        raise NotFoundError(
            f"there is no mention with the number {given!r}", remedy="`ingest agreement ID` lists those of an agreement"
        )
    found = ledger.agreement(connection, said[0].agreement)
    ruled = ledger.rulings(connection, found.id)
    told = replace(_NOTHING, what="mention", id=str(number), agreement=found, mentions=said, rulings=ruled)
    return _told(connection, told)


def _article(connection: Connection, given: str) -> wire.Trace:
    identity = _article_id(connection, given)
    said = ledger.mentions(connection, "a.public_id = ? AND m.superseded_run_id IS NULL", identity)
    read = articles(connection, [identity], copies=_COPIES)
    return _told(connection, replace(_NOTHING, what="article", id=identity, mentions=said, articles=read))


def _topic(connection: Connection, given: str) -> wire.Trace:
    before, _, after = given.partition("/")
    identity = _article_id(connection, before)
    name = topics.article_and_topic(connection, identity, after)
    told = replace(
        _NOTHING,
        what="topic",
        id=f"{identity}/{name}",
        topic=topics.topic(connection, identity, name),
        rulings=topics.rulings(connection, identity, name),
        articles=articles(connection, [identity], copies=1),
    )
    return _told(connection, told)


KINDS: Mapping[str, Callable[[Connection, str], wire.Trace]] = {
    "agreement": _agreement,
    "article": _article,
    "topic": _topic,
    "mention": _mention,
    "party": _party,
}
"""What can be traced."""


def _agreement_id(connection: Connection, given: str) -> str:
    return connection.one_id("v_agreement_ids", "agreement_id", given, prefix="agr-", what="agreement")


def _article_id(connection: Connection, given: str) -> str:
    return connection.one_id("articles", "public_id", given, prefix="art-", what="article")


def _sentences(connection: Connection, found: wire.TracedAgreement) -> tuple[wire.TracedMention, ...]:
    """What an agreement rests on; of one that was merged, its own sentences; of an emptied one, what it rested on."""
    if found.state == "merged":
        own = ledger.mentions(connection, "t.public_id = ? AND m.superseded_run_id IS NULL", found.id)
        if own:
            return own
    in_force = "g.public_id = ? AND m.superseded_run_id IS NULL"
    said = ledger.mentions(connection, in_force, found.stands_for)
    return said or ledger.mentions(connection, "g.public_id = ? OR t.public_id = ?", found.id, found.id)


def _organisation(found: wire.TracedAgreement, said: Sequence[wire.TracedMention], given: str) -> str:
    """The party of an agreement that somebody means.

    Raises:
        NotFoundError: None is called so, or several begin so.
    """
    parties = [party.organisation_id for party in found.parties]
    named = list(dict.fromkeys([*parties, *(party.organisation_id for each in said for party in each.parties)]))
    if given in named:
        return given
    if given.isascii() and given.isdigit() and int(given) < len(parties):
        return parties[int(given)]
    begun = [each for each in named if given and each.startswith(given)]
    if len(begun) == 1:
        return begun[0]
    why = f"several parties of {found.id} begin with {given!r}" if begun else f"{found.id} has no party {given!r}"
    raise NotFoundError(
        why if given else f"{found.id} is an agreement, not a party",
        remedy=f"write {found.id}/PARTY with one of: {', '.join(begun or named)}" if named else "it has no parties now",
    )


def _told(connection: Connection, told: wire.Trace) -> wire.Trace:
    """A trace with the articles of its sentences, the runs of all that, and what must be said of it."""
    if not told.articles:
        wanted = [mention.article for mention in told.mentions]
        told = replace(told, articles=articles(connection, wanted, copies=1))
    return notes.noted(told, runs(connection, _runs_of(told)))


def _runs_of(told: wire.Trace) -> Iterable[int | None]:
    if told.agreement is not None:
        yield told.agreement.run
        yield from (event.run for event in told.agreement.events)
    if told.topic is not None:
        yield from (told.topic.run, told.topic.superseded_run)
    for mention in told.mentions:
        yield from (mention.run, mention.superseded_run)
    for article in told.articles:
        yield from (article.run, article.language_run)
        for reading in article.readings:
            yield from (reading.run, reading.superseded_run)
            yield from (event.run for event in reading.document.events)
            if reading.page is not None:
                yield reading.page.run
                if reading.page.fetch is not None:
                    yield reading.page.fetch.run
