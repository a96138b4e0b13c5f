"""What an HTML page says of its article, outside the article's text, and where it says so.

Order of belief, for each value: JSON-LD, Open Graph, other meta tags, marked-up visible text, the URL. Dates that the
page does not state are never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice

from lxml.html import HtmlElement

from ingest.documents import Moment, Origin
from ingest.extract.bylines import read_byline, reporters
from ingest.extract.dates import Clock, find_moment, moment_in_url, read_future, read_moment
from ingest.extract.details import Details, read_details
from ingest.extract.lines import fold, length
from ingest.extract.linked_data import LinkedArticle, read_linked_data
from ingest.extract.titles import headings, same_headline, trim_site
from ingest.extract.urls import canonical_url, site_of

__all__ = ["Metadata", "read_metadata"]

_PUBLISHED = [
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "article:published",
    "rnews:datepublished",
    "datepublished",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "publication-date",
    "publisheddate",
    "published_time_telegram",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date.issued",
    "dcterms.issued",
    "dc.date",
    "dcterms.date",
    "dcterms.created",
    "dc.date.created",
    "citation_publication_date",
    "citation_date",
    "cxenseparse:recs:publishtime",
    "bt:pubdate",
    "pdate",
    "ptime",
    "originalpublicationdate",
    "article_date_original",
    "article.published",
    "article:post_date",
    "date_published",
    "published",
    "weibo:article:create_at",
    "date",
]
_MODIFIED = [
    "article:modified_time",
    "og:updated_time",
    "og:article:modified_time",
    "article:modified",
    "datemodified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
    "dc.date.modified",
    "article.updated",
    "weibo:article:update_at",
    "revised",
]
_AUTHOR = [
    "author",
    "article:author",
    "article:author_name",
    "og:author",
    "og:article:author",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "dcterms.creator",
    "byl",
    "citation_author",
    "cxenseparse:author",
    "rbauthors",
    "twitter:data1:by",
]
_PUBLISHER = [
    "og:site_name",
    "publisher",
    "dc.publisher",
    "dcterms.publisher",
    "application-name",
    "citation_publisher",
    "source",
    "mediaid",
]
_TITLE = [
    "og:title",
    "twitter:title",
    "dc.title",
    "dcterms.title",
    "citation_title",
    "parsely-title",
    "sailthru.title",
    "headline",
    "title",
]
_ARTICLE_TYPES = frozenset({"article", "news", "newsarticle", "blog", "story", "video.other"})
_BYLINE_CLASS = re.compile(
    (
        r"(?:^|[\s_-])(?:by-?line(?:-?(?:name|author))?|author(?:-?(?:name|title))?|article-?author|"
        r"post-?author|writer|credit-?name|p-author|fn)(?:$|[\s_-])"
    ),
    re.IGNORECASE,
)
_DATE_CLASS = re.compile(
    (
        r"(?:^|[\s_-])(?:date(?:line|time|-?published)?|pub(?:lish(?:ed)?)?(?:-?(?:date|time|info))?|"
        r"time(?:stamp)?|posted(?:-?on)?|entry-date|post-?date|article-?(?:date|time|info|meta)|"
        r"published|info|source|meta|pubtime)(?:$|[\s_-])"
    ),
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    (
        r"https?://|www\.|^@|\d{3}|^(?:admin|administrator|editor|author|staff|newsroom|web ?master|"
        r"null|none|unknown|anonymous|guest)$|[{}<>]"
    ),
    re.IGNORECASE,
)
_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}$")
_BY = re.compile(r"^\s*(?:by|von|par|por|di|文[／/:：]|作者[:：]?|[记記]者[:：]?)\s+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page says of its article; None where it does not.

    Attributes:
        title: Headline without the site's name; likewise the others as in `documents.Article`.
        headings: All forms in which the headline occurs, to find its repetitions by.
        body: The article's text where JSON-LD carries it.
        kinds: Types of all things that JSON-LD describes.
        details: Section, keywords, image, access.
        future_date: As in `documents.Article`.
        is_article: Whether the page calls itself an article, in JSON-LD, Open Graph or by a date of publication.
    """

    title: str | None = None
    title_origin: Origin | None = None
    byline: str | None = None
    byline_origin: Origin | None = None
    publisher: str | None = None
    publisher_origin: Origin | None = None
    published: Moment | None = None
    modified: Moment | None = None
    url: str | None = None
    language: str | None = None
    headings: tuple[str, ...] = ()
    body: str | None = None
    kinds: frozenset[str] = frozenset()
    details: Details = field(default_factory=Details)
    future_date: str | None = None
    is_article: bool = False


def _meta(tree: HtmlElement) -> dict[str, list[str]]:
    """Contents of meta tags by lower-case name, in the order of the page."""
    found: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop") or tag.get("http-equiv")
        content = tag.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower(), []).append(" ".join(content.split()))
    return found


def _texts(elements: Iterable[HtmlElement]) -> Iterator[str]:
    for element in elements:
        text = " ".join("".join(element.itertext()).split()) if sum(1 for _ in element.iter()) < 60 else ""
        if text:
            yield text


def _origin(name: str) -> Origin:
    return Origin.OPEN_GRAPH if name.startswith(("og:", "article:")) else Origin.META


def _publisher(linked: LinkedArticle, meta: dict[str, list[str]]) -> tuple[str | None, Origin | None]:
    if linked.publisher and length(linked.publisher) <= 80 and not linked.publisher.startswith("http"):
        return linked.publisher, Origin.JSON_LD
    for name in _PUBLISHER:
        for value in meta.get(name, ()):
            if length(value) <= 80 and not value.startswith(("http", "@")):
                return value.split(" | ")[0].strip(), _origin(name)
    return None, None


def _title(
    tree: HtmlElement, linked: LinkedArticle, meta: dict[str, list[str]], sites: tuple[str, ...]
) -> tuple[str | None, Origin | None, tuple[str, ...]]:
    """Headline, where it was read, and every form of it."""
    named = list(islice(_texts(tree.iter("title")), 1))
    stated: list[tuple[str, Origin]] = []
    if linked.headline:
        stated.append((linked.headline, Origin.JSON_LD))
    stated.extend((meta[name][0], _origin(name)) for name in _TITLE if name in meta)
    known = {fold(site) for site in sites}
    candidates = [(trim_site(text, sites), origin) for text, origin in stated]
    candidates = [(text, origin) for text, origin in candidates if fold(text) and fold(text) not in known]
    tail = [trim_site(text, sites) for text in named if fold(trim_site(text, sites)) not in known]
    keys = {fold(text) for text in (*tail, *(text for text, _ in candidates))}
    heads = [text for text in headings(tree.iter("h1"), keys) if 3 <= length(text) <= 400][:5]
    # the heading on the page is what its reader sees; the others are often cut short or made for search engines
    for heading in heads:
        key = fold(heading)
        if any(same_headline(text, key) for text in keys):
            return trim_site(heading, sites), Origin.VISIBLE, (heading, *(text for text, _ in candidates), *tail)
    forms = (*(text for text, _ in candidates), *tail, *heads)
    if candidates:
        return candidates[0][0], candidates[0][1], forms
    if len(heads) == 1 and fold(heads[0]) not in known:
        return trim_site(heads[0], sites), Origin.VISIBLE, forms
    return (tail[0], Origin.META, forms) if tail else (None, None, forms)


def _people(values: Iterable[str], publisher: str | None) -> str | None:
    """Names of people out of what stands for an author; None where that is a site, an address or a placeholder."""
    people: list[str] = []
    for given in values:
        value = _BY.sub("", given).strip(" .,;|")
        if _NOT_A_NAME.search(value):
            continue
        byline = read_byline(f"By {value}")
        name = byline.byline if byline and byline.byline else reporters(value) if length(value) <= 120 else None
        if not name or _NOT_A_NAME.search(name) or (publisher and fold(name) == fold(publisher)) or length(name) > 160:
            continue
        people.extend(part for part in name.split("; ") if part not in people)
    return "; ".join(people[:10]) or None


@lru_cache(maxsize=4096)
def _is_byline_class(names: str) -> bool:
    """Whether classes call something a byline; remembered, since a page repeats its classes, and a site its pages'."""
    return _BYLINE_CLASS.search(names) is not None


def _byline(
    tree: HtmlElement, linked: LinkedArticle, meta: dict[str, list[str]], publisher: str | None
) -> tuple[str | None, Origin | None]:
    found = _people(linked.authors, publisher)
    if found:
        return found, Origin.JSON_LD
    for name in _AUTHOR:
        found = _people(meta.get(name, ()), publisher)
        if found:
            return found, _origin(name)
    marked = tree.xpath("//*[@rel='author' or @itemprop='author' or @class or @data-testid='byline']")
    for element in marked[:4000] if isinstance(marked, list) else []:
        if not (
            element.get("rel") == "author"
            or element.get("itemprop") == "author"
            or _is_byline_class(element.get("class") or "")
        ):
            continue
        text = next(_texts([element]), "")
        if 2 <= length(text) <= 120:
            byline = read_byline(text) or read_byline(f"By {text}")
            found = _people([byline.byline], publisher) if byline and byline.byline else None
            if found:
                return found, Origin.VISIBLE
    return None, None


def _near_headline(tree: HtmlElement) -> Iterator[HtmlElement]:
    """The elements around the first main heading, nearest first: where a page puts its date, and sidebars are not."""
    heading = next(tree.iter("h1"), None)
    if heading is None:
        return
    for level, ancestor in enumerate(heading.iterancestors()):
        if level >= 4 or ancestor.tag in {"body", "html"}:
            return
        yield ancestor


def _marked_date(element: HtmlElement, clock: Clock) -> Moment | None:
    text = element.get("content") or element.get("datetime") or next(_texts([element]), "")
    return read_moment(text, clock, Origin.VISIBLE)


def _visible_date(tree: HtmlElement, clock: Clock) -> Moment | None:
    """The date that the page shows: `itemprop`, `<time>`, then what is called a date beside the headline."""
    around = list(_near_headline(tree))
    groups: list[Iterable[HtmlElement]] = [
        tree.xpath("//*[@itemprop='datePublished' or @itemprop='dateCreated' or @pubdate]"),
        *(ancestor.iter("time") for ancestor in around),
        tree.xpath("//article//time | //main//time"),
    ]
    for group in groups:
        moment = next(filter(None, (_marked_date(element, clock) for element in islice(group, 3))), None)
        if moment:
            return moment
    for ancestor in around:
        for element in islice(ancestor.iter(), 400):
            called = f"{element.get('class') or ''} {element.get('id') or ''}"
            if called.strip() and _DATE_CLASS.search(called):
                text = next(_texts([element]), "")
                moment = find_moment(text, clock) if 6 <= len(text) <= 160 else None
                if moment:
                    return moment
    times = list(islice(tree.iter("time"), 2))
    return _marked_date(times[0], clock) if len(times) == 1 else None


def _dates(
    tree: HtmlElement, linked: LinkedArticle, meta: dict[str, list[str]], clock: Clock, url: str | None
) -> tuple[Moment | None, Moment | None]:
    def stated(names: list[str], first: str | None) -> Moment | None:
        moment = read_moment(first, clock, Origin.JSON_LD)
        for name in names:
            for value in meta.get(name, ()):
                moment = moment or read_moment(value, clock, _origin(name))
        return moment

    published = stated(_PUBLISHED, linked.published) or _visible_date(tree, clock) or moment_in_url(url, clock)
    modified = stated(_MODIFIED, linked.modified)
    if published and modified and modified.earliest < published.earliest and modified.day != published.day:
        modified = None
    return published, modified


def _language(tree: HtmlElement, linked: LinkedArticle, meta: dict[str, list[str]]) -> str | None:
    root: HtmlElement | None = tree if tree.tag == "html" else tree.find(".//html")
    attributes = () if root is None else (root.get("lang"), root.get("xml:lang"))
    stated = (linked.language, *meta.get("og:locale", ()), *meta.get("content-language", ()))
    values: tuple[str | None, ...] = (*attributes, *stated)
    for value in values:
        if value and _LANGUAGE.match(value.strip()):
            return value.strip().replace("_", "-")
    return None


def read_metadata(tree: HtmlElement, *, url: str | None, clock: Clock) -> Metadata:
    """Read what a page says of its article.

    Args:
        tree: The parsed page.
        url: Where it was found, if known.
        clock: For dates.
    """
    linked, meta = read_linked_data(tree), _meta(tree)
    links = [link for link in tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    base = next((tag.get("href") for tag in tree.iter("base") if tag.get("href")), None)
    addresses = [*(link.get("href") for link in links), *meta.get("og:url", ()), linked.url]
    address = canonical_url(url or base, addresses, base)
    publisher, publisher_origin = _publisher(linked, meta)
    host = site_of(address)
    names = (publisher, *meta.get("og:site_name", ()), host, host.split(".")[0] if host else None)
    sites = tuple(dict.fromkeys(name for name in names if name))
    title, title_origin, headings = _title(tree, linked, meta, sites)
    byline, byline_origin = _byline(tree, linked, meta, publisher)
    published, modified = _dates(tree, linked, meta, clock, address)
    stated = (linked.published, *(value for name in _PUBLISHED for value in meta.get(name, ())))
    futures = (read_future(value, clock, Origin.META) for value in stated)
    return Metadata(
        title=title,
        title_origin=title_origin,
        byline=byline,
        byline_origin=byline_origin,
        publisher=publisher,
        publisher_origin=publisher_origin,
        published=published,
        modified=modified,
        url=address,
        language=_language(tree, linked, meta),
        headings=headings,
        body=linked.body,
        kinds=linked.kinds,
        details=read_details(linked, meta, base=base or address, sites=sites),
        future_date=next(filter(None, futures), None) if published is None else None,
        is_article=bool(
            linked.headline
            or linked.published
            or any(value.lower() in _ARTICLE_TYPES for value in meta.get("og:type", ()))
            or any(name in meta for name in _PUBLISHED[:3])
        ),
    )
