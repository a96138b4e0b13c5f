"""The shape of a reading, and the small grammar over kinds of token that finds one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.agreements.chinese.tokens import Token, kinds

__all__ = ["GIVEN", "GROUP", "ITEM", "Reading", "find_subject", "is_placed_as_name", "items"]

ITEM = r"[NPXSuU](?:eU?)?"
GROUP = rf"{ITEM}(?:[EW]+{ITEM})*"
GIVEN = re.compile(rf"^(?P<g>{GROUP})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the tokens say of the parties.

    Attributes:
        left: Party tokens of the subject, in order.
        right: Those after the preposition; empty where all stand in one coordination.
        reference: The token 'both sides', where that is all there is.
        lacks_subject: Whether someone signs *with* `right` whom the clause does not name.
        is_hub: Whether there is a document for each of `right`.
        lead: Kinds and offsets of the tokens from the subject to the verb, for mood.
        pairs: Two by two, where the sentence pairs them: 'A with B, C with D'.
        is_near: Whether the parties stand directly before the verb.
    """

    left: tuple[Token, ...] = ()
    right: tuple[Token, ...] = ()
    reference: Token | None = None
    lacks_subject: bool = False
    is_hub: bool = False
    is_near: bool = True
    pairs: tuple[tuple[Token, Token], ...] = ()
    lead: tuple[Token, ...] = ()

    @property
    def all(self) -> tuple[Token, ...]:
        """All party tokens in the order of the text."""
        return tuple(sorted({*self.left, *self.right}, key=lambda token: token.start))


def items(tokens: Sequence[Token], span: tuple[int, int]) -> tuple[Token, ...]:
    """The tokens of a span that may be parties."""
    return tuple(token for token in tokens[span[0] : span[1]] if token.kind in "NPXSuU")


def find_subject(before: Sequence[Token], stop: int) -> tuple[Token, ...]:
    """The first name of the sentence, where what signs is named in an earlier clause of it."""
    sentence = before[:stop]
    named = [
        i for i, token in enumerate(sentence) if token.kind in "NS" and (i == 0 or sentence[i - 1].kind not in "WE")
    ]
    # Behind a semicolon somebody else may act: 'A: with B …; C: with D …'.
    led = [i for i in named if i and sentence[i - 1].kind == ";" and kinds(sentence[i + 1 : i + 2]) == ";"]
    if named:
        return (sentence[(led or named)[-1 if led else 0]],)
    for i, token in enumerate(sentence):
        follows = kinds(sentence[i + 1 : i + 2])
        if token.kind == "X" and (follows == "Q" or (i == 0 and is_placed_as_name(sentence, 0))):
            return (token,)
    return ()


def is_placed_as_name(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word of no known shape begins a clause in which it does something."""
    is_first = i == 0 or tokens[i - 1].kind in ",;"
    return is_first and kinds(tokens[i + 1 : i + 2]) in tuple("QATzBL")
