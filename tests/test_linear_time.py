"""Each pure stage takes time in proportion to its text, whatever stands in it."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from ingest import agreements, deduplicate, language, sentences, topics
from ingest.decode import clean, decode
from ingest.documents import Article, Language

ENGLISH = Language(tag="en", confidence=1.0)

STAGES: dict[str, Callable[[str], object]] = {
    "clean": clean,
    "decode": lambda text: decode(text.encode(), charset=None, html=True),
    "fingerprint": deduplicate.fingerprint,
    "language": language.detect,
    "sentences": sentences.split,
    "topics": lambda text: topics.classify(Article(text=text), ENGLISH),
    "agreements": lambda text: agreements.find(Article(text=text), ENGLISH),
}
PIECES = (
    *("a", "1", "A", "中", ".", "!", "-", "#", "*", "|", "(", '"', "@", "<", " ", "\t", "\n", "_"),
    *(
        "a@",
        "a.",
        "[a](",
        "http://",
        "www.",
        "Aa Bank signed a pact with Bb Lab. ",
        "Aa’s Bb Bank ",
        "AB and CD agreed to ",
        "with A ",
        "&amp;",
        "a ",
        "Aaa and ",
        "1. ",
        " \n",
        "与",
        "\x1b]",
        "\x1b[",
        "\x9d1;",
    ),
)
SIZE = 4_000
# Four times the text may take 8 times as long; quadratic time is 16. What is done sooner than this is fast enough.
SECONDS_TOO_FEW_TO_TELL = 0.1


def seconds(stage: Callable[[str], object], text: str) -> float:
    """The better of two runs: the first may load a model, or be interrupted."""
    taken = []
    for _ in range(2):
        start = time.process_time()
        stage(text)
        taken.append(time.process_time() - start)
        if taken[-1] < SECONDS_TOO_FEW_TO_TELL:
            break
    return min(taken)


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_takes_linear_time_for_a_text_of_one_piece_over_and_over(name: str) -> None:
    stage = STAGES[name]
    stage("The two banks signed an agreement. 两家银行签署协议。")
    slow = {}
    for piece in PIECES:
        long = piece * (4 * SIZE // len(piece))
        if (taken := seconds(stage, long)) >= SECONDS_TOO_FEW_TO_TELL:
            ratio = taken / max(seconds(stage, long[: len(long) // 4]), 1e-4)
            if ratio > 8:
                slow[piece] = round(ratio, 1)
    assert not slow
