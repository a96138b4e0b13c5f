"""Party tokens → named parties: references and short forms resolved, one set of parties for each document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from ingest.agreements.chinese.lexicon import lexicon
from ingest.agreements.chinese.names import Names
from ingest.agreements.chinese.reading import Reading, coordinations
from ingest.agreements.chinese.tokens import Token, kinds
from ingest.agreements.chinese.triggers import Act, Trigger
from ingest.organisations import fold, resolve

__all__ = ["Named", "Told", "named"]

_COUNTS = {"双": 2, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6}
_FOLLOWING = re.compile(r"以下|下列|如下")
_MARKER = 4  # characters of a number before a line
_LINE = 30  # characters of a line that holds one name
_FOUNDS = frozenset(("成立", "设立", "建立", "组建", "打造", "共建"))
_VISITS = frozenset(("到访", "访问", "走访", "拜访", "造访", "做客"))  # to whom one may sign something with
_REACH_BACK = 5  # sentences that 'both sides' may look back over
_UNIT = re.compile(r"(?P<of>.+?大学)(?!（).{2,}(?:学院|系|学部|研究所|研究院|研究中心|实验室)")
_SEVERAL = re.compile(r"[NS][^NSXP,;]*W[UR]")
_SEAT = re.compile(r"(?:省|市|区|县|特别行政区|特区)?(?:人民)?政府")
_DEPARTMENT = re.compile(r"(?P<of>.+?(?:大学|学院))[^大]{1,12}(?:系|学部|教研室|课题组|研究组)")
_RECENT = 2  # sentences in which as many names may stand as are referred to
_FUNCTION = re.compile(r"[的了着过是不我你他她们这那些么吗呢吧啊很更最每各让把被若则且或又已将拟曾]")
_GOVERNMENT = re.compile(r"(?:政府|局|署|厅|部|委|委员会|管委会|省|市|区|县|国|院|大学|集团|公司)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A party.

    Attributes:
        key: What makes two names one.
        at: Where its fullest form stands in the text.
        start: Where the sentence names it; None where it was carried over by reference.
        end: Likewise.
        body: The key of the university that it is a school or an institute of; its own where it is none.
    """

    key: str
    at: tuple[int, int]
    start: int | None = None
    end: int | None = None
    body: str = ""


class Told(Protocol):
    """What was read of an agreement before, as far as a reference needs it."""

    @property
    def parties(self) -> tuple[Named, ...]:
        """Its parties."""
        ...


def named(
    names: Names, tokens: Sequence[Token], reading: Reading, trigger: Trigger, earlier: Sequence[Told]
) -> Iterator[tuple[tuple[Named, ...], float]]:
    """The parties of each document that a reading tells of, with how far they can be trusted (0 to 1).

    Args:
        names: The article's names.
        tokens: All tokens of the sentence.
        reading: What was read of the trigger.
        trigger: Which one.
        earlier: What was read before in the article, for 'both sides'.
    """
    if reading.reference is not None:
        parties = _referred(names, tokens, reading.reference, earlier)
        if len(parties) > 1:
            yield parties, 0.92
        return
    left = _resolved(names, reading.left, reading, earlier)
    right = _resolved(names, reading.right, reading, earlier)
    if any(_FOLLOWING.match(names.text, token.start) for token in reading.right):
        right = _listed_below(names, reading.right[-1].end)
        reading = replace(reading, is_hub=True)
    trust = 1.0
    if reading.lacks_subject and right:
        handed = _signatory(right, earlier) if trigger.act is Act.HAND else None
        handed = handed or _giver(names, right, trigger.start)
        subject = handed or _hub(right, earlier) or _main(names, right, trigger.start) or _signatory(right, earlier)
        left = (subject,) if subject else ()
        trust = 0.85
    if any(token.kind == "X" for token in reading.all):
        trust *= 0.9
    if reading.pairs:
        for pair in reading.pairs:
            yield _resolved(names, pair, reading, earlier), trust
        return
    for group in _groups(left, right, is_hub=reading.is_hub):
        if _is_enough(group, reading, trigger):
            yield group, trust


def _listed_below(names: Names, position: int) -> tuple[Named, ...]:
    """The names of the lines that follow 'with the bodies below'."""
    found = []
    for sentence, tokens in names.sentences:
        if sentence.start < position:
            continue
        here = [token for token in tokens if token.kind in "NX"]
        if not here and sentence.end - sentence.start <= _MARKER:
            continue
        if not here or sentence.end - sentence.start > _LINE:
            break
        found.append(_name(names, names.text[here[0].start : here[0].end], here[0]))
    return _distinct(found)


def _groups(left: tuple[Named, ...], right: tuple[Named, ...], *, is_hub: bool) -> Iterator[tuple[Named, ...]]:
    """One set of parties, or one for each counterpart of a hub."""
    whole = _distinct((*left, *right))
    if is_hub and len(left) == 1 and len(right) > 1:
        yield from ((left[0], other) for other in right if other.key != left[0].key)
    elif is_hub and len(right) == 1 and len(left) > 1:
        yield from ((other, right[0]) for other in left if other.key != right[0].key)
    else:
        yield whole


def _distinct(parties: Sequence[Named]) -> tuple[Named, ...]:
    return tuple({party.key: party for party in reversed(parties)}.values())[::-1]


def _is_enough(group: tuple[Named, ...], reading: Reading, trigger: Trigger) -> bool:
    """Whether the sentence shows who agreed: two named, or one and a described other."""
    kinds = {token.kind for token in reading.all}
    if trigger.act is Act.END and not kinds & set("NSP"):
        return False
    if len(group) > 1:
        if trigger.act is Act.BUILD and not kinds & set("NSP") and all(t.start > trigger.start for t in reading.all):
            return False  # fields in the name of what is built: 共建药物与毒理学联合实验室
        has_paper = trigger.act is Act.SIGN and trigger.object_end > trigger.end
        is_plain = reading.is_near and bool(reading.left) and bool(reading.right)
        return trigger.is_strong or "N" in kinds or "P" in kinds or (is_plain and has_paper)
    return bool(group) and "u" in kinds and trigger.is_strong and reading.is_near


def _resolved(names: Names, tokens: Sequence[Token], reading: Reading, earlier: Sequence[Told]) -> tuple[Named, ...]:
    found = []
    others = frozenset(names.text[token.start : token.end] for token in reading.all)
    for token in tokens:
        word = names.text[token.start : token.end]
        if token.kind == "S":
            # A subject is none of those that the same sentence says it signs with.
            own = names.own(word, token.start, is_subject=True) if token in reading.left and reading.right else None
            own = own or names.own(word, token.start)
            if own is not None:
                found.append(_name(names, own, None, is_full=names.fullest(own) in others))
            elif word.endswith("政府") and len(word) > len("政府"):
                found.append(_name(names, word, token))
        elif (
            token.kind == "N"
            or (token.kind == "P" and _may_agree(names, token, reading))
            or (token.kind == "X" and _stands_as_party(reading) and _may_be_name(word))
        ):
            if token.kind == "P" and (seat := _government(names, word, earlier)) is not None:
                found.append(replace(seat, start=token.start, end=token.end))
                continue
            # What a sentence names beside its longer form is somebody else: 金管局 and 新加坡金融管理局.
            found.append(_name(names, word, token, is_full=names.fullest(word) in others - {word}))
    return _distinct(found)


def _government(names: Names, place: str, earlier: Sequence[Told]) -> Named | None:
    """The government of a place that was told of as a party before."""
    told = (party for each in reversed(earlier) for party in each.parties)
    return next((p for p in told if _SEAT.fullmatch(names.text[slice(*p.at)].removeprefix(place))), None)


def _may_agree(names: Names, token: Token, reading: Reading) -> bool:
    """Whether a place is a party: it stands beside another, or beside a public body."""
    others = [other for other in reading.all if other is not token]
    return any(
        other.kind in "PRX" or _GOVERNMENT.search(names.text[other.start : other.end]) or other.kind == "N"
        for other in others
    )


def _stands_as_party(reading: Reading) -> bool:
    """Whether the structure alone makes a word a party: beside the verb, or on one side of 'with'."""
    return reading.is_near or (bool(reading.left) and bool(reading.right))


def _may_be_name(word: str) -> bool:
    return 2 <= len(word) <= 12 and word not in lexicon().never and not _FUNCTION.search(word)


def _name(names: Names, word: str, token: Token | None, *, is_full: bool = False) -> Named:
    full = word if is_full else names.fullest(word)
    at = names.span(full)
    if at is None and token is not None and full == word:
        at = (token.start, token.end)
    if at is None:
        start = max(names.text.find(full), 0)
        at = (start, start + len(full))
    key = _key(full)
    unit = _UNIT.fullmatch(full)
    return Named(
        key=key,
        body=_key(unit["of"]) if unit else key,
        at=at,
        start=token.start if token else None,
        end=token.end if token else None,
    )


def _key(name: str) -> str:
    known = resolve(name)
    return known.id if known else fold(name)


def _hub(right: tuple[Named, ...], earlier: Sequence[Told]) -> Named | None:
    """Who signs, where an agreement told before already names one of those it is signed with."""
    keys = {party.key for party in right}
    for told in reversed(earlier):
        if not keys.isdisjoint(party.key for party in told.parties):
            return next((_carried(party) for party in told.parties if party.key not in keys), None)
    return None


def _signatory(right: tuple[Named, ...], earlier: Sequence[Told]) -> Named | None:
    """The first party of the agreement last told."""
    first = earlier[-1].parties[0] if earlier else None
    return _carried(first) if first and all(first.key != other.key for other in right) else None


def _giver(names: Names, right: tuple[Named, ...], position: int) -> Named | None:
    """Who signs with each of several, as a sentence shortly before says: '该所与三个机构签署文件'."""
    back = [part for part in names.sentences if part[0].end <= position][-_REACH_BACK:]
    for sentence, tokens in reversed(back):
        match = _SEVERAL.search(kinds(tokens))
        if match is None or "签" not in names.text[tokens[match.start()].start : sentence.end]:
            continue
        token = tokens[match.start()]
        word = names.text[token.start : token.end]
        name = names.own(word, token.start, is_subject=True) if token.kind == "S" else word
        giver = _name(names, name, None) if name else None
        return giver if giver and all(giver.key != other.key for other in right) else None
    return None


def _main(names: Names, right: tuple[Named, ...], position: int) -> Named | None:
    """Who signs, where only 'with whom' is said: the subject of what went before."""
    own = _spoken_of(names, position) or names.own("公司", position, is_subject=True)
    if own is None:
        own = names.own("机构", position, is_subject=True)
    if own is None:
        return None
    subject = _name(names, own, None)
    return subject if all(subject.key != other.key for other in right) else None


def _spoken_of(names: Names, position: int) -> str | None:
    """Who 'this exchange' is with which the sentence before begins."""
    last = next((tokens for part, tokens in reversed(names.sentences) if part.end <= position and tokens), ())
    start = next((token for token in last if token.kind not in "TA,z"), None)
    if start is None or start.kind != "S":
        return None
    return names.own(names.text[start.start : start.end], start.start, is_subject=True)


def _referred(names: Names, tokens: Sequence[Token], reference: Token, earlier: Sequence[Told]) -> tuple[Named, ...]:
    """Whom 'both sides' means: named before in the sentence, or by the agreement last told, or shortly before."""
    wanted = _COUNTS.get(names.text[reference.start])
    before = [token for token in tokens if token.end <= reference.start]
    groups = [_tokens_named(names, group) for group in coordinations(names.text, before)]
    if earlier:
        groups.append(tuple(_carried(party) for party in earlier[-1].parties))
    back = [part for part in names.sentences if part[0].end <= reference.start][-_REACH_BACK:]
    for _, past in reversed(back):
        groups += [_tokens_named(names, group) for group in reversed(coordinations(names.text, past))]
    for group in groups:
        if len(group) > 1 and (wanted is None or len(group) == wanted):
            return group
    recent = [past for _, past in back[-_RECENT:]]
    stretches = [[*recent[i:], tuple(before)] for i in range(len(recent), -1, -1)]
    return next((found for parts in stretches if (found := _last_named(names, parts, wanted))), ())


def _tokens_named(names: Names, tokens: Sequence[Token]) -> tuple[Named, ...]:
    return _distinct(
        [
            _meant(names, token)
            for token in tokens
            if token.kind in "NP" or (token.kind == "X" and _may_be_name(names.text[token.start : token.end]))
        ]
    )


def _is_site(text: str, token: Token) -> bool:
    word = text[token.start : token.end]
    return (token.kind == "L" and word not in _VISITS) or word in _FOUNDS


def _meant(names: Names, token: Token) -> Named:
    """Whom a reference means by a name: the university of a department."""
    word = names.text[token.start : token.end]
    if (taught := _DEPARTMENT.fullmatch(word)) is not None:
        word = taught["of"]
        token = Token(token.kind, token.start, token.start + len(word))
    return _carried(_name(names, word, token))


def _carried(party: Named) -> Named:
    return Named(key=party.key, at=party.at, body=party.body)


def _last_named(names: Names, parts: Sequence[Sequence[Token]], wanted: int | None) -> tuple[Named, ...]:
    """Exactly as many organisations as are referred to, if just so many were named of late."""
    found = _distinct(
        [
            _meant(names, token)
            for part in parts
            for place, token in enumerate(part)
            # Where something is to be built, and what, is no party to it.
            if token.kind == "N" and (place == 0 or not _is_site(names.text, part[place - 1]))
        ]
    )
    return found if len(found) == wanted else ()
