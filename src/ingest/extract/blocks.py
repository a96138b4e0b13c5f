"""Blocks of a press release that are not its news: 'About the company', press contacts, disclaimers.

    About Example Corp.               关于示例公司
    Media Contact: …                  媒体联系：…
    Forward-Looking Statements        免责声明

Such a heading stands alone on a line, bold or not, or runs into the text that it heads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.documents import CutReason
from ingest.extract.bylines import EMAIL
from ingest.extract.findings import Finding
from ingest.extract.lines import Line, is_prose, length, words
from ingest.literals import may_match

__all__ = ["find_blocks"]

_CAP = r"[A-Z0-9\u00c0-\u00de\u4e00-\u9fff]"
_ABOUT = re.compile(rf"(?:More )?(?:ABOUT|About)(?: the)?:?\s+(?P<name>{_CAP}[^\n]{{1,90}}?)\s*[:：]?$")
_ABOUT_PLAIN = re.compile(
    (
        r"(?:(?:about (?:us|the (?:company|author|authors|partners|companies|organi[sz]ation))|"
        r"company profile|corporate profile|editor['’]?s? notes?|notes? to editors?)\s*[:：]?|"
        r"[关關][于於](?:我[们們]|本公司|公司)|公司[简簡]介|企[业業][简簡]介)$"
    ),
    re.IGNORECASE,
)
_ABOUT_HAN = re.compile(r"[【\[]?[关關][于於]\s*(?P<name>[^\s。，；,;！？的]{2,24})[】\]]?\s*[:：]?$")
_DOCUMENT = re.compile(
    r"(?:公告|通知|[决決]定|意[见見]|[办辦]法|[报報]告|通[报報]|批[复復]|函|方案|[规規]定|[问問][题題]|措施|[问問]答)$"
)
# The forms 'About Example Example is a …', 'About Example CorpThe Example …' and 'About Example: Example …'.
_ABOUT_RUN = re.compile(
    rf"(?:More )?(?:ABOUT|About)\s+(?:the\s+)?(?P<name>{_CAP}[\w&.,'’™®-]*(?:\s+[\w&.,'’™®()-]+){{0,7}}?)[\s:：*_–—-]*"
    rf"(?:(?:The\s+|the\s+)?(?P=name)|(?<=[a-z.)™®])(?:Founded|Established|Headquartered|Based|The|"
    rf"We|Our|With|Since)\b)"
)
_ABOUT_INLINE = re.compile(
    rf"(?<=[.!?\"”’)])\s+(?=About (?:the "
    rf")?(?P<name>{_CAP}[\w&.,'’™®-]*(?:\s+[\w&.'’™®()-]+){{0,6}}?)[\s:–—-]+(?:The\s+|"
    rf"the\s+)?(?P=name)[\s,(])"
)
_CONTACT = re.compile(
    r"(?:(?:media|press|investors?|ir|pr|company|public relations|corporate|news|business|sales|"
    r"analysts?|general|customer|editorial)?[\s/&,]*(?:and\s+)?(?:media|press|investors?|"
    r"relations)?\s*"
    r"(?:contacts?(?!\s+(?:with|between|the|lens|trac))|enquir(?:y|ies)|inquir(?:y|ies)|relations|"
    r"queries)(?:\s*(?:details|information|info|us|persons?|:))*)(?P<rest>.{0,100})$"
    r"|(?:for (?:more|further|additional|all|any)?\s*(?:information|details|(?:media|press|"
    r"investor)(?: (?:enquiries|inquiries|queries|contacts?|information|interviews))?))(?:[:,]| "
    r"about | on | please | contact | visit | regarding ).{0,260}$"
    r"|(?:for further information|for more information|further information|website|web|e-?mail|"
    r"tel(?:ephone)?|phone|mob(?:ile)?|fax|contact|telegram|twitter|linkedin|facebook|instagram|"
    r"discord|medium|youtube|company (?:name|website)|photo download)\s*[:：].{0,160}$"
    r"|(?:to (?:learn|find out|know) more|learn more|visit us)\b.{0,160}(?:https?://|www\.|"
    r"\w\.(?:com|org|net|io|ai|cn|hk)\b|visit|here).{0,120}$"
    r"|(?:媒[体體]|[传傳]媒|新[闻聞]|投[资資]者|[联聯][系絡络]|商[务務])(?:[关關]系)?(?:[联聯][系絡络](?:人|方式)?|查[询詢]|[热熱][线線]|"
    r"垂[询詢]|[咨諮][询詢])\s*[:：]?.{0,100}$"
    r"|(?:[联聯][系絡络](?:人|方式|[电電][话話])|查[询詢]|[电電][话話]|[邮郵]箱|[电電][邮郵](?:地址)?|[传傳]真|地址|[网網]址|[热熱][线線])\s*[:：].{1,100}$",
    re.IGNORECASE,
)
_REACHED = re.compile(rf"{EMAIL}|https?://|www\.|\+?\(?\d[\d\s().-]{{6,}}\d|@\w{{3,}}")
_LEGAL_HEAD = re.compile(
    (
        r"(?:(?:cautionary|safe harbor|safe harbour|forward[- ]?looking|disclaimers?|legal (?:notice|"
        r"disclaimer|disclosure)|important (?:information|notice|disclosures?)|disclosures?|risk "
        r"(?:warning|disclosure)|notice to investors|copyright notice|caution)\b[^.。]{0,110}|"
        r"免[责責][声聲]明|法律[声聲]明|版[权權][声聲]明|[风風][险險]提示|前瞻性[陈陳]述)\s*[:：]?$"
    ),
    re.IGNORECASE,
)
_LEGAL = re.compile(
    r"(?:disclaimer|disclosure|risk (?:warning|disclosure)|legal notice|forward[- ]?looking "
    r"(?:statements?|information)|safe harbou?r(?: statement)?|cautionary (?:note|"
    r"statement)[^:]{0,60}|免[责責][声聲]明|版[权權][声聲]明|[风風][险險]提示|特[别別][声聲]明|[声聲]明)\s*[:：–—-].{10,}"
    r"|[\[(（]?(?:©|\(c\)|copyright\b|版[权權]所有|all rights reserved|著作[权權]).{0,250}$"
    r"|.{0,160}(?:all rights reserved|版[权權]所有|未[经經](?:授[权權]|[许許]可|[书書]面)|不得[转轉][载載]|"
    r"[转轉][载載][请請]注明|[僅仅]代表作者|不[构構]成(?:任何)?投[资資](?:建[议議]|意[见見])).{0,160}$"
    r"|(?:this|the) (?:press |news |media )?(?:release|announcement|communication|"
    r"document)?\s*(?:article |content |post |material |report )?(?:may contain|contains|includes|"
    r"may include)s?[^.]{0,80}forward[- ]?looking"
    r"|(?:certain |some |any )?(?:statements|information|matters)\b[^.]{0,200}\bforward[- ]?looking"
    r"|.{0,200}\b(?:private securities litigation reform act|within the meaning of section 27a)\b"
    r"|forward[- ]?looking (?:statements|information)\b"
    r"|neither (?:the )?(?:tsx|cse|canadian securities exchange|nyse|nasdaq)\b.{0,200}(?:accepts "
    r"responsibility|reviewed)"
    r"|(?:this|the) (?:content|article|post|information|material|press release|"
    r"website)\b[^.]{0,120}\b(?:informational purposes|not (?:constitute|intended|be construed|an "
    r"offer)|does not constitute|sponsored content|based on information provided|only represents|"
    r"originally published|views of the author)"
    r"|(?:no|the) securities (?:regulatory|exchange|commission)\b.{0,80}\b(?:approved|reviewed|passed)"
    r"|[(（]?(?:来源|來源|source)[^()（）]{2,80}(?:only represents|[僅仅]代表).{0,160}$"
    r"|(?:本文|文章|以上)[^。]{0,20}(?:[僅仅]代表作者|[仅僅]供[参參]考|不代表本).{0,120}$"
    r"|(?:reports?|articles?|text) may be (?:reproduced|republished).{0,160}$",
    re.IGNORECASE,
)
_TOLD = re.compile(r"[.!?]\s|[?!]$|,\s[a-z]|\b(?:is|are|was|were|has|have|will|said|says|of the)\b")
_TITLED = re.compile(r"^(?:#{1,6}\s|\*\*[^*]+\*\*:?$|__[^_]+__$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    """The start of a block: whether it opens one, or is the whole of it."""

    reason: CutReason
    opens: bool


def _about(line: Line, folded: str) -> _Head | None:
    text = line.plain
    if _ABOUT_PLAIN.match(text):
        return _Head(reason=CutReason.ABOUT, opens=True)
    headed = _ABOUT.match(text) if may_match(_ABOUT, folded) else None
    if headed and words(text) <= 14 and len(text) <= 90 and not _TOLD.search(headed["name"]):
        return _Head(reason=CutReason.ABOUT, opens=True)
    han = _ABOUT_HAN.match(text)
    if han and not _DOCUMENT.search(han["name"]):
        return _Head(reason=CutReason.ABOUT, opens=True)
    if may_match(_ABOUT_RUN, folded) and _ABOUT_RUN.match(text[:400]):
        return _Head(reason=CutReason.ABOUT, opens=True)
    return None


def _head(line: Line) -> _Head | None:
    text = line.plain[:600]
    folded = text.casefold()  # lines are many, and few hold a word of any of these
    about = _about(line, line.plain.casefold() if len(line.plain) > len(text) else folded)
    if about:
        return about
    if _LEGAL_HEAD.match(text) and length(text) <= 160:
        return _Head(reason=CutReason.LEGAL, opens=True)
    if may_match(_LEGAL, folded) and _LEGAL.match(text):
        return _Head(reason=CutReason.LEGAL, opens=False)
    if length(text) <= 320 and _CONTACT.match(text):
        rest = _CONTACT.match(text)
        told = rest is not None and rest["rest"] is not None and re.match(r"\s+[a-z]{2,}", rest["rest"]) is not None
        if not told or _REACHED.search(text):
            return _Head(reason=CutReason.CONTACT, opens=not is_prose(text))
    return None


def _goes_on(block: CutReason, line: Line, run: int) -> bool:
    """Whether a line continues a block that opened `run` lines above it.

    A profile or disclaimer runs until another heading; a contact block until prose, or until it is too long for one.
    """
    if block is CutReason.CONTACT:
        return (
            run <= 16
            and length(line.plain) <= 160
            and (not is_prose(line.plain) or _REACHED.search(line.plain) is not None)
        )
    return not (_TITLED.match(line.text) and length(line.plain) <= 160)


def find_blocks(lines: tuple[Line, ...]) -> Iterator[Finding]:
    """Find profile, contact and legal blocks in the lower part of a text.

    Each finding is a whole line, or runs from the start of a sentence to the end of its line. Contact lines are cut;
    profiles and disclaimers stay in the text.

    Args:
        lines: The text's lines.
    """
    if not lines:
        return
    whole = lines[-1].end
    block: CutReason | None = None
    opened = 0
    for line in lines:
        low = line.start >= 0.25 * whole and line.number >= 2
        head = _head(line) if low else None
        if head:
            block = head.reason if head.opens else block if block is CutReason.LEGAL else None
            opened = line.number
            yield _found(line.start, line.end, head.reason)
            continue
        if block and _goes_on(block, line, line.number - opened):
            yield _found(line.start, line.end, block)
            continue
        block = None
        inline = _inline(line, whole)
        if inline is not None:
            block = CutReason.ABOUT
            yield _found(inline, line.end, CutReason.ABOUT)


def _inline(line: Line, whole: int) -> int | None:
    """Where a profile begins inside a line that holds the whole release, if it does."""
    if len(line.text) < 300:
        return None
    for found in _ABOUT_INLINE.finditer(line.text) if may_match(_ABOUT_INLINE, line.text.casefold()) else ():
        if line.start + found.end() >= 0.25 * whole:
            return line.start + found.end()
    return None


def _found(start: int, end: int, reason: CutReason) -> Finding:
    return Finding(start=start, end=end, reason=reason, stays=reason is not CutReason.CONTACT)
