"""Where a name begins and ends: capitals, the small words inside names, and the 'and' that joins or parts two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ingest.agreements.vocabulary import vocabulary

__all__ = [
    "POSSESSIVE",
    "Chunker",
    "Token",
    "is_capital",
    "is_field",
    "is_head",
    "is_legal",
    "is_place",
    "is_stop",
    "may_begin",
    "tokenise",
]


class Token(NamedTuple):
    """A word or mark of a text."""

    start: int
    end: int
    word: str


POSSESSIVE = re.compile(r"['’]s$")
_OWNER = ("'s", "’s")
_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}(?=\s+[A-Z])|Bros\.(?=\s[A-Z])|[^\W_](?:[\w&+@®™]|[.'’/–-](?=\w))*[+®™!]*|[^\w\s]|_"
)
_CAPITAL = re.compile(r"[A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĖĘĚĞĢĪİĶĹĻŁŃŅŇŌŐŒŔŘŚŞŠŤŪŮŰŲŹŻŽ]|[a-z]{1,2}-?[A-Z]|\d+[A-Za-z]*[A-Z]")
_CONTRACTION = re.compile(r"\w+['’](?:re|ve|ll|d|m|t)", re.IGNORECASE)
_DESCRIBING = re.compile(
    r".+-(?:based|listed|backed|owned|led|headquartered|born|funded|focused|winning|breaking|driven|powered"
    r"|grade|time|term|wide"
    r"|ready|friendly|native|related|level|made|class|edge|generation|art)",
    re.IGNORECASE,
)
_SOFT = re.compile(
    r"first|new|one|key|leading|three|four|five|second|next|building|read|click|executive|strategic|partners?|head",
    re.IGNORECASE,
)
_INNER_STOP = re.compile(
    r"memorand(?:um|a)|mous?|lois?|agreements?|partnership|today|monday|tuesday|wednesday|thursday|friday|saturday"
    r"|sunday|january|february|april|june|july|august|september|october|november|december|the|and|in|at|on|by|with|to"
    r"|from|up|announces?|signs?",
    re.IGNORECASE,
)
_LEGAL_END = re.compile(r"Inc|Ltd|Limited|LLC|Corp|Plc|PLC|GmbH|Pty|Bhd|L\.P|N\.A|N\.V|B\.V|KGaA")
_ACTING = re.compile(r"partner(?:s|ed|ing)?|teams?|joins?|signs?|forms?|collaborates?", re.IGNORECASE)
_ACTED_ON = re.compile(r"with|to|up|for|forces|hands|mou|agreement|strategic", re.IGNORECASE)
_ON = re.compile(r"cent(?:re|er)|council|commission|committee|institute", re.IGNORECASE)
_CLOSED_PAIR = re.compile(r"clearing|sons|company|associates|co|research", re.IGNORECASE)
# Possessives inside names: 'Duna Municipal People's Government', 'King's College'.
_OWNING = re.compile(r"(?:People|Women|Men|Children|Worker|Farmer|King|Queen|Veteran|Consumer|Mother)['’]s")
# Companies go by these words; what stands behind 'of' or 'for' after them is not of their name.
_TRADING = re.compile(
    r"pharma\w*|biologics|bio\w+|technolog(?:y|ies)|systems?|solutions?|group|holdings?|capital|partners"
    r"|ventures?|robotics"
    r"|software|brands|foods?|networks?|motors?|therapeutics|studios?|media|securities|industries|logistics"
    r"|energy|insurance|labs?",
    re.IGNORECASE,
)
_SERVICES = re.compile(r"services|affairs", re.IGNORECASE)
_PART = re.compile(r"faculty|school|department|institute|cent(?:re|er)|college|division", re.IGNORECASE)
_WHOLE = re.compile(r"university|polytechnic", re.IGNORECASE)
_STUDYING = re.compile(r"institute|cent(?:re|er)|academy|school|society|association|council|office", re.IGNORECASE)
_TOPICAL = re.compile(
    r"ministry|ministries|department|bureau|commission|committee|institutes?|cent(?:re|er)|faculty|school|college"
    r"|council|office|academy|agency|association|society|authority|division",
    re.IGNORECASE,
)


def tokenise(text: str) -> tuple[Token, ...]:
    """Words and marks of a text, in order."""
    make = tuple.__new__  # a third of the time that a named tuple's own takes; most words of a text go through here
    return tuple([make(Token, (match.start(), match.end(), match[0])) for match in _TOKEN.finditer(text)])


@lru_cache(maxsize=16384)
def may_begin(word: str) -> bool:
    """Whether a name may begin with a word; a brand in lower case, known by what follows, is none of these."""
    return is_capital(word) and (not is_stop(word) or bool(_SOFT.fullmatch(word)))


@lru_cache(maxsize=16384)
def is_capital(word: str) -> bool:
    """Whether a word may be part of a name by its letters."""
    return bool(_CAPITAL.match(word)) and not _DESCRIBING.fullmatch(word)


@lru_cache(maxsize=16384)
def is_stop(word: str) -> bool:
    """Whether a word begins no name although it is capitalised."""
    return bool(vocabulary().stop.fullmatch(POSSESSIVE.sub("", word)) or _CONTRACTION.fullmatch(word))


@lru_cache(maxsize=16384)
def is_head(word: str) -> bool:
    """Whether a word makes a name an organisation."""
    return bool(vocabulary().heads.fullmatch(word))


@lru_cache(maxsize=16384)
def is_legal(word: str) -> bool:
    """Whether a word is a legal form."""
    return bool(vocabulary().legal.fullmatch(word.rstrip(".")))


@lru_cache(maxsize=16384)
def is_place(name: str) -> bool:
    """Whether a name is a country, region or city, or an adjective of one."""
    return bool(vocabulary().places.fullmatch(name))


@lru_cache(maxsize=16384)
def is_field(word: str) -> bool:
    """Whether a word is a field of work."""
    return bool(vocabulary().fields.fullmatch(word))


@lru_cache(maxsize=16384)
def _is_inner_stop(word: str) -> bool:
    return bool(_INNER_STOP.fullmatch(word) or _DESCRIBING.fullmatch(word))


class Chunker:
    """Finds where names end in one text."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self.text = text
        self.tokens = tokens

    def end(self, first: int) -> int | None:
        """Index after the last token of the name that begins at token `first`; None where none does."""
        if not self._begins(first):
            return None
        position = first + 1
        while position < len(self.tokens):
            step = self._step(first, position)
            if not step:
                break
            position += step
        if _DESCRIBING.fullmatch(self._word(position)):
            return None  # 'Hong' of 'Hong Kong-based'
        return position

    def _word(self, position: int) -> str:
        return self.tokens[position].word if position < len(self.tokens) else ""

    def _begins(self, first: int) -> bool:
        word = self._word(first)
        if is_capital(word):
            return not is_stop(word) or self._begins_softly(first)
        # A brand in lower case is a name where a legal form follows: 'acme, Inc.'
        form = self._word(first + 2)
        return (
            len(word) > 2 and word.isalpha() and self._word(first + 1) == "," and form[:1].isupper() and is_legal(form)
        )

    def _begins_softly(self, first: int) -> bool:
        """'First Phosphate Corp' begins with a common word: an organisation word must follow, or make it a place."""
        if not _SOFT.fullmatch(self._word(first)):
            return False
        for last in range(first + 1, min(first + 3, len(self.tokens))):
            if is_place(POSSESSIVE.sub("", self.text[self.tokens[first].start : self.tokens[last].end])):
                return True
        for i in range(first + 1, min(first + 5, len(self.tokens))):
            word = self._word(i)
            joined = self.text[self.tokens[i - 1].end : self.tokens[i].start] == " "
            if not (joined and is_capital(word)) or (is_stop(word) and not is_head(word)):
                return False
            if is_legal(word) or is_head(word):
                return True
        return False

    def _step(self, first: int, position: int) -> int:
        """How many tokens from `position` on belong to the name that began at `first`."""
        before, here = self.tokens[position - 1], self.tokens[position]
        gap = self.text[before.end : here.start]
        if gap not in {"", " "}:
            return 0
        if before.word.endswith(_OWNER):
            return 1 if _OWNING.fullmatch(before.word) and is_capital(here.word) else 0
        legal = self._step_by_form(position, gap)
        return self._step_by_word(first, position, gap) if legal is None else legal

    def _step_by_word(self, first: int, position: int, gap: str) -> int:
        """By the word itself: a capital goes on, the small words inside names may."""
        before, here = self.tokens[position - 1], self.tokens[position]
        if here.word == "And" and _closes_pair([before.word] * (position - first), [self._word(position + 1)]):
            return 2
        if is_capital(here.word):
            acts = _ACTING.fullmatch(here.word) and _ACTED_ON.fullmatch(self._word(position + 1))
            return 0 if acts or _is_inner_stop(here.word) else 1
        if here.word in {"’", "'"} and not gap and before.word.endswith("s"):
            owned = [self._word(position + 1), self._word(position + 2)]
            return 2 if is_capital(owned[0]) and any(map(is_head, owned)) and not is_head(before.word) else 0
        if here.word in {"and", ","}:
            return self._step_over_and(first, position)
        return self._step_over_join(first, position)

    def _step_by_form(self, position: int, gap: str) -> int | None:
        """Legal forms: ', Inc.' goes on, and after one nothing else does. None where none is involved."""
        before, word, following = self._word(position - 1), self._word(position), self._word(position + 1)
        if word == "," and following[:1].isupper() and is_legal(following):
            state = following in {"CO", "DE", "SA"} and is_place(before)  # 'Denver, CO' is no company
            return 0 if state else 2
        if word == "." and is_legal(before) and len(before) <= 4 and not gap:
            return 1
        if _LEGAL_END.fullmatch(before.rstrip(".")) and word not in {"of", "&"}:
            return 1 if is_capital(word) and is_legal(word) else 0
        return 0 if before == "." and not is_legal(word) else None

    def _step_over_join(self, first: int, position: int) -> int:
        """'of', 'for', '&', 'de' … where a capital follows."""
        before, word, following = self._word(position - 1), self._word(position), self._word(position + 1)
        goes_on = is_capital(following) and not _is_inner_stop(following)
        if word == "of" and following == "the" and is_capital(self._word(position + 2)):
            return 3
        if word in {"at", "for"} and following == "the" and self._belongs(first, position):
            return 3
        if word == "x" and is_head(following):
            return 2  # 'Acme x Foundation'
        if word.isdigit() and len(word) < 3 and is_head(following) and is_capital(following):
            return 2  # 'Studio 5 Media'
        if word == "of" and is_place(POSSESSIVE.sub("", following)):
            body = any(is_head(t.word) and not _TRADING.fullmatch(t.word) for t in self.tokens[first:position])
            return 2 if goes_on and body else 0
        if word == "for":
            body = any(is_head(token.word) for token in self.tokens[first:position]) and not _TRADING.fullmatch(before)
            goes_on = goes_on and body
        elif word == "on":
            goes_on = goes_on and bool(_ON.fullmatch(before))
        elif word not in vocabulary().joins:
            goes_on = False
        return 2 if goes_on else 0

    def _step_over_fields(self, first: int, position: int) -> int | None:
        """'Culture, Sports and Tourism Bureau', 'Financial Services and the Treasury Bureau': fields, then a body."""
        if not all(is_field(token.word) or _SERVICES.fullmatch(token.word) for token in self.tokens[first:position]):
            return None
        at = position + 1
        while at < len(self.tokens) and at < position + 9:
            word = self._word(at)
            if _TOPICAL.fullmatch(word) and word[:1].isupper() and self._word(at - 1) not in {",", "and"}:
                return at - position
            if not (word in {",", "and", "the"} or is_field(word) or _SERVICES.fullmatch(word)):
                return None
            at += 1
        return None

    def _belongs(self, first: int, position: int) -> bool:
        """'Faculty of Arts at the University of Duna', 'Duna Institute for the Study of Light': one organisation."""
        word, head = self._word(position), self._word(position + 2)
        if word == "at":
            return bool(_PART.fullmatch(self._word(first)) and _WHOLE.fullmatch(head))
        body = self._word(position - 1)
        return bool(_STUDYING.fullmatch(body)) and is_capital(head) and not is_place(POSSESSIVE.sub("", head))

    def _step_over_and(self, first: int, position: int) -> int:
        """'Ministry of Business, Innovation and Employment' goes on; 'A University and B University' does not."""
        words = [token.word for token in self.tokens[first:position]]
        ahead = [token.word for token in self.tokens[position + 1 : position + 7]]
        is_and = self._word(position) == "and"
        topic = next((i for i, word in enumerate(words) if _TOPICAL.fullmatch(word)), None)
        if (listed := self._step_over_fields(first, position)) is not None:
            return listed
        if is_and and topic is not None and len(ahead) > 2 and ahead[0] == "the" and is_capital(ahead[1]):
            # 'Centre on Contemporary China and the World': a single common word, not a further organisation.
            lone = not is_capital(ahead[2]) and not is_head(ahead[1]) and "on" in words
            return 3 if lone else 0
        if not ahead or not is_capital(ahead[0]) or _is_inner_stop(ahead[0]):
            return 0
        if is_and and (_are_fields(words[-1], ahead) or _closes_pair(words, ahead)):
            return 2
        if topic is None or not any(word in {"of", "for", "on"} for word in words[topic:]):
            return 0
        return 2 if _goes_on(ahead, after_comma=not is_and) else 0


def _closes_pair(words: Sequence[str], ahead: Sequence[str]) -> bool:
    """'Doe and Sons', 'Doe and Associates': the second word is no name of its own."""
    ends = len(ahead) < 2 or not is_capital(ahead[1]) or is_legal(ahead[1])
    if len(words) > 1 and is_field(words[-1]) and is_field(ahead[0]):
        return ends  # 'Acme Defence and Space'
    return bool(_CLOSED_PAIR.fullmatch(ahead[0])) and (len(words) > 1 or ends)


def _are_fields(before: str, ahead: Sequence[str]) -> bool:
    """'Shanghai Science and Technology Exchange Center': fields on both sides, and an organisation word behind them."""
    if not (is_field(before) and is_field(ahead[0])):
        return False
    run = []
    for word in ahead[1:]:
        if not is_capital(word):
            break
        run.append(word)
    return any(is_head(word) or word in {"Zone", "Zones"} for word in run)


def _goes_on(ahead: Sequence[str], *, after_comma: bool) -> bool:
    """Whether what follows a comma or 'and' in 'Ministry of X …' is a further field rather than a further name."""
    run: list[str] = []
    for word in ahead:
        if not (is_capital(word) or word in {"and", "the", "of", ","}):
            break
        run.append(word)
    limit = next((i for i, word in enumerate(run) if word in {",", "and"} and i), len(run))
    capitals = [word for word in run[:limit] if is_capital(word)]
    if any(is_head(word) and not is_field(word) for word in capitals):
        return False
    if after_comma:  # only as part of a list that its own 'and' closes
        return len(run) >= 3 and run[1] == "and" and is_capital(run[2]) and not is_head(run[2])
    return len(capitals) <= 3
