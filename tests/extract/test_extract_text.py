"""Markdown and records: marks off, words on; and what the rules must hold for any text."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.documents import MediaType, Origin, Page, Reason
from ingest.extract import boilerplate, extract
from ingest.extract.cleaning import clean
from ingest.extract.dates import Clock
from ingest.extract.markdown import strip_markdown
from ingest.extract.titles import trim_site

CLOCK = Clock(now=datetime(2026, 6, 1, tzinfo=UTC))
STORY = (
    "The harbour authority and Northgate College will open a joint laboratory for ship safety next spring, both said."
    "\n\nTwelve researchers are to work there. The college pays for the building and the authority for the instruments."
)


@pytest.mark.parametrize(
    ("marked", "plain"),
    [
        ("A [link](https://example.com/a_(b)) here", "A link here"),
        ("![Quay at dawn](https://example.com/q.png)", ""),
        ("[![Quay](https://example.com/q.png)](https://example.com)", ""),
        ("**Bold** and *italic* and __both__ and _it_", "Bold and italic and both and it"),
        ("## Heading ##", "Heading"),
        ("> quoted\n> twice", "quoted\ntwice"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ("a \\*star\\*", "a *star*"),
        ("`code`", "code"),
        ("<https://example.com/x>", "https://example.com/x"),
        ("[text][1]\n\n[1]: https://example.com", "text"),
        ("- item", "- item"),
        ("* * *", ""),
    ],
)
def test_markdown_marks_go_and_words_stay(marked, plain):
    assert strip_markdown(marked).text.strip() == plain


@pytest.mark.parametrize(
    "head", ["# Harbour and college", "Harbour and college\n===", "---\nlang: en\n---\n# Harbour and college"]
)
def test_a_first_level_heading_is_the_title(read, head):
    article = read(f"{head}\n\nBy Ada Quill\n\n{STORY}", MediaType.MARKDOWN)
    assert (article.title, article.byline, article.text) == ("Harbour and college", "Ada Quill", STORY)


def test_a_records_own_fields_win_over_its_text(read, hints):
    line = {"id": "7", "title": "Harbour and college", "published": "2024-03-04", "text": ""}
    line["text"] = f"**Harbour and college**\n\nPORT ROYAL, March 3, 2024 -- {STORY}"
    article = read(json.dumps(line), MediaType.RECORD, hints=hints(title="Harbour and college", published="2024-03-04"))
    assert (article.text, article.title, article.title_origin) == (STORY, "Harbour and college", Origin.RECORD)
    assert (article.published.iso, article.published.origin) == ("2024-03-04", Origin.RECORD)


def test_a_record_without_title_takes_the_headline_of_its_text(read):
    article = read(json.dumps({"text": f"Harbour and college\n\n{STORY}"}), MediaType.RECORD)
    assert (article.title, article.title_origin, article.text) == ("Harbour and college", Origin.VISIBLE, STORY)


@pytest.mark.parametrize(("line", "reason"), [("{", Reason.MALFORMED_RECORD), ('{"id": 1}', Reason.MALFORMED_RECORD)])
def test_a_line_that_is_no_record_is_dropped(refuse, line, reason):
    assert refuse(line, MediaType.RECORD).reason is reason


def test_a_text_of_furniture_alone_is_no_article(refuse):
    assert refuse("2024-03-04\n\nShare\n\n?? ??\n", MediaType.PLAIN).reason is Reason.NO_ARTICLE


@pytest.mark.parametrize(
    ("title", "sites", "trimmed"),
    [
        ("Ports grow | Lamp", (), "Ports grow"),
        ("Ports grow | Business | The Lamp", (), "Ports grow"),
        ("Ports of Example City grow Example City | Trade | Example", (), "Ports of Example City grow"),
        ("Ports grow in Greater Bay Area | Economy | The Lamp", (), "Ports grow in Greater Bay Area"),
        ("Ports grow - and so do fees", (), "Ports grow - and so do fees"),
        ("Ports grow - Lamp", ("Lamp",), "Ports grow"),
        ("Ports grow – Evening Lamp News", (), "Ports grow"),
        ("港口扩建完工-东湾新闻网", (), "港口扩建完工"),
        ("Lamp", ("Lamp",), "Lamp"),
        ("", (), ""),
    ],
)
def test_the_sites_name_and_tags_are_trimmed_from_a_headline(title, sites, trimmed):
    assert trim_site(title, sites) == trimmed


LINES = st.sampled_from(
    [
        "Harbour and college to share laboratory",
        "By Ada Quill | a.quill@example.com",
        "Release time:Mar 4, 2024 09:15 AM",
        "PORT ROYAL, March 3 (Lampwire) -- The authority and the college signed an agreement on Monday, both said.",
        "Twelve researchers are to work there. The college pays for the building and the rest for the instruments.",
        "东湾社香港6月29日电（记者 张三）双方宣布将在明年春天共同开设船舶安全实验室，首批研究人员十二名。",
        "About Northgate College",
        "Northgate College is a college by the sea, and has been for two hundred years, as everyone there will tell.",
        "Media Contact: Ada Quill, +1 555 010 9999",
        "Forward-Looking Statements",
        "READ NEXT: Five charts | Why ports matter",
        "Bakers strike over flour prices in the old town",
        "Bakers strike over flour prices in the old town",
        "?? ??",
        "Newspapers from Elsewhere",
        "![Quay](https://example.com/q.png)",
        "**Bold line**",
        "",
        "   ",
        "图：码头  【责编 何青】",
    ]
)
TEXTS = st.lists(LINES | st.text(max_size=80), max_size=25).map("\n".join)


@given(TEXTS, st.none() | st.just("Harbour and college to share laboratory") | st.text(max_size=40))
@settings(deadline=None)
def test_boilerplate_is_ordered_disjoint_and_within_the_text(text, title):
    spans = boilerplate(text, title)
    ends = [0, *(span.end for span in spans)]
    assert all(end <= span.start < span.end <= len(text) for end, span in zip(ends, spans, strict=False))


@given(TEXTS)
@settings(deadline=None)
def test_cleaning_never_lengthens_and_accounts_for_every_character(text):
    cleaned = clean(text, (), CLOCK)
    left = sorted("".join(cleaned.text.split()) + "".join("".join(cut.text.split()) for cut in cleaned.cuts))
    assert left == sorted("".join(text.split()))
    assert all(cut.text in text for cut in cleaned.cuts)
    positions = [cut.position for cut in cleaned.cuts]
    assert positions == sorted(positions)
    assert all(0 <= position <= len(cleaned.text) for position in positions)
    assert all(0 <= span.start < span.end <= len(cleaned.text) for span in cleaned.boilerplate)


@given(TEXTS)
@settings(deadline=None)
def test_cleaning_the_outcome_again_with_its_title_settles(text):
    """A cut can bring lines together that then read as furniture; after a few rounds nothing more is found."""
    title = ("Harbour and college to share laboratory",)
    seen = [clean(text, title, CLOCK).text]
    for _ in range(6):
        seen.append(clean(seen[-1], title, CLOCK).text)
    assert seen[-1] == seen[-2]


def test_a_long_text_is_cleaned_in_linear_time():
    small, large = (f"{STORY}\n\n" * times for times in (200, 2000))
    assert len(clean(large, (), CLOCK).text) > 9 * len(clean(small, (), CLOCK).text)


def _cheapest(content: bytes, media_type: MediaType, rounds: int = 3) -> float:
    page = Page(source="test", key="page", content=content, media_type=media_type)
    times = []
    for _ in range(rounds):
        began = time.process_time()
        extract(page)
        times.append(time.process_time() - began)
    return min(times)


@pytest.mark.parametrize("media_type", [MediaType.PLAIN, MediaType.MARKDOWN])
@pytest.mark.parametrize(
    "piece",
    [
        "The harbour will open a laboratory, it said. ",
        "The harbour will open a laboratory, it said.\n\n",
        "[a](",
        "**a ",
        "_a",
        "`a",
        "a" + " " * 60,
        "---\nName: value\n",
        "About Lamp\n",
        "2024-03-04 ",
        "a | ",
        "港口與北門大學宣布開設實驗室，",
        "\\",
    ],
)
def test_text_is_read_in_time_that_grows_no_faster_than_its_length(piece, media_type):
    def filled(size: int) -> bytes:
        return f"Harbour opens a laboratory\n\n{piece * (size // len(piece))}\n\nIt said so on Monday.".encode()

    # Four times the text in four times the time; where it were the square, in sixteen times.
    assert _cheapest(filled(32_000), media_type) < 9 * max(_cheapest(filled(8_000), media_type), 0.002)
