"""Searches that stand for XPath expressions: they find what those find."""

from __future__ import annotations

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml.etree import XPath
from trafilatura import xpaths

from ingest.extract import html  # noqa: F401 - puts searches in the place of trafilatura's expressions
from ingest.extract.searches import Search, hasten, read_search

_NAMESPACES = {"re": "http://exslt.org/regular-expressions"}
_PAGE = """
<html><body>
  <div id="top" class="nav bar"><p class="Teaser"><a class="share-x" href="#">Share</a></p></div>
  <section><div class="story text"><p style="display:none">Hidden</p><p id="b" class="a">Seen</p></div></section>
  <section class="story"><h1>Tide gauges</h1><p class="b" id="a">Second</p><ol class="a b"><li>One</li></ol></section>
</body></html>
"""
_EXPRESSIONS = [
    ".//*[self::div or self::p][@class='a' or re:test(@id, '^b$|^top$')]",
    ".//*[self::p][re:test(@id|@class, '^b$')]",
    ".//*[self::p][re:test(@class|@id, '^b$')][1]",
    "(.//*[self::section or self::div][re:test(@class, 'STORY', 'i')])[1]",
    ".//*[self::section][re:test(@class, 'story')][not(.//h2) or @id]",
    ".//*[self::p or self::ol][re:test(@class, '^a')][not(self::ol or self::ul) or re:test(@class, 'c')]",
    ".//*[contains(translate(@class, 'T', 't'), 'teaser') or starts-with(@style, 'display') or @href]",
    """.//*[re:test(@class, "share-[xy]") or contains(@class, 'nav')]""",
]


def _expression(path: str) -> XPath:
    return XPath(path, namespaces=_NAMESPACES)


@pytest.mark.parametrize("path", _EXPRESSIONS)
def test_a_search_finds_what_its_expression_finds(path: str) -> None:
    tree = lxml.html.document_fromstring(_PAGE)
    search = read_search(path)

    assert search is not None
    found = search(tree)
    assert found
    assert found == _expression(path)(tree)


@pytest.mark.parametrize(
    "path",
    [
        ".//header",
        "(.//article)[1]",
        "//*[self::div][@class='a']",
        ".//*[self::div][@class='a']/p",
        ".//*[self::div][@class='a' and @id='b']",
        ".//*[self::div][@class='a'][2]",
        ".//*[self::div or @class='a'][@id='b']",
        ".//*[self::div][re:test(@class, 'a?')]",
        ".//*[self::div][re:test(@class, 'a', 'g')]",
        ".//*[self::div][contains(translate(@class, 'ab', 'bc'), 'c')]",
        ".//*[self::div][contains(@class, '')]",
        ".//*[self::div][position() = 1]",
        ".//*",
    ],
)
def test_an_expression_of_another_form_is_left_alone(path: str) -> None:
    expressions = [_expression(path)]

    assert hasten(expressions) == 0
    assert isinstance(expressions[0], XPath)


def test_most_expressions_by_which_trafilatura_clears_a_page_are_replaced() -> None:
    cleared = [
        *xpaths.OVERALL_DISCARD_XPATH,
        *xpaths.RAW_TREE_PRUNE_XPATH,
        *xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH,
        *xpaths.REMOVE_COMMENTS_XPATH,
    ]

    assert all(isinstance(expression, Search) for expression in cleared)


_WORDS = st.sampled_from(
    "a b story Story nav menu Teaser share- article-body hidden hide- comments comment-list link bottom "  # noqa: SIM905 - not one word a line
    "infinite-scroll main-content caption author display:none".split()
)
_VALUES = st.lists(_WORDS, max_size=3).map(" ".join)
_ATTRIBUTES = st.dictionaries(st.sampled_from(["id", "class", "style", "role", "href"]), _VALUES, max_size=3)
_TAGS = st.sampled_from(["div", "p", "section", "article", "span", "ul", "details", "main", "h1", "a", "list", "item"])


@st.composite
def _element(draw: st.DrawFn, depth: int = 3) -> str:
    tag = draw(_TAGS)
    attributes = "".join(f' {name}="{value}"' for name, value in draw(_ATTRIBUTES).items())
    within = "".join(draw(st.lists(_element(depth - 1), max_size=3))) if depth else draw(_WORDS)
    return f"<{tag}{attributes}>{within}</{tag}>"


_PATHS = [
    path
    for expressions in (
        xpaths.BODY_XPATH,
        xpaths.DISCARD_IMAGE_ELEMENTS,
        xpaths.OVERALL_DISCARD_XPATH,
        xpaths.PRECISION_DISCARD_XPATH,
        xpaths.RAW_TREE_PRUNE_XPATH,
        xpaths.REMOVE_COMMENTS_AND_LISTS_XPATH,
        xpaths.REMOVE_COMMENTS_XPATH,
        xpaths.TEASER_DISCARD_XPATH,
    )
    for expression in expressions
    for path in [expression.path]
]


@given(source=_element())
def test_searches_find_what_trafilaturas_expressions_find_in_any_tree(source: str) -> None:
    tree = lxml.html.document_fromstring(f"<html><body>{source}</body></html>")

    for path in _PATHS:
        if search := read_search(path):
            assert search(tree) == _expression(path)(tree)
