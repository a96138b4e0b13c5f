"""News pages made up for the benchmark: sentences, markup and furniture, drawn with a fixed seed."""

from __future__ import annotations

import html
import json
import random
from collections.abc import Iterator

__all__ = ["page", "pages", "story"]

_WHO = (
    "the port authority|a ferry operator|the city council|a hospital group|the regional bank|a software maker|"
    "the weather service|a research institute|the farmers' union|an energy supplier"
)
_DID = "said|announced|confirmed|denied|reported|warned|decided|explained|proposed|agreed"
_WHAT = (
    "that repairs to the old sea wall would begin in June|that fares would stay as they are until the autumn|"
    "that a further ward would open once nurses were found|that its profit had grown faster than in any year before|"
    "that the new line would carry goods as well as passengers|that prices of grain had fallen for the third month|"
    "that two laboratories would share their instruments|that the bridge was safe for all but the heaviest lorries|"
    "that the program would be tested in six schools|that fewer visitors had come than a year ago"
)
_WHERE = "in Northbank|on the eastern quay|at a meeting behind closed doors|in a letter to residents|before parliament"
_ALSO = (
    "Residents were not convinced|Nobody was hurt|Work goes on through the winter|The figures are provisional|"
    "A decision is expected within weeks|Critics called the plan too dear|Further details were not given"
)
_DEALS = (
    "Northbank University and Eastport Institute signed a memorandum of understanding on joint research.|"
    "Harbour Bank announced a strategic partnership with Quaylight Software to offer mobile payments.|"
    "The two ministries signed an agreement on the exchange of students and teachers on Monday."
)
_ZH_WHO = "港务局|渡轮公司|市议会|医院集团|地区银行|软件公司|气象部门|研究所|农民协会|能源公司"
_ZH_WHAT = (
    "旧海堤的修缮工程将于六月开始|票价在秋季之前保持不变|新病房将在招到护士后开放|利润增长快于以往任何一年|"
    "新线路将同时运送货物和旅客|粮价连续第三个月下跌|两家实验室将共用仪器|大桥对大多数车辆是安全的"
)
_ZH_DEALS = "北岸大学与东港研究院签署合作备忘录，双方将开展联合研究。|海湾银行宣布与码头软件公司建立战略合作伙伴关系。"
_SECTIONS = "World|Business|Science|Culture|Sport|Weather|Opinion|Travel|Health|Schools"


def _one(draw: random.Random, choices: str) -> str:
    return draw.choice(choices.split("|"))


def _sentence(draw: random.Random, *, chinese: bool) -> str:
    if chinese:
        who, what, day = _one(draw, _ZH_WHO), _one(draw, _ZH_WHAT), draw.choice("一二三四五")
        return f"{who}周{day}表示，{what}，涉及{draw.randint(2, 900)}个项目。"
    who = _one(draw, _WHO)
    return (
        f"{who[0].upper()}{who[1:]} {_one(draw, _DID)} {_one(draw, _WHERE)} {_one(draw, _WHAT)}, at a cost of "
        f"{draw.randint(2, 900)} million. {_one(draw, _ALSO)}."
    )


def story(draw: random.Random, *, chinese: bool = False) -> tuple[str, list[str]]:
    """A headline and paragraphs; one story in six tells of an agreement."""
    headline = _sentence(draw, chinese=chinese).split("，" if chinese else ",")[0]
    paragraphs = [
        "".join(_sentence(draw, chinese=chinese) + ("" if chinese else " ") for _ in range(draw.randint(1, 4))).strip()
        for _ in range(draw.randint(8, 30))
    ]
    if draw.random() < 1 / 6:
        paragraphs[draw.randint(0, 2)] = _one(draw, _ZH_DEALS if chinese else _DEALS)
    return headline, paragraphs


def _links(draw: random.Random, number: int, css: str) -> str:
    items = "".join(
        f'<li class="{css}__item" data-id="{draw.randrange(10**9)}"><a class="{css}__link" '
        f'href="/{_one(draw, _SECTIONS)}/{draw.randrange(10**6)}.html">'
        f"<span>{_one(draw, _WHO).capitalize()} {_one(draw, _DID)}</span></a></li>"
        for _ in range(number)
    )
    return f'<ul class="{css}">{items}</ul>'


def _cards(draw: random.Random, number: int) -> str:
    return "".join(
        f'<div class="card card--{draw.randint(1, 4)}"><div class="card__media"><img alt="" '
        f'src="/i/{draw.randrange(10**6)}.jpg"></div><div class="card__body"><h3>'
        f'<a href="/s/{draw.randrange(10**6)}">{_one(draw, _WHAT)}</a></h3>'
        f'<span class="card__teaser">{_one(draw, _WHO)} {_one(draw, _DID)}</span></div></div>'
        for _ in range(number)
    )


def _head(draw: random.Random, headline: str, number: int, *, chinese: bool) -> str:
    published = f"2026-0{draw.randint(1, 9)}-1{draw.randint(0, 9)}T0{draw.randint(0, 9)}:30:00+00:00"
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": headline,
        "datePublished": published,
        "author": {"@type": "Person", "name": "Jane Doe"},
        "publisher": {"@type": "Organization", "name": "The Quay"},
    }
    script = json.dumps([{"k": draw.randrange(10**12), "v": draw.random()} for _ in range(400)])
    styles = "".join(f".c{n}{{margin:{n % 9}px;color:#{draw.randrange(16**6):06x}}}" for n in range(400))
    return (
        f'<!DOCTYPE html><html lang="{"zh" if chinese else "en"}"><head><meta charset="utf-8">'
        f'<title>{html.escape(headline)} | The Quay</title><link rel="canonical" href="https://quay.example/s/{number}">'
        f'<meta property="og:title" content="{html.escape(headline)}"><meta property="og:type" content="article">'
        f'<script type="application/ld+json">{json.dumps(data, ensure_ascii=False)}</script>'
        f"<style>{styles}</style><script>window.state={script}</script></head>"
    )


def page(draw: random.Random, number: int) -> bytes:
    """A page of about a hundred kilobytes: an article amid menus, teasers, comments, scripts and a footer."""
    chinese = draw.random() < 0.25
    headline, paragraphs = story(draw, chinese=chinese)
    body = "".join(f'<p class="c{n}">{html.escape(text)}</p>' for n, text in enumerate(paragraphs))
    comments = "".join(
        f'<div class="comment"><b>reader{n}</b><p>{_sentence(draw, chinese=False)}</p></div>' for n in range(4)
    )
    return (
        f"{_head(draw, headline, number, chinese=chinese)}<body><header>{_links(draw, 60, 'menu')}</header>"
        f'<div class="page"><main><article><h1>{html.escape(headline)}</h1><div class="byline">By Jane Doe</div>'
        f'<figure><img src="/i/{number}.jpg"><figcaption>A view of the harbour. Photo: The Quay</figcaption></figure>'
        f"{body}<div class='share'>{_links(draw, 6, 'share')}</div></article>"
        f'<section id="comments">{comments}</section></main><aside><h2>More stories</h2>'
        f"{_cards(draw, 24)}</aside></div>"
        f"<footer>{_links(draw, 120, 'footer')}<p>Copyright The Quay. All rights reserved.</p></footer>"
        f"<script>{'var a=[' + ','.join(str(draw.randrange(10**6)) for _ in range(3000)) + '];'}</script></body></html>"
    ).encode()


def pages(number: int, *, seed: int = 1) -> Iterator[bytes]:
    """So many pages, the same each time."""
    for at in range(number):
        yield page(random.Random(seed * 1_000_003 + at), at)  # noqa: S311 - made-up text, no secret
