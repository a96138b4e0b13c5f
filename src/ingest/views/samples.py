"""The view of what people found of random samples, over time."""

from __future__ import annotations

from ingest.views.base import Column, ColumnType, View

__all__ = ["VIEWS"]

_TEXT, _INTEGER, _REAL, _FLAG = ColumnType.TEXT, ColumnType.INTEGER, ColumnType.REAL, ColumnType.FLAG

_VERSIONS = """JOINED(SELECT DISTINCT r.code_version AS item FROM sample_rows w JOIN runs r ON r.id = w.run_id
        WHERE w.sample_id = s.id ORDER BY r.code_version)"""
_IN_FORCE = """FLAG(NOT EXISTS (SELECT 1 FROM sample_evaluations n
        WHERE n.sample_id = e.sample_id AND n.person = e.person AND n.id > e.id))"""
_HEAD = f"""SELECT e.id, TIME(e.at), e.person, s.public_id, s.subject, s.grouping, s.seed, TIME(s.drawn_at),
    {_IN_FORCE}, e.sheet_sha256, {_VERSIONS}"""

_QUALITY = View(
    name="v_quality_samples",
    description="One row per evaluation of a random sample and stratum, and one for all strata together.",
    columns=(
        Column(name="evaluation_id", type=_INTEGER, description="Grows with time."),
        Column(name="at", type=ColumnType.TIME, description="When the sheet was evaluated."),
        Column(name="person", type=_TEXT, description="Who judged."),
        Column(name="sample_id", type=_TEXT, description="Public id of the sample, `smp-` and hex digits."),
        Column(name="subject", type=_TEXT, description="`agreements`, `topics` or `mentions`."),
        Column(name="grouping", type=_TEXT, description="By what the strata are told apart: `confidence`, `kind`, …"),
        Column(name="seed", type=_TEXT, description="Seed of the sample."),
        Column(name="drawn_at", type=ColumnType.TIME, description="When it was drawn: the figures are of that moment."),
        Column(
            name="is_in_force",
            type=_FLAG,
            description="Whether it is the person's last word on that sample; earlier ones count no more.",
        ),
        Column(name="sheet_sha256", type=_TEXT, description="SHA-256 of the sheet that came back, in hex."),
        Column(
            name="versions",
            type=ColumnType.LIST,
            description="Versions of the code, rules and models that said what was judged, as in `v_runs`.",
        ),
        Column(name="is_overall", type=_FLAG, description="1: all strata together, each weighted by its size."),
        Column(name="stratum", type=_TEXT, description="Name of the stratum; `all` where it is all of them."),
        Column(name="size", type=_INTEGER, description="Rows that there were in it."),
        Column(name="drawn", type=_INTEGER, description="How many of them were drawn."),
        Column(name="judged_right", type=_INTEGER, description="How many of those are right."),
        Column(name="judged_wrong", type=_INTEGER, description="How many are wrong."),
        Column(name="judged_unsure", type=_INTEGER, description="How many cannot be told."),
        Column(
            name="precision",
            type=_REAL,
            nullable=True,
            description="Share that is right, estimated for all rows of the stratum; none where none was judged.",
        ),
        Column(name="precision_low", type=_REAL, nullable=True, description="Lower end of its 95 % interval."),
        Column(name="precision_high", type=_REAL, nullable=True, description="Upper end."),
    ),
    query=f"""
{_HEAD}, 0, t.name, t.size, t.drawn, f.judged_right, f.judged_wrong, f.judged_unsure,
    f.precision, f.precision_low, f.precision_high
FROM sample_evaluations e
JOIN samples s ON s.id = e.sample_id
JOIN sample_figures f ON f.evaluation_id = e.id
JOIN sample_strata t ON t.sample_id = s.id AND t.position = f.stratum
UNION ALL
{_HEAD}, 1, 'all', s.population,
    CAST((SELECT sum(t.drawn) FROM sample_strata t WHERE t.sample_id = s.id) AS bigint),
    CAST((SELECT sum(f.judged_right) FROM sample_figures f WHERE f.evaluation_id = e.id) AS bigint),
    CAST((SELECT sum(f.judged_wrong) FROM sample_figures f WHERE f.evaluation_id = e.id) AS bigint),
    CAST((SELECT sum(f.judged_unsure) FROM sample_figures f WHERE f.evaluation_id = e.id) AS bigint),
    e.precision, e.precision_low, e.precision_high
FROM sample_evaluations e
JOIN samples s ON s.id = e.sample_id
""",  # noqa: S608 - joined of constants above
)

VIEWS = (_QUALITY,)
