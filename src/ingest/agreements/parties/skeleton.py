"""A sentence with its names as single marks, and without what only describes them: constructions are plain in it.

'Officials from A University (AU) and its Duna counterpart, B, signed' becomes '①② signed': brackets, titles, persons
behind what they speak for, appositions and seats go, and names that are joined stand side by side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from ingest.agreements.names import Name, Sort

__all__ = ["FIRM", "PERSON", "PLACE", "Skeleton", "skeleton"]

# Marks of names, from the private use area: each name has its own, and its block says what it names.
_WIDTH = 0x400
_BLOCKS = {Sort.ORGANISATION: 0xE000, Sort.UNKNOWN: 0xE000, Sort.PLACE: 0xE400, Sort.PERSON: 0xE800, Sort.OTHER: 0xEC00}
FIRM, PLACE, PERSON = "[\ue000-\ue3ff]", "[\ue400-\ue7ff]", "[\ue800-\uebff]"
_PARTY = "[\ue000-\ue7ff]"
_MARK = re.compile("[\ue000-\uefff]")

_ROLE = (
    r"(?:(?:[Vv]ice|[Dd]eputy|[Aa]cting|[Ss]enior|[Mm]anaging|[Gg]eneral|[Cc]hief|[Ee]xecutive"
    r"|[Gg]roup|[Cc]o|[Ff]inancial"
    r"|[Oo]perating|[Tt]echnology)[ -])*(?:[Cc]hief|[Ee]xecutive|[Pp]resident|[Cc]hair(?:man"
    r"|woman)?|[Dd]irector|[Ff]ounder"
    r"|[Gg]overnor|[Mm]ayor|[Hh]ead|[Oo]fficer|[Cc]hancellor|[Mm]inister|[Ss]ecretary|[Pp]rovost"
    r"|[Rr]ector|[Dd]ean|[Mm]anager"
    r"|[Cc]ommissioner|[Pp]rincipal|boss|CEO)s?"
)
_FUNCTION = (
    r"(?:of|in|for|to|and|with|by|at|on|from|as|that|which|who|is|are|was|were|has|have|had|will"
    r"|would|can|its|their|his"
    r"|her|or|but|than|said|says|after|before|when|while|over|under|into|between|among|per|about|via|a|an|the)"
)
_PLAIN = rf"(?:(?!{_FUNCTION}\b)[a-z][\w’'-]*\s)"
_SPEAKERS = (
    r"(?:[Ss]enior )?(?:[Oo]fficials|[Rr]epresentatives|[Dd]elegates|[Ee]xecutives|[Nn]egotiators"
    r"|[Ll]eaders|[Hh]eads|[Mm]inisters"
    r"|[Ss]ignatories|[Pp]residents|[Vv]ice-chancellors|[Cc]hairmen|[Ee]nvoys|[Bb]osses|[Dd]elegations|[Tt]eams)"
)
_APART = (
    r"an?|the|which|whose|who|where|part|based|one|known|owned|home|formerly|its|their|both|maker|operator|owner"
    r"|headquartered|listed|operators|makers|owners|providers|two|three"
)
_WITH = r"as well as|along with|together with|in tandem with|jointly with|alongside|plus|and|&"


_TITLED = re.compile(rf"(?:^|[\s(])(?:{_ROLE}) $")


# What goes, in order, and what stays of it.
_DROPS = (
    (r"\s*[(（\[][^()（）\[\]]*[)）\]]", ""),
    (r"\b(?:Mr|Mrs|Ms|Dr|Prof|Professor|Sir|Dame|Ir)\.? (?=[\ue000-\uefff])", ""),
    (
        rf"({FIRM})(?:['’]s?)?,? (?:(?:the|its) )?(?:[A-Za-z][\w-]* (?:and )?){{0,3}}{_ROLE} (?:\w+ )?{PERSON},?",
        r"\1",
    ),
    (rf"({FIRM})['’]s? {PERSON}", r"\1"),
    (rf"({FIRM})['’]s? {_ROLE}\b", r"\1"),
    (rf"\b(?:[Tt]he )?{_ROLE} (?:of|at|for) (?:the )?({FIRM}),? {PERSON},?", r"\1"),
    (rf"{PERSON}, (?:[\w-]+ ){{0,5}}(?:of|at|from) (?:the )?({FIRM}),?", r"\1"),
    (
        (
            rf"\b(?:its|his|her|their) (?:[\w-]+ |{PLACE} )?counterparts? (?:at|from|in"
            rf"|of) (?:the )?({_PARTY})(?:, {PERSON},?)?"
        ),
        r"\1",
    ),
    (
        (
            rf"\b(?:its|his|her|their|the) (?:[\w-]+ |{PLACE} ){{0,3}}(?:counterpart|peer|rival"
            rf"|neighbour|neighbor|namesake|partner),? ({FIRM}),?"
        ),
        r"\1",
    ),
    (rf"\b(?:the )?{_SPEAKERS} (?:from|of|for|representing) (?:both )?(?=(?:the )?{_PARTY})", ""),
    (rf"{PLACE}['’]s? (?={FIRM})", ""),
    (rf"({FIRM}) (?:of|in|from) (?:the )?{PLACE}(?:, {PLACE})*", r"\1"),
    (
        (
            rf"\b(?:the|an?|its|their|local|fellow) (?:{PLACE}(?:-(?:based|listed|owned"
            rf"|backed))? ?|{_PLAIN}){{1,4}}(?={FIRM})"
        ),
        "",
    ),
    (rf"(?:{PLACE}|\b[A-Z][\w.]*)-(?:based|listed|owned|backed) (?:{_PLAIN}){{0,3}}(?={FIRM})", ""),
    (rf"\b(?:the|both) (?={_PARTY})", ""),
    (
        (
            rf"({FIRM}), (?:an? )?(?:[\w-]+ ){{0,3}}(?:unit|subsidiary|arm|member|affiliate|part"
            rf"|division|branch) of [^,;:]{{1,60}},"
        ),
        r"\1",
    ),
    (rf"({FIRM}), (?:{_APART})\b[^,;:\ue000-\ue3ff]{{1,140}}(?:,(?! and)|(?=, and ))", r"\1"),
    (rf"({FIRM}) (?:on|for|in|over) (?:[a-z-]+ ?){{1,4}}(?=(?:,|,? and) {FIRM})", r"\1"),
    (rf",? (?:{_WITH}) (?:the |its )?({FIRM}+),(?= (?:has|have|will|[a-z]+ed)\b)", r" and \1"),
)


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(pattern), stays) for pattern, stays in _DROPS)


@cache
def _joins() -> tuple[re.Pattern[str], ...]:
    return tuple(
        re.compile(rf"{kind}+(?:, (?:the )?{kind}+)*,? (?:{_WITH}) (?:also )?{kind}+") for kind in (FIRM, PLACE)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """A sentence made plain.

    Attributes:
        text: Its words, each name one mark.
        names: Name by mark.
    """

    text: str
    names: dict[str, Name]

    def named(self, marks: str) -> tuple[Name, ...]:
        """The names of some marks, in order."""
        return tuple(self.names[mark] for mark in marks if mark in self.names)


def skeleton(sentence: str, names: Sequence[Name]) -> Skeleton:
    """Make a sentence plain.

    Args:
        sentence: The sentence.
        names: Its names, in order, not overlapping.
    """
    marks: dict[str, Name] = {}
    parts: list[str] = []
    at = 0
    for number, name in enumerate(names[:_WIDTH]):
        mark = chr(_BLOCKS[name.sort] + number)
        if name.sort is Sort.UNKNOWN and _TITLED.search(sentence, 0, name.start):
            mark = chr(_BLOCKS[Sort.PERSON] + number)
        marks[mark] = name
        parts += [sentence[at : name.start], mark]
        at = name.end
        at = max(at, name.tail)
    text = "".join([*parts, sentence[at:]])
    for pattern, stays in _compiled():
        text = pattern.sub(stays, text)
    for join in _joins():
        text = join.sub(lambda found: "".join(_MARK.findall(found.group())), text)
    return Skeleton(text=text, names=marks)
