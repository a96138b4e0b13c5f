"""What can go wrong with a request, as values of a closed set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpcore
import httpx

from ingest.documents import Failure, FailureClass, Reason
from ingest.fetch.network import AddressRefusedError, NameNotFoundError, NotTrustedError
from ingest.mask import mask

__all__ = ["EXPECTED", "Refusal", "of_exception", "of_status", "retry_after"]

_LONGEST_WAIT = timedelta(days=1)
_STATUSES = {
    401: (Reason.FORBIDDEN, "It asks for a login"),
    402: (Reason.FORBIDDEN, "It asks for money"),
    403: (Reason.FORBIDDEN, "The server refuses to give it to us"),
    404: (Reason.NOT_FOUND, "The server has nothing at that address"),
    410: (Reason.GONE, "It is gone for good"),
    429: (Reason.TOO_MANY_REQUESTS, "The server asks to be left alone for a while"),
    451: (Reason.FORBIDDEN, "The server may not give it to us by law"),
}


class Refusal(Exception):  # noqa: N818 - it carries a value to where the request began, and is no error there
    """A request that goes no further; never leaves this package."""

    def __init__(self, kind: FailureClass, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.failure = Failure(kind=kind, reason=reason, detail=detail)


_KINDS: tuple[tuple[tuple[type[Exception], ...], FailureClass, Reason, str], ...] = (
    (
        (AddressRefusedError,),
        FailureClass.POLICY,
        Reason.ADDRESS_REFUSED,
        "{said}; allow the network by the setting `allowed_networks` if it is meant to be reached.",
    ),
    ((NameNotFoundError,), FailureClass.NETWORK, Reason.NAME_NOT_FOUND, "{said}."),
    (
        (NotTrustedError,),
        FailureClass.NETWORK,
        Reason.TLS_FAILED,
        "There is no connection that can be trusted ({said}).",
    ),
    ((httpcore.TimeoutException,), FailureClass.NETWORK, Reason.TIMED_OUT, "It took too long ({said})."),
    (
        (httpcore.NetworkError, httpcore.ProxyError),
        FailureClass.NETWORK,
        Reason.CONNECTION_FAILED,
        "The connection failed ({said}).",
    ),
    (
        (httpx.InvalidURL, httpcore.UnsupportedProtocol, UnicodeError),  # the last: a host that IDNA has no form for
        FailureClass.POLICY,
        Reason.BAD_URL,
        "It is no address ({said}).",
    ),
    (
        (httpcore.ProtocolError, httpx.ProtocolError),
        FailureClass.NETWORK,
        Reason.BAD_ANSWER,
        "The server's answer breaks the rules of HTTP ({said}).",
    ),
)
EXPECTED: tuple[type[Exception], ...] = (Refusal, *(each for kinds, *_ in _KINDS for each in kinds))
"""What `of_exception` knows."""


def of_exception(error: Exception) -> Failure:
    """What a request raised, as a value; one of `EXPECTED`."""
    if isinstance(error, Refusal):
        return error.failure
    said = mask(" ".join(str(error).split()))[:300] or type(error).__name__
    kind, reason, text = next((kind, reason, text) for kinds, kind, reason, text in _KINDS if isinstance(error, kinds))
    return Failure(kind=kind, reason=reason, detail=text.format(said=said))


def of_status(status: int, headers: Mapping[str, str], *, now: datetime) -> Failure:
    """What a status that brings no page means."""
    reason, said = _STATUSES.get(status) or (
        (Reason.SERVER_ERROR, "The server has a fault")
        if status >= 500
        else (Reason.HTTP_ERROR, "The server gave no page")
    )
    waits = status in {429, 503} or "retry-after" in headers
    return Failure(
        kind=FailureClass.HTTP,
        reason=reason,
        detail=f"{said} (status {status}).",
        status=status,
        retry_after=retry_after(headers.get("retry-after"), now=now) if waits else None,
    )


def retry_after(value: str | None, *, now: datetime) -> timedelta | None:
    """How long a `Retry-After` header asks to wait: seconds or a date; at most a day, None where it says nothing.

    Args:
        value: The header.
        now: What a date is compared with: the answer's own time, best.
    """
    given = (value or "").strip()
    if given.isascii() and given.isdigit():
        return min(timedelta(seconds=int(given[:9])), _LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(given)
    except ValueError:
        return None
    until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
    return min(max(until - now, timedelta()), _LONGEST_WAIT)
