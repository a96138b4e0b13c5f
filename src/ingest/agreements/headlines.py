"""Headlines: lines in title case, where capitals do not tell names from other words."""

from __future__ import annotations

import re

from ingest.agreements.names import Name, find_names
from ingest.agreements.roster import Roster

__all__ = ["is_headline", "is_in_sentence_case", "names_in_headline", "spelt_out"]

_TITLE_CASE = 0.75  # of the long words begin with a capital
_SENTENCE_CASE = 0.6
_WORD = re.compile(r"[^\W_]+(?:[+&][^\W_]*)*")
_LONG_WORD = re.compile(r"[^\W\d_][\w’'-]{3,}")
_CAPITALS = r"[A-Z][\w&.'’-]*(?: (?:of |for |and (?=[A-Z])|the )*[A-Z][\w&.'’-]*){0,6}"
_SMALL = frozenset(
    {"with", "from", "into", "over", "amid", "upon", "than", "that", "after", "under", "between", "through"}
)
_PAIR = re.compile(rf"^({_CAPITALS}), ({_CAPITALS}) (?=(?:to )?[a-z])")
_BRACKET = re.compile(r"\s*[(（][^()]{1,60}[)）]")
_LEGAL = re.compile(r",? (?:Inc|Ltd|Corp|Co|LLC|Limited|N\.V|AG|Plc)\b\.?")


def is_headline(line: str, title: str | None) -> bool:
    """Whether a line is a headline: the title again, or in title case without end punctuation."""
    if title and line.strip("*#_ ").casefold() == title.strip().casefold():
        return True
    return line[-1] not in ".!?”\"’'" and _share_of_capitals(line) >= _TITLE_CASE


def is_in_sentence_case(headline: str) -> bool:
    """Whether the capitals of a headline tell names from other words."""
    return 0 <= _share_of_capitals(headline) <= _SENTENCE_CASE


def spelt_out(headline: str) -> str:
    """'A, B sign pact' as a sentence says it: 'A and B sign pact'."""
    return _PAIR.sub(r"\1 and \2 ", headline) if _is_plain(headline) else headline


def _is_plain(headline: str) -> bool:
    """Whether a headline writes a word small that title case would not, so that its capitals tell names."""
    if is_in_sentence_case(headline):
        return True
    small = [word for word in _LONG_WORD.findall(headline) if word[0].islower() and word not in _SMALL]
    return bool(small) and not headline.isupper()


def _share_of_capitals(line: str) -> float:
    """Of the long words of a line; -1 where there are too few to tell."""
    words = _LONG_WORD.findall(line)
    return sum(word[0].isupper() for word in words) / len(words) if len(words) >= 3 else -1.0


def names_in_headline(headline: str, roster: Roster) -> tuple[Name, ...]:
    """Names of a headline: forms that the article's text knows, the longest first.

    Args:
        headline: The headline.
        roster: Organisations of the text.
    """
    plain = _is_plain(headline)
    found = [name for name in find_names(headline) if plain or roster.find(name.text)]
    tokens = [match.span() for match in _WORD.finditer(headline)]
    folded = [headline[start:end].casefold() for start, end in tokens]
    for width in range(min(10, len(tokens)), 0, -1):
        for first in range(len(tokens) - width + 1):
            start, end = tokens[first][0], tokens[first + width - 1][1]
            organisation = roster.forms.get(tuple(folded[first : first + width]))
            if organisation is None or not (headline[start].isupper() or organisation.full[0].islower()):
                continue
            if any(start < name.end and end > name.start for name in found):
                continue
            if legal := _LEGAL.match(headline, end):
                end = legal.end()
            bracket = _BRACKET.match(headline, end)
            found.append(
                Name(
                    start=start,
                    end=end,
                    text=headline[start:end],
                    sort=organisation.sort,
                    possessive=headline[end : end + 2] in {"'s", "’s"},
                    tail=bracket.end() if bracket else end,
                )
            )
    return tuple(sorted(found, key=lambda name: name.start))
