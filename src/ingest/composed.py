"""Names that say what a body is and where: equal in English and Chinese without any table of bodies.

    University of Porto, Porto University, 波尔图大学          university of Porto
    Zurich Chamber of Commerce, 蘇黎世商會                     chamber of Zurich
    Ministry of Health of Portugal, 葡萄牙卫生部               ministry of health of Portugal

Only names that are nothing but a place and a kind are read so; whatever else they say makes another body.
"""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from ingest.regions import places as regions
from ingest.script import simplified

__all__ = ["composed", "known_places"]

# Kind → English forms, `@` for the place, and Chinese ends.
_KINDS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "university": (("university of @", "@ university"), ("大学",)),
    "national university": (("national university of @", "@ national university"), ("国立大学",)),
    "university of technology": (
        (
            "@ university of technology",
            "@ institute of technology",
            "technical university of @",
            "technology university of @",
            "@ technical university",
            "polytechnic university of @",
            "polytechnic of @",
            "@ polytechnic university",
        ),
        ("理工大学", "科技大学", "工业大学", "技术大学", "理工学院"),
    ),
    "medical university": (
        ("medical university of @", "@ medical university", "@ medical college"),
        ("医科大学", "医学院"),
    ),
    "normal university": (("@ normal university",), ("师范大学",)),
    "business school": (("@ business school", "@ school of business"), ("商学院",)),
    "chamber": (
        (
            "@ chamber of commerce",
            "chamber of commerce of @",
            "@ chamber of commerce and industry",
            "@ general chamber of commerce",
            "chamber of commerce and industry of @",
        ),
        ("商会", "总商会", "工商会", "工商总会"),
    ),
    "stock exchange": (("@ stock exchange", "@ exchange", "stock exchange of @"), ("证券交易所", "交易所", "证交所")),
    "central bank": (("central bank of @", "@ central bank"), ("中央银行", "央行")),
    "national bank": (("national bank of @", "@ national bank"), ("国家银行", "国民银行")),
    "bank": (("bank of @", "@ bank"), ("银行",)),
    "city": (
        (
            "city of @",
            "@ city government",
            "@ municipality",
            "municipality of @",
            "@ municipal government",
            "@ city council",
        ),
        ("市政府", "市", "市议会"),
    ),
    "hospital": (("@ hospital",), ("医院",)),
    "general hospital": (("@ general hospital",), ("总医院", "综合医院")),
    "metropolis": (("@ metropolis", "metropolis of @", "greater @"), ("大都会", "大都会区")),
    "port": (("port of @", "@ port authority", "@ port"), ("港", "港务局", "港口管理局")),
    "airport": (("@ airport", "@ international airport"), ("机场", "国际机场")),
    "science park": (("@ science park", "@ science and technology park"), ("科学园", "科技园", "科学城")),
    "academy of sciences": (("@ academy of sciences", "academy of sciences of @"), ("科学院",)),
    "fintech association": (("@ fintech association", "fintech association of @"), ("金融科技协会",)),
    "blockchain association": (("@ blockchain association", "blockchain association of @"), ("区块链协会",)),
    "bankers association": (("@ bankers association", "association of banks in @"), ("银行公会", "银行协会")),
    "investment agency": (
        ("@ investment promotion agency", "invest @", "@ investment agency", "@ investment office"),
        ("投资促进局", "投资促进署", "投资局"),
    ),
    "medicines agency": (
        ("@ medicines agency", "@ food and drug administration"),
        ("药品管理局", "食品药品监督管理局"),
    ),
}
_MINISTRIES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "education": (("education",), ("教育部",)),
    "health": (("health", "public health"), ("卫生部", "公共卫生部", "卫生和福利部")),
    "finance": (("finance",), ("财政部",)),
    "economy": (("economy", "economic affairs"), ("经济部", "经济事务部")),
    "commerce": (("commerce",), ("商务部", "商业部")),
    "trade": (("trade", "foreign trade", "international trade"), ("贸易部", "外贸部")),
    "industry": (("industry",), ("工业部",)),
    "trade and industry": (
        ("trade and industry", "industry and trade"),
        ("贸易与工业部", "工业和贸易部", "贸工部", "工贸部"),
    ),
    "foreign affairs": (("foreign affairs",), ("外交部",)),
    "science and technology": (("science and technology",), ("科技部", "科学技术部")),
    "agriculture": (("agriculture",), ("农业部",)),
    "culture": (("culture",), ("文化部",)),
    "tourism": (("tourism",), ("旅游部",)),
    "transport": (("transport", "transportation"), ("交通部", "运输部", "交通运输部")),
    "energy": (("energy",), ("能源部",)),
    "environment": (("environment",), ("环境部", "环保部")),
    "labour": (("labour", "labor"), ("劳工部", "劳动部")),
    "manpower": (("manpower", "human resources"), ("人力部", "人力资源部")),
    "justice": (("justice",), ("司法部",)),
    "defence": (("defence", "defense"), ("国防部",)),
    "interior": (("interior", "home affairs"), ("内政部",)),
    "investment": (("investment",), ("投资部",)),
    "higher education": (("higher education",), ("高等教育部",)),
    "digital economy": (("digital economy",), ("数字经济部",)),
    "communications": (("communications", "telecommunications"), ("通信部", "通讯部")),
    "planning": (("planning",), ("计划部", "规划部")),
}
_COUNTRY = 2  # letters of a country's code
_MINISTRY = re.compile(
    r"(?:(?P<before>.+?) )?(?:federal )?(?:ministry|department) (?:of|for) (?P<field>.+?)"
    r"(?:,? (?:of|in) (?P<after>.+)|, (?P<last>.+))?"
)
_GIVEN_UP = re.compile(r"(?i)^the |,? (?:the )?(?:inc|ltd|limited|plc|co|corporation)\.?$|['’]s(?= )")


def composed(name: str, region: str | None = None) -> str | None:
    """What a body is, and where, in one form for both languages.

    Args:
        name: A name as it stands in a text.
        region: Where the text puts an office whose name holds no place.

    Returns:
        Kind and place, such as `university · porto`; None for a name that says more, or less.
    """
    folded = " ".join(simplified(name).replace("(", " (").split())
    if re.search(r"[\u3400-\u9fff]", folded):
        return _chinese(folded.replace(" ", ""), region)
    return _english(_GIVEN_UP.sub("", folded).replace("&", "and").casefold(), region)


def _english(name: str, region: str | None) -> str | None:
    for pattern, kind in _english_forms():
        found = pattern.fullmatch(name)
        if found and (place := known_places().get(found["place"])):
            return f"{kind} · {place}"
    found = _MINISTRY.fullmatch(name)
    if found is None or (field := _english_fields().get(found["field"])) is None:
        return None
    said = found["before"] or found["after"] or found["last"]
    place = known_places().get(said.removeprefix("the ").removeprefix("republic of ")) if said else region
    return f"ministry of {field} · {place}" if place else None


def _chinese(name: str, region: str | None) -> str | None:
    for end, kind in _chinese_ends():
        if name.endswith(end):
            place = _chinese_place(name.removesuffix(end))
            if place:
                return f"{kind} · {place}"
    for end, field in _chinese_fields():
        if name.endswith(end):
            said = name.removesuffix(end)
            place = known_places().get(said) if said else region
            return f"ministry of {field} · {place}" if place else None
    return None


def _chinese_place(said: str) -> str | None:
    """A place; a country before a city says only where that is ('法国里昂')."""
    places = known_places()
    if said in places:
        return places[said]
    countries = (said[:end] for end in range(2, len(said) - 1) if len(regions().get(said[:end], "")) == _COUNTRY)
    return next((places[said[len(each) :]] for each in countries if said[len(each) :] in places), None)


@cache
def known_places() -> dict[str, str]:
    """Name of a place, in either language, → its one form: a city's own, though it lies in a region."""
    text = (resources.files("ingest") / "knowledge" / "places.txt").read_text(encoding="utf-8")
    found: dict[str, str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            english, chinese = (part.split("/") for part in line.split("\t"))
            found.update(dict.fromkeys([*(each.casefold() for each in english), *chinese], english[0].casefold()))
    return regions() | found


@cache
def _english_forms() -> tuple[tuple[re.Pattern[str], str], ...]:
    forms = [(form, kind) for kind, (english, _) in _KINDS.items() for form in english]
    # The longest first: 'national university of' before 'university of'.
    ordered = sorted(forms, key=lambda form: -len(form[0]))
    return tuple((re.compile(re.escape(form).replace("@", "(?P<place>.+)")), kind) for form, kind in ordered)


@cache
def _chinese_ends() -> tuple[tuple[str, str], ...]:
    ends = [(end, kind) for kind, (_, chinese) in _KINDS.items() for end in chinese]
    return tuple(sorted(ends, key=lambda end: -len(end[0])))


@cache
def _english_fields() -> dict[str, str]:
    return {word: field for field, (english, _) in _MINISTRIES.items() for word in english}


@cache
def _chinese_fields() -> tuple[tuple[str, str], ...]:
    ends = [(end, field) for field, (_, chinese) in _MINISTRIES.items() for end in chinese]
    return tuple(sorted(ends, key=lambda end: -len(end[0])))
