"""What is left of a page: clean text, its metadata, what was cut, and its language."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ingest.documents.moments import Moment, Origin

__all__ = ["Access", "Article", "Boilerplate", "Cut", "CutReason", "Fingerprint", "Language", "Share"]


class Access(StrEnum):
    """Who may read an article on its page."""

    FREE = "free"  # anybody, as the page says
    METERED = "metered"  # anybody, a few a month
    PAYWALLED = "paywalled"  # those who pay; the text may be whole all the same
    STUB = "stub"  # the text is only the beginning: the page asks to subscribe or log in for the rest


class CutReason(StrEnum):
    """Why a piece of a page is not part of its article."""

    REPEATED_HEADLINE = "repeated_headline"
    REPEATED_TEXT = "repeated_text"
    DATELINE = "dateline"
    BYLINE = "byline"
    RELEASE_TIME = "release_time"
    PUBLISHER = "publisher"
    CAPTION = "caption"
    SHARE = "share"  # share, subscribe, follow-us and newsletter lines
    READ_MORE = "read_more"
    RELATED_STORY = "related_story"  # teasers of other stories
    NAVIGATION = "navigation"
    PAGE_NUMBER = "page_number"
    GARBLED = "garbled"  # what is left of characters that an earlier hand could not encode
    CONTACT = "contact"  # press contacts: names, e-mail addresses, telephone numbers
    LEGAL = "legal"  # disclaimers, forward-looking statements, copyright
    ABOUT = "about"  # a release's 'About the company'


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """A piece that cleaning took out of the text, kept so that it can be shown.

    Attributes:
        text: What was cut, as it stood.
        reason: Why.
        position: Offset in `Article.text` at which it stood.
    """

    text: str
    reason: CutReason
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Boilerplate:
    """A stretch that stays in the text but says nothing of the story: topics and agreements never come from it."""

    start: int
    end: int
    reason: CutReason


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A cleaned article.

    Attributes:
        text: Body without headline and page furniture, NFC, an empty line between paragraphs, no control characters but
            the line feed, no lone surrogates. Never empty.
        title: Headline, without the site's name where that can be told.
        byline: Authors as given, without 'By' and e-mail address; several are joined by '; '.
        publisher: Name of the outlet.
        url: Canonical URL.
        published: When it was published; None where the document does not say (never guessed).
        modified: When it was last changed, likewise.
        declared_language: Language tag that the page declares, if it does.
        cuts: What cleaning removed, in the order of the text.
        boilerplate: What stays in `text` but is not the story, in order, not overlapping.
        title_origin: Where the title was read; likewise for all that end so.
        section: The desk or column that it ran in, as its publisher calls it.
        keywords: Its publisher's keywords, without repetitions.
        image: Address of the picture that stands for it.
        access: Who may read it on its page; None where the page does not say.
        future_date: A date of publication that the page states and that lies in the future, ISO 8601 as far as given:
            never believed, and kept for whoever asks why there is none.
    """

    text: str
    title: str | None = None
    byline: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: Moment | None = None
    modified: Moment | None = None
    declared_language: str | None = None
    cuts: tuple[Cut, ...] = ()
    boilerplate: tuple[Boilerplate, ...] = ()
    title_origin: Origin | None = None
    byline_origin: Origin | None = None
    publisher_origin: Origin | None = None
    section: str | None = None
    section_origin: Origin | None = None
    keywords: tuple[str, ...] = ()
    keywords_origin: Origin | None = None
    image: str | None = None
    image_origin: Origin | None = None
    access: Access | None = None
    access_origin: Origin | None = None
    future_date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """A language and the share of the text's letters that is written in it, 0 to 1."""

    tag: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The language of a text.

    Attributes:
        tag: BCP 47: `en`, `zh-Hans`, `zh-Hant`, `ja`, …; `und` where there is too little text to tell.
        confidence: 0 to 1.
        others: Further languages of a mixed document, largest share first.
    """

    tag: str
    confidence: float
    others: tuple[Share, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """What `deduplicate` needs to find a text again.

    Attributes:
        text_sha256: Hex digest of the normalised text; equal digests are exact duplicates.
        bands: Keys of the MinHash bands, signed 64-bit.
        scheme: Version of normalisation, shingling and banding; bands of different schemes are not comparable.
    """

    text_sha256: str
    bands: tuple[int, ...]
    scheme: int
