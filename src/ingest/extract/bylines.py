"""Bylines: lines that name who wrote, took or edited something.

By Jane Doe                          - By JANE DOE in Hong Kong jane@example.com
By Jane Doe and John Roe, Staff Writers          By Jane Doe | j.doe@example.com
Example News Agency reporter Jane Doe            Staff reporter
记者 张三          本報記者 李四          文／王五          記者：霍言　編輯：阿蘇          (责编：何田、李明)
"""

from __future__ import annotations

import re

from ingest.extract.findings import Evidence
from ingest.extract.lines import has_han, length

__all__ = ["EMAIL", "NAME", "read_byline", "reporters"]

EMAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}"
_PARTICLE = r"(?:de|da|del|della|der|den|di|du|la|le|van|von|bin|binti|al|el|ter|ten|dos|y)"
_CAPITAL = r"[A-Z\u00c0-\u00de][\w'’.-]{0,30}"
NAME = rf"{_CAPITAL}(?:\s+(?:{_PARTICLE}\s+){{0,2}}{_CAPITAL}){{0,4}}"
_NAMES = rf"{NAME}(?:(?:\s*,\s*(?:and\s+)?|\s+and\s+|\s*&\s*){NAME}){{0,5}}"
_ROLE = (
    r"(?i:(?:(?:staff|senior|chief|special|our|business|political|"
    r"science)\s+){0,3}(?:reporter|correspondent|writer|editor)s?)"
)
_BY = re.compile(
    rf"^[-–—•*(]?\s*(?i:(?:written|reported|posted|story|words|text|report)\s+)?(?:by|BY|By)[:\s]\s*(?P<names>{_NAMES})"
    rf"(?:\s+(?:in|at|from)\s+{_NAMES})?"
    rf"(?:\s*[,|/·–—-]\s*(?:{_ROLE}|[A-Z][^.!?]{{0,50}}))?"
    rf"(?:[\s|,(<-]*(?i:e-?mail:?\s*)?{EMAIL}[)>]?)?\s*[)|]?$"
)
_ANONYMOUS = re.compile(
    rf"^[-–—(]?\s*(?:(?:by\s+)?(?:(?:a|our)\s+)?{_ROLE}"
    r"|news ?desk|staff report|本[报報][讯訊]|本[报報][记記]者)\s*[).]?$",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    rf"(?:{_ROLE}|[摄攝]影?|[报報][道导導])$|.*\b(?i:writer|correspondent|reporter|editor|columnist|staff|contributor)s?$"
)
_REPORTER = re.compile(
    rf"^(?P<agency>[A-Z][\w&.' -]{{2,50}}?)?[,\s]*\b(?:[Rr]eporters?|"
    rf"[Cc]orrespondents?)\s*[:,]?\s+(?P<names>{_NAMES})\s*[.]?$"
)
_ROLED = re.compile(rf"^(?P<names>{NAME}),\s*(?:{_ROLE})(?:[\s|,]*{EMAIL})?$")
_CREDITS = re.compile(
    r"^\(?(?:(?:additional\s+)?(?:reporting|writing|report|compiled|"
    r"translated)\s+by\s[^()]{3,160}(?:;\s*\w*\s*editing by[^()]{3,120})?"
    r"|editing by\s[^()]{3,120})\)?\.?$",
    re.IGNORECASE,
)
_HAN_NAME = r"[\u4e00-\u9fff·・]{1,12}"
_WHO = (
    r"(?:特[约約]|[实實][习習]|本[报報刊社台网網]|首席|[驻駐][\u4e00-\u9fff]{1,4}|全媒[体體]"
    r"|[\u4e00-\u9fff]{1,6}[报報社网網])"
)
_AUTHOR = r"(?:[记記]者|作者|撰文|文字|文|[编編][译譯]|通[讯訊][员員]|[评評][论論][员員])"
_OTHER = (
    r"(?:[责責]任?[编編][辑輯]?|[编編][辑輯]|校[对對]|[审審][核校]|[监監][制製]|[来來]稿|主[编編]"
    r"|[摄攝]影|[图圖]片?|美[编編]|排版)"
)
_HAN_ROLE = re.compile(
    rf"^[（(【\[]?\s*{_WHO}{{0,3}}(?P<role>(?:{_AUTHOR}|{_OTHER})(?:[/、／](?:{_AUTHOR}|{_OTHER})){{0,3}})"
    rf"(?P<mark>\s*[:：/／丨|｜\s]\s*|\s*)"
    rf"(?P<names>(?:{_WHO}{{1,3}}(?:{_AUTHOR})?[\s　]*)?{_HAN_NAME}(?:[、,，\s　/／和与與]+{_HAN_NAME}){{0,7}})"
    rf"\s*(?:[摄攝报報][道导導影]?)?[）)】\]]?(?:[\s　|]*{EMAIL})?$"
)
_IS_AUTHOR = re.compile(rf"^{_AUTHOR}")
_FIELDS = re.compile(r"\s{2,}|\s*[|｜│]\s*|\u3000+|\t+|\s+(?=[编編审審责責校摄攝][\u4e00-\u9fff]{1,3}[:：])")
_JOINTS = re.compile(
    r"\s*(?:,\s*(?:and\s+)?|\sand\s|&|、|，|和|与|與|/|／|;)\s*|[\s　]+(?=[\u4e00-\u9fff])", re.IGNORECASE
)


def reporters(names: str) -> str | None:
    """The names of a list of people, joined by '; '; their office and what is no full name beside one are left out.

    A lone surname's space in Chinese type ('王 芳', to line up with names of three characters) is closed.
    """
    names = re.sub(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[\s　]+([\u4e00-\u9fff])(?![\u4e00-\u9fff])", r"\1\2", names)
    found = [part.strip(" .,;:：") for part in _JOINTS.split(names)]
    found = [part for part in found if part]
    found = [part for part in found if not _OFFICE.match(part)] or found[:1]
    if any(" " in part for part in found):
        found = [part for part in found if " " in part or has_han(part)]
    return "; ".join(dict.fromkeys(found)) or None


def _english(line: str) -> Evidence | None:
    found = _BY.match(line)
    if found:
        return Evidence(byline=reporters(found["names"]))
    found = _ROLED.match(line)
    if found and len(found["names"].split()) >= 2:
        return Evidence(byline=reporters(found["names"]))
    found = _REPORTER.match(line)
    if found:
        return Evidence(byline=reporters(found["names"]), publisher=(found["agency"] or "").strip(" ,") or None)
    return Evidence() if _ANONYMOUS.match(line) or _CREDITS.match(line) else None


def _chinese(line: str) -> Evidence | None:
    authors: list[str] = []
    for field in filter(None, _FIELDS.split(line)):
        found = _HAN_ROLE.match(field)
        if found is None:
            return None
        # without a mark between role and name ('文化部…') only 'reporter NAME' in brackets or alone can be told
        if not found["mark"] and (len(found["names"]) > 4 or not found["role"].endswith("者")):
            return None
        if _IS_AUTHOR.match(found["role"]):
            names = re.sub(rf"^(?:{_WHO}{{1,3}}(?:{_AUTHOR})?[\s　]*)", "", found["names"])
            authors.append(reporters(names) or "")
    return Evidence(byline="; ".join(filter(None, authors)) or None)


def read_byline(line: str) -> Evidence | None:
    """Read a line that is nothing but a byline.

    Args:
        line: A whole line, without Markdown.

    Returns:
        Who wrote it (and the agency where the line says so), an empty `Evidence` where the line credits people without
        naming an author, None where it is no byline.
    """
    if length(line) > 200:
        return None
    if has_han(line):
        return _chinese(line) or (Evidence() if _ANONYMOUS.match(line) else None)
    return _english(line)
