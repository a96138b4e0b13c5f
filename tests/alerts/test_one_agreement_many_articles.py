"""The same agreement in thirty articles, in English, 简体 and 繁體: one alert, and one more when it is terminated."""

from __future__ import annotations

from itertools import count

import pytest
from alert_samples import FakeChannel, send
from store_samples import FakeSource, page, take

from ingest.alerts.notice import Why
from ingest.documents import Article, Moment, Precision, Status
from ingest.pipeline import annotate_article
from ingest.store import open_store

SIGNED = {
    "en": [
        (
            "City University of Hong Kong and Tsinghua University signed a memorandum of understanding on battery"
            " research on 12 March 2026. The presidents of both universities attended the ceremony in Kowloon Tong."
        ),
        (
            "Tsinghua University and City University of Hong Kong have signed a memorandum of understanding to study"
            " batteries together. A joint committee will meet twice a year, officials said after the ceremony."
        ),
        (
            "A memorandum of understanding on batteries was signed by City University of Hong Kong and Tsinghua"
            " University on Thursday. Students of both sides will spend a term in the other city."
        ),
    ],
    "zh-Hans": [
        "香港城市大学与清华大学3月12日签署谅解备忘录，将在电池研究方面开展合作。两校校长出席了在九龙塘举行的仪式。",
        "清华大学和香港城市大学日前签署谅解备忘录，共同研究电池技术。双方将成立联合委员会，每年开会两次。",
        "香港城市大学与清华大学签署了谅解备忘录。两校学生将有机会到对方城市学习一个学期。",
    ],
    "zh-Hant": [
        "香港城市大學與清華大學3月12日簽署諒解備忘錄，將在電池研究方面展開合作。兩校校長出席了在九龍塘舉行的儀式。",
        "清華大學和香港城市大學日前簽署諒解備忘錄，共同研究電池技術。雙方將成立聯合委員會，每年開會兩次。",
        "香港城市大學與清華大學簽署了諒解備忘錄。兩校學生將有機會到對方城市學習一個學期。",
    ],
}
ENDED = [
    (
        "City University of Hong Kong and Tsinghua University have terminated their memorandum of understanding on"
        " battery research. Neither side gave a reason for the decision."
    ),
    "香港城市大学与清华大学终止了谅解备忘录。双方均未说明原因。",
    "香港城市大學與清華大學終止了諒解備忘錄。雙方均未說明原因。",
]
ENDINGS = ["", "\n\nThe weather in the city was fine that day, and many residents took part in other events nearby."]


def articles():
    """Each text as it is, as an exact copy, and with a further paragraph: copies, near-duplicates and rewrites."""
    for texts in SIGNED.values():
        for text in texts:
            yield from (text, text, text + ENDINGS[1])


@pytest.fixture
def opened(store_url):
    """A store with the rules of the stages."""
    with open_store(store_url) as store:
        yield store


def test_an_agreement_that_thirty_articles_tell_of_is_told_once_and_once_more_at_its_end(opened, settings):
    run, numbers = opened.start_run("ingest"), count()

    def arrive(text, day):
        number = next(numbers)
        published = Moment(iso=day, precision=Precision.DAY)
        found = annotate_article(Article(text=text, title="Two universities", published=published))
        take(opened, run, page(f"{number}.txt", str(number)), found, source=FakeSource())

    told = FakeChannel()
    for number, text in enumerate(articles()):
        arrive(text, f"2026-03-{12 + number % 5}")
        send(opened, settings, told)
    for text in ENDED:
        arrive(text, "2026-09-01")
        send(opened, settings, told)
    assert next(numbers) == 30
    assert told.whys == [[Why.DETECTED], [Why.STATUS_CHANGED]]
    first, second = (notice.items[0] for notice in told.received)
    assert first.agreement.id == second.agreement.id
    assert (first.new_status, second.old_status, second.new_status) == (Status.SIGNED, Status.SIGNED, Status.ENDED)
