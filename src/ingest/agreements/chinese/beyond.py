"""Parties that do not stand before the verb: behind it, in a phrase of direction, in a list, in another clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from ingest.agreements.chinese.grammar import GIVEN, GROUP, ITEM, Reading, find_subject, is_placed_as_name, items
from ingest.agreements.chinese.nouns import TITLED
from ingest.agreements.chinese.phrases import SKIP
from ingest.agreements.chinese.tokens import Token, kinds, tokenise
from ingest.agreements.chinese.triggers import Trigger

__all__ = [
    "ended",
    "granted",
    "handed",
    "is_since",
    "listed_after",
    "named_after",
    "partnered",
    "since",
    "titled",
    "towards",
    "whose_are",
    "with_right",
]

_OF = re.compile(rf"^[TAFljzDx]*W{SKIP}(?P<g>{GROUP})(?:d|[TAFlj]*[zxXG])")
_COLON = re.compile(rf"^[^;]{{0,8}};[T,]?(?P<g>{ITEM}(?:[EW]+{ITEM})+)")
_SHOWN = re.compile(rf"^[^,;]*d[^,;]*,[T,]?(?:(?P<a>{GROUP})[TAF]*[WJ](?P<b>{GROUP})|(?P<g>{ITEM}(?:[EW]+{ITEM})+))")
_JOINED = re.compile(rf",[T,]?(?P<g>{ITEM}(?:[EW]+{ITEM})+)")
_LIST = re.compile(r"包括|包含|(?:分别|对象|单位|机构|企业|高校)[是为有]")
_WHO_SIGNED = re.compile(
    r"的[^，。；的]{0,12}?(?:大学|院校|高校|机构|单位|企业|公司|银行|伙伴|团体)(?:包括|计有|分别[是为]|有|[是为])"
)
_SIGNATORIES = re.compile(r"N(?:[EW]*N)+")
_NUMBERS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8}


def _text(text: str, token: Token) -> str:
    return text[token.start : token.end]


def with_right(before: Sequence[Token], after: Sequence[Token], found: Reading | None) -> Reading | None:
    """'… a cooperation agreement with B', '… signed: A and B agreed'."""
    right = kinds(after)
    if match := _OF.search(right):
        partners = items(after, match.span("g"))
        subject = found.all if found else find_subject(before, len(before))
        return Reading(
            left=subject, right=partners, lacks_subject=not subject, lead=found.lead if found else tuple(before)
        )
    if found is not None and found.is_near:
        return None
    if match := _COLON.search(right):
        return Reading(left=items(after, match.span("g")), lead=tuple(before))
    shown = _SHOWN.search(right) if found is None else None
    if shown is None:
        return None
    named = items(after, shown.span("g")) or (*items(after, shown.span("a")), *items(after, shown.span("b")))
    return Reading(left=named, lead=tuple(before))


def towards(text: str, tokens: Sequence[Token], before: Sequence[Token], trigger: Trigger) -> Reading | None:
    """'A grants to B', 'A brings in from B', where B stands in a phrase before the verb."""
    earlier = [token for token in tokens if token.end <= trigger.start]
    for i in range(len(earlier) - 1):
        if _text(text, earlier[i]) in ("向", "从", "自") and earlier[i + 1].kind in "NXP":
            k = i + 2 if earlier[i + 1].kind == "P" and kinds(earlier[i + 2 : i + 3]) == "N" else i + 1
            subject = find_subject(before, len(before))
            if subject and earlier[k].kind in "NX" and subject[0].start != earlier[k].start:
                return Reading(left=subject, right=(earlier[k],), lead=tuple(before))
    return None


def named_after(after: Sequence[Token], found: Reading) -> Reading:
    """'The paper signed with B in May takes effect: A …': who signed is named by the next clause."""
    clause = re.search(r",[TA]*(?P<s>[NS])(?![EW])", kinds(after))
    if clause is None:
        return found
    return replace(found, left=items(after, clause.span("s")), lacks_subject=False)


def whose_are(text: str, tokens: Sequence[Token], trigger: Trigger) -> Reading | None:
    """'The universities that signed are A and B, the institutes C': counterparts of who was told of before."""
    mark = _WHO_SIGNED.match(text, trigger.object_end)
    if mark is None:
        return None
    named = tuple(token for token in tokens if token.start >= mark.end() and token.kind == "N")
    return Reading(right=named, lacks_subject=True, is_hub=True) if named else None


def is_since(text: str, after: Sequence[Token]) -> bool:
    """Whether the clause only says since when: '自2019年与B签约以来，…'."""
    comma = kinds(after).find(",")
    return comma > 0 and text.endswith(("以来", "之后", "后"), 0, after[comma].start)


def since(text: str, after: Sequence[Token]) -> Reading | None:
    """'Since the signing, A and B have …'."""
    match = _JOINED.match(kinds(after), kinds(after).find(",")) if is_since(text, after) else None
    if match is None:
        return None
    return Reading(left=items(after, match.span("g")), lead=())


def partnered(before: Sequence[Token], after: Sequence[Token]) -> Reading | None:
    """'A's partners include B and C': one agreement with each."""
    subject = find_subject(before, len(before))
    given = GIVEN.search(kinds(after))
    if not subject or not given:
        return None
    return Reading(left=subject, right=items(after, given.span("g")), is_hub=True, lead=tuple(before))


def handed(after: Sequence[Token]) -> Reading | None:
    """'The first paper went to B': who hands them out was said before."""
    given = GIVEN.search(kinds(after))
    return Reading(right=items(after, given.span("g")), lacks_subject=True) if given else None


def granted(before: Sequence[Token], after: Sequence[Token], found: Reading | None) -> Reading | None:
    """'A grants B …', 'A is granted by B …'."""
    if found is not None and len(found.all) > 1:
        return found
    given = GIVEN.search(kinds(after))
    clause = max((i + 1 for i, token in enumerate(before) if token.kind in ",;"), default=0)
    subject = find_subject(before[clause:], len(before) - clause) or find_subject(before, len(before))
    if given:
        partners = items(after, given.span("g"))
        if subject and any(token.kind in "NXS" for token in partners):
            return Reading(left=subject, right=partners, lead=tuple(before))
    towards = re.search(r"N[^N]*N[TAjz]*$", kinds(before))
    if towards:
        names = [token for token in before[towards.start() :] if token.kind == "N"]
        return Reading(left=(names[0],), right=(names[-1],), lead=tuple(before))
    return found


def ended(text: str, tokens: Sequence[Token], before: Sequence[Token], trigger: Trigger) -> Reading | None:
    """Whose agreement ends: two names anywhere before the verb, or 'that of both sides' behind it."""
    names = {
        _text(text, token): token
        for i, token in enumerate(before)
        if token.kind in "NS" or (token.kind == "X" and is_placed_as_name(before, i))
    }
    partner = next(
        (t for i, t in reversed(list(enumerate(before))) if i and before[i - 1].kind == "W" and t.kind in "NXS"), None
    )
    subject = next((t for word, t in names.items() if partner is None or word != _text(text, partner)), None)
    if subject and partner:
        return Reading(left=(subject,), right=(partner,), lead=tuple(before))
    if len(names) == 2:  # who ends it, and with whom
        left, right = names.values()
        return Reading(left=(left,), right=(right,), lead=tuple(before))
    both = next((t for t in tokens if t.kind == "R" and trigger.end <= t.start < trigger.object_end), None)
    return Reading(reference=both, lead=tuple(before)) if both else None


def titled(text: str, trigger: Trigger) -> Reading | None:
    """'… signed the 《A与B合作协议》': who signed is in the title of the paper."""
    title = TITLED.search(text, trigger.start, trigger.object_end + 1)
    if title is None or title.start() < trigger.start:
        return None
    inside = tokenise(text, *title.span("names"))
    match = _SIGNATORIES.match(kinds(inside))
    if match is None:
        return None
    named = items(inside, match.span())
    # 《A B关于…》: a space parts the two.
    apart = all(left.end < right.start for left, right in pairwise(named))
    return Reading(left=named) if len(named) > 1 and apart else None


def listed_after(text: str, tokens: Sequence[Token], trigger: Trigger) -> tuple[Token, ...]:
    """'… with eleven companies, among them A and B'."""
    mark = _LIST.search(text, trigger.object_end, tokens[-1].end)
    if mark is None:
        return _told_one_by_one(text, tokens, trigger)
    after = [token for token in tokens if token.start >= mark.end()]
    match = GIVEN.match(kinds(after))
    return items(after, match.span()) if match else ()


def _told_one_by_one(text: str, tokens: Sequence[Token], trigger: Trigger) -> tuple[Token, ...]:
    """'… with three bodies: A will …, B will …, C will …', if there are as many."""
    counted = next((t for t in reversed(tokens) if t.kind == "U" and t.end <= trigger.start), None)
    number = next((_NUMBERS[c] for c in _text(text, counted) if c in _NUMBERS), 0) if counted else 0
    after = [token for token in tokens if token.start >= trigger.object_end]
    if not after or _text(text, after[0]) != "：":
        return ()
    named = tuple(t for i, t in enumerate(after) if i and t.kind == "N" and after[i - 1].kind in ",;")
    return named if len(named) == number else ()
