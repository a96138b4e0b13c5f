"""Claims of several sentences → one for each agreement of the article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.agreements.chinese.parties import Named
from ingest.agreements.chinese.triggers import Act
from ingest.documents import Kind, Moment, Status

__all__ = ["Claim", "merge"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one sentence says of one agreement; offsets are those of the text, for names and fields too."""

    parties: tuple[Named, ...]
    kind: Kind
    status: Status
    is_news: bool
    signed_on: Moment | None
    fields: tuple[tuple[int, int], ...]
    value: tuple[int, int] | None
    start: int
    end: int
    confidence: float
    act: Act
    is_reference: bool
    is_further: bool


_KINDS = (
    Kind.MOU,
    Kind.JOINT_VENTURE,
    Kind.LICENSING,
    Kind.STRATEGIC_PARTNERSHIP,
    Kind.JOINT_FACILITY,
    Kind.COOPERATION_AGREEMENT,
)
_CHANGES = (Status.ENDED, Status.RENEWED)
_TWO = 2  # parties
_DOCUMENTS = (Act.SIGN, Act.REACH, Act.END, Act.VENTURE)


def _keys(claim: Claim) -> frozenset[str]:
    return frozenset(party.key for party in claim.parties)


def _bodies(claim: Claim) -> frozenset[str]:
    return frozenset(party.body for party in claim.parties)


def _same(one: Claim, other: Claim) -> bool:
    """Whether two claims tell of one agreement."""
    a, b = _keys(one), _keys(other)
    if a != b and _bodies(one) == _bodies(other):
        b = a  # a school told of once, and its university once
    small, large = sorted((a, b), key=len)
    if not small <= large and len(small & large) < max(2, len(large) - 1):
        return False
    if one.start == other.start:
        return not _are_two_papers(one, other)
    if other.is_further and one.act is Act.SIGN:
        return False
    if _looks_back(one, other) or _looks_back(other, one):
        return False
    if one.status in _CHANGES or other.status in _CHANGES or one.signed_on is None or other.signed_on is None:
        return True
    shorter = min(len(one.signed_on.iso), len(other.signed_on.iso))
    is_one_date = one.signed_on.iso[:shorter] == other.signed_on.iso[:shorter]
    is_one_year = one.signed_on.iso[:4] == other.signed_on.iso[:4]
    return is_one_date or (is_one_year and one.kind is other.kind)


def _looks_back(one: Claim, other: Claim) -> bool:
    """Whether one tells of an earlier, dated paper of another sort, and the other of today's."""
    is_old = not one.is_news and one.signed_on is not None and one.status is Status.SIGNED
    return is_old and other.is_news and other.status is Status.SIGNED and one.kind is not other.kind


def _are_two_papers(one: Claim, other: Claim) -> bool:
    """Whether one sentence tells of two documents of the same parties: of different sort and day."""
    are_signed = one.act is Act.SIGN and other.act is Act.SIGN and one.kind is not other.kind
    return are_signed and None not in (one.signed_on, other.signed_on) and one.signed_on != other.signed_on


def _pairs(claims: Sequence[Claim]) -> dict[frozenset[str], set[int]]:
    """Which two are told to agree in a sentence of their own, and where those sentences begin."""
    found: dict[frozenset[str], set[int]] = {}
    for claim in claims:
        if len(claim.parties) == _TWO and not claim.is_reference:
            found.setdefault(_keys(claim), set()).add(claim.start)
    return found


def _is_told_apart(claim: Claim, pairs: Mapping[frozenset[str], set[int]]) -> bool:
    """Whether 'A signed with B and C' turns out to be a paper with B and another one with C."""
    keys = _keys(claim)
    if len(keys) <= _TWO:
        return False
    elsewhere = {pair for pair, starts in pairs.items() if pair < keys and starts - {claim.start}}
    return any(all(frozenset((hub, other)) in elsewhere for other in keys - {hub}) for hub in keys)


def _rank(claim: Claim) -> tuple[bool, bool, bool, float, int]:
    """How well a claim stands for its agreement."""
    return (
        claim.status in _CHANGES,
        claim.is_news,
        claim.act in _DOCUMENTS and not claim.is_reference,
        claim.confidence,
        -claim.start,
    )


def _united(claims: Sequence[Claim]) -> Claim:
    best = max(claims, key=_rank)
    fullest = max(claims, key=lambda claim: (len(claim.parties) if claim.act in _DOCUMENTS else 0, claim is best))
    signed = best.signed_on
    if best.status is Status.ENDED:
        # An agreement that ended was signed when the article says that it was.
        signed = next((c.signed_on for c in claims if c.signed_on and c.status is Status.SIGNED), best.signed_on)
    elif signed is None:
        is_founded = best.act not in (Act.SIGN, Act.REACH)  # some time after the papers were signed
        signed = next((c.signed_on for c in claims if c.signed_on and (c.is_news is best.is_news or is_founded)), None)
    if best.status is Status.PLANNED:
        signed = None
    return replace(
        best,
        parties=fullest.parties if len(fullest.parties) > len(best.parties) else best.parties,
        kind=_kind(best, claims),
        signed_on=signed,
        is_news=any(claim.is_news for claim in claims),
        fields=best.fields or next((claim.fields for claim in claims if claim.fields), ()),
        value=best.value or next((claim.value for claim in claims if claim.value), None),
    )


def _kind(best: Claim, claims: Sequence[Claim]) -> Kind:
    """A type of document that any sentence names wins; what is merely built under an agreement does not."""
    named = [c.kind for c in claims if c.kind is not Kind.JOINT_FACILITY or c.start == best.start]
    return min([*named, best.kind], key=_KINDS.index)


def merge(claims: Sequence[Claim]) -> tuple[Claim, ...]:
    """Join the claims that tell of one agreement; each keeps its best sentence as evidence.

    Args:
        claims: In the order in which the article makes them.

    Returns:
        One claim for each agreement.
    """
    groups: list[list[Claim]] = []
    pairs = _pairs(claims)
    for claim in (each for each in claims if not _is_told_apart(each, pairs)):
        group = next((g for g in groups if any(_same(earlier, claim) for earlier in g)), None)
        if group is None:
            groups.append([claim])
        else:
            group.append(claim)
    return tuple(_united(group) for group in groups)
