"""What the elements of an entry, and of a feed's head, mean: RSS 0.9x to 2.0 with modules, Atom 0.3 and 1.0, CDF."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from datetime import timedelta

from ingest.decode import decode
from ingest.documents import Limits
from ingest.sources.addresses import is_web_address, resolve
from ingest.sources.feed.elements import Element
from ingest.sources.items import Item
from ingest.sources.plain_text import plain, unescape

__all__ = ["feed_language", "feed_link", "feed_title", "to_item", "update_period"]

_PUBLISHED = ("pubdate", "published", "issued", "dcterms:issued", "prism:publicationdate", "dc:date", "dcterms:date")
_UPDATED = ("updated", "modified", "dcterms:modified", "prism:modificationdate", "lastmod")
_CREATED = ("created", "dcterms:created")
_AUTHORS = ("author", "dc:creator", "dc:author", "itunes:author", "managingeditor")
_TRACKED = ("feedburner:origlink", "pheedo:origlink")  # the page, where `link` leads over a counter
_PAGES = frozenset({"", "text/html", "application/xhtml+xml", "html"})
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][a-z0-9]{1,8}){0,4}", re.IGNORECASE)
_MAIL = r"[^\s@()<>\"]{1,80}@[^\s@()<>\"]{1,80}"
_MAILED = re.compile(
    rf"(?:mailto:)?{_MAIL}\s*\((?P<after>[^()]+)\)|\"?(?P<before>[^<>()\"@]+?)\"?\s*[<(]{_MAIL}[>)]", re.IGNORECASE
)
_ADDRESS_ALONE = re.compile(rf"(?:mailto:)?{_MAIL}", re.IGNORECASE)
_PERIODS = {"hourly": 1, "daily": 24, "weekly": 24 * 7, "monthly": 24 * 30, "yearly": 24 * 365}
_LONGEST_PERIOD = timedelta(days=366)


def to_item(entry: Element, limits: Limits) -> Item:
    """Read an entry.

    Its links are, best first: the one behind a counter, `rel=alternate` or none (HTML before other types), a `guid`
    that is a permalink, the address that RDF is about.
    """
    identity = next((found for part in entry.all("guid", "id", "dc:identifier") if (found := part.text.strip())), None)
    about = entry.attributes.get("rdf:about") or None
    titles = (_title(part, limits) for part in entry.all("title", "dc:title", "media:title"))
    published = tuple(_texts(entry, *_PUBLISHED))
    return Item(
        links=tuple(_links(entry, about)),
        id=identity or about,
        title=next((title for title in titles if title), None),
        byline=_byline(entry, limits),
        publisher=_publisher(entry, limits),
        published=published or tuple(_texts(entry, *_CREATED)),
        updated=tuple(_texts(entry, *_UPDATED)) or tuple(filter(None, (entry.attributes.get("lastmod"),))),
        language=_language(entry),
    )


def feed_title(head: Element, limits: Limits) -> str | None:
    """What a feed calls itself."""
    return next((title for part in head.all("title", "dc:title") if (title := _title(part, limits))), None)


def feed_link(head: Element, limits: Limits, *relations: str) -> str | None:
    """The first address of the web that a feed links to in one of these relations; none stands for `alternate`."""
    for link in head.all("link"):
        if (link.attributes.get("rel") or "alternate").strip().lower() in relations:
            given = link.attributes.get("href") or link.text
            url = resolve(link.base, unescape(given)) if given.strip() else ""
            if is_web_address(url, limits.url):
                return url
    url = resolve(head.base, head.attributes.get("href", ""))  # CDF
    return url if "alternate" in relations and "href" in head.attributes and is_web_address(url, limits.url) else None


def feed_language(head: Element) -> str | None:
    """Language tag of the whole."""
    return _tag(next(_texts(head, "language", "dc:language"), None)) or _tag(head.language) or _language(head)


def update_period(head: Element) -> timedelta | None:
    """How often a feed says it changes: `ttl` in minutes, or `sy:updatePeriod` by `sy:updateFrequency`."""
    ttl = next(_texts(head, "ttl"), "")
    if ttl.isascii() and ttl.isdigit() and int(ttl[:9]) > 0:
        return min(timedelta(minutes=int(ttl[:9])), _LONGEST_PERIOD)
    hours = _PERIODS.get(next(_texts(head, "sy:updateperiod"), "").lower())
    times = next(_texts(head, "sy:updatefrequency"), "1")
    if hours is None:
        return None
    number = int(times[:6]) if times.isascii() and times.isdigit() else 1
    return timedelta(hours=hours) / max(1, number)


def _texts(element: Element, *names: str) -> Iterator[str]:
    return (found for part in element.all(*names) if (found := part.text.strip()))


def _links(entry: Element, about: str | None) -> Iterator[str]:
    for part in entry.all(*_TRACKED):
        if part.text.strip():
            yield resolve(part.base, unescape(part.text))
    pages = [link for link in entry.all("link") if _leads_to_page(link)]
    for link in sorted(pages, key=lambda link: _type(link) not in _PAGES):
        given = link.attributes.get("href") or link.text or link.attributes.get("rdf:resource", "")
        if given.strip():
            yield resolve(link.base, unescape(given))
    if entry.attributes.get("href"):  # CDF
        yield resolve(entry.base, entry.attributes["href"])
    for guid in entry.all("guid"):
        permalink = guid.attributes.get("ispermalink", "true").strip().lower() != "false"
        if permalink and _names_host(guid.text):
            yield resolve(guid.base, unescape(guid.text))
    if about and _names_host(about):
        yield about.strip()


def _names_host(text: str) -> bool:
    return text.strip()[:8].lower().startswith(("http://", "https://"))


def _leads_to_page(link: Element) -> bool:
    return (link.attributes.get("rel") or "alternate").strip().lower() == "alternate"


def _type(link: Element) -> str:
    return link.attributes.get("type", "").partition(";")[0].strip().lower()


def _title(part: Element, limits: Limits) -> str | None:
    kind = part.attributes.get("type", "").strip().lower()
    text = part.text
    is_packed = part.attributes.get("mode") == "base64" or ("/" in kind and not kind.startswith("text/"))
    if is_packed and not part.has_markup and not kind.endswith("xml"):
        text = _unpacked(text)
    is_text = part.has_markup or kind in {"xhtml", "application/xhtml+xml"}
    return plain(text, limits.text, markup=not is_text)


def _unpacked(text: str) -> str:
    try:
        return decode(base64.b64decode(text, validate=False), charset=None, html=True) or ""
    except (binascii.Error, ValueError):
        return text


def _byline(entry: Element, limits: Limits) -> str | None:
    found: dict[str, None] = {}
    for part in entry.all(*_AUTHORS):
        names = [name for name in part.all("name") if name.text.strip()]
        for name in names or [part]:
            if person := _person(plain(name.text, 200)):
                found.setdefault(person)
    return ", ".join(found)[: limits.text] or None


def _person(text: str | None) -> str | None:
    """The name out of `mail@example.com (Name)` and `Name <mail@example.com>`; none where there is only an address."""
    if text is None or _ADDRESS_ALONE.fullmatch(text):
        return None
    mailed = _MAILED.fullmatch(text)
    return (mailed["after"] or mailed["before"]).strip() if mailed else text


def _publisher(entry: Element, limits: Limits) -> str | None:
    for source in entry.all("source"):
        titles = (_title(part, limits) for part in source.all("title"))
        if found := next((title for title in titles if title), None) or plain(source.text, limits.text):
            return found
    return next((name for text in _texts(entry, "dc:publisher") if (name := plain(text, limits.text))), None)


def _language(element: Element) -> str | None:
    stated = next(_texts(element, "language", "dc:language"), None)
    around = next((part.language for part in element.all("title")), None)
    return _tag(stated) or _tag(around)


def _tag(text: str | None) -> str | None:
    tag = (text or "").strip()
    return tag.replace("_", "-") if _LANGUAGE.fullmatch(tag) else None
