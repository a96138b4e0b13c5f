"""text → language tag, confidence, and the other languages of a mixed text.

Evidence in the order of its cost and certainty:

    letters by Unicode script      most scripts stand for one language
    characters of one script form  Simplified against Traditional Chinese, Japanese against Chinese,
                                   Ukrainian against Russian, Persian against Arabic
    function words                 long English passages, which are most of what arrives
    langdetect, seeded             what is left: languages in Latin, Cyrillic, Arabic and Devanagari letters,
                                   each judged only among the languages that are written so

langdetect costs milliseconds and grows with its input, so it is given a few passages of bounded length.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.documents import Language, Share

if TYPE_CHECKING:
    from langdetect.detector_factory import DetectorFactory
    from opencc import OpenCC

__all__ = ["LANGUAGES", "UNDETERMINED", "detect"]

UNDETERMINED = "und"

# Scripts that one language of the news stands for.
_SOLE = {
    "THAI": "th",
    "HEBREW": "he",
    "GREEK": "el",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
    "BENGALI": "bn",
    "TAMIL": "ta",
    "TELUGU": "te",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "ORIYA": "or",
    "SINHALA": "si",
    "KHMER": "km",
    "LAO": "lo",
    "MYANMAR": "my",
    "TIBETAN": "bo",
    "ETHIOPIC": "am",
    "THAANA": "dv",
    "HANGUL": "ko",
}

# langdetect's profiles by script: judging Russian against Welsh helps nobody.
_PROFILES = {
    "LATIN": "af ca cs cy da de en es et fi fr hr hu id it lt lv nl no pl pt ro sk sl so sq sv sw tl tr vi",
    "CYRILLIC": "bg mk ru uk",
    "ARABIC": "ar fa ur",
    "DEVANAGARI": "hi mr ne",
}
LANGUAGES = frozenset(
    {"ja", "zh-Hans", "zh-Hant", UNDETERMINED, *_SOLE.values(), *" ".join(_PROFILES.values()).split()}
)
"""Every tag that `detect` gives."""

# Short passages lean to the language that publishes more. Ten to one is less than one common word weighs.
_SELDOM = frozenset(["af", "ca", "cy", "hr", "lt", "lv", "mk", "sk", "sl", "so", "sq", "sw", "tl", "et"])
_SELDOM_WEIGHT = 0.1

# Letters that settle a language within its script, as far as news goes: (tag, letters that only it has).
_DECISIVE = {
    "CYRILLIC": (
        ("kk", "әғқңөұүһӘҒҚҢӨҰҮҺ"),
        ("be", "ўЎ"),
        ("uk", "іїєґІЇЄҐ"),
        ("sr", "ђћЂЋ"),
        ("mk", "ѓќѕЃЌЅ"),
        ("ru", "ыэёЫЭЁ"),
    ),
    "ARABIC": (("ur", "ٹڈڑںےہھ"), ("fa", "پچژگکی"), ("ar", "ةىيكإ")),
}

# A Han character says about as much as three Latin letters, a kana or hangul syllable as two, so that Chinese with
# English names in it is Chinese.
_WEIGHTS = {"CJK": 3, "HIRAGANA": 2, "KATAKANA": 2, "HANGUL": 2}

# Among the Han and kana of Japanese prose about half are kana; a Chinese text that quotes a brand has a few per cent.
_KANA_SHARE = 0.1
_KANA_SHARE_BESIDE_SHINJITAI = 0.03

_LEAST_WEIGHT = 10  # of letters, below which nothing is said
_LEAST_OTHER = 0.1  # share from which a further language is named
_LEAST_PROBABILITY = 0.5

_PASSAGE = 300  # characters of a passage given to langdetect
_PASSAGES = 4
_LEAST_PASSAGE = 150  # shorter paragraphs are read together with the next
_TRIALS = 3  # langdetect's default of seven changes no answer at these lengths
_SAMPLE = 40_000  # characters that are looked at

# Words that stand for English when they are frequent; those that neighbours share ('in', 'is', 'for') are left out.
_ENGLISH = frozenset(
    "the and of that with was were from this which have has by will are said its their been not would after about "  # noqa: SIM905 - not one word a line
    "because before could did does how into should some than them there they what when where who you your".split()
)
_ENGLISH_SHARE = 0.1
_ENGLISH_WORDS = 12  # of a passage, below which langdetect decides

# A mail address begins where a word does: otherwise a long text without spaces takes quadratic time.
_NOISE_MARKS = ("http", "www.", "@", "#")
_NOISE = re.compile(r"\b(?:https?://|www\.)\S+|(?<![^\s@])[^\s@]++@[^\s@.]++\.\S+|[@#]\w+")
_LONGEST_WORD = 40  # a longer run of letters is a key or an encoded file
_WORD = re.compile(rf"(?<!\d)\b[^\W\d_]{{1,{_LONGEST_WORD}}}\b(?![\d_])")
_RUN = re.compile(r"\w+", re.ASCII)
_VOWEL = re.compile("[aeiouyàâäáãåæèéêëěęėìíîïıòóôöõøœùúûüůűýăơưạ-ỹ]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """A language that part of the text is written in: with what weight of letters, and how surely."""

    tag: str
    weight: float
    certainty: float


def detect(text: str) -> Language:
    """Tell the language of a text.

    Args:
        text: Any text; of a long one, evenly spread samples are read, so that the cost is bounded.

    Returns:
        A BCP 47 tag (Chinese with its script, `zh-Hans` or `zh-Hant`), how sure it is, and every further language that
        has at least a tenth of the letters, where a Han character counts as three. `und` where there is too little
        text, or none in a natural language. Malay comes out as `id`: so little text does not tell the two apart.
    """
    sample = _spread(text)
    if any(mark in sample for mark in _NOISE_MARKS):
        sample = _NOISE.sub(" ", sample)
    weights: Counter[str] = Counter()
    certainty: dict[str, float] = {}
    for verdict in _verdicts(sample):
        weights[verdict.tag] += verdict.weight  # type: ignore[assignment]  # a Counter of weights, not of occurrences
        certainty[verdict.tag] = max(certainty.get(verdict.tag, 0.0), verdict.certainty)
    total = weights.total()
    ranked = sorted(weights, key=lambda tag: (-weights[tag], tag))
    if total < _LEAST_WEIGHT or ranked[0] == UNDETERMINED:
        return Language(tag=UNDETERMINED, confidence=0.0)
    others = tuple(
        Share(tag=tag, share=round(weights[tag] / total, 3))
        for tag in ranked[1:]
        if tag != UNDETERMINED and weights[tag] >= _LEAST_OTHER * total
    )
    main = ranked[0]
    return Language(tag=main, confidence=round(certainty[main] * weights[main] / total, 3), others=others)


def _spread(text: str) -> str:
    """The text, or of a long one eight stretches from its start to its end."""
    if len(text) <= _SAMPLE:
        return text
    length, stride = _SAMPLE // 8, (len(text) - _SAMPLE // 8) // 7
    return "\n".join(text[at : at + length] for at in range(0, stride * 7 + 1, stride))


@cache
def _script(character: str) -> str:
    """First word of a letter's Unicode name, which is its script; empty for what is no letter."""
    if not character.isalpha():
        return ""
    words = unicodedata.name(character, "").split()
    return next((word for word in words if word not in ("FULLWIDTH", "HALFWIDTH", "MODIFIER")), "")


def _verdicts(sample: str) -> Iterator[_Verdict]:
    """What each script in the text says."""
    if {_script(character) for character in set(sample)} == {"", "LATIN"}:  # no letter need be counted
        yield from _judge_alphabet(sample, "LATIN")
        return
    scripts: dict[str, Counter[str]] = {}
    for character, number in Counter(sample).items():
        if script := _script(character):
            scripts.setdefault(script.partition("-")[0], Counter())[character] += number
    for script, letters in scripts.items():
        if script in _SOLE:
            yield _Verdict(_SOLE[script], _WEIGHTS.get(script, 1) * letters.total(), 1.0)
        elif script in _PROFILES:
            yield from _judge_alphabet(sample, script)
    yield from _judge_han(sample, scripts)


def _judge_han(sample: str, scripts: dict[str, Counter[str]]) -> Iterator[_Verdict]:
    """Chinese in its two scripts, and Japanese."""
    none: Counter[str] = Counter()
    han = scripts.get("CJK", none)
    kana = scripts.get("HIRAGANA", none).total() + scripts.get("KATAKANA", none).total()
    shinjitai = any(map(_is_japanese_form, han))
    needed = _KANA_SHARE_BESIDE_SHINJITAI if shinjitai else _KANA_SHARE
    if kana and kana >= needed * (kana + han.total()):
        chinese: Counter[str] = Counter()
        for line in sample.split("\n"):  # in Japanese prose a line of this length has kana
            letters = Counter(character for character in line if _script(character) == "CJK")
            if letters.total() >= 20 and not any(_script(c) in ("HIRAGANA", "KATAKANA") for c in line):
                chinese += letters
        japanese = han.total() - chinese.total()
        yield _Verdict("ja", _WEIGHTS["CJK"] * japanese + _WEIGHTS["HIRAGANA"] * kana, 1.0)
        han = chinese
    if han:
        yield from _judge_chinese(han, "「" in sample or "『" in sample)


def _judge_chinese(han: Counter[str], corner_quotes: bool) -> Iterator[_Verdict]:  # noqa: FBT001 - a private evidence
    """Simplified or Traditional, by the characters that only one of the two has."""
    forms: Counter[str] = Counter()
    for character, number in han.items():
        forms[_chinese_form(character)] += number
    simplified, traditional = forms["zh-Hans"], forms["zh-Hant"]
    weight = _WEIGHTS["CJK"] * han.total()
    evidence = simplified + traditional
    if not evidence:  # corner quotes are the custom of Taiwan and Hong Kong
        yield _Verdict("zh-Hant" if corner_quotes else "zh-Hans", weight, 0.5)
        return
    for tag, number in (("zh-Hans", simplified), ("zh-Hant", traditional)):
        if number:
            yield _Verdict(tag, weight * number / evidence, (number + 1) / (number + 2))


@cache
def _chinese_form(character: str) -> str:
    """`zh-Hans` or `zh-Hant` where the character exists in that script only, else empty.

    OpenCC knows the pairs, but it maps 后 or 里 to one of several counterparts although both scripts have them: what
    Big5 encodes is therefore never taken for Simplified.
    """
    if _opencc("t2s").convert(character) != character:
        return "zh-Hant"
    if _opencc("s2t").convert(character) != character and not _encodes(character, "big5"):
        return "zh-Hans"
    return ""


@cache
def _opencc(configuration: str) -> OpenCC:
    from opencc import OpenCC  # noqa: PLC0415 - loads dictionaries; not needed by commands that only read

    return OpenCC(configuration)


@cache
def _is_japanese_form(character: str) -> bool:
    """Whether only Japanese writes the character so (込, 働, 図)."""
    return _encodes(character, "shift_jis") and not (_encodes(character, "gb2312") or _encodes(character, "big5"))


def _encodes(character: str, charset: str) -> bool:
    try:
        character.encode(charset)
    except UnicodeEncodeError:
        return False
    return True


def _judge_alphabet(sample: str, script: str) -> Iterator[_Verdict]:
    """The languages of the passages in a script that many languages share."""
    passages = _passages(sample, script)
    read = passages if len(passages) <= _PASSAGES else [passages[i * (len(passages) - 1) // 3] for i in range(4)]
    written = sum(map(len, passages))
    judged = sum(map(len, read))
    for passage in read:
        tag, certainty = _judge_passage(passage, script)
        yield _Verdict(tag, written * len(passage) / judged, certainty)


def _passages(sample: str, script: str) -> list[str]:
    """Words of one script, paragraph by paragraph; short paragraphs are joined."""
    passages: list[str] = []
    pending: list[str] = []
    length = 0
    for line in sample.split("\n"):
        if script == "LATIN" and line.isascii():  # the same, by a cheaper expression, and of no other script
            words = [word for word in _RUN.findall(line) if word.isalpha() and len(word) <= _LONGEST_WORD]
        else:
            words = [word for word in _tokens(line, script) if _script(word[0]) == script]
        pending += words
        length += sum(map(len, words)) + len(words)
        if length >= _LEAST_PASSAGE:
            passages.append(" ".join(pending))
            pending, length = [], 0
    if pending:
        if passages and length < _LEAST_PASSAGE // 2:
            passages[-1] += " " + " ".join(pending)
        else:
            passages.append(" ".join(pending))
    return passages


def _tokens(line: str, script: str) -> list[str]:
    # Vowel signs are no letters to a regular expression: words of scripts that have them are told by white space only.
    return _WORD.findall(line) if script in ("LATIN", "CYRILLIC") else line.split()


def _judge_passage(passage: str, script: str) -> tuple[str, float]:
    """Language and probability of one passage in one script."""
    for tag, own in _DECISIVE.get(script, ()):
        if sum(passage.count(letter) for letter in own) * 100 > len(passage):
            return tag, 0.99
    words = passage.split()
    if script == "LATIN":
        if _is_english(words):
            return "en", 0.99
        if sum(_VOWEL.search(word) is not None for word in words) * 2 < len(words):
            return UNDETERMINED, 0.0
    return _ask_langdetect(passage[:_PASSAGE], script)


def _is_english(words: list[str]) -> bool:
    known = [folded for word in words if (folded := word.casefold()) in _ENGLISH]
    return len(words) >= _ENGLISH_WORDS and len(known) >= _ENGLISH_SHARE * len(words) and len(set(known)) >= 3


def _ask_langdetect(passage: str, script: str) -> tuple[str, float]:
    from langdetect.lang_detect_exception import LangDetectException  # noqa: PLC0415 - only where it is asked

    factory = _factory(script)
    detector = factory.create()
    detector.seed = 0  # its sampling is random; the same text must always get the same tag
    detector.n_trial = _TRIALS
    detector.set_prior_map({tag: _SELDOM_WEIGHT if tag in _SELDOM else 1.0 for tag in factory.langlist})
    detector.append(passage)
    try:
        best = detector.get_probabilities()[:1]
    except LangDetectException:  # no letter n-gram that any profile knows
        return UNDETERMINED, 0.0
    if not best or best[0].prob < _LEAST_PROBABILITY:
        return UNDETERMINED, 0.0
    return best[0].lang, min(0.99, best[0].prob)


@cache
def _factory(script: str) -> DetectorFactory:
    """A langdetect factory with the profiles of one script's languages."""
    from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory  # noqa: PLC0415 - reads its profiles
    from langdetect.utils.lang_profile import LangProfile  # noqa: PLC0415 - with it

    tags = _PROFILES[script].split()
    factory = DetectorFactory()
    for index, tag in enumerate(tags):
        profile = json.loads(Path(PROFILES_DIRECTORY, tag).read_text(encoding="utf-8"))
        factory.add_profile(LangProfile(**profile), index, len(tags))
    return factory
