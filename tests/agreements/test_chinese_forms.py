"""How Chinese newspapers, notices and universities word agreements, and what only sounds like one.

`chinese_forms/*.txt` holds sentences and short articles, a blank line between them; the lines that begin with `>`
are what is to be found, in the order of the text. Where there are several lines, the first is the title. All were
written for these files, and are read as of 14 March 2024.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from opencc import OpenCC

from ingest.agreements.chinese import find
from ingest.documents import Article, Language, Mention, Moment, Precision

PUBLISHED = Moment(iso="2024-03-14", precision=Precision.DAY)
FOLDER = Path(__file__).parent / "chinese_forms"


@dataclass(frozen=True)
class Form:
    text: str
    title: str | None
    told: tuple[str, ...]


def forms(name: str) -> list[Form]:
    found = []
    for block in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").strip().split("\n\n"):
        lines = block.split("\n")
        told = tuple(line[2:].strip() for line in lines if line.startswith(">"))
        text = [line for line in lines if not line.startswith(">")]
        title = text[0] if len(text) > 1 else None
        found.append(Form(text="\n\n".join(text), title=title, told=() if told == ("nothing",) else told))
    return found


def read(text: str, title: str | None) -> list[str]:
    article = Article(text=text, title=title, published=PUBLISHED)
    return [shown(mention) for mention in find(article, Language(tag="zh-Hans", confidence=1.0))]


def shown(mention: Mention) -> str:
    parties = " + ".join(party.name for party in mention.parties)
    news = "news" if mention.is_news else "background"
    signed = mention.signed_on.iso if mention.signed_on else ""
    return f"{parties} | {mention.kind} | {mention.status} | {news} | {signed}".strip()


FILES = ("sentences", "names", "articles", "several_papers", "told_otherwise", "looking_back")
TOLD = [form for name in FILES for form in forms(name)]
SILENT = [*forms("silent"), *forms("silent_more")]


@pytest.mark.parametrize("form", TOLD, ids=lambda form: form.text[:24])
def test_a_form_tells_of_its_agreements(form: Form) -> None:
    assert read(form.text, form.title) == list(form.told)


@pytest.mark.parametrize("form", SILENT, ids=lambda form: form.text[:24])
def test_what_is_no_agreement_is_silent(form: Form) -> None:
    assert read(form.text, form.title) == []


@pytest.mark.parametrize("configuration", ["s2t", "t2s"])
def test_both_scripts_read_alike(configuration: str) -> None:
    """Compared in Simplified characters: converting a name alone may choose another variant than in its sentence."""
    converter, simplified = OpenCC(configuration), OpenCC("t2s")
    for form in (*TOLD, *SILENT):
        title = converter.convert(form.title) if form.title else None
        found = read(converter.convert(form.text), title)
        assert [simplified.convert(line) for line in found] == [simplified.convert(line) for line in form.told]


def test_a_title_that_the_text_does_not_repeat_names_the_parties() -> None:
    """'Both schools' of the text are those of the title; what stands only there has no place in the text."""
    article = Article(title="海澜大学与北屿学院共建研究院", text="两校3月9日签署合作协议。", published=PUBLISHED)
    (mention,) = find(article, Language(tag="zh-Hans", confidence=1.0))
    assert [party.name for party in mention.parties] == ["海澜大学", "北屿学院"]
    assert [party.start for party in mention.parties] == [None, None]
    assert article.text[mention.start : mention.end] == mention.evidence == "两校3月9日签署合作协议。"


def test_what_only_the_title_tells_has_the_body_for_evidence() -> None:
    article = Article(
        title="海澜大学与北屿集团签署合作备忘录", text="仪式昨日举行。海澜大学校长致辞。", published=PUBLISHED
    )
    (mention,) = find(article, Language(tag="zh-Hans", confidence=1.0))
    assert [party.name for party in mention.parties] == ["海澜大学", "北屿集团"]
    assert mention.evidence == "海澜大学校长致辞。"
