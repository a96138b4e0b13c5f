"""`ingest annotate`: one line out for each in, whatever the line holds."""

from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ingest import schemas
from ingest.annotation import Reader, read_lines
from ingest.documents import (
    Annotated,
    Boilerplate,
    CutReason,
    Fingerprint,
    Kind,
    Label,
    Language,
    Mention,
    Moment,
    Party,
    Place,
    Precision,
    Span,
    Status,
)
from ingest.wire import AnnotationError, dump

FORM = Draft202012Validator(schemas.schema("annotation"))


class Stages:
    """Finds one topic and one agreement that cover the whole text, and remembers the article that it was given."""

    def __init__(self, *, failing=False):
        self.articles = []
        self.failing = failing

    def annotate(self, article):
        if self.failing:
            raise ValueError("odd")
        self.articles.append(article)
        end = len(article.text)
        spans = (Span(start=0, end=4, text="head", place=Place.TITLE), Span(start=0, end=end, text=article.text))
        return Annotated(
            article=article,
            fingerprint=Fingerprint(text_sha256="", bands=(), scheme=1),
            language=Language(tag="en", confidence=1.0),
            topics=(Label(topic="fintech", score=0.5, evidence=spans),),
            mentions=(
                Mention(
                    parties=(Party(name="A"), Party(name="B")), kind=Kind.MOU, status=Status.SIGNED, is_news=True,
                    start=0, end=end, evidence=article.text, confidence=0.5, signed_on=article.published,
                ),
            ),
        )  # fmt: skip

    def reader(self):
        return Reader(
            annotate=self.annotate,
            boilerplate=lambda text, title: (
                Boilerplate(start=0, end=len(text) + len(title or ""), reason=CutReason.LEGAL),
            ),
            read_moment=lambda published: Moment(iso=published, precision=Precision.DAY),
        )  # fmt: skip


def line(**record):
    return json.dumps(record).encode()


def annotated(raw, number=1, stages=None):
    return json.loads(dump((stages or Stages()).reader().read(raw, number)))


def test_a_record_becomes_an_article_with_its_text_unchanged():
    stages = Stages()
    out = annotated(
        line(id="a", title="Head", text="  Some\ttext. ", published="2026-01-02", url="https://x.example/1"),
        stages=stages,
    )
    (article,) = stages.articles
    assert (article.text, article.title, article.url) == ("  Some\ttext. ", "Head", "https://x.example/1")
    assert article.published.iso == "2026-01-02"
    assert article.boilerplate[0].end == len("  Some\ttext. Head")
    assert out["id"] == "a"
    assert out["agreements"][0]["signed_on"] == "2026-01-02"
    assert [part["text"] for part in out["topics"][0]["evidence"]] == ["  Some\ttext. "], "not that of the title"
    FORM.validate(out)


@pytest.mark.parametrize("text", ["", " \n"])
def test_a_record_whose_text_is_blank_is_annotated_as_empty(text):
    assert annotated(line(id=7, text=text)) == {"id": 7, "language": "und", "topics": [], "agreements": []}


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ({}, 'line 4 has no "text"'),
        ({"text": None}, 'line 4 has no "text"'),
        ({"text": 5}, 'line 4 has a "text" that is no string'),
        ({"text": ["a"]}, 'line 4 has a "text" that is no string'),
    ],
)
def test_a_record_without_a_text_is_malformed_as_it_is_in_a_run(record, said):
    out = annotated(line(id=7, **record), number=4)
    assert out == {"id": 7, "error": said}
    FORM.validate(out)


def test_a_file_that_holds_no_records_at_all_does_not_flood_the_terminal(ingest, tmp_path):
    (tmp_path / "pretty.json").write_text(json.dumps([{"text": n} for n in range(100)], indent=1), encoding="utf-8")
    code, out, err = ingest("annotate", "pretty.json", "--quiet")
    assert code == 3
    assert len(out.splitlines()) == 302
    assert len(err.splitlines()) == 21
    assert "282 more lines could not be read" in err


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"{", "line 9 is not JSON"),
        (b"[1]", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b'{"text": "\xff"}', "not UTF-8"),
        (b'{"id": [1], "text": "a"}', "an id that is neither"),
        (b'{"id": true, "text": "a"}', "an id that is neither"),
        (b'{"id": 1.5, "text": "a"}', "an id that is neither"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"id": ' + b"9" * 5000 + b"}", "not JSON"),
        (None, "longer than max_bytes"),
    ],
)
def test_a_line_that_is_no_record_comes_out_as_an_error_that_names_it(raw, said):
    out = annotated(raw, number=9)
    assert said in out["error"]
    assert "line 9" in out["error"]
    FORM.validate(out)


def test_a_stage_that_fails_costs_its_line_only():
    out = annotated(line(id="a", text="b"), stages=Stages(failing=True))
    assert out == {"id": "a", "error": "line 1 could not be annotated, a defect of ingest: ValueError: odd"}


def test_other_fields_of_a_wrong_kind_are_as_if_absent():
    stages = Stages()
    annotated(line(text="b", title=3, url=[], published={}), stages=stages)
    (article,) = stages.articles
    assert (article.title, article.url, article.published) == (None, None, None)


@given(text=st.text(alphabet=st.characters(exclude_categories=()), min_size=1).filter(str.strip))
@settings(deadline=None)
def test_offsets_and_evidence_are_of_the_given_text_whatever_it_holds(text):
    stages = Stages()
    out = annotated(line(id="a", text=text), stages=stages)
    (found,) = out["agreements"]
    assert text[found["start"] : found["end"]] == found["evidence"] == text
    stages.articles[0].text.encode()


def test_lines_are_read_one_at_a_time_and_a_long_one_is_not_held():
    stream = io.BytesIO(b"short\n" + b"x" * 50 + b"\n\nlast")
    assert list(read_lines(stream, max_bytes=10)) == [b"short", None, b"", b"last"]
    assert list(read_lines(io.BytesIO(b"x" * 10), max_bytes=10)) == [b"x" * 10]
    assert list(read_lines(io.BytesIO(b"x" * 11), max_bytes=10)) == [None]
    assert list(read_lines(io.BytesIO(b"x" * 10 + b"\r\n"), max_bytes=11)) == [b"x" * 10]


def test_a_reader_error_is_an_error_line_not_an_exception():
    assert isinstance(Stages().reader().read(b"nope", 1), AnnotationError)
