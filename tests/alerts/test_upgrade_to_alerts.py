"""A store of the release before alerts keeps its rows, and an upgrade tells nobody of the past."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.config import Config
from store_samples import RULES, row, rows

from ingest.store import check, open_store, upgrade
from ingest.store.address import parse
from ingest.store.database import Database
from ingest.store.schema import make_room

RELEASED = ("0003", "0004", "0005", "0006", "0007")
AT = "2026-03-14T08:00:00.000000Z"
LIFE = """
INSERT INTO runs (id, kind, state, started_at, code_version, versions, host, pid, process_started, new_agreements)
VALUES (1, 'ingest', 'completed', 'THEN', '0', '{}', 'h', 1, '1', 1),
    (2, 'reprocess', 'completed', 'THEN', '0', '{}', 'h', 1, '1', 1);
INSERT INTO sources (id, name, kind, time_zone, failures, first_seen_at, first_run_id)
VALUES (1, 'inbox', 'folder', '', 0, 'THEN', 1);
INSERT INTO documents (id, source_id, key, state, revision, first_seen_at, last_seen_at, run_id, token, attempts)
VALUES (1, 1, 'old.txt', 'dropped', 0, 'THEN', 'THEN', 1, 0, 0);
INSERT INTO agreements (id, public_id, kind, status, is_news, fields, confidence, first_seen_at, last_seen_at, run_id)
VALUES (1, 'agr-1', 'mou', 'signed', true, '[]', 0.9, 'THEN', 'THEN', 1);
INSERT INTO articles (id, public_id, text_sha256, folded_sha256, fingerprint_scheme, text, characters, language,
    language_confidence, language_run_id, first_seen_at, run_id)
VALUES (1, 'art-1', 'a', 'a', 1, 'Said.', 5, 'en', 1, 1, 'THEN', 1);
INSERT INTO agreement_mentions (id, agreement_id, article_id, number, start_offset, end_offset, evidence, kind, status,
    is_news, fields, confidence, run_id)
VALUES (1, 1, 1, 0, 0, 5, 'Said.', 'mou', 'signed', true, '[]', 0.9, 1),
    (2, 1, 1, 1, 0, 5, 'Said.', 'mou', 'signed', false, '[]', 0.9, 1);
INSERT INTO agreement_events (id, agreement_id, at, event, run_id, mention_id, new_status)
VALUES (1, 1, 'THEN', 'opened', 1, 1, 'signed'), (2, 1, 'THEN', 'opened', 1, 2, 'signed'),
    (3, 1, 'THEN', 'opened', 2, 1, 'signed'), (4, 1, 'THEN', 'confirmed', 1, 1, 'signed'),
    (5, 1, 'THEN', 'status_changed', 1, 1, 'ended');
INSERT INTO alert_rules (id, name, enabled, channels, parties, topics, kinds, statuses, allows_undated, digest_seconds,
    created_at)
VALUES (7, 'mine', true, '["hook"]', '[]', '[]', '[]', '[]', true, 0, 'THEN');
INSERT INTO alert_deliveries (id, rule_id, channel, subject, state, due_at, attempts, token, created_at)
VALUES (9, 7, 'hook', 'event-1', 'failed', 'THEN', 3, 3, 'THEN');
INSERT INTO alert_delivery_events (delivery_id, event_id) VALUES (9, 1)
"""


def at_revision(url, revision):
    """A store as an earlier release made it, with a little of everything that alerts build on."""
    address = parse(url)
    make_room(address)
    database = Database(address, create=True)

    def work(connection):
        config = Config()
        config.set_main_option("script_location", "ingest:migrations")
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        for statement in LIFE.replace("THEN", AT).split(";"):
            connection.exec_driver_sql(statement)

    database.write(work)
    database.close()


@pytest.mark.parametrize("revision", RELEASED)
def test_every_release_with_a_ledger_is_upgraded_with_its_rows(empty_url, revision):
    at_revision(empty_url, revision)
    assert upgrade(empty_url)[0] == revision
    assert [finding for finding in check(empty_url) if finding.check in {"schema", "views", "references"}] == []
    with open_store(empty_url, rules=RULES) as store:
        occasions = rows(store, "SELECT event_id, why FROM alert_occasions ORDER BY event_id")
        assert [tuple(each.values()) for each in occasions] == [(1, "detected"), (5, "status_changed")]
        rules = rows(store, "SELECT rule, channels, first_contact FROM v_alert_rules ORDER BY rule")
        assert [tuple(each.values()) for each in rules] == [("default", "console", 1), ("mine", "hook", 0)]
        kept = row(store, "SELECT delivery_id, state, kind, scheduled_at, due_at FROM v_alert_deliveries")
        assert (kept["delivery_id"], kept["state"], kept["kind"]) == ("alr-9", "parked", "instant")
        assert kept["scheduled_at"] == kept["due_at"] == AT[:19] + "Z"
        assert row(store, "SELECT first_pass_at FROM sources")["first_pass_at"] is not None
