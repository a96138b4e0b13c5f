"""An article read with a taxonomy: which terms stand where, and what of that a topic's score is made of.

What makes a topic is where its words stand and how many sentences are about it, not how often they occur:

    headline, lede        what the article itself puts first
    field                 named as a field of an agreement, policy or programme
    body                  sentences about it, where a strong term or several different weak ones stand
    passing               sentences with a weak term only
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ingest import sentences
from ingest.documents import Article, Place, Span
from ingest.literals import may_match
from ingest.script import fold
from ingest.topics import taxonomy
from ingest.topics.taxonomy import Hit, Strength

__all__ = ["FEATURES", "Reading", "Sentence", "evidence", "features", "read"]

_MOST_EVIDENCE = 8

_NEWS_FIRST = 6  # no firm is described before this part of a text is over: what begins so is the news itself

# Addresses hold words that nobody reads. A mail address may only begin where its characters do, and a link ends before
# the next one: otherwise a long text without spaces takes quadratic time.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s)\]>]+"
    r"|\]\((?:[^)\s\]]|\](?!\())*+\)"
    r"|(?<![A-Za-z0-9._%+-])[A-Za-z0-9._%+-]++@[A-Za-z0-9-]++(?:\.[A-Za-z0-9-]++)++"
)

# Words with which parties commit themselves; topics named after them are fields of what they agreed. Chinese may name
# the fields first.
_COMMITS = re.compile(
    r"(?i:\b(?:sign(?:s|ed|ing)?(?! up\b)|memorand(?:um|a|ums)|mous?|accord|pact|treaty"
    r"|(?<!collective )(?<!employment )(?<!pay )agreements?"
    r"|partner(?:s|ed|ship|ships|ing)? (?:with|to|in|on|between|that)"
    r"|(?:co-?operat|collaborat)(?:e|es|ing|ion) (?:in|on|across)"
    r"|joint (?:venture|laboratory|cent(?:re|er)|program(?:me)?|initiative|fund|scheme)|areas? of co-?operation"
    r"|(?:priority|six|five|four|three|key|following) (?:areas|fields)|policy address|action plan|agreed (?:to|on))\b)"
)
_COMMITS_ZH = re.compile(
    r"签署|签订|签约|协议|备忘录|合作领域|重点领域|施政报告|行动方案|共建|合建|携手|合作计划|领域 ?合作|方面 ?合作"
)
_PACT = re.compile(
    r"(?i:\b(?:sign(?:s|ed|ing)?|memorand(?:um|a|ums)|mous?|agreements?|accord|pact|alliance"
    r"|partner(?:s|ed|ship|ships)?|join hands|team up|agree(?:s|d)?)\b)"
    r"|签署|签订|签约|协议|备忘录|携手|合作|共建|合建"
)
_PROMISES = re.compile(
    r"(?i:\b(?:will|would|aims?|agreed|areas|covers?|covering|focus(?:es|ed|ing)?|includ(?:es|ing)"
    r"|to (?:jointly|promote|explore|develop|support|establish|provide|strengthen))\b)"
    r"|将|会|拟|涵盖|包括|推动|探讨|围绕|聚焦|领域|目的"
)
_HINDSIGHT = re.compile(r"(?i:\balready\b|\bin the past\b|\bover the years\b|\bsuch cooperation\b)|以往|过去")
# Trades that a firm says it serves are no news of these trades.
_SERVES = re.compile(
    r"(?i:\b(?:industr(?:y|ies)|sectors|verticals|markets|clients|customers|applications|problems|use cases)\b"
    r"[^.;:]{0,40}?(?:\b(?:including|such as|like|as diverse as|ranging from|spanning)\b|:))"
)
# From such a line on a press release says what the firms in it are, whatever the news is.
_ABOUT_FIRM = re.compile(
    r"(?m)^[^\w\n]{0,6}(?:About|ABOUT)[ \t]+(?:[Tt]he[ \t]+)?[A-Z0-9“\"][^\n]{0,80}$"
    r"|^[^\w\n]{0,6}(?:About|ABOUT)[ \t]+[A-Z][\w&.,’' -]{1,50}:"
    r"|^[^\w\n]{0,6}(?:关于)[^\n]{1,30}$"
)
# A term in a firm's name says what its trade is: behind it comes its legal form or its place on an exchange.
_OF_FIRM = re.compile(
    r"[A-Za-z]*(?: [A-Z][\w&-]*){0,2},? ?"
    r"(?:(?:Inc|INC|Corp|CORP|Corporation|Ltd|LTD|Limited|LLC|PLC|plc|AG|SA|NV|GmbH|Holdings?|Pty|Pte|Co)\b"
    r"|\((?:NASDAQ|Nasdaq|NYSE|OTC|TSX|CSE|ASX|LSE|HKEX|SEHK|AIM)\b)"
)
_LISTS = re.compile(r"(?i:\bthese (?:are|include)\b|\bthey (?:are|include)\b|\bnamely\b)|包括|分别为|分别是")
_WORDS = re.compile(r"[\u3400-\u9fff]|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the story; half-open offsets into the article's text.

    Attributes:
        is_lede: Whether it is the first that tells something.
        field_from: Offset from which terms are fields of an agreement, policy or programme; None where it states none.
        is_scope: Whether it says what an agreement that was named before is about.
        hits: Terms in it.
        is_about_firm: Whether it is among what a press release says of its firms after the news.
    """

    start: int
    end: int
    is_lede: bool
    field_from: int | None
    is_scope: bool
    hits: tuple[Hit, ...]
    is_about_firm: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What a taxonomy finds in an article.

    Attributes:
        title: Hits in the headline.
        body: The sentences of the story, with the hits in them.
    """

    title: tuple[Hit, ...]
    body: tuple[Sentence, ...]

    @property
    def topics(self) -> frozenset[str]:
        """Topics with any word in the article."""
        return frozenset(hit.topic for hits in (self.title, *(each.hits for each in self.body)) for hit in hits)


def read(article: Article, known: taxonomy.Taxonomy) -> Reading:
    """Find the terms of a taxonomy in an article; its boilerplate and its headline, where repeated, are passed over."""
    headline = _readable(article.title or "")
    title = tuple(taxonomy.find(headline, known))
    bare = _bare(article.title or "")
    folded = _readable(article.text)
    spans = [
        span
        for span in sentences.split(article.text, skip=article.boilerplate)
        if not _repeats(article.text[span.start : span.end], bare)
    ]
    hits = list(taxonomy.find(folded, known))
    about = _ABOUT_FIRM.search(folded, len(folded) // _NEWS_FIRST)
    news = about.start() if about else len(folded)
    body: list[Sentence] = []
    at, lede_seen, before, pact = 0, False, "", _PACT.search(headline) is not None
    for span in spans:
        while at < len(hits) and hits[at].start < span.start:
            at += 1
        first = at
        while at < len(hits) and hits[at].end <= span.end:
            at += 1
        words = folded[span.start : span.end]
        is_lede = not lede_seen and _tells(words)
        lede_seen = lede_seen or is_lede
        pact = pact or (is_lede and _commits(words) is not None)
        body.append(
            _sentence(span, words, hits[first:at], is_lede=is_lede, before=before, pact=pact, is_news=span.start < news)
            if at > first
            else Sentence(span.start, span.end, is_lede, None, False, (), span.start >= news)
        )
        before = words
    return Reading(title, tuple(body))


def _sentence(
    span: sentences.Sentence, words: str, hits: Sequence[Hit], *, is_lede: bool, before: str, pact: bool, is_news: bool
) -> Sentence:
    """A sentence with terms; `words` are its, `before` those of the sentence before it."""
    commits = _commits(words)
    if commits is None and _LISTS.search(words) and _commits(before) is not None:
        commits = 0
    if commits is None and (serves := _SERVES.search(words)) is not None:
        hits = [hit for hit in hits if hit.start < span.start + serves.end()]
    if not is_lede:
        hits = [_unnamed(hit, words, span.start) for hit in hits]
    is_scope = pact and commits is None and _PROMISES.search(words) is not None
    field_from = None if commits is None else span.start + commits
    return Sentence(span.start, span.end, is_lede, field_from, is_scope, tuple(hits), not is_news)


def _unnamed(hit: Hit, words: str, start: int) -> Hit:
    """A term of a sentence that starts there, weaker where it is part of a firm's name."""
    at, end = hit.start - start, hit.end - start
    if hit.strength is Strength.STRONG and words[at].isupper() and _OF_FIRM.match(words, end):
        return replace(hit, strength=Strength.WEAK)
    return hit


def _commits(words: str) -> int | None:
    """Where in a sentence the fields of an agreement may begin; None where it states none."""
    if _HINDSIGHT.search(words):
        return None
    if _COMMITS_ZH.search(words):
        return 0
    cue = _COMMITS.search(words) if may_match(_COMMITS, words.casefold()) else None
    return cue.start() if cue else None


def _readable(text: str) -> str:
    folded = fold(text)
    if not may_match(_ADDRESS, folded.casefold()):
        return folded
    return _ADDRESS.sub(lambda found: " " * len(found[0]), folded)


def _tells(words: str) -> bool:
    """Whether it can be the lede: more than a dateline or a heading, and no question, which only asks for it."""
    return len(_WORDS.findall(words)) >= 8 and not words.rstrip("\"'”’」』 ").endswith("?")


def _bare(text: str) -> str:
    """Letters only, to compare a line with the headline."""
    return "".join(_WORDS.findall(text)).casefold()


def _repeats(sentence: str, headline: str) -> bool:
    """Whether a line of the text is the headline again, or a good part of it; `headline` is bare."""
    if not headline or len(sentence) > 2 * len(headline) + 40:
        return False
    first = _WORDS.search(sentence)
    if first is None or first[0].casefold() not in headline:  # true of most, and much sooner known
        return False
    mine = _bare(sentence)
    return bool(mine) and (mine == headline or (len(mine) > 20 and mine in headline))


FEATURES = (
    *("title", "lede", "opening", "field", "scope", "first", "one", "two", "run", "many", "share", "variety"),
    *("weak title", "weak lede", "weak body", "weak field", "weak variety"),
    *("pact", "wait", "length"),
    *("about firm", "more about firm"),
)


def features(reading: Reading, topic: str) -> tuple[float, ...]:
    """What the score of one topic is made of, in the order of `FEATURES`; no feature is above a few units."""
    body = [sentence for sentence in reading.body if not sentence.is_about_firm]
    strong = [bool(sentence.hits) and _has_strong(sentence.hits, topic) for sentence in body]
    of_firms = sum(_has_strong(each.hits, topic) for each in reading.body if each.is_about_firm)
    lede = next((i for i, sentence in enumerate(body) if sentence.is_lede), 0)
    in_title, in_lede = _has_strong(reading.title, topic), any(strong[: lede + 1])
    in_field = any(_has_strong(_fields(sentence), topic) for sentence in body if sentence.hits)
    in_scope = any(s.is_scope and found for s, found in zip(body, strong, strict=True))
    number = sum(strong)
    return (
        float(in_title),
        float(in_lede),
        float(any(strong[lede + 1 : lede + 3])),
        float(in_field),
        float(in_scope),
        float(in_title or in_lede or in_field or in_scope),
        float(number >= 1),
        float(number >= 2),
        float(any(a and b for a, b in itertools.pairwise(strong))),
        math.log1p(max(0, number - 2)),
        number / len(body) if body else 0.0,
        math.log(max(1, len(_different(body, topic, Strength.STRONG)))),
        *_weak_features(reading.title, body, topic, lede),
        float(number >= 1 and any(s.field_from is not None or s.is_scope for s in body)),
        0.0 if in_title else _wait(strong),
        math.log1p(len(body)),
        float(of_firms >= 1),
        math.log1p(of_firms),
    )


def _wait(strong: Sequence[bool]) -> float:
    """The share of the story that is over when the first sentence about the topic comes."""
    return next((i for i, found in enumerate(strong) if found), len(strong)) / (len(strong) + 1)


def _weak_features(title: Iterable[Hit], body: Sequence[Sentence], topic: str, lede: int) -> tuple[float, ...]:
    """The features of weak terms; `lede` is the number of that sentence."""
    weak = [_weakness(sentence.hits, topic) if sentence.hits else 0.0 for sentence in body]
    fields = (_weakness(s.hits if s.is_scope else _fields(s), topic, alone=True) for s in body if s.hits)
    return (
        _weakness(title, topic),
        max(weak[: lede + 1], default=0.0),
        math.log1p(sum(weak)),
        max(fields, default=0.0),
        math.log1p(len(_different(body, topic, Strength.WEAK))),
    )


def _different(body: Iterable[Sentence], topic: str, strength: Strength) -> set[str]:
    """The distinct terms of a topic in some sentences."""
    return {hit.term for s in body for hit in s.hits if hit.topic == topic and hit.strength is strength}


def _fields(sentence: Sentence) -> tuple[Hit, ...]:
    """The terms of a sentence that name fields of an agreement, policy or programme."""
    start = sentence.field_from
    return () if start is None else tuple(hit for hit in sentence.hits if hit.start >= start)


def _has_strong(hits: Iterable[Hit], topic: str) -> bool:
    return any(hit.topic == topic and hit.strength is Strength.STRONG for hit in hits)


def _weakness(hits: Iterable[Hit], topic: str, *, alone: bool = False) -> float:
    """What weak terms make of a sentence: nothing for one, unless it may stand `alone`, and 1 for several."""
    different = {hit.term for hit in hits if hit.topic == topic and hit.strength is Strength.WEAK}
    return min(3, max(0, len(different) - (not alone))) / 3


def evidence(article: Article, reading: Reading, topic: str) -> tuple[Span, ...]:
    """Show what speaks for a topic: at most eight spans, those in the text before those in the title.

    The distinct terms that count most are taken: weak ones only where there are no others, the lede and fields first.
    """
    candidates = [
        (not sentence.is_lede, hit not in _fields(sentence), hit.start, hit, sentence)
        for sentence in reading.body
        for hit in sentence.hits
        if hit.topic == topic
    ]
    strong = [candidate for candidate in candidates if candidate[3].strength is Strength.STRONG]
    spans: list[Span] = []
    seen: set[str] = set()
    for *_, hit, sentence in sorted(strong or candidates, key=lambda candidate: candidate[:3]):
        if hit.term in seen or len(spans) == _MOST_EVIDENCE:
            continue
        seen.add(hit.term)
        place = Place.LEDE if sentence.is_lede else Place.FIELD if hit in _fields(sentence) else Place.BODY
        spans.append(Span(start=hit.start, end=hit.end, text=article.text[hit.start : hit.end], place=place))
    spans.sort(key=lambda span: span.start)
    for hit in reading.title:
        if hit.topic == topic and len(spans) < _MOST_EVIDENCE and article.title and hit.term not in seen:
            spans.append(Span(start=hit.start, end=hit.end, text=article.title[hit.start : hit.end], place=Place.TITLE))
    return tuple(spans)
