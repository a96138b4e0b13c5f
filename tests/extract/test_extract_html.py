"""HTML pages: body, metadata with where it was read, and pages that hold nothing to read."""

from __future__ import annotations

import gzip
import json

import pytest
from lxml.html import document_fromstring

from ingest.documents import CutReason, MediaType, Origin, Precision, Reason
from ingest.extract.markup import flatten, is_deep, plain_reading

PARAGRAPHS = (
    "The harbour authority and Northgate College will open a joint laboratory for ship safety next spring, both said.",
    "Twelve researchers are to work there. The college pays for the building and the authority for the instruments.",
    "Students may write their theses in the laboratory from the second term on, the president of the college added.",
)
BODY = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
TEXT = "\n\n".join(PARAGRAPHS)
OG = "open-graph"
TITLE = "Harbour and college to share laboratory"


def page(head: str = "", body: str = BODY, top: str = f"<h1>{TITLE}</h1>", html: str = "<html>") -> str:
    return (
        f"<!DOCTYPE html>{html}<head><meta charset='utf-8'>{head}</head><body><nav><a href='/'>Home</a><a href='/a'>"
        f"Sport</a></nav><main><article>{top}{body}</article></main><footer>© 2024 Lamp</footer></body></html>"
    )


def linked(**fields: object) -> str:
    thing = {"@context": "https://schema.org", "@type": "NewsArticle", **fields}
    return f"<script type='application/ld+json'>{json.dumps(thing)}</script>"


def test_the_story_comes_without_its_page(read_html):
    article = read_html(page(), url="https://lamp.example/2024/03/04/harbour?utm_source=x#top")
    assert article.text == TEXT
    assert article.title == TITLE
    assert article.url == "https://lamp.example/2024/03/04/harbour"
    assert (article.published.iso, article.published.origin) == ("2024-03-04", Origin.URL)


def test_json_ld_gives_all_metadata(read_html):
    head = linked(
        headline=TITLE,
        author=[{"@type": "Person", "name": "Ada Quill"}, {"@type": "Person", "name": "Bo Stern"}],
        publisher={"@type": "Organization", "name": "The Evening Lamp"},
        datePublished="2024-03-04T09:15:00+08:00",
        dateModified="2024-03-05T10:00:00+08:00",
        mainEntityOfPage={"@id": "https://lamp.example/harbour"},
        inLanguage="en-HK",
    )
    article = read_html(page(head), url="https://lamp.example/harbour?ref=front")
    assert (article.byline, article.byline_origin) == ("Ada Quill; Bo Stern", Origin.JSON_LD)
    assert (article.publisher, article.publisher_origin) == ("The Evening Lamp", Origin.JSON_LD)
    assert (article.published.iso, article.published.precision) == ("2024-03-04T09:15:00+08:00", Precision.SECOND)
    assert article.published.origin is Origin.JSON_LD
    assert article.modified.iso == "2024-03-05T10:00:00+08:00"
    assert article.url == "https://lamp.example/harbour"
    assert article.declared_language == "en-HK"


@pytest.mark.parametrize(
    "block",
    [
        {"@graph": [{"@type": "WebSite", "name": "x"}, {"@type": ["NewsArticle"], "datePublished": "2024-03-04"}]},
        [{"@type": "BreadcrumbList"}, {"@type": "ReportageNewsArticle", "datePublished": "2024-03-04"}],
        {"@type": "WebPage", "mainEntity": {"@type": "Article", "datePublished": "2024-03-04"}},
    ],
)
def test_json_ld_is_found_in_each_form_of_nesting(read_html, block):
    head = f"<script type='application/ld+json'>{json.dumps(block)}</script>"
    assert read_html(page(head)).published.iso == "2024-03-04"


@pytest.mark.parametrize("block", ["{", "[" * 50_000, '{"@type": "NewsArticle", "author": 7, "publisher": []}', "null"])
def test_broken_json_ld_costs_only_itself(read_html, block):
    head = f"<script type='application/ld+json'>{block}</script><meta name='author' content='Ada Quill'>"
    article = read_html(page(head))
    assert (article.text, article.byline, article.byline_origin) == (TEXT, "Ada Quill", Origin.META)


@pytest.mark.parametrize(
    ("head", "field", "value", "origin"),
    [
        ("<meta property='og:site_name' content='The Evening Lamp'>", "publisher", "The Evening Lamp", "open-graph"),
        ("<meta name='publisher' content='The Evening Lamp'>", "publisher", "The Evening Lamp", "meta"),
        ("<meta property='article:author' content='By Ada Quill'>", "byline", "Ada Quill", "open-graph"),
        ("<meta name='author' content='https://example.com/ada'>", "byline", None, None),
        ("<meta name='author' content='admin'>", "byline", None, None),
        (linked(author="The Evening Lamp", publisher="The Evening Lamp"), "byline", None, None),
    ],
)
def test_meta_tags_name_author_and_publisher(read_html, head, field, value, origin):
    article = read_html(page(head))
    assert (getattr(article, field), getattr(article, f"{field}_origin")) == (value, origin)


@pytest.mark.parametrize(
    ("head", "top", "iso", "origin"),
    [
        ("<meta property='og:published_time' content='2024-03-04T09:15Z'>", "", "2024-03-04T09:15:00+00:00", OG),
        ("<meta name='pubdate' content='2024-03-04 09:15'>", "", "2024-03-04", "meta"),
        ("", "<time datetime='2024-03-04'>Monday</time>", "2024-03-04", "visible-text"),
        ("", "<span class='pub-date'>发布时间：2024年3月4日 09:15</span>", "2024-03-04", "visible-text"),
        ("", "<p>Published: 4 March 2024</p>", "2024-03-04", "visible-text"),
        ("<meta name='pubdate' content='2099-01-01'>", "", None, None),
    ],
)  # fmt: skip
def test_the_published_date_is_read_where_it_stands(read_html, head, top, iso, origin):
    published = read_html(page(head, top=f"<h1>{TITLE}</h1>{top}")).published
    assert (published.iso if published else None, published.origin if published else None) == (iso, origin)


def test_a_time_without_zone_takes_the_sources(read_html):
    head = "<meta name='pubdate' content='2024-03-04 09:15'>"
    assert read_html(page(head), time_zone="Asia/Hong_Kong").published.iso == "2024-03-04T09:15:00+08:00"


def test_a_date_in_the_header_of_the_site_is_not_the_articles(read_html):
    source = page().replace("<nav>", "<div class='date'>Monday, 1 June 2026</div><nav>")
    assert read_html(source).published is None


def test_a_dateline_without_a_year_stays_no_date(read_html):
    article = read_html(page(body=f"<p>PORT ROYAL, March 3 (Lampwire) -- {BODY[3:]}"))
    assert (article.published, article.publisher, article.text) == (None, "Lampwire", TEXT)


@pytest.mark.parametrize(
    ("head", "top", "title"),
    [
        (f"<title>{TITLE} | The Evening Lamp</title>", f"<h1>{TITLE}</h1>", TITLE),
        (f"<meta property='og:title' content='{TITLE} - Lamp'><meta name='publisher' content='Lamp'>", "", TITLE),
        (f"<meta property='og:title' content='{TITLE[:20]}…'>", f"<h1>{TITLE}</h1>", TITLE),
        ("<title>东湾与北门大学共建实验室_东湾新闻网</title>", "", "东湾与北门大学共建实验室"),
        ("<title>Lamp</title><meta property='og:site_name' content='Lamp'>", f"<h1>{TITLE}</h1>", TITLE),
        (f"<title>{TITLE} | Lamp</title>", f"<h1><a href='/city'>City</a> {TITLE} <a href='#'>Share</a></h1>", TITLE),
        (f"<title>{TITLE}</title>", f"<h1><a href='/a'>{TITLE}</a></h1>", TITLE),
        (f"<title>{TITLE}</title>", f"<h1>{TITLE[:12]}<a href='/a'>{TITLE[12:]}</a></h1>", TITLE),
    ],
)  # fmt: skip
def test_the_title_is_the_headline_without_the_site(read_html, head, top, title):
    assert read_html(page(head, top=top)).title == title


def test_hints_fill_what_the_page_leaves_open_and_no_more(read_html, hints):
    said = hints(title="A feed's title", byline="Feed Author", publisher="Feed", published="2024-03-04")
    bare = read_html(page(top=""), hints=said)
    assert (bare.title, bare.byline, bare.publisher) == ("A feed's title", "Feed Author", "Feed")
    assert (bare.published.iso, bare.title_origin) == ("2024-03-04", Origin.RECORD)
    assert read_html(page(), hints=said).title == TITLE


@pytest.mark.parametrize(
    ("canonical", "url", "expected"),
    [
        ("/harbour", "https://lamp.example/a?b=1", "https://lamp.example/harbour"),
        ("https://www.lamp.example/harbour?utm_medium=mail", "https://m.lamp.example/h", "https://www.lamp.example/harbour"),
        ("https://other.example/harbour", "https://lamp.example/h?fbclid=1", "https://lamp.example/h"),
        ("https://lamp.example/", "https://lamp.example/h", "https://lamp.example/h"),
        ("javascript:void(0)", "https://lamp.example/h", "https://lamp.example/h"),
        ("https://lamp.example/harbour", None, "https://lamp.example/harbour"),
        ("http://[bad", "https://lamp.example/h", "https://lamp.example/h"),
    ],
)  # fmt: skip
def test_the_canonical_address_is_believed_on_the_same_site(read_html, canonical, url, expected):
    assert read_html(page(f"<link rel='canonical' href='{canonical}'>"), url=url).url == expected


def test_furniture_that_the_extractor_leaves_is_cut(read_html):
    extra = "<p>By Ada Quill</p>" + BODY + "<p>READ NEXT: Five charts on shipping</p><p>Follow us on Facebook</p>"
    article = read_html(page(body=extra))
    assert article.text == TEXT
    assert article.byline == "Ada Quill"
    assert {CutReason.BYLINE, CutReason.READ_MORE} <= {cut.reason for cut in article.cuts}


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "big5", "utf-16"])
def test_chinese_pages_come_out_in_any_charset(read_html, charset):
    told = "港口與北門大學星期一宣布，雙方將在明年春天共同開設船舶安全實驗室，首批研究人員十二名，經費由雙方分擔。"
    source = f"<html><head><meta charset='{charset}'></head><body><article><p>{told}</p><p>{told[:30]}。</p></article>"
    assert told in read_html(source.encode(charset)).text


@pytest.mark.parametrize(
    "source",
    [
        "<html><body></body></html>",
        "<!DOCTYPE html>",
        "<html><frameset cols='1,2'><frame src='a'><frame src='b'></frameset></html>",
        "<html><body><div id='app'></div><script>var text = 'a long story';</script></body></html>",
        "<" * 5000,
        "<!--" * 5000,
    ],
)
def test_a_page_without_an_article_is_dropped_with_that_reason(refuse, source):
    dropped = refuse(source)
    assert dropped.reason is Reason.NO_ARTICLE
    assert dropped.detail


@pytest.mark.parametrize("media_type", [MediaType.HTML, MediaType.PLAIN, MediaType.MARKDOWN])
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", Reason.EMPTY),
        (b" \n\t", Reason.EMPTY),
        (b"\x89PNG\r\n\x1a\n" + bytes(64), Reason.NOT_TEXT),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", Reason.NOT_TEXT),
        (gzip.compress(b"text", mtime=0), Reason.NOT_TEXT),
    ],
)
def test_what_is_no_text_is_dropped_whatever_it_is_called(refuse, media_type, content, reason):
    assert refuse(content, media_type).reason is reason


@pytest.mark.parametrize(
    "tag", ["div", "span", "section", "b", "x-wrapper", "unknown", "ul><li", "table><tr><td", "p><b"]
)
def test_deep_nesting_gives_the_text_all_the_same(read_html, tag):
    source = f"<html><head><title>{TITLE}</title></head><body>" + f"<{tag}>" * 3000 + BODY
    article = read_html(source)
    assert article.text == TEXT
    assert article.title == TITLE


def test_html_nested_a_hundred_thousand_deep_is_read(read_html):
    assert read_html("<div>" * 100_000 + BODY + "</div>" * 100_000).text == TEXT


def test_deep_nesting_around_nothing_says_so(refuse):
    assert refuse("<div>" * 3000 + "</div>" * 3000).reason is Reason.NESTED_TOO_DEEP


def test_flattening_keeps_the_text_and_bounds_the_depth():
    source = "<div>" * 500 + "deep" + "</div>" * 500 + "<p>after</p>"
    flat = flatten(source)
    assert is_deep(document_fromstring(source))
    assert not is_deep(document_fromstring(flat))
    assert plain_reading(flat) == plain_reading(source) == "deep\nafter"


def test_elements_that_nobody_closed_are_not_deep():
    assert not is_deep(document_fromstring("<ul>" + "<li>one<p>two" * 1000))


def test_a_plain_reading_leaves_scripts_menus_and_comments_out():
    source = "<nav>menu</nav><script>var a = '<p>x</p>';</script><!-- <p>no</p> --><p>One &amp; two</p>three<br>four"
    assert plain_reading(source) == "One & two\nthree\nfour"


@pytest.mark.parametrize(
    ("head", "field", "value", "origin"),
    [
        (linked(articleSection=["Harbour", "News"]), "section", "Harbour", "json-ld"),
        ("<meta property='article:section' content='Harbour'>", "section", "Harbour", "open-graph"),
        ("<meta name='section' content='港口'>", "section", "港口", "meta"),
        ("<meta name='section' content='News'>", "section", None, None),
        (linked(keywords="ships, Safety,ships"), "keywords", ("ships", "Safety"), "json-ld"),
        (linked(keywords=["ships", "safety"]), "keywords", ("ships", "safety"), "json-ld"),
        ("<meta property='article:tag' content='a, b'>", "keywords", ("a", "b"), OG),
        ("<meta name='keywords' content='港口，船舶、安全'>", "keywords", ("港口", "船舶", "安全"), "meta"),
        ("<meta name='keywords' content='港口 船舶'>", "keywords", ("港口", "船舶"), "meta"),
        (linked(image={"@type": "ImageObject", "url": "//x.example/a"}), "image", "https://x.example/a", "json-ld"),
        (linked(image=["/a.jpg"]), "image", "https://lamp.example/a.jpg", "json-ld"),
        ("<meta property='og:image' content='//x.example/a.jpg'>", "image", "https://x.example/a.jpg", "open-graph"),
        ("<meta property='og:image' content='data:image/png;base64,AA'>", "image", None, None),
        (linked(isAccessibleForFree=False), "access", "paywalled", "json-ld"),
        (linked(isAccessibleForFree="http://schema.org/True"), "access", "free", "json-ld"),
        (linked(hasPart=[{"isAccessibleForFree": "False", "cssSelector": ".more"}]), "access", "paywalled", "json-ld"),
        ("<meta property='article:content_tier' content='metered'>", "access", "metered", "open-graph"),
        ("<meta property='article:content_tier' content='x'>", "access", None, None),
    ],
)  # fmt: skip
def test_section_keywords_image_and_access_are_read_where_they_stand(read_html, head, field, value, origin):
    text = "".join(f"<p>{paragraph} Again, {paragraph}</p>" for paragraph in PARAGRAPHS)
    article = read_html(page(head, body=text), url="https://lamp.example/harbour")
    assert (getattr(article, field), getattr(article, f"{field}_origin")) == (value, origin)


@pytest.mark.parametrize(
    "prompt",
    [
        "Subscribe to continue reading.",
        "Already a subscriber? Log in.",
        "This article is for subscribers only.",
        "登录后继续阅读全文",
        "本文為會員專享內容，訂閱後即可閱讀全文",
    ],
)
def test_a_beginning_that_asks_for_a_subscription_is_a_stub(read_html, prompt):
    article = read_html(page(body=f"<p>{PARAGRAPHS[0]}</p><p>{PARAGRAPHS[1]}</p><div>{prompt}</div>"))
    assert (article.access, article.access_origin) == ("stub", Origin.VISIBLE)


def test_a_whole_story_beside_a_prompt_to_subscribe_is_no_stub(read_html):
    body = "".join(f"<p>{number}. {paragraph}</p>" for number in range(5) for paragraph in PARAGRAPHS)
    assert read_html(page(body=body + "<div>Already a subscriber? Log in.</div>")).access is None


@pytest.mark.parametrize(
    ("head", "published", "future"),
    [
        ("<meta name='pubdate' content='2099-01-01'>", None, "2099-01-01"),
        (linked(datePublished="2099-01-01T09:00:00Z"), None, "2099-01-01T09:00:00+00:00"),
        (linked(datePublished="2099-01-01") + "<meta name='pubdate' content='2024-03-04'>", "2024-03-04", None),
        ("<meta name='pubdate' content='2099-99-99'>", None, None),
    ],
)
def test_a_date_in_the_future_is_flagged_and_never_believed(read_html, head, published, future):
    article = read_html(page(head))
    assert (article.published.iso if article.published else None, article.future_date) == (published, future)


def test_a_hint_of_a_date_in_the_future_is_flagged_too(read, read_html, hints):
    said = hints(published="2099-01-01")
    for article in (read_html(page(), hints=said), read(TEXT, hints=said)):
        assert (article.published, article.future_date) == (None, "2099-01-01")


def test_what_escapes_smuggle_into_json_ld_is_cleaned(read_html):
    head = linked(keywords=["a\x00b", "c\ud800d"], articleSection="x&#0;y", author="Ada\x07 Quill")
    article = read_html(page(head))
    stored = " ".join((*article.keywords, article.section, article.byline))
    assert stored.isprintable()
    assert stored.encode()
