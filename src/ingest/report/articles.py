"""How articles are shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ingest import wire
from ingest.report import words
from ingest.report.agreements import summary
from ingest.report.blocks import Block, Entry, Gap, Grid, Heading, Line, Part, Tone, line

__all__ = ["cuts", "detail", "entries", "facts", "grid", "lead", "revisions", "story"]

_ID_WIDTH = 18  # `art-`, 12 digits, two spaces
_LABEL_WIDTH = 13
_LEAD = 300  # characters of the text that stand for it
_SPANS = 4  # pieces of evidence shown for a topic


def facts(article: wire.Article) -> str:
    """Date, language and topics in one line."""
    topics = ", ".join(topic.topic for topic in article.topics) or "no topic"
    return " · ".join((words.dated(article.published_at), article.language, topics))


def entries(articles: Iterable[wire.Article]) -> list[Block]:
    """A list for a terminal: two lines an article."""
    return [
        Entry(
            Part(article.id, Tone.NOTICE),
            (line(words.titled(article)), line(Part(f"{facts(article)} · {article.key}", Tone.FAINT))),
            width=_ID_WIDTH,
        )
        for article in articles
    ]


def grid(articles: Iterable[wire.Article]) -> list[Block]:
    """A list for a pipe: a line an article, tab-separated."""
    rows = tuple(
        tuple(
            Part(cell)
            for cell in (
                article.id,
                words.dated(article.published_at, ""),
                article.language,
                ",".join(topic.topic for topic in article.topics),
                article.title or "",
                article.source,
                article.key,
            )
        )
        for article in articles
    )
    return [Grid(("id", "date", "language", "topics", "title", "source", "key"), rows, flexible=4)]


def detail(article: wire.Article, agreements: Mapping[str, wire.Agreement]) -> list[Block]:
    """One article: what is known of it, and how it begins."""
    blocks: list[Block] = [Heading(article.title or "(no headline)"), Gap()]
    blocks += [_labelled(label, (line(value),)) for label, value in _properties(article) if value]
    if article.topics:
        blocks += [Gap(), Heading("Topics")]
        blocks += [_topic(topic) for topic in article.topics]
    told = [agreements[identity] for identity in article.agreements if identity in agreements]
    if told:
        blocks += [Gap(), Heading("Agreements")]
        blocks += [Entry(Part(one.id, Tone.NOTICE), summary(one, sentence=False), width=_ID_WIDTH) for one in told]
    return blocks


def _properties(article: wire.Article) -> Iterable[tuple[str, str | None]]:
    wording = f"{article.revision} of {len(article.revisions or ())}"
    yield "Id", article.id
    yield "Byline", article.byline
    yield "Publisher", article.publisher
    yield (
        "Published",
        f"{article.published_at} (to the {article.published_precision})" if article.published_at else None,
    )
    yield "Modified", article.modified_at
    yield "Not believed", f"published {article.future_date}, in the future" if article.future_date else None
    yield "Section", article.section
    yield "Keywords", ", ".join(article.keywords)
    yield "Access", article.access
    yield "Language", article.language
    yield "URL", article.url
    yield "Document", f"{article.key} (source {article.source})"
    yield "Revision", wording + ("" if article.is_current else ", no longer in force")
    yield "Stored", f"{article.first_seen_at}, {words.number(article.characters, 'character')}"
    yield "Copies", f"{article.copies} documents carry this text" if article.copies > 1 else None
    yield "Resembles", _resembled(article)
    alike = len({copy.article for copy in article.story or ()}) - 1
    leads = alike > 0 and article.near_duplicate_of is None
    yield "Leads", f"{words.number(alike, 'other text')} of the same story; it was stored first" if leads else None


def _resembled(article: wire.Article) -> str | None:
    if article.near_duplicate_of is None:
        return None
    alike = "" if article.similarity is None else f" (similarity {article.similarity:.2f})"
    return f"{article.near_duplicate_of}{alike}, which leads the story"


def lead(article: wire.Article, *, options: Sequence[str] = ()) -> list[Block]:
    """How the text begins, and the command, with the options that it needs, which shows all of it."""
    text = article.text or ""
    blocks: list[Block] = [Gap(), Heading("Text"), line(words.shortened(text, _LEAD))]
    if len(text) > _LEAD:
        whole = words.command("article", article.id, "--text", options=options)
        blocks.append(line(Part(f"'{whole}' shows it all.", Tone.FAINT)))
    return blocks


def cuts(article: wire.Article) -> list[Block]:
    """What cleaning took out of the page."""
    blocks: list[Block] = [Gap(), Heading("Cut from the page")]
    if not article.cuts:
        return [*blocks, line(Part("nothing", Tone.FAINT))]
    return blocks + [
        Entry(
            Part(cut.reason.value, Tone.NOTICE),
            (line(cut.text.strip()), line(Part(f"at character {cut.position:,}", Tone.FAINT))),
            width=20,
        )
        for cut in article.cuts
    ]


def revisions(article: wire.Article) -> list[Block]:
    """Every wording of the document."""
    listed: list[Block] = [
        Entry(
            Part(f"{revision.number}", Tone.NOTICE if revision.is_current else Tone.FAINT),
            (
                line(Part(revision.article, Tone.NOTICE), "  ", revision.title or "(no headline)"),
                line(Part(f"stored {revision.seen_at}{', in force' if revision.is_current else ''}", Tone.FAINT)),
            ),
            width=4,
        )
        for revision in article.revisions or ()
    ]
    return [Gap(), Heading("Revisions"), *listed]


def story(article: wire.Article) -> list[Block]:
    """Every document that tells the story, each with its own headline; the one that leads comes first."""
    listed: list[Block] = [
        Entry(
            Part(copy.article, Tone.NOTICE),
            (
                line(words.shortened(copy.title, 200) if copy.title else Part("(no headline)", Tone.FAINT)),
                line(Part(" · ".join(filter(None, _told(copy))), Tone.FAINT)),
            ),
            width=_ID_WIDTH,
        )
        for copy in article.story or ()
    ]
    return [Gap(), Heading("The story in these words"), *listed]


def _told(copy: wire.Copy) -> Iterable[str | None]:
    yield "leads: its text was stored first" if copy.leads else None
    yield None if copy.similarity is None else f"similarity {copy.similarity:.2f}"
    yield copy.publisher
    yield words.dated(copy.published_at)
    yield f"{copy.key} (source {copy.source})"
    yield f"stored {copy.seen_at}"


def _topic(topic: wire.ArticleTopic) -> Entry:
    spans = list(dict.fromkeys(span.text for span in topic.evidence))
    more = f" and {len(spans) - _SPANS} more" if len(spans) > _SPANS else ""
    shown = ", ".join(f"“{words.shortened(text, 60)}”" for text in spans[:_SPANS]) + more
    return _labelled(topic.topic, (line(f"{topic.score:.2f}  ", Part(shown, Tone.FAINT)),))


def _labelled(label: str, lines: tuple[Line, ...]) -> Entry:
    return Entry(Part(label, Tone.FAINT), lines, width=_LABEL_WIDTH)
