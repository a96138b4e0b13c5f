"""Article → topics, each with a score and the words that earned it.

What makes a topic is where its words stand and how many sentences are about it, not how often they occur:

    headline, lede        what the article itself puts first
    field                 named as a field of an agreement, policy or programme
    body                  sentences about it, where a strong term or several different weak ones stand
    passing               sentences with a weak term only

A logistic function of these gives the score. Its weights are in the taxonomy and are fitted on labelled articles; one
set serves all topics, so that a topic that was added yesterday is scored by the same measure.
"""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest import sentences
from ingest.documents import Article, Label, Language, Place, Span
from ingest.script import fold
from ingest.topics import taxonomy
from ingest.topics.taxonomy import Hit, Strength

__all__ = ["THRESHOLD", "classify", "features"]

THRESHOLD = 0.4  # score from which a topic is given; F1 is best a little under one half
_MOST_EVIDENCE = 8

_WEAK = 0.4  # what one weak term makes of a sentence: three different ones make it be about the topic
_ABOUT = 0.8

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
_LISTS = re.compile(r"(?i:\bthese (?:are|include)\b|\bthey (?:are|include)\b|\bnamely\b)|包括|分别为|分别是")
_WORDS = re.compile(r"[\u3400-\u9fff]|[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class _Sentence:
    start: int
    end: int
    is_lede: bool
    field_from: int | None  # offset from which terms are fields of an agreement, policy or programme
    is_scope: bool
    hits: tuple[Hit, ...]


def classify(article: Article, language: Language) -> tuple[Label, ...]:
    """Tell the topics of an article.

    Args:
        article: Its boilerplate is passed over.
        language: Its language; terms are looked for in all of them, since Chinese articles use English ones.

    Returns:
        A label for each topic whose score reaches `THRESHOLD`, best first, with at most eight spans of evidence:
        distinct terms, those in the text before those in the title.
    """
    del language
    known = taxonomy.load()
    title, body = _read(article, known)
    present = {hit.topic for hits in (title, *(sentence.hits for sentence in body)) for hit in hits}
    labels = []
    for topic in known.topics:
        if topic.name not in present:
            continue
        mine = features(title, body, topic.name)
        odds = topic.bias + sum(known.weights.get(name, 0.0) * value for name, value in mine.items())
        score = 1 / (1 + math.exp(-odds))
        if score >= THRESHOLD:
            evidence = _evidence(article, title, body, topic.name)
            labels.append(Label(topic=topic.name, score=round(score, 3), evidence=evidence))
    return tuple(sorted(labels, key=lambda label: -label.score))


def _read(article: Article, known: taxonomy.Taxonomy) -> tuple[tuple[Hit, ...], tuple[_Sentence, ...]]:
    """Hits in the title, and the sentences of the story with the hits in them."""
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
    body: list[_Sentence] = []
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
        if at > first:
            commits = _commits(words)
            if commits is None and _LISTS.search(words) and _commits(before) is not None:
                commits = 0
            is_scope = pact and commits is None and _PROMISES.search(words) is not None
            field_from = None if commits is None else span.start + commits
            body.append(_Sentence(span.start, span.end, is_lede, field_from, is_scope, tuple(hits[first:at])))
        else:
            body.append(_Sentence(span.start, span.end, is_lede, None, False, ()))
        before = words
    return title, tuple(body)


def _commits(words: str) -> int | None:
    """Where in a sentence the fields of an agreement may begin; None where it states none."""
    if _HINDSIGHT.search(words):
        return None
    if _COMMITS_ZH.search(words):
        return 0
    cue = _COMMITS.search(words)
    return cue.start() if cue else None


def _readable(text: str) -> str:
    return _ADDRESS.sub(lambda found: " " * len(found[0]), fold(text))


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
    mine = _bare(sentence)
    return bool(mine) and (mine == headline or (len(mine) > 20 and mine in headline))


def features(title: Sequence[Hit], body: Sequence[_Sentence], topic: str) -> dict[str, float]:
    """What the score of one topic is made of; all zero where none of its words occurs."""
    strong = [bool(sentence.hits) and _has_strong(sentence.hits, topic) for sentence in body]
    weak = [_weakness(sentence.hits, topic) if sentence.hits else 0.0 for sentence in body]
    lede = next((i for i, sentence in enumerate(body) if sentence.is_lede), 0)
    variety = {
        hit.term for sentence in body for hit in sentence.hits if hit.topic == topic and hit.strength is Strength.STRONG
    }
    in_title, in_lede = _has_strong(title, topic), any(strong[: lede + 1])
    in_field = any(_has_strong(_fields(sentence), topic) for sentence in body if sentence.hits)
    in_scope = any(s.is_scope and found for s, found in zip(body, strong, strict=True))
    number = sum(strong)
    return {
        "title": float(in_title),
        "lede": float(in_lede),
        "opening": float(any(strong[lede + 1 : lede + 3])),
        "field": float(in_field),
        "scope": float(in_scope),
        "first": float(in_title or in_lede or in_field or in_scope),
        "one": float(number >= 1),
        "two": float(number >= 2),
        "run": float(any(a and b for a, b in itertools.pairwise(strong))),
        "many": math.log1p(max(0, number - 2)),
        "share": number / len(body) if body else 0.0,
        "variety": math.log(max(1, len(variety))),
        "weak title": _weakness(title, topic),
        "weak lede": max(weak[: lede + 1], default=0.0),
        "weak body": math.log1p(sum(weak)),
        "weak field": max(
            (_weakness(s.hits if s.is_scope else _fields(s), topic, alone=True) for s in body if s.hits), default=0.0
        ),
    }


def _fields(sentence: _Sentence) -> tuple[Hit, ...]:
    """The terms of a sentence that name fields of an agreement, policy or programme."""
    start = sentence.field_from
    return () if start is None else tuple(hit for hit in sentence.hits if hit.start >= start)


def _has_strong(hits: Iterable[Hit], topic: str) -> bool:
    return any(hit.topic == topic and hit.strength is Strength.STRONG for hit in hits)


def _weakness(hits: Iterable[Hit], topic: str, *, alone: bool = False) -> float:
    """What weak terms make of a sentence: nothing for one, unless it may stand `alone`, and 1 for several."""
    different = {hit.term for hit in hits if hit.topic == topic and hit.strength is Strength.WEAK}
    return min(3, max(0, len(different) - (not alone))) / 3


def _evidence(article: Article, title: Sequence[Hit], body: Sequence[_Sentence], topic: str) -> tuple[Span, ...]:
    """The distinct terms that count most: weak ones only where there are no others, the lede and fields first."""
    candidates = [
        (not sentence.is_lede, hit not in _fields(sentence), hit.start, hit, sentence)
        for sentence in body
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
    for hit in title:
        if hit.topic == topic and len(spans) < _MOST_EVIDENCE and article.title and hit.term not in seen:
            spans.append(Span(start=hit.start, end=hit.end, text=article.title[hit.start : hit.end], place=Place.TITLE))
    return tuple(spans)
