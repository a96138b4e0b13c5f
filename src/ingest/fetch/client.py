"""One request, from an address to an answer or a failure: each hop checked, the whole bounded in time and size."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import ip_address
from types import MappingProxyType
from typing import Self

import httpx

from ingest.documents import Answer, Failure, FailureClass, Reason, Validators
from ingest.fetch.addresses import Network, refusal
from ingest.fetch.bodies import read_body
from ingest.fetch.failures import EXPECTED, Refusal, of_exception, of_status
from ingest.fetch.network import DEADLINE, AddressRefusedError, GuardedNetwork, Resolver, resolve
from ingest.fetch.transport import GuardedTransport, pool
from ingest.mask import mask

__all__ = ["MAX_URL", "Client", "Gate", "Terms", "parse_url"]

MAX_URL = 4_096
_MOST_REDIRECTS = 5
_PERMANENT = frozenset({301, 308})
_MOST_HEADERS = 65_536  # bytes of names and values; httpcore stops reading at 100 KB
_MOST_VALIDATOR = 1_000
_NO_HEADERS: Mapping[str, str] = MappingProxyType({})
_KEPT = frozenset({"host", "user-agent", "accept", "accept-encoding", "accept-language", "connection"})

Gate = Callable[[httpx.URL], Failure | None]
"""Asked before each hop; may wait for the host's turn, and may refuse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """On what terms requests are made.

    Attributes:
        agent: The `User-Agent` header: who we are and how to reach us.
        allowed: Networks that are let through although they are private or reserved.
        seconds: For a request as a whole, redirects and body included.
        step_seconds: For each step of it: connecting, the next bytes.
        max_bytes: Of a body, packed or unpacked.
        proxy: Address of the proxy to go through; empty: none, whatever the environment says.
    """

    agent: str
    allowed: Sequence[Network] = ()
    seconds: float = 60.0
    step_seconds: float = 20.0
    max_bytes: int = 20_000_000
    proxy: str = field(default="", repr=False)


class Client:
    """Makes requests, and keeps connections open between them. Threads may share one; a context manager."""

    def __init__(self, terms: Terms, *, resolver: Resolver = resolve) -> None:
        self._terms = terms
        proxy = httpx.URL(terms.proxy) if terms.proxy else None
        trusted = frozenset({proxy.raw_host.decode("ascii")} if proxy else ())
        network = GuardedNetwork(allowed=terms.allowed, resolver=resolver, trusted=trusted)
        self._connections = pool(network, proxy=proxy)
        self._transport = GuardedTransport(self._connections)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close its connections."""
        self._connections.close()

    def get(
        self,
        url: str,
        *,
        validators: Validators | None = None,
        accept: str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5",
        max_bytes: int | None = None,
        gate: Gate | None = None,
    ) -> Answer | Failure:
        """Ask for an address.

        Args:
            url: http or https, without a user name.
            validators: What the last answer gave; a server may then say that nothing has changed.
            accept: The `Accept` header.
            max_bytes: Another limit than that of the terms.
            gate: Asked before each hop.
        """
        asked = validators or Validators()
        headers = {"Accept": accept}
        if asked.etag:
            headers["If-None-Match"] = asked.etag
        if asked.last_modified:
            headers["If-Modified-Since"] = asked.last_modified
        return self._exchange("GET", url, headers=headers, content=None, max_bytes=max_bytes, gate=gate)

    def post(
        self, url: str, content: bytes, *, content_type: str, headers: Mapping[str, str] = _NO_HEADERS
    ) -> Answer | Failure:
        """Send something. Redirects are not followed: what was meant for one address goes to no other.

        Args:
            url: http or https, without a user name.
            content: The body.
            content_type: What it is.
            headers: Further ones, such as `Authorization`.
        """
        sent = {**headers, "Content-Type": content_type}
        return self._exchange("POST", url, headers=sent, content=content, max_bytes=None, gate=None)

    def _exchange(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        content: bytes | None,
        max_bytes: int | None,
        gate: Gate | None,
    ) -> Answer | Failure:
        began = time.monotonic()
        limits = httpx.Timeout(self._terms.step_seconds, pool=self._terms.seconds)
        common = {"User-Agent": self._terms.agent, "Accept-Encoding": "gzip", "Accept": "*/*"}
        # A client for each request: no cookie that one site set is there for another.
        client = httpx.Client(transport=self._transport, trust_env=False, timeout=limits, headers=common)
        hops = _Hops(client=client, terms=self._terms, max_bytes=max_bytes or self._terms.max_bytes, gate=gate)
        try:
            request = client.build_request(method, parse_url(url), headers=headers, content=content)
            answer = hops.follow(request)
        except EXPECTED as error:
            return replace(of_exception(error), elapsed=timedelta(seconds=time.monotonic() - began))
        elapsed = timedelta(seconds=hops.spent)
        return replace(answer, elapsed=elapsed)


def parse_url(url: str) -> httpx.URL:
    """Read an address; the host that this finds is the one that is connected to.

    Raises:
        Refusal: It is none of http or https, names a user, or is too long.
    """
    if len(url) > MAX_URL:
        raise Refusal(FailureClass.POLICY, Reason.BAD_URL, f"The address has more than {MAX_URL:,} characters.")
    try:
        read = httpx.URL(url)
        _check_url(read)
    except (httpx.InvalidURL, ValueError) as wrong:  # a host of `xn--` raises only when it is looked at
        raise Refusal(FailureClass.POLICY, Reason.BAD_URL, f"It is no address ({str(wrong)[:200]}).") from None
    return read


def _check_url(url: httpx.URL) -> None:
    if url.scheme not in {"http", "https"} or not url.host:
        raise Refusal(FailureClass.POLICY, Reason.BAD_URL, "Only addresses of http and https are fetched.")
    if "%" in url.host and ":" not in url.host:  # what was no part of a host was escaped
        raise Refusal(FailureClass.POLICY, Reason.BAD_URL, f"There is no host {url.host[:80]!r}.")
    if url.port is not None and not 0 < url.port < 65_536:
        raise Refusal(FailureClass.POLICY, Reason.BAD_URL, f"There is no port {url.port}.")
    if url.userinfo:
        raise Refusal(
            FailureClass.POLICY,
            Reason.CREDENTIALS_IN_URL,
            "The address holds a user name; give one without, since addresses are stored and shown.",
        )
    if len(url.raw_path) > MAX_URL:
        raise Refusal(FailureClass.POLICY, Reason.BAD_URL, f"The address has more than {MAX_URL:,} characters.")


@dataclass(frozen=True, slots=True)
class _Redirect:
    following: httpx.Request
    is_permanent: bool


@dataclass(slots=True, kw_only=True)
class _Hops:
    """One request and the redirects that it leads to."""

    client: httpx.Client
    terms: Terms
    max_bytes: int
    gate: Gate | None
    left_behind: list[str] = field(default_factory=list)
    moved_to: str | None = None
    spent: float = 0.0  # seconds on the wire; waiting for a host's turn does not count

    def follow(self, request: httpx.Request) -> Answer | Failure:
        seen: set[tuple[str, str]] = set()
        permanently = True
        while True:
            trail = (str(request.url), request.headers.get("cookie", ""))
            if trail in seen:
                back = mask(str(request.url))
                raise Refusal(FailureClass.HTTP, Reason.REDIRECT_LOOP, f"Its redirects lead back to {back}.")
            seen.add(trail)
            self._check_literal(request.url)
            if (refused := self.gate(request.url) if self.gate else None) is not None:
                return refused
            answer = self._hop(request)
            if not isinstance(answer, _Redirect):
                return answer
            self._leave(request, answer.following)
            request = answer.following
            permanently = permanently and answer.is_permanent
            if permanently:
                self.moved_to = str(request.url)

    def _check_literal(self, url: httpx.URL) -> None:
        """Refuse what needs no look-up to be known for private, also behind a proxy, which looks up all else."""
        literal = _literal(url.host)
        why = refusal(literal, allowed=self.terms.allowed) if literal is not None else None
        if self.terms.proxy and url.host.rstrip(".").rpartition(".")[2] == "localhost":
            why = "this host"
        if why is not None:
            raise AddressRefusedError(f"{url.host} is {why}")

    def _hop(self, request: httpx.Request) -> Answer | Failure | _Redirect:
        """One request on the wire."""
        began = time.monotonic()
        token = DEADLINE.set(began + self.terms.seconds - self.spent)
        try:
            response = self.client.send(request, stream=True)
            try:
                _check_headers(response)
                if response.next_request is not None and request.method == "GET":
                    return _Redirect(response.next_request, is_permanent=response.status_code in _PERMANENT)
                return self._answer(response)
            finally:
                response.close()
        finally:
            DEADLINE.reset(token)
            self.spent += time.monotonic() - began

    def _answer(self, response: httpx.Response) -> Answer | Failure:
        headers = response.headers
        conditional = {"if-none-match", "if-modified-since"} & set(response.request.headers)
        if response.status_code // 100 != 2 and not (response.status_code == 304 and conditional):
            return of_status(response.status_code, headers, now=_date(headers.get("date")))
        content = b""
        if response.status_code not in {204, 304}:
            content = read_body(
                response.iter_raw(), encoding=headers.get("content-encoding", ""), max_bytes=self.max_bytes
            )
        return Answer(
            url=str(response.request.url.copy_with(fragment=None)),
            status=response.status_code,
            content=content,
            content_type=headers.get("content-type"),
            validators=_validators(headers),
            redirects=tuple(self.left_behind),
            moved_to=self.moved_to,
        )

    def _leave(self, request: httpx.Request, following: httpx.Request) -> None:
        self.left_behind.append(str(request.url))
        if len(self.left_behind) > _MOST_REDIRECTS:
            raise Refusal(
                FailureClass.HTTP, Reason.TOO_MANY_REDIRECTS, f"It redirects more than {_MOST_REDIRECTS} times."
            )
        _check_url(following.url)
        if _origin(following.url) != _origin(request.url):
            # What was said to one host, cookies included, is not said to the next; validators are its own, too.
            self.client.cookies.clear()
            for name in [each for each in following.headers if each not in _KEPT]:
                del following.headers[name]


def _literal(host: str) -> str | None:
    """The address that a host is without any look-up, also one that is written as C does: `127.1`, `0x7f000001`."""
    try:
        return str(ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, ValueError):
        return None


def _validators(headers: httpx.Headers) -> Validators:
    return Validators(etag=_sendable(headers.get("etag")), last_modified=_sendable(headers.get("last-modified")))


def _sendable(value: str | None) -> str | None:
    """A validator, unless it could not be sent back as a header."""
    return value if value and len(value) <= _MOST_VALIDATOR and value.isascii() and value.isprintable() else None


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


def _check_headers(response: httpx.Response) -> None:
    if sum(len(name) + len(value) for name, value in response.headers.raw) > _MOST_HEADERS:
        raise Refusal(FailureClass.NETWORK, Reason.BAD_ANSWER, "The server sent more headers than any page needs.")


def _date(value: str | None) -> datetime:
    """The answer's own time, so that a server's wrong clock does not lengthen what it asks to wait."""
    try:
        stated = parsedate_to_datetime(value or "")
    except ValueError:
        return datetime.now(UTC)
    return stated if stated.tzinfo else stated.replace(tzinfo=UTC)
