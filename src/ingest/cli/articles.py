"""`ingest articles` and `ingest article`."""

from __future__ import annotations

import click

from ingest.cli.listing import DAY, json_lines_option, json_option, limit_option, show_list
from ingest.cli.session import Session, command, pass_session
from ingest.report import articles as shown
from ingest.store import read
from ingest.wire import dump

__all__ = ["article", "articles"]


@command(
    "articles",
    examples="""ingest articles
    ingest articles --topic biotech --language zh --since 2024-01
    ingest articles --json --limit 0 | jq -r .title""",
)
@click.option("--topic", metavar="NAME", help="Only with this topic.")
@click.option("--language", metavar="TAG", help="Only in this language; 'zh' means either script.")
@click.option("--source", metavar="NAME", help="Only brought by this source.")
@click.option("--since", type=DAY, help="Only published, or first stored where undated, on or after this day.")
@click.option("--title", "words", metavar="WORDS", help="Only with these words in the headline.")
@limit_option(20)
@json_lines_option()
@pass_session
def articles(session: Session, /, *, limit: int, as_json: bool, **wanted: str | None) -> None:
    """List the articles in force, latest first, undated last.

    In a pipe, each is a line of id, date, language, topics, title, source and key, separated by tabs. With --json, each
    is a line of the form that 'ingest schema article' gives, without text, cuts, revisions and story.
    """
    with read.connect(session.database_url()) as connection:
        listing = read.articles(connection, read.ArticleFilter(**wanted), limit=limit)
    nothing = "no article is like that" if any(wanted.values()) else "no articles yet: 'ingest run PATH' brings some in"
    show_list(session.screen(), listing, as_json=as_json, entries=shown.entries, grid=shown.grid, nothing=nothing)


@command(
    "article",
    examples="""ingest article art-3f2a
    ingest article art-3f2a --cuts --revisions
    ingest article art-3f2a --json | jq -r .text""",
)
@click.argument("identity", metavar="ID")
@click.option("--text", is_flag=True, help="The whole text.")
@click.option("--cuts", is_flag=True, help="What cleaning took out of the page, and why.")
@click.option("--revisions", is_flag=True, help="Every wording that the document had.")
@click.option("--copies", is_flag=True, help="Every document that tells the story in these words, and which leads.")
@json_option()
@pass_session
def article(session: Session, /, *, identity: str, text: bool, as_json: bool, **parts: bool) -> None:
    """Show one article: where it comes from, its topics with their evidence, its agreements, and how it begins.

    ID is its id or the beginning of it. With --json, everything comes in one document of the form that 'ingest schema
    article' gives.
    """
    with read.connect(session.database_url()) as connection:
        found = read.article(connection, identity)
        told = {} if as_json else read.agreements_by_id(connection, list(found.agreements))
    screen = session.screen()
    if as_json:
        screen.data(dump(found, indent=2))
        return
    blocks = shown.detail(found, told)
    for part, show in (("cuts", shown.cuts), ("revisions", shown.revisions), ("copies", shown.story)):
        if parts[part]:
            blocks += show(found)
    if not (text or any(parts.values())):
        blocks += shown.lead(found, options=session.repeated)
    screen.show(blocks)
    if text:
        screen.text(f"\n{found.text or ''}")
