"""A notice in words: a subject, plain text, Markdown for chats, HTML for mail, and a few lines for a console.

What is said is made once (`_Told`), from text that is already one line and bounded; each form then escapes it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from ingest import wire
from ingest.alerts.escaping import for_chat, for_html, for_markdown, plain, web_address
from ingest.alerts.notice import Item, Notice, NoticeKind, Why
from ingest.report import words

__all__ = ["Message", "body", "lines", "render", "title"]

_SUBJECT = 180
_PARTIES = 300
_SENTENCE = 700
_FACT = 200
_MOST_FIELDS = 8
_MOST_MENTIONS = 10
_HEADS = {
    Why.DETECTED: "New agreement",
    Why.STATUS_CHANGED: "Agreement changed",
    Why.WITHDRAWN: "Correction: not an agreement",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A notice in words.

    Attributes:
        subject: One line, plain.
        text: Plain text.
        chat: The same for services that take text but see mentions in it.
        markdown: Markdown without HTML.
        html: The inside of a page: no scripts, styles or pictures.
    """

    subject: str
    text: str
    chat: str
    markdown: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """One event in words: plain, one line each."""

    head: str
    parties: str
    facts: tuple[tuple[str, str], ...]
    sentence: str
    source: str
    link: str | None
    hint: str


def title(notice: Notice) -> str:
    """The notice in one plain line."""
    if notice.kind is NoticeKind.TEST:
        return "Test of an alert channel"
    if len(notice.items) == 1 and not notice.left_out and notice.kind is NoticeKind.INSTANT:
        item = notice.items[0]
        said = f"{_HEADS[item.why]}: {_parties(item.agreement)} ({_what(item)})"
        return plain(said, _SUBJECT)
    counted = words.number(len(notice.items) + notice.left_out, "alert")
    named = "Digest" if notice.kind is NoticeKind.DIGEST else "Summary of what went over the ceiling"
    return plain(f"{named} of rule {notice.rule}: {counted}", _SUBJECT)


def render(notice: Notice) -> Message:
    """Put a notice in words.

    Args:
        notice: What to tell.

    Returns:
        The same content in each form; everything in it that came from the web is escaped for that form.
    """
    told = tuple(_told(item) for item in notice.items)
    subject = title(notice)
    end = _end(notice)
    text = _text(subject, told, end, lambda said: said)
    return Message(
        subject=subject,
        text=text,
        chat=_text(for_chat(subject), told, end, for_chat),
        markdown=_markdown(subject, told, end),
        html=_html(subject, told, end),
    )


def lines(notice: Notice) -> tuple[str, ...]:
    """A notice for a console: two or three lines for one event, a line each for several."""
    if len(notice.items) != 1 or notice.left_out:
        listed = tuple(f"  {_HEADS[item.why]}: {_parties(item.agreement)} · {_what(item)}" for item in notice.items)
        return (title(notice), *listed, *((f"  {left}",) if (left := _left_out(notice)) else ()))
    told = _told(notice.items[0])
    about = " · ".join(value for name, value in told.facts if name in {"Kind", "Status", "Date"})
    shown = [f"{told.head}: {told.parties} · {about} · {notice.items[0].agreement.id}"]
    if told.sentence:
        shown.append(f"  “{told.sentence}” — {told.source}")
    shown += [f"  {name}: {value}" for name, value in told.facts if name == "Reason"]
    return tuple(shown)


def body(notice: Notice) -> wire.Alert:
    """A notice for a program: what webhooks and files of JSON lines carry.

    The history of an agreement is left out, which says who ruled what.
    """
    return wire.Alert(
        type=f"ingest.alert.{notice.kind.value}",
        timestamp=notice.at.isoformat(timespec="seconds"),
        data=wire.AlertNotice(
            id=notice.id,
            kind=notice.kind.value,
            rule=notice.rule,
            title=title(notice),
            items=tuple(_sent(item) for item in notice.items),
            left_out=notice.left_out,
        ),
    )


def _sent(item: Item) -> wire.AlertItem:
    return wire.AlertItem(
        event=item.event,
        why=item.why.value,
        old_status=item.old_status,
        new_status=item.new_status,
        note=item.note,
        agreement=replace(item.agreement, events=None, mentions=item.agreement.mentions[:_MOST_MENTIONS]),
        mention=item.mention,
    )


def _parties(agreement: wire.Agreement) -> str:
    return plain(words.parties(agreement), _PARTIES)


def _status(item: Item) -> str:
    now = (item.new_status or item.agreement.status).value
    changed = item.old_status is not None and item.old_status.value != now
    return f"{item.old_status.value} → {now}" if changed and item.old_status else now


def _what(item: Item) -> str:
    return f"{words.kind(item.agreement.kind)}, {_status(item)}"


def _told(item: Item) -> _Told:
    agreement = item.agreement
    mention = item.mention or (agreement.mentions[0] if agreement.mentions else None)
    withdrawn = item.why is Why.WITHDRAWN
    names = [(party.name, party.organisation) for party in agreement.parties]
    sentence = plain(words.quoted(mention.evidence, names, _SENTENCE), _SENTENCE * 2) if mention else ""
    return _Told(
        head=_HEADS[item.why],
        parties=_parties(agreement),
        facts=tuple((name, plain(value, _FACT)) for name, value in _facts(item) if value),
        sentence=sentence,
        source=_source(mention) if mention else "",
        link=web_address(mention.url) if mention else None,
        hint="" if withdrawn else f"Not an agreement? ingest agreement {agreement.id} --dismiss",
    )


def _facts(item: Item) -> list[tuple[str, str]]:
    agreement = item.agreement
    facts = [
        ("Kind", words.kind(agreement.kind)),
        ("Status", _status(item)),
        ("Date", words.dated(agreement.signed_on)),
    ]
    if item.why is Why.WITHDRAWN:
        facts.append(("Reason", item.note or "none was given"))
        return [*facts, ("Agreement", agreement.id)]
    fields = ", ".join(plain(each, _FACT) for each in agreement.fields[:_MOST_FIELDS])
    return [
        *facts,
        ("Fields", fields),
        ("Value", agreement.value or ""),
        ("Confidence", f"{agreement.confidence:.0%}"),
        ("Sources", f"{agreement.independent_sources} independent"),
        ("Agreement", agreement.id),
    ]


def _source(mention: wire.AgreementMention) -> str:
    parts = (mention.publisher or mention.source, mention.title or mention.key, words.dated(mention.published_at, ""))
    return ", ".join(plain(part, _FACT) for part in parts if part)


def _left_out(notice: Notice) -> str:
    return f"{notice.left_out:,} more not shown: ingest alerts log" if notice.left_out else ""


def _end(notice: Notice) -> tuple[str, ...]:
    tested = "This is a test; nothing happened." if notice.kind is NoticeKind.TEST else ""
    asked = f"Rule: {plain(notice.rule, _FACT)} · Message: {notice.id}"
    return tuple(line for line in (tested, _left_out(notice), asked) if line)


def _text(subject: str, told: tuple[_Told, ...], end: tuple[str, ...], safe: Callable[[str], str]) -> str:
    blocks = [subject] if len(told) != 1 else []
    for each in told:
        said = [f"{each.head}: {safe(each.parties)}", *(f"{name}: {safe(value)}" for name, value in each.facts)]
        if each.sentence:
            said += ["", f"“{safe(each.sentence)}”", f"— {safe(each.source)}"]
        said += [each.link] if each.link else []
        said += ["", each.hint] if each.hint else []
        blocks.append("\n".join(said))
    return "\n\n".join([*blocks, "\n".join(safe(line) for line in end)]) + "\n"


def _markdown(subject: str, told: tuple[_Told, ...], end: tuple[str, ...]) -> str:
    blocks = [f"**{for_markdown(subject)}**"] if len(told) != 1 else []
    for each in told:
        facts = "\n".join(f"- {name}: {for_markdown(value)}" for name, value in each.facts)
        blocks += [f"**{each.head}: {for_markdown(each.parties)}**", facts]
        if each.sentence:
            blocks.append(f"> “{for_markdown(each.sentence)}”")
            source = for_markdown(each.source)
            blocks.append(f"[{source}]({each.link})" if each.link else source)
        if each.hint:
            asked, command = each.hint.split("? ", 1)
            blocks.append(f"{asked}? `{command}`")
    return "\n\n".join([*blocks, *(for_markdown(line) for line in end)]) + "\n"


def _html(subject: str, told: tuple[_Told, ...], end: tuple[str, ...]) -> str:
    blocks = [f"<h2>{for_html(subject)}</h2>"] if len(told) != 1 else []
    for each in told:
        rows = "".join(f"<tr><td>{name}</td><td>{for_html(value)}</td></tr>\n" for name, value in each.facts)
        blocks += [f"<h3>{each.head}: {for_html(each.parties)}</h3>", f"<table>\n{rows}</table>"]
        if each.sentence:
            blocks.append(f"<blockquote>“{for_html(each.sentence)}”</blockquote>")
            source = for_html(each.source)
            linked = f'<a href="{for_html(each.link)}">{source}</a>' if each.link else source
            blocks.append(f"<p>{linked}</p>")
        if each.hint:
            asked, command = each.hint.split("? ", 1)
            blocks.append(f"<p>{asked}? <code>{for_html(command)}</code></p>")
    return "\n".join([*blocks, *(f"<p><small>{for_html(line)}</small></p>" for line in end)]) + "\n"
