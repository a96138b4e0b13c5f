"""Rules for what news pages carry around their story, on texts written for it."""

from __future__ import annotations

import pytest

from ingest.documents import CutReason
from ingest.extract import boilerplate

STORY = (
    "The harbour authority and Northgate College will open a joint laboratory for ship safety next spring, both said.\n"
    "\n"
    "Twelve researchers are to work there. The college pays for the building and the authority for the instruments."
)
ZH_STORY = (
    "东湾市政府与北门大学星期一宣布，双方将在明年春天共同开设船舶安全实验室，首批研究人员十二名。\n"
    "\n"
    "实验室的建筑由大学出资，仪器由市政府购置。校长表示，学生从第二学期起就可以在那里做毕业设计。"
)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("Release time:Mar 4, 2024 09:15 AM", CutReason.RELEASE_TIME),
        ("Published: 4 March 2024 | Updated: 5 March 2024", CutReason.RELEASE_TIME),
        (" date 2023-10-21 ", CutReason.RELEASE_TIME),
        ("Monday, 4 March 2024", CutReason.RELEASE_TIME),
        ("By Ada Quill", CutReason.BYLINE),
        ("By Ada Quill and Bo Stern, Staff Writers", CutReason.BYLINE),
        ("- By ADA QUILL in Port Royal ada.quill@example.com", CutReason.BYLINE),
        ("By Ada Quill | a.quill@example.com", CutReason.BYLINE),
        ("Staff reporter", CutReason.BYLINE),
        ("Source: The Evening Lamp   Time: 2024-03-04 08:31   Font size: large medium small", CutReason.PUBLISHER),
        ("Photo: Harbour Authority", CutReason.CAPTION),
        ("Share this article on Facebook", CutReason.SHARE),
    ],
)
def test_lines_between_headline_and_lede_leave_the_text(read, line, reason):
    article = read(f"Harbour and college to share laboratory\n\n{line}\n\n{STORY}")
    assert article.title == "Harbour and college to share laboratory"
    assert article.text == STORY
    assert [cut.reason for cut in article.cuts] == [CutReason.REPEATED_HEADLINE, reason]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("发布时间：2024-03-04 12:10", CutReason.RELEASE_TIME),
        ("2024年3月4日 08:30 来源：东湾晚报", CutReason.RELEASE_TIME),
        ("來源：東灣日報", CutReason.PUBLISHER),
        ("记者 张三", CutReason.BYLINE),
        ("本報記者 李四", CutReason.BYLINE),
        ("文／王五", CutReason.BYLINE),
        ("记者：霍青　编辑：阿苏", CutReason.BYLINE),
        ("图：实验室效果图", CutReason.CAPTION),
        ("圖三：校長與會長在碼頭合照。", CutReason.CAPTION),
        ("图1-2：校长与会长在码头合影", CutReason.CAPTION),
        ("（圖一及圖二：新實驗室）", CutReason.CAPTION),
        ("【圖二】校長與會長簽署備忘錄", CutReason.CAPTION),
        ("圖二　校長與會長簽署備忘錄", CutReason.CAPTION),
        ("上圖：校長與會長", CutReason.CAPTION),
        ("圖爲新實驗室", CutReason.CAPTION),
        ("校長與會長在碼頭合照（受訪者提供）", CutReason.CAPTION),
        ("攝影：特約記者　老陸", CutReason.CAPTION),
        ("【字号 大 中 小】", CutReason.SHARE),
    ],
)
def test_chinese_lines_between_headline_and_lede_leave_the_text(read, line, reason):
    article = read(f"东湾与北门大学共建实验室\n\n{line}\n\n{ZH_STORY}")
    assert article.title == "东湾与北门大学共建实验室"
    assert article.text == ZH_STORY
    assert [cut.reason for cut in article.cuts] == [CutReason.REPEATED_HEADLINE, reason]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("READ NEXT: Five charts on shipping  |  Why ports matter", CutReason.READ_MORE),
        ("Read more", CutReason.READ_MORE),
        ("View source version on example.com: https://example.com/news/1", CutReason.READ_MORE),
        ("◎延伸阅读：海湾书城亮灯", CutReason.READ_MORE),
        ("> 更多財經新聞：example.com/tc", CutReason.READ_MORE),
        ("Follow us on Facebook and Instagram", CutReason.SHARE),
        ("You receive this e-mail because you subscribed. Unsubscribe: brief@example.com", CutReason.SHARE),
        ("订阅/退订：weekly@example.com", CutReason.SHARE),
        ("THE LAMP ASIA  |  Charts  |  Podcasts  |  About", CutReason.NAVIGATION),
        ("上一篇：港口扩建完工", CutReason.NAVIGATION),
        ("ENDS", CutReason.NAVIGATION),
        ("Page 1 of 3", CutReason.PAGE_NUMBER),
        ("第1页 共3页", CutReason.PAGE_NUMBER),
        ("?? ??", CutReason.GARBLED),
        ("▲研究人员在码头合影。本报记者 摄", CutReason.CAPTION),
        ("File photo by Bo Stern", CutReason.CAPTION),
        ("Figure 2: The new laboratory seen from the quay", CutReason.CAPTION),
        ("Image 1 of 3: The new laboratory", CutReason.CAPTION),
        ("Pictured (from left): Ada Quill and Bo Stern", CutReason.CAPTION),
        ("From left: Ada Quill and Bo Stern at the ceremony", CutReason.CAPTION),
        ("(Reporting by Ada Quill; editing by Bo Stern)", CutReason.BYLINE),
        ("(责编：何青、李明)", CutReason.BYLINE),
        ("Corrections to desk@example.com. We round figures.", CutReason.CONTACT),
        ("投资者热线：(021)5555-0188  邮箱：board@example.com", CutReason.CONTACT),
    ],
)
def test_lines_below_the_story_leave_the_text(read, line, reason):
    article = read(f"{STORY}\n\n{line}\n")
    assert article.text == STORY
    assert [cut.reason for cut in article.cuts] == [reason]
    assert article.cuts[0].position == len(STORY)


@pytest.mark.parametrize(
    "line",
    [
        "Post office workers share the view that more must be read into the figures of last year, their union said.",
        "By Monday the council will decide",
        "From left to right, the benches agree: the harbour must stay open.",
        "Figures for the harbour were 2.5 per cent higher than a year earlier.",
        "圖三顯示，海港的貨運量去年上升一成。",
        "图书馆三：新馆下月开放",
        "About 300 scholars attended.",
        "About Hong Kong's future, he said, nobody could be certain.",
        "More than 3000 people were trapped",
        "Photographs of the harbour hang in the hall where the agreement was signed on Monday evening.",
        "文化部發布通知，要求各地加強管理。",
        "中国电信昨日宣布新的资费方案，用户可以在月底之前办理。",
        "World Harbour Organisation (WHO) - a body of forty ports - took part in the talks, it said.",
        "21",
        "OUT — two of the five that had been named last year are no longer on the list, he said.",
    ],
)
def test_what_only_looks_like_furniture_stays(read, line):
    text = f"{STORY}\n\n{line}\n\n{STORY.replace('twelve', 'thirteen').replace('Twelve', 'Thirteen')}"
    article = read(text)
    assert line in article.text.split("\n\n")


@pytest.mark.parametrize(
    ("dateline", "publisher", "byline", "published"),
    [
        ("PORT ROYAL, March 3 (Lampwire) -- ", "Lampwire", None, None),
        ("PORT ROYAL, March 3, 2024 (Lampwire) -- ", "Lampwire", None, "2024-03-03"),
        ("Basel, Switzerland – July 8, 2024 – ", None, None, "2024-07-08"),
        ("BASEL, SWITZERLAND - July 8, 2024 (LAMPWIRE) - ", "LAMPWIRE", None, "2024-07-08"),
        ("BASEL, July 8, 2024 /Lampwire/ -- ", "Lampwire", None, "2024-07-08"),
        ("LONDON (Reuters) - ", "Reuters", None, None),
        ("Lamp News Agency, Port Royal, June 29th: ", "Lamp News Agency", None, None),
        ("[Geneva, 4 May 2023] ", None, None, "2023-05-04"),
        ("PARIS — ", None, None, None),
    ],
)
def test_a_dateline_is_cut_and_read(read, dateline, publisher, byline, published):
    article = read(f"Harbour and college to share laboratory\n\n{dateline}{STORY}")
    assert article.text == STORY
    assert (article.publisher, article.byline) == (publisher, byline)
    assert (article.published.iso if article.published else None) == published
    assert [cut.reason for cut in article.cuts] == [CutReason.REPEATED_HEADLINE, CutReason.DATELINE]


@pytest.mark.parametrize(
    ("dateline", "publisher", "byline", "published"),
    [
        ("东湾社香港6月29日电（记者 张三、李四）", "东湾社", "张三; 李四", None),
        ("東灣社香港6月29日電 題：", "東灣社", None, None),
        ("东湾网东湾2024年3月1日电 ", "东湾网", None, "2024-03-01"),
        ("本报讯（记者 王一）", None, "王一", None),
        ("东湾晚报讯(记者 阮青) ", "东湾晚报", "阮青", None),
        ("香港6月9日讯  ", None, None, None),
        ("【本報廣州專電】", None, None, None),
        ("【東灣報訊】", "東灣報", None, None),
        ("（東灣社記者王五台北3日電）", "東灣社", "王五", None),
    ],
)
def test_a_chinese_dateline_is_cut_and_read(read, dateline, publisher, byline, published):
    article = read(f"东湾与北门大学共建实验室\n\n{dateline}{ZH_STORY}")
    assert article.text == ZH_STORY
    assert (article.publisher, article.byline) == (publisher, byline)
    assert (article.published.iso if article.published else None) == published


@pytest.mark.parametrize(
    ("first", "title"),
    [
        ("Harbour and college to share laboratory", "Harbour and college to share laboratory"),
        ("Harbour and college to share laboratory | The Evening Lamp", "Harbour and college to share laboratory"),
        ("Harbour and college to share laboratory - Lamp News", "Harbour and college to share laboratory"),
        ("东湾与北门大学共建实验室_东湾新闻网", "东湾与北门大学共建实验室"),
        (
            "Will the harbour and the college share a laboratory?",
            "Will the harbour and the college share a laboratory?",
        ),
        ("The harbour authority announced on Monday that it would share a laboratory with the college.", None),
        ("Weekly notes from the harbour (33)    2024-08-23", "Weekly notes from the harbour (33)"),
        ("HARBOUR BRIEF  |  No. 26  |  Friday 28 June 2024", "HARBOUR BRIEF"),
        ("证券代码：600001    证券简称：东湾港\n\n关于共建实验室的公告", "关于共建实验室的公告"),
        ("- the first item of a list", None),
        ("https://example.com/harbour-and-college", None),
    ],
)
def test_a_first_line_is_the_title_if_it_reads_as_a_headline(read, first, title):
    assert read(f"{first}\n\n{STORY}").title == title


def test_a_publisher_stands_above_the_headline(read):
    article = read(f"The Evening Lamp Post\n\nHarbour and college to share laboratory\n\n{STORY}")
    assert (article.publisher, article.title) == ("The Evening Lamp Post", "Harbour and college to share laboratory")
    assert article.text == STORY


def test_a_single_teaser_is_cut_only_where_it_is_of_another_story(read):
    headline = "Bakers of the old town strike over flour prices"
    teaser = f"{headline}\n{headline}\n\nOvens stay cold."
    assert "Ovens" not in read(f"{STORY}\n\n{teaser}").text
    refrain = (
        "Twelve researchers for the joint laboratory\nTwelve researchers for the joint laboratory\n\nThey start in May."
    )
    assert "They start in May." in read(f"{STORY}\n\n{refrain}").text


def test_profiles_and_disclaimers_stay_as_boilerplate_and_contacts_go(read):
    about = "About Northgate College\n\nNorthgate College is a college. It signed with the navy in 2019."
    contact = "Media Contact:\n\nAda Quill\n\n+1 555 010 9999\n\npress@example.com"
    legal = "Forward-Looking Statements\n\nThis release contains forward-looking statements that may prove wrong."
    article = read(f"{STORY}\n\n{about}\n\n{contact}\n\n{legal}")
    kept = [(span.reason, article.text[span.start : span.end]) for span in article.boilerplate]
    assert kept == [(CutReason.ABOUT, about), (CutReason.LEGAL, legal)]
    assert {cut.reason for cut in article.cuts} == {CutReason.CONTACT}
    assert "555" not in article.text


@pytest.mark.parametrize(
    "about",
    [
        "**About Northgate College**\nNorthgate College is a college.",
        "About Northgate CollegeNorthgate College is a college by the sea.",
        "About Northgate: Northgate is a college by the sea.",
        "关于北门大学\n北门大学是一所大学。",
        "About Us\nWe are a college.",
    ],
)
def test_a_profile_is_found_in_each_form_of_its_heading(about):
    text = f"{STORY}\n\n{about}"
    spans = boilerplate(text, "Harbour and college to share laboratory")
    assert [(span.start, span.end, span.reason) for span in spans] == [(len(STORY) + 2, len(text), CutReason.ABOUT)]


def test_a_profile_inside_a_one_line_release_starts_at_its_own_sentence():
    told = " ".join([STORY.replace("\n\n", " ")] * 2)
    text = f"{told}   About Northgate College Northgate College is a college by the sea."
    (span,) = boilerplate(text, None)
    assert text[span.start : span.end].startswith("About Northgate College Northgate")
    assert (span.end, span.reason) == (len(text), CutReason.ABOUT)


def test_an_official_notice_about_something_is_no_profile():
    text = f"{ZH_STORY}\n\n关于实验室建设的公告\n\n{ZH_STORY}"
    assert boilerplate(text, "东湾与北门大学共建实验室") == ()


def test_boilerplate_points_at_everything_that_cleaning_cuts():
    text = (
        "Harbour and college to share laboratory\n\nBy Ada Quill | a.quill@example.com\n\n"
        f"PORT ROYAL, March 3 (Lampwire) -- {STORY}\n\n![Quay](https://example.com/a.png)\n\nREAD NEXT: Five charts"
    )
    spans = boilerplate(text, "Harbour and college to share laboratory")
    assert [(text[span.start : span.end], span.reason) for span in spans] == [
        ("Harbour and college to share laboratory", CutReason.REPEATED_HEADLINE),
        ("By Ada Quill | a.quill@example.com", CutReason.BYLINE),
        ("PORT ROYAL, March 3 (Lampwire) -- ", CutReason.DATELINE),
        ("![Quay](https://example.com/a.png)", CutReason.CAPTION),
        ("READ NEXT: Five charts", CutReason.READ_MORE),
    ]


def test_a_headline_known_from_nowhere_else_is_not_boilerplate():
    text = f"Harbour and college to share laboratory\n\n{STORY}"
    assert boilerplate(text, None) == ()


def test_a_headline_that_differs_a_little_from_the_given_title_is_its_repetition():
    text = f"东湾、北门大学共建实验室　明春启用\n\n{ZH_STORY}"
    (span,) = boilerplate(text, "东湾北门大学共建实验室 明春启用")
    assert span.reason is CutReason.REPEATED_HEADLINE


def test_a_text_broken_at_a_column_is_joined(read):
    wire = (
        "    The harbour authority and Northgate College will open a joint\n"
        "laboratory for ship safety next spring, both of them said in the\n"
        "evening after a long meeting that had been put off three times\n"
        "since the autumn.\n"
        "    Twelve researchers are to work there. The college pays for the\n"
        "building and the authority for the instruments, which are made to\n"
        "order in the north and take a year to be delivered and tested.\n"
    )
    paragraphs = read(wire).text.split("\n\n")
    assert len(paragraphs) == 2
    assert paragraphs[0].endswith("put off three times since the autumn.")
    assert paragraphs[1].startswith("Twelve researchers are to work there. The college pays for the building")
