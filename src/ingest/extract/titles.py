"""Headlines: telling one from a sentence, from the site's name that trails it, and from its own repetition."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from difflib import SequenceMatcher
from itertools import islice

from lxml.html import HtmlElement

from ingest.extract.lines import Line, fold, has_han, is_prose, length, words

__all__ = ["OUTLET", "headings", "is_headline", "is_outlet", "same_headline", "trim_site"]

OUTLET = (
    r"(?:Daily|Times|News|Post|Herald|Press|Agency|Journal|Tribune|Gazette|Observer|Standard|"
    r"Telegraph|Guardian|Independent|Mail|Mirror"
    r"|Star|Sun|Globe|Examiner|Chronicle|Dispatch|Courier|Register|Record|Review|Report|Reporter|"
    r"Bulletin|Magazine|Weekly|Monthly|Today"
    r"|Network|Broadcasting|Television|TV|Radio|Online|Wire|Newswire|Media|Monitor|Inquirer|"
    r"Mercury|Express|Echo|Argus|Advertiser|Insider"
    r"|Reuters|Bloomberg|Xinhua|CNN|BBC|CNBC|AFP|CGTN|CNA|RTHK|SCMP|NPR|ABC|NBC|CBS|PBS)"
)
_OUTLET_LINE = re.compile(
    rf"(?:The\s+)?(?:[A-Z][\w.&'-]*\s+(?:(?:of|and|the|for|&)\s+)?){{0,5}}{OUTLET}(?:\s*\([A-Z][\w "
    rf",]{{1,30}}\)|\s+(?:Asia|Europe|USA?|UK|International|World|China|Hong Kong|"
    rf"Online)(?:\s+Edition)?)?"
)
_HAN_OUTLET = re.compile(
    r"[\u4e00-\u9fffA-Za-z]{1,12}(?:日[报報]|晚[报報]|[时時][报報]|商[报報]|早[报報]|晨[报報]|[周週]刊|[新]?[闻聞]社|"
    r"[通讯訊]+社|[新][闻聞][网網]?|[电電][视視]台|[电電]台|[卫衛][视視]|[网網]|[财財][经經]|[杂雜][志誌]|[公公][报報]|"
    r"文[汇匯匯][报報])(?:[（(][\u4e00-\u9fff]{2,8}[)）])?"
)
_PIPES = re.compile(r"\s+[|｜]\s*|[|｜]\s+|\s*[|｜]\s*")
_DASHES = re.compile(
    r"\s+[-–—·»:]{1,2}\s+|\s*_+\s*|\s*：\s*|\s*—{1,2}\s*(?=[\u4e00-\u9fff]{2,12}$)|"
    r"(?<=[\u4e00-\u9fff”」』？！])\s?-\s?(?=[\u4e00-\u9fff]{2,12}$)"
)
_MOST_PARTS = 60  # elements, from which a heading is none
_STOPS = re.compile(r"[.。;；,，、:：]$")
_LISTED = re.compile(
    r"^(?:[-•*●·◎■]\s|\d{1,2}[.、)/]\s?|[（(][一二三四五六七八九十\d]{1,2}[)）]|[一二三四五六七八九十]{1,2}、)"
)


def headings(elements: Iterable[HtmlElement], stated: Collection[str]) -> Iterator[str]:
    """The words of headings, of at most 60 elements each.

    Args:
        elements: The headings.
        stated: Folded titles that the page states elsewhere. A heading that is one of them only without the words of
            its links ('Share', the name of a section) is given without these.
    """
    for element in elements:
        if sum(1 for _ in islice(element.iter(), _MOST_PARTS)) == _MOST_PARTS:
            continue
        whole = " ".join("".join(element.itertext()).split())
        own = " ".join("".join(element.xpath(".//text()[not(ancestor::a)]")).split())
        if whole:
            yield own if fold(own) in stated and fold(whole) not in stated else whole


def is_headline(line: Line, following: tuple[Line, ...]) -> bool:
    """Whether the first line of a text reads as its headline: no terminated sentence, and prose comes after it."""
    text = line.plain
    size = length(text)
    if not 6 <= size <= 260 or _STOPS.search(text) or _LISTED.match(text) or not any(c.isalpha() for c in text):
        return False
    if is_prose(text) and (words(text) > 40 or re.search(r"[.。…][\"”’'）)」』】]*$", text)):
        return False
    if text.startswith(("http://", "https://", "www.")):
        return False
    return any(len(other.plain) >= 40 and length(other.plain) > size * 0.6 for other in following[:12])


def is_outlet(text: str) -> bool:
    """Whether a line is nothing but the name of a news outlet."""
    if has_han(text):
        return len(text) <= 20 and _HAN_OUTLET.fullmatch(text) is not None
    return len(text) <= 60 and _OUTLET_LINE.fullmatch(text) is not None


def same_headline(one: str, other: str) -> bool:
    """Whether two lines are the same headline: alike but for punctuation, a trailing tag or a few letters.

    Args:
        one: Folded headline.
        other: Folded line that may repeat it.
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < 6 or len(long) > 400:
        return False
    if long.startswith(short) and (len(short) * 2 >= len(long)):
        return True
    if len(short) * 1.25 < len(long):
        return False
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() > 0.9 and matcher.quick_ratio() > 0.9 and matcher.ratio() > 0.9


def _is_site(segment: str, sites: frozenset[str]) -> bool:
    key = fold(segment)
    return bool(key) and (
        key in sites or (any(len(site) > 3 and (site in key or key in site) for site in sites) and len(key) <= 40)
    )


def _keywords(head: str, tags: list[str]) -> str:
    """Drop the first of a row of keywords, which no mark parts from the headline.

    'Markets open as Example City | Exchange | Example': tags that repeat words of the headline are keywords, not the
    site's sections, and so is the run of capitalised words before the first bar.
    """
    said = {word.casefold() for word in head.split()}
    if len(tags) < 2 or not any(tag.casefold() in said for tag in tags):
        return head
    ended = re.search(r"^(.*[.!?。！？])\s+\S+(?:\s\S+){0,2}$", head)
    if ended:
        return ended[1]
    run = re.search(r"^(.*?\b[a-z]\w*)((?:\s+[A-Z][\w-]*){1,4})$", head)
    return run[1] if run and len(run[1].split()) >= 4 else head


def trim_site(title: str, sites: Iterable[str] = ()) -> str:
    """Drop the site's name, section and keywords from the end of a headline.

    Args:
        title: Headline as it stands.
        sites: Names that the site is known by; whatever follows a bar is dropped too, unless it is longer than what
            stands before it.

    Returns:
        The headline without them; the whole again where nothing would be left.
    """
    title = " ".join(title.split())
    known = frozenset(filter(None, map(fold, sites)))
    head, *tags = (part.strip() for part in _PIPES.split(title))
    tags = [tag for tag in tags if tag]
    if tags and head and all(length(tag) <= max(40, length(head)) for tag in tags) and words(head) >= 2:
        if all(words(tag) <= 6 for tag in tags):
            title = _keywords(head, tags)
    elif tags and _is_site(tags[-1], known):
        title = title[: title.rindex(tags[-1])].rstrip(" |｜")
    for _ in range(3):
        parts = list(_DASHES.finditer(title))
        if not parts:
            break
        tail, before = title[parts[-1].end() :].strip(), title[: parts[-1].start()].strip()
        if length(before) < 6 or not (_is_site(tail, known) or ("：" not in parts[-1][0] and is_outlet(tail))):
            break
        title = before
    return title
