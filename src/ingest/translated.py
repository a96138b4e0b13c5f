"""Whether an English and a Chinese name may be those of one body, by what they say: where, what kind, in which field.

    Foshan Institute of Marine Robotics      佛山海洋机器人研究院       every word has its counterpart
    Ruiyao Biotech (Zhuhai)                  珠海瑞耀生物科技           what has none sounds alike: pinyin, or nearly so

It is evidence, no proof: other bodies may be called so. The store asks it only of two bodies that agreed with the same
third one within the same week.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache, lru_cache
from importlib import resources

from ingest.composed import known_places
from ingest.script import simplified

__all__ = ["may_translate"]

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[a-z0-9]+")
_POSSESSIVE = re.compile(r"['’]s\b")
_FORMS = frozenset(
    "inc incorporated ltd limited llc lp plc co company corp corporation gmbh ag sa nv group holding holdings "  # noqa: SIM905 - not one word a line
    "the of and for in at on".split()
)
_CHINESE_FORMS = re.compile(r"(?:股份)?有限(?:责任)?公司|股份|集团|控股|公司|[()（）·\s及与和暨]")
_LEAST_LATIN = 4  # letters of a name below which its pinyin may be anybody's
_LONGEST_PLACE = 4  # words
_MOST_UNMATCHED = 0.5  # of the words that two names hold besides one that sounds alike
_ALIKE = 0.7  # from which two names sound alike; below, different bodies of one place do too often
_CONSONANTS_COUNT = 0.6  # against all letters
_SOUNDS = (
    (re.compile(r"[td]"), "t"),
    (re.compile(r"[gh]"), "k"),
    (re.compile(r"[wbfv]"), "p"),
    (re.compile(r"ng"), "n"),
    (re.compile(r"[aeiouyü]"), ""),
    (re.compile(r"(.)\1+"), r"\1"),
)
_ENGLISH_SOUNDS = (
    (re.compile(r"tch|sch|ch|sh|[xzsj]|c(?=[eiy])|g(?=[eiy])"), "s"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"ck|[cqk]+"), "k"),
    (re.compile(r"r(?![aeiou])"), ""),
    (re.compile(r"r"), "l"),
)
_PINYIN_SOUNDS = (
    (re.compile(r"zh|ch|sh|[xzcs]|[qj](?=i)"), "s"),
    (re.compile(r"[qj]"), "k"),
    (re.compile(r"h(?=u)"), "p"),
    (re.compile(r"r"), "l"),
)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a name says.

    Attributes:
        places: Where.
        words: For each word for a kind or field, the lines of the vocabulary that have it.
        kinds: Those of them that are kinds.
        rest: What is neither, in Latin letters.
    """

    places: frozenset[str]
    words: tuple[frozenset[int], ...]
    kinds: frozenset[int]
    rest: str


def may_translate(one: str, other: str) -> bool:
    """Whether one name may be the other in another script.

    Args:
        one: A name.
        other: Another; two names in one script never translate one another.
    """
    if bool(_CHINESE.search(one)) == bool(_CHINESE.search(other)):
        return False
    english, chinese = (_english(one), _chinese(other)) if _CHINESE.search(other) else (_english(other), _chinese(one))
    if english.places and chinese.places and not english.places & chinese.places:
        return False
    unmatched = _unmatched(english.words, chinese.words) + _unmatched(chinese.words, english.words)
    said = len(english.words) + len(chinese.words)
    if english.rest or chinese.rest:
        return unmatched <= _MOST_UNMATCHED * said and _sounds_alike(english.rest, chinese.rest)
    both_kinds = bool(english.kinds & chinese.kinds)
    return both_kinds and unmatched == 0 and english.places == chinese.places and len(english.words) > 1


def _unmatched(words: tuple[frozenset[int], ...], others: tuple[frozenset[int], ...]) -> int:
    return sum(all(word.isdisjoint(other) for other in others) for word in words)


def _sounds_alike(english: str, pinyin: str) -> bool:
    """Whether a Chinese name says the sounds of an English one, or is spelt as it: 'menarini', 'meinalini'."""
    if min(len(english), len(pinyin)) < _LEAST_LATIN:
        return False
    mine, theirs = _consonants(english, _ENGLISH_SOUNDS), _consonants(pinyin, _PINYIN_SOUNDS)
    if min(len(mine), len(theirs)) < 2:
        return english == pinyin
    share = _CONSONANTS_COUNT
    return share * _likeness(mine, theirs) + (1 - share) * _likeness(english, pinyin) >= _ALIKE


def _consonants(letters: str, sounds: Sequence[tuple[re.Pattern[str], str]]) -> str:
    """The consonants of a word by classes that the other script does not keep apart."""
    for pattern, sound in (*sounds, *_SOUNDS):
        letters = pattern.sub(sound, letters)
    return letters


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


@lru_cache(maxsize=4096)
def _english(name: str) -> _Said:
    words = _WORD.findall(_POSSESSIVE.sub("", name.casefold()))
    places, vocabulary = known_places(), _vocabulary()
    found, said, rest = set(), [], []
    at = 0
    while at < len(words):
        width = next((n for n in range(_LONGEST_PLACE, 0, -1) if " ".join(words[at : at + n]) in places), 0)
        if width:
            found.add(places[" ".join(words[at : at + width])])
        elif words[at] in vocabulary:
            said.append(vocabulary[words[at]])
        elif words[at] not in _FORMS:
            rest.append(words[at])
        at += width or 1
    return _Said(frozenset(found), tuple(said), _kinds(said), "".join(rest))


@lru_cache(maxsize=4096)
def _chinese(name: str) -> _Said:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - loads dictionaries, and only a new name in another script needs it

    plain = _CHINESE_FORMS.sub("", simplified(name))
    places, vocabulary = known_places(), _vocabulary()
    found, said, rest = set(), [], ""
    at = 0
    while at < len(plain):
        ahead = [plain[at : at + n] for n in range(6, 0, -1)]
        place = next((part for part in ahead if len(part) > 1 and part in places), None)
        word = next((part for part in ahead if part in vocabulary and (len(part) > 1 or at > 0)), None)
        if place:
            found.add(places[place])
            at += len(place)
            at += plain[at : at + 1] in ("省", "市") or 0
        elif word:
            said.append(vocabulary[word])
            at += len(word)
        else:
            rest += plain[at]
            at += 1
    return _Said(frozenset(found), tuple(said), _kinds(said), "".join(lazy_pinyin(rest)).casefold())


def _kinds(said: list[frozenset[int]]) -> frozenset[int]:
    return frozenset(line for word in said for line in word if line in _kind_lines())


@cache
def _lines() -> tuple[tuple[str, tuple[str, ...]], ...]:
    text = (resources.files("ingest") / "knowledge" / "bilingual.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return tuple((sort, (*english.split("|"), *chinese.split("|"))) for sort, english, chinese in rows)


@cache
def _kind_lines() -> frozenset[int]:
    return frozenset(number for number, (sort, _) in enumerate(_lines()) if sort == "kind")


@cache
def _vocabulary() -> dict[str, frozenset[int]]:
    """Word → the lines that have it."""
    found: dict[str, set[int]] = {}
    for number, (_, words) in enumerate(_lines()):
        for word in words:
            found.setdefault(word, set()).add(number)
    return {word: frozenset(lines) for word, lines in found.items()}
