"""Language detection: scripts first, langdetect where it is good, `und` where nobody could tell."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.language import LANGUAGES, detect

ENGLISH = (
    "The museum said that its new wing will open to the public in spring, and that entry has been made free for pupils "
    "who live in the district. Most of the works were given by two families."
)
PORTUGUESE = (
    "A câmara municipal anunciou que as obras da ponte vão começar em setembro e que o trânsito será desviado para a "
    "avenida marginal durante pelo menos seis meses, segundo o vereador responsável."
)
SIMPLIFIED = "市政府周二宣布,新的图书馆将于明年开放,并为学生提供免费借阅服务。"
TRADITIONAL = "市政府週二宣布,新的圖書館將於明年開放,並為學生提供免費借閱服務。"

TABLE = [
    (ENGLISH, "en"),
    ("The bridge will be closed on Monday.", "en"),
    (SIMPLIFIED, "zh-Hans"),
    (TRADITIONAL, "zh-Hant"),
    ("皇后大道的舊書店將會搬遷", "zh-Hant"),
    ("皇后大道的旧书店将会搬迁", "zh-Hans"),
    ("市役所は火曜日、新しい図書館を来年開くと発表した。", "ja"),
    ("도서관은 내년 봄에 문을 열 예정이라고 시청이 밝혔다.", "ko"),
    ("ห้องสมุดแห่งใหม่จะเปิดในปีหน้า", "th"),
    ("ستفتح المكتبة الجديدة أبوابها في العام المقبل", "ar"),
    ("کتابخانه جدید سال آینده گشایش می‌یابد و ورود رایگان است", "fa"),
    ("הספרייה החדשה תיפתח בשנה הבאה", "he"),
    ("Η νέα βιβλιοθήκη θα ανοίξει του χρόνου", "el"),
    ("ახალი ბიბლიოთეკა მომავალ წელს გაიხსნება", "ka"),
    ("Նոր գրադարանը կբացվի հաջորդ տարի", "hy"),
    ("नया पुस्तकालय अगले साल खुलेगा और प्रवेश निःशुल्क होगा", "hi"),
    ("Нова бібліотека відкриється наступного року, і вхід буде вільним", "uk"),
    ("Новая библиотека откроется в следующем году, и вход будет бесплатным", "ru"),
    ("Die neue Bibliothek wird im nächsten Jahr eröffnet, der Eintritt bleibt frei.", "de"),
    ("La nouvelle bibliothèque ouvrira l'année prochaine et l'entrée restera gratuite.", "fr"),
    ("La nueva biblioteca abrirá el año que viene y la entrada será gratuita.", "es"),
    (PORTUGUESE, "pt"),
    ("Thư viện mới sẽ mở cửa vào năm tới và vào cửa miễn phí.", "vi"),
]


@pytest.mark.parametrize(("text", "tag"), TABLE, ids=[f"{tag}-{i}" for i, (_, tag) in enumerate(TABLE)])
def test_a_sentence_gets_its_language(text, tag):
    found = detect(text)
    assert found.tag == tag
    assert 0.5 <= found.confidence <= 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  \n ",
        "OK",
        "12:30 45% 1,200.00",
        "https://example.org/the/way/of/the/world",
        "c2l4dHkgZm91ciBiaXRzIG9mIG5vdGhpbmcgdG8gcmVhZCBoZXJl" * 5,
        "xkcd qwrtz plmnb vcxz hjkl sdfgh rtzp bnmk",
        "🙂🙂🙂",
    ],
    ids=["empty", "blank", "a word", "figures", "address", "encoded file", "keyboard", "emoji"],
)
def test_too_little_or_no_natural_language_is_undetermined(text):
    assert detect(text).tag == "und"
    assert detect(text).confidence == 0


def test_chinese_without_a_telling_character_is_uncertain_and_never_korean():
    found = detect("人人生而自由")
    assert found.tag == "zh-Hans"
    assert found.confidence <= 0.5
    assert detect("「人人生而自由」").tag == "zh-Hant"


def test_chinese_with_english_names_stays_chinese():
    text = TRADITIONAL + "參與機構包括 Riverside Institute of Technology 及 Harbour Museum Trust。"
    assert detect(text).tag == "zh-Hant"


def test_a_japanese_brand_does_not_make_chinese_japanese():
    assert detect(SIMPLIFIED * 3 + "店内出售“の”字商标的糖果。").tag == "zh-Hans"


@pytest.mark.parametrize(
    ("text", "main", "other"),
    [
        (f"{ENGLISH}\n\n{TRADITIONAL}", "en", "zh-Hant"),
        (f"{TRADITIONAL * 4}\n\n{ENGLISH}", "zh-Hant", "en"),
        (f"{SIMPLIFIED * 3}\n{TRADITIONAL}", "zh-Hans", "zh-Hant"),
        (f"{ENGLISH}\n\n{ENGLISH}\n\n{PORTUGUESE}", "en", "pt"),
    ],
    ids=["english first", "chinese first", "both scripts", "both latin"],
)
def test_a_mixed_text_names_its_main_language_and_the_other_with_its_share(text, main, other):
    found = detect(text)
    assert found.tag == main
    assert [share.tag for share in found.others] == [other]
    assert 0.1 <= found.others[0].share < 0.5
    assert found.confidence < 0.95


def test_a_passing_foreign_name_is_no_second_language():
    assert detect(ENGLISH * 4 + " It is called 藝術館.").others == ()


def test_the_same_text_always_gets_the_same_answer():
    short = "Calle Mayor 4, bajo izquierda"
    assert len({detect(short) for _ in range(20)}) == 1


def test_the_cost_of_a_long_text_is_bounded_by_sampling_all_of_it():
    found = detect(ENGLISH * 400 + "\n\n" + SIMPLIFIED * 1500)
    assert {found.tag, *(share.tag for share in found.others)} == {"en", "zh-Hans"}


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=150)
def test_any_text_gets_an_answer_whose_shares_make_sense(text):
    found = detect(text)
    assert {found.tag, *(share.tag for share in found.others)} <= LANGUAGES
    assert 0 <= found.confidence <= 1
    assert sum(share.share for share in found.others) <= 1
    assert found.tag not in {share.tag for share in found.others}
