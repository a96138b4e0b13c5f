"""Where an office is, by the words around its name: context decides between the ministries of several countries.

beside      "Thailand's Ministry of Commerce", "the Thai Ministry …", "Ministry of Commerce of Thailand", "泰国商务部"
city_named  the city, of Hong Kong, Macao and Singapore, that an article alone names
around      the place that headline and text name most, else the national domain of the article's address
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib import resources
from urllib.parse import urlsplit

from ingest.script import simplified

__all__ = ["Context", "around", "beside", "city_named", "government_of", "is_office", "names_of", "places"]

_CITIES = frozenset({"HK", "MO", "SG"})
_NEAR = 40  # characters before or behind a name in which its place may stand
_READ = 6000  # characters of a text in which its places are counted

_OFFICE = re.compile(
    r"(?i)\b(?:ministry|department|bureau|office|commission|authority|agency|administration|directorate|secretariat"
    r"|central bank|customs|government|council|institute of health)\b|(?:部|局|厅|署|委员会|办公室|政府|管委会|海关)$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What stands around a name.

    Attributes:
        before: What precedes it in its sentence.
        after: What follows.
        text: Headline and text of the article.
        url: Where that was published, if known.
    """

    before: str = ""
    after: str = ""
    text: str = ""
    url: str | None = None


_ALSO = {
    "macau": "MO",
    "uae": "AE",
    "united arab emirates": "AE",
    "hong kong sar": "HK",
    "hksar": "HK",
    "hk": "HK",
    "prc": "CN",
    "korea": "KR",
    "uk": "GB",
    "britain": "GB",
    "us": "US",
    "usa": "US",
    "viet nam": "VN",
}
_GOVERNMENT_BEFORE = re.compile(
    r"^(?:the )?(?:(?:(?:people's |central people's |federal |provincial |state )?government of "
    r"|(?:people's )?republic of |kingdom of |(?:free )?state of |province of )(?:the )?)+",
    re.IGNORECASE,
)
_GOVERNMENT_AFTER = re.compile(
    r"(?: special administrative region| sar| province| municipality| city| prefecture| state)?"
    r"(?: (?:municipal |provincial )?(?:people's )?government)?$",
    re.IGNORECASE,
)
_GOVERNMENT_CHINESE = re.compile(
    r"^(?P<place>.+?)(?:共和国|王国)?(?P<sort>特别行政区|特区|[省市州邦县])?(?:人民)?(?:政府)?$"
)


def government_of(name: str) -> str | None:
    """The region whose government a name stands for, where a party is called by its place.

    'Kazakhstan', 'Republic of Kazakhstan', 'the Government of Kazakhstan', '广东省', '香港特区政府' are such;
    towns and districts below a region are not, since the region has one government only.
    """
    folded = " ".join(simplified(name).replace("’", "'").split())
    places = _governed()
    if folded.casefold() in places:
        return places[folded.casefold()]
    bare = _GOVERNMENT_AFTER.sub("", _GOVERNMENT_BEFORE.sub("", folded)).casefold()
    if bare in places:
        return places[bare]
    found = _GOVERNMENT_CHINESE.match(folded)
    if found is None:
        return None
    return places.get(found["place"]) or places.get(found["place"] + (found["sort"] or ""))


@cache
def _governed() -> dict[str, str]:
    """The first name of each region in each script: what its government is called by."""
    names: dict[str, str] = {}
    for region, row in _table().items():
        for script in ("english", "chinese"):
            listed = row.get(script)
            if isinstance(listed, list) and listed:
                names[listed[0].casefold()] = region
    return names | _ALSO


@cache
def places() -> dict[str, str]:
    """What regions are called, English in small letters and Chinese in Simplified characters, → the region."""
    return {word.casefold(): region for word, region in _words().items()} | _ALSO


def names_of(region: str) -> tuple[str, str] | None:
    """The English and the Chinese name of a region, or None for one that the table does not have."""
    row = _table().get(region, {})
    english, chinese = row.get("english"), row.get("chinese")
    return (str(english[0]), str(chinese[0])) if isinstance(english, list) and isinstance(chinese, list) else None


def is_office(name: str) -> bool:
    """Whether a name is that of a public office, which may exist in several places."""
    return bool(_OFFICE.search(simplified(name))) and _place_in(name) is None


def beside(context: Context) -> str | None:
    """The region that the words next to a name put it in, or None."""
    patterns = _patterns()
    before, after = simplified(context.before[-_NEAR:]), simplified(context.after[:_NEAR])
    if found := patterns.ending.search(before):
        return _region(found)
    if found := patterns.following.match(after):
        return _region(found)
    return None


def around(context: Context) -> str | None:
    """The region that an article names most, or None where none stands out and its address tells nothing."""
    ranked = _counted(context).most_common(2)
    if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
        return ranked[0][0]
    try:
        host = urlsplit(context.url or "").hostname or ""
    except ValueError:  # an address that is none
        return None
    return _domains().get(host.rpartition(".")[2])


def city_named(context: Context) -> str | None:
    """Of the cities that have offices of their own in Chinese names, the only one that an article names, or None.

    A Hong Kong paper calls the authority of its city by its short name, wherever it reports that to have been.
    """
    named = _CITIES & _counted(context).keys()
    return next(iter(named)) if len(named) == 1 else None


def _counted(context: Context) -> Counter[str]:
    return Counter(_region(found) for found in _patterns().anywhere.finditer(simplified(context.text[:_READ])))


@dataclass(frozen=True, slots=True)
class _Patterns:
    anywhere: re.Pattern[str]
    ending: re.Pattern[str]
    following: re.Pattern[str]


@cache
def _table() -> dict[str, dict[str, object]]:
    path = resources.files("ingest") / "knowledge" / "regions.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _words() -> dict[str, str]:
    """Word → region."""
    words: dict[str, str] = {}
    for region, row in _table().items():
        for script in ("english", "chinese"):
            listed = row.get(script, ())
            words.update(dict.fromkeys(listed if isinstance(listed, list) else (), region))
    return words


@cache
def _domains() -> dict[str, str]:
    return {str(row["top"]): region for region, row in _table().items() if "top" in row}


@cache
def _patterns() -> _Patterns:
    words = sorted(_words(), key=len, reverse=True)
    english = "|".join(re.escape(word) for word in words if word.isascii() or word == "Türkiye")
    chinese = "|".join(re.escape(word) for word in words if not word.isascii() and word != "Türkiye")
    either = rf"\b(?P<en>{english})\b|(?P<zh>{chinese})"
    return _Patterns(
        anywhere=re.compile(either),
        ending=re.compile(
            rf"(?:\b(?P<en>{english})(?:['’]s?)?|(?P<zh>{chinese})(?:特别行政区|特区|[省市])?(?:政府)?的?)\s*$"
        ),
        following=re.compile(
            rf"\s*(?:[,(（]\s*|of\s+|in\s+)(?:the\s+)?(?:government\s+of\s+)?(?:(?P<en>{english})\b|(?P<zh>{chinese}))"
        ),
    )


def _region(found: re.Match[str]) -> str:
    return _words()[found["en"] or found["zh"]]


def _place_in(name: str) -> str | None:
    found = _patterns().anywhere.search(simplified(name))
    return _region(found) if found else None
