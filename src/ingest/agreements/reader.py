"""One English article while it is read: who is named in it, and what each of its sentences claims."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from ingest.agreements.claims import Claim
from ingest.agreements.headlines import is_headline, is_in_sentence_case, names_in_headline, spelt_out
from ingest.agreements.manner import manner_of
from ingest.agreements.names import Name, Sort, find_names
from ingest.agreements.news import told_of
from ingest.agreements.parted import parted
from ingest.agreements.parties import Reading, Reference, read
from ingest.agreements.parties.constructions import constructions, said_by
from ingest.agreements.roster import Organisation, Roster, build_roster, fold, may_act
from ingest.agreements.signing import signed_on
from ingest.agreements.status import status_of
from ingest.agreements.tagger import begin_with_names
from ingest.agreements.triggers import Trigger, find_triggers
from ingest.agreements.unmeant import is_another_deal, is_unmeant
from ingest.agreements.vocabulary import vocabulary
from ingest.agreements.weighing import Setting, features_of
from ingest.documents import Article, Kind, Status
from ingest.sentences import Sentence, split

__all__ = ["Reader", "unwrapped"]

_Member = tuple[Organisation, tuple[int, int] | None]

# What a common word at the head of a sentence does not have.
_BRAND = re.compile(r"\s|[a-z][A-Z]|[A-Z]{2}|\d|\w[.&+/]\w|\w-[A-Z\d]|[®™+]")
_ABOUT = re.compile(r"^\W*About (?:the )?([^\n:]{2,80}?)\W*$", re.MULTILINE)
_GOVERNING = re.compile(r"government|administrative region|republic|province|ministry|state|union", re.IGNORECASE)
_REALMS = frozenset({"countries", "cities", "nations", "regions", "governments"})
_PRONOUNS = frozenset({"it", "we", "our", "they", "its"})
_OFFICE = re.compile(
    r"university|college|polytechnic|school|academy|institute|faculty|department|ministry|bureau"
    r"|commission|council|authority|agency|"
    r"government|bank|exchange|group|corporation|company|association|society|federation|foundation|trust|museum"
    r"|hospital|fund|cent(?:er|re)"
)
_LETTER = re.compile(r"\blois?\b|letters? of", re.IGNORECASE)
# 'Starting from 2021', 'Based on the results', 'Regarding the visit'.
_PARTICIPLE = re.compile(r"[A-Z][a-z]+(?:ing|ed)\s+(?:the|an?|from|to|on|in|by|at|its|their|th(?:is|at|[eo]se))\b")
_DOCUMENT = re.compile(
    r"agreement|memorand|\bmous?\b|treat|pact|accord|protocol|document|declaration|deal|letter", re.IGNORECASE
)
_ALONE = re.compile(r"\b[^\W\d_]+\b(?!['’]s)")
_DENIED = re.compile(
    r"\b(?:deni(?:ed|es)|denying|never|(?:has|have|had|did) not|hasn['’]t|haven['’]t|didn['’]t|refus(?:ed|es) to"
    r"|declin(?:ed|es) to|ruled out)\b[^,;.]{0,60}$",
    re.IGNORECASE,
)
_BACK = 3  # sentences before one that says 'the pair'
_FURTHER = re.compile(r"\W*(?:another|a (?:second|third|further|separate))\s+(?:[\w-]+\s+){0,2}$", re.IGNORECASE)
_ALSO = re.compile(r"\b(?:was|were)\s+(?:also\s+)?(?:signed|concluded|sealed|reached)\b", re.IGNORECASE)


def unwrapped(text: str, sentences: Sequence[Sentence]) -> tuple[Sentence, ...]:
    """Join what a line feed cut: a piece in lower case goes on the sentence of the line before."""
    joined: list[Sentence] = []
    for sentence in sentences:
        last = joined[-1] if joined else None
        gap = text[last.end : sentence.start] if last else ""
        goes_on = gap.count("\n") in {1, 2} and not gap.strip() and text[sentence.start].islower()
        if last and goes_on and text[last.end - 1] not in ".!?:;" and last.end - last.start < 400:
            joined[-1] = Sentence(last.start, sentence.end)
        else:
            joined.append(sentence)
    return tuple(joined)


def _is_brand(name: Name) -> bool:
    """Whether a name cannot be a common word at the head of a sentence."""
    return name.sort is not Sort.UNKNOWN or bool(name.aliases) or name.possessive or bool(_BRAND.search(name.text))


class Reader:
    """One article while it is read: its roster, and who was spoken of last."""

    def __init__(
        self, article: Article, sentences: Sequence[Sentence], firing: Sequence[tuple[Sentence, tuple[Trigger, ...]]]
    ) -> None:
        self.article = article
        self.text = article.text
        self.order = {sentence.start: i for i, sentence in enumerate(sentences)}
        self.firing = firing
        self.alone = frozenset(_ALONE.findall(self.text))
        self.lede_end = sentences[min(2, len(sentences) - 1)].end if sentences else 0
        lines = unwrapped(self.text, split(self.text)) if article.boilerplate else sentences
        self.headlines = frozenset(s.start for s in lines if is_headline(self.text[s.start : s.end], article.title))
        self.names = self._names([s for s in lines if s.start not in self.headlines])
        self.named = sorted(self.names)
        placed = [(start + name.start, name) for start, found in self.names.items() for name in found]
        if article.title and is_in_sentence_case(article.title):
            written = {name.text for _, name in placed}
            placed = [
                (name.start - len(article.title), name)
                for name in find_names(article.title)
                if name.start > 0 or _is_brand(name) or name.text in written
            ] + placed
        self.roster: Roster = build_roster(placed, article.title, frozenset(_ABOUT.findall(self.text)))
        self.organisations = sorted(dict.fromkeys(self.roster.forms.values()), key=lambda o: o.first)
        self.holders: dict[str, Organisation] = {}
        for organisation in self.organisations:
            for word in fold(organisation.full) if len(fold(organisation.full)) > 1 else ():
                self.holders.setdefault(word, organisation)
        self.last: tuple[Organisation, ...] = ()
        self.last_kind: Kind | None = None
        title = self.title = spelt_out(article.title or "")
        self.title_names = names_in_headline(title, self.roster)
        self.title_triggers = find_triggers(title)
        self.title_pairs: frozenset[frozenset[str]] = frozenset()

    def claims(self) -> tuple[Claim, ...]:
        """Claims of the headline, then of the sentences in order."""
        found = self._claims(self.title, self.title_names, self.title_triggers, None)
        self.title_pairs = frozenset(claim.names for claim in found if len(claim.parties) > 1)
        for sentence, triggers in self.firing:
            words = self.text[sentence.start : sentence.end]
            if sentence.start in self.headlines:
                names = names_in_headline(words, self.roster)
            else:
                names = self.names.get(sentence.start) or find_names(words)
            found += self._claims(words, names, triggers, sentence)
        return tuple(found)

    def _names(self, lines: Sequence[Sentence]) -> dict[int, tuple[Name, ...]]:
        """Names of each sentence, without what is no name: common words, and surnames of persons."""
        found = {line.start: self._whole(line.start, find_names(self.text[line.start : line.end])) for line in lines}
        found = parted(found)
        sure = {name.text for names in found.values() for name in names if name.start > 0 or _is_brand(name)}
        surnames = {
            word
            for names in found.values()
            for name in names
            if name.sort is Sort.PERSON and " " in name.text
            for word in name.text.split()
        }
        doubtful = [
            sentence
            for sentence, _ in self.firing
            if (names := found.get(sentence.start))
            and names[0].start == 0
            and names[0].text not in sure
            and not self._is_ordinary(sentence, names[0].text)
        ]
        told = begin_with_names([self.text[sentence.start : sentence.end] for sentence in doubtful])
        sure |= {found[sentence.start][0].text for sentence, holds in zip(doubtful, told, strict=True) if holds}
        return {
            start: tuple(n for n in names if _is_brand(n) or (n.text in sure and n.text not in surnames))
            for start, names in found.items()
        }

    def _whole(self, start: int, names: Sequence[Name]) -> tuple[Name, ...]:
        """'Farmer's Choice Foods' is one name where nobody is called 'Farmer'."""
        joined: list[Name] = []
        for name in names:
            last = joined[-1] if joined else None
            if (
                last
                and last.possessive
                and last.end + 3 == name.start
                and last.sort is Sort.UNKNOWN
                and name.sort is Sort.ORGANISATION
                and " " not in last.text
                and not self._stands_alone(last.text)
            ):
                whole = self.text[start + last.start : start + name.end]
                joined[-1] = replace(name, start=last.start, text=whole)
            else:
                joined.append(name)
        return tuple(joined)

    def _stands_alone(self, word: str) -> bool:
        return word in self.alone

    def _is_ordinary(self, sentence: Sentence, word: str) -> bool:
        """Whether a sentence's first word is plainly no name, so that loading the tagger for it would be in vain."""
        if _PARTICIPLE.match(self.text, sentence.start):
            return True
        return word.isalpha() and word.lower() in self.alone

    def _claims(
        self, words: str, names: Sequence[Name], triggers: Sequence[Trigger], sentence: Sentence | None
    ) -> list[Claim]:
        claims: list[Claim] = []
        for trigger in triggers:
            if self._is_misleading(words, names, trigger):
                continue
            reading = read(words, names, trigger)
            if is_unmeant(words, trigger, reading):
                continue
            if trigger.is_elliptic and self.last_kind:
                trigger = replace(trigger, kind=self.last_kind)  # noqa: PLW2901 - the noun that the sentence leaves out
            self.last_kind = trigger.kind if reading.is_strong else self.last_kind
            if reading.reference is Reference.HUB and reading.head in {"we", "our"}:
                reading = said_by(words, names, reading)
            is_further = bool(self.last) and _is_further(words, trigger, reading)
            if is_further:  # as if it said 'the two signed another'
                reading = Reading(reference=Reference.PAIR, verb="signed", verb_start=trigger.start, is_strong=True)
            found = [
                self._claim(words, trigger, reading, members, sentence)
                for members in self._parties(reading, sentence.start if sentence else 0)
                if not _only_relates(words, trigger, reading, members)
            ]
            claims += [replace(claim, is_further=True) for claim in found] if is_further else found
        stated = sum(len(claim.stated) > 1 if sentence else len(claim.parties) > 1 for claim in claims)
        built = self._built_freely(words, names, triggers, sentence, several=stated > 0)
        if len(built) > stated:
            claims = [claim for claim in claims if len(claim.parties) < 2] + built
        for claim in claims:
            if len(claim.parties) > 1 and claim.is_own and "hope-before" not in claim.features:
                self.last = claim.parties
        return claims

    def _built_freely(
        self,
        words: str,
        names: Sequence[Name],
        triggers: Sequence[Trigger],
        sentence: Sentence | None,
        *,
        several: bool,
    ) -> list[Claim]:
        """Claims of a construction whose parties do not stand beside a trigger."""
        at = sentence.start if sentence else 0
        for built in constructions(words, names, triggers, several=several):
            if is_unmeant(words, built.trigger, built.reading) or is_another_deal(words, built.trigger, triggers):
                continue
            found = [
                self._claim(words, built.trigger, built.reading, members, sentence)
                for members in self._parties(built.reading, at)
                if len(members) > 1
            ]
            if found:
                more = {"construction", f"construction={built.name}"}
                return [replace(claim, features=claim.features | more) for claim in found]
        return []

    def _is_misleading(self, words: str, names: Sequence[Name], trigger: Trigger) -> bool:
        """Whether the trigger is part of a name ('Roth Capital Partners'), denied, or a letter of intent to buy."""
        if _DENIED.search(words[max(0, trigger.start - 90) : trigger.start]):
            return True
        if any(name.start < trigger.end and trigger.start < name.end and " " in name.text for name in names):
            return True
        takeover = vocabulary().takeover.search(self.article.title or "")
        return bool(takeover and _LETTER.search(words[trigger.start : trigger.end]))

    def _claim(
        self, words: str, trigger: Trigger, reading: Reading, members: Sequence[_Member], sentence: Sentence | None
    ) -> Claim:
        parties = tuple(organisation for organisation, _ in members)
        status = status_of(words, trigger, reading)
        place = self.order.get(sentence.start, 0) if sentence else -1
        published = self.article.published
        setting = Setting(
            place=place,
            total=len(self.order),
            is_headline=bool(sentence and sentence.start in self.headlines),
            title_triggers=bool(self.title_triggers),
            title_parties=frozenset(o.full for n in self.title_names if (o := self.roster.find(n.text))),
            subject=self.roster.subject.full if self.roster.subject else "",
            title_pairs=self.title_pairs,
            published_year=int(published.day[:4]) if published else 0,
            title=self.article.title or "",
            lede_end=self.lede_end,
            length=len(self.text),
        )
        features = features_of(words, trigger, reading, parties, status, setting)
        features |= frozenset(manner_of(words, trigger, reading, parties, self.article.title or ""))
        if told := told_of(words, published):
            features |= {told}
        at = sentence.start if sentence else 0
        signed = None if status is Status.PLANNED or not sentence else signed_on(words, reading, trigger, published)
        is_own = bool(reading.subject or reading.counterpart or (reading.reference is Reference.PAIR and reading.verb))
        return Claim(
            parties=parties,
            spans=tuple((at + span[0], at + span[1]) if span and sentence else None for _, span in members),
            sentence=sentence,
            kind=trigger.kind,
            status=status,
            signed_on=signed,
            place=place,
            separate=reading.separate,
            features=features,
            is_own=is_own,
        )

    def _parties(self, reading: Reading, at: int) -> list[list[_Member]]:
        """The party sets that a reading stands for: one, or one for each counterpart of a hub."""
        subject = self._resolve(reading.subject)
        counterpart = self._resolve(reading.counterpart)
        if subject and reading.reference is Reference.HUB:
            subject = [*((hub, None) for hub in self._referred(replace(reading, subject=()), subject, at)), *subject]
        if not subject and not reading.closed:
            subject = [(organisation, None) for organisation in self._referred(reading, counterpart, at)]
        if reading.separate and subject:
            sets = [[subject[0], other] for other in counterpart if other[0] != subject[0][0]]
        else:
            sets = [[*subject, *counterpart]]
        results = []
        for members in sets:
            unique = {organisation.full: (organisation, span) for organisation, span in reversed(members)}
            ordered = [unique[name] for name in dict.fromkeys(organisation.full for organisation, _ in members)]
            stated = reading.closed and len(ordered) == 2  # 'between A University and the state of B'
            firm = ordered if stated else [m for m in ordered if m[0].sort is not Sort.PLACE]
            if firm := ordered if _is_treaty([o for o, _ in ordered]) else firm:
                results.append(firm)
        return results

    def _resolve(self, names: Iterable[Name]) -> list[_Member]:
        return [(organisation, (name.start, name.end)) for name in names if (organisation := self._organisation(name))]

    def _organisation(self, name: Name) -> Organisation | None:
        if vocabulary().demonyms.fullmatch(name.text):
            return None
        words = fold(name.text)
        if len(words) == 1 and vocabulary().heads.fullmatch(words[0]):
            return self._by_head(words[0]) if _OFFICE.fullmatch(words[0]) else None
        known = self.roster.find(name.text)
        return known or Organisation(full=name.text, sort=name.sort, count=1, first=0)

    def _by_head(self, head: str) -> Organisation | None:
        """'The University', 'the Group': the organisation whose name has that word, the article's subject first."""
        subject = self.roster.subject
        if subject and (head in {"company", "group", "firm", "corporation"} or head in fold(subject.full)):
            return subject
        return self.holders.get(head, subject)

    def _referred(self, reading: Reading, counterpart: Sequence[_Member], at: int) -> tuple[Organisation, ...]:
        """Who is meant where the sentence, which begins at `at`, names no subject."""
        if reading.reference is Reference.PAIR or (not counterpart and reading.reference is None):
            if reading.head in _REALMS:  # 'the two regions' are no two companies
                return self.last if all(o.sort is Sort.PLACE or _GOVERNING.search(o.full) for o in self.last) else ()
            return self.last or (self._most_named() or self._just_named(at) if reading.reference else ())
        if reading.head == "they" and not counterpart and (pair := self._just_named(at)):
            return pair
        is_noun = reading.head and reading.head not in _PRONOUNS
        hub = self._by_head(reading.head) if is_noun else self.roster.subject
        if hub is None or hub.full in {organisation.full for organisation, _ in counterpart}:
            hub = self._other_than(counterpart, at)
        return (hub,) if hub else ()

    def _other_than(self, counterpart: Sequence[_Member], at: int) -> Organisation | None:
        """The first organisation named before the sentence that is not the other side."""
        known = {organisation.full for organisation, _ in counterpart}
        titled = {o.full for name in self.title_names if (o := self.roster.find(name.text))}
        others = [o for o in self.organisations if o.full not in known and may_act(o)]
        firms = [o for o in others if o.sort is Sort.ORGANISATION]
        brands = [o for o in others if o.sort is Sort.UNKNOWN and (o.full in titled or o.count > 1)]
        named = next((o for o in firms if o.first < at), None)
        named = named or next((o for o in [*brands, *firms] if o.full in titled or o.first < at), None)
        return named or next((o for o in self._opening(at) if o.full not in known), None)

    def _opening(self, at: int) -> list[Organisation]:
        """Who the sentence before the one at `at` begins with."""
        here = bisect_left(self.named, at)
        before = self.names[self.named[here - 1]] if here else ()
        found = [self.roster.find(name.text) for name in before[:1]]
        return [o for o in found if o and o.sort in {Sort.ORGANISATION, Sort.UNKNOWN}]

    def _just_named(self, at: int) -> tuple[Organisation, ...]:
        """The two organisations that the sentences right before this one name, if there are two."""
        found: dict[str, Organisation] = {}
        here = bisect_left(self.named, at)
        for start in reversed(self.named[max(0, here - _BACK) : here]):
            named = [self.roster.find(name.text) for name in self.names[start]]
            firms = {o.full: o for o in named if o and o.sort in {Sort.ORGANISATION, Sort.UNKNOWN}}
            found = firms | {full: o for full, o in found.items() if full not in firms}
            if len(found) >= 2:
                return tuple(found.values())[:2] if len(found) == 2 else ()
        return ()

    def _most_named(self) -> tuple[Organisation, ...]:
        """The two organisations that 'the two firms' most likely are: those of the headline, else the most frequent."""
        firm = [o for o in self.organisations if o.sort in {Sort.ORGANISATION, Sort.UNKNOWN}]
        titled = dict.fromkeys(self.roster.find(name.text) for name in self.title_names)
        chosen = [o for o in titled if o and o in firm]
        if len(chosen) < 2:
            firm = [o for o in firm if o.count > 1 or o.sort is Sort.ORGANISATION]
            chosen = sorted(firm, key=lambda o: (-o.count, o.first))
        return tuple(chosen[:2]) if len(chosen) >= 2 else ()


def _is_further(words: str, trigger: Trigger, reading: Reading) -> bool:
    """'Another agreement … was also signed': one more between the two of before, as nobody else is named."""
    names = [*reading.subject, *reading.counterpart]
    return all(name.sort is Sort.PLACE for name in names) and bool(
        _FURTHER.match(words[: trigger.start]) and _ALSO.search(words, trigger.end)
    )


def _only_relates(words: str, trigger: Trigger, reading: Reading, members: Sequence[_Member]) -> bool:
    """'Cooperation between Duna and Tarn has grown': of places, said without an act or a document."""
    places = all(organisation.sort is Sort.PLACE for organisation, _ in members)
    document = _DOCUMENT.search(words[trigger.start : trigger.end])
    return places and not document and (trigger.is_verb or not reading.is_strong)


def _is_treaty(parties: Sequence[Organisation]) -> bool:
    """Whether places are parties themselves: only among places and governments."""
    return any(o.sort is Sort.PLACE for o in parties) and all(
        o.sort is Sort.PLACE or _GOVERNING.search(o.full) for o in parties
    )
