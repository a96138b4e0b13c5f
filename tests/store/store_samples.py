"""Made-up pages, articles, sources and rules for the tests of the store."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingest.agreements.ledger import choose, next_status
from ingest.documents import (
    Annotated,
    Article,
    Dropped,
    Fingerprint,
    Kind,
    Label,
    Language,
    MediaType,
    Mention,
    Moment,
    Page,
    Party,
    Precision,
    Reason,
    Span,
    Stage,
    Status,
)
from ingest.organisations import Organisation
from ingest.store import Claimed, Rules, Run, Store

SOURCE = "inbox"


@dataclass
class FakeSource:
    """A source that holds the keys that it is told to."""

    keys: set[str] = field(default_factory=set)
    name: str = SOURCE
    kind: str = "folder"
    address: str = "somewhere"

    def __iter__(self) -> Iterator[Page | Dropped]:
        return iter(())

    def holds(self, key: str) -> bool:
        return key in self.keys


def page(key="a.txt", content="raw bytes", *, source=SOURCE, url=None, media_type=MediaType.PLAIN):
    return Page(source=source, key=key, content=content.encode(), media_type=media_type, url=url)


def day(iso):
    return Moment(iso=iso, precision=Precision.DAY)


def mention(*names, text, kind=Kind.MOU, status=Status.SIGNED, is_news=True, signed_on=None, **more):
    """What the first sentence of `text` says."""
    end = text.index(".") + 1
    return Mention(
        parties=tuple(Party(name=name) for name in names),
        kind=kind,
        status=status,
        is_news=is_news,
        start=0,
        end=end,
        evidence=text[:end],
        confidence=more.pop("confidence", 0.9),
        signed_on=day(signed_on) if signed_on else None,
        **more,
    )


def label(topic="biotech", score=0.8, words="gene"):
    return Label(topic=topic, score=score, evidence=(Span(start=0, end=len(words), text=words),))


def annotated(text, *, title="A headline", published=None, topics=(), mentions=(), **metadata):
    article = Article(text=text, title=title, published=day(published) if published else None, **metadata)
    return Annotated(
        article=article,
        fingerprint=fingerprint(text),
        language=Language(tag="en", confidence=0.99),
        topics=tuple(topics),
        mentions=tuple(mentions),
    )


def fingerprint(text):
    """A band for each sentence; case and white space do not count."""
    folded = " ".join(text.casefold().split())
    sentences = [sentence.strip() for sentence in folded.split(".") if sentence.strip()]
    bands = tuple(int.from_bytes(hashlib.sha256(each.encode()).digest()[:8], signed=True) for each in sentences)
    return Fingerprint(text_sha256=hashlib.sha256(folded.encode()).hexdigest(), bands=bands, scheme=1)


def likeness(a, b):
    """Share of sentences that two texts have in common, if it is more than half."""
    first, second = ({part.strip() for part in text.casefold().split(".") if part.strip()} for text in (a, b))
    share = len(first & second) / len(first | second)
    return share if share >= 0.5 else None


HARBOUR = Organisation(id="harbour", name="Harbour University", region="HK", names=("HU", "海港大學"))


def fold(name):
    return name.casefold().removesuffix(" ltd").strip()


def resolve(name, *, region_hint=None):  # noqa: ARG001 - the port has it
    return HARBOUR if fold(name) in {fold(each) for each in (HARBOUR.name, *HARBOUR.names)} else None


RULES = Rules(likeness=likeness, fold=fold, resolve=resolve, choose=choose, next_status=next_status)


def dropped(key="a.txt", reason=Reason.NO_ARTICLE, stage=Stage.EXTRACT, detail="Nothing was left."):
    return Dropped(source=SOURCE, key=key, stage=stage, reason=reason, detail=detail)


def claim(store: Store, run: Run, *pages: Page, source=None, lease_seconds=300, max_attempts=3, alone=False):
    source = source or FakeSource(keys={each.key for each in pages})
    return store.claim(run, source, pages, lease_seconds=lease_seconds, max_attempts=max_attempts, alone=alone)


def take(store: Store, run: Run, arrived: Page, result, *, source=None):
    """Claim and save one page."""
    (claimed,) = claim(store, run, arrived, source=source)
    assert isinstance(claimed, Claimed), claimed
    return store.save(run, claimed, result)


def rows(store: Store, query: str, **parameters):
    """Rows of a query, as dictionaries."""
    from sqlalchemy import text

    return store.database.read(
        lambda connection: [dict(row) for row in connection.execute(text(query), parameters).mappings()]
    )


def row(store: Store, query: str, **parameters):
    (only,) = rows(store, query, **parameters)
    return only


def events(store: Store, key="a.txt"):
    """What happened to a document, in order."""
    query = "SELECT event FROM v_document_events WHERE key = :key ORDER BY event_id"
    return [each["event"] for each in rows(store, query, key=key)]
