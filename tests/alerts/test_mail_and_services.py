from __future__ import annotations

import email
import email.policy
import json
import socketserver
import threading
from contextlib import contextmanager
from dataclasses import replace

import pytest
from notices import NEW, hostile, notice
from web_server import Reply

from ingest.alerts.channel import Delivered, Undelivered
from ingest.alerts.channels.configured import AppriseEntry, MailEntry
from ingest.alerts.channels.mail import Mail
from ingest.alerts.channels.services import Services, form_for

PASSWORD = "p4ssw0rd-of-the-desk"  # noqa: S105 - of nobody


_ANSWERS = {"EHLO": "250-here\r\n250 AUTH PLAIN", "QUIT": "221 goodbye"}


@contextmanager
def mail_server(**says):
    """A server of SMTP that answers a command as it is told to, and keeps the mails that it takes."""
    taken = []

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                command = line.split(b" ")[0].strip().decode().upper()
                if command == "DATA" and "DATA" not in says:
                    self.wfile.write(b"354 go on\r\n")
                    content = b""
                    while (line := self.rfile.readline()) not in {b".\r\n", b""}:
                        content += line
                    taken.append(content)
                answer = says.get(command, _ANSWERS.get(command, "250 well"))
                self.wfile.write(answer.encode() + b"\r\n")
                if command == "QUIT" or answer.startswith("421"):
                    return

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        yield server.server_address[1], taken
        server.shutdown()


def mail(port, **more):
    table = {"kind": "mail", "host": "127.0.0.1", "port": port, "security": "none", "from": "alerts@example.org"}
    entry = MailEntry.model_validate({**table, "to": ["desk@example.org", "chief@example.org"], **more})
    return Mail("post", entry, reader=lambda _: PASSWORD)


def test_a_mail_has_both_forms_and_the_same_id_at_each_attempt():
    with mail_server() as (port, taken):
        for _ in range(2):
            assert mail(port).deliver(notice(NEW)) == Delivered()
    first, second = (email.message_from_bytes(each, policy=email.policy.default) for each in taken)
    assert first["Message-ID"] == second["Message-ID"] == "<alr-00000000000000000abc@example.org>"
    assert first["Subject"] == "New agreement: Norrland Cells + 江川新能源 (MOU, signed)"
    assert first["To"] == "desk@example.org, chief@example.org"
    assert "签署谅解备忘录" in first.get_body(("plain",)).get_content()
    assert "<blockquote>“3月3日，江川新能源" in first.get_body(("html",)).get_content()


def test_a_mail_that_was_taken_stays_taken_when_the_server_is_rude_at_the_end():
    with mail_server(QUIT="500 no") as (port, taken):
        assert mail(port).deliver(notice(NEW)) == Delivered()
    assert len(taken) == 1


def test_no_header_comes_from_a_page():
    with mail_server() as (port, taken):
        mail(port).deliver(notice(hostile("x\r\nBcc: all@example.org\r\n\r\n.\r\nQUIT")))
    (only,) = (email.message_from_bytes(each, policy=email.policy.default) for each in taken)
    assert set(only) == {
        "Subject", "From", "To", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"
    }  # fmt: skip


@pytest.mark.parametrize(
    ("says", "permanent", "detail"),
    [
        ({"RCPT": "550 nobody"}, True, "refused every recipient (code 550, 550)"),
        ({"RCPT": "450 later"}, False, "refused every recipient (code 450, 450)"),
        ({"DATA": "554 no"}, True, "answered 554"),
        ({"MAIL": "451 later"}, False, "answered 451"),
        ({"AUTH": "535 no"}, False, "refused the login (code 535)"),
        ({"EHLO": "421 closing"}, False, "could not be used"),
    ],
)
def test_what_the_mail_server_refuses_for_good_is_permanent(says, permanent, detail):
    with mail_server(**says) as (port, taken):
        more = {"user": "alerts", "password": "env:P"} if "AUTH" in says else {}
        outcome = mail(port, **more).deliver(notice(NEW))
    assert isinstance(outcome, Undelivered)
    assert outcome.permanent == permanent
    assert detail in outcome.detail
    assert PASSWORD not in outcome.detail
    assert taken == []


def services(url, **options):
    return Services("chat", AppriseEntry(kind="apprise", url="env:CHAT", **options), reader=lambda _: url)


@pytest.mark.parametrize(
    ("form", "begins"),
    [(None, "New agreement: "), ("markdown", "**New agreement: "), ("html", "<h3>New agreement: ")],
)
def test_a_service_gets_title_and_body_in_its_form(site, form, begins):
    site.routes["/hook"] = Reply(b"ok")
    own = f"?format={form}" if form else ""
    assert services(f"json://127.0.0.1:{site.port}/hook{own}", format=form).deliver(notice(NEW)) == Delivered()
    sent = json.loads(site.asked[0].body)
    assert sent["title"] == "New agreement: Norrland Cells + 江川新能源 (MOU, signed)"
    assert sent["message"].startswith(begins)
    assert "签署谅解备忘录" in sent["message"]


def test_a_digest_that_is_too_long_for_a_service_goes_in_parts_and_loses_nothing(site):
    site.routes["/hooks/abcdefghijklmnopqrstuvwx"] = Reply(b"ok")
    items = [replace(NEW, agreement=replace(NEW.agreement, id=f"agr-{number:010}")) for number in range(50)]
    assert services(f"mmost://127.0.0.1:{site.port}/abcdefghijklmnopqrstuvwx").deliver(notice(*items)) == Delivered()
    assert len(site.asked) > 1
    assert all(len(json.loads(each.body)["text"]) <= 4_000 for each in site.asked)
    sent = "".join(json.loads(each.body)["text"] for each in site.asked)
    assert [number for number in range(50) if f"agr-{number:010} --dismiss" not in sent] == []


@pytest.mark.parametrize(
    ("url", "own", "form"),
    [
        ("slack://TokenA/TokenB/TokenC", "markdown", "text"),
        ("https://hooks.slack.com/services/a/b/c", "markdown", "text"),
        ("tgram://token/chat", "html", "html"),
        ("discord://id/token", "markdown", "markdown"),
    ],
)
def test_slack_gets_plain_text_and_others_what_they_take(url, own, form):
    assert form_for(url, own) == form


def test_a_service_that_refuses_is_told_by_its_status_and_nothing_else(site, caplog):
    caplog.set_level(0)
    site.routes["/hook/T0K3N"] = Reply(b"", 500)
    channel = services(f"json://desk:{PASSWORD}@127.0.0.1:{site.port}/hook/T0K3N")
    outcome = channel.deliver(notice(NEW))
    assert outcome == Undelivered(detail="The service did not take it (status 500). Check the address in env:CHAT.")
    said = [repr(channel), repr(vars(channel)), repr(outcome), *(each.getMessage() for each in caplog.records)]
    assert len(site.asked) == 1
    for secret in (PASSWORD, "T0K3N"):
        assert not [each for each in said if secret in each]


def test_an_address_that_apprise_does_not_know_is_permanent_and_not_shown(caplog):
    outcome = services(f"nosuchservice://{PASSWORD}").deliver(notice(NEW))
    assert outcome == Undelivered(detail="env:CHAT holds no address that Apprise takes.", permanent=True)
    assert PASSWORD not in caplog.text
