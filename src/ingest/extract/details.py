"""What a page says about its article for those who sort and show it: section, keywords, image, and who may read it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from ingest.documents import Access, Origin
from ingest.extract.lines import fold, has_han, length
from ingest.extract.linked_data import LinkedArticle
from ingest.literals import may_match

__all__ = ["Details", "is_stub", "read_details"]

_SECTION = ("article:section", "og:section", "parsely-section", "cxenseparse:section", "section", "category", "channel")
_KEYWORDS = ("article:tag", "news_keywords", "keywords", "parsely-tags", "sailthru.tags", "og:article:tag")
_IMAGE = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src", "thumbnail")
_TIER = ("article:content_tier", "content_tier", "og:article:content_tier")
_TIERS = {"free": Access.FREE, "metered": Access.METERED, "locked": Access.PAYWALLED}
_BETWEEN = re.compile(r"\s*[,;，；、|｜]\s*")
_MOST_KEYWORDS = 30
_PROMPT = re.compile(
    r"(?:subscribe|sign in|log ?in|register|create (?:a free |an )?account)(?: now| or \w+)* (?:to|and) "
    r"(?:continue|keep|finish) reading"
    r"|(?:to|and) (?:read|unlock|access) the (?:full|rest of the|whole|entire) (?:story|article|text)"
    r"|unlock this (?:article|story)|already a subscriber\?|subscriber[- ]only"
    r"|(?:this|the rest of this) (?:article|story|content) is (?:available )?(?:only )?(?:for|to) "
    r"(?:paying |registered )?(?:subscribers|members)|you have (?:reached|read) your (?:limit|last) ",
    re.IGNORECASE,
)
_CHINESE_PROMPT = re.compile(
    r"(?:登[录錄入陸]|[订訂][阅閱]|付[费費]|[购購][买買])(?:[后後]|才能|即可|以).{0,6}(?:[阅閱][读讀]|[查观觀]看|[继繼][续續])|(?:[剩其]?余下?|餘下)全文"
    r"|本文[为為](?:付[费費]|[会會][员員]).{0,6}|(?:[会會][员員]|付[费費]|[订訂][户戶])(?:[专專]享|[专專][属屬]|[内內]容|文章)"
)
_STUB = 1200  # size of a text beyond which a prompt to subscribe does not make it a stub
_BRIEF = 600  # size of a text that is no more than a beginning where the article is said to be for subscribers


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """As in `documents.Article`."""

    section: str | None = None
    section_origin: Origin | None = None
    keywords: tuple[str, ...] = ()
    keywords_origin: Origin | None = None
    image: str | None = None
    image_origin: Origin | None = None
    access: Access | None = None
    access_origin: Origin | None = None


def _stated(meta: dict[str, list[str]], names: Iterable[str]) -> Iterator[tuple[list[str], Origin]]:
    for name in names:
        if name in meta:
            yield meta[name], Origin.OPEN_GRAPH if name.startswith(("og:", "article:")) else Origin.META


def _section(
    linked: LinkedArticle, meta: dict[str, list[str]], sites: Iterable[str]
) -> tuple[str | None, Origin | None]:
    known = {fold(site) for site in sites}
    given = [(linked.section, Origin.JSON_LD), *((values[0], origin) for values, origin in _stated(meta, _SECTION))]
    for value, origin in given:
        name = _BETWEEN.split(value)[0].strip() if value else ""
        if 0 < length(name) <= 80 and fold(name) not in {"", "article", "news", *known} and "://" not in name:
            return name, origin
    return None, None


def _words(values: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, str] = {}
    for value in values:
        parts = [part.strip(" #\"'") for part in _BETWEEN.split(value)]
        if len(parts) == 1 and has_han(value):
            parts = value.split()
        for part in parts:
            if fold(part) and length(part) <= 80:
                found.setdefault(fold(part), part)
    return tuple(found.values())[:_MOST_KEYWORDS]


def _keywords(linked: LinkedArticle, meta: dict[str, list[str]]) -> tuple[tuple[str, ...], Origin | None]:
    for values, origin in ((linked.keywords, Origin.JSON_LD), *_stated(meta, _KEYWORDS)):
        words = _words(values)
        if words:
            return words, origin
    return (), None


def _image(linked: LinkedArticle, meta: dict[str, list[str]], base: str | None) -> tuple[str | None, Origin | None]:
    given = [(linked.image, Origin.JSON_LD), *((values[0], origin) for values, origin in _stated(meta, _IMAGE))]
    for value, origin in given:
        try:
            address = urljoin(base or "", value) if value else ""
            if urlsplit(address).scheme in {"http", "https"} and urlsplit(address).hostname and len(address) <= 2000:
                return address, origin
        except ValueError:
            continue
    return None, None


def _access(linked: LinkedArticle, meta: dict[str, list[str]]) -> tuple[Access | None, Origin | None]:
    if linked.free is False:
        return Access.PAYWALLED, Origin.JSON_LD
    for values, origin in _stated(meta, _TIER):
        tier = _TIERS.get(values[0].lower())
        if tier:
            return tier, origin
    return (Access.FREE, Origin.JSON_LD) if linked.free else (None, None)


def read_details(
    linked: LinkedArticle, meta: dict[str, list[str]], *, base: str | None, sites: Iterable[str]
) -> Details:
    """Read them from JSON-LD, then Open Graph, then other meta tags.

    Args:
        linked: What the page's JSON-LD says.
        meta: Contents of meta tags by lower-case name.
        base: Against what a relative image is read.
        sites: Names of the site, which are no section.
    """
    section, section_origin = _section(linked, meta, sites)
    keywords, keywords_origin = _keywords(linked, meta)
    image, image_origin = _image(linked, meta, base)
    access, access_origin = _access(linked, meta)
    return Details(
        section=section,
        section_origin=section_origin,
        keywords=keywords,
        keywords_origin=keywords_origin,
        image=image,
        image_origin=image_origin,
        access=access,
        access_origin=access_origin,
    )


def is_stub(tree: HtmlElement, text: str, access: Access | None) -> bool:
    """Whether a text is only the beginning of its article: short, and the page asks to subscribe for the rest."""
    size = length(text)
    if size > _STUB:
        return False
    if access is Access.PAYWALLED and size <= _BRIEF:
        return True
    shown = (part for part in tree.itertext() if 6 <= len(part) <= 1000)
    return any(_asks_to_subscribe(part) for part in shown)


def _asks_to_subscribe(part: str) -> bool:
    if may_match(_PROMPT, part.casefold()) and _PROMPT.search(part):
        return True
    return not part.isascii() and _CHINESE_PROMPT.search(part) is not None
