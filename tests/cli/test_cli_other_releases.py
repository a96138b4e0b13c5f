"""Every command that needs the store refuses one of another release, and says what to do about it."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from ingest.cli.root import COMMANDS

# What each command of `ingest --help` is tried with.
USES = {
    "run": [("run",)],
    "sources": [
        ("sources",),
        ("sources", "add", "https://news.example/feed.xml"),
        ("sources", "pause", "wire"),
        ("sources", "export"),
    ],
    "watch": [("watch", ".")],
    "reprocess": [("reprocess", "--stage", "topics", "--dry-run")],
    "alerts": [("alerts",), ("alerts", "add", "desk"), ("alerts", "run"), ("alerts", "log"), ("alerts", "preview")],
    "articles": [("articles",)],
    "article": [("article", "art-1")],
    "agreements": [("agreements",)],
    "agreement": [("agreement", "agr-1"), ("agreement", "agr-1", "--dismiss", "--yes")],
    "org": [("org", "list"), ("org", "rename", "one", "other", "--yes")],
    "why": [("why", "a.txt")],
    "drops": [("drops",)],
    "status": [("status",), ("status", "--check")],
    "sql": [("sql", "SELECT 1")],
    "stats": [("stats",)],
    "label": [("label", "art-1", "--topic", "+biotech")],
    "train": [("train", "topics", "--dry-run")],
    "forget": [("forget", "art-1", "--reason", "asked", "--yes"), ("forget", "--list"), ("forget", "--lift", "1")],
    "retention": [("retention", "--older-than", "30d", "--dry-run")],
    "backfill": [("backfill", "--status")],
    "search": [("search", "harbour")],
    "trace": [("trace", "article", "art-none")],
    "sample": [("sample", "agreements", "--output", "sheet.csv")],
    "export": [("export", "articles", "--output", "articles.csv")],
    "db": [("db", "verify"), ("db", "copy", "STORE", "sqlite:///copy.db")],
}
# Needs no store, or tells of the failure in its own way: `ingest_up 0`, a server that ends with the name of its log.
OTHERS = {"annotate", "evaluate", "extract", "config", "schema", "models", "metrics", "serve"}


def of_revision(store, revision):
    with closing(sqlite3.connect(store.removeprefix("sqlite:///"))) as raw:
        raw.execute("UPDATE ingest_schema SET version_num = ?", (revision,))
        raw.commit()


def test_every_command_is_among_these():
    assert set(USES) | OTHERS >= set(COMMANDS)


TRIED = [pytest.param(use, id=" ".join(use)) for uses in USES.values() for use in uses]


@pytest.mark.parametrize("use", TRIED)
def test_a_store_of_a_newer_release_is_refused_with_what_to_do(ingest, store, use):
    of_revision(store, "9999")
    code, _, err = ingest("--database", store, *(store if word == "STORE" else word for word in use))
    assert code == 1
    assert "was made by a newer release (revision 9999" in err
    assert "\n  upgrade ingest" in err
    assert "Traceback" not in err


# These bring a store forward by themselves.
UPGRADING = {("run",), ("watch", "."), ("sources", "add", "https://news.example/feed.xml")}


@pytest.mark.parametrize("use", [use for use in TRIED if use.values[0] not in UPGRADING])
def test_a_store_of_an_earlier_release_is_refused_with_what_to_do(ingest, store, use):
    of_revision(store, "0007")
    code, _, err = ingest("--database", store, *(store if word == "STORE" else word for word in use))
    assert code == 1
    assert "was made by an older release (revision 0007" in err
    assert "run `ingest db upgrade`" in err


@pytest.mark.parametrize("use", TRIED)
def test_an_unfinished_copy_is_refused_with_what_to_do(ingest, store, use):
    of_revision(store, "copy-0008-0123456789abcdef")
    code, _, err = ingest("--database", store, *(store if word == "STORE" else word for word in use))
    assert code == 1
    assert "holds an unfinished copy" in err
    assert "run the same `ingest db copy` or `ingest db restore` again" in err
