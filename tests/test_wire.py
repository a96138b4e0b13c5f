from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from ingest import schemas
from ingest.documents import Kind, Reason, Status
from ingest.wire import AnnotatedAgreement, Annotation, AnnotationError, Drop, Extraction, dump

TEXT = st.text(alphabet=st.characters(exclude_categories=()), max_size=30)


@given(text=TEXT)
@settings(deadline=None)
def test_whatever_a_text_holds_its_json_is_one_safe_line_that_reads_back_the_same(text):
    line = dump(AnnotationError(id=text, error=text))
    assert json.loads(line) == {"id": text, "error": text}
    assert len(line.splitlines()) == 1
    line.encode()
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0x202A <= ord(c) <= 0x202E for c in line)


def test_a_filled_form_meets_its_schema_and_a_wrong_one_does_not():
    validator = Draft202012Validator(schemas.schema("annotation"))
    agreement = AnnotatedAgreement(
        parties=("A", "B"), kind=Kind.MOU, status=Status.SIGNED, is_news=True, signed_on=None,
        evidence="A and B signed.", start=0, end=15, confidence=0.9,
    )  # fmt: skip
    written = json.loads(dump(Annotation(id=3, language="en", topics=(), agreements=(agreement,))))
    validator.validate(written)
    written["agreements"][0]["kind"] = "handshake"
    assert not validator.is_valid(written)
    written["agreements"][0] |= {"kind": "mou", "confidence": 1.5}
    assert not validator.is_valid(written)


def test_a_dropped_extraction_meets_its_schema():
    dropped = Extraction(
        path="a.txt", url=None, title=None, byline=None, publisher=None, published_at=None, modified_at=None,
        language=None, text=None, dropped=Drop(reason=Reason.EMPTY, detail="It is empty."),
    )  # fmt: skip
    Draft202012Validator(schemas.schema("extraction")).validate(json.loads(dump(dropped)))
