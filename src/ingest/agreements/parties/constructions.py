"""Ways of saying it whose parties do not stand where the sides of a trigger are looked for, read in a skeleton.

A named B as its partner;  A has come on board as B's partner;  partners of A include B, C and D
the accord commits|binds|brings together A and B;  it pairs A with B;  one with B, one with C and one with D
A licensed, granted, won … rights … to|from B;  B becomes A's distributor;  run jointly by A and B
A, …'s president and B's founder signed …;  A and B …, and on Friday they signed …;  under a pact, A, B and C will …
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from ingest.agreements.names import Name, Sort
from ingest.agreements.parties.reading import Reading, Reference
from ingest.agreements.parties.skeleton import FIRM, PLACE, Skeleton, skeleton
from ingest.agreements.triggers import Trigger
from ingest.documents import Kind
from ingest.literals import may_match

__all__ = ["Construction", "constructions", "may_build", "said_by"]

_FILE = "agreements_constructions.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Construction:
    """A way of saying it that a sentence has.

    Attributes:
        name: Which.
        reading: Who it says agreed with whom.
        trigger: Its words.
    """

    name: str
    reading: Reading
    trigger: Trigger


_MARKS = {
    "FIRM": FIRM,
    "PLACE": PLACE,
    "SOME": f"{FIRM}+",
    "TWO": f"(?:{FIRM}{{2,}}|{PLACE}{{2,}})",
    "ANY": "[\ue000-\ue7ff]+",
    "MARKS": "[\ue000-\uefff]",
}
_NO_PARTIES = frozenset({Sort.PERSON, Sort.OTHER})
_GAP = r"(?:(?![;:.] )[^\ue000-\uefff]){0,%s}?"
_MACRO = re.compile(r"\{([A-Z]+)(?: (\d+))?\}")
_SEVERAL = re.compile(r"\beach\b|\bseparately\b|\bone with\b|first with|(?:s|oranda)\b[^.;]{0,60} with\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """A construction as the package's knowledge has it, compiled."""

    name: str
    kind: Kind | None
    each: bool
    pattern: re.Pattern[str]

    @property
    def names_both(self) -> bool:
        """Whether both sides stand in the sentence; else one of them is meant by what the article is about."""
        return "a" in self.pattern.groupindex


@cache
def _forms() -> tuple[re.Pattern[str], tuple[_Form, ...]]:
    """The hint of a construction, and the constructions in their order."""
    content = tomllib.loads((resources.files("ingest") / "knowledge" / _FILE).read_text(encoding="utf-8"))
    words: dict[str, str] = {}
    for name, pattern in content["words"].items():
        words[name] = _expanded(pattern, words)
    forms = tuple(
        _Form(
            name=form["name"],
            kind=Kind(form["kind"]) if "kind" in form else None,
            each=form.get("each", False),
            pattern=re.compile(_expanded(form["pattern"], words)),
        )
        for form in content["constructions"]
    )
    return re.compile(words["HINT"]), forms


def _expanded(pattern: str, words: Mapping[str, str]) -> str:
    """A pattern with what its names in braces stand for."""

    def meant(found: re.Match[str]) -> str:
        return _GAP % found[2] if found[2] else {**_MARKS, **words}[found[1]]

    return _MACRO.sub(meant, pattern)


def may_build(sentence: str) -> bool:
    """Whether a sentence without any trigger may have a construction: cheap, and no more than a hint."""
    hint = _forms()[0]
    return may_match(hint, sentence.casefold()) and bool(hint.search(sentence))


def constructions(
    sentence: str, names: Sequence[Name], triggers: Sequence[Trigger], *, several: bool = False
) -> Iterator[Construction]:
    """The constructions of a sentence, the surest first; for one whose triggers tell of no two parties.

    Args:
        sentence: The sentence.
        names: Its names, in order.
        triggers: Its triggers, whose kind a construction takes over.
        several: Whether it tells of two parties already, so that only what makes several documents is looked for.
    """
    if not names or (several and not _SEVERAL.search(sentence)):
        return
    # Cheap before dear: most sentences that come here name one party, or none.
    is_alone = sum(name.sort not in _NO_PARTIES for name in names) < 2
    if is_alone and "artner" not in sentence:  # of forms that name one side, each has the word
        return
    plain = skeleton(sentence, names)
    for form in _forms()[1]:
        if (is_alone and form.names_both) or (several and not form.each):
            continue
        if match := form.pattern.search(plain.text):
            yield _construction(sentence, plain, triggers, match, form)


_SPEAKER = re.compile(
    rf"[”\"’']\s*,?\s*(?:said|says|added|adds|commented|noted|stated|explained|remarked"
    rf"|according to) (?P<a>{FIRM})(?!{FIRM})"
    rf"|[”\"’']\s*,?\s*(?P<b>{FIRM}) (?:said|says|added|adds|commented|noted|stated|explained|remarked)\b"
    rf"|^\W*(?P<c>{FIRM}) (?:said|says|commented|noted|stated|added)\W+[“\"‘']"
)


def said_by(sentence: str, names: Sequence[Name], reading: Reading) -> Reading:
    """Who 'we' are: '“We will partner with B,” said Jane Roe, head of A'.

    Args:
        sentence: The sentence.
        names: Its names, in order.
        reading: One whose subject is 'we'; stays as it is where nobody is quoted who speaks for an organisation.
    """
    if not any(mark in sentence for mark in "“”\"‘’'"):
        return reading
    plain = skeleton(sentence, names)
    if (match := _SPEAKER.search(plain.text)) is None:
        return reading
    speaker = plain.named(next(filter(None, match.groups())))[:1]
    return replace(reading, subject=speaker, reference=None) if speaker else reading


def _construction(
    sentence: str,
    plain: Skeleton,
    triggers: Sequence[Trigger],
    match: re.Match[str],
    form: _Form,
) -> Construction:
    found = match.groupdict()
    acting = plain.named(found.get("a") or "")
    other = plain.named("".join(found.get(group) or "" for group in ("b", "b2", "b3")))
    words = (found.get("t") or found.get("t2") or "").strip()
    start = max(0, sentence.find(words))
    own = next((t for t in triggers if not t.is_verb), None) or next(iter(triggers), None)
    trigger = Trigger(
        start=own.start if own else start,
        end=own.end if own else start + len(words),
        kind=form.kind or (own.kind if own else Kind.COOPERATION_AGREEMENT),
        plural=form.each,
        is_verb=own.is_verb if own else True,
    )
    closed = not other
    return Construction(
        name=form.name,
        reading=Reading(
            subject=() if closed else acting,
            counterpart=acting if closed else other,
            closed=closed,
            reference=None if acting else Reference.HUB,
            verb=words.casefold().split()[0] if words else "",
            verb_start=start,
            is_strong=True,
            separate=form.each,
        ),
        trigger=trigger,
    )
