import itertools

import pytest

from ingest.agreements.ledger import Entry, Told, choose, next_status
from ingest.documents import Kind, Moment, Precision, Status

PRECISIONS = {4: Precision.YEAR, 7: Precision.MONTH, 10: Precision.DAY}


def moment(iso):
    return Moment(iso=iso, precision=PRECISIONS[len(iso)]) if iso else None


def told(parties="ab", *, kind=Kind.MOU, status=Status.SIGNED, signed=None, published=None, is_news=True):
    return Told(
        parties=frozenset(parties),
        kind=kind,
        status=status,
        signed_on=moment(signed),
        published=moment(published),
        is_news=is_news,
    )


def entry(parties="ab", *, kind=Kind.MOU, status=Status.SIGNED, signed=None, first=None, last=None, key="agr-1"):
    return Entry(
        agreement_id=key,
        parties=frozenset(parties),
        kind=kind,
        status=status,
        signed_on=moment(signed),
        first_published=moment(first),
        last_published=moment(last or first),
    )


@pytest.mark.parametrize(
    ("mention", "known", "same"),
    [
        pytest.param(told(signed="2024-06-08"), entry(signed="2024-06-08"), True, id="the same day"),
        pytest.param(told(signed="2024-06"), entry(signed="2024-06-08"), True, id="the month of that day"),
        pytest.param(told(signed="2024"), entry(signed="2024-06-08"), True, id="the year of that day"),
        pytest.param(told(signed="2024-06-09"), entry(signed="2024-06-08"), True, id="a day later, by another clock"),
        pytest.param(told(signed="2023-06-08"), entry(signed="2024-06-08"), False, id="another year"),
        pytest.param(told(signed="2024-06-08"), entry(signed="2024-07-30"), False, id="another month"),
        pytest.param(told(published="2024-06-10"), entry(signed="2024-06-08"), True, id="reported two days later"),
        pytest.param(told(published="2025-09-10"), entry(signed="2024-06-08"), False, id="news of a later year"),
        pytest.param(told(published="2025-09-10", is_news=False), entry(signed="2024-06-08"), True, id="looking back"),
        pytest.param(told("abc", signed="2024-06-08"), entry("ab", signed="2024-06-08"), True, id="one party more"),
        pytest.param(told("abc", signed="2023-10-31"), entry("ab", signed="2024-01-08"), False, id="and another date"),
        pytest.param(
            told(status=Status.RENEWED, signed="2021", published="2024-08-22"),
            entry(status=Status.RENEWED, signed="2024-08-21", first="2024-08-23"),
            True,
            id="a renewal dated by what it renews",
        ),
        pytest.param(
            told(status=Status.RENEWED, signed="2021-08-20", published="2021-08-22"),
            entry(status=Status.RENEWED, signed="2024-08-21", first="2024-08-23"),
            False,
            id="two renewals",
        ),
        pytest.param(told("a", published="2024-06-08"), entry("ab", signed="2024-06-08"), False, id="only one party"),
        pytest.param(told("ac", signed="2024-06-08"), entry("ab", signed="2024-06-08"), False, id="another partner"),
        pytest.param(
            told(kind=Kind.LICENSING, published="2024-05-01"), entry(signed="2024-01-05"), False, id="another document"
        ),
        pytest.param(
            told(kind=Kind.COOPERATION_AGREEMENT, published="2024-06-09"),
            entry(signed="2024-06-08"),
            True,
            id="a looser word for it",
        ),
        pytest.param(
            told(status=Status.PLANNED, published="2024-06-05"),
            entry(signed="2024-06-08"),
            True,
            id="announced before it was signed",
        ),
        pytest.param(
            told(signed="2024-06-08"),
            entry(status=Status.PLANNED, first="2024-06-05"),
            True,
            id="signed as announced",
        ),
        pytest.param(
            told(status=Status.PLANNED, published="2025-06-05"),
            entry(signed="2024-06-08"),
            False,
            id="a plan a year after the signing",
        ),
        pytest.param(
            told(status=Status.RENEWED, signed="2024-08-21"), entry(signed="2021-08"), True, id="renewed years later"
        ),
        pytest.param(
            told(status=Status.ENDED, published="2025-12-06"), entry(signed="2021-10"), True, id="ended years later"
        ),
        pytest.param(
            told(status=Status.ENDED, signed="2019-01-01"), entry(signed="2021-10"), False, id="ended before it began"
        ),
    ],
)
def test_a_mention_attaches_to_the_agreement_it_tells_of(mention, known, same):
    assert choose(mention, [known]) == (known.agreement_id if same else None)


def test_the_best_of_several_is_chosen_whatever_their_order():
    entries = [
        entry("abc", signed="2024-06-08", key="agr-1"),
        entry(kind=Kind.COOPERATION_AGREEMENT, signed="2024-06-08", key="agr-2"),
        entry(signed="2024-06-09", key="agr-3"),
        entry(signed="2024-06-08", key="agr-4"),
    ]
    for order in itertools.permutations(entries):
        assert choose(told(signed="2024-06-08"), order) == "agr-4"


def test_two_mentions_of_one_article_are_two_documents():
    known = entry(signed="2024-06-08")
    assert choose(told(signed="2024-06-08"), [known], taken=frozenset({"agr-1"})) is None


@pytest.mark.parametrize(
    ("now", "said", "after"),
    [
        (Status.PLANNED, Status.SIGNED, Status.SIGNED),
        (Status.SIGNED, Status.PLANNED, Status.SIGNED),
        (Status.SIGNED, Status.RENEWED, Status.RENEWED),
        (Status.RENEWED, Status.SIGNED, Status.RENEWED),
        (Status.RENEWED, Status.ENDED, Status.ENDED),
        (Status.ENDED, Status.SIGNED, Status.ENDED),
    ],
)
def test_a_status_only_moves_on(now, said, after):
    assert next_status(now, said) is after
