"""`ingest search`."""

from __future__ import annotations

import click

from ingest.cli.listing import DAY, json_lines_option
from ingest.cli.session import Session, command, pass_session
from ingest.report import search as shown
from ingest.report import words as said
from ingest.store import read
from ingest.wire import dump

__all__ = ["search"]


@command(
    "search",
    examples="""ingest search joint laboratory --topic biotech
    ingest search '"joint laboratory" OR "research centre" -hospital' --since 2024
    ingest search 聯合實驗室 --language zh --limit 50
    ingest search 'partner*' --party 'Harbour University' --json | jq -r .passage.text""",
)
@click.argument("words", nargs=-1, required=True)
@click.option("--topic", metavar="NAME", help="Only with this topic.")
@click.option("--language", metavar="TAG", help="Only in this language; 'zh' means either script.")
@click.option("--source", metavar="NAME", help="Only brought by this source.")
@click.option("--party", metavar="NAME", help="Only of agreements of this organisation; its id or any of its names.")
@click.option("--since", type=DAY, help="Only published, or first stored where undated, on or after this day.")
@click.option("--until", type=DAY, help="Likewise, on or before it.")
@click.option(
    "--limit",
    type=click.IntRange(min=1, max=1000),
    default=20,
    show_default=True,
    help="Show so many at most.",
)
@click.option("--after", metavar="CURSOR", help="Go on behind this cursor of the same search.")
@json_lines_option()
@pass_session
def search(
    session: Session,
    /,
    *,
    words: tuple[str, ...],
    limit: int,
    after: str | None,
    as_json: bool,
    **wanted: str | None,
) -> None:
    """Find the articles in force that hold WORDS: in title, text, parties or evidence of agreements.

    All of the words, by their English stems, and Chinese in either script. "a phrase" stands side by side, word* begins
    so, -word or NOT word must not be there, OR joins two. Quote for the shell what holds these marks.

    Articles whose title holds it all come first, then those whose opening does (the first sentences, the parties and
    the sentences that tell of agreements), then the others; of each, the latest first.

    In a pipe, each is a line of id, date, language, where it was found, title, passage, source and key, separated by
    tabs. With --json, each is a line of the form that 'ingest schema search-result' gives.
    """
    asked = " ".join(words)
    with read.connect(session.database_url()) as connection:
        page = read.search(connection, asked, read.SearchFilter(**wanted), limit=limit, after=after)
    screen = session.screen()
    if as_json:
        for item in page.items:
            screen.data(dump(item))
    elif page.items:
        screen.show((shown.entries if screen.is_terminal else shown.grid)(page.items))
    if not page.items:
        screen.note("nothing more" if after else "no article is like that")
    elif page.after:
        filters = [text for name, value in wanted.items() if value for text in (f"--{name}", value)]
        options = [*filters, "--limit", str(limit), "--after", page.after, *session.repeated]
        screen.note(f"\nThere is more: {said.command('search', *options, '--', asked)}")
