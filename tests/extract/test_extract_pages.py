"""Pages that hold no article say what they are instead; stories about such pages stay stories."""

from __future__ import annotations

import json

import pytest

from ingest.documents import Reason

STORY = (
    "The harbour authority will open a laboratory for ship safety next spring, it said on Monday.",
    "Twelve researchers are to work there, and the college pays for the building and the instruments.",
    "Students may write their theses in the laboratory from the second term on, its president added.",
)


def page(title: str, body: str, head: str = "") -> str:
    return f"<html><head><meta charset='utf-8'><title>{title}</title>{head}</head><body>{body}</body></html>"


def paragraphs(*texts: str) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def teasers(count: int, summary: str = "") -> str:
    return "".join(
        f"<div class='teaser'><h3><a href='/news/{n}'>Council number {n} votes on the budget for harbour roads</a></h3>"
        f"{summary and f'<p>{summary} Item {n} of the list tells more about it.</p>'}</div>"
        for n in range(count)
    )


@pytest.mark.parametrize(
    ("reason", "title", "body"),
    [
        (Reason.BOT_CHALLENGE, "Just a moment...", paragraphs("Checking if the site connection is secure. " * 4)),
        (Reason.BOT_CHALLENGE, "lamp.example", paragraphs("Enable JavaScript and cookies to continue")),
        (Reason.BOT_CHALLENGE, "Pardon Our Interruption", paragraphs("Something made us think. " * 9)),
        (Reason.BOT_CHALLENGE, "Lamp", "<form id='challenge-form'><input></form><p>One moment, please</p>"),
        (Reason.BOT_CHALLENGE, "安全验证", paragraphs("请拖动下方滑块完成验证后继续访问。")),
        (Reason.BOT_CHALLENGE, "東灣新聞", paragraphs("您的訪問過於頻繁，請完成以下驗證後繼續訪問本站。")),
        (Reason.CONSENT_PAGE, "Before you continue to Lamp", paragraphs("We use cookies and data to serve you. " * 6)),
        (Reason.CONSENT_PAGE, "Lamp", paragraphs("We and our 312 partners store cookies. Accept all cookies?")),
        (Reason.CONSENT_PAGE, "隐私设置", paragraphs("本网站使用Cookie来改善您的体验。" * 8)),
        (Reason.LOGIN_WALL, "Sign in - The Evening Lamp", paragraphs("Enter your address and your password. " * 5)),
        (Reason.LOGIN_WALL, "Lamp", "<form>E-mail <input><input type='password'></form><p>Welcome back.</p>"),
        (Reason.LOGIN_WALL, "Harbour plans", paragraphs("Subscribe or sign in to continue reading.")),
        (Reason.LOGIN_WALL, "用户登录", paragraphs("请输入手机号和密码。" * 10)),
        (Reason.LOGIN_WALL, "東灣日報", paragraphs("請先登入，才可繼續閱讀全文。")),
        (Reason.ERROR_PAGE, "404 Not Found", paragraphs("This address is gone for good. " * 8)),
        (Reason.ERROR_PAGE, "Page not found | The Evening Lamp", paragraphs("Try the search or the front page. " * 6)),
        (Reason.ERROR_PAGE, "Oops! Something went wrong", paragraphs("Our team has been told about it. " * 6)),
        (Reason.ERROR_PAGE, "Lamp", paragraphs("The page you are looking for may have been removed.")),
        (Reason.ERROR_PAGE, "页面不存在", paragraphs("您访问的页面已被删除，或者地址有误。" * 4)),
        (Reason.ERROR_PAGE, "抱歉", "<h1>找不到頁面</h1>" + paragraphs("請回到首頁。")),
        (Reason.GALLERY, "In pictures: the harbour", "<img src='a.jpg'><p>A crane.</p>" * 9 + paragraphs(STORY[0])),
        (Reason.GALLERY, "东湾港口夜景（组图）", "<img src='a.jpg'><p>起重机。</p>" * 9),
        (Reason.GALLERY, "Harbour", "<figure><img src='a.jpg'><figcaption>A crane</figcaption></figure>" * 12),
        (Reason.INDEX_PAGE, "The Evening Lamp", "<nav>" + "<a href='/x'>Story of the day</a>" * 50 + "</nav>"),
        (Reason.INDEX_PAGE, "Harbour news", f"<main>{teasers(20)}</main>"),
        (Reason.INDEX_PAGE, "Harbour news", f"<p>Monday, 4 March 2024</p><main>{teasers(20, STORY[0])}</main>"),
    ],
)  # fmt: skip
def test_a_page_without_an_article_says_what_it_is(refuse, reason, title, body):
    dropped = refuse(page(title, body), url="https://lamp.example/a")
    assert dropped.reason is reason
    assert dropped.detail


@pytest.mark.parametrize("kind", ["ImageGallery", "MediaGallery"])
def test_a_page_that_calls_itself_a_gallery_is_one(refuse, kind):
    head = f"<script type='application/ld+json'>{json.dumps({'@type': kind})}</script>"
    assert refuse(page("Harbour", paragraphs(*STORY), head)).reason is Reason.GALLERY


def test_a_front_page_with_todays_date_is_an_index(refuse):
    time = "<time datetime='2024-03-04'>4 March 2024</time>"
    assert refuse(page("Lamp", f"<h1>Lamp</h1>{time}<main>{teasers(24)}</main>")).reason is Reason.INDEX_PAGE


@pytest.mark.parametrize(
    "title",
    [
        "Page not found: how a library lost its catalogue",
        "Sorry seems to be the hardest word for the harbour authority",
        "Log in to work from home, harbour authority tells its staff",
        "Cookies and milk: the bakery that feeds the harbour",
        "Just a moment of silence for the harbour master",
        "Gallery in the harbour opens its doors",
        "Access denied to harbour for ships without insurance papers, authority says",
        "登录国际空间站的首批港口研究人员",
        "404号泊位投入使用",
        "图集市场热闹开张",
    ],
)
def test_a_story_about_such_a_page_stays_a_story(read_html, title):
    head = "<meta property='article:published_time' content='2024-03-04'>"
    article = read_html(page(title, f"<article><h1>{title}</h1>{paragraphs(*STORY)}</article>", head))
    assert article.text == "\n\n".join(STORY)


def test_a_short_story_beside_a_login_form_stays_a_story(read_html):
    form = "<aside><h1>Sign in</h1><form><input type='password'></form></aside>"
    story = f"<article><h1>Harbour opens laboratory</h1>{paragraphs(*STORY)}</article>"
    assert read_html(page("Harbour opens laboratory", form + story)).text.startswith(STORY[0])


def test_a_list_that_calls_itself_an_article_stays_one(read_html):
    head = "<meta property='og:type' content='article'><meta property='article:published_time' content='2024-03-04'>"
    entries = "".join(
        f"<h2><a href='/p/{n}'>Harbour number {n}, where the ferries turn</a></h2><p>{STORY[n % 3]} Place {n}.</p>"
        for n in range(8)
    )
    assert (
        read_html(page("Eight harbours to see", f"<article>{entries}</article>", head)).title == "Eight harbours to see"
    )
