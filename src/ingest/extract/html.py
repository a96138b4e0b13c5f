"""Pages that arrive as HTML: body through trafilatura, metadata from the page, then the same cleaning as any text."""

from __future__ import annotations

import re
import warnings

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from ingest.documents import Access, Article, Dropped, Origin, Page, Reason
from ingest.extract.cleaning import Cleaned, clean
from ingest.extract.dates import Clock, read_future, read_moment
from ingest.extract.details import is_stub
from ingest.extract.lines import length
from ingest.extract.markup import flatten, has_many_tags, is_deep, plain_reading
from ingest.extract.metadata import Metadata, read_metadata
from ingest.extract.pages import DETAILS, characters_linked, is_links, recognise, text_shown
from ingest.extract.plain import drop, read_text
from ingest.extract.searches import hasten

with warnings.catch_warnings():
    # its downloader, which is never used, tries for SOCKS proxies at import and warns that there are none
    warnings.filterwarnings("ignore", message="SOCKS support")
    import trafilatura
    from trafilatura import xpaths

__all__ = ["from_html", "read"]

_LARGE = 3_000_000  # characters beyond which trafilatura's second opinions cost more than they bring
_THIN = 0.35  # share of the page's paragraphs below which the text may be a summary
_SUMMARY = 2_000  # characters beyond which no text is one
_BRIEF = 500  # characters of a text that may be all there is, or a caption beside a story in unusual markup
_LEAST = 120  # size of the shortest text that is an article when nothing else says so
_SILENT = ("style", "noscript", "template", "svg", "link", "meta", "iframe")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)


# One class for all elements: lxml.html's own look-up calls Python for each that is touched, to tell forms from others.
_CLASSES = etree.ElementDefaultClassLookup(element=HtmlElement)
hasten(
    xpaths.BODY_XPATH,
    xpaths.DISCARD_IMAGE_ELEMENTS,
    xpaths.OVERALL_DISCARD_XPATH,
    xpaths.PRECISION_DISCARD_XPATH,
    xpaths.RAW_TREE_PRUNE_XPATH,
    xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH,
    xpaths.REMOVE_COMMENTS_XPATH,
    xpaths.TEASER_DISCARD_XPATH,
)


def _tree(source: str) -> HtmlElement | None:
    """Parse HTML; None where nothing in it makes a tree."""
    parser = lxml.html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, recover=True
    )
    parser.set_element_class_lookup(_CLASSES)
    try:
        tree = lxml.html.document_fromstring(_DECLARATION.sub("", source).encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    return tree if isinstance(tree, HtmlElement) else None


def _lighten(tree: HtmlElement) -> None:
    """Take out of a tree, once it was asked for metadata, what shows no text: every later search goes through the rest.

    JSON-LD stays, from which trafilatura knows a forum.
    """
    etree.strip_elements(tree, *_SILENT, with_tail=False)
    for script in list(tree.iter("script")):
        if "ld+json" not in (script.get("type") or "").lower():
            script.drop_tree()


def _read(tree: HtmlElement, *, fast: bool, precise: bool) -> str:
    """The article's text as trafilatura sees it, one block a line.

    Its deduplication stays off: that remembers texts across pages, so that the outcome would hang on what came before.
    """
    found = trafilatura.extract(
        tree, fast=fast, favor_precision=precise, include_comments=False, include_tables=True, deduplicate=False
    )
    return found or ""


def _body(tree: HtmlElement, size: int) -> str:
    """The article's text, one block a line.

    Trafilatura's preference for precision is right more often than its default, and its second opinions (readability,
    jusText), which take half of its time, change the text of few pages: those on which it finds hardly any. Only then
    are they asked. Now and then it takes a summary for the whole: where it holds little of what stands in paragraphs,
    the default is asked, too, and believed if it finds much more.
    """
    text = _read(tree, fast=True, precise=True)
    paragraphs = sum(len(text) for paragraph in tree.iter("p") for text in paragraph.itertext())
    if size <= _LARGE and _is_brief(text, tree, paragraphs):
        second = _read(tree, fast=False, precise=True)
        text = second if len(second) > len(text) else text
    if text and len(text) >= min(_SUMMARY, _THIN * paragraphs):
        return text
    full = _read(tree, fast=True, precise=False)
    return full if len(full) > 2 * len(text) else text


def _is_brief(text: str, tree: HtmlElement, paragraphs: int) -> bool:
    """Whether a text is hardly any, by itself, or beside what a page shows that writes no paragraphs."""
    if len(text) < _BRIEF:
        return True
    return paragraphs < _BRIEF and len(text) < _THIN * (len(text_shown(tree)) - characters_linked(tree))


def _stands(text: str, meta: Metadata) -> bool:
    """Whether a text is enough to be an article: long enough, or short where the page says that it is one."""
    size = length(text)
    if size < (_LEAST if meta.published is None else 40):
        return False
    return any(length(line) >= 40 and sum(map(str.isalpha, line)) >= 12 for line in text.split("\n"))


def _article(page: Page, meta: Metadata, cleaned: Cleaned, clock: Clock, *, stub: bool) -> Article:
    said, hints, details = cleaned.evidence, page.hints, meta.details
    title, title_origin = meta.title, meta.title_origin
    if title is None and (said.title or hints.title):
        title, title_origin = said.title or hints.title, Origin.VISIBLE if said.title else Origin.RECORD
    byline, byline_origin = meta.byline, meta.byline_origin
    if byline is None and (said.byline or hints.byline):
        byline, byline_origin = said.byline or hints.byline, Origin.VISIBLE if said.byline else Origin.RECORD
    publisher, publisher_origin = meta.publisher, meta.publisher_origin
    if publisher is None and (said.publisher or hints.publisher):
        publisher = said.publisher or hints.publisher
        publisher_origin = Origin.VISIBLE if said.publisher else Origin.RECORD
    published = meta.published
    if said.published and (published is None or published.origin is Origin.URL):
        published = said.published
    published = published or read_moment(hints.published, clock, Origin.RECORD)
    return Article(
        text=cleaned.text,
        title=title,
        byline=byline,
        publisher=publisher,
        url=meta.url,
        published=published,
        modified=meta.modified or said.modified,
        declared_language=meta.language,
        cuts=cleaned.cuts,
        boilerplate=cleaned.boilerplate,
        title_origin=title_origin,
        byline_origin=byline_origin,
        publisher_origin=publisher_origin,
        section=details.section,
        section_origin=details.section_origin,
        keywords=details.keywords,
        keywords_origin=details.keywords_origin,
        image=details.image,
        image_origin=details.image_origin,
        access=Access.STUB if stub else details.access,
        access_origin=Origin.VISIBLE if stub else details.access_origin,
        future_date=None if published else meta.future_date or read_future(hints.published, clock, Origin.RECORD),
    )


def _nothing(page: Page, *, deep: bool) -> Dropped:
    if deep:
        return drop(
            page,
            Reason.NESTED_TOO_DEEP,
            "The HTML is nested beyond what can be parsed and holds no plain text either; nothing can be read from it.",
        )
    return drop(
        page,
        Reason.NO_ARTICLE,
        "The HTML holds no article text; it may be filled in by scripts; save it from a browser.",
    )


def from_html(page: Page, source: str, clock: Clock) -> Article | Dropped:
    """Read an HTML page.

    Args:
        page: The page.
        source: Its content, decoded.
        clock: For dates.

    Returns:
        The article, or why there is none: `no_article`, or `nested_too_deep` where wrappers beyond the parser's depth
        were dropped and still nothing could be read.
    """
    tree, size = _tree(source), len(source)
    deep = tree is not None and is_deep(tree)
    if deep:
        shallow = flatten(source)
        tree, size = _tree(shallow), len(shallow)
    if tree is None:
        meta, text = Metadata(), ""
    else:
        meta = read_metadata(tree, url=page.url, clock=clock)
        _lighten(tree)
        if is_links(tree, meta):
            reason = recognise(tree, meta, "", stands=False) or Reason.INDEX_PAGE
            return drop(page, reason, DETAILS[reason])
        try:
            text = plain_reading(source) if has_many_tags(source) else _body(tree, size)
        except Exception as failure:  # noqa: BLE001 - a library's defect on one page costs that page
            detail = f"The HTML parser failed ({type(failure).__name__}); save the page again, or as plain text."
            return drop(page, Reason.PARSER_FAILED, detail)
        text = text or meta.body or ""
    cleaned = clean(text, meta.headings, clock)
    if not _stands(cleaned.text, meta) and deep:
        cleaned = clean(plain_reading(source), meta.headings, clock)
    stands = _stands(cleaned.text, meta)
    other = None if tree is None else recognise(tree, meta, cleaned.text, stands=stands)
    if other:
        return drop(page, other, DETAILS[other])
    if not stands:
        return _nothing(page, deep=deep)
    stub = tree is not None and is_stub(tree, cleaned.text, meta.details.access)
    return _article(page, meta, cleaned, clock, stub=stub)


def read(page: Page, clock: Clock) -> Article | Dropped:
    """Decode and read an HTML page, with nothing to stop it; see `guard`."""
    text = read_text(page)
    return text if isinstance(text, Dropped) else from_html(page, text, clock)
