"""Names of elements, whatever prefix a listing gives its namespaces."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["PREFIXES", "name_of"]

PREFIXES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "pheedo": "http://www.pheedo.com/namespace/pheedo",
    "prism": "http://prismstandard.org/namespaces/basic/2.0/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
# The formats' own, in all the spellings that were ever official or common; their elements go by their bare names.
_OWN = (
    "http://www.w3.org/2005/atom",
    "http://purl.org/atom/",
    "http://example.com/newformat#",  # Atom before it had a name
    "http://example.com/necho",
    "http://purl.org/echo/",
    "uri/of/echo/namespace#",
    "http://purl.org/pie/",
    "http://purl.org/rss/1.0/",
    "http://purl.org/net/rss1.1#",
    "http://my.netscape.com/rdf/simple/0.9/",
    "http://channel.netscape.com/rdf/simple/0.9/",
    "http://my.netscape.com/publish/formats/rss-0.91.dtd",
    "http://backend.userland.com/",
    "http://blogs.law.harvard.edu/tech/rss",
    "http://cyber.law.harvard.edu/rss",
    "http://www.rssboard.org/",
    "http://www.w3.org/2000/08/w3c-synd/",
    "http://www.sitemaps.org/schemas/sitemap/",
    "https://www.sitemaps.org/schemas/sitemap/",
    "http://sitemaps.org/schemas/sitemap/",
    "http://www.google.com/schemas/sitemap/",
    "https://www.google.com/schemas/sitemap/",
    "http://opml.org/",
    "http://www.opml.org/",
)
_PREFIX_OF = {uri.lower().rstrip("/#"): prefix for prefix, uri in PREFIXES.items() if prefix != "atom"}
_VARIANTS = {
    "http://www.google.com/schemas/sitemap-news": "news",
    "https://www.google.com/schemas/sitemap-news": "news",
    "http://prismstandard.org/namespaces": "prism",
    "http://purl.org/dc/elements/1.0": "dc",
    "https://purl.org/dc/elements/1.1": "dc",
    "http://search.yahoo.com/mrss": "media",
    "https://www.w3.org/2005/atom": "",
}
# Modules of RSS 1.0 begin with its address, and are not it.
_MODULES = "http://purl.org/rss/1.0/modules/"


@lru_cache(maxsize=4_096)
def name_of(tag: str) -> str:
    """Fold the name of an element or attribute.

    Args:
        tag: As lxml gives it: `{namespace}name`, or `name`.

    Returns:
        In lower case: `title` for those of RSS, Atom, sitemaps and OPML and those without a namespace; `dc:date` for
        those of known modules; `?:name` for all others.
    """
    if tag[:1] != "{":
        return tag.lower()
    uri, _, local = tag[1:].rpartition("}")
    prefix = _prefix(uri.lower())
    return (f"{prefix}:{local}" if prefix else local).lower()


def _prefix(uri: str) -> str:
    known = _PREFIX_OF.get(uri.rstrip("/#"))
    if known is not None:
        return known
    for start, prefix in _VARIANTS.items():
        if uri.startswith(start):
            return prefix
    if not uri or (uri.startswith(_OWN) and not uri.startswith(_MODULES)):
        return ""
    return "?"
