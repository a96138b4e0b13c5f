"""Who agreed with whom: the parties of a trigger, from the tokens around it.

Structures that are read (A, B, C names; V the trigger):

    A与B(正式|日前|在…|就…)V          A日前与B在…V           A、B和C(共同|三方)V      由A与B共同V
    A携手|联手|联合BV                 (公司)与BV             A宣布，已与BV            A V与B的协议
    A分别与B、C和D V                  双方|两校|三方V        …V：A与B约定             A授予B…;  A获B授权
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.agreements.chinese.lexicon import shapes
from ingest.agreements.chinese.tokens import Token, kinds
from ingest.agreements.chinese.triggers import Act, Trigger

__all__ = ["Reading", "coordinations", "read"]

_ITEM = r"[NPXSuU](?:eU?)?"
_GROUP = rf"{_ITEM}(?:[EW]+{_ITEM})*"
_SKIP = r"[TAFQlRDj]*"
_LOOSE = r"[TAFQlRDjzxXGdV,BHL]*"
_NEAR = re.compile(rf"(?P<g>{_GROUP}){_SKIP}$")
_FAR = re.compile(rf"(?P<g>[NPS](?:eU?)?(?:[EW]+{_ITEM})*){_LOOSE}$")
_WITH = re.compile(rf"(?:(?P<a>{_GROUP})[TAFQlRDjGz]*)?W{_SKIP}$")
_REFERENCE = re.compile(r"R[TAFQljzDxXGd,B]*$")
_OF = re.compile(rf"^[TAFljzDx]*W{_SKIP}(?P<g>{_GROUP})(?:d|[TAFlj]*[zxXG])")
_COLON = re.compile(rf"^[^;]{{0,8}};[T,]?(?P<g>{_ITEM}(?:[EW]+{_ITEM})+)")
_SHOWN = re.compile(
    rf"^[^,;]*d[^,;]*,[T,]?(?:(?P<a>{_GROUP})[TAF]*[WJ](?P<b>{_GROUP})|(?P<g>{_ITEM}(?:[EW]+{_ITEM})+))"
)
_GIVEN = re.compile(rf"^(?P<g>{_GROUP})")
_PAIR = re.compile(rf"(?P<a>{_GROUP})[TAFQlj]*W{_SKIP}(?P<b>{_GROUP})|(?P<g>{_ITEM}(?:[EW]+{_ITEM})+)")
_PAIRS = re.compile(r"[NX]W[NX](?:[EW]+[NX]W[NX])+")
_REST = re.compile(rf"{_LOOSE}$")
_TOGETHER = frozenset(("携手", "联手", "牵手", "联合", "合作", "伙拍", "夥拍"))
_STRICT_WITH = frozenset("与同跟")
_SORTS = ("公司", "企业", "集团", "机构", "药企", "银行", "大学", "平台", "品牌", "巨头", "高校", "院校", "学校", "医院", "部门", "商", "厂", "基金", "企")
_AMONG = ("包括", "包含")
_LIST = re.compile(r"包括|包含|(?:分别|对象|单位|机构|企业|高校)[是为有]")
_NUMBERS = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8}
_BODIES = ("中心", "基金", "研究院", "研究所", "学院", "医院", "园区", "实验室", "协会", "商会", "集团", "航空", "联盟")
_HUB = re.compile(r"(?:金融|航运|贸易|创新|科创|创科|消费|物流|人才|科技)中心$")
_LEAST_NAME = 5  # characters
_ENDS_PHRASE = ("下", "上", "期间", "时")
_DOCUMENT = re.compile(r"协议|备忘录|合作|谅解|战略|策略|合同|合资|框架")
_PERSON = re.compile(r"[\u4e00-\u9fff·]{2,4}$|[\u4e00-\u9fff]+·.*$")


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


def _text(text: str, token: Token) -> str:
    return text[token.start : token.end]


def simplify(text: str, tokens: Sequence[Token]) -> list[Token]:
    """Drop what only describes a name, and fold phrases of place and subject into one token each (`l`, `j`)."""
    kept: list[Token] = []
    tokens = [_promoted(text, tokens, i) for i in range(len(tokens))]
    i = 0
    while i < len(tokens):
        token = tokens[i]
        following = tokens[i + 1].kind if i + 1 < len(tokens) else ""
        if token.kind == "d" and _heads_name(text, tokens, i + 1):
            _drop_modifier(kept)
        elif token.kind == "d" and kept and kept[-1].kind == "P" and _is_sort_of_body(text, tokens[i + 1 : i + 2]):
            # Universities of two places are neither those places nor named.
            _drop_modifier(kept)
            kept.append(Token("u", tokens[i + 1].start, tokens[i + 1].end))
            i += 2
            continue
        elif token.kind in "NXx" and following == "N" and _describes(text, token, tokens[i + 1]):
            pass
        elif token.kind in "NXGP" and kept and kept[-1].kind == "d":
            # What stands behind 的 and heads no name is what was signed.
            kept.append(token if _heads_name(text, tokens, i) else Token("x", token.start, token.end))
        elif token.kind == "O" and following in "NXP" and following:
            if (kept and kept[-1].kind in "NSPX") or (kept and kept[-1].kind == "z"):
                kept.pop()
        elif token.kind == "W" and kept and kept[-1].kind in ",;" and _text(text, token) in ("以及", "及"):
            pass  # the last item of a list of clauses
        elif token.kind == "J" and kept and kept[-1].kind == "W" and _text(text, token) in _AMONG:
            pass
        elif token.kind == "H":
            if _text(text, token) == "代表" and following and following in "NPS" and kept:
                _drop_signatory(text, kept)
            i = _skip_person(text, tokens, i)
            continue
        elif (
            (token.kind in "GP" and following == "N" and token.end == tokens[i + 1].start)
            or (token.kind == "G" and following in "NX" and following)
            or token.kind == "O"
        ):
            pass
        else:
            kept.append(token)
        i += 1
    return _fold_phrases(text, _join(text, kept))


def _heads_name(text: str, tokens: Sequence[Token], i: int) -> bool:
    """Whether the words behind 的 are a name, rather than a document or another thing."""
    while i < len(tokens) and tokens[i].kind in "OG":
        i += 1
    if i >= len(tokens) or tokens[i].kind not in "NXP":
        return False
    following = tokens[i + 1] if i + 1 < len(tokens) else None
    if following is not None and following.end and _DOCUMENT.match(text[following.start : following.end]):
        return False
    return tokens[i].kind != "X" or (following is not None and following.kind in "WEVQTALJHd")


def _promoted(text: str, tokens: Sequence[Token], i: int) -> Token:
    """A place and what might be any (香港创新基金) is a name where a party stands and nothing counts it."""
    token = tokens[i]
    if token.kind != "G" or token.end - token.start < _LEAST_NAME:
        return token
    word = _text(text, token)
    before = tokens[i - 1].kind if i else ","
    after = kinds(tokens[i + 1 : i + 2])
    is_party = before in ",;QWB" and after in tuple("WATQV") and (before == "W" or after == "W")
    if is_party and shapes().place_first.match(word) and word.endswith(_BODIES) and not _HUB.search(word):
        return Token("N", token.start, token.end)
    return token


def _is_sort_of_body(text: str, following: Sequence[Token]) -> bool:
    return bool(following) and following[0].kind in "Gu" and _text(text, following[0]).endswith(_SORTS)


def _describes(text: str, token: Token, name: Token) -> bool:
    """Whether 'the American company' only says what the Latin name right behind it is."""
    word = _text(text, token)
    return (
        token.end == name.start
        and text[name.start].isascii()
        and word.endswith(_SORTS)
        and (token.kind != "N" or bool(shapes().place_first.match(word)))
    )


def _drop_modifier(kept: list[Token]) -> None:
    """'… located in Pudong of' before a name goes, up to what may end the clause before."""
    while kept and kept[-1].kind in "NPXxGTSuU":
        kept.pop()
    if kept and kept[-1].kind == "L":
        kept.pop()


def _drop_signatory(text: str, kept: list[Token]) -> None:
    """Who signs on behalf of a party is none himself."""
    name = _text(text, kept[-1])
    if (kept[-1].kind == "X" and _PERSON.match(name)) or (kept[-1].kind == "N" and name.isascii()):
        kept.pop()


def _skip_person(text: str, tokens: Sequence[Token], i: int) -> int:
    """Behind an office and its holder's name."""
    while i < len(tokens) and tokens[i].kind == "H":
        i += 1
    if i < len(tokens) and tokens[i].start == tokens[i - 1].end:
        name = _text(text, tokens[i])
        if tokens[i].kind in "Xx" and _PERSON.match(name):
            return i + 1
        if tokens[i].kind == "N" and name.isascii():
            return i + 1
    return i


def _join(text: str, tokens: list[Token]) -> list[Token]:
    """'Joins hands with' between two names is 'with'."""
    joined = list(tokens)
    for i in range(1, len(joined) - 1):
        if (
            joined[i].kind == "A"
            and _text(text, joined[i]) in _TOGETHER
            and joined[i + 1].kind in "NPXSu"
            and any(t.kind in "NPXS" for t in joined[:i])
            and joined[i - 1].kind in "NPXSTAlQ,"
        ):
            joined[i] = Token("W", joined[i].start, joined[i].end)
    return joined


def _fold_phrases(text: str, tokens: list[Token]) -> list[Token]:
    folded: list[Token] = []
    i = 0
    while i < len(tokens):
        if tokens[i].kind == "J" and (i + 1 == len(tokens) or tokens[i + 1].kind in "WTAV"):
            folded.append(Token("A", tokens[i].start, tokens[i].end))
            i += 1
            continue
        if tokens[i].kind in "LJ":
            stop = _phrase_end(text, tokens, i, has_pair="W" in kinds(folded))
            if stop > i + 1:
                folded.append(Token("l" if tokens[i].kind == "L" else "j", tokens[i].start, tokens[stop - 1].end))
                i = stop
                continue
        folded.append(tokens[i])
        i += 1
    return folded


def _phrase_end(text: str, tokens: Sequence[Token], i: int, *, has_pair: bool) -> int:
    """Index behind a phrase of place (`L`) or subject (`J`) that begins at `i`."""
    k = i + 1
    while k < len(tokens) and tokens[k].kind not in ",;VQ":
        token = tokens[k]
        word = _text(text, token)
        if token.kind == "z" and word.endswith(_ENDS_PHRASE):
            return k + 1
        if tokens[i].kind == "L" and token.kind in "TAFB" and k > i + 1:
            break
        if token.kind == "W" and k > i + 1:
            if word in _STRICT_WITH and not (tokens[i].kind == "J" and _goes_on(tokens, k)):
                break
            if tokens[i].kind == "L" and not has_pair:
                break
        if tokens[i].kind == "J" and token.kind == "R":
            break
        k += 1
    return k


def _goes_on(tokens: Sequence[Token], k: int) -> bool:
    """Whether the subject matter goes on behind this 'and': no party follows before the verb."""
    rest = kinds(tokens[k + 1 :])
    return not re.match(rf"{_SKIP}[NPSu]", rest)


def read(text: str, tokens: Sequence[Token], trigger: Trigger) -> Reading | None:
    """The parties of a trigger.

    Args:
        text: Plain text.
        tokens: All tokens of the sentence, with the trigger as a `V`.
        trigger: Which one.

    Returns:
        What was found; None where the sentence names nobody for it.
    """
    before = simplify(text, [token for token in tokens if token.end <= trigger.start])
    after = simplify(text, [token for token in tokens if token.start >= trigger.end])
    left = kinds(before)
    found = _from_left(text, before, left)
    if trigger.act is Act.LICENSE and (granted := _towards(text, tokens, before, trigger) or _granted(before, after, found)):
        return granted
    if found is None or (len(found.all) < 2 and not found.reference and not found.lacks_subject):
        found = _with_right(before, after, found) or found
    if trigger.act is Act.END and (found is None or len(found.all) < 2):
        found = _ended(text, tokens, before, trigger) or found
    if found is None:
        return None
    if any(token.kind == "U" for token in found.all) or (len(found.all) == 1 and not found.reference):
        found = replace(found, right=(*found.right, *_listed_after(text, tokens, trigger)))
    is_hub = any(token.kind in "FU" for token in (*found.lead, *found.all)) or bool(
        re.match(r"(?:了)?(?:两|三|四|五|六|多|数|\d)[份项个]|一系列|若干|分别", text[trigger.end : trigger.end + 5])
    )
    return replace(found, is_hub=is_hub)


def _listed_after(text: str, tokens: Sequence[Token], trigger: Trigger) -> tuple[Token, ...]:
    """'… with eleven companies, among them A and B'."""
    mark = _LIST.search(text, trigger.object_end, tokens[-1].end)
    if mark is None:
        return _told_one_by_one(text, tokens, trigger)
    after = [token for token in tokens if token.start >= mark.end()]
    match = _GIVEN.match(kinds(after))
    return _items(after, match.span()) if match else ()


def _told_one_by_one(text: str, tokens: Sequence[Token], trigger: Trigger) -> tuple[Token, ...]:
    """'… with three bodies: A will …, B will …, C will …', if there are as many."""
    counted = next((t for t in reversed(tokens) if t.kind == "U" and t.end <= trigger.start), None)
    number = next((_NUMBERS[c] for c in _text(text, counted) if c in _NUMBERS), 0) if counted else 0
    after = [token for token in tokens if token.start >= trigger.object_end]
    if not after or _text(text, after[0]) != "：":
        return ()
    named = tuple(t for i, t in enumerate(after) if i and t.kind == "N" and after[i - 1].kind in ",;")
    return named if len(named) == number else ()


def _items(tokens: Sequence[Token], span: tuple[int, int]) -> tuple[Token, ...]:
    return tuple(token for token in tokens[span[0] : span[1]] if token.kind in "NPXSuU")


def _split(text: str, tokens: Sequence[Token], span: tuple[int, int]) -> tuple[tuple[Token, ...], tuple[Token, ...]]:
    """A coordination, split at its first 'with'."""
    for i in range(*span):
        if tokens[i].kind == "W" and (_text(text, tokens[i]) in _STRICT_WITH or len(_text(text, tokens[i])) > 1):
            return _items(tokens, (span[0], i)), _items(tokens, (i, span[1]))
    for i in range(*span):
        if tokens[i].kind == "W" and "E" not in kinds(tokens[span[0] : i]):
            return _items(tokens, (span[0], i)), _items(tokens, (i, span[1]))
    return _items(tokens, span), ()


def _from_left(text: str, before: Sequence[Token], left: str) -> Reading | None:
    if reference := _REFERENCE.search(left):
        near = _NEAR.search(left[: reference.start()])
        if near is None or len(_items(before, near.span("g"))) < 2:
            return Reading(reference=before[reference.start()], lead=tuple(before[reference.start() :]))
    match = _NEAR.search(left)
    is_near = True
    if match is not None and kinds(_items(before, match.span("g"))) == "X" and not left[: match.start()].endswith("W"):
        match = None
    if match is None:
        if (pair := _pair_before(text, before, left)) is not None:
            return pair
        match, is_near = _FAR.search(left), False
    if match is None:
        return None
    with_whom = _WITH.search(left[: match.start("g")])
    if with_whom is None and _PAIRS.fullmatch(left, *match.span("g")):
        named = _items(before, match.span("g"))
        pairs = tuple(zip(named[::2], named[1::2], strict=True))
        return Reading(left=named[::2], right=named[1::2], pairs=pairs, lead=tuple(before[match.start("g") :]))
    if with_whom is None:
        first, second = _split(text, before, match.span("g"))
        return Reading(left=first, right=second, lead=tuple(before[match.start("g") :]), is_near=is_near)
    partners = _items(before, match.span("g"))
    if with_whom["a"] is not None:
        subject = _items(before, with_whom.span("a"))
        lead = tuple(before[with_whom.start("a") :])
        return Reading(left=subject, right=partners, lead=lead, is_near=is_near)
    earlier = _subject(before, with_whom.start())
    lead = tuple(before[_clause_start(left, with_whom.start()) :])
    return Reading(left=earlier, right=partners, lead=lead, lacks_subject=not earlier, is_near=is_near)


def _pair_before(text: str, before: Sequence[Token], left: str) -> Reading | None:
    """The last parties that an earlier clause of the sentence joins, where no other name stands in between."""
    pairs = [match for match in _PAIR.finditer(left) if _REST.match(left, match.end())]
    if not pairs:
        return None
    match = pairs[-1]
    lead = tuple(before[match.start() :])
    if match["g"]:
        first, second = _split(text, before, match.span("g"))
    else:
        first, second = _items(before, match.span("a")), _items(before, match.span("b"))
    if sum(token.kind in "NPSX" for token in (*first, *second)) < 2:
        return None
    return Reading(left=first, right=second, lead=lead, is_near=False)


def _clause_start(left: str, stop: int) -> int:
    return max(left.rfind(",", 0, stop), left.rfind(";", 0, stop)) + 1


def _subject(before: Sequence[Token], stop: int) -> tuple[Token, ...]:
    """The first name of the sentence, where what signs is named in an earlier clause of it."""
    sentence = before[:stop]
    named = [i for i, token in enumerate(sentence) if token.kind in "NS" and (i == 0 or sentence[i - 1].kind not in "WE")]
    # Behind a semicolon somebody else may act: 'A: with B …; C: with D …'.
    led = [i for i in named if i and sentence[i - 1].kind == ";" and kinds(sentence[i + 1 : i + 2]) == ";"]
    if named:
        return (sentence[(led or named)[-1 if led else 0]],)
    for i, token in enumerate(sentence):
        follows = kinds(sentence[i + 1 : i + 2])
        if token.kind == "X" and (follows == "Q" or (i == 0 and _is_placed_as_name(sentence, 0))):
            return (token,)
    return ()


def _with_right(before: Sequence[Token], after: Sequence[Token], found: Reading | None) -> Reading | None:
    """'… a cooperation agreement with B', '… signed: A and B agreed'."""
    right = kinds(after)
    if match := _OF.search(right):
        partners = _items(after, match.span("g"))
        subject = found.all if found else _subject(before, len(before))
        return Reading(
            left=subject, right=partners, lacks_subject=not subject, lead=found.lead if found else tuple(before)
        )
    if (found is None or not found.is_near) and (match := _COLON.search(right) or (found is None and _SHOWN.search(right))):
        named = _items(after, match.span("g")) or (*_items(after, match.span("a")), *_items(after, match.span("b")))
        return Reading(left=named, lead=tuple(before))
    return None


def _towards(text: str, tokens: Sequence[Token], before: Sequence[Token], trigger: Trigger) -> Reading | None:
    """'A grants to B', 'A brings in from B', where B stands in a phrase before the verb."""
    earlier = [token for token in tokens if token.end <= trigger.start]
    for i in range(len(earlier) - 1):
        if _text(text, earlier[i]) in ("向", "从", "自") and earlier[i + 1].kind in "NXP":
            k = i + 2 if earlier[i + 1].kind == "P" and kinds(earlier[i + 2 : i + 3]) == "N" else i + 1
            subject = _subject(before, len(before))
            if subject and earlier[k].kind in "NX" and subject[0].start != earlier[k].start:
                return Reading(left=subject, right=(earlier[k],), lead=tuple(before))
    return None


def _granted(before: Sequence[Token], after: Sequence[Token], found: Reading | None) -> Reading | None:
    """'A grants B …', 'A is granted by B …'."""
    if found is not None and len(found.all) > 1:
        return found
    given = _GIVEN.search(kinds(after))
    subject = _subject(before, len(before))
    if given:
        partners = _items(after, given.span("g"))
        if subject and any(token.kind in "NX" for token in partners):
            return Reading(left=subject, right=partners, lead=tuple(before))
    towards = re.search(r"N[^N]*N[TAjz]*$", kinds(before))
    if towards:
        names = [token for token in before[towards.start() :] if token.kind == "N"]
        return Reading(left=(names[0],), right=(names[-1],), lead=tuple(before))
    return found


def _ended(text: str, tokens: Sequence[Token], before: Sequence[Token], trigger: Trigger) -> Reading | None:
    """Whose agreement ends: two names anywhere before the verb, or 'that of both sides' behind it."""
    names = {
        _text(text, token): token
        for i, token in enumerate(before)
        if token.kind in "NS" or (token.kind == "X" and _is_placed_as_name(before, i))
    }
    partner = next((t for i, t in reversed(list(enumerate(before))) if i and before[i - 1].kind == "W" and t.kind in "NXS"), None)
    subject = next((t for word, t in names.items() if partner is None or word != _text(text, partner)), None)
    if subject and partner:
        return Reading(left=(subject,), right=(partner,), lead=tuple(before))
    if len(names) == 2:  # who ends it, and with whom
        left, right = names.values()
        return Reading(left=(left,), right=(right,), lead=tuple(before))
    both = next((t for t in tokens if t.kind == "R" and trigger.end <= t.start < trigger.object_end), None)
    return Reading(reference=both, lead=tuple(before)) if both else None


def _is_placed_as_name(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word of no known shape begins a clause in which it does something."""
    is_first = i == 0 or tokens[i - 1].kind in ",;"
    return is_first and kinds(tokens[i + 1 : i + 2]) in tuple("QATzB")


def coordinations(text: str, tokens: Sequence[Token]) -> tuple[tuple[Token, ...], ...]:
    """Groups of names that a stretch of tokens joins by 'and' or 'with', in order."""
    simple = simplify(text, tokens)
    found = []
    for match in _PAIR.finditer(kinds(simple)):
        span = match.span("g") if match["g"] else (match.start("a"), match.end("b"))
        items = _items(simple, span)
        if sum(token.kind in "NPS" for token in items) > 1:
            found.append(items)
    return tuple(found)
