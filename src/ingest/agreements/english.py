"""English articles: what each sentence says of an agreement, merged so that each agreement is listed once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.agreements.dates import event_year, find_dates
from ingest.agreements.kinds import kind_of
from ingest.agreements.names import Name, Sort, find_names
from ingest.agreements.parties import Reading, Reference, read
from ingest.agreements.roster import Organisation, Roster, build_roster, fold
from ingest.agreements.status import is_background, is_mere_hope, status_of
from ingest.agreements.tagger import sort_names
from ingest.agreements.triggers import Trigger, find_triggers, fires
from ingest.agreements.vocabulary import vocabulary
from ingest.documents import Article, Kind, Language, Mention, Moment, Party, Status
from ingest.sentences import Sentence, split

__all__ = ["find"]


# What a common word at the head of a sentence does not have.
_BRAND = re.compile(r"\s|[a-z][A-Z]|[A-Z]{2}|\d|\w[.&+/-]\w|[®™+]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What one trigger of one sentence says.

    Attributes:
        parties: Who, in the order of the sentence; one alone where the other side is not named.
        spans: Where their names stand in the article, if they do in this sentence.
        sentence: The sentence; None for the headline.
        kinds: What its words say of the kind.
        status: How far it has come.
        is_news: Whether it is reported, as against recalled.
        is_act: Whether a verb performs it here.
        described: Whether the other side is described and not named.
        signed_on: When, if this sentence says so.
        place: Number of the sentence among all; -1 for the headline.
        separate: Whether it is one of several documents that one sentence lists.
    """

    parties: tuple[Organisation, ...]
    spans: tuple[tuple[int, int] | None, ...]
    sentence: Sentence | None
    kinds: frozenset[Kind]
    status: Status
    is_news: bool
    is_act: bool
    described: bool
    signed_on: Moment | None
    place: int
    separate: bool = False


def find(article: Article, language: Language) -> tuple[Mention, ...]:  # noqa: ARG001 - the signature of every reader
    """Find the agreements that an English article states, each once.

    Args:
        article: The cleaned article; its boilerplate spans never fire, though names in them count for the fullest form.
        language: Not needed: the caller has chosen this reader by it.

    Returns:
        Mentions, at least one party each, in the order in which the text states them.
    """
    sentences = split(article.text, article.boilerplate)
    firing = [
        (sentence, triggers)
        for sentence in fires(article.text, sentences)
        if (triggers := find_triggers(article.text[sentence.start : sentence.end]))
    ]
    if not firing:
        return ()
    return _Reader(article, sentences, firing).mentions()


class _Reader:
    """One article while it is read: its roster, and who was spoken of last."""

    def __init__(
        self, article: Article, sentences: Sequence[Sentence], firing: Sequence[tuple[Sentence, tuple[Trigger, ...]]]
    ) -> None:
        self.article = article
        self.text = article.text
        self.order = {sentence.start: i for i, sentence in enumerate(sentences)}
        self.firing = firing
        spans = [s for s in split(self.text)]
        self.headings = frozenset(s.start for s in spans if _is_heading(self.text[s.start : s.end], article.title))
        self.names = {s.start: find_names(self.text[s.start : s.end]) for s in spans if s.start not in self.headings}
        self._sort_names()
        placed = [(start + name.start, name) for start, found in self.names.items() for name in found]
        self.roster: Roster = build_roster(placed, article.title)
        self.last_pair: tuple[Organisation, ...] = ()
        self.title_claims: list[Claim] = []

    def _sort_names(self) -> None:
        """Ask the model about the names of the sentences that fire; what it says holds for the whole article."""
        starts = [s.start for s, _ in self.firing if s.start in self.names]
        words = [self.text[s.start : s.end] for s, _ in self.firing if s.start in self.names]
        inner = {n.text for start, found in self.names.items() for n in found if n.start > 0}
        clear = frozenset(n for n in inner if _BRAND.search(n))
        sorted_names = sort_names(words, [self.names[start] for start in starts], clear)
        for start, found in zip(starts, sorted_names, strict=True):
            self.names[start] = found
        for start, found in self.names.items():
            self.names[start] = tuple(
                n
                for n in found
                if n.start > 0 or n.sort is not Sort.UNKNOWN or _BRAND.search(n.text) or n.text in inner
            )

    def mentions(self) -> tuple[Mention, ...]:
        self.title_claims = self._title_claims()
        if self.title_claims:
            self.last_pair = self.title_claims[0].parties
        claims: list[Claim] = list(self.title_claims)
        for sentence, triggers in self.firing:
            claims += self._claims(sentence, triggers)
        return tuple(self._mention(group) for group in _merge(claims) if self._is_kept(group))

    def _title_claims(self) -> list[Claim]:
        title = self.article.title
        if not title:
            return []
        names = title_names(title, self.roster)
        claims = []
        for trigger in find_triggers(title):
            reading = read(title, names, trigger)
            if is_mere_hope(title, trigger, reading):
                continue
            for parties, _ in self._parties(reading, title_sentence=True):
                if len(parties) > 1:
                    claims.append(
                        Claim(
                            parties=parties,
                            spans=(None,) * len(parties),
                            sentence=None,
                            kinds=frozenset({trigger.kind}),
                            status=status_of(title, trigger, reading),
                            is_news=True,
                            is_act=True,
                            described=False,
                            signed_on=None,
                            place=-1,
                            separate=reading.separate,
                        )
                    )
        return claims

    def _claims(self, sentence: Sentence, triggers: Sequence[Trigger]) -> list[Claim]:
        words = self.text[sentence.start : sentence.end]
        heading = sentence.start in self.headings
        names = title_names(words, self.roster) if heading else self.names.get(sentence.start) or find_names(words)
        claims: list[Claim] = []
        for trigger in triggers:
            reading = read(words, names, trigger)
            if is_mere_hope(words, trigger, reading) or self._is_takeover(words, trigger):
                continue
            for parties, spans in self._parties(reading):
                claims.append(self._claim(sentence, words, trigger, reading, parties, spans))
        for claim in claims:
            if len(claim.parties) > 1:
                self.last_pair = claim.parties
        return claims

    @staticmethod
    def _is_takeover(words: str, trigger: Trigger) -> bool:
        near = words[max(0, trigger.start - 60) : trigger.end + 60]
        return bool(vocabulary().takeover.search(near)) and trigger.kind is not Kind.MOU

    def _claim(
        self,
        sentence: Sentence,
        words: str,
        trigger: Trigger,
        reading: Reading,
        parties: tuple[Organisation, ...],
        spans: tuple[tuple[int, int] | None, ...],
    ) -> Claim:
        published = self.article.published
        place = self.order.get(sentence.start, 0)
        status = status_of(words, trigger, reading)
        background = is_background(words, trigger, reading, published) or reading.is_incidental
        supported = self._is_in_title(parties)
        is_act = reading.is_strong or trigger.is_verb
        return Claim(
            parties=parties,
            spans=tuple(
                (sentence.start + a, sentence.start + b) if span else None
                for span in spans
                for a, b in [span or (0, 0)]
            ),
            sentence=sentence,
            kinds=frozenset({trigger.kind}),
            status=status,
            is_news=supported or (not background and (is_act or place < 3)),
            is_act=is_act and not reading.is_incidental,
            described=reading.described,
            signed_on=None if status is Status.PLANNED else self._signed_on(words, reading, trigger),
            place=place,
            separate=reading.separate,
        )

    def _signed_on(self, words: str, reading: Reading, trigger: Trigger) -> Moment | None:
        announces = reading.verb.startswith(("announc", "unveil", "confirm"))
        best: tuple[int, Moment] | None = None
        for dated in find_dates(words, self.article.published):
            if dated.moment is None:
                continue
            anchor = reading.verb_start if reading.verb else trigger.start
            distance = min(abs(dated.start - trigger.end), abs(dated.end - anchor), abs(dated.start - anchor))
            if distance > 90 or (announces and "sign" not in words):
                continue
            if best is None or distance < best[0]:
                best = (distance, dated.moment)
        return best[1] if best else None

    def _is_in_title(self, parties: Sequence[Organisation]) -> bool:
        return any(
            {p.full for p in parties} & {p.full for p in c.parties}
            and len({p.full for p in parties} & {p.full for p in c.parties}) > 1
            for c in self.title_claims
        )

    def _parties(
        self, reading: Reading, *, title_sentence: bool = False
    ) -> list[tuple[tuple[Organisation, ...], tuple[tuple[int, int] | None, ...]]]:
        """The party sets that a reading stands for: one, or one for each counterpart of a hub."""
        subject = self._resolve(reading.subject)
        counterpart = self._resolve(reading.counterpart)
        if not subject and not reading.closed:
            subject = [(o, None) for o in self._referred(reading, counterpart)]
        if reading.separate and subject:
            hub = subject[0]
            sets = [[hub, other] for other in counterpart if other[0] != hub[0]]
        else:
            sets = [[*subject, *counterpart]]
        results = []
        for members in sets:
            unique = {o.full: (o, span) for o, span in reversed(members)}
            ordered = [unique[name] for name in dict.fromkeys(o.full for o, _ in members)]
            firm = (
                [(o, span) for o, span in ordered if o.sort is not Sort.PLACE] if not _is_treaty(ordered) else ordered
            )
            if firm:
                results.append((tuple(o for o, _ in firm), tuple(span for _, span in firm)))
        return results

    def _resolve(self, names: Iterable[Name]) -> list[tuple[Organisation, tuple[int, int] | None]]:
        found: list[tuple[Organisation, tuple[int, int] | None]] = []
        for name in names:
            organisation = self._organisation(name)
            if organisation:
                found.append((organisation, (name.start, name.end)))
        return found

    def _organisation(self, name: Name) -> Organisation | None:
        words = fold(name.text)
        if len(words) == 1 and vocabulary().heads.fullmatch(words[0]):
            return self._by_head(words[0])
        known = self.roster.find(name.text)
        if known is None:
            return Organisation(full=name.text, sort=name.sort, count=1, first=0)
        if (
            known.sort is Sort.UNKNOWN
            and known.count < 2
            and re.fullmatch(r"[A-Z]{2,5}", known.full)
            and known.first >= 0
        ):
            return None  # an abbreviation that occurs once names a thing rather than a party
        return known

    def _by_head(self, head: str) -> Organisation | None:
        """'The University', 'the Group': the organisation that ends or begins so, the subject of the article first."""
        subject = self.roster.subject
        if subject and (head in {"company", "group", "firm", "corporation"} or head in fold(subject.full)):
            return subject
        holders = [o for o in self.roster.forms.values() if head in fold(o.full) and len(fold(o.full)) > 1]
        return min(holders, key=lambda o: o.first, default=None)

    def _referred(
        self, reading: Reading, counterpart: Sequence[tuple[Organisation, tuple[int, int] | None]]
    ) -> tuple[Organisation, ...]:
        """Who is meant where the sentence names no subject."""
        if reading.reference is Reference.PAIR or (not counterpart and reading.reference is None):
            return self.last_pair or (self._most_named() if reading.reference else ())
        hub = self._by_head(reading.head) if reading.head else self.roster.subject
        return (hub,) if hub else ()

    def _most_named(self) -> tuple[Organisation, ...]:
        """The two organisations that 'the two firms' most likely are: those of the headline, else the most frequent."""
        firm = [o for o in set(self.roster.forms.values()) if o.sort in {Sort.ORGANISATION, Sort.UNKNOWN}]
        titled = [self.roster.find(n.text) for n in title_names(self.article.title or "", self.roster)]
        chosen = [o for o in dict.fromkeys(titled) if o and o in firm]
        if len(chosen) < 2:
            chosen = sorted((o for o in firm if o.count > 1), key=lambda o: (-o.count, o.first))
        return tuple(chosen[:2]) if len(chosen) >= 2 else ()

    def _is_kept(self, group: Sequence[Claim]) -> bool:
        best = group[0]
        if len(best.parties) < 2:
            return False
        return any(claim.sentence for claim in group) and any(claim.is_act for claim in group)

    def _mention(self, group: Sequence[Claim]) -> Mention:
        parties = max(group, key=lambda c: (len(c.parties), -c.place)).parties
        full = {p.full for p in parties}
        stated = [c for c in group if c.sentence]
        best = max(
            stated,
            key=lambda c: (c.is_news, sum(s is not None for s in c.spans), c.is_act, -c.place),
        )
        assert best.sentence is not None  # noqa: S101 - `_is_kept` asked for one
        spans = {p.full: span for p, span in zip(best.parties, best.spans, strict=True)}
        news = any(c.is_news for c in group)
        signed = next((c.signed_on for c in group if c.signed_on), None)
        status = best.status
        if signed is None and news and status is not Status.PLANNED and self.article.published is None:
            signed = event_year(self.text)
        start, end = best.sentence.start, best.sentence.end
        return Mention(
            parties=tuple(
                Party(
                    name=p.full,
                    start=(spans.get(p.full) or (None, None))[0],
                    end=(spans.get(p.full) or (None, None))[1],
                )
                for p in parties
                if p.full in full
            ),
            kind=kind_of(frozenset().union(*(c.kinds for c in group))),
            status=status,
            is_news=news,
            signed_on=None if status is Status.PLANNED else signed,
            start=start,
            end=end,
            evidence=self.text[start:end],
            confidence=0.7,
        )


def _is_heading(line: str, title: str | None) -> bool:
    """Whether a line is a headline: the title again, or in title case without a full stop."""
    if title and line.strip("*#_ ").casefold() == title.strip().casefold():
        return True
    words = re.findall(r"[^\W\d_][\w’'-]{3,}", line)
    return len(words) >= 3 and line[-1] not in '.!?”"' and sum(w[0].isupper() for w in words) >= 0.75 * len(words)


def _is_treaty(members: Sequence[tuple[Organisation, tuple[int, int] | None]]) -> bool:
    """Whether places are parties themselves: only where nearly all members are places or governments."""
    places = sum(o.sort is Sort.PLACE for o, _ in members)
    return places > 0 and all(
        o.sort is Sort.PLACE or re.search("government|region|province|ministry", o.full, re.IGNORECASE)
        for o, _ in members
    )


def title_names(title: str, roster: Roster) -> tuple[Name, ...]:
    """Names of a headline: the forms that the text knows, longest first, since title case hides where a name ends."""
    found: list[Name] = []
    for name in find_names(title):
        if roster.find(name.text):
            found.append(name)
    tokens = [(m.start(), m.end()) for m in re.finditer(r"[^\W_]+(?:[+&][^\W_]*)*", title)]
    folded = [title[a:b].casefold() for a, b in tokens]
    for width in range(min(10, len(tokens)), 0, -1):
        for i in range(len(tokens) - width + 1):
            start, end = tokens[i][0], tokens[i + width - 1][1]
            organisation = roster.forms.get(tuple(folded[i : i + width]))
            if (
                organisation is None
                or not title[start].isupper()
                or any(start < n.end and end > n.start for n in found)
            ):
                continue
            tail = end
            if match := re.match(r"\s*[(（][^()]{1,60}[)）]", title[end:]):
                tail = end + match.end()
            if match := re.match(r",? (?:Inc|Ltd|Corp|Co|LLC|Limited|N\.V|AG)\b\.?", title[end:]):
                end = tail = end + match.end()
            found.append(
                Name(
                    start=start,
                    end=end,
                    text=title[start:end],
                    sort=organisation.sort,
                    possessive=title[end : end + 2] in {"'s", "’s"},
                    tail=tail,
                )
            )
    return tuple(sorted(found, key=lambda name: name.start))


def _is_sum(names: set[str], pairs: Sequence[set[str]]) -> bool:
    """Whether a set of parties only adds up pairs that have a document each."""
    inside = [pair for pair in pairs if pair <= names]
    return len(inside) > 1 and set().union(*inside) == names


def _merge(claims: Sequence[Claim]) -> list[list[Claim]]:
    """Group claims of one agreement: the same parties, or a part of them told again."""
    groups: list[list[Claim]] = []
    pairs = [{p.full for p in c.parties} for c in claims if c.separate and len(c.parties) == 2]
    for claim in sorted(claims, key=lambda c: -len(c.parties)):
        if len(claim.parties) < 2 or (len(claim.parties) > 2 and _is_sum({p.full for p in claim.parties}, pairs)):
            continue
        names = {p.full for p in claim.parties}
        home = next((g for g in groups if {p.full for p in g[0].parties} >= names), None)
        if home is None:
            groups.append([claim])
        else:
            home.append(claim)
    return [
        sorted(g, key=lambda c: (-len(c.parties), c.place))
        for g in sorted(groups, key=lambda g: min(c.place for c in g))
    ]
