"""What comes back from a server: an answer, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum

from ingest.documents.pages import Reason

__all__ = ["Answer", "Failure", "FailureClass", "Validators"]


class FailureClass(StrEnum):
    """What sort of failure it was; health counts them apart."""

    NETWORK = "network"  # no connection, or none to the end
    HTTP = "http"  # the server said no
    PARSE = "parse"  # the answer is not what it should be
    POLICY = "policy"  # we, or robots.txt, refuse


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why there is no answer. A value, never an exception.

    Attributes:
        kind: What sort.
        reason: Out of the closed set.
        detail: One sentence for people, with what to do about it where there is something.
        status: Of the HTTP answer, where there was one.
        retry_after: How long the server asks to be left alone.
        elapsed: From the first request on.
    """

    kind: FailureClass
    reason: Reason
    detail: str
    status: int | None = None
    retry_after: timedelta | None = None
    elapsed: timedelta = timedelta()

    @property
    def passes(self) -> bool:
        """Whether the same request may well succeed later."""
        return self.reason in _PASSING


_PASSING = frozenset(
    {
        Reason.ROBOTS_UNREACHABLE,
        Reason.NAME_NOT_FOUND,
        Reason.CONNECTION_FAILED,
        Reason.TLS_FAILED,
        Reason.TIMED_OUT,
        Reason.BAD_ANSWER,
        Reason.CORRUPT_ARCHIVE,
        Reason.TOO_MANY_REQUESTS,
        Reason.SERVER_ERROR,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask 'changed since?' with."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer of status 2xx or 304.

    Attributes:
        url: The address that answered, after redirects.
        status: 200 and the like, or 304: not modified, and no content.
        content: The body, unpacked.
        content_type: The header as it stands.
        validators: For the next time.
        redirects: Addresses that were left behind, in order.
        moved_to: Where the address that was asked for has moved for good, by an unbroken run of permanent redirects.
        elapsed: From the first request to the last byte.
    """

    url: str
    status: int
    content: bytes = field(repr=False, default=b"")
    content_type: str | None = None
    validators: Validators = field(default_factory=Validators)
    redirects: tuple[str, ...] = ()
    moved_to: str | None = None
    elapsed: timedelta = timedelta()

    @property
    def is_unchanged(self) -> bool:
        """Whether the server says that nothing has changed."""
        return self.status == 304
