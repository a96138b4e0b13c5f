from __future__ import annotations

import gzip
import io
import sqlite3
import time
import unicodedata
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.decode import clean, decode, sniff
from ingest.decode.scripts import without_scripts

ENGLISH = (
    "The two universities said on Friday that they would “share laboratories” – and students – for five years. "
    "The café’s owner didn’t attend.\nA second paragraph follows, with a price of £20 and nothing else of note."
)
SIMPLIFIED = (
    "两所大学周五在深圳签署合作协议，将共建生物医药联合实验室。双方表示，未来五年会互派研究人员。\n"
    "市政府有关负责人说，这项合作有助于吸引海外人才。"
)
TRADITIONAL = (
    "兩所大學星期五在香港簽署合作備忘錄，將共同成立金融科技研究中心。雙方表示，未來五年會互派研究人員。\n"
    "政府發言人說，這項合作有助吸引海外人才。"
)
JAPANESE = (
    "両大学は金曜日に協定を結び、東京に共同の研究所をつくると発表した。\n今後の五年間、研究者を互いに送るという。"
)
KOREAN = (
    "두 대학은 금요일에 협약을 맺고 서울에 공동 연구소를 세우기로 했다고 밝혔다.\n"
    "앞으로 오 년 동안 연구원을 서로 보낸다."
)
RUSSIAN = "Два университета подписали в пятницу соглашение о сотрудничестве.\nВ Москве откроется общая лаборатория."

WRITTEN = [
    (ENGLISH, "utf-8"),
    (ENGLISH, "cp1252"),
    (ENGLISH, "utf-16-le"),
    (ENGLISH, "utf-32-be"),
    (SIMPLIFIED, "utf-8"),
    (SIMPLIFIED, "gb18030"),
    (SIMPLIFIED, "utf-16-le"),
    (SIMPLIFIED, "utf-16-be"),
    (TRADITIONAL, "utf-8"),
    (TRADITIONAL, "big5"),
    (TRADITIONAL, "gb18030"),
    (TRADITIONAL, "utf-16-be"),
    (JAPANESE, "cp932"),
    (JAPANESE, "euc_jp"),
    (JAPANESE, "iso2022_jp"),
    (KOREAN, "cp949"),
    (RUSSIAN, "cp1251"),
    (RUSSIAN, "koi8-r"),
]
NAMED = [pytest.param(text, encoding, id=f"{text.split()[0][:6]}-{encoding}") for text, encoding in WRITTEN]

# Kana stand at the same place in EUC-JP and GB2312, so a short text that claims GB2312 is believed.
DISTINCT = [pair for pair in NAMED if pair.values[1] != "euc_jp"]


@pytest.mark.parametrize(("text", "encoding"), NAMED)
def test_a_text_without_a_label_is_read_by_its_own_evidence(text, encoding):
    assert decode(text.encode(encoding), charset=None, html=False) == text


@pytest.mark.parametrize(("text", "encoding"), NAMED)
def test_a_text_that_is_labelled_right_is_read(text, encoding):
    assert decode(text.encode(encoding), charset=encoding, html=False) == text


@pytest.mark.parametrize("label", ["utf-8", "iso-8859-1", "gb2312", "big5", "windows-1251", "no-such-encoding"])
@pytest.mark.parametrize(("text", "encoding"), DISTINCT)
def test_a_wrong_label_does_not_garble_a_text(text, encoding, label):
    assert decode(text.encode(encoding), charset=label, html=False) == text


@pytest.mark.parametrize("label", ["utf-8", "iso-8859-1", "gb2312", "big5"])
@pytest.mark.parametrize(("text", "encoding"), DISTINCT)
def test_a_page_is_read_whatever_its_meta_tag_says(text, encoding, label):
    page = f'<html><head><meta charset="{label}"><title>x</title></head><body><p>{text}</p></body></html>'
    assert decode(page.encode(encoding), charset=None, html=True) == page


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("你好", "gb18030"),
        ("合作协议", "gb18030"),
        ("深圳大学", "gbk"),
        ("合作備忘錄", "big5"),
        ("香港大學", "big5"),
        ("A股：上证指数", "gb18030"),
        ("It’s", "cp1252"),
        ("naïve café", "cp1252"),
        ("Москва", "cp1251"),
    ],
)
def test_a_few_characters_are_enough(text, encoding):
    assert decode(text.encode(encoding), charset=None, html=False) == text


@pytest.mark.parametrize(
    ("declaration", "text", "encoding"),
    [
        (
            '<meta http-equiv="Content-Type" content="text/html; charset=windows-1250">',
            "Důležitou roli má",
            "cp1250",
        ),
        ("<meta charset=iso-8859-9>", "Bilişim ve yedi farklı üniversite", "cp1254"),
        ('<?xml version="1.0" encoding="iso-8859-2"?>', "Uniwersytet podpisał umowę o współpracy", "iso8859-2"),
    ],
)
def test_a_label_decides_between_encodings_of_one_alphabet(declaration, text, encoding):
    page = f"{declaration}<p>{text}</p>"
    assert decode(page.encode(encoding), charset=None, html=True) == page


def test_a_meta_tag_that_claims_utf_16_but_can_be_read_as_ascii_is_not_believed():
    page = f'<meta charset="utf-16"><p>{SIMPLIFIED}</p>'
    assert decode(page.encode("gb18030"), charset="utf-16", html=True) == page


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_a_byte_order_mark_wins_over_every_label_and_leaves_the_text(encoding):
    assert decode(SIMPLIFIED.encode(encoding), charset="big5", html=False) == SIMPLIFIED


def test_one_damaged_character_does_not_cost_the_encoding():
    content = SIMPLIFIED.encode().replace("深圳".encode(), b"\xe6\xb7", 1)
    text = decode(content, charset="gbk", html=False)
    assert text is not None
    assert text == SIMPLIFIED.replace("深圳", "\ufffd")


def test_a_page_that_was_cut_in_the_middle_of_a_character_is_still_utf_8():
    assert decode(TRADITIONAL.encode()[:-4], charset=None, html=False) == TRADITIONAL[:-2] + "\ufffd"


def test_hkscs_characters_are_read_as_big5():
    text = TRADITIONAL + "深水埗的大嶼山居民說，佢哋都嚟咗。"
    assert decode(text.encode("big5hkscs"), charset="big5", html=False) == text


@pytest.mark.parametrize("seed", range(8))
def test_noise_is_undecodable(seed):
    noise = gzip.compress(bytes((seed * 31 + i * i * 7) % 251 for i in range(5000)), mtime=0)[20:]
    assert decode(noise, charset="utf-8", html=True) is None
    assert sniff(noise) == "binary data"


@given(st.binary(max_size=400), st.sampled_from([None, "utf-8", "gbk", "utf-16", "\0", "idna", "utf-7"]), st.booleans())
@settings(deadline=None)
def test_arbitrary_bytes_never_raise_and_what_comes_out_is_clean(content, charset, html):
    sniff(content)
    text = decode(content, charset=charset, html=html)
    if text is not None:
        _assert_clean(text)


@given(st.text(max_size=200))
@settings(deadline=None)
def test_a_text_in_utf_8_with_a_mark_comes_back_as_it_was_but_clean(text):
    content = b"\xef\xbb\xbf" + text.encode("utf-8", "ignore")
    assert decode(content, charset=None, html=False) == clean(content[3:].decode())


_HANZI = st.text(st.sampled_from(SIMPLIFIED + TRADITIONAL), min_size=12, max_size=60)


@given(_HANZI, st.sampled_from(["gb18030", "utf-8", "utf-16-le", "utf-16-be"]))
@settings(deadline=None)
def test_chinese_in_any_of_its_encodings_comes_back(text, encoding):
    text = "，" + text.replace("\n", "") + "。合作大学\n"
    assert decode(text.encode(encoding), charset=encoding, html=False) == text


def _assert_clean(text):
    assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in text if character != "\n")
    assert not set(text) & set("\u200b\ufeff\u00ad\u2028\u2029\ufffe\uffff")
    assert unicodedata.is_normalized("NFC", text)
    text.encode()


@given(st.text(st.characters(), max_size=200))
@settings(deadline=None)
def test_cleaning_leaves_nothing_that_a_database_refuses_and_is_idempotent(text):
    cleaned = clean(text)
    _assert_clean(cleaned)
    assert clean(cleaned) == cleaned


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("a\r\nb\rc\u2028d\x85e", "a\nb\nc\nd\ne"),
        ("a\tb", "a b"),
        ("a\x00b\ud800c\x9fd", "abcd"),
        ("co\u00adop\u200ber\ufeffate", "cooperate"),
        ("cafe\u0301", "café"),
        ("ａｂ①㎡", "ａｂ①㎡"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_cleaning(given_text, expected):
    assert clean(given_text) == expected


def test_a_tower_of_combining_marks_is_cut_and_takes_no_time():
    started = time.process_time()
    cleaned = clean("a" + "\u0301\u0323" * 200_000)
    assert len(cleaned) < 40
    assert time.process_time() - started < 5


def _zipped(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def _database():
    with sqlite3.connect(":memory:") as connection:
        connection.execute("CREATE TABLE t (x)")
        content = connection.serialize()
    connection.close()
    return content


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG image"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG image"),
        (b"GIF89a\x01\x00", "GIF image"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "WebP image"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF document"),
        (b"{\\rtf1\\ansi Hello}", "RTF document"),
        (gzip.compress(b"text", mtime=0), "gzip archive"),
        (_zipped("a.txt"), "ZIP archive"),
        (_zipped("[Content_Types].xml", "word/document.xml"), "Word document"),
        (_zipped("[Content_Types].xml", "xl/workbook.xml"), "Excel workbook"),
        (b"\x7fELF\x02\x01\x01", "ELF program"),
        (b"ID3\x04\x00", "MP3 audio"),
        (b"\x00\x00\x00\x20ftypisom", "MP4 video"),
        (_database(), "SQLite database"),
        (bytes(range(256)) * 4, "binary data"),
        (b"\x00" * 100, "binary data"),
    ],
)
def test_a_binary_format_is_named(content, name):
    assert sniff(content) == name


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"BZh is how the note begins",
        b"Hello\x00World",
        b"RIFFs and solos of the year, a list of them",
        *(text.encode(encoding) for text, encoding in WRITTEN),
        ENGLISH.encode("utf-16"),
        (ENGLISH * 100).encode("utf-32"),
    ],
)
def test_text_is_not_taken_for_binary(content):
    assert sniff(content) is None


@pytest.mark.parametrize(
    "damage",
    [b"\xed\xa0\x80", b"\xed\xa0\xbd\xed\xb8\x80", b"\xe2\x80", b"\xff"],
    ids=["half a pair", "a pair", "cut", "a byte"],
)
def test_one_damaged_place_leaves_a_short_utf_8_text_in_utf_8(damage: bytes) -> None:
    said = "The “first” deal — signed in São Paulo — is worth €5m, said Zoë"
    text = decode(said.encode() + b" and " + damage + b" others.", charset=None, html=False)
    assert text is not None
    assert text.replace("\ufffd", "") == said + " and  others."


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("\x1b[1;31mRed\x1b[0m roses", "Red roses"),
        ("\x1b[2Kdone\x1b[?25h", "done"),
        ("\x9b31mblue\x9b0m", "blue"),
        ("\x1b]0;a title\x07text", "text"),
        ("\x1b]8;;https://example.com\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9d0;a title\x9ctext", "text"),
        ("\x1b(Bplain", "plain"),
        ("a [31m that no escape leads", "a [31m that no escape leads"),
        ("\x9bHello", "Hello"),
        ("\x1b]no end\nnext line", "]no end\nnext line"),
    ],
)
def test_an_escape_sequence_of_a_terminal_goes_as_a_whole(given: str, kept: str) -> None:
    assert clean(given) == kept


@given(st.text(alphabet="\x1b\x9b\x9d\x9c\x07[]();\\0m A\n\x00\u200b"))
def test_cleaning_escape_sequences_twice_changes_nothing_further(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("source", "left"),
    [
        ("<p>a<script>var b = '<p>c</p>';</script>d</p>", "<p>ad</p>"),
        ("<style media='all'>p { }</style ><p>a</p><script src=x></script>", "<p>a</p>"),
        ('<script type="application/ld+json">{}</script><p>a', '<script type="application/ld+json">{}</script><p>a'),
        ("<!-- <script> --><p>a</p><script>b</script>c", "<!-- <script> --><p>a</p>c"),
        ("<!-- one --><script>b</script><!-- two -->", "<!-- one --><!-- two -->"),
        ("<img alt='<script>'><p>a</p><script>b</script>", "<img alt='<script>'><p>a</p>"),
        ('<img alt="how <script works"><p>a</p><script>b</script>', '<img alt="how <script works"><p>a</p>'),
        ("<scripture>a</scripture><script>b</script>", "<scripture>a</scripture>"),
        ("<p>a</p><script>never closed", "<p>a</p><script>never closed"),
        ("<p>a</p><!-- never closed <script>b</script>", "<p>a</p><!-- never closed <script>b</script>"),
    ],
)
def test_scripts_and_style_sheets_go_and_what_only_looks_like_one_stays(source, left):
    assert without_scripts(source) == left


@given(st.lists(st.sampled_from(["<script>", "</script>", "<style>", "</style>", "<!--", "-->", "<p>", "text ", '"'])))
def test_nothing_before_the_first_script_or_style_sheet_is_lost(pieces):
    source = "".join(pieces)
    left = without_scripts(source)
    first = min((at for tag in ("<script>", "<style>") if (at := source.find(tag)) >= 0), default=len(source))
    assert left[:first] == source[:first]
    assert len(left) <= len(source)
