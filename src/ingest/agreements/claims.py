"""What one trigger says, and which claims of an article are of one agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from ingest.agreements.roster import Organisation, fold
from ingest.documents import Kind, Moment, Status
from ingest.sentences import Sentence

__all__ = ["Claim", "merge"]


_REALM = frozenset(
    {"government", "governments", "of", "the", "republic", "kingdom", "state", "province", "people", "special"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one trigger of one sentence says.

    Attributes:
        parties: Who, in the order of the sentence; one alone where the other side is not named.
        spans: Where their names stand in the article; None where they have no words of their own in the sentence.
        sentence: The sentence; None for the headline.
        kind: What the trigger's word says of the kind.
        status: How far it has come.
        signed_on: When, if this sentence says so.
        place: Number of the sentence among all; -1 for the headline.
        separate: Whether it is one of several documents that one sentence lists.
        features: What the weighing goes by.
        is_own: Whether the sentence names a party itself or refers to all by 'the two universities'; else it only tells
            more of what was said before.
        is_further: Whether it is expressly one more between parties that have been told of ('another agreement').
        belief: Probability that it states an agreement with these parties.
    """

    parties: tuple[Organisation, ...]
    spans: tuple[tuple[int, int] | None, ...]
    sentence: Sentence | None
    kind: Kind
    status: Status
    signed_on: Moment | None
    place: int
    separate: bool
    features: frozenset[str]
    is_own: bool = True
    is_further: bool = False
    belief: float = 0.0

    @property
    def names(self) -> frozenset[str]:
        """Full names of the parties."""
        return frozenset(party.full for party in self.parties)

    @property
    def stated(self) -> frozenset[str]:
        """Those of them that have words of their own in the sentence."""
        return frozenset(party.full for party, span in zip(self.parties, self.spans, strict=True) if span)


def merge(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Group claims of one agreement: the same parties, or a part of them told again; in the order of the text.

    The first claim of a group is the one that names the most parties. A set of parties that only adds up pairs with a
    document each is no agreement of its own, and one named party is told of with any group that it belongs to.
    """
    groups: list[list[Claim]] = []
    by_party: dict[frozenset[str], list[list[Claim]]] = {}
    pairs = {claim.names for claim in claims if claim.separate and len(claim.parties) == 2}
    for claim in sorted(claims, key=_order):
        if len(claim.names) > 2 and _is_sum(claim.names, pairs):
            continue
        shared = [group for party in claim.parties for group in by_party.get(_bare(party), ())]
        home = next((group for group in shared if _tells_of(claim, group[0]) and not claim.is_further), None)
        home = home or next((group for group in shared if _restates(claim, group[0])), None)
        if home is None:
            groups.append([claim])
            for party in claim.parties:
                by_party.setdefault(_bare(party), []).append(groups[-1])
        else:
            home.append(claim)
    return sorted(groups, key=lambda group: min(claim.place for claim in group))


def _order(claim: Claim) -> tuple[int, bool, bool, int]:
    """Most parties first; of as many, who names them before who refers to them, and sentences before the headline."""
    return -len(claim.names), claim.sentence is None, len(claim.stated) < len(claim.names), claim.place


def _restates(claim: Claim, whole: Claim) -> bool:
    """Whether a claim tells in other words of an agreement whose parties another sentence names.

    A headline that shares a party with the lede's agreement is a headline of it; and 'we' who partner with B are those
    who do so by name elsewhere.
    """
    if len(whole.stated) < 2 or len(claim.names) > 2 or claim.is_further or claim.separate:
        return False
    if claim.sentence is None:
        return whole.place in range(3) and bool(claim.names & whole.names) and not whole.separate
    return 0 < len(claim.stated) < len(claim.names) and claim.stated <= whole.names


def _tells_of(claim: Claim, whole: Claim) -> bool:
    """Whether each party of a claim is one of another: by name, or as the government of a place."""
    if whole.names >= claim.names:
        return True
    known = {_bare(party) for party in whole.parties}
    return len({_bare(party) for party in claim.parties}) == len(claim.names) and all(
        _bare(party) in known for party in claim.parties
    )


def _bare(party: Organisation) -> frozenset[str]:
    """Words of a name without those that only say that it is the government of a place."""
    return _bare_words(party.full)


@lru_cache(maxsize=4096)
def _bare_words(name: str) -> frozenset[str]:
    words = frozenset(fold(name))
    return (words - _REALM) or words


def _is_sum(names: frozenset[str], pairs: set[frozenset[str]]) -> bool:
    inside = [pair for pair in pairs if pair <= names]
    return len(inside) > 1 and frozenset().union(*inside) == names
