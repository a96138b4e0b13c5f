"""A small store, filled by hand: what reading commands are tested against without the pipeline."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from ingest import tables as t
from ingest.cli import main
from ingest.documents import CutReason, Fate, Kind, MediaType, Origin, Place, Precision, Reason, Stage, Status
from ingest.settings import Settings
from ingest.store.schema import upgrade

START = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
HOSTILE = "Bad \x1b[31mred\x1b[0m [bold]headline[/bold]\u202e \x9b2J"
SENTENCE = "Northbank University and 海港實驗室 signed a memorandum on Monday."


NORTHBANK = (
    "Northbank signs\n\nNorthbank University and Eastlake Institute signed a memorandum of understanding on "
    "gene therapy on 3 March 2026.\n\nBoth will train doctors, test vaccines and study proteins in a shared biotech "
    "laboratory.\n"
)
SOUTHPORT = (
    "Southport signs\n\nSouthport Hospital and Westhaven University will sign a cooperation agreement on digital "
    "banking payments next week.\n\nBoth will share data on fintech, crypto and mobile wallets for five years.\n"
)


@pytest.fixture(autouse=True)
def _a_folder_of_its_own(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name in ("CONFIG", *(field.upper() for field in Settings.model_fields)):
        monkeypatch.delenv(f"INGEST_{name}", raising=False)


@pytest.fixture
def ingest(capsys):
    """Run a command; gives exit code, standard output and standard error."""

    def run(*arguments):
        code = main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run


@pytest.fixture
def press(store_url, tmp_path, ingest):
    """Run a command on a store, on either database, that has taken in two files; gives what `ingest` gives."""
    (tmp_path / "press").mkdir()
    (tmp_path / "press/one.txt").write_text(NORTHBANK, encoding="utf-8")
    (tmp_path / "press/two.txt").write_text(SOUTHPORT, encoding="utf-8")

    def run(*words):
        return ingest(*words, "--database", store_url)

    assert run("run", "press", "--quiet")[0] == 0
    return run


@pytest.fixture(scope="session")
def filled(tmp_path_factory):
    path = tmp_path_factory.mktemp("filled") / "small.db"
    fill(f"sqlite:///{path}")
    return path


@pytest.fixture
def store(tmp_path, filled):
    """The address of a small store on SQLite."""
    shutil.copy(filled, tmp_path / "small.db")
    return f"sqlite:///{tmp_path}/small.db"


@pytest.fixture(scope="session")
def store_on_postgresql(postgresql):
    """The address of the same store on PostgreSQL; for reading only."""
    with psycopg.connect(postgresql("postgres"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE small")
    fill(postgresql("small"))
    return postgresql("small")


def sha(number):
    return f"{number:064x}"


def fill(url):
    upgrade(url)
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with Session(engine) as session:
        for row in (*runs(), *documents(), *articles(), *ledger(), *history()):
            session.add(row)
            session.flush()
        session.commit()
    engine.dispose()


def runs():
    return [
        t.Run(
            id=number, kind="ingest", state=t.RunState.COMPLETED, started_at=START + timedelta(days=number),
            finished_at=START + timedelta(days=number, seconds=5), code_version="0", versions={}, host="h", pid=1,
            process_started="1", new_agreements=2 - number,
        )
        for number in (1, 2)
    ]  # fmt: skip


def documents():
    found = {"source_id": 1, "first_seen_at": START, "last_seen_at": START, "run_id": 1, "media_type": MediaType.PLAIN}
    return [
        t.Source(id=1, name="desk", kind="folder", first_seen_at=START, first_run_id=1),
        *(
            t.Page(
                id=n, sha256=sha(n), bytes=9, media_type=MediaType.PLAIN, location=f"ab/{n}.gz", first_seen_at=START,
                run_id=1,
            )
            for n in (1, 2, 3)
        ),
        t.Document(
            id=1, key="sub/signed.txt", url="https://news.example/signed", state=t.DocumentState.STORED,
            fate=Fate.REVISED, revision=2, page_id=2, **found,
        ),
        t.Document(
            id=2, key="hostile.txt", state=t.DocumentState.STORED, fate=Fate.NEW, revision=1, page_id=3, **found
        ),
        t.Document(
            id=3, key="picture.txt", state=t.DocumentState.DROPPED, fate=Fate.DROPPED, stage=Stage.EXTRACT,
            reason=Reason.NOT_TEXT, detail="It is a PNG image; remove it.", **found,
        ),
    ]  # fmt: skip


def articles():
    texts = {1: "The first wording.", 2: f"Lede.\n\n{SENTENCE}\n\nMore about fintech.", 3: "某某公司的消息。" * 60}
    made = [
        t.Article(
            id=n, public_id=f"art-{n:012x}", text_sha256=sha(n), folded_sha256=sha(n), fingerprint_scheme=1, text=text,
            characters=len(text), language="zh-Hant" if n == 3 else "en", language_confidence=0.9, language_run_id=1,
            near_duplicate_of_id=2 if n == 3 else None, resembles_id=2 if n == 3 else None,
            similarity=0.93 if n == 3 else None, first_seen_at=START + timedelta(hours=n), run_id=1,
        )
        for n, text in texts.items()
    ]  # fmt: skip
    seen = {"leads": True, "seen_at": START, "run_id": 1}
    dated = {
        "published": "2026-02-27", "published_precision": Precision.DAY, "published_origin": Origin.VISIBLE,
        "published_at": datetime(2026, 2, 27, tzinfo=UTC),
    }  # fmt: skip
    return [
        *made,
        t.Appearance(
            id=1, document_id=1, revision=1, article_id=1, page_id=1, text_sha256=sha(1), title="Draft", **seen
        ),
        t.Appearance(
            id=2, document_id=1, revision=2, article_id=2, page_id=2, text_sha256=sha(2), title="University signs",
            byline="A. Writer", publisher="The Example", url="https://news.example/signed", **dated, **seen,
        ),
        t.Appearance(
            id=3, document_id=2, revision=1, article_id=3, page_id=3, text_sha256=sha(3), title=HOSTILE, **seen
        ),
        t.AppearanceCut(appearance_id=2, number=0, position=0, reason=CutReason.BYLINE, text="By A. Writer\n"),
        t.ArticleTopic(id=1, article_id=2, topic="fintech", score=0.8, run_id=1),
        t.ArticleTopicEvidence(
            article_topic_id=1, number=0, start_offset=len(texts[2]) - 8, end_offset=len(texts[2]) - 1,
            place=Place.BODY, text="fintech",
        ),
    ]  # fmt: skip


def ledger():
    found = {"origin": t.NameOrigin.FOUND, "run_id": 1}
    stated = {
        "article_id": 2, "kind": Kind.MOU, "status": Status.SIGNED, "fields": ["batteries"], "run_id": 1,
        "confidence": 0.9,
    }  # fmt: skip
    kept = {
        "kind": Kind.MOU, "status": Status.SIGNED, "fields": ["batteries", "sensors"], "confidence": 0.9,
        "first_seen_at": START, "last_seen_at": START, "run_id": 1,
    }  # fmt: skip
    return [
        t.Organisation(
            id=1, slug="northbank", name="Northbank University", region="United Kingdom", first_seen_at=START, **found
        ),
        t.Organisation(id=2, slug="harbour-lab", name="Harbour Laboratory", first_seen_at=START, **found),
        t.OrganisationName(id=1, organisation_id=1, name="NBU", folded="nbu", **found),
        t.OrganisationName(id=2, organisation_id=2, name="海港實驗室", folded="海港实验室", **found),
        t.Agreement(
            id=1, public_id="agr-00000000a1", is_news=True, signed_on="2026-02-23",
            signed_on_precision=Precision.DAY, **kept,
        ),
        t.Agreement(id=2, public_id="agr-00000000a2", is_news=False, signed_on="2019", **kept),
        *(
            t.AgreementParty(agreement_id=n, organisation_id=o, position=o, name=name)
            for n in (1, 2)
            for o, name in ((1, "Northbank University"), (2, "海港實驗室"))
            if (n, o) != (2, 2)
        ),
        t.AgreementMention(
            id=1, agreement_id=1, number=0, start_offset=7, end_offset=7 + len(SENTENCE), evidence=SENTENCE,
            is_news=True, **stated,
        ),
        t.AgreementMention(
            id=2, agreement_id=2, number=1, start_offset=0, end_offset=5, evidence="Lede.", is_news=False, **stated
        ),
    ]  # fmt: skip


def history():
    def event(number, document, kind, **more):
        at = START + timedelta(days=number)
        return t.DocumentEvent(id=number, document_id=document, run_id=min(number, 2), at=at, event=kind, **more)

    kinds = t.DocumentEventKind
    return [
        event(1, 1, kinds.STORED, revision=1, article_id=1),
        event(2, 1, kinds.RENAMED, other_key="sub/old-name.txt", article_id=1),
        event(3, 1, kinds.REVISED, revision=2, article_id=2),
        event(4, 2, kinds.NEAR_DUPLICATE, revision=1, article_id=3, other_key="sub/signed.txt"),
        event(5, 3, kinds.DROPPED, stage=Stage.EXTRACT, reason=Reason.NOT_TEXT, detail="It is a PNG image; remove it."),
        t.AgreementEvent(
            id=1, agreement_id=1, at=START, event=t.AgreementEventKind.OPENED, run_id=1, mention_id=1,
            new_status=Status.SIGNED,
        ),
    ]  # fmt: skip
