"""How much a decoded text looks like something that a person wrote.

Bytes in the wrong encoding seldom fail to decode: they become text that nobody writes. Rare ideographs in place of
frequent ones, alphabets mixed in one word, capitals inside words, a lone ideograph between Latin letters.
`plausibility` weighs each character beyond ASCII by that and takes the mean. It tells the encodings of one script apart
by the codecs themselves: GB2312, Big5 and KS X 1001 put what is frequent in a block of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

__all__ = ["plausibility"]

# The most frequent characters of modern written Chinese in both scripts, more than half of any running text.
_FREQUENT_HANZI = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得"
    "经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平"
    "形相全表间样与关各重新线内数正心反你明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程"
    "展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农指几九区强放决西被干做必战"
    "先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教"
    "速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界拉林律叫且究观"
    "越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精值号率族"
    "维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严香港创投融企签署协项"
    "疫药医园银行伙伴"
    "這為個國時來們於對會發動過說產種後學經進電裏現實兩體機當點從業應開還義間樣與關線內數麼質氣變條沒結問無軍並題黨員總設長頭資邊級圖"
    "統較將組見計別論運農幾區強決幹戰則據處隊給門規熱領東導壓爭濟階術極聯認權證採轉單風帶場車務萬達積議聲報鬥類離華確張馬節話況傳許羣"
    "廣記觀織裝眾書覆兒須際驗連斷難礦備辦習響約勞團歷構稱準號維劃選標寫親養層卻專狀廠識適屬圓調滿縣參紅細聽該鐵價嚴創簽協藥醫園銀夥裡"
    "著台臺"
)
# The most frequent syllables of written Korean.
_FREQUENT_HANGUL = frozenset(
    "이다는에의을를가고하은한지로사도기서대자인정시일어리해나라보제들그수과부있으원장것아연전주스만여상구안게면국동위등적선공신관년경마성조"
    "비개중실계입모우문오세생간소분할드치용방업트학회발무산유물니했되단데당거미체운명합결현행통금반남교터더진민월령차화재없영각청출러식임력"
    "율표크레르카토타파호후않습때말내권려및"
)
_ASIAN_PUNCTUATION = frozenset("。，、；：？！“”‘’（）《》〈〉「」『』【】〔〕…—－·・～％　")
_WESTERN_PUNCTUATION = frozenset("‘’‚“”„–—…•·«»‹›£€©®™°§×½¼¾²³¿¡ºª\u00a0\u2011→")
_ASIAN = (
    "\u3041-\u30ff\u3105-\u312f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_ASIAN_LETTER = re.compile(f"[{_ASIAN}]")
_TOKEN = re.compile(
    f"(?P<asian>[{_ASIAN}]+)"
    rf"|(?P<word>(?![{_ASIAN}])[^\W\d_\x00-\x7f](?:(?![{_ASIAN}])[^\W\d_]){{0,40}})"
    r"|(?P<symbol>[^\x00-\x7f])"
)
# First and last code point of the alphabets that somebody might have written in, and their names.
_ALPHABETS = (
    (0x00C0, 0x024F, "Latin"),
    (0x0370, 0x03FF, "Greek"),
    (0x0400, 0x052F, "Cyrillic"),
    (0x0530, 0x058F, "Armenian"),
    (0x05D0, 0x05FF, "Hebrew"),
    (0x0620, 0x077F, "Arabic"),
    (0x0900, 0x0DFF, "Indic"),
    (0x0E00, 0x0EFF, "Thai"),
    (0x10A0, 0x10FF, "Georgian"),
    (0x1E00, 0x1EFF, "Latin"),
    (0x1F00, 0x1FFF, "Greek"),
)
_ONE_LETTER_WORDS = frozenset("авикосуяіжАВИКОСУЯІЖàéóèêìòÀÉÓÈ")
_SAMPLE = 2_000
_LOOK_BACK = 20

_NONSENSE = -4.0
_ODD = -0.8
_GOOD = 0.7


def plausibility(text: str) -> float:
    """Weigh the characters of `text` beyond ASCII.

    Args:
        text: A candidate reading; U+FFFD stands for bytes that the encoding does not have.

    Returns:
        The mean weight: about 0.7 for natural text, below 0 for most misreadings, down to -4 where nothing could be
        read; 1.0 if there are only ASCII characters. Looks at the first 2,000 characters beyond ASCII.
    """
    total, seen = 0.0, 0
    for weight in islice(_weights(text), _SAMPLE):
        total += weight
        seen += 1
    return total / seen if seen else 1.0


def _weights(text: str) -> Iterator[float]:
    for token in _TOKEN.finditer(text):
        before = text[token.start() - 1] if token.start() else " "
        after = text[token.end()] if token.end() < len(text) else " "
        found = token[0]
        if token.lastgroup == "word":
            # A word of an alphabet that touches an ideograph is a piece of something misread.
            touching = _ASIAN_LETTER.match(before) or _ASIAN_LETTER.match(after)
            weight = _ODD if touching else _word_weight(_ascii_letters_before(text, token.start()) + found)
            yield from (weight for letter in found if letter > "\x7f")
        elif token.lastgroup == "symbol":
            yield _symbol_weight(found, before, after)
        elif len(found) == 1 and (_is_ascii_letter(before) or _is_ascii_letter(after)):
            yield -1.0  # an ideograph alone inside a Latin word: an accented letter and its neighbour, misread
        else:
            yield from map(_asian_weight, found)


def _is_ascii_letter(character: str) -> bool:
    return character.isascii() and character.isalpha()


def _ascii_letters_before(text: str, end: int) -> str:
    start = end
    while start > max(0, end - _LOOK_BACK) and _is_ascii_letter(text[start - 1]):
        start -= 1
    return text[start:end]


def _word_weight(word: str) -> float:
    alphabets = {_alphabet(letter) for letter in word}
    if len(alphabets) > 1:
        return -1.0
    (alphabet,) = alphabets
    if alphabet == "":
        return _ODD
    if len(word) == 1:
        return _GOOD if word in _ONE_LETTER_WORDS else 0.1
    if not (word.lower() == word.upper() or word.islower() or word.istitle() or word.isupper()):
        return _ODD
    accented = sum(letter > "\x7f" for letter in word)
    if alphabet == "Latin" and accented > 0.6 * len(word):
        return _ODD
    return 0.3 if word.isupper() and len(word) > 3 else _GOOD


def _alphabet(letter: str) -> str:
    if letter <= "\x7f":
        return "Latin"
    point = ord(letter)
    return next((name for first, last, name in _ALPHABETS if first <= point <= last), "")


def _symbol_weight(symbol: str, before: str, after: str) -> float:
    if symbol in _ASIAN_PUNCTUATION and (before > "\u2fff" or after > "\u2fff"):
        return _GOOD
    if symbol in _WESTERN_PUNCTUATION:
        # Beside a further character beyond ASCII it is likelier a byte of that character: 'â€œ'.
        crowded = any("\x7f" < near < "\u3000" and near not in _WESTERN_PUNCTUATION for near in (before, after))
        return -0.5 if crowded else 0.5
    category = unicodedata.category(symbol)
    if category in {"Cc", "Cn", "Co", "Cs"} or symbol == "\ufffd":
        return _NONSENSE
    if category.startswith("M"):
        return 0.4 if _alphabet(before) or _alphabet(after) else _ODD
    if "\uff01" <= symbol <= "\uff5e" or "\u3000" <= symbol <= "\u303f":
        return 0.3
    return -0.4


@lru_cache(maxsize=20_000)
def _asian_weight(character: str) -> float:
    if character in _FREQUENT_HANZI or character in _FREQUENT_HANGUL:
        return 1.0
    if "\u3041" <= character <= "\u309f":
        return 0.8
    if "\u30a0" <= character <= "\u30ff":
        return 0.5
    if "\uac00" <= character <= "\ud7a3":
        return 0.2 if _leads(character, "euc_kr", 0xB0, 0xC8) else _ODD
    if "\u4e00" <= character <= "\u9fff":
        # The first level of GB2312 and of Big5 is what their makers found in frequent use.
        everyday = _leads(character, "gb2312", 0xB0, 0xD7) or _leads(character, "big5", 0xA4, 0xC6)
        return 0.3 if everyday else -0.5
    return -0.7  # half-width kana, bopomofo, compatibility and extension ideographs: rare, but what misreadings give


def _leads(character: str, encoding: str, first: int, last: int) -> bool:
    try:
        return first <= character.encode(encoding)[0] <= last
    except UnicodeEncodeError:
        return False
