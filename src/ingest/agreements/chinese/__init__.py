"""Chinese articles → mentions of cooperation agreements, by rules; both scripts alike.

    plain      the text folded to Simplified, character by character, so that offsets stay
    triggers   which sentences tell of an agreement
    runs       stretches that no word cuts → names and what describes them
    tokens     a sentence → names and the words between them
    phrases    what stands around names is dropped or folded
    names      the names that the article uses, their fullest forms, who 'the company' is
    reading    who agreed with whom, from the tokens around each trigger; `beyond` where they do not stand before it
    parties    party tokens → named parties
    judge      kind, status, date, fields, value; `background` whether it is news
    merge      what several sentences say of one agreement becomes one mention

No Chinese model exists that we may ship; names are found by their shapes and by the structure of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from ingest import sentences
from ingest.agreements.chinese import judge
from ingest.agreements.chinese.background import is_background
from ingest.agreements.chinese.lexicon import plain
from ingest.agreements.chinese.merge import Claim, merge
from ingest.agreements.chinese.names import Names, survey
from ingest.agreements.chinese.parties import named
from ingest.agreements.chinese.reading import Reading, read
from ingest.agreements.chinese.tokens import tokenise
from ingest.agreements.chinese.triggers import Act, Trigger, fires, triggers
from ingest.documents import Article, Language, Mention, Moment, Party, Precision, Status
from ingest.sentences import Sentence

__all__ = ["find"]

_LEAST = 0.5  # confidence below which a reading is not worth telling
_HEADING = 40  # characters
_ACTS = (Act.SIGN, Act.REACH, Act.HAND)  # what is done on an occasion
_LONG = 500  # characters; reading costs the square of a sentence's length
_SHORT_OBJECT = 3  # characters; what is licensed is longer


def find(article: Article, language: Language) -> tuple[Mention, ...]:
    """Find the agreements that a Chinese article states, each once.

    Args:
        article: The cleaned article; its boilerplate spans never fire.
        language: Its language; the script makes no difference.

    Returns:
        Mentions in the order of their evidence.
    """
    del language  # both scripts are folded to one
    lead = _lead(article)
    text = plain(lead + article.text)
    parts = _sentences(article, len(lead))
    fired = [
        (part, found)
        for part in parts
        if fires(text[part.start : part.end]) and (found := triggers(text, part.start, part.end))
    ]
    if not fired:
        return ()
    names = survey(text, parts)
    body = [part for part in parts if not _is_heading(article, text, part)]
    places = {part.start: place for place, part in enumerate(body)}
    anchor = _anchor(article)
    headings = _headings(article, text, parts, [part for part, _ in fired])
    headed: list[Claim] = []
    claims: list[Claim] = []
    for is_heading, told in ((True, headed), (False, claims)):
        for part, found in fired:
            if (part.start in headings) is is_heading:
                place = places.get(part.start, 0)
                occasion = judge.occasion(text, body, place, anchor) if place else None
                earlier = [*headed, *claims]
                told.extend(_claims(names, part, found, earlier, anchor=anchor, place=place, occasion=occasion))
    claims = claims or [claim if claim.start >= len(lead) else _placed(names, claim, body) for claim in headed]
    mentions = [_mention(article, claim, len(lead)) for claim in merge(claims) if claim.confidence >= _LEAST]
    return tuple(sorted(mentions, key=lambda mention: (mention.start, mention.end)))


def _sentences(article: Article, shift: int) -> list[Sentence]:
    """The title, where it is read before the text, and the text's sentences behind it."""
    split = sentences.split(article.text, article.boilerplate)
    head = [Sentence(0, shift - 2)] if shift else []
    pieces = (piece for part in split for piece in _pieces(article.text, part))
    return head + [Sentence(piece.start + shift, piece.end + shift) for piece in pieces]


def _pieces(text: str, part: Sentence) -> Iterator[Sentence]:
    """A sentence, cut at its clauses where it is longer than any that is read for its parties."""
    start = part.start
    while part.end - start > _LONG:
        cut = max(text.rfind(mark, start, start + _LONG) for mark in "；;，,、")
        stop = cut + 1 if cut > start else start + _LONG
        yield Sentence(start, stop)
        start = stop
    yield Sentence(start, part.end)


def _headings(article: Article, text: str, parts: Sequence[Sentence], fired: Sequence[Sentence]) -> set[int]:
    """Where headlines begin among the sentences that fired; lines of a list, one below the other, are none."""
    order = {part.start: i for i, part in enumerate(parts)}
    short = {order[part.start] for part in fired if _is_heading(article, text, part)}
    first = 1 + bool(_lead(article))
    return {parts[i].start for i in short if i < first or not {i - 1, i + 1} & short - set(range(first))}


def _lead(article: Article) -> str:
    """The title, to be read before a text that does not begin with it; empty where it does."""
    title = (article.title or "").strip()
    return f"{title}\n\n" if title and article.text and title not in article.text[: len(title) + _HEADING] else ""


def _placed(names: Names, claim: Claim, body: Sequence[Sentence]) -> Claim:
    """What only the title tells, with the sentence of the body for evidence that names most of the parties."""

    def count(part: Sentence) -> int:
        line = names.text[part.start : part.end]
        return sum(names.text[slice(*party.at)] in line for party in claim.parties)

    best = max(body, key=count, default=None)
    if best is None:
        return replace(claim, confidence=0.0)
    return replace(claim, start=best.start, end=best.end, value=None, fields=())


def _anchor(article: Article) -> date | None:
    """The day of publication, where it is known to the day."""
    if article.published is None or article.published.precision in (Precision.YEAR, Precision.MONTH):
        return None
    return date.fromisoformat(article.published.iso[:10])


def _is_heading(article: Article, text: str, part: Sentence) -> bool:
    """A headline or a line between paragraphs: no stop at its end, and short."""
    line = text[part.start : part.end]
    if article.title is not None and line == plain(article.title).strip():
        return True
    return len(line) <= _HEADING and line[-1] not in "。！？；.!?;”…：" and "。" not in line


def _claims(
    names: Names,
    part: Sentence,
    found: tuple[Trigger, ...],
    earlier: list[Claim],
    *,
    anchor: date | None,
    place: int,
    occasion: Moment | None,
) -> list[Claim]:
    """What the triggers of one sentence claim; several of the same parties are one."""
    text = names.text
    verbs = {trigger.start: ("V", trigger.end) for trigger in found}
    verbs |= {at: ("J", at + 1) for trigger in found if (at := _object_mark(text, part, trigger)) is not None}
    tokens = tokenise(text, part.start, part.end, verbs=verbs, extra=names.extra)
    claims: list[Claim] = []
    for trigger, scope in zip(found, _scopes(text, found, part), strict=True):
        reading = read(text, tokens, trigger)
        if reading is None or judge.is_wish(text, tokens, reading, trigger):
            continue
        last = next((claim.signed_on for claim in reversed([*earlier, *claims]) if claim.signed_on), None)
        given = judge.status(text, tokens, reading, trigger, part.end)
        if judge.is_vague(text, reading, trigger, given):
            continue
        when = judge.signed_on(text, tokens, trigger, end=part.end, anchor=anchor, given=given, last=last)
        when = None if trigger.act is Act.HOLD else when  # a date beside it is that of what is done under it
        is_news = not is_background(
            text, tokens, trigger, when=when, anchor=anchor, given=given, place=place, end=part.end
        )
        if when is None and is_news and given is not Status.PLANNED and trigger.act in _ACTS:
            when = occasion
        for parties, trust in named(names, tokens, reading, trigger, [*earlier, *claims]):
            claims.append(
                Claim(
                    parties=parties,
                    kind=judge.kind(text, trigger, *scope),
                    status=given,
                    is_news=is_news,
                    signed_on=judge.agreed_on(text, trigger, part, anchor) if given is Status.ENDED else when,
                    fields=judge.fields(text, part.start, part.end),
                    value=judge.value(text, trigger.start, part.end),
                    start=part.start,
                    end=part.end,
                    confidence=_confidence(trigger, reading, trust),
                    act=trigger.act,
                    is_reference=reading.reference is not None,
                    is_further=_is_further(text, part, trigger),
                )
            )
    return claims


def _scopes(text: str, found: tuple[Trigger, ...], part: Sentence) -> list[tuple[int, int]]:
    """What is said of each trigger: up to the clause in which another is said to agree with someone else."""
    scopes = []
    start = part.start
    for trigger, following in zip(found, (*found[1:], None), strict=True):
        stop = following.start if following else trigger.object_end
        comma = max(text.rfind(mark, trigger.object_end, stop) for mark in "，、；")
        clause = text[comma + 1 : stop] if comma >= 0 else ""
        stop = comma if re.search("[与同和跟]", clause) else part.end
        scopes.append((start, stop))
        start = stop if stop < part.end else start
    return scopes


def _object_mark(text: str, part: Sentence, trigger: Trigger) -> int | None:
    """Where 将 stands that begins what is licensed (A 将 rights 授予 B), and is no future."""
    if trigger.act is not Act.LICENSE:
        return None
    clause = max(text.rfind("，", part.start, trigger.start), part.start)
    at = max(text.find("将", clause, trigger.start), text.find("把", clause, trigger.start))
    return at if at > clause and trigger.start - at > _SHORT_OBJECT else None


def _is_further(text: str, part: Sentence, trigger: Trigger) -> bool:
    """Whether the sentence tells of one more agreement ('besides, … also signed')."""
    lead = text[part.start : trigger.start]
    return trigger.act is Act.SIGN and any(
        word in lead for word in ("另外", "此外", "另与", "还与", "还签", "另签", "还分别", "同日还", "又与")
    )


def _confidence(trigger: Trigger, reading: Reading, trust: float) -> float:
    sure = 0.62 + (0.18 if trigger.is_strong else 0.0) + (0.12 if reading.is_near else 0.0)
    return round(min(0.98, max(0.0, sure * trust)), 3)


def _mention(article: Article, claim: Claim, shift: int) -> Mention:
    """The claim in the original's own characters; the text that was read began `shift` characters earlier."""
    text = _lead(article) + article.text
    parties = []
    for party in claim.parties:
        name = text[slice(*party.at)].strip()
        if party.start is None or party.end is None or not claim.start <= party.start < claim.end:
            parties.append(Party(name=name))
        else:
            parties.append(Party(name=name, start=party.start - shift, end=party.end - shift))
    return Mention(
        parties=tuple(parties),
        kind=claim.kind,
        status=claim.status,
        is_news=claim.is_news,
        signed_on=claim.signed_on,
        fields=tuple(dict.fromkeys(text[start:end] for start, end in claim.fields)),
        value=text[slice(*claim.value)] if claim.value else None,
        start=claim.start - shift,
        end=claim.end - shift,
        evidence=text[claim.start : claim.end],
        confidence=claim.confidence,
    )
