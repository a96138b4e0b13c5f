"""Which mentions the ledger holds for one agreement, against which are: pairwise precision and recall.

A *telling* is one article's statement of one agreement of the given ledger. A found mention is paired with a telling of
its article where their parties match (`matching`): at least two of them, or the only one, best pair first, one to one.
Over unordered pairs:

    precision   of the pairs of paired mentions held for one agreement: the share whose tellings have one id
    recall      of the pairs of tellings with one id: the share whose mentions were found, and held for one agreement
    recall of found   the same, of the pairs whose mentions were both found: what the ledger lost, not the detection

Mentions that pair with no telling take part in nothing, and are counted as `unpaired`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from ingest import wire
from ingest.evaluate.counts import harmonic
from ingest.evaluate.lines import identity, optional
from ingest.evaluate.matching import Agreement, match

__all__ = ["FoundMention", "LabelledTelling", "Telling", "parse_labels", "parse_ledger", "score"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """One article's statement of one agreement.

    Attributes:
        ledger: Id of the agreement.
        article: Id of the article.
        parties: As the article or the ledger names them.
    """

    ledger: str
    article: str
    parties: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledTelling:
    """An agreement of a labelled article, and the id that it has in the ledger, where it has one."""

    article: str
    ledger: str | None
    agreement: Agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMention:
    """A mention that the ledger holds.

    Attributes:
        article: Id of its article.
        agreement: Public id of the agreement that it counts for.
        parties: As the article names them.
    """

    article: str
    agreement: str
    parties: tuple[str, ...]


def parse_ledger(content: object) -> tuple[Telling, ...]:
    """Read `{id: {"canonical_parties": [name, …], "articles": [article, …]}}`.

    Raises:
        ValueError: It is something else; in words that follow the file's name, why.
    """
    if not isinstance(content, dict):
        raise ValueError("is not a JSON object of agreements by id")  # noqa: TRY004 - a file is a value, not an argument
    tellings = []
    for ledger, row in content.items():
        if not isinstance(row, dict):
            raise ValueError(f"has no object for {ledger!r}")  # noqa: TRY004 - likewise
        parties, articles = (_names(ledger, row, key) for key in ("canonical_parties", "articles"))
        tellings += [Telling(ledger=ledger, article=article, parties=parties) for article in dict.fromkeys(articles)]
    return tuple(tellings)


def parse_labels(record: dict[str, object]) -> tuple[LabelledTelling, ...]:
    """Read `{"id","agreements":[{"parties","ledger"?,…}]}`.

    Raises:
        ValueError: It is something else.
    """
    from ingest.evaluate.labels import parse  # noqa: PLC0415 - only this needs it

    article, raw = identity(record), record.get("agreements") or []
    labelled = parse(record).agreements
    rows = raw if isinstance(raw, list) else []
    return tuple(
        LabelledTelling(article=article, ledger=optional(row, "ledger"), agreement=agreement)
        for row, agreement in zip(rows, labelled, strict=True)
    )


def score(
    tellings: Sequence[Telling],
    found: Sequence[FoundMention],
    *,
    canonical: Callable[[str], str],
    bad_lines: int,
    misses: bool,
) -> wire.LedgerEvaluation:
    """Compare.

    Args:
        tellings: What there is.
        found: What the ledger holds.
        canonical: The one name of an organisation, for names in several scripts.
        bad_lines: How many lines could not be used.
        misses: Whether to list each wrong pair.
    """
    held = _paired(tellings, found, canonical)
    together = [pair for pair in combinations(range(len(tellings)), 2) if _ledger(tellings, pair)]
    both = [pair for pair in together if pair[0] in held and pair[1] in held]
    joined = [pair for pair in combinations(sorted(held), 2) if held[pair[0]].agreement == held[pair[1]].agreement]
    hits = [pair for pair in joined if _ledger(tellings, pair)]
    precision = len(hits) / len(joined) if joined else 1.0
    recall = len(hits) / len(together) if together else 1.0
    wrong = [
        *(_miss("invented", tellings, held, pair) for pair in joined if pair not in set(hits)),
        *(_miss("missed", tellings, held, pair) for pair in together if pair not in set(hits)),
    ]
    return wire.LedgerEvaluation(
        agreements=len({telling.ledger for telling in tellings}),
        tellings=len(tellings),
        found=len(held),
        unpaired=len(found) - len(held),
        bad_lines=bad_lines,
        pairs=len(together),
        precision=precision,
        recall=recall,
        f1=harmonic(precision, recall),
        recall_of_found=len(hits) / len(both) if both else 1.0,
        misses=tuple(wrong) if misses else None,
    )


def _paired(
    tellings: Sequence[Telling], found: Sequence[FoundMention], canonical: Callable[[str], str]
) -> Mapping[int, FoundMention]:
    """The found mention of each telling, by the telling's position."""
    theirs: dict[str, list[FoundMention]] = defaultdict(list)
    for mention in found:
        theirs[mention.article].append(mention)
    mine: dict[str, list[int]] = defaultdict(list)
    for number, telling in enumerate(tellings):
        mine[telling.article].append(number)
    held: dict[int, FoundMention] = {}
    for article, numbers in mine.items():
        labelled = [_as_agreement(tellings[number].parties, canonical) for number in numbers]
        said = [_as_agreement(mention.parties, canonical) for mention in theirs[article]]
        for pair in match(labelled, said):
            held[numbers[pair.labelled]] = theirs[article][pair.found]
    return held


def _as_agreement(parties: Iterable[str], canonical: Callable[[str], str]) -> Agreement:
    return Agreement(parties=tuple(dict.fromkeys(map(canonical, parties))))


def _ledger(tellings: Sequence[Telling], pair: tuple[int, int]) -> bool:
    return tellings[pair[0]].ledger == tellings[pair[1]].ledger


def _miss(
    error: str, tellings: Sequence[Telling], held: Mapping[int, FoundMention], pair: tuple[int, int]
) -> wire.LedgerMiss:
    a, b = (tellings[number] for number in pair)
    lacking = [telling.article for number, telling in zip(pair, (a, b), strict=True) if number not in held]
    if error == "invented":
        why = f"held for one agreement, {held[pair[0]].agreement}"
    elif lacking:
        why = f"not found in {' and '.join(lacking)}"
    else:
        why = f"held for two agreements, {held[pair[0]].agreement} and {held[pair[1]].agreement}"
    return wire.LedgerMiss(
        error=error,
        a=a.article,
        a_ledger=a.ledger,
        a_parties=" + ".join(a.parties),
        b=b.article,
        b_ledger=b.ledger,
        b_parties=" + ".join(b.parties),
        why=why,
    )


def _names(ledger: str, row: Mapping[str, object], key: str) -> tuple[str, ...]:
    names = row.get(key)
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name.strip() for name in names):
        raise ValueError(f'has no "{key}" for {ledger!r}, or one that is not an array of strings')
    return tuple(names)
