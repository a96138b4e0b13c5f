"""Records in, annotations out: `ingest annotate` without its streams. Touches no database and changes no text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

from ingest.documents import Annotated, Article, Boilerplate, Mention, Moment, Place
from ingest.wire import AnnotatedAgreement, AnnotatedTopic, Annotation, AnnotationError, TopicEvidence

__all__ = ["Reader", "read_lines", "read_record"]

_SURROGATES = re.compile("[\ud800-\udfff]")


def read_lines(stream: BinaryIO, *, max_bytes: int) -> Iterator[bytes | None]:
    """Read lines one at a time, however long the input is.

    Args:
        stream: Where they come from.
        max_bytes: A longer line is not held in memory.

    Yields:
        Each line without its end, or None for one that is too long.
    """
    while line := stream.readline(max_bytes + 1):
        if line.endswith(b"\n") or len(line) <= max_bytes:
            yield line.rstrip(b"\r\n")
            continue
        while (rest := stream.readline(max_bytes)) and not rest.endswith(b"\n"):
            pass
        yield None


class Reader:
    """Turns a line into what the pure stages say of it; the stages are its arguments."""

    def __init__(
        self,
        *,
        annotate: Callable[[Article], Annotated],
        boilerplate: Callable[[str, str | None], tuple[Boilerplate, ...]],
        read_moment: Callable[[str], Moment | None],
    ) -> None:
        """Keep the stages.

        Args:
            annotate: Language, topics and agreements of an article.
            boilerplate: What of a text is not the story, given its title.
            read_moment: The date that a record gives.
        """
        self._annotate = annotate
        self._boilerplate = boilerplate
        self._read_moment = read_moment

    def read(self, line: bytes | None, number: int) -> Annotation | AnnotationError:
        """Annotate one line.

        Args:
            line: A JSON object `{"id","title","text","published","url"}`; None for a line that was too long to read.
            number: Which line it is, from 1.
        """
        try:
            record = read_record(line)
        except ValueError as malformed:
            return AnnotationError(id=None, error=f"line {number} {malformed}")
        identity = record.get("id")
        if isinstance(identity, bool) or not isinstance(identity, str | int | None):
            return AnnotationError(id=None, error=f"line {number} has an id that is neither a string nor an integer")
        if not isinstance(record.get("text"), str):
            lack = 'has a "text" that is no string' if record.get("text") is not None else 'has no "text"'
            return AnnotationError(id=identity, error=f"line {number} {lack}")
        try:
            return self._annotated(identity, record)
        except Exception as defect:  # noqa: BLE001 - a defect of a stage costs its line, not the stream
            said = f"a defect of ingest: {type(defect).__name__}: {defect}"
            return AnnotationError(id=identity, error=f"line {number} could not be annotated, {said}")

    def _annotated(self, identity: str | int | None, record: dict[str, object]) -> Annotation:
        text, title, url, published = (_string(record, key) for key in ("text", "title", "url", "published"))
        if text is None:
            return Annotation(id=identity, language="und", topics=(), agreements=())
        # A lone surrogate is one character, and so is its stand-in: offsets stay those of the given text.
        readable = _SURROGATES.sub("�", text)
        heading = _SURROGATES.sub("�", title) if title else None
        found = self._annotate(
            Article(
                text=readable,
                title=heading,
                url=url,
                published=self._read_moment(published) if published else None,
                boilerplate=self._boilerplate(readable, heading),
            )
        )
        return Annotation(
            id=identity,
            language=found.language.tag,
            topics=tuple(
                AnnotatedTopic(
                    topic=label.topic,
                    score=label.score,
                    evidence=tuple(
                        TopicEvidence(start=span.start, end=span.end, text=text[span.start : span.end])
                        for span in label.evidence
                        if span.place is not Place.TITLE
                    ),
                )
                for label in found.topics
            ),
            agreements=tuple(_agreement(mention, text) for mention in found.mentions),
        )


def read_record(line: bytes | None) -> dict[str, object]:
    """Read a line that should be one JSON object.

    Raises:
        ValueError: It is not; in words that follow 'line N', why.
    """
    if line is None:
        raise ValueError("is longer than max_bytes; raise that setting, or split the text")
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as broken:
        raise ValueError(f"is not UTF-8 text (byte {broken.start + 1})") from None
    except RecursionError:
        raise ValueError("is nested too deep") from None
    except ValueError as broken:
        raise ValueError(f"is not JSON: {broken}") from None
    if not isinstance(record, dict):
        raise ValueError("is not a JSON object")  # noqa: TRY004 - a line is a value, not an argument
    return record


def _agreement(mention: Mention, text: str) -> AnnotatedAgreement:
    return AnnotatedAgreement(
        parties=tuple(party.name for party in mention.parties),
        kind=mention.kind,
        status=mention.status,
        is_news=mention.is_news,
        signed_on=mention.signed_on.day if mention.signed_on else None,
        evidence=text[mention.start : mention.end],
        start=mention.start,
        end=mention.end,
        confidence=mention.confidence,
    )


def _string(record: dict[str, object], key: str) -> str | None:
    value = record.get(key)
    return value if isinstance(value, str) and value.strip() else None
