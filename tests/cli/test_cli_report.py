"""The report after `ingest run`, from outcomes made by hand and the small store."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest

from ingest.cli.outcome import exit_code, known
from ingest.cli.screen import Screen
from ingest.cli.session import Session
from ingest.cli.watch import told
from ingest.documents import Detected, Dropped, Fate, Outcome, Reason, Stage
from ingest.report import words
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


def watched(found, settings):
    out = io.StringIO()
    Screen(out, io.StringIO()).show(told(found, known(found, settings)))
    return out.getvalue()


def shown(found, settings, width=None, paths=("seeds",), options=()):
    out = io.StringIO()
    blocks = report(found, known(found, settings, options=options), seconds=1.25, paths=paths)
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
    assert "2 agreements, 1 newly detected\n" in text
    new, known_one = text.index("NEW "), text.index("known ")
    assert new < known_one
    assert "\nknown      Northbank University · MOU · signed · agr-00000000a2\n" in text
    block = text[new:known_one]
    assert "Northbank University + 海港實驗室" in block
    assert "MOU · signed · 2026-02-23 · news · agr-00000000a1" in block
    assert "“Northbank University and 海港實驗室 signed a memorandum on Monday.”" in block
    assert "— University signs · The Example · 2026-02-27 · art-000000000002" in block


FILLER = "and so on with one more clause that says nothing of them, " * 13


@pytest.mark.parametrize(
    ("sentence", "names", "kept"),
    [
        (f"Alpha Ltd and Beta Inc signed, {FILLER}.", ["Alpha Ltd", "Beta Inc"], ["Alpha Ltd and Beta Inc signed"]),
        (f"{FILLER} Alpha Ltd and, {FILLER} with Beta Inc.", ["Alpha Ltd", "Beta Inc"], ["Alpha Ltd", "with Beta Inc"]),
        (f"{FILLER} the Alphatronic unit {FILLER}", ["Alphatronic Holdings Ltd", ""], ["the Alphatronic unit"]),
        (f"{'其他' * 400}與香港某某園{'其他' * 400}", ["香港某某園公司"], ["與香港某某園其"]),
        (f"{FILLER}", ["Nobody"], ["and so on"]),
    ],
)  # fmt: skip
def test_a_long_sentence_is_cut_around_its_parties(sentence, names, kept):
    cut = words.quoted(sentence, [(name,) for name in names], 700)
    assert all(part in cut for part in kept)
    assert 400 < len(cut) <= 720
    assert "…" in cut


def test_a_sentence_of_up_to_seven_hundred_characters_is_whole():
    sentence = ("x" * 6 + " ") * 100
    assert words.quoted(sentence, [("absent",)], 700) == sentence


def test_every_one_of_many_parties_stays_visible():
    names = [f"Partner Number {n:02}" for n in range(60)]
    cut = words.quoted(f" {FILLER}".join(names), [(name,) for name in names], 700)
    assert [name for name in names if name not in cut] == []


def test_a_password_is_not_repeated_in_what_to_try_next():
    assert Session(database="postgresql://me:secret@host/x").repeated == ("--database", "postgresql://me:***@host/x")
    assert Session().repeated == ()


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


def test_drops_that_are_not_listed_are_counted_by_themselves_with_the_command_that_lists_them(configured):
    drops = [replace(DROPPED, key=f"{n}.png") for n in range(25)]
    for text in (shown(collected(*drops, UNCHANGED), configured), watched(collected(*drops), configured)):
        assert "… and 5 more dropped: 'ingest drops --limit 0' lists them all" in text
    text = shown(collected(*drops), configured)
    assert "ingest articles --limit 0" not in text
    assert "\n           ingest drops\n" in text
    assert "ingest drops --limit 0 --config x.toml" in shown(
        collected(*drops), configured, options=("--config", "x.toml")
    )


def test_what_only_background_tells_of_is_not_called_newly_detected(configured):
    told_too = Detected(agreement_id="agr-00000000a2", is_new=True, status_changed=False)
    found = collected(replace(NEW, agreements=(told_too, *NEW.agreements)))
    text = shown(found, configured)
    assert "\n2 agreements, 1 newly detected, 1 background\n" in text
    assert text.count("NEW ") == 1
    assert text.index("NEW ") < text.index("\nbackground Northbank University\n")
    assert "agr-00000000a2" not in watched(found, configured)


def test_a_run_over_nothing_is_told(configured):
    text = shown(Collected(), configured)
    assert "nothing to read in seeds: only .txt, .md, .html, .htm, .jsonl, and gzip of each, are read" in text


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
    text = watched(collected(NEW, SIMILAR, UNCHANGED), configured)
    assert "\nnew        University signs · 2026-02-27 · en · fintech · sub/signed.txt" in text
    assert "unchanged  1 document\n" in text
    assert text.index("University signs") < text.index("NEW")
    assert text.count("NEW") == 1
    assert "agr-00000000a2" not in text
