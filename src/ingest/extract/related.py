"""What a page repeats or adds below its story: its own headline, teasers of other stories, menus."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.documents import CutReason
from ingest.extract.bylines import EMAIL
from ingest.extract.dates import Clock
from ingest.extract.findings import Finding
from ingest.extract.furniture import FIELDS, read_furniture
from ingest.extract.lines import Line, fold, has_han, is_prose, length, words
from ingest.extract.titles import trim_site

__all__ = ["find_repeats", "find_tail", "find_teasers"]

_TAIL = 12  # lines from the end in which menus and contact lines are looked for
_PHONE = re.compile(
    r"(?<![a-z])(?:tel(?:ephone)?|phone|ph|mob(?:ile)?|fax|电话|電話|热线|熱線|查詢|查询)\.?\s*[:：(]?\s*[+(]?\d[\d\s().-]{5,}|\+\d{1,3}[\s().-]?\d{1,4}[\s().-]?\d{3}",
    re.IGNORECASE,
)
_MAIL = re.compile(EMAIL)
_WORD = re.compile(r"[^\W\d_]{5,}")
_BARS = ("|", "｜", "│", "•")
_TRAILED = re.compile(r"[|｜_：—–-]")
_HEADER = re.compile(
    r"(?:related|more|other|recommended|latest|top|trending|popular|further)\s+(?:stories|news|articles|reading|headlines|posts|coverage)\b.{0,20}$"
    r"|[◎●■◆▶►>＞》»【\[]*(?:相[关關]|推[荐薦]|[热熱][门門]|更多|延伸|最新)(?:[阅閱][读讀]|新[闻聞]|[报報][道導]|文章|推[荐薦]|[内內]容)[】\]：:]*$",
    re.IGNORECASE,
)


def _cut(line: Line, reason: CutReason) -> Finding:
    return Finding(start=line.start, end=line.end, reason=reason)


def find_repeats(lines: tuple[Line, ...], titles: tuple[str, ...]) -> Iterator[Finding]:
    """Find lines anywhere in the text that are the headline again.

    Args:
        lines: The text's lines.
        titles: The headline in the forms in which it is known, with the site's tags and without.
    """
    keys = {key for title in titles for key in (fold(title), fold(trim_site(title))) if len(key) >= 6}
    for line in lines:
        if not keys or len(line.plain) > 400:
            continue
        folded = fold(line.plain)
        # trimming cuts at the end only, so that a line which does not begin with the headline cannot become it
        begins = any(map(folded.startswith, keys))
        if folded in keys or (begins and _TRAILED.search(line.plain) and fold(trim_site(line.plain)) in keys):
            yield _cut(line, CutReason.REPEATED_HEADLINE)


def _terms(text: str) -> set[str]:
    if has_han(text):
        key = fold(text)
        return {key[i : i + 2] for i in range(len(key) - 1)}
    return {word.casefold() for word in _WORD.findall(text)}


def find_teasers(lines: tuple[Line, ...], skip: frozenset[int]) -> Iterator[Finding]:
    """Find teasers of other stories that follow the story: a headline given twice, then a paragraph of its text.

    A row of them runs to the end of the text, or to the paragraph after the last. A single one counts only where
    nothing follows its paragraph and its words are not the story's.

    Args:
        lines: The text's lines.
        skip: Numbers of the lines that something else has claimed already (the headline's own repetitions).
    """
    free = [line for line in lines if line.number not in skip]
    keys = [fold(line.plain) if length(line.plain) <= 600 else "" for line in free]
    doubled = [
        i for i in range(1, len(free) - 1) if len(keys[i]) >= 12 and keys[i] == keys[i + 1] and keys[i] != keys[i - 1]
    ]
    if not doubled:
        return
    row = [doubled[-1]]  # the last teasers that stand close together
    for i in reversed(doubled[:-1]):
        if row[0] - i > 4:
            break
        row.insert(0, i)
    last = row[-1] + 3  # the doubled line and the paragraph after it
    if len(row) == 1:
        said = set().union(*(_terms(line.plain) for line in free[: row[0]]))
        own = _terms(free[row[0]].plain)
        if last < len(free) or not own or len(own & said) > 0.5 * len(own):
            return
    elif len(free) - last <= 2:
        last = len(free)
    yield from (_cut(line, CutReason.RELATED_STORY) for line in free[row[0] : last])


def _is_menu(line: Line) -> bool:
    """Whether a line is a row of links: short fields between bars, none of them a sentence."""
    if not any(bar in line.plain for bar in _BARS) or line.text[0] in "|[":  # a row of a table, a footnote
        return False
    fields = [field for field in FIELDS.split(line.plain) if field.strip()]
    if len(fields) < 2:
        return False
    return length(line.plain) <= 240 and not any(
        re.search(r"[.。！!]$", field) or words(field) > 10 for field in fields
    )


def _is_contact(line: Line) -> bool:
    """Whether a short line is there to be reached by: an address or a number, and no more than a sentence or two."""
    return length(line.plain) <= 220 and bool(_MAIL.search(line.plain) or _PHONE.search(line.plain))


def _is_stub(line: Line) -> bool:
    return words(line.plain) <= 6 and not re.search(r"[.。！？!?”\"」]$", line.plain)


def find_tail(lines: tuple[Line, ...], clock: Clock) -> Iterator[Finding]:
    """Find menus, contact lines and lists of other stories at the end of a text, and furniture below its head.

    Args:
        lines: The text's lines.
        clock: For dates.
    """
    first_tail = max(len(lines) - _TAIL, 1)
    last_prose = max((line.number for line in lines if is_prose(line.plain)), default=-1)
    listing: CutReason | None = None
    for line in lines:
        after = line.number > last_prose
        if after and _HEADER.match(line.plain):
            listing = CutReason.RELATED_STORY
            yield _cut(line, CutReason.READ_MORE)
            continue
        if listing and after:
            yield _cut(line, listing)
            continue
        furniture = read_furniture(line.plain, clock)
        if furniture and (furniture[0] in _ANYWHERE or line.number >= first_tail):
            if furniture[0] in {CutReason.GARBLED, CutReason.NAVIGATION} and after and _stubs(lines, line.number + 1):
                listing = CutReason.NAVIGATION
            evidence = furniture[1]
            yield Finding(start=line.start, end=line.end, reason=furniture[0], evidence=evidence)
        elif line.number >= first_tail and _is_menu(line):
            yield _cut(line, CutReason.NAVIGATION)
        elif line.number >= first_tail and _is_contact(line):
            yield _cut(line, CutReason.CONTACT)


def _stubs(lines: tuple[Line, ...], first: int) -> bool:
    """Whether a few labels are all that is left from a line on."""
    return 0 < len(lines) - first <= _TAIL and all(_is_stub(line) for line in lines[first:])


_ANYWHERE = {
    CutReason.CAPTION,
    CutReason.SHARE,
    CutReason.READ_MORE,
    CutReason.GARBLED,
    CutReason.NAVIGATION,
    CutReason.PAGE_NUMBER,
}
