"""Duplicates: copies of a story are found whatever an outlet did to them; templates and boilerplate make none."""

import random

import opencc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.deduplicate import fingerprint, is_near_duplicate, similarity
from ingest.script import fold

STORY = """
The harbour ferry will stop running at night from October, the transport board said on Tuesday,
because too few passengers use it after ten o'clock to pay for its crew.

Board member Ana Silva said that 41 people took the last boat on an average weekday, against 260 ten
years ago. "We have tried cheaper tickets and a later bus," she said. "Neither brought them back."

Residents of the eastern shore, who would have to drive 19 kilometres around the bay, collected
3,000 signatures against the plan. Their spokesman, Piet Molenaar, called it a poor trade for a
saving of half a million a year.

The board will review its decision in spring. Until then a taxi may be ordered at the pier for the
price of a ferry ticket, it said, provided that at least three people share it.
"""

OTHER_ON_THE_EVENT = """
Opponents of cuts to the harbour ferry handed over a petition at the town hall yesterday. About
fifty people walked from the pier with lanterns and a brass band.

"My daughter works nights at the hospital," said Rosa Lindt, who has lived on the eastern shore for
thirty years. "What is she supposed to do, swim?" The mayor listened for half an hour and promised
to write to the transport board. A councillor proposed that the town should buy a smaller boat. Its
captain could be hired by the hour, he said, like a plumber.
"""

ABOUT = """
About Lakeside Instruments

Lakeside Instruments is a leading maker of measuring devices for laboratories, dairies and
waterworks. Founded in 1961 in a garage by two brothers, the company employs 4,200 people in eleven
countries and serves more than 30,000 customers. Its balances, meters and probes are known for their
precision, and its service engineers answer the telephone at any hour. Lakeside Instruments is
committed to the environment, and has halved its use of water since 2015.

Forward-looking statements

This release contains statements about the future that involve risks and uncertainties. Actual
results may differ from those expressed or implied. Factors include the state of the economy, prices
of raw materials, the outcome of legal proceedings, changes of regulation, and the loss of important
staff. The company does not undertake to update statements.

Contact: press office of Lakeside Instruments, telephone and address on the website of the company,
weekdays from nine.
"""

RELEASE_A = """
Lakeside Instruments has opened a second plant for milk meters in the north of the country. The hall
of 6,000 square metres cost 14 million, and 90 fitters will work in it in two shifts from January,
the company said today.
"""

RELEASE_B = """
Shareholders of Lakeside Instruments elected Hanna Berg to the supervisory board at their meeting
this morning. She follows Otto Lang, who leaves at his own wish after twelve years, and will look
after research and patents.
"""


NOTE_A = """
Lakeside Instruments named Hanna Berg to its board on Monday, to look after research and patents for some years.

"""

NOTE_B = """
Milk meters worth nine million have been ordered from Lakeside Instruments by the dairies of four northern towns.

"""


def proposed(a, b):
    return bool(set(fingerprint(a).bands) & set(fingerprint(b).bands))


def corrected(text):
    return "CORRECTED: " + text.replace("260", "206").replace("Ana Silva", "Anna Silva")


COPIES = [
    ("resent", STORY + "\n"),
    ("corrected", corrected(STORY)),
    ("shortened", STORY[: STORY.index("Residents")]),
    ("expanded", STORY + "\n" + OTHER_ON_THE_EVENT[:300]),
    ("with a dateline", "EASTPORT, Sept 3 (Wire) - " + STORY),
    ("with other headings", "Ferry cut\n\nBy Our Reporter\n\n" + STORY + "\nRead more in our Sunday edition."),
    ("with a caption above", "A ferry leaves the pier at dusk in this file photograph by Jo Marsh.\n\n" + STORY),
    ("with Markdown", STORY.replace("Ana Silva", "[Ana Silva](https://example.org/a)").replace("spring", "**spring**")),
    ("lightly edited", STORY.replace("poor trade", "bad bargain").replace("said on Tuesday", "announced Tuesday")),
]  # fmt: skip


@pytest.mark.parametrize("copy", [text for _, text in COPIES], ids=[name for name, _ in COPIES])
def test_a_copy_is_proposed_and_decided_to_be_one_story(copy):
    assert proposed(STORY, copy)
    found = is_near_duplicate(STORY, copy)
    assert found is not None
    assert 0.76 <= found <= 1
    assert found == similarity(STORY, copy)


OTHERS = [
    ("another story on the event", STORY, OTHER_ON_THE_EVENT),
    ("releases that share what stands below", RELEASE_A + ABOUT, RELEASE_B + ABOUT),
    ("notes of one sentence above a template", NOTE_A + ABOUT, NOTE_B + ABOUT),
    ("a brief and the round-up that quotes it", RELEASE_A, RELEASE_A + STORY + OTHER_ON_THE_EVENT),
    ("short texts", "Markets closed for the holiday.", "Markets closed for the holiday today."),
    ("nothing and something", "", STORY),
]


@pytest.mark.parametrize(("a", "b"), [(a, b) for _, a, b in OTHERS], ids=[name for name, _, _ in OTHERS])
def test_boilerplate_quotation_and_a_shared_event_make_no_duplicate(a, b):
    assert is_near_duplicate(a, b) is None
    assert is_near_duplicate(b, a) is None


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("The  Ferry\nstops.", "the ferry stops"),
        ("“Ferry” — ＡＢＣ１２３", '"ferry" - abc123'),
        ("Fe\u00adrry\u200b stops", "Ferry stops"),
        ("渡輪服務將於十月停止", "渡轮服务将于十月停止。"),
        ("Ferry https://example.org/a stops", "Ferry stops"),
    ],
    ids=["case and space", "width and quotes", "unseen characters", "both scripts", "address"],
)
def test_what_readers_do_not_notice_does_not_change_the_digest(a, b):
    assert fingerprint(a) == fingerprint(b)
    assert is_near_duplicate(a, b) == 1


def test_chinese_copies_are_found_across_scripts_and_edits():
    story = (
        "运输署星期二宣布,由十月起,港内渡轮晚间停航,因为十时以后乘客太少,收入不足以支付船员薪金。"
        "署方发言人说,平日末班船平均只有四十一名乘客,十年前则有二百六十人。"
        "东岸居民要绕过海湾驾车十九公里,已收集三千个签名反对计划,并要求署方保留周末班次。"
    )
    copy = opencc.OpenCC("s2hk").convert(story).replace("星期二宣布", "昨日公布")
    other = "东岸居民昨日到市政厅递交请愿信,约五十人提着灯笼由码头出发,市长答应致函运输署,议员建议购买一艘较小的船。"
    assert proposed(story, copy)
    assert is_near_duplicate(story, copy) is not None
    assert is_near_duplicate(story, other) is None
    assert not proposed(story, other)


def test_bands_are_signed_64_bit_distinct_and_few():
    bands = fingerprint(STORY).bands
    assert len(bands) == len(set(bands)) == 20
    assert all(-(2**63) <= band < 2**63 for band in bands)
    assert any(band < 0 for band in bands)


def test_templates_meet_in_no_band_of_the_opening():
    a, b = fingerprint(RELEASE_A * 2 + ABOUT).bands[:12], fingerprint(RELEASE_B * 2 + ABOUT).bands[:12]
    assert not set(a) & set(b)


def test_strangers_are_not_proposed():
    words = [f"word{i}" for i in range(3000)]
    chance = random.Random(7)  # noqa: S311 - repeatable words, no secret
    texts = [" ".join(chance.choices(words, k=200)) for _ in range(60)]
    keys = [band for text in texts for band in fingerprint(text).bands]
    assert len(keys) == len(set(keys))


def test_a_text_without_words_has_a_digest_and_no_bands():
    empty, dots = fingerprint(""), fingerprint("… !")
    assert empty.bands == dots.bands == ()
    assert empty.text_sha256 != dots.text_sha256
    assert is_near_duplicate("…", "!") is None
    assert is_near_duplicate("…", "…") == 1


def test_fingerprints_have_not_drifted():
    """Stored band keys meet only fingerprints of the same scheme: who changes these values raises the scheme."""
    found = fingerprint(STORY)
    assert found.scheme == GOLDEN_SCHEME
    assert found.text_sha256 == GOLDEN_DIGEST
    assert (found.bands[0], found.bands[12]) == GOLDEN_BANDS


GOLDEN_SCHEME = 1002
GOLDEN_DIGEST = "71709f5a61038d59d57b353f7ab470d74c7d5e37239914f1ad4a56ebea860588"
GOLDEN_BANDS = (-1202633411413782375, -5180638472927757040)


@given(st.text(max_size=120), st.text(max_size=120))
@settings(deadline=None, max_examples=150)
def test_comparison_is_symmetrical_and_bounded(a, b):
    assert similarity(a, b) == similarity(b, a)
    assert 0 <= similarity(a, b) <= 1
    assert is_near_duplicate(a, b) == is_near_duplicate(b, a)
    assert is_near_duplicate(a, a) == 1
    assert fingerprint(a) == fingerprint(a)


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=150)
def test_folding_keeps_length_and_is_settled_at_once(text):
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)
