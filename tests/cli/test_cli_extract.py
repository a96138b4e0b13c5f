"""`ingest extract` as a whole command."""

from __future__ import annotations

import gzip
import json

from jsonschema import Draft202012Validator

from ingest import schemas

FORM = Draft202012Validator(schemas.schema("extraction"))
SENTENCES = " ".join(
    f"The {number} ferries that the harbour board ordered last spring will cross the bay every day of the week."
    for number in ("three", "four", "five", "six")
)
PAGE = f"""<!doctype html><html lang="en"><head><title>Ferries to cross the bay daily</title>
<base href="https://news.example/harbour/ferries">
<meta property="article:published_time" content="2024-03-14T12:10:00+08:00"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Ferries to cross the bay daily</h1>
<p>{SENTENCES}</p><p>{SENTENCES.replace("ferries", "boats")}</p></article></body></html>"""


def extracted(result):
    code, out, _ = result
    documents = [json.loads(line) for line in out.splitlines()]
    for document in documents:
        FORM.validate(document)
    return code, documents


def test_html_becomes_a_line_with_its_metadata_and_text(ingest, tmp_path):
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    code, (page,) = extracted(ingest("extract", "page.html"))
    assert code == 0
    assert (page["path"], page["title"], page["language"]) == ("page.html", "Ferries to cross the bay daily", "en")
    assert page["published_at"] == "2024-03-14T12:10:00+08:00"
    assert page["text"].startswith("The three ferries")
    assert page["dropped"] is None


def test_json_may_be_asked_for_and_is_what_comes_anyway(ingest, tmp_path):
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    assert ingest("extract", "--json", "page.html") == ingest("extract", "page.html")


def test_the_address_comes_from_the_option_or_the_page(ingest, tmp_path):
    (tmp_path / "page.html").write_text(PAGE, encoding="utf-8")
    _, (own,) = extracted(ingest("extract", "page.html"))
    assert own["url"] == "https://news.example/harbour/ferries"
    (tmp_path / "plain.html").write_text(PAGE.replace("<base", "<meta"), encoding="utf-8")
    _, (told,) = extracted(ingest("extract", "--url", "https://other.example/1", "plain.html"))
    assert told["url"] == "https://other.example/1"


def test_files_come_out_in_the_order_given_compressed_or_not_and_a_bad_one_with_its_reason(ingest, tmp_path):
    (tmp_path / "a.txt").write_text(f"Ferries to cross the bay\n\n{SENTENCES}", encoding="utf-8")
    (tmp_path / "b.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    code, documents = extracted(ingest("extract", "b.html.gz", "picture.txt", "a.txt", "empty.txt"))
    assert code == 3
    assert [document["path"] for document in documents] == ["b.html.gz", "picture.txt", "a.txt", "empty.txt"]
    reasons = [document["dropped"] and document["dropped"]["reason"] for document in documents]
    assert reasons == [None, "not_text", None, "empty"]
    assert documents[1]["text"] is None
    assert documents[1]["dropped"]["detail"]


def test_each_record_of_json_lines_is_a_line(ingest, tmp_path):
    records = [{"id": "x1", "title": "Ferries", "text": SENTENCES}, {"id": "x2", "title": "Boats", "text": SENTENCES}]
    (tmp_path / "a.jsonl").write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    code, documents = extracted(ingest("extract", "a.jsonl"))
    assert code == 0
    assert [document["path"] for document in documents] == ["a.jsonl/x1", "a.jsonl/x2"]
    assert [document["title"] for document in documents] == ["Ferries", "Boats"]


def test_a_file_that_is_missing_ends_it_before_anything_is_printed(ingest, tmp_path):
    (tmp_path / "a.txt").write_text(SENTENCES, encoding="utf-8")
    code, out, err = ingest("extract", "a.txt", "missing.txt")
    assert (code, out) == (2, "")
    assert "missing.txt" in err


def test_an_address_is_for_one_file(ingest):
    assert ingest("extract", "--url", "https://other.example/1", "a.txt", "b.txt")[0] == 2


def test_a_file_of_lines_that_cannot_be_read_comes_out_under_its_own_path(ingest, tmp_path):
    (tmp_path / "lines.jsonl").write_bytes(bytes(range(256)) * 20)
    code, out, _ = ingest("extract", "lines.jsonl")
    assert code == 3
    assert json.loads(out)["path"] == "lines.jsonl"
