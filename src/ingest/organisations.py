"""Surface name → canonical organisation.

`fold` makes names comparable over case, script, width, punctuation and legal form; `known` is the starting table of
institutions (package data, compiled from general knowledge); `resolve` looks a name up in it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from ingest.regions import government_of, names_of, places
from ingest.script import simplified

__all__ = ["Organisation", "fold", "introduced", "known", "resolve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation of the starting table.

    Attributes:
        id: Slug, stable over releases.
        name: Its official English name, or the name it trades under.
        region: ISO 3166 code of its country, or of country and province (`CN-GD`); `INT` for international bodies.
        names: Every other name, abbreviation and script it goes by, in the order of the table.
        shared: Names that it has in common with bodies of other places ("Ministry of Finance"): only a region decides.
    """

    id: str
    name: str
    region: str
    names: tuple[str, ...]
    shared: tuple[str, ...] = ()


_LEGAL = re.compile(
    r"inc|incorporated|ltd|limited|llc|llp|lp|plc|co|company|corp|corporation|gmbh|kgaa|ag|sa|nv|bv|pty|pte|sdn|bhd|kk"
    r"|spa|sarl|srl|oy|ab|as|group|and"
)
_LEGAL_CHINESE = re.compile(r"(?:股份)?有限(?:责任)?公司$|股份(?:公司)?$|集团$|公司$")
_INTRODUCED = re.compile(r"[(（](?:以下)?(?:[简下合统]称|简写|英文|股份?代[号码]|股票代[码号])[^()（）]*[)）]")
_BRACKETED = re.compile(r"\s*[(（\[]([^()（）\[\]]*)[)）\]]")
_ABBREVIATION = re.compile(
    r"(?=(?:.*[A-Z]){2})[A-Z][A-Za-z&*.\-]{1,11}|[\d.]+(?:\.?[A-Z]{2})?|[A-Z][A-Za-z ]*: ?[\w.]+"
)
_FORM_ONLY = re.compile(r"(?i:group|holdings?|集团|集團|控股)")
_PLACES = re.compile(
    r"CHINA|HONGKONG|MACAU|MACAO|USA?|UK|HK|EU|UAE|CAYMAN|ASIA|SINGAPORE|SHANGHAI|SHENZHEN|GZ|SZ|DG|SH|BJ"
)
_CITIES_OF = {"HK": "CN", "MO": "CN"}  # with ISO codes of their own, yet under a country's ministries
_LONGEST_PLACE = 24
_KEPT_SHORT = 2  # a name is not stripped of its legal form down to fewer Chinese characters


def _unbracketed(name: str) -> str:
    """Drop bracketed abbreviations, tickers and 'Group'; keep what tells a branch from its house ('(Hong Kong)')."""

    def keep(match: re.Match[str]) -> str:
        inner = match.group(1).strip()
        dropped = _FORM_ONLY.fullmatch(inner) or (_ABBREVIATION.fullmatch(inner) and not _PLACES.fullmatch(inner))
        return " " if dropped else f" {inner} "

    return _BRACKETED.sub(keep, _INTRODUCED.sub("", name))


def _plain(text: str) -> str:
    """Width, case, accents and script folded; punctuation gone."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    recomposed = simplified(unicodedata.normalize("NFKC", bare).casefold())
    joined = re.sub(r"(?<=\w)[.'’`·・](?=\w)|(?<=\w)\.", "", recomposed.replace("&", " and ").replace("+", " and "))
    spaced = re.sub(r"[^\w*]+|_+", " ", joined)
    # White space between Chinese characters is never part of a name.
    return re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", spaced).strip()


def _without_forms(text: str) -> str:
    """Strip legal forms from the end and the article from the front, never down to nothing."""
    words = text.split()
    while len(words) > 1 and words[0] == "the":
        words = words[1:]
    while len(words) > 1 and _LEGAL.fullmatch(words[-1]):
        words = words[:-1]
    stripped = " ".join(words)
    while (match := _LEGAL_CHINESE.search(stripped)) and match.start() >= _KEPT_SHORT:
        stripped = stripped[: match.start()].rstrip()
    return stripped


@lru_cache(maxsize=16_384)
def fold(name: str) -> str:
    """Comparison key of an organisation's name.

    Folds width and compatibility forms (NFKC), case, accents, Traditional to Simplified characters, punctuation, a
    leading article, '&' and 'and', bracketed abbreviations and tickers, and legal forms at the end, English and
    Chinese. A bracketed place stays: a branch is not its house. Folding a key again changes nothing.

    Args:
        name: A name as it stands in a text.

    Returns:
        The key; empty only where the name holds no letter or digit.
    """
    key = _plain(_unbracketed(unicodedata.normalize("NFKC", name))) or _plain(name)
    while (shorter := _plain(_without_forms(key))) != key:
        key = shorter
    return key


_OPENS, _CLOSES = "[(（]", "[)）]"
_CHINESE_NAME = re.compile(r"[\u3400-\u9fff·（）()]{3,30}")
_LATIN_NAME = re.compile(r"(?=[^)）]*[a-z])[A-Z][\w&'’.,\- ]{3,60}")
_LEAD_IN = re.compile(
    r"^(?:英文名?(?:称|稱)?(?:为|為)?|简称|簡稱|又称|又稱|下称|下稱|also known as|in Chinese)?[:\uff1a\s“”\"'「」]*"
)


def introduced(name: str, text: str) -> tuple[str, ...]:
    """Names in the other script that an article introduces beside a name, as in "Anmou Group (安某集團)".

    An abbreviation in capitals is none: too many bodies share one.

    Args:
        name: A name as it stands in the text.
        text: The article.

    Returns:
        In the order of the text, each once.
    """
    pattern = re.compile(rf"{re.escape(name)}[”」]?\s?{_OPENS}([^()（）]{{2,80}}){_CLOSES}")
    wanted = _LATIN_NAME if _CHINESE_NAME.search(name) else _CHINESE_NAME
    inside = (_LEAD_IN.sub("", found[1]).strip(" “”\"'「」") for found in pattern.finditer(text))
    return tuple(dict.fromkeys(each for each in inside if wanted.fullmatch(each)))


@cache
def known() -> tuple[Organisation, ...]:
    """The starting table, in the order of its file."""
    path = resources.files("ingest") / "knowledge" / "organisations.jsonl"
    rows = (json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line)
    return tuple(
        Organisation(
            id=row["id"],
            name=row["name"],
            region=row["region"],
            names=tuple(row["names"]),
            shared=tuple(row.get("shared", ())),
        )
        for row in rows
    )


@cache
def _index() -> dict[str, tuple[tuple[Organisation, bool], ...]]:
    """Key → organisations that bear it, each with whether the name is one that others bear too."""
    index: dict[str, dict[str, tuple[Organisation, bool]]] = defaultdict(dict)
    for organisation in known():
        for name in organisation.shared:
            index[fold(name)][organisation.id] = (organisation, True)
        for name in (organisation.name, *organisation.names):
            index[fold(name)][organisation.id] = (organisation, False)
    return {key: tuple(bearers.values()) for key, bearers in index.items()}


@cache
def _government(region: str) -> Organisation | None:
    """The government of a region, also of one that the table does not list."""
    slug = f"{region.lower()}-government"
    listed = next((each for each in known() if each.id == slug), None)
    names = names_of(region)
    if listed is not None or names is None:
        return listed
    english, chinese = names
    return Organisation(
        id=slug, name=f"Government of {english}", region=region, names=(english, f"{chinese}政府", chinese)
    )


def _lies_in(region: str, hint: str) -> bool:
    """Whether a body may be meant: in a Hong Kong paper, a ministry is the country's, since the city has none."""
    if hint in _CITIES_OF and region == _CITIES_OF[hint]:
        return True
    return region == hint or region.startswith(f"{hint}-") or hint.startswith(f"{region}-")


def _at_its_place(name: str) -> Organisation | None:
    """The organisation that a name is of once the place before it is left out, if that is where it is.

    '上海同济大学', "Shanghai's Tongji University" and '英国阿斯利康' say where somebody is whom all know without it; a
    place where somebody is not at home makes another body, such as a branch.
    """
    for place, region in _leading_places(name):
        rest = name[len(place) :].removeprefix("'s").removeprefix("’s").strip()
        own = [found for found, is_shared in _index().get(fold(rest), ()) if not is_shared]
        if not own and (governed := government_of(rest)):
            own = [found for found in [_government(governed)] if found]
        if len(own) == 1 and region in _lying_around(own[0].region):
            return own[0]
    return None


def _lying_around(region: str) -> frozenset[str]:
    """A region, and the country that it lies in."""
    return frozenset({region, region.partition("-")[0], _CITIES_OF.get(region, region)})


def _leading_places(name: str) -> Iterator[tuple[str, str]]:
    """Places that a name begins with, as written, each with its region; the longest first."""
    folded = simplified(name).casefold()
    known_places = places()
    for end in range(min(len(name), len(folded), _LONGEST_PLACE) - 1, 1, -1):
        begun = folded[:end]
        is_whole = not begun.isascii() or not folded[end].isalnum()
        if is_whole and (region := known_places.get(begun)):
            yield name[:end], region


def resolve(name: str, *, region_hint: str | None = None) -> Organisation | None:
    """Look a name up in the starting table.

    Args:
        name: A name, alias or abbreviation in any script.
        region_hint: Where the text places it (`HK`, `CN`, `CN-GD`, …), if it does. `CN` covers its provinces.

    Returns:
        The organisation; None where the table does not know the name, or where several may be meant (a name that is
        shared by design counts as several even if the table lists one) and no hint decides.
    """
    bearers = _index().get(fold(name), ())
    if not bearers and (governed := government_of(name)):
        return _government(governed)
    if not bearers:
        return _at_its_place(name)
    if region_hint is not None:
        exact = [found for found, _ in bearers if found.region == region_hint]
        near = exact or [found for found, _ in bearers if _lies_in(found.region, region_hint)]
        if len(near) == 1:
            return near[0]
        if near:
            return None
    own = [found for found, is_shared in bearers if not is_shared]
    return own[0] if len(own) == 1 and (region_hint is None or len(bearers) == 1) else None
