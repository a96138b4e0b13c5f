"""`ingest label`: an analyst's word on the topics of an article."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import click

from ingest.cli.rule import login
from ingest.cli.screen import Screen
from ingest.cli.session import Command, Session, pass_session
from ingest.errors import IngestError
from ingest.report import words
from ingest.store import read

if TYPE_CHECKING:
    from ingest import wire
    from ingest.store.labels import Ruled

__all__ = ["label"]

_MARK = re.compile(r"[+-][^\W_][\w-]+")
_WITH_VALUE = ("--by", "--reason", "--note", "--withdraw", "--database", "--config")
_LONGEST = 2000  # characters of a name or note


class LabelError(IngestError):
    """What was asked cannot be ruled; said before anything is written."""

    exit_code = 2


class _Marking(Command):
    """Lets `--topic +biotech -talent` stand as it is spoken: what begins with one sign and is no option is a mark."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Give each mark an option of its own."""
        spread: list[str] = []
        for before, word in itertools.pairwise(["", *args]):
            if _MARK.fullmatch(word) and before not in _WITH_VALUE:
                if spread[-1:] == ["--topic"]:
                    spread.pop()
                spread.append(f"--topic={word}")
            else:
                spread.append(word)
        return super().parse_args(ctx, spread)


@click.command(
    "label",
    cls=_Marking,
    examples="""ingest label art-3f2a --topic +biotech -talent
    ingest label art-3f2a --topic -listings --by 'J. Lee' --reason 'A product listing.'
    ingest label art-3f2a --withdraw biotech""",
)
@click.argument("identity", metavar="ARTICLE")
@click.option(
    "--topic", "marks", multiple=True, metavar="+TOPIC|-TOPIC", help="The article has, or has not, this topic."
)
@click.option("--withdraw", "withdrawn", multiple=True, metavar="TOPIC", help="Leave this topic to the machine again.")
@click.option("--by", "person", metavar="NAME", help="Who rules; the name you are logged in with unless given.")
@click.option("--reason", "--note", "note", metavar="TEXT", help="Why; kept with the ruling.")
@pass_session
def label(
    session: Session,
    /,
    *,
    identity: str,
    marks: Sequence[str],
    withdrawn: Sequence[str],
    person: str | None,
    note: str | None,
) -> None:
    """Say which topics an article has and has not: '+' has, '-' has not.

    Your word wins over the machine's at once, in every list and view, and stays in force when the article is brought in
    or read again; it follows the document to its later wordings. 'ingest article' shows it, '--withdraw' takes it back,
    and 'ingest train topics' learns from it. ARTICLE is an id or the beginning of it.
    """
    given = _read(marks, withdrawn)
    by = _checked(person if person is not None else _me(), "--by")
    why = _checked(note, "--reason") if note is not None else None
    _known_topics(session, given)
    with read.connect(session.database_url()) as connection:
        found = read.article(connection, identity)
    _still_there(found)
    from ingest.store import open_store  # noqa: PLC0415 - loads SQLAlchemy, which what was wrong above need not pay

    with open_store(session.database_url(), create=False) as store:
        ruled = store.rule_topics(found.id, given=given, withdrawn=withdrawn, person=by, note=why)
    with read.connect(session.database_url()) as connection:
        after = read.article(connection, found.id)
    _tell(session.screen(), found, after, ruled)


def _read(marks: Iterable[str], withdrawn: Sequence[str]) -> dict[str, bool]:
    """What is ruled, by topic."""
    given: dict[str, bool] = {}
    for mark in marks:
        sign, topic = mark[:1], mark[1:]
        if not mark.strip("+- "):
            raise LabelError(f"--topic {mark!r} names no topic", remedy="write +TOPIC or -TOPIC")
        if sign not in ("+", "-"):
            raise LabelError(f"--topic {mark!r} says neither + nor -", remedy=f"write +{mark} or -{mark}")
        if given.setdefault(topic, sign == "+") is not (sign == "+"):
            raise LabelError(f"+{topic} and -{topic} contradict each other", remedy="give one of them")
    if both := sorted(set(given) & set(withdrawn)):
        raise LabelError(f"{both[0]} is to be ruled and withdrawn at once", remedy="give one of the two")
    if not given and not withdrawn:
        raise LabelError("nothing is to be ruled", remedy="use --topic +TOPIC, --topic -TOPIC or --withdraw TOPIC")
    return given


def _me() -> str:
    name = login()
    if not name:
        raise LabelError("this system does not say who you are", remedy="say who rules with --by NAME")
    return name


def _checked(said: str, option: str) -> str:
    """A name or note that is there and of a size that somebody can have typed."""
    if not said.strip():
        raise LabelError(f"{option} is empty", remedy=f"leave {option} out, or give it some words")
    if len(said) > _LONGEST:
        raise LabelError(f"{option} has {len(said):,} characters", remedy=f"at most {_LONGEST:,} are kept")
    return " ".join(said.split())


def _known_topics(session: Session, topics: Iterable[str]) -> None:
    from ingest.topics import taxonomy  # noqa: PLC0415 - reads the taxonomy

    names = taxonomy.load(session.settings().taxonomy).names
    for topic in topics:
        if topic not in names:
            raise LabelError(
                f"there is no topic {topic!r}",
                remedy=f"the topics are {', '.join(names)}; the setting `taxonomy` adds further ones",
            )


def _still_there(found: wire.Article) -> None:
    """Refuse a wording that its document no longer has: nobody would see the ruling."""
    if found.is_current:
        return
    latest = next((each.article for each in found.revisions or () if each.is_current), None)
    where = f"; it is {latest} now" if latest else ""
    raise LabelError(
        f"{found.id} is a wording that {found.key} no longer has{where}",
        remedy=f"`ingest label {latest} …` rules on what it says now" if latest else "",
    )


def _tell(screen: Screen, before: wire.Article, after: wire.Article, ruled: Iterable[Ruled]) -> None:
    lines = [f"{after.id}  {after.title or '(no headline)'}"]
    lines += [f"  {_outcome(each)}" for each in ruled]
    lines.append(f"  topics now: {', '.join(topic.topic for topic in after.topics) or 'none'}")
    screen.text("\n".join(lines))
    if before.near_duplicate_of:
        screen.note(
            f"{before.id} resembles {before.near_duplicate_of}, which leads the story and keeps topics of its own: "
            f"'{words.command('label', before.near_duplicate_of)} …' rules on that one too"
        )


def _outcome(each: Ruled) -> str:
    if each.holds is None:
        return (
            f"{each.topic}: withdrawn, was ruled by {each.person}"
            if each.changed
            else f"{each.topic}: nobody had ruled"
        )
    mark = f"{'+' if each.holds else '-'}{each.topic}"
    if not each.changed:
        return f"{mark}: as {each.person} has ruled already"
    return f"{mark}: ruled" + (f", against {each.person} before" if each.person else "")
