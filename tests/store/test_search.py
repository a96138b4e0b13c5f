"""Searching a store: what is found, in which order, the same on both databases, and always as the store stands now."""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import RULES, SOURCE, FakeSource, annotated, claim, label, mention, page, row, rows, take

from ingest.documents import Language, Stage
from ingest.errors import StoreError
from ingest.search.query import QueryError, parse
from ingest.search.tokens import Zone, entry
from ingest.store import Claimed, open_store, read, upgrade
from ingest.store.address import parse as parse_address
from ingest.store.decisions import Ruling
from ingest.store.forgetting.forget import forget, settle_file
from ingest.store.kept import Wanted
from ingest.store.search import fill
from ingest.store.transfer.copy import copy

NOTHING = read.SearchFilter()


def written(text, *, title="", language="en", **more):
    return replace(annotated(text, title=title, **more), language=Language(tag=language, confidence=0.9))


@pytest.fixture
def put(store, run):
    """Stores an article under a key of its own; gives its public id."""
    numbers = count()

    def put(text, *, key=None, source=None, **more):
        arrived = page(key or f"{next(numbers)}.txt", content=f"{text} {more}", source=source or SOURCE)
        where = FakeSource(keys={arrived.key}, name=source or SOURCE)
        return take(store, run, arrived, written(text, **more), source=where).article_id

    return put


@pytest.fixture
def search(store_url):
    """Public ids of what is found, best first."""

    def search(words, *, limit=50, after=None, **wanted):
        with read.connect(store_url) as connection:
            page = read.search(connection, words, read.SearchFilter(**wanted), limit=limit, after=after)
        return [item.id for item in page.items]

    return search


ENGLISH = "Two universities opened a joint laboratory. Its companies' researchers study rice genes."
HANS = "两校共建联合实验室，研究水稻基因。"
HANT = "兩校將共同設立聯合實驗室，並研究水稻基因。"


@pytest.mark.parametrize(
    "words",
    [
        "laboratory",
        "LABORATORIES",
        "joint laboratory",
        '"joint laboratories"',
        "labor*",
        '"a joint lab*"',
        "clinic OR laboratory",
        "laboratory -clinic",
        "laboratory NOT clinic",
        "company",
        "university -clinic study",
    ],
)
def test_english_is_found_by_stem_phrase_and_beginning(put, search, words):
    wanted = put(ENGLISH)
    put("A harbour took in ships. Nothing else was said of it.")
    assert search(words) == [wanted]


@pytest.mark.parametrize(
    "words",
    ["labor", '"laboratory joint"', "laboratory clinic", "laboratory -joint", "laboratoriu*", '"laboratory its lab*"'],
)
def test_english_is_not_found_by_other_words(put, search, words):
    put(ENGLISH)
    assert search(words) == []


@pytest.mark.parametrize(
    "words", ["实验", "實驗", "實驗室", "联合实验室", "「聯合實驗室」", "室", "水稻 基因", "水稻 -牙科"]
)
def test_a_query_in_one_script_finds_articles_in_both(put, search, words):
    hans, hant = (
        put(HANS, language="zh-Hans", published="2024-01-01"),
        put(HANT, language="zh-Hant", published="2024-01-02"),
    )
    put("全城大雨，航班停飞。", language="zh-Hans")
    assert search(words) == [hant, hans]
    assert search(words, language="zh") == [hant, hans]
    assert search(words, language="zh-Hant") == [hant]


@pytest.mark.parametrize("words", ["验实", "合研", "室研", "水稻 牙科"])
def test_characters_that_do_not_stand_together_are_not_found(put, search, words):
    put(HANS, language="zh-Hans")
    assert search(words) == []


def test_the_title_goes_before_the_opening_and_that_before_the_text_and_in_each_the_latest_first(put, search):
    filler = "The city was quiet that day and nobody said much about anything at all in it. " * 6
    text = put(f"{filler}A laboratory opened.", published="2024-05-05")
    opening = put(f"A laboratory opened at noon. {filler}", published="2024-03-03")
    old, new = (
        put(f"{filler} Number {day}.", title="Laboratory opens", published=day) for day in ("2024-01-01", "2024-02-02")
    )
    assert search("laboratory") == [new, old, opening, text]


def test_words_side_by_side_go_before_words_apart(put, search):
    apart = put("Rice was scarce, and genes were studied.", published="2024-02-02")
    beside = put("They looked at rice genes.", published="2024-01-01")
    assert search("rice genes") == [beside, apart]


def test_parties_and_evidence_count_as_opening(put, search):
    filler = "The city was quiet that day and nobody said much about anything at all in it. " * 6
    text = f"{filler}Harbour University and Rice Institute signed a pact."
    told = mention("Harbour University", "Institute of Rice (Northern Branch)", text="x.")
    start = text.index("Harbour")
    told = replace(told, start=start, end=len(text), evidence=text[start:])
    plain = put(text.replace("signed", "discussed"), published="2024-02-02")
    wanted = put(text, mentions=[told], published="2024-01-01")
    assert search("harbour rice") == [wanted, plain]
    assert search("northern") == [wanted]
    assert search("university", party="harbour") == [wanted]
    assert search("university", party="海港大學") == [wanted]
    assert search("university", party="nobody") == []


def test_words_of_the_title_and_of_the_text_are_found_together_but_never_as_a_phrase(put, search):
    wanted = put("Genes are studied in it.", title="A house of rice")
    assert search("rice genes") == [wanted]
    assert search('"rice genes"') == []


def test_filters_narrow_what_is_found(put, search):
    first = put("A laboratory opened.", published="2024-03-31", topics=[label("biotech")])
    second = put("A laboratory closed.", published="2023-12-31", topics=[label("fintech")], source="other")
    assert search("laboratory", topic="biotech") == [first]
    assert search("laboratory", topic="bio") == []
    assert search("laboratory", source="other") == [second]
    assert search("laboratory", source="none") == []
    assert search("laboratory", since="2024") == [first]
    assert search("laboratory", until="2023") == [second]
    assert search("laboratory", since="2024-03", until="2024-03") == [first]
    assert search("laboratory", until="2024-03-30") == [second]
    assert search("laboratory", since="2023-12-31") == [first, second]
    assert search("laboratory", language="en", topic="biotech", source=SOURCE, since="2024") == [first]


def test_a_ruling_on_a_topic_is_in_force_for_search_at_once(store, put, search):
    article = put("A laboratory opened.", topics=[label("biotech")])
    store.rule_topics(article, given={"biotech": False, "fintech": True}, person="ana")
    assert (search("laboratory", topic="biotech"), search("laboratory", topic="fintech")) == ([], [article])
    store.rule_topics(article, given={}, withdrawn=("biotech", "fintech"), person="ana")
    assert (search("laboratory", topic="biotech"), search("laboratory", topic="fintech")) == ([article], [])


def test_a_revision_is_found_by_its_latest_words_only(put, search):
    put("A laboratory opened.", key="a.txt")
    revised = put("A clinic opened, after all.", key="a.txt")
    assert (search("laboratory"), search("clinic")) == ([], [revised])
    again = put("A laboratory opened.", key="a.txt")
    assert (search("laboratory"), search("clinic")) == ([again], [])


def test_another_headline_is_found_and_the_former_is_not(put, search):
    article = put("A house opened.", key="a.txt", title="Clinic for all")
    put("A house opened.", key="a.txt", title="Laboratory for all")
    assert (search("clinic"), search("laboratory")) == ([], [article])


def test_an_article_goes_on_being_found_while_another_copy_carries_it(put, search):
    article = put("A laboratory opened.", key="a.txt", title="One")
    put("A laboratory opened.", key="b.txt", title="Two")
    put("Something else happened.", key="a.txt", title="Three")
    assert (search("laboratory"), search("one"), search("two")) == ([article], [], [article])


def reprocess(store, result, *, stage):
    stretch = store.stretch(after=0, every_copy=stage is Stage.EXTRACT)
    again = store.start_run("reprocess")
    for kept in store.kept(Wanted(), stretch, limit=10):
        store.again(again, kept, result, stage=stage)


def test_reprocessing_that_changes_parties_changes_what_is_found(store, put, search):
    text = "Harbour University and the institute signed a pact."
    article = put(text, mentions=[mention("Harbour University", "Institute Alpha", text=text)])
    assert search("alpha") == [article]
    changed = written(text, mentions=[mention("Harbour University", "Institute Beta", text=text)])
    reprocess(store, changed, stage=Stage.AGREEMENTS)
    assert (search("alpha"), search("beta")) == ([], [article])
    reprocess(store, written(text), stage=Stage.AGREEMENTS)
    assert search("beta") == []


def test_a_text_that_another_reading_took_the_place_of_is_not_found(store, put, search):
    put("Menu. A laboratory opened.")
    reprocess(store, written("A laboratory opened."), stage=Stage.EXTRACT)
    assert search("menu") == []
    assert len(search("laboratory")) == 1
    assert rows(store, "SELECT count(*) AS n FROM article_search") == [{"n": 1}]


def test_reprocessing_of_topics_and_language_is_seen_by_filters(store, put, search):
    article = put("A laboratory opened.", topics=[label("biotech")])
    changed = written("A laboratory opened.", topics=[label("fintech")], language="zh-Hans")
    reprocess(store, changed, stage=Stage.LANGUAGE)
    assert (search("laboratory", topic="biotech"), search("laboratory", topic="fintech")) == ([], [article])
    assert (search("laboratory", language="en"), search("laboratory", language="zh")) == ([], [article])


def test_a_rehearsal_leaves_what_is_found_as_it_is(store, put, search):
    article = put("A laboratory opened.")
    (kept,) = store.kept(Wanted(), store.stretch(after=0, every_copy=True), limit=10)
    store.rehearse([(kept, written("A clinic opened."))], stage=Stage.EXTRACT)
    assert (search("laboratory"), search("clinic")) == ([article], [])


def test_a_document_that_is_stored_again_unchanged_is_indexed_once(store, put):
    put("A laboratory opened.", key="a.txt", title="One")
    before = row(store, "SELECT place, digest FROM article_search")
    put("A laboratory opened.", key="b.txt", title="Two")
    assert row(store, "SELECT place, digest FROM article_search") == before


def test_a_failed_save_leaves_no_trace_in_the_index(store, run, search):
    arrived = page()
    (claimed,) = claim(store, run, arrived)
    assert isinstance(claimed, Claimed)
    broken = written("A laboratory opened.", topics=[label("t" * 64)])
    object.__setattr__(broken.topics[0], "topic", None)
    with pytest.raises(StoreError):
        store.save(run, claimed, broken)
    assert search("laboratory") == []


def test_articles_of_an_older_store_are_indexed_when_it_is_upgraded(store, put, search):
    wanted = [put(f"A laboratory opened in town {number}.", published="2024-01-01") for number in range(5)]
    with store.database.engine.connect().execution_options(writes=True) as connection, connection.begin():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("INSERT INTO article_terms (article_terms) VALUES ('delete-all')")
        connection.exec_driver_sql("DELETE FROM article_search")
    assert search("laboratory") == []
    assert store.database.write(fill) == 5
    assert search("laboratory") == wanted[::-1]
    assert store.database.write(fill) == 0


def words_of_the_index(store, store_url):
    """All that the index of SQLite has ever been told and not let go of; of PostgreSQL, the vectors."""
    if store.database.dialect.value == "postgresql":
        return str(rows(store, "SELECT terms FROM article_search"))
    with closing(sqlite3.connect(parse_address(store_url).path)) as connection:
        return str(connection.execute("SELECT block FROM article_terms_data").fetchall())


def test_what_was_forgotten_is_neither_found_nor_left_in_the_index(store, put, search, store_url):
    before = [put(f"A laboratory opened in town {number}.") for number in range(20)]
    put("Zanzibarium opened a laboratory.", key="a.txt", title="Zanzibarium")
    after = [put(f"A laboratory closed in town {number}.") for number in range(20)]
    assert "zanzibarium" in words_of_the_index(store, store_url)
    ruling = Ruling(person="ana", note="by request")
    store.rule(lambda writing, rules: forget(writing, rules, ruling, given="a.txt"))
    settle_file(store.database)
    assert search("zanzibarium") == []
    assert sorted(search("laboratory")) == sorted([*before, *after])
    assert "zanzibarium" not in words_of_the_index(store, store_url)


def test_a_copy_of_a_store_can_be_searched(put, search, store_url, tmp_path):
    put(ENGLISH)
    put(HANS, language="zh-Hans")
    target = f"sqlite:///{tmp_path / 'copy.db'}"
    copy(store_url, target, tell=lambda _: None)
    with read.connect(target) as connection:
        for words in ("laboratory", "實驗室"):
            assert [hit.id for hit in read.search(connection, words, NOTHING, limit=5).items] == search(words)


def test_pages_neither_repeat_nor_skip_while_articles_arrive(put, store_url):
    before = [put(f"A laboratory opened in town {number}.", published="2024-01-01") for number in range(7)]
    seen, after = [], None
    while True:
        with read.connect(store_url) as connection:
            found = read.search(connection, "laboratory", NOTHING, limit=2, after=after)
        seen += [item.id for item in found.items]
        if found.after is None:
            break
        after = found.after
        put(f"A laboratory opened in late town {len(seen)}.", published="2024-01-02")
        put(f"A laboratory opened in early town {len(seen)}.", published="2023-01-01")
    assert seen == before[::-1]


def test_any_result_can_be_gone_on_behind(put, store_url):
    for number in range(4):
        put(f"A laboratory opened in town {number}.", title="Laboratory" if number % 2 else "")
    with read.connect(store_url) as connection:
        whole = read.search(connection, "laboratory", NOTHING, limit=10).items
        for number, item in enumerate(whole, 1):
            rest = read.search(connection, "laboratory", NOTHING, limit=10, after=item.cursor).items
            assert [each.id for each in rest] == [each.id for each in whole[number:]]


@pytest.mark.parametrize(
    "cursor", ["", "x", "0.1.1", "0.1.1.zzzzzzzzzzzz", "0.99999999999999999999.1." + "a" * 12, "1' OR 1=1"]
)
def test_a_cursor_that_is_none_is_refused(put, search, cursor):
    put(ENGLISH)
    with pytest.raises(QueryError, match="is no cursor") as raised:
        search("laboratory", after=cursor)
    assert raised.value.remedy


def test_a_cursor_of_another_search_is_refused(put, store_url, search):
    put(ENGLISH)
    with read.connect(store_url) as connection:
        cursor = read.search(connection, "laboratory", NOTHING, limit=1).items[0].cursor
    assert search("laboratory", after=cursor) == []
    for words, wanted in (("joint", {}), ("laboratory", {"topic": "biotech"})):
        with pytest.raises(QueryError, match="another search"):
            search(words, after=cursor, **wanted)


@pytest.mark.parametrize("day", ["2024-02-31", "0000", "0000-01"])
def test_a_day_that_there_is_not_is_refused(search, day):
    with pytest.raises(QueryError, match="there is no day"):
        search("laboratory", since=day)


def test_a_result_shows_where_it_holds_what_was_asked_for(put, store_url):
    filler = "The city was quiet that day and nobody said much about anything at all in it. " * 20
    text = f"{filler}Then a joint laboratory opened. {filler}"
    put(text, title="Laboratories for the city", published="2024-01-01", topics=[label("biotech")])
    with read.connect(store_url) as connection:
        (item,) = read.search(connection, "joint laboratory", NOTHING, limit=5).items
    assert [item.title[span.start : span.end] for span in item.title_spans] == ["Laboratories"]
    assert item.passage.text == text[item.passage.start : item.passage.end]
    assert item.passage.text.startswith("Then a joint laboratory opened.")
    assert [text[span.start : span.end] for span in item.passage.spans] == ["joint", "laboratory"]
    assert (item.found_in, item.topics, item.published_at) == ("text", ("biotech",), "2024-01-01")


HOSTILE = (
    *(
        '"',
        "'",
        "(",
        ")",
        "*",
        "-",
        ":",
        "^",
        "{",
        "}",
        "\\",
        "%",
        "?",
        "&",
        "|",
        "!",
        "<->",
        ":*",
        ";",
        "--",
        "/*",
        "+",
    ),
    *(
        "NEAR(",
        "NEAR/2",
        "terms:",
        "title : ",
        "AND",
        "OR",
        "NOT",
        "\0",
        "\ud800",
        "\u202e",
        "'; DROP TABLE articles; --",
    ),
    *("lab", "lab*", "labora", "實驗室", "学", "“", "」", " ", "a" * 90, "’s", "é", "1,000", "x", "ts", "fl656e"),
)


@contextmanager
def both(postgresql, name):
    """A store on each database, as one."""
    import psycopg

    with psycopg.connect(postgresql("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    with tempfile.TemporaryDirectory() as folder:
        urls = (f"sqlite:///{Path(folder) / 'store.db'}", postgresql(name))
        for url in urls:
            upgrade(url)
        yield urls


@pytest.fixture(scope="module")
def stores(postgresql):
    with both(postgresql, "searched") as urls:
        yield urls


def found_on(urls, words, **wanted):
    outcomes = []
    for url in urls:
        with read.connect(url) as connection:
            try:
                page = read.search(connection, words, read.SearchFilter(**wanted), limit=100)
            except QueryError as error:
                assert error.remedy  # noqa: PT017 - a refusal is one of two right answers
                outcomes.append(str(error))
            else:
                outcomes.append([(item.id, item.found_in, item.passage, item.cursor) for item in page.items])
    assert outcomes[0] == outcomes[1]
    return outcomes[0]


@given(st.lists(st.sampled_from(HOSTILE), max_size=8).map("".join), st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_gives_an_answer_or_a_reason_on_both_databases(stores, words, data):
    wanted = data.draw(
        st.dictionaries(st.sampled_from(["topic", "language", "source", "party"]), st.sampled_from(HOSTILE))
    )
    found_on(stores, words, **wanted)


def test_a_hundred_thousand_characters_are_refused_with_a_reason(stores):
    for words in ("a" * 100_000, "ab " * 33_000, '"' * 100_000, "lab OR " * 15_000):
        assert "are read" in found_on(stores, words)


WORDS = (
    "lab",
    "labs",
    "labelled",
    "rice",
    "rices",
    "the",
    "sign",
    "signed",
    "聯合",
    "实验室",
    "實驗",
    "合同",
    "5G",
    "，",
    "。",
)
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=12).map(" ".join) | st.lists(
    st.sampled_from(WORDS), min_size=1, max_size=12
).map("".join)
ASKED = st.lists(
    st.sampled_from(
        (
            "lab",
            "lab*",
            "rice",
            '"lab rice"',
            '"the lab*"',
            "-the",
            "-lab*",
            '-"lab rice"',
            "OR",
            "实验",
            "聯合實驗",
            "室",
            "合 实",
            "5G",
            "-5G",
            "sign*",
        )
    ),
    min_size=1,
    max_size=4,
).map(" ".join)


def answers(query, indexed):
    """What the query means, said once more and slowly."""
    return all(
        clause.is_excluded != any(stands(phrase, indexed) for phrase in clause.phrases) for clause in query.clauses
    )


def stands(phrase, indexed):
    from ingest.search.tokens import asked

    alone = [(token,) for token in indexed.others]
    for (*first, last), is_prefix in asked(Zone.ANYWHERE, phrase):
        for sequence in (*indexed.sequences, *alone):
            for at in range(len(sequence) - len(first)):
                end = sequence[at + len(first)]
                ends = end is not None and (end.startswith(last) if is_prefix else end == last)
                if ends and list(sequence[at : at + len(first)]) == first:
                    return True
    return False


@pytest.fixture(scope="module")
def filled(postgresql):
    """Keeps adding generated articles to a store on each database."""
    with both(postgresql, "generated") as urls:
        opened = [open_store(url, rules=RULES) for url in urls]
        runs = [store.start_run("ingest") for store in opened]
        numbers, texts = count(), {}

        def add(title, text, day):
            key = f"{next(numbers)}.txt"
            ids = {
                take(store, run, page(key, content=key), written(text, title=title, published=day)).article_id
                for store, run in zip(opened, runs, strict=True)
            }
            texts.setdefault(ids.pop(), (title, text))
            assert not ids

        yield urls, add, texts
        for store in opened:
            store.close()


@given(
    st.lists(st.tuples(TEXTS, TEXTS, st.dates().map(str)), min_size=1, max_size=3),
    st.lists(ASKED, min_size=1, max_size=6),
)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_both_databases_find_what_the_query_means_in_the_same_order(filled, articles, queries):
    urls, add, texts = filled
    for title, text, day in articles:
        add(title, text, day)
    for words in queries:
        found = found_on(urls, words)
        if isinstance(found, str):
            continue
        query = parse(words)
        meant = {article for article, (title, text) in texts.items() if answers(query, entry(title=title, text=text))}
        assert {identity for identity, *_ in found} <= meant
        assert len(found) == min(100, len(meant))
