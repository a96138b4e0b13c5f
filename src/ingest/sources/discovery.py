"""Where a site may have feeds and sitemaps: what its page links to, what its robots.txt names, and the usual places."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml import etree

from ingest.decode import decode, sniff
from ingest.documents import Candidate, Finding, SourceKind
from ingest.extract.urls import canonical_url
from ingest.sources.addresses import is_web_address, resolve
from ingest.sources.plain_text import plain

__all__ = ["find_feeds", "ranked", "robots_sitemaps", "usual_places"]

_MOST = 50  # a page of a thousand links to feeds is a directory, not a site
_LONGEST_URL = 2_000
_LONGEST_TITLE = 200
_PIECE = 65_536
_MOST_TEXT = 5_000_000
_FEED_TYPES = re.compile(
    r"(?:application|text)/(?:x[.-])?(?:(?:rss|atom|rdf|feed)(?:\+?(?:xml|json))?|feed\+json)", re.IGNORECASE
)
# These types are a feed's only where the address looks like one: they name other things as well.
_VAGUE_TYPES = frozenset({"application/xml", "text/xml", "application/json"})
_STEP = re.compile(r"(?:^|/)(?:rss|atom|feeds?|rdf|xml-?feed|jsonfeed)\d?(?:[/.]|$)", re.IGNORECASE)
_FILE = re.compile(
    r"\.(?:rss|atom|rdf)$|(?:^|[/_-])(?:rss|atom|feeds?)\d?(?:[_-][\w-]{1,40})?\.(?:xml|json|php|aspx?)$|(?:^|/)index\.xml$",
    re.IGNORECASE,
)
_HOST = re.compile(r"^(?:feeds?|rss)\d?\.", re.IGNORECASE)
_SITEMAP = re.compile(r"(?:^|/)(?:news-?)?sitemap[\w.-]{0,60}\.(?:xml|txt)(?:\.gz)?$", re.IGNORECASE)
# A page about feeds, a reader's button, a picture of the icon: it has the word, and is no feed.
_NO_FEED = re.compile(r"\.(?:html?|png|gif|jpe?g|svg|css|js|pdf|zip|mp3|mp4|webp|ico)$", re.IGNORECASE)
_READERS = re.compile(
    r"(?:^|\.)(?:feedly|netvibes|newsblur|inoreader|theoldreader|bloglines|facebook|twitter|x|linkedin|pinterest|weibo|"
    r"instagram|addtoany)\.com$",
    re.IGNORECASE,
)
_COMMENTS = re.compile(r"(?:^|[/._?&=-])(?:comments?|replies|trackback)(?:[/._?&=-]|$)|评论|評論|回應", re.IGNORECASE)
_COMMENT_TITLE = re.compile(r"\bcomments?\b|\breplies\b|评论|評論|回應|回应", re.IGNORECASE)
_ROBOTS_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
_USUAL = (
    ("feed", SourceKind.FEED),
    ("rss.xml", SourceKind.FEED),
    ("sitemap.xml", SourceKind.SITEMAP),
    ("feed.xml", SourceKind.FEED),
    ("rss", SourceKind.FEED),
    ("atom.xml", SourceKind.FEED),
    ("index.xml", SourceKind.FEED),
    ("sitemap_index.xml", SourceKind.SITEMAP),
    ("news-sitemap.xml", SourceKind.SITEMAP),
    ("feed.json", SourceKind.FEED),
    ("?feed=rss2", SourceKind.FEED),
    ("feeds/posts/default", SourceKind.FEED),
)
_RANKS = {finding: rank for rank, finding in enumerate(Finding)}


def find_feeds(html: bytes, *, content_type: str | None, base_url: str) -> tuple[Candidate, ...]:
    """Find what a page links to that may be a feed or a sitemap.

    Args:
        html: The page; any bytes.
        content_type: The header of the answer.
        base_url: The address that answered; relative links count from it, or from the page's `<base>`.

    Returns:
        At most 50 candidates, no two with one canonical address, best first: what the page declares
        (`<link rel="alternate">`) before what it links to, feeds of comments last. Never raises.
    """
    if sniff(html) is not None:
        return ()
    charset = re.search(r"charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{2,40})", content_type or "", re.IGNORECASE)
    text = decode(html, charset=charset[1] if charset else None, html=True)
    if not text or not text.strip():
        return ()
    links = _Links(base_url)
    parser = etree.HTMLParser(target=links, encoding="utf-8", no_network=True)  # type: ignore[arg-type]  # as in `markup`
    content = text[:_MOST_TEXT].encode()
    try:
        for at in range(0, len(content), _PIECE):
            parser.feed(content[at : at + _PIECE])
        parser.close()
    except (etree.LxmlError, UnicodeDecodeError):  # what was found before stands
        pass
    return ranked(links.found)


def robots_sitemaps(robots: bytes, *, base_url: str) -> tuple[Candidate, ...]:
    """Give the sitemaps that a robots.txt names.

    Args:
        robots: The file; any bytes. An answer that is a page of HTML names none.
        base_url: Its address; a relative `Sitemap` line, which the standard forbids, counts from it.
    """
    text = robots[:500_000].decode("utf-8", "replace").replace("\r", "\n")
    urls = (resolve(base_url, found[1]) for found in _ROBOTS_LINE.finditer(text))
    return ranked(
        Candidate(url=url, kind=SourceKind.SITEMAP, finding=Finding.ROBOTS)
        for url in urls
        if is_web_address(url, _LONGEST_URL)
    )


def usual_places(base_url: str) -> tuple[Candidate, ...]:
    """Guess where a site keeps feeds and sitemaps: at most 12 places, the likeliest first.

    Args:
        base_url: Any page of the site.
    """
    root = urljoin(base_url, "/")
    if not is_web_address(root, _LONGEST_URL):
        return ()
    return tuple(Candidate(url=root + place, kind=kind, finding=Finding.USUAL_PLACE) for place, kind in _USUAL)


def ranked(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Put candidates in order and drop those that lead to the same place: the surer finding, comments last, as found.

    Args:
        candidates: In the order in which they were found, from any of these functions.
    """
    ordered = sorted(candidates, key=lambda candidate: (_is_of_comments(candidate), _RANKS[candidate.finding]))
    kept: dict[str, Candidate] = {}
    for candidate in ordered:
        same = (canonical_url(candidate.url, ()) or candidate.url).partition("://")[2].rstrip("/")
        kept.setdefault(same, candidate)
        if len(kept) == _MOST:
            break
    return tuple(kept.values())


def _is_of_comments(candidate: Candidate) -> bool:
    parts = urlsplit(candidate.url)
    return bool(_COMMENTS.search(f"{parts.path}?{parts.query}") or _COMMENT_TITLE.search(candidate.title or ""))


class _Links:
    """Takes the elements of a page (a target of lxml), and keeps those that lead to feeds."""

    def __init__(self, base: str) -> None:
        self._base = base
        self._has_base = False
        self._found: list[Candidate] = []
        self._anchor: str | None = None
        self._words: list[str] = []

    @property
    def found(self) -> Iterator[Candidate]:
        yield from self._found

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if len(self._found) >= 20 * _MOST:
            return
        href = attributes.get("href", "").strip()
        if tag == "base" and href and not self._has_base:  # only the first one counts
            self._base, self._has_base = resolve(self._base, href), True
        elif tag == "link" and href:
            self._link(href, attributes)
        elif tag == "a":
            self._end_anchor()
            url = resolve(self._base, href) if href else ""
            self._anchor = url if _kind_of(url) is not None and is_web_address(url, _LONGEST_URL) else None
            self._words = [attributes.get("title", "")]

    def data(self, text: str) -> None:
        if self._anchor and len(self._words) < 20:
            self._words.append(text[:_LONGEST_TITLE])

    def end(self, tag: str) -> None:
        if tag == "a":
            self._end_anchor()

    def close(self) -> None:
        self._end_anchor()

    def _end_anchor(self) -> None:
        if self._anchor is not None:
            words = next(
                (found for word in ("".join(self._words[1:]), self._words[0]) if (found := _title(word))), None
            )
            self._add(self._anchor, _kind_of(self._anchor), Finding.ANCHOR, words)
        self._anchor = None

    def _link(self, href: str, attributes: Mapping[str, str]) -> None:
        relations = attributes.get("rel", "").lower().split()
        kind = attributes.get("type", "").partition(";")[0].strip().lower()
        url = resolve(self._base, href)
        looks = _kind_of(url)
        if "sitemap" in relations:
            self._add(url, SourceKind.SITEMAP, Finding.LINK, None)
        elif {"alternate", "feed"} & set(relations) and "stylesheet" not in relations:
            is_feed = bool(_FEED_TYPES.fullmatch(kind)) or "feed" in relations
            is_vague = (kind in _VAGUE_TYPES or not kind) and looks is SourceKind.FEED and "hreflang" not in attributes
            if is_feed or is_vague:
                self._add(url, SourceKind.FEED, Finding.LINK, _title(attributes.get("title", "")))

    def _add(self, url: str, kind: SourceKind | None, finding: Finding, title: str | None) -> None:
        if kind is not None and is_web_address(url, _LONGEST_URL):
            self._found.append(Candidate(url=url, kind=kind, finding=finding, title=title))


def _title(text: str) -> str | None:
    return plain(text, _LONGEST_TITLE)


def _kind_of(url: str) -> SourceKind | None:
    """What an address looks like, judged by its words alone."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    if _READERS.search(parts.hostname or "") or _NO_FEED.search(path):
        return None
    if _SITEMAP.search(path):
        return SourceKind.SITEMAP
    asked = dict(parse_qsl(parts.query[:500], keep_blank_values=True, max_num_fields=100)) if parts.query else {}
    by_query = asked.get("feed", "").lower().startswith(("rss", "atom", "rdf")) or asked.get("type") == "100"
    named = {asked.get(name, "").lower() for name in ("format", "output", "alt", "type")}
    by_query = by_query or not named.isdisjoint({"rss", "atom", "feed"})
    if by_query or _FILE.search(path) or _STEP.search(path) or (_HOST.search(parts.netloc) and path):
        return SourceKind.FEED
    return None
