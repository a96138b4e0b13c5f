"""Agreements, their parties and the sentences that state them, as frames."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, Unpack, overload

from ingest.export.selection import literal
from ingest.query.asking import Dated, Day, Store, chosen, equal
from ingest.query.frames import Dates, FrameKind
from ingest.store.read.connection import like

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

__all__ = ["agreements", "mentions", "parties"]

_TOPIC = "article_id IN (SELECT article_id FROM v_article_topics WHERE topic = {})"


class _Agreements(Dated, total=False):
    party: str | None
    topic: str | None
    kind: str | None
    status: str | None
    news: bool | None


class _Parties(Dated, total=False):
    organisation: str | None
    region: str | None


class _Mentions(Dated, total=False):
    agreement: str | None
    current: bool


@overload
def agreements(
    store: Store = None, *, frame: Literal["polars"] = ..., **asked: Unpack[_Agreements]
) -> pl.DataFrame: ...
@overload
def agreements(store: Store = None, *, frame: Literal["pandas"], **asked: Unpack[_Agreements]) -> pd.DataFrame: ...
def agreements(  # noqa: PLR0913 - one parameter a filter
    store: Store = None,
    *,
    since: Day = None,
    until: Day = None,
    party: str | None = None,
    topic: str | None = None,
    kind: str | None = None,
    status: str | None = None,
    news: bool | None = None,
    where: str | None = None,
    columns: Sequence[str] = (),
    limit: int = 0,
    frame: FrameKind = "polars",
    dates: Dates = "day",
    seconds: float = 60.0,
) -> pl.DataFrame | pd.DataFrame:
    """Agreements in the ledger, a row each, as `v_agreements` has them.

    Args:
        store: As for `articles`, like all that is not told here.
        since: Signed, or reported where undated, on or after that day.
        until: Likewise, on or before it.
        party: Only with a party one of whose names holds this, whatever its case.
        topic: Only told of by an article with this topic.
        kind: Only of this kind: `mou`, `joint_venture`, …
        status: Only with this status: `planned`, `signed`, `renewed`, `ended`.
        news: Only those that articles report as current, or (False) only the others.
        where: A further condition, in SQL.
        columns: Names of columns; none: all.
        limit: Rows at most; 0: all.
        frame: Whose frame.
        dates: What a date becomes.
        seconds: A query that takes longer is ended.

    Raises:
        IngestError: As for `articles`.

    Example:
        >>> agreements(party="harbour", status="signed").explode("parties")
    """
    named = party and literal(f"%{like(party.lower())}%")
    told = f"agreement_id IN (SELECT agreement_id FROM v_agreement_mentions WHERE {_TOPIC})"  # noqa: S608 - a constant
    conditions = (
        named
        and f"""agreement_id IN (SELECT p.agreement_id FROM v_agreement_parties p
            LEFT JOIN v_organisation_names n ON n.organisation_id = p.organisation_id
            WHERE lower(p.name) LIKE {named} ESCAPE '!' OR lower(p.organisation) LIKE {named} ESCAPE '!'
            OR lower(n.name) LIKE {named} ESCAPE '!')""",  # noqa: S608 - a literal
        topic and told.format(literal(topic)),
        equal("kind", kind),
        equal("status", status),
        equal("is_news", news),
        where,
    )
    return chosen(
        store, "agreements", since=since, until=until, conditions=conditions, columns=columns, limit=limit,
        frame=frame, dates=dates, seconds=seconds,
    )  # fmt: skip


@overload
def parties(store: Store = None, *, frame: Literal["polars"] = ..., **asked: Unpack[_Parties]) -> pl.DataFrame: ...
@overload
def parties(store: Store = None, *, frame: Literal["pandas"], **asked: Unpack[_Parties]) -> pd.DataFrame: ...
def parties(  # noqa: PLR0913 - one parameter a filter
    store: Store = None,
    *,
    since: Day = None,
    until: Day = None,
    organisation: str | None = None,
    region: str | None = None,
    where: str | None = None,
    columns: Sequence[str] = (),
    limit: int = 0,
    frame: FrameKind = "polars",
    dates: Dates = "day",
    seconds: float = 60.0,
) -> pl.DataFrame | pd.DataFrame:
    """Parties of agreements, a row for each agreement and party, as `v_agreement_parties` has them.

    Args:
        store: As for `articles`, like all that is not told here.
        since: Of agreements signed, or reported where undated, on or after that day.
        until: Likewise, on or before it.
        organisation: Only that organisation, by its public id.
        region: Only from that country or region.
        where: A further condition, in SQL.
        columns: Names of columns; none: all.
        limit: Rows at most; 0: all.
        frame: Whose frame.
        dates: What a date becomes.
        seconds: A query that takes longer is ended.

    Raises:
        IngestError: As for `articles`.

    Example:
        >>> parties(since="2026").group_by("organisation").len().sort("len", descending=True)
    """
    conditions = (equal("organisation_id", organisation), equal("region", region), where)
    return chosen(
        store, "parties", since=since, until=until, conditions=conditions, columns=columns, limit=limit, frame=frame,
        dates=dates, seconds=seconds,
    )  # fmt: skip


@overload
def mentions(store: Store = None, *, frame: Literal["polars"] = ..., **asked: Unpack[_Mentions]) -> pl.DataFrame: ...
@overload
def mentions(store: Store = None, *, frame: Literal["pandas"], **asked: Unpack[_Mentions]) -> pd.DataFrame: ...
def mentions(  # noqa: PLR0913 - one parameter a filter
    store: Store = None,
    *,
    since: Day = None,
    until: Day = None,
    agreement: str | None = None,
    current: bool = True,
    where: str | None = None,
    columns: Sequence[str] = (),
    limit: int = 0,
    frame: FrameKind = "polars",
    dates: Dates = "day",
    seconds: float = 60.0,
) -> pl.DataFrame | pd.DataFrame:
    """Sentences that state agreements, a row each, as `v_agreement_mentions` has them.

    Args:
        store: As for `articles`, like all that is not told here.
        since: In articles published, or first stored where undated, on or after that day.
        until: Likewise, on or before it.
        agreement: Only of that agreement, by its public id.
        current: Only in what some document says now.
        where: A further condition, in SQL.
        columns: Names of columns; none: all.
        limit: Rows at most; 0: all.
        frame: Whose frame.
        dates: What a date becomes.
        seconds: A query that takes longer is ended.

    Raises:
        IngestError: As for `articles`.

    Example:
        >>> mentions(agreement="agr-3f2a9c0d11", columns=["published", "publisher", "evidence"], frame="pandas")
    """
    conditions = (equal("agreement_id", agreement), "is_current = 1" if current else None, where)
    return chosen(
        store, "mentions", since=since, until=until, conditions=conditions, columns=columns, limit=limit, frame=frame,
        dates=dates, seconds=seconds,
    )  # fmt: skip
