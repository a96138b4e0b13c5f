"""Notices for the tests of messages and channels."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from ingest import wire
from ingest.alerts.notice import Item, Notice, NoticeKind, Why
from ingest.documents import Kind, Status

AT = datetime(2026, 3, 4, 5, 6, 7, tzinfo=UTC)

MENTION = wire.AgreementMention(
    mention=3,
    article="art-00000000000000000001",
    is_current=True,
    source="wire",
    key="a/b",
    url="https://news.example.com/2026/03/batteries.html",
    title="Norrland Cells & 江川新能源 to build a plant",
    publisher="Example Wire",
    published_at="2026-03-03T08:00:00+08:00",
    status=Status.SIGNED,
    is_news=True,
    start=0,
    end=10,
    evidence="3月3日，江川新能源与Norrland Cells签署谅解备忘录，双方将共建电池厂。",
    confidence=0.93,
)
AGREEMENT = wire.Agreement(
    id="agr-0123456789",
    parties=tuple(
        wire.AgreementParty(name=name, organisation=name, organisation_id=f"org-{number}", region=region)
        for number, (name, region) in enumerate((("Norrland Cells", "SE"), ("江川新能源", "CN")))
    ),
    kind=Kind.MOU,
    status=Status.SIGNED,
    is_news=True,
    signed_on="2026-03-03",
    fields=("batteries", "储能"),
    value="€1.2 billion",
    confidence=0.93,
    independent_sources=2,
    first_seen_at="2026-03-03T01:00:00Z",
    last_seen_at="2026-03-03T02:00:00Z",
    mentions=(MENTION,),
    events=(
        wire.AgreementEvent(
            at="2026-03-03T01:00:00Z",
            event="dismissed",
            old_status=None,
            new_status=None,
            article=None,
            other=None,
            person="somebody-by-name",
            detail=None,
        ),
    ),
)
NEW = Item(event=17, why=Why.DETECTED, agreement=AGREEMENT, mention=MENTION, new_status=Status.SIGNED)
ENDED = replace(NEW, event=18, why=Why.STATUS_CHANGED, old_status=Status.SIGNED, new_status=Status.ENDED)
DISMISSED = Item(
    event=19,
    why=Why.WITHDRAWN,
    agreement=replace(AGREEMENT, state="dismissed"),
    mention=None,
    note="A customer order, no agreement between the two.",
)


def notice(*items: Item, number: str = "alr-00000000000000000abc", kind: NoticeKind | None = None, left_out: int = 0):
    sort = kind or (NoticeKind.INSTANT if len(items) == 1 else NoticeKind.DIGEST if items else NoticeKind.TEST)
    return Notice(id=number, kind=sort, rule="batteries", at=AT, items=items, left_out=left_out)


def hostile(text: str) -> Item:
    """Everything that comes from the web says this."""
    mention = replace(MENTION, url=text, title=text, publisher=text, evidence=text, key=text, source=text)
    party = wire.AgreementParty(name=text, organisation=text, organisation_id="org-1", region=None)
    agreement = replace(AGREEMENT, parties=(party,), fields=(text,), value=text, mentions=(mention,))
    return replace(NEW, agreement=agreement, mention=mention)
