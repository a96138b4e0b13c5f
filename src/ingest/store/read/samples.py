"""Rows that a sample can be drawn from, samples that were drawn, and what was found of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest import wire
from ingest.errors import NotFoundError
from ingest.sampling import Grouping, Row, Sample, SizedStratum, Subject, band
from ingest.store.read.connection import Connection

__all__ = ["Said", "frame", "history", "kept_sample", "said"]

_ID = {
    Subject.AGREEMENTS: "x.agreement_id",
    Subject.TOPICS: "x.article_id || '/' || x.topic",
    Subject.MENTIONS: "CAST(x.mention_id AS text)",
}
_FROM = {
    Subject.AGREEMENTS: "v_agreements x JOIN v_articles a ON a.article_id = x.article_id",
    # What a person ruled says nothing of how good the machine is.
    Subject.TOPICS: "v_article_topics x JOIN v_articles a ON a.article_id = x.article_id AND x.person IS NULL",
    Subject.MENTIONS: "v_agreement_mentions x JOIN v_articles a ON a.article_id = x.article_id AND x.is_current = 1",
}
_SCORE = {Subject.AGREEMENTS: "x.confidence", Subject.TOPICS: "x.score", Subject.MENTIONS: "x.confidence"}
_BY = {
    Grouping.KIND: "x.kind",
    Grouping.STATUS: "x.status",
    Grouping.NEWS: "CASE WHEN x.is_news = 1 THEN 'news' ELSE 'background' END",
    Grouping.TOPIC: "x.topic",
    Grouping.LANGUAGE: "a.language",
    Grouping.SOURCE: "a.source",
    Grouping.NONE: "'all'",
}
_AGREEMENT = "x.parties AS parties, x.kind AS kind, x.status AS status, x.signed_on AS signed_on"
_SAYS = {Subject.AGREEMENTS: _AGREEMENT, Subject.TOPICS: "x.topic AS topic", Subject.MENTIONS: _AGREEMENT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a sheet shows of a row; `confidence` is 0 to 1, `says` what is to be judged."""

    id: str
    confidence: float
    says: str
    evidence: str
    title: str | None
    publisher: str | None
    published: str | None
    language: str
    url: str | None
    document: str
    article: str
    run_id: int


def frame(connection: Connection, subject: Subject, grouping: Grouping) -> Iterator[tuple[str, str]]:
    """Every row that can be drawn, by its id, with the name of its stratum."""
    by = _SCORE[subject] if grouping is Grouping.CONFIDENCE else _BY[grouping]
    for identity, found in connection.each(f"SELECT {_ID[subject]}, {by} FROM {_FROM[subject]}"):  # noqa: S608 - constants above
        yield str(identity), band(float(str(found))) if grouping is Grouping.CONFIDENCE else str(found)


def said(connection: Connection, subject: Subject, ids: Sequence[str]) -> dict[str, Said]:
    """What the machine says of some rows, by id."""
    rows = connection.rows_in(
        f"SELECT {_ID[subject]} AS id, {_SCORE[subject]} AS confidence, x.evidence AS evidence, x.run_id AS run_id,"  # noqa: S608 - constants above
        f" a.title AS title, a.publisher AS publisher, a.published AS published, a.language AS language, a.url AS url,"
        f" a.key AS document, a.article_id AS article, {_SAYS[subject]}"
        f" FROM {_FROM[subject]} WHERE {_ID[subject]} IN ({{}})",
        ids,
    )
    found = {}
    for row in rows:
        named = ("id", "confidence", "title", "publisher", "published", "language", "url", "document", "article")
        told = [row[name] for name in ("topic", "parties", "kind", "status", "signed_on") if row.get(name)]
        found[str(row["id"])] = Said(
            **{name: row[name] for name in named},
            says="; ".join(map(str, told)),
            evidence=row["evidence"] or "",
            run_id=row["run_id"],
        )
    return found


def kept_sample(connection: Connection, public_id: str) -> Sample:
    """A sample that was drawn.

    Raises:
        NotFoundError: The store has none of that id.
    """
    heads = connection.rows("SELECT * FROM samples WHERE public_id = ?", public_id)
    if not heads:
        raise NotFoundError(
            f"this store has no sample {public_id!r}",
            remedy="name the store it was drawn from with --database, or put the column sample back",
        )
    head = heads[0]
    strata = connection.rows(
        "SELECT name, size, drawn FROM sample_strata WHERE sample_id = ? ORDER BY position", head["id"]
    )
    rows = connection.rows(
        "SELECT number, stratum, subject_id, said_sha256, run_id FROM sample_rows WHERE sample_id = ? ORDER BY number",
        head["id"],
    )
    return Sample(
        public_id=head["public_id"],
        subject=Subject(head["subject"]),
        grouping=Grouping(head["grouping"]),
        seed=head["seed"],
        wanted=head["wanted"],
        strata=tuple(SizedStratum(**row) for row in strata),
        rows=tuple(Row(**row) for row in rows),
    )


def history(connection: Connection, sample: str | None = None) -> tuple[wire.SampleEvaluation, ...]:
    """What was found of samples, the earliest first; of one sample only, where it is named."""
    condition, given = (" WHERE sample_id = ?", (sample,)) if sample else ("", ())
    rows = connection.rows(
        f"SELECT * FROM v_quality_samples{condition} ORDER BY evaluation_id, is_overall, stratum",  # noqa: S608 - constants
        *given,
    )
    measures = ("precision", "precision_low", "precision_high")
    strata: list[wire.SampleStratum] = []
    found = []
    for row in rows:
        measured = {name: row[name] for name in measures}
        if not row["is_overall"]:
            counts = {name: row[f"judged_{name}"] for name in ("right", "wrong", "unsure")}
            strata.append(wire.SampleStratum(name=row["stratum"], size=row["size"], **counts, **measured))
            continue
        same = ("subject", "grouping", "person", "at", "sheet_sha256", "size")
        found.append(
            wire.SampleEvaluation(
                sample=row["sample_id"],
                **{name: row[name] for name in same},
                versions=tuple((row["versions"] or "").split(" · ")),
                is_in_force=bool(row["is_in_force"]),
                **measured,
                strata=tuple(strata),
            )
        )
        strata = []
    return tuple(found)
