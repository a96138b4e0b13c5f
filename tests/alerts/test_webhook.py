from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from notices import DISMISSED, ENDED, NEW, notice
from web_server import Reply, speak

from ingest import schemas
from ingest.alerts.channel import Delivered, Undelivered
from ingest.alerts.channels.configured import WebhookEntry
from ingest.alerts.channels.webhook import Webhook, sign
from ingest.alerts.secrets import SecretMissingError, SecretUnreachableError
from ingest.fetch import Terms, networks

KEYS = (b"the first key, of 32 bytes ......", b"the second key, of 32 bytes .....")
SECRETS = {f"env:KEY_{n}": "whsec_" + base64.b64encode(key).decode() for n, key in enumerate(KEYS)}
LOOPBACK = networks("127.0.0.0/8")
NOW = 1_772_600_000.7


def read(reference):
    if reference not in SECRETS:
        raise SecretMissingError(f"the variable {reference} is not set")
    return SECRETS[reference]


def webhook(url, *, secret=("env:KEY_0",), allowed=LOOPBACK, seconds=3.0, reader=read):
    entry = WebhookEntry(kind="webhook", url=url, secret=secret)
    terms = Terms(agent="ingest-test/1", allowed=allowed, seconds=seconds, max_bytes=10_000)
    return Webhook("desk", entry, terms, reader=reader, clock=lambda: NOW)


def deliver(url, told=None, **options):
    channel = webhook(url, **options)
    try:
        return channel.deliver(told or notice(NEW))
    finally:
        channel.close()


def test_the_example_that_the_specification_publishes_is_signed_likewise():
    key = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    made = sign([key], message_id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, content=b'{"test": 2432232314}')
    assert made == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_receiver_can_verify_what_it_gets_by_either_secret_while_they_are_rotated(site):
    site.routes["/hook"] = Reply(b"ok")
    assert deliver(site.url("/hook"), secret=("env:KEY_0", "env:KEY_1")) == Delivered(detail="status 200")
    (asked,) = site.asked
    assert (asked.method, asked.headers["content-type"]) == ("POST", "application/json")
    assert asked.headers["webhook-id"] == "alr-00000000000000000abc"
    assert asked.headers["webhook-timestamp"] == "1772600000"
    signed = b"alr-00000000000000000abc.1772600000." + asked.body
    expected = [f"v1,{base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()}" for key in KEYS]
    assert asked.headers["webhook-signature"].split(" ") == expected


@pytest.mark.parametrize("told", [notice(NEW), notice(NEW, ENDED, left_out=4), notice(DISMISSED), notice()])
def test_the_body_is_what_the_published_schema_says_and_names_nobody_who_ruled(site, told):
    site.routes["/hook"] = Reply(b"", 204)
    assert deliver(site.url("/hook"), told) == Delivered(detail="status 204")
    content = json.loads(site.asked[0].body)
    Draft202012Validator(schemas.schema("alert")).validate(content)
    assert content["type"] == f"ingest.alert.{told.kind.value}"
    assert content["data"]["id"] == told.id
    assert [item["event"] for item in content["data"]["items"]] == [item.event for item in told.items]
    assert b"somebody-by-name" not in site.asked[0].body


@pytest.mark.parametrize(
    ("reply", "permanent", "retry_after"),
    [
        (Reply(b"", 410), True, None),
        (Reply(b"", 400), False, None),
        (Reply(b"", 401), False, None),
        (Reply(b"", 404), False, None),
        (Reply(b"", 500), False, None),
        (Reply(b"", 429, {"Retry-After": "90"}), False, timedelta(seconds=90)),
        (Reply(b"", 503, {"Retry-After": "5"}), False, timedelta(seconds=5)),
        (Reply(b"", 302, {"Location": "/elsewhere"}), False, None),
        (Reply([0.5, b"late"], 500), False, None),
    ],
)
def test_what_is_not_taken_is_tried_again_unless_the_receiver_is_gone_for_good(site, reply, permanent, retry_after):
    site.routes["/hook"] = reply
    outcome = deliver(site.url("/hook"))
    assert isinstance(outcome, Undelivered)
    assert (outcome.permanent, outcome.retry_after) == (permanent, retry_after)
    assert site.paths() == ["/hook"]


def test_a_receiver_that_does_not_answer_in_time_is_tried_again():
    with speak(1.0) as url:
        outcome = deliver(url, seconds=0.3)
    assert isinstance(outcome, Undelivered)
    assert not outcome.permanent
    assert "too long" in outcome.detail


def test_a_receiver_that_cuts_the_connection_off_is_tried_again():
    with speak(b"HTTP/1.1 20") as url:
        outcome = deliver(url)
    assert isinstance(outcome, Undelivered)
    assert not outcome.permanent


def test_a_private_address_is_refused_for_good_unless_its_network_is_allowed(site):
    site.routes["/hook"] = Reply(b"ok")
    outcome = deliver(site.url("/hook"), allowed=())
    assert isinstance(outcome, Undelivered)
    assert outcome.permanent
    assert "allowed_networks" in outcome.detail
    assert site.asked == []


@pytest.mark.parametrize("secret", ["", "whsec_short", "whsec_" + base64.b64encode(b"x" * 65).decode(), "plain"])
def test_what_is_no_signing_secret_is_named_by_where_it_is_read_from_and_not_shown(site, secret):
    outcome = deliver(site.url("/hook"), reader=lambda _: secret)
    assert isinstance(outcome, Undelivered)
    assert outcome.permanent
    assert "env:KEY_0" in outcome.detail
    assert not secret or secret not in outcome.detail
    assert site.asked == []


def test_a_missing_secret_is_permanent_and_a_server_of_secrets_that_is_away_is_not(site):
    def away(_):
        raise SecretUnreachableError("Prefect did not give the block 'x' (ConnectError)")

    missing = deliver(site.url("/hook"), secret=("env:NOT_THERE",))
    assert missing == Undelivered(detail="the variable env:NOT_THERE is not set.", permanent=True)
    assert deliver(site.url("/hook"), reader=away) == Undelivered(
        detail="Prefect did not give the block 'x' (ConnectError)."
    )


def test_an_address_that_is_a_secret_is_in_no_word_that_is_said(site, caplog):
    caplog.set_level(0)
    address = site.url("/services/T0K3N-of-the-desk?token=s3cr3t-query")
    secrets = {"env:URL": address, **SECRETS}
    channel = webhook("env:URL", reader=secrets.__getitem__)
    site.routes["/services/T0K3N-of-the-desk?token=s3cr3t-query"] = [Reply(b"", 500), Reply(b"", 410)]
    said = [repr(channel), repr(vars(channel)), *(repr(channel.deliver(notice(NEW))) for _ in range(2))]
    said += [repr(deliver("env:URL", reader=secrets.__getitem__, allowed=()))]
    channel.close()
    said += [record.getMessage() for record in caplog.records]
    assert len(site.asked) == 2
    for secret in ("T0K3N", "s3cr3t", SECRETS["env:KEY_0"]):
        assert not [each for each in said if secret in each]


def test_the_receiver_of_the_documentation_takes_what_is_sent_and_nothing_that_was_changed(site):
    text = (Path(__file__).parents[2] / "docs/operators.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(import base64.*?)```", text, re.DOTALL)
    told: dict = {}
    exec(code.replace("time.time()", str(NOW)), told)  # noqa: S102 - the page is ours
    site.routes["/hook"] = Reply(b"ok")
    deliver(site.url("/hook"), secret=("env:KEY_0", "env:KEY_1"))
    asked = site.asked[0]
    for secret in SECRETS.values():
        assert told["verified"](asked.headers, asked.body, secret)
    assert not told["verified"](asked.headers, asked.body + b" ", SECRETS["env:KEY_0"])
    assert not told["verified"]({**asked.headers, "webhook-id": "alr-2"}, asked.body, SECRETS["env:KEY_0"])
    assert not told["verified"]({**asked.headers, "webhook-timestamp": "1"}, asked.body, SECRETS["env:KEY_0"])
