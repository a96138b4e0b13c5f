"""Who agreed with whom: the parties of a trigger, from the tokens around it.

Structures that are read (A, B, C names; V the trigger):

    A与B(正式|日前|在…|就…)V          A日前与B在…V           A、B和C(共同|三方)V      由A与B共同V
    A携手|联手|联合BV                 (公司)与BV             A宣布，已与BV            A V与B的协议
    A分别与B、C和D V                  双方|两校|三方V        …V：A与B约定             A授予B…;  A获B授权
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ingest.agreements.chinese.beyond import (
    ended,
    granted,
    handed,
    is_since,
    listed_after,
    named_after,
    partnered,
    since,
    titled,
    towards,
    whose_are,
    with_right,
)
from ingest.agreements.chinese.grammar import GROUP, ITEM, Reading, find_subject, items
from ingest.agreements.chinese.phrases import SKIP, STRICT_WITH, simplify
from ingest.agreements.chinese.tokens import Token, kinds
from ingest.agreements.chinese.triggers import Act, Trigger

__all__ = ["Reading", "coordinations", "read"]

_LOOSE = r"[TAFQlRDjzxXGdV,BHL]*"
_NEAR = re.compile(rf"(?P<g>{GROUP}){SKIP}$")
_FAR = re.compile(rf"(?P<g>[NPS](?:eU?)?(?:[EW]+{ITEM})*){_LOOSE}$")
_WITH = re.compile(rf"(?:(?P<a>{GROUP})[TAFQlRDjGz]*)?W{SKIP}$")
_REFERENCE = re.compile(r"R[TAFQljzDxXGd,B]*$")
_PAIR = re.compile(rf"(?P<a>{GROUP})[TAFQlj]*W{SKIP}(?P<b>{GROUP})|(?P<g>{ITEM}(?:[EW]+{ITEM})+)")
_PAIRS = re.compile(r"[NX]W[NX](?:[EW]+[NX]W[NX])+")
_REST = re.compile(rf"{_LOOSE}$")
_COUNTED = re.compile(r"第[一二三四五六七八九十]份")
_TWO = 2  # parties
_SEVERAL = re.compile(r"(?:了)?(?:两|三|四|五|六|多|数|\d)[份项个]|一系列|若干|分别")


def _text(text: str, token: Token) -> str:
    return text[token.start : token.end]


def read(text: str, tokens: Sequence[Token], trigger: Trigger) -> Reading | None:
    """The parties of a trigger.

    Args:
        text: Plain text.
        tokens: All tokens of the sentence, with the trigger as a `V`.
        trigger: Which one.

    Returns:
        What was found; None where the sentence names nobody for it.
    """
    earlier = [token for token in tokens if token.end <= trigger.start]
    if trigger.act is Act.HOLD:  # behind 'according to'
        earlier = earlier[kinds(earlier).rfind("J") + 1 :]
    before = simplify(text, earlier)
    after = simplify(text, [token for token in tokens if token.start >= trigger.end])
    if trigger.act is Act.PARTNER:
        return partnered(before, after)
    if trigger.act is Act.HAND:
        return handed(after)
    if trigger.act is Act.SIGN and (counterparts := whose_are(text, tokens, trigger)) is not None:
        return counterparts
    found = _from_left(text, before, kinds(before))
    if trigger.act is Act.LICENSE:
        directed = towards(text, tokens, before, trigger) or granted(before, after, found)
        if directed:
            return directed
    if found is None or (len(found.all) < 2 and not found.reference and not found.lacks_subject):
        found = with_right(before, after, found) or found
    if trigger.act is Act.END and (found is None or len(found.all) < 2):
        found = ended(text, tokens, before, trigger) or found
    found = _from_next_clause(text, tokens, after, trigger, found)
    if trigger.act is Act.SIGN and (found is None or _names_few(found) or text[trigger.start] == "《"):
        found = titled(text, trigger) or found
    return _with_listed(text, tokens, trigger, found) if found else None


def _names_few(found: Reading) -> bool:
    """Whether the title of what was signed may say better who signed it: 'both sides', one name, or only places."""
    return len(found.all) < _TWO or found.lacks_subject or all(token.kind == "P" for token in found.all)


def _from_next_clause(
    text: str, tokens: Sequence[Token], after: Sequence[Token], trigger: Trigger, found: Reading | None
) -> Reading | None:
    """What the clause behind adds, where this one only looks back on the act."""
    if found is None:
        return since(text, after)
    if not found.lacks_subject or not (text.startswith("的", trigger.end) or is_since(text, after)):
        return found
    named = [token for token in tokens if token.end <= trigger.start and token.kind == "N"]
    return named_after(after, found) if all(token in found.right for token in named) else found


def _with_listed(text: str, tokens: Sequence[Token], trigger: Trigger, found: Reading) -> Reading:
    """The reading with counterparts that a list behind it names, and whether each has a document."""
    if any(token.kind == "U" for token in found.all) or (len(found.all) == 1 and not found.reference):
        found = replace(found, right=(*found.right, *listed_after(text, tokens, trigger)))
    is_hub = any(token.kind in "FU" for token in (*found.lead, *found.all)) or _SEVERAL.match(text, trigger.end)
    return replace(found, is_hub=bool(is_hub))


def _split(text: str, tokens: Sequence[Token], span: tuple[int, int]) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """A coordination, split at its first 'with'."""
    for i in range(*span):
        if tokens[i].kind == "W" and (_text(text, tokens[i]) in STRICT_WITH or len(_text(text, tokens[i])) > 1):
            return items(tokens, (span[0], i)), items(tokens, (i, span[1]))
    for i in range(*span):
        if tokens[i].kind == "W" and "E" not in kinds(tokens[span[0] : i]):
            return items(tokens, (span[0], i)), items(tokens, (i, span[1]))
    return items(tokens, span), ()


def _from_left(text: str, before: Sequence[Token], left: str) -> Reading | None:
    if reference := _REFERENCE.search(left):
        near = _NEAR.search(left[: reference.start()])
        if near is None or len(items(before, near.span("g"))) < _TWO or _stand_for(text, before, near, reference):
            return Reading(reference=before[reference.start()], lead=tuple(before[reference.start() :]))
    match = _NEAR.search(left)
    is_near = True
    if match is not None and kinds(items(before, match.span("g"))) == "X" and not left[: match.start()].endswith("W"):
        match = None
    if match is None:
        if (pair := _pair_before(text, before, left)) is not None:
            return pair
        match, is_near = _FAR.search(left), False
    return _from_group(text, before, match, is_near=is_near) if match else None


def _stand_for(text: str, before: Sequence[Token], near: re.Match[str], reference: re.Match[str]) -> bool:
    """Whether those named only sign 'on behalf of both governments'."""
    named = items(before, near.span("g"))
    is_for = "代表" in text[named[-1].end : before[reference.start()].start]
    return is_for and all(token.kind == "X" for token in named)


def _from_group(text: str, before: Sequence[Token], match: re.Match[str], *, is_near: bool) -> Reading:
    """The reading of the names last joined before the verb, and of whom they act with."""
    left = match.string
    named = items(before, match.span("g"))
    lead = tuple(before[match.start("g") :])
    with_whom = _WITH.search(left[: match.start("g")])
    if with_whom is None and _PAIRS.fullmatch(left, *match.span("g")) and _pairs_off(text, before, match):
        pairs = tuple(zip(named[::2], named[1::2], strict=True))
        return Reading(left=named[::2], right=named[1::2], pairs=pairs, lead=lead)
    if with_whom is None:
        first, second = _split(text, before, match.span("g"))
        return Reading(left=first, right=second, lead=lead, is_near=is_near)
    if with_whom["a"] is not None:
        lead = tuple(before[with_whom.start("a") :])
        return Reading(left=items(before, with_whom.span("a")), right=named, lead=lead, is_near=is_near)
    clause = _clause_start(left, with_whom.start())
    # 'The first went to A, the second was signed with B': who hands them out was said before.
    is_counted = _COUNTED.match(text, before[clause].start)
    earlier = () if is_counted else find_subject(before, with_whom.start())
    lead = tuple(before[clause:])
    return Reading(left=earlier, right=named, lead=lead, lacks_subject=not earlier, is_near=is_near)


def _pairs_off(text: str, before: Sequence[Token], match: re.Match[str]) -> bool:
    """Whether each 'and' of 'A and B, C and D' stands between two that agree, and ends no list."""
    joins = {_text(text, token) for token in before[slice(*match.span("g"))] if token.kind == "W"}
    return joins <= STRICT_WITH or (len(joins) == 1 and "F" in match.string[match.end("g") :])


def _pair_before(text: str, before: Sequence[Token], left: str) -> Reading | None:
    """The last parties that an earlier clause of the sentence joins, where no other name stands in between."""
    pairs = list(_PAIR.finditer(left))
    if not pairs or not _REST.match(left, pairs[-1].end()):
        return None
    # Two words of no shape may be fields of something; names that the sentence joined before it are surer.
    match = next((each for each in reversed(pairs) if "N" in each.group()), pairs[-1])
    lead = tuple(before[match.start() :])
    if match["g"]:
        first, second = _split(text, before, match.span("g"))
    else:
        first, second = items(before, match.span("a")), items(before, match.span("b"))
    if sum(token.kind in "NPSX" for token in (*first, *second)) < _TWO:
        return None
    return Reading(left=first, right=second, lead=lead, is_near=False)


def _clause_start(left: str, stop: int) -> int:
    return max(left.rfind(",", 0, stop), left.rfind(";", 0, stop)) + 1


def coordinations(text: str, tokens: Sequence[Token]) -> tuple[tuple[Token, ...], ...]:
    """Groups of names that a stretch of tokens joins by 'and' or 'with', in order."""
    simple = simplify(text, tokens)
    found = []
    for match in _PAIR.finditer(kinds(simple)):
        span = match.span("g") if match["g"] else (match.start("a"), match.end("b"))
        named = items(simple, span)
        shaped = sum(token.kind in "NPS" for token in named)
        if shaped > 1 or (len(named) > 1 and any(token.kind == "N" for token in named)):
            found.append(named)
    return tuple(found)
