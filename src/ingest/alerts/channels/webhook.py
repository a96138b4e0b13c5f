"""A webhook as the specification Standard Webhooks (https://www.standardwebhooks.com) has it."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import logging
import time
from collections.abc import Callable, Sequence
from urllib.parse import urlsplit

from ingest import wire
from ingest.alerts import secrets
from ingest.alerts.channel import Delivered, Undelivered
from ingest.alerts.channels.configured import WebhookEntry
from ingest.alerts.message import body
from ingest.alerts.notice import Notice
from ingest.documents import Answer, FailureClass
from ingest.fetch import Client, Terms

__all__ = ["MAX_ANSWER", "SECONDS", "Webhook", "sign"]

SECONDS = 20.0
"""What a receiver has to answer, as the specification advises (15 to 30)."""

MAX_ANSWER = 1_000_000
"""Bytes of a receiver's answer; nothing of it is used."""

_GONE = 410
_PREFIX = "whsec_"
_LEAST_KEY, _MOST_KEY = 24, 64  # bytes, as the specification says


def sign(keys: Sequence[bytes], *, message_id: str, timestamp: int, content: bytes) -> str:
    """The header `webhook-signature`: a signature for each key, parted by spaces.

    Args:
        keys: Of the secrets that hold now, the new one first.
        message_id: The header `webhook-id`.
        timestamp: The header `webhook-timestamp`: seconds since 1970.
        content: The body as it is sent.
    """
    signed = f"{message_id}.{timestamp}.".encode("ascii") + content
    made = (hmac.new(key, signed, hashlib.sha256).digest() for key in keys)
    return " ".join("v1," + base64.b64encode(each).decode("ascii") for each in made)


class Webhook:
    """Posts the JSON of `schemas/alert.json`; the address is checked as that of any page is."""

    def __init__(
        self,
        name: str,
        entry: WebhookEntry,
        terms: Terms,
        *,
        reader: secrets.Reader = secrets.read,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.name = name
        self._entry = entry
        self._reader = reader
        self._clock = clock
        self._client = Client(terms)
        logging.getLogger("httpx").setLevel(logging.WARNING)  # below that it logs addresses, which may hold a token

    def close(self) -> None:
        """Close its connections."""
        self._client.close()

    def deliver(self, notice: Notice) -> Delivered | Undelivered:
        """Post it; secrets are read anew each time, so that one that was replaced holds at once."""
        try:
            url = self._reader(self._entry.url) if secrets.is_reference(self._entry.url) else self._entry.url
            written = [self._reader(each) for each in self._entry.secret]
            keys = [_key(each, where) for each, where in zip(written, self._entry.secret, strict=True)]
        except secrets.SecretError as lost:
            return Undelivered(detail=f"{lost}.", permanent=lost.is_permanent)
        content = wire.dump(body(notice)).encode("utf-8")
        timestamp = int(self._clock())
        headers = {
            "webhook-id": notice.id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(keys, message_id=notice.id, timestamp=timestamp, content=content),
        }
        answer = self._client.post(url, content, content_type="application/json", headers=headers)
        if isinstance(answer, Answer):
            return Delivered(detail=f"status {answer.status}")
        kept = [*written, url, *_parts(url)] if url != self._entry.url else written
        return Undelivered(
            detail=secrets.hidden(_said(answer.detail, answer.status), kept),
            permanent=answer.status == _GONE or answer.kind is FailureClass.POLICY,
            retry_after=answer.retry_after,
        )


def _key(secret: str, where: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not secret.startswith(_PREFIX) or not _LEAST_KEY <= len(key) <= _MOST_KEY:
        raise secrets.SecretMissingError(
            f"{where} holds no signing secret: it is `{_PREFIX}` and {_LEAST_KEY} to {_MOST_KEY} bytes in base64"
        )
    return key


def _parts(url: str) -> tuple[str, ...]:
    """What of a secret address an error might repeat; not its host, which people need to know what is wrong."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ()
    return tuple(part for part in (parts.path, parts.query, parts.username or "", parts.password or "") if part)


def _said(detail: str, status: int | None) -> str:
    if status == _GONE:
        return (
            "The receiver wants no more alerts (status 410); take the channel out of the rules, or send them elsewhere."
        )
    if status is not None and 300 <= status < 400:
        return f"The receiver redirects (status {status}), which is not followed; write the address that it leads to."
    return detail
