"""What a feed, a sitemap or a list of addresses says, before any page of it is fetched."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from ingest.documents.pages import Hints

__all__ = [
    "Candidate",
    "Child",
    "Entry",
    "Finding",
    "Format",
    "Lead",
    "Limits",
    "Listing",
    "ListingFlaw",
    "Problem",
    "ProblemKind",
    "SourceKind",
    "Subscription",
    "Unlisted",
]


class SourceKind(StrEnum):
    """What sort of source it is; decides who reads its answer."""

    FEED = "feed"  # RSS, Atom, JSON Feed
    SITEMAP = "sitemap"  # a sitemap, a sitemap index, a Google News sitemap
    URLS = "urls"  # a list of addresses, one a line
    PAGE = "page"  # a single page
    FOLDER = "folder"  # files below a folder
    JSONL = "jsonl"  # a file of JSON lines
    WARC = "warc"  # web archives


class Format(StrEnum):
    """The form in which a listing came."""

    RSS = "rss"  # 0.9x, 1.0 and 2.0
    ATOM = "atom"
    JSON_FEED = "json-feed"
    SITEMAP = "sitemap"
    SITEMAP_INDEX = "sitemap-index"
    URLS = "urls"


class ListingFlaw(StrEnum):
    """Why an answer is no listing at all; a closed set."""

    EMPTY = "empty"  # no bytes, or only white space
    HTML = "html"  # a page where a feed or sitemap was expected
    NOT_A_LISTING = "not_a_listing"  # none of the formats
    MALFORMED = "malformed"  # begins as one of the formats, and cannot be read as it even leniently
    ENTITIES = "entities"  # declares entities, which could expand without bound
    UNDECODABLE = "undecodable"  # no encoding reads the bytes as text
    TOO_DEEP = "too_deep"  # nested deeper than any feed is


class ProblemKind(StrEnum):
    """What is wrong with a listing that can be read all the same; a closed set."""

    NOT_WELL_FORMED = "not_well_formed"  # read leniently
    NO_LINK = "no_link"  # an entry without an address
    BAD_LINK = "bad_link"  # an address that is none, or no http(s)
    DUPLICATE_ID = "duplicate_id"  # two entries share an id; those after the first lose it
    DUPLICATE_LINK = "duplicate_link"  # two entries share an address; those after the first are left out
    BAD_DATE = "bad_date"  # a date that cannot be read
    FUTURE_DATE = "future_date"  # a date more than a day ahead: no hint
    OTHER_HOST = "other_host"  # a sitemap names an address of another host; kept, for robots.txt may vouch for it
    TOO_MANY_ENTRIES = "too_many_entries"  # those beyond the limit are left out


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a listing is read.

    Attributes:
        entries: At most so many entries, in the order of the listing.
        children: At most so many further sitemaps of an index.
        text: Characters of a title, byline or id that are kept.
        url: Characters of an address; a longer one is a `bad_link`.
        depth: Elements within elements.
    """

    entries: int = 50_000
    children: int = 1_000
    text: int = 1_000
    url: int = 2_000
    depth: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a listing.

    Attributes:
        url: Absolute address of the page, http or https, as given: relative ones are resolved, nothing else is folded.
        id: What the listing itself knows it by (`guid`, `atom:id`, `id`); None where it gives none.
        hints: Title, byline, publisher and date of publication. The date is ISO 8601, with the zone if it has one.
        updated: When it was last changed, likewise (`atom:updated`, `lastmod`, `date_modified`).
        language: Language tag that the listing gives the item.
        position: Its place in the listing, from 0.
    """

    url: str
    id: str | None = None
    hints: Hints = field(default_factory=Hints)
    updated: str | None = None
    language: str | None = None
    position: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A further sitemap that an index names, and when it was last changed, ISO 8601."""

    url: str
    updated: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with a listing that can be read all the same.

    Attributes:
        kind: What.
        count: How often.
        example: The first piece of it, cut to a line: an address, a date as given.
    """

    kind: ProblemKind
    count: int = 1
    example: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What a feed, a sitemap or a list of addresses holds.

    Attributes:
        format: The form in which it came.
        entries: Its items, in its order; no two with the same address.
        children: Further sitemaps, of an index.
        title: What it calls itself.
        home: The page that it stands for (`channel/link`, `rel=alternate`, `home_page_url`).
        language: Language tag of the whole.
        url: Where it says that it lives (`rel=self`, `feed_url`).
        next_url: The next, older piece of it (`rel=next`, `next_url`; RFC 5005).
        hub: Where it offers to push (`rel=hub`).
        update_period: How often it says it changes: `ttl`, or `sy:updatePeriod` and `sy:updateFrequency`.
        skip_hours: Hours of the day, 0 to 23 in UTC, in which it asks not to be fetched.
        skip_days: Days of the week, 0 for Monday, likewise.
        problems: What is wrong with it, one for each kind.
    """

    format: Format
    entries: tuple[Entry, ...] = ()
    children: tuple[Child, ...] = ()
    title: str | None = None
    home: str | None = None
    language: str | None = None
    url: str | None = None
    next_url: str | None = None
    hub: str | None = None
    update_period: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    skip_days: frozenset[int] = frozenset()
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlisted:
    """An answer that is no listing: why, and one sentence for people. A value, never an exception."""

    flaw: ListingFlaw
    detail: str


class Finding(StrEnum):
    """How a feed or sitemap of a site was found; the surer first."""

    ITSELF = "itself"  # the address given is one
    LINK = "link"  # <link rel="alternate" type="application/rss+xml">
    ROBOTS = "robots"  # a Sitemap line of robots.txt
    ANCHOR = "anchor"  # <a href> that looks like one
    USUAL_PLACE = "usual-place"  # /feed, /rss.xml, /sitemap.xml, …: a guess that has to be fetched to be believed


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A feed or sitemap that a site may have."""

    url: str
    kind: SourceKind
    finding: Finding
    title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A source as OPML and TOML carry it.

    Attributes:
        url: Where it is; a path, of a folder.
        kind: What sort.
        name: What people call it; None: one is made from its title or address.
        home: The page that it stands for.
        time_zone: IANA zone for times that carry none.
        every: Seconds between two visits, at least 60; None: by its own rhythm.
        categories: Folders of an OPML outline that it lay in, outermost first.
    """

    url: str
    kind: SourceKind = SourceKind.FEED
    name: str | None = None
    home: str | None = None
    time_zone: str = ""
    every: int | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A page that a source told of and that has not been fetched.

    Attributes:
        source: Name of the source.
        key: Its identity within the source, as of `Page`: its canonical URL.
        entry: What the source's listing says of it.
        time_zone: As of `Page`.
    """

    source: str
    key: str
    entry: Entry
    time_zone: str = ""
