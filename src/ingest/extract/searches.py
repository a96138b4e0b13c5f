"""Trafilatura's searches, answered by a walk over the tree instead of by XPath.

Its expressions ask `re:test` about attributes of nearly every element, and lxml leaves C for Python and comes back with
each question: more than half of trafilatura's time. Most are of one form, of which the answer can be had from the
attributes that an element has:

    .//*[self::div or self::p][@class='a' or re:test(@id, 'b|c') or contains(@style, 'd')]      and      (…)[1]

`hasten` reads the expressions of the trafilatura that is installed, and puts in the place of each that it understands a
`Search` that finds the same. What it does not understand stays as it is: another release is never misread.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from lxml.etree import XPath
from lxml.html import HtmlElement

__all__ = ["Search", "hasten", "read_search"]

_QUOTED = re.compile(r"'([^']*)'|\"([^\"]*)\"")
_WHOLE = re.compile(r"(?P<first>\()?\s*\.//\*(?P<predicates>(?:\s*\[[^\[\]]*\])+)\s*(?(first)\)\s*\[1\])")
_PREDICATE = re.compile(r"\[([^\[\]]*)\]")
_OR = re.compile(r"\s+or\s+(?![^()]*\))")  # not within brackets
_SELF = re.compile(r"self::(\w+)")
_ATTRIBUTES = r"(?P<names>@[\w-]+(?:\s*\|\s*@[\w-]+)*)"
_HAS = re.compile(r"@([\w-]+)")
_EQUAL = re.compile(r"@(?P<names>[\w-]+)\s*=\s*'(?P<sought>\d+)'")
_TEST = re.compile(rf"re:test\(\s*{_ATTRIBUTES}\s*,\s*'(?P<sought>\d+)'\s*(?:,\s*'(?P<flags>\d+)'\s*)?\)")
_HOLDS = re.compile(
    rf"(?P<how>contains|starts-with)\(\s*(?:translate\(\s*)?{_ATTRIBUTES}\s*"
    r"(?:,\s*'(?P<before>\d+)'\s*,\s*'(?P<after>\d+)'\s*\)\s*)?,\s*'(?P<sought>\d+)'\s*\)"
)
_NO_SELF = re.compile(r"not\(\s*(self::\w+(?:\s+or\s+self::\w+)*)\s*\)")
_NO_CHILD = re.compile(r"not\(\s*(\.//\w+)\s*\)")

_Says = Callable[[str], object]  # something true, or not
_Is = Callable[[HtmlElement], bool]
_Question = tuple[tuple[str, ...], _Says]


class _Answers(dict[str, list[tuple[str, ...]]]):
    """By the value of one attribute, the groups of attributes for which it is what is sought; asked once a value."""

    def __init__(self, questions: Iterable[_Question]) -> None:
        super().__init__()
        self._questions = tuple(questions)

    def __missing__(self, value: str) -> list[tuple[str, ...]]:
        self[value] = answer = [names for names, says in self._questions if says(value)]
        return answer


@dataclass(frozen=True, slots=True)
class _Predicate:
    """Any of: one of an element's attributes says something, or the element is something.

    Attributes:
        questions: What the first of some attributes, in the order of the element's own, is to say.
        elements: What else is enough.
    """

    questions: tuple[_Question, ...]
    elements: tuple[_Is, ...]

    def filter(self, elements: Iterable[HtmlElement]) -> Iterator[HtmlElement]:
        """The elements that it holds of."""
        asked = {name for names, _ in self.questions for name in names}
        known = {name: _Answers(question for question in self.questions if name in question[0]) for name in asked}
        for element in elements:
            attributes = element.items()
            for name, value in attributes:
                if name in known and (groups := known[name][value]) and _counts(name, groups, attributes):
                    yield element
                    break
            else:
                if self.elements and any(holds(element) for holds in self.elements):
                    yield element


def _counts(name: str, groups: Iterable[tuple[str, ...]], attributes: Iterable[tuple[str, str]]) -> bool:
    """Whether an attribute is the first of one of the groups that stands in an element."""
    return any(name == next(key for key, _ in attributes if key in names) for names in groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """Stands for an `XPath` of the form that this module reads.

    Attributes:
        path: Its source.
        tags: Of the elements that it looks at; empty: all.
        predicates: What must hold of them.
        per_parent: Only the first child of each parent counts.
        first: Only the first of all counts.
    """

    path: str
    tags: tuple[str, ...]
    predicates: tuple[_Predicate, ...]
    per_parent: bool
    first: bool

    def __call__(self, tree: HtmlElement) -> list[HtmlElement]:
        """Find descendants.

        Args:
            tree: Whose descendants to look at.

        Returns:
            What the XPath expression would return: elements in the order of the document.
        """
        found: Iterable[HtmlElement] = tree.iterdescendants(*(self.tags or ("*",)))
        for predicate in self.predicates:
            found = predicate.filter(found)
        if self.per_parent:
            parents: dict[HtmlElement | None, HtmlElement] = {}
            for element in found:
                parents.setdefault(element.getparent(), element)
            found = parents.values()
        return list(islice(found, 1) if self.first else found)


def read_search(path: str) -> Search | None:
    """Read an XPath expression.

    Args:
        path: Its source.

    Returns:
        What finds the same; None where the expression is not of the form that can be told for certain.
    """
    literals: list[str] = []

    def number(found: re.Match[str]) -> str:
        literals.append(found[1] if found[1] is not None else found[2])
        return f"'{len(literals) - 1}'"

    whole = _WHOLE.fullmatch(_QUOTED.sub(number, path).strip())
    if whole is None:
        return None
    predicates = [predicate.strip() for predicate in _PREDICATE.findall(whole["predicates"])]
    per_parent = predicates[-1] == "1"
    tags = [_SELF.fullmatch(term) for term in _OR.split(predicates[0])]
    named = tuple(tag[1] for tag in tags if tag)
    rest = predicates[all(tags) : -1 if per_parent else None]
    read = [_predicate(_OR.split(predicate), literals) for predicate in rest]
    known = tuple(predicate for predicate in read if predicate)
    if len(known) < len(read) or (named and not all(tags)):
        return None
    return Search(path=path, tags=named, predicates=known, per_parent=per_parent, first=whole["first"] is not None)


def _predicate(terms: Iterable[str], literals: list[str]) -> _Predicate | None:
    questions: list[_Question] = []
    elements: list[_Is] = []
    for term in terms:
        if has := _HAS.fullmatch(term):
            questions.append(((has[1],), lambda _: True))
        elif is_it := _element_test(term):
            elements.append(is_it)
        elif (read := _question(term, literals)) and not read[1](""):  # what an absent attribute says
            questions.append(read)
        else:
            return None
    return _Predicate(tuple(questions), tuple(elements))


def _element_test(term: str) -> _Is | None:
    if other := _NO_SELF.fullmatch(term):
        tags = frozenset(_SELF.findall(other[1]))
        return lambda element: element.tag not in tags
    if child := _NO_CHILD.fullmatch(term):
        path = child[1]
        return lambda element: element.find(path) is None
    return None


def _question(term: str, literals: list[str]) -> _Question | None:
    """The attributes that a term asks, and its question."""
    found = _EQUAL.fullmatch(term) or _TEST.fullmatch(term) or _HOLDS.fullmatch(term)
    if found is None:
        return None
    names, sought = tuple(found["names"].replace("@", "").replace(" ", "").split("|")), literals[int(found["sought"])]
    if found.re is _EQUAL:
        return names, sought.__eq__
    if found.re is _TEST:
        flags = literals[int(found["flags"])] if found["flags"] else ""
        if flags not in {"", "i"}:
            return None
        search = re.compile(sought, re.IGNORECASE if flags else 0).search
        return names, search
    if found["before"] and set(literals[int(found["before"])]) & set(literals[int(found["after"])]):
        return None  # letters are changed one after the other below
    return names, _holding(found, sought, literals)


def _holding(found: re.Match[str], sought: str, literals: list[str]) -> _Says:
    before, after = (literals[int(found[name])] if found[name] else "" for name in ("before", "after"))
    changes = tuple(zip(before, after, strict=True))
    begins = found["how"] == "starts-with"

    def says(value: str) -> bool:
        for one, other in changes:
            value = value.replace(one, other)
        return value.startswith(sought) if begins else sought in value

    return says


def hasten(*lists: list[XPath]) -> int:
    """Replace the expressions of trafilatura that can be answered without XPath.

    Args:
        lists: Lists of expressions, as `trafilatura.xpaths` has them; they are changed.

    Returns:
        How many were replaced.
    """
    replaced = 0
    for expressions in lists:
        for at, expression in enumerate(expressions):
            search = read_search(expression.path)
            if search is not None:
                expressions[at] = search  # type: ignore[call-overload]  # whoever has the list only calls what is in it
                replaced += 1
    return replaced
