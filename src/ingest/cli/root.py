"""`ingest` itself: the list of commands, grouped by purpose and loaded only when called."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

import click

from ingest import __version__
from ingest.cli.session import shared_options

__all__ = ["COMMANDS", "EXIT_CODES", "Listed", "cli"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A command as `ingest --help` lists it; its module is imported when it is called.

    Attributes:
        section: Purpose under which it is listed.
        module: Where it is declared.
        attribute: Its name there.
        summary: What it does, in a few words.
    """

    section: str
    module: str
    attribute: str
    summary: str


_IN = "Bring articles in"
_READ = "Read the store"
_RULE = "Correct the machine, and teach it"
_ALONE = "Work without a store"
_KEEP = "Set up and look after"

COMMANDS = {
    "run": Listed(_IN, "ingest.cli.run", "run", "Take articles in: from due sources, folders, files, URLs."),
    "sources": Listed(_IN, "ingest.cli.sources", "sources", "Add, check and look after feeds, sitemaps and folders."),
    "watch": Listed(_IN, "ingest.cli.watch", "watch", "Take each file that arrives in folders."),
    "serve": Listed(_IN, "ingest.cli.serve", "serve", "Run all that runs by itself, on one machine."),
    "backfill": Listed(_IN, "ingest.cli.backfill", "backfill", "Read web archives (WARC, ARC), many at once."),
    "reprocess": Listed(_IN, "ingest.cli.reprocess", "reprocess", "Run stages again over what is stored."),
    "alerts": Listed(_IN, "ingest.cli.alerts", "alerts", "Say what to tell whom; see what was sent."),
    "articles": Listed(_READ, "ingest.cli.articles", "articles", "List articles."),
    "article": Listed(_READ, "ingest.cli.articles", "article", "Show one article."),
    "search": Listed(_READ, "ingest.cli.search", "search", "Search titles, texts, parties and evidence."),
    "agreements": Listed(_READ, "ingest.cli.agreements", "agreements", "List agreements in the ledger."),
    "agreement": Listed(_READ, "ingest.cli.agreements", "agreement", "Show one agreement with all its evidence."),
    "org": Listed(_READ, "ingest.cli.org", "org", "List organisations; name, merge and part them."),
    "why": Listed(_READ, "ingest.cli.history", "why", "Tell all that happened to one document."),
    "drops": Listed(_READ, "ingest.cli.drops", "drops", "List documents that were dropped, and why."),
    "trace": Listed(
        _READ, "ingest.cli.trace", "trace", "Follow a row to the sentence, the bytes and the run behind it."
    ),
    "status": Listed(_READ, "ingest.cli.status", "status", "See at once how the pipeline is doing, failures first."),
    "sql": Listed(_READ, "ingest.cli.sql", "sql", "Ask the views in SQL, read-only."),
    "export": Listed(_READ, "ingest.cli.export", "export", "Write rows to files that can be cited."),
    "sample": Listed(_READ, "ingest.cli.sample", "sample", "Draw rows at random for people to judge."),
    "stats": Listed(_READ, "ingest.cli.history", "stats", "Count what the store holds."),
    "label": Listed(_RULE, "ingest.cli.label", "label", "Say which topics an article has and has not."),
    "train": Listed(_RULE, "ingest.cli.train", "train", "Train a model on corrections and labelled articles."),
    "models": Listed(_RULE, "ingest.cli.models", "models", "Show the models of topics; choose one."),
    "annotate": Listed(_ALONE, "ingest.cli.annotate", "annotate", "Find topics and agreements in JSON lines."),
    "evaluate": Listed(_ALONE, "ingest.cli.evaluate", "evaluate", "Measure the stages on labelled data."),
    "extract": Listed(_ALONE, "ingest.cli.extract", "extract", "Extract articles from files."),
    "metrics": Listed(_KEEP, "ingest.cli.metrics", "metrics", "Answer Prometheus, or write its text once."),
    "forget": Listed(_KEEP, "ingest.cli.forget", "forget", "Remove an article by request, and keep it out."),
    "retention": Listed(_KEEP, "ingest.cli.retention", "retention", "Delete raw bodies that are old enough."),
    "config": Listed(_KEEP, "ingest.cli.config", "config", "Show the settings in force."),
    "db": Listed(_KEEP, "ingest.cli.db", "db", "Create, upgrade, check, copy and back up the database."),
    "schema": Listed(_KEEP, "ingest.cli.schema", "schema", "Print the JSON Schema of what commands print."),
}

EXIT_CODES = (
    ("0", "All is settled."),
    ("1", "The run or the command failed: the store, the archive, or a defect."),
    ("2", "Wrong usage or settings, or a path that does not exist."),
    ("3", "Finished, but at least one document was dropped; 'ingest drops' lists them."),
    ("4", "Finished, but another worker holds some document; run again later."),
    ("5", "'ingest status --check': something needs an eye."),
    ("130", "Interrupted; what was committed until then is kept."),
    ("141", "Whoever read the output closed it."),
)

_EXAMPLES = (
    "ingest run seeds",
    "ingest sources add https://news.example/",
    "ingest agreements --news",
    "ingest why seeds/some-file.txt",
)


class Root(click.Group):
    """The group of all commands; imports none of them to list them."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """Names, in the order of the help."""
        return list(COMMANDS)

    def get_command(
        self,
        ctx: click.Context,  # noqa: ARG002 - the signature is click's
        cmd_name: str,
    ) -> click.Command | None:
        """Import the command that was asked for."""
        listed = COMMANDS.get(cmd_name)
        if listed is None:
            return None
        loaded: Any = getattr(importlib.import_module(listed.module), listed.attribute)
        return loaded if isinstance(loaded, click.Command) else None

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Its own options and the global ones."""
        return [*shared_options(), *super().get_params(ctx)]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List commands by purpose, then options, exit codes and examples."""
        for section in dict.fromkeys(listed.section for listed in COMMANDS.values()):
            rows = [(name, listed.summary) for name, listed in COMMANDS.items() if listed.section == section]
            with formatter.section(section):
                formatter.write_dl(rows, col_spacing=2)
        with formatter.section("Options, before or behind the command"):
            formatter.write_dl([r for parameter in self.get_params(ctx) if (r := parameter.get_help_record(ctx))])
        with formatter.section("Exit codes"):
            formatter.write_dl(EXIT_CODES)
        with formatter.section("Examples"):
            for example in _EXAMPLES:
                formatter.write(f"  {example}\n")


@click.command(cls=Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="ingest", message="%(prog)s %(version)s")
def cli() -> None:
    """News articles in; a traceable corpus and a ledger of cooperation agreements out.

    'ingest COMMAND --help' explains a command and gives examples.
    """
