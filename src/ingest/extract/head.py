"""What stands above and at the start of a story: publisher, headline, date, byline, dateline, a picture's summary."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from difflib import SequenceMatcher

from ingest.documents import CutReason
from ingest.extract.bylines import read_byline
from ingest.extract.datelines import read_dateline
from ingest.extract.dates import Clock
from ingest.extract.findings import Evidence, Finding
from ingest.extract.furniture import FIELDS, read_furniture
from ingest.extract.lines import Line, fold, is_prose, length, words
from ingest.extract.titles import is_headline, is_outlet, same_headline, trim_site

__all__ = ["find_head"]

_DEPTH = 14  # lines from the top that may still belong to the head
_DESK = re.compile(
    (
        r"^(?:\**\s*)?(?:(?:for immediate release|press release|media release|news release|media "
        r"statement|embargoed.{0,60})|新[闻聞]稿|新[闻聞]公[报報])[:.!\s*]*$"
    ),
    re.IGNORECASE,
)

# A row of labels and values above the headline, as on the announcements of listed companies.
_LABELLED = re.compile(r"[^\s:：]{2,8}[:：]\s*\S+(?:\s+[^\s:：]{2,8}[:：]\s*\S+)+$")


def _whole(line: Line, reason: CutReason, evidence: Evidence | None = None) -> Finding:
    return Finding(start=line.start, end=line.end, reason=reason, evidence=evidence or Evidence())


def _dateline(line: Line, clock: Clock) -> Finding | None:
    read = read_dateline(line.text, clock)
    if read is None:
        return None
    rest = line.text[read.end :]
    byline = re.match(
        r"[（(]?(?:本[报報][记記]者|[记記]者)\s*([\u4e00-\u9fff、\s]{2,20}?)(?:[报報][道导導])?[）)：:]\s*", rest
    )
    end, evidence = read.end, read.evidence
    if byline:
        end += byline.end()
        evidence = evidence.or_else(read_byline("记者 " + byline[1].strip()) or Evidence())
    return Finding(
        start=line.start,
        end=line.start + end,
        reason=CutReason.DATELINE,
        evidence=evidence,
    )


def _alike(one: str, other: str) -> bool:
    """Whether one paragraph tells the other again, with a few words more or less."""
    if not 0.7 <= len(one) / len(other) <= 1.4 or max(len(one), len(other)) > 1500:
        return False
    matcher = SequenceMatcher(None, one.split(), other.split(), autojunk=False)
    return matcher.quick_ratio() >= 0.75 and matcher.ratio() >= 0.75


def _summary(body: tuple[Line, ...]) -> Iterator[Finding]:
    """A summary beside a picture, its caption, and then the lede that says the same: the first two go."""
    for first, caption, lede in zip(body[:3], body[1:4], body[2:5], strict=False):
        if (
            not is_prose(first.plain)
            or not is_prose(lede.plain)
            or words(caption.plain) > 14
            or is_prose(caption.plain)
        ):
            continue
        if _alike(first.plain, lede.plain):
            yield _whole(first, CutReason.REPEATED_TEXT)
            yield _whole(caption, CutReason.CAPTION)
            return


class _Walk:
    """One way down the lines of the head; it ends at the first line of the story."""

    def __init__(self, lines: tuple[Line, ...], titles: tuple[str, ...], clock: Clock) -> None:
        self.lines = lines
        self.clock = clock
        self.keys = tuple({key for title in titles for key in (fold(title), fold(trim_site(title))) if key})
        self.headed = False
        self.found: list[Finding] = []

    def _repeats(self, line: Line) -> bool:
        if length(line.plain) > 400:
            return False
        key = fold(line.plain)
        return any(same_headline(known, key) for known in self.keys)

    def _headline(self, text: str) -> Evidence:
        """A headline, and the date that trails it on its line, if one does ('Weekly notes (33)    2024-08-23')."""
        last = [field for field in FIELDS.split(text) if field.strip()][-1]
        found = read_furniture(last, self.clock) if last != text else None
        if found is None or found[0] is not CutReason.RELEASE_TIME:
            return Evidence(title=trim_site(text))
        return replace(found[1], title=trim_site(text[: text.rindex(last)].rstrip(" |｜·•\u3000")))

    def _step(self, line: Line) -> Finding | None:
        if self._repeats(line):
            self.headed = True
            return _whole(line, CutReason.REPEATED_HEADLINE)
        furniture = read_furniture(line.plain, self.clock)
        if furniture:
            return _whole(line, *furniture)
        if _DESK.match(line.plain) or (not self.headed and _LABELLED.match(line.plain)):
            return _whole(line, CutReason.NAVIGATION)
        if line.number <= 1 and not self.headed and is_outlet(line.plain) and line.number + 1 < len(self.lines):
            following = self.lines[line.number + 1]
            if self._repeats(following) or not is_prose(following.plain):
                return _whole(line, CutReason.PUBLISHER, Evidence(publisher=line.plain))
        unknown = not self.headed and not self.keys and not read_dateline(line.text, self.clock)
        if unknown and is_headline(line, self.lines[line.number + 1 : line.number + 13]):
            self.headed = True
            return _whole(line, CutReason.REPEATED_HEADLINE, self._headline(line.plain))
        return None

    def run(self) -> list[Finding]:
        story: list[Line] = []
        for line in self.lines[:_DEPTH]:
            step = self._step(line) if len(story) < 4 else None
            if step is None:
                story.append(line)
                if len(story) == 1 or (len(story) <= 3 and not any(f.reason is CutReason.DATELINE for f in self.found)):
                    dateline = _dateline(line, self.clock)
                    if dateline:
                        self.found.append(dateline)
                continue
            if story and step.reason not in _EARLY:
                story.append(line)
                continue
            if story and step.evidence.title:  # a headline comes before the story, not after its first paragraph
                story.append(line)
                continue
            self.found.append(step)
        self.found.extend(_summary(tuple(story)))
        return self.found


_EARLY = {
    CutReason.BYLINE,
    CutReason.RELEASE_TIME,
    CutReason.PUBLISHER,
    CutReason.REPEATED_HEADLINE,
    CutReason.CAPTION,
    CutReason.SHARE,
}


def find_head(lines: tuple[Line, ...], titles: tuple[str, ...], clock: Clock) -> list[Finding]:
    """Find what stands above and at the start of a story.

    Args:
        lines: The text's lines.
        titles: Headline in all forms in which it is known from elsewhere; where there is none, a first line that reads
            as one is taken for it (its finding carries the title).
        clock: For dates.

    Returns:
        Findings in the order of the text, each with what it says about the article.
    """
    return sorted(_Walk(lines, titles, clock).run(), key=lambda found: found.start)
