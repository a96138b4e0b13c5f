from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from notices import AGREEMENT, DISMISSED, ENDED, MENTION, NEW, hostile, notice

from ingest.alerts.channels.configured import MailEntry
from ingest.alerts.channels.mail import compose
from ingest.alerts.escaping import for_chat, for_markdown, plain, web_address
from ingest.alerts.message import lines, render, title
from ingest.alerts.notice import NoticeKind

EXPECTED = Path(__file__).parent / "expected"
SAMPLES = {
    "detected": notice(NEW),
    "changed": notice(ENDED),
    "withdrawn": notice(DISMISSED),
    "digest": notice(NEW, ENDED, DISMISSED, left_out=7),
    "summary": notice(NEW, ENDED, kind=NoticeKind.SUMMARY),
    "test": notice(),
}
EVIL = (
    "<script>alert(1)</script><img src=x onerror=alert(2)> <!everyone> <@U123> @channel [click](javascript:alert(3)) "
    "<http://evil.example|bank> *bold* `code` \u202etxt.exe\u202c \x1b[31m"
    "\r\nSubject: other\nBcc: all@example.org &amp; \"'"
)


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
@pytest.mark.parametrize("name", SAMPLES)
def test_a_notice_reads_as_expected(name, form):
    expected = (EXPECTED / f"{name}.{form}").read_text(encoding="utf-8")
    assert getattr(render(SAMPLES[name]), form) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("detected", "New agreement: Norrland Cells + 江川新能源 (MOU, signed)"),
        ("changed", "Agreement changed: Norrland Cells + 江川新能源 (MOU, signed → ended)"),
        ("withdrawn", "Correction: not an agreement: Norrland Cells + 江川新能源 (MOU, signed)"),
        ("digest", "Digest of rule batteries: 10 alerts"),
        ("summary", "Summary of what went over the ceiling of rule batteries: 2 alerts"),
        ("test", "Test of an alert channel"),
    ],
)
def test_the_subject_says_what_happened_and_to_whom(name, expected):
    assert title(SAMPLES[name]) == expected


def test_a_correction_tells_the_reason_and_not_who_ruled():
    message = render(notice(DISMISSED))
    for form in (message.text, message.chat, message.markdown, message.html):
        assert "A customer order, no agreement between the two" in form
        assert "somebody" not in form
        assert "--dismiss" not in form


def test_the_best_evidence_stands_in_for_a_sentence_that_was_superseded():
    assert MENTION.evidence in render(notice(replace(NEW, mention=None))).text
    bare = replace(NEW, mention=None, agreement=replace(AGREEMENT, mentions=()))
    assert "Norrland Cells" in render(notice(bare)).text


def test_the_console_gets_two_lines_for_an_event_and_one_for_each_of_several():
    assert lines(notice(NEW)) == (
        "New agreement: Norrland Cells + 江川新能源 · MOU · signed · 2026-03-03 · agr-0123456789",
        (
            "  “3月3日，江川新能源与Norrland Cells签署谅解备忘录，双方将共建电池厂。”"
            " — Example Wire, Norrland Cells & 江川新能源 to build a plant, 2026-03-03"
        ),
    )
    assert lines(notice(NEW, ENDED, left_out=3)) == (
        "Digest of rule batteries: 5 alerts",
        "  New agreement: Norrland Cells + 江川新能源 · MOU, signed",
        "  Agreement changed: Norrland Cells + 江川新能源 · MOU, signed → ended",
        "  3 more not shown: ingest alerts log",
    )


def check_html(text):
    tree = html.fragment_fromstring(text, create_parent="div")
    allowed = {"div", "h2", "h3", "table", "tr", "td", "blockquote", "p", "a", "code", "small", "tbody"}
    assert {each.tag for each in tree.iter()} <= allowed
    for each in tree.iter():
        assert set(each.attrib) <= ({"href"} if each.tag == "a" else set())
        assert each.get("href", "http").startswith("http")


def check_chat(text):
    assert "<" not in text
    assert not re.search(r"@(?!\u200b)", text)


def check_markdown(text):
    check_chat(text)
    unescaped = re.sub(r"\\.", "", text)
    links = re.findall(r"\]\(([^)]*)\)", unescaped)
    assert all(re.fullmatch(r"https?://[^\s()<>]+", each) for each in links)
    assert unescaped.count("[") - unescaped.count("//[") <= len(links)  # an address may hold brackets, of IPv6
    assert unescaped.count("*") == 4
    assert unescaped.count("`") == 2
    assert len(re.findall(r"://", unescaped)) == len(links)


def check(item):
    message = render(notice(item))
    check_html(message.html)
    check_chat(message.chat)
    check_markdown(message.markdown)
    for form in (message.subject, message.text, message.html):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", form)
    assert "\n" not in message.subject
    assert len(message.subject) <= 180
    assert len(message.html) < 30_000
    entry = MailEntry.model_validate({"kind": "mail", "host": "h", "from": "a@example.org", "to": "b@example.org"})
    mail = compose(notice(item), entry)
    assert mail.as_bytes()
    assert "Bcc" not in mail


def test_what_pages_say_stays_text_in_every_form():
    check(hostile(EVIL))


@given(st.text(max_size=300) | st.text(alphabet="<>[]()*_`!@#|\\&:/ ahtps.\n\u202e'\"", max_size=60))
def test_no_text_becomes_markup_a_mention_or_a_control(text):
    check(hostile(text))


@given(st.text(max_size=300), st.integers(1, 100))
def test_plain_text_is_one_bounded_line_and_stays_so(text, most):
    once = plain(text, most)
    assert len(once) <= most
    assert "\n" not in once
    assert plain(once, most) == once


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://news.example.com/a?b=c#d", "https://news.example.com/a?b=c#d"),
        ("https://news.example.com/新闻 (1)", "https://news.example.com/%E6%96%B0%E9%97%BB%20%281%29"),
        ("https://新闻.example/a", "https://xn--efvy88h.example/a"),
        ("https://news.example.com/%E6%96%B0", "https://news.example.com/%E6%96%B0"),
        ("javascript:alert(1)", None),
        ("JavaScript:alert(1)//http://x", None),
        ("data:text/html,x", None),
        ("https://user:password@example.com/", None),
        ("https://exa<mple.com/", None),
        ("https://", None),
        ("http://[", None),
        ("/relative", None),
        ("", None),
        (None, None),
        ("https://example.com/" + "a" * 2_000, None),
    ],
)
def test_only_addresses_of_the_web_become_links(url, expected):
    assert web_address(url) == expected


@pytest.mark.parametrize(
    ("text", "chat", "markdown"),
    [
        ("江川新能源 & Söhne", "江川新能源 & Söhne", "江川新能源 &amp; Söhne"),
        ("<!everyone>", "‹!everyone›", "‹!everyone›"),
        ("@here", "@\u200bhere", "@\u200bhere"),
        ("https://a.example www.a.example", "https://a.example www.a.example", r"https\://a.example www\.a.example"),
        ("[a](b) *c*", "[a](b) *c*", r"\[a\](b) \*c\*"),
    ],
)
def test_chats_see_no_mention_and_markdown_no_markup(text, chat, markdown):
    assert for_chat(text) == chat
    assert for_markdown(text) == markdown


@pytest.mark.parametrize("form", ["text", "markdown", "html"])
def test_the_examples_of_the_documentation_are_what_is_sent(form):
    shown = (Path(__file__).parents[2] / "docs/examples" / f"alert.{form}").read_text(encoding="utf-8")
    assert shown == getattr(render(SAMPLES["detected"]), form)
