"""What a thing that was removed by request is known again by: digests, never the thing itself."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from typing import TypeAlias

from sqlalchemy import Connection, bindparam, delete, insert, select

from ingest.documents import Annotated, Dropped, Reason, Stage
from ingest.tables import MarkKind, TombstoneMark

__all__ = ["Mark", "add", "add_page", "addresses", "dropped", "found", "of_article"]

Mark: TypeAlias = tuple[MarkKind, str]

_CHUNK = 500
_FOUND = select(TombstoneMark.kind, TombstoneMark.sha256).where(
    # Every kind by its name: the primary key begins with it, and SQLite reads the whole table otherwise.
    TombstoneMark.kind.in_(list(MarkKind)),
    TombstoneMark.sha256.in_(bindparam("digests", expanding=True)),
)
_DROP = delete(TombstoneMark).where(
    TombstoneMark.kind == bindparam("of_kind"), TombstoneMark.sha256 == bindparam("digest")
)
_SCHEMES = {"http": "https", "https": "http"}


def addresses(*given: str | None) -> set[Mark]:
    """Marks of addresses, whichever of both schemes they are written with; of what is no address, none.

    Args:
        given: Addresses as the store has them, which are canonical, or keys of documents.
    """
    marks: set[Mark] = set()
    for each in given:
        scheme, separator, rest = (each or "").partition("://")
        if separator and scheme in _SCHEMES:
            marks |= {(MarkKind.ADDRESS, _digest(f"{one}://{rest}")) for one in (scheme, _SCHEMES[scheme])}
    return marks


def of_article(annotated: Annotated) -> set[Mark]:
    """Marks by which what was read of a page is known to have been removed: its text, and where it says it lives."""
    fingerprint, article = annotated.fingerprint, annotated.article
    return {
        (MarkKind.TEXT, _digest(article.text)),
        (MarkKind.FOLDED, fingerprint.text_sha256),
        *addresses(article.url),
    }


def found(connection: Connection, wanted: Collection[Mark]) -> set[Mark]:
    """Which of these were removed by request."""
    digests = sorted({digest for _, digest in wanted})
    there: set[Mark] = set()
    for start in range(0, len(digests), _CHUNK):
        rows = connection.execute(_FOUND, {"digests": digests[start : start + _CHUNK]})
        there |= {(kind, digest) for kind, digest in rows}
    return there & set(wanted)


def add(connection: Connection, tombstone: int, marks: Iterable[Mark]) -> None:
    """Keep these out from now on; one that was kept out already belongs to the later request."""
    for kind, digest in sorted(marks):
        connection.execute(_DROP, {"of_kind": kind, "digest": digest})
        connection.execute(insert(TombstoneMark).values(kind=kind, sha256=digest, tombstone_id=tombstone))


def add_page(connection: Connection, sha256: str, *, like: Mark) -> None:
    """Keep bytes out that turned out to hold what is kept out by another mark, so that they are not archived again."""
    of_mark = select(TombstoneMark.tombstone_id).where(TombstoneMark.kind == like[0], TombstoneMark.sha256 == like[1])
    tombstone = connection.execute(of_mark).scalar_one_or_none()
    if tombstone is not None:
        add(connection, tombstone, [(MarkKind.PAGE, sha256)])


def dropped(*, source: str, key: str, url: str | None, by: MarkKind) -> Dropped:
    """Why a document is not taken in again."""
    known = {
        MarkKind.ADDRESS: "its address",
        MarkKind.TEXT: "its text",
        MarkKind.FOLDED: "its text",
        MarkKind.PAGE: "its bytes",
    }
    return Dropped(
        source=source,
        key=key,
        url=url,
        stage=Stage.STORE,
        reason=Reason.FORGOTTEN,
        detail=f"It was removed by request (`ingest forget`), and is known by {known[by]}; nothing to do.",
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
