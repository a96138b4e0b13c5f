"""The queries that docs/analysts.md shows, each with what it finds in a small corpus, on both databases."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from store_samples import RULES, FakeSource, annotated, dropped, label, mention, page, rows, take

from ingest.documents import Kind, Language, Reason, Status
from ingest.organisations import Organisation
from ingest.store import make_reader, open_store
from ingest.store.read.asking import ask

MANUAL = (Path(__file__).parents[2] / "docs" / "analysts.md").read_text(encoding="utf-8")
QUERIES = {
    question: query
    for chapter in MANUAL.split("\n### ")[1:]
    for question, query in re.findall(r"\A([^\n]+\?)\n(?:.*\n)*?```sql\n([^`]+)```", chapter)
}

KNOWN = (
    Organisation(id="harbour", name="Harbour University", region="HK", names=("HU", "海港大學")),
    Organisation(id="river", name="River Institute", region="CN-SH", names=("江河研究所",)),
    Organisation(id="acme", name="Acme", region="HK", names=()),
)


def resolve(name, *, region_hint=None):  # noqa: ARG001 - the port has it
    return next((each for each in KNOWN if name in {each.name, *each.names}), None)


def of(text, *parties, language="en", **more):
    """An annotated article whose first sentence is about these parties."""
    facts = {key: more.pop(key) for key in ("status", "kind", "is_news", "confidence") if key in more}
    told = [mention(*parties, text=text, **facts)] if parties else []
    return replace(annotated(text, mentions=told, **more), language=Language(tag=language, confidence=0.9))


ARTICLES = {
    "gene.txt": of(
        "Harbour University and River Institute signed a genes memorandum. It rained.",
        "Harbour University",
        "River Institute",
        published="2026-10-05",
        topics=[label("biotech")],
        confidence=0.95,
    ),
    "zh.txt": of(
        "海港大學與江河研究所簽署合作備忘錄. 昨日下雨.",
        "海港大學",
        "江河研究所",
        published="2026-10-06",
        language="zh-Hant",
        topics=[label("biotech")],
    ),
    "plan.txt": of(
        "Acme and River Institute will set up a pay laboratory. Talks go on.",
        "Acme",
        "River Institute",
        kind=Kind.JOINT_FACILITY,
        status=Status.PLANNED,
        published="2026-02-01",
        topics=[label("fintech")],
        confidence=0.6,
    ),
    "venture.txt": of(
        "Harbour University and Acme are to form a venture. Soon.",
        "Harbour University",
        "Acme",
        kind=Kind.JOINT_VENTURE,
        status=Status.PLANNED,
        published="2026-02-11",
        confidence=0.7,
    ),
    "formed.txt": of(
        "Acme and Harbour University formed their venture. At last.",
        "Acme",
        "Harbour University",
        kind=Kind.JOINT_VENTURE,
        published="2026-10-20",
        topics=[label("fintech")],
        confidence=0.8,
    ),
    "weather.txt": of("It is dry. It is warm. It is calm.", published="2026-10-21"),
    "copied.txt": of("It is dry. It is warm. It is calm.", published="2026-10-22"),
}


@pytest.fixture
def corpus(store_url):
    """The address of a store that holds the articles above, with a drop and two rulings."""
    if store_url.startswith("postgresql"):
        make_reader(store_url)
    with open_store(store_url, rules=replace(RULES, resolve=resolve)) as store:
        run = store.start_run("ingest")
        source = FakeSource(keys={*ARTICLES, "broken.txt"})
        for number, (key, article) in enumerate(ARTICLES.items()):
            take(store, run, page(key, str(number)), article, source=source)
        take(store, run, page("broken.txt", "none"), dropped("broken.txt", reason=Reason.NO_ARTICLE), source=source)
        by_key = {each["key"]: each["article_id"] for each in rows(store, "SELECT key, article_id FROM v_articles")}
        store.rule_topics(by_key["plan.txt"], given={"fintech": True, "talent": True}, person="A. Chan")
        store.rule_topics(by_key["zh.txt"], given={"listings": False}, person="A. Chan")
    return store_url


GENES, PAY, VENTURE = (
    "Harbour University and River Institute signed a genes memorandum.",
    "Acme and River Institute will set up a pay laboratory.",
    "Harbour University · Acme",
)
FOUND = {
    "Who signed with whom in biotech this quarter?": [
        ("2026-10-05", "mou", "Harbour University · River Institute", 2, GENES)
    ],
    "Which partnerships span both cities?": [
        ("Harbour University", "River Institute", 1, "2026-10-05", "2026-10-06"),
        ("River Institute", "Acme", 1, "2026-02-01", "2026-02-01"),
    ],
    "What changed status?": [("agr", VENTURE, "planned", "signed", "2026-10-20", "art")],
    "How did fintech coverage move?": [("2026-02", 1, 2, 50), ("2026-10", 1, 4, 25)],
    "Which agreements rest on one source only?": [("agr", "Acme · River Institute", "planned", 0.6, PAY)],
    "Who has the most partners?": [("Acme", 2, 2), ("Harbour University", 2, 2), ("River Institute", 2, 2)],
    "What was planned, and not signed since?": [
        ("agr", "Acme · River Institute", "2026-02-01", "2026-02-01", PAY),
    ],
    "Which agreements do English and Chinese articles both tell of?": [("agr", 2, 2)],
    "Which sources bring agreements?": [("inbox", 6, 3)],
    "Why were documents dropped?": [("inbox", "extract", "no_article", 1, "broken.txt")],
    "Where did analysts overrule the machine?": [("listings", 1, 0), ("fintech", 0, 1), ("talent", 0, 1)],
    "Which stories were carried most?": [("art", 1, 2)],
    "Which documents, bytes and runs do the least certain agreements rest on?": [
        ("agr", "inbox", "plan.txt", 1, None, "ingest", "running", PAY),
    ],
    "By what names does an organisation go?": [
        ("HU", "known"),
        ("Harbour University", "known"),
        ("海港大學", "known"),
    ],
}


@pytest.mark.parametrize("question", QUERIES)
def test_a_worked_query_answers_its_question(corpus, question):
    with ask(corpus, QUERIES[question], limit=0, seconds=30) as asked:
        found = [tuple(map(nameless, row)) for row in asked.rows()]
    assert found == FOUND[question]


def nameless(cell):
    """Ids are made of digests: which ones they are is not the point here."""
    if isinstance(cell, str) and re.fullmatch(r"(art|agr)-[0-9a-f]+", cell):
        return cell[:3]
    return int(cell) if not isinstance(cell, str | float) and cell is not None else cell


def test_the_manual_has_a_dozen_worked_queries_and_all_are_tried():
    assert len(QUERIES) >= 12
    assert set(QUERIES) == set(FOUND)
