"""The report after `ingest run`, from outcomes made by hand and the small store."""

from __future__ import annotations

import io
import re

import pytest

from ingest.cli.run import exit_code, known
from ingest.cli.screen import Screen
from ingest.cli.watch import told
from ingest.documents import Detected, Dropped, Fate, Outcome, Reason, Stage
from ingest.report.run import Collected, report
from ingest.settings import Settings

NEW = Outcome(
    source="desk", key="sub/signed.txt", fate=Fate.NEW, article_id="art-000000000002",
    agreements=(Detected(agreement_id="agr-00000000a1", is_new=True, status_changed=False),),
)  # fmt: skip
SIMILAR = Outcome(
    source="desk", key="hostile.txt", fate=Fate.NEAR_DUPLICATE, article_id="art-000000000003",
    other="sub/signed.txt", similarity=0.934,
)  # fmt: skip
DROPPED = Outcome(
    source="desk", key="it's a picture.txt", fate=Fate.DROPPED,
    dropped=Dropped(
        source="desk", key="it's a picture.txt", stage=Stage.EXTRACT, reason=Reason.NOT_TEXT, detail="It is a PNG."
    ),
)  # fmt: skip
UNCHANGED = Outcome(source="desk", key="same.txt", fate=Fate.UNCHANGED, article_id="art-000000000002")
BUSY = Outcome(source="desk", key="busy.txt", fate=Fate.BUSY)


def collected(*outcomes):
    found = Collected()
    for outcome in outcomes:
        found.add(outcome)
    return found


@pytest.fixture
def configured(store):
    return Settings(database_url=store, archive_url="s3://key:secret@bucket")


def shown(found, settings, width=None, paths=("seeds",)):
    out = io.StringIO()
    blocks = report(found, known(found, settings), seconds=1.25, paths=paths)
    Screen(out, io.StringIO(), colour=False, width=width).show(blocks)
    return out.getvalue()


def test_each_document_is_told_with_what_became_of_it(configured):
    text = shown(collected(NEW, SIMILAR, DROPPED, BUSY), configured)
    assert "4 documents from seeds\n1 new, 1 similar, 1 dropped, 1 busy · 1.2 s\n" in text
    assert (
        "new        University signs\n           2026-02-27 · en · fintech · sub/signed.txt · art-000000000002" in text
    )
    assert "nearly a duplicate of sub/signed.txt (similarity 0.93)" in text
    assert "dropped    it's a picture.txt\n           not_text: It is a PNG." in text
    assert "another worker has it in hand; run again later" in text


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        (Outcome(source="d", key="b", fate=Fate.RENAMED, article_id="art-000000000002", other="a"), "renamed from a"),
        (Outcome(source="d", key="b", fate=Fate.COPY, article_id="art-000000000002", other="a"), "a copy of a"),
        (Outcome(source="d", key="b", fate=Fate.REVISED, article_id="art-000000000002"), "now revision 2"),
        (Outcome(source="d", key="b", fate=Fate.UNCHANGED, article_id="art-000000000002"), "2026-02-27 · en · fintech"),
    ],
)
def test_a_fate_is_explained(configured, outcome, said):
    assert said in shown(collected(outcome), configured)


def test_new_agreements_come_first_and_are_marked_with_their_sentence_and_source(configured):
    text = shown(collected(NEW), configured)
    assert "2 agreements  1 of them new" in text
    new, known_one = text.index("NEW "), text.index("known ")
    assert new < known_one
    block = text[new:known_one]
    assert "Northbank University + 海港實驗室" in block
    assert "MOU · signed · 2026-02-23 · news · agr-00000000a1" in block
    assert "“Northbank University and 海港實驗室 signed a memorandum on Monday.”" in block
    assert "— University signs · The Example · 2026-02-27 · art-000000000002" in block


def test_the_end_says_where_things_lie_and_what_to_try_without_secrets(configured):
    text = shown(collected(NEW, DROPPED), configured)
    assert "Archive    s3://key:***@bucket" in text
    assert "small.db" in text
    assert """ingest why 'it'"'"'s a picture.txt'""" in text
    assert "ingest agreement agr-00000000a1" in text


def test_a_long_run_is_cut_short_with_a_count_and_nothing_lost_is_hidden(configured):
    unchanged = (
        Outcome(source="desk", key=f"{n:04}.txt", fate=Fate.UNCHANGED, article_id="art-000000000002")
        for n in range(5_000)
    )
    found = collected(*unchanged, DROPPED)
    assert len(found.shown) == 20
    assert DROPPED in found.shown
    text = shown(found, configured)
    assert "5,001 documents" in text
    assert "4,981 more: 'ingest articles --limit 0'" in text


def test_a_run_over_nothing_is_told(configured):
    text = shown(Collected(), configured)
    assert "0 documents from seeds" in text
    assert "none told of by these documents" in text


@pytest.mark.parametrize("width", [None, 80, 140])
def test_hostile_titles_and_keys_are_neutralised(configured, width):
    hostile = Outcome(
        source="d", key="a\x1b[2J\nb", fate=Fate.COPY, article_id="art-000000000003", other="\x1b]0;x\x07"
    )
    text = re.sub(r"\x1b\[[0-9;]*m", "", shown(collected(hostile), configured, width))
    assert not set(text) & set("\x1b\x07\x9b\u202e")
    assert "[bold]headline[/bold]" in text


@pytest.mark.parametrize(
    ("outcomes", "code"), [((), 0), ((NEW,), 0), ((NEW, DROPPED), 3), ((NEW, BUSY), 4), ((DROPPED, BUSY), 3)]
)
def test_the_exit_code_says_whether_something_was_lost(outcomes, code):
    assert exit_code(collected(*outcomes)) == code


def test_watching_tells_a_document_and_then_each_agreement_that_is_new(configured):
    out = io.StringIO()
    Screen(out, io.StringIO()).show(told(collected(NEW, SIMILAR, UNCHANGED), configured))
    text = out.getvalue()
    assert "\nnew        University signs · 2026-02-27 · en · fintech · sub/signed.txt" in text
    assert "unchanged  1 document\n" in text
    assert text.index("University signs") < text.index("NEW")
    assert text.count("NEW") == 1
    assert "agr-00000000a2" not in text
