from __future__ import annotations

import gzip
import subprocess
import sys
import time
from datetime import timedelta
from itertools import repeat

import pytest
from web_server import Reply, speak

from ingest.documents import Answer, Failure, FailureClass, Reason, Validators
from ingest.fetch import Client, Terms, networks

LOOPBACK = networks("127.0.0.0/8")


def failed(answer, kind, reason):
    assert isinstance(answer, Failure), answer
    assert (answer.kind, answer.reason) == (kind, reason), answer
    return answer


def terms(**more):
    return Terms(**{"agent": "ingest-test/1", "allowed": LOOPBACK, "seconds": 3, "max_bytes": 1_000_000} | more)


def test_an_answer_brings_body_type_and_validators(site, client):
    site.routes["/a"] = Reply(b"hello", headers={"Content-Type": "text/html; charset=gbk", "ETag": '"1"'})

    answer = client.get(site.url("/a#part"))

    assert isinstance(answer, Answer)
    assert (answer.url, answer.status, answer.content) == (site.url("/a"), 200, b"hello")
    assert answer.content_type == "text/html; charset=gbk"
    assert answer.validators == Validators(etag='"1"')
    sent = site.asked[0].headers
    assert sent["user-agent"] == "ingest-test/1"
    assert sent["accept-encoding"] == "gzip"


def test_validators_are_sent_back_and_an_unchanged_page_has_no_body(site, client):
    site.routes["/a"] = lambda asked: Reply(status=304 if asked.headers.get("if-none-match") == '"1"' else 200)

    answer = client.get(
        site.url("/a"), validators=Validators(etag='"1"', last_modified="Tue, 03 Mar 2026 10:00:00 GMT")
    )

    assert isinstance(answer, Answer)
    assert answer.is_unchanged
    assert site.asked[0].headers["if-modified-since"] == "Tue, 03 Mar 2026 10:00:00 GMT"


@pytest.mark.parametrize("etag", ["caf\xe9", "x" * 2000], ids=["not ASCII", "endless"])
def test_a_validator_that_could_not_be_sent_back_is_not_kept(site, client, etag):
    site.routes["/a"] = Reply(b"hello", headers={"ETag": etag})

    answer = client.get(site.url("/a"))

    assert isinstance(answer, Answer)
    assert answer.validators == Validators()


def test_a_304_that_nobody_asked_for_is_a_failure(site, client):
    site.routes["/a"] = Reply(status=304)

    failed(client.get(site.url("/a")), FailureClass.HTTP, Reason.HTTP_ERROR)


@pytest.mark.parametrize(
    ("status", "reason", "passes"),
    [
        (404, Reason.NOT_FOUND, False),
        (410, Reason.GONE, False),
        (401, Reason.FORBIDDEN, False),
        (403, Reason.FORBIDDEN, False),
        (451, Reason.FORBIDDEN, False),
        (418, Reason.HTTP_ERROR, False),
        (300, Reason.HTTP_ERROR, False),
        (429, Reason.TOO_MANY_REQUESTS, True),
        (500, Reason.SERVER_ERROR, True),
        (503, Reason.SERVER_ERROR, True),
    ],
)
def test_a_status_without_a_page_is_a_failure_that_passes_or_lasts(site, client, status, reason, passes):
    site.routes["/a"] = Reply(b"", status)

    answer = failed(client.get(site.url("/a")), FailureClass.HTTP, reason)
    assert (answer.status, answer.passes) == (status, passes)


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)),
        ("Tue, 03 Mar 2026 10:05:00 GMT", timedelta(minutes=5)),
        ("Tue, 03 Mar 2026 09:00:00 GMT", timedelta()),
        ("99999999", timedelta(days=1)),
        ("Tue, 03 Mar 2099 10:05:00 GMT", timedelta(days=1)),
        ("soon", None),
        ("-5", None),
    ],
)
def test_retry_after_is_read_as_seconds_and_as_a_date(client, status, value, wait):
    head = f"HTTP/1.1 {status} Later\r\nDate: Tue, 03 Mar 2026 10:00:00 GMT\r\nRetry-After: {value}\r\n"
    with speak((head + "Content-Length: 0\r\n\r\n").encode()) as url:
        answer = client.get(url)

    assert isinstance(answer, Failure)
    assert answer.retry_after == wait


def test_redirects_are_followed_and_a_permanent_run_of_them_is_reported(site, client):
    site.routes["/a"] = Reply(status=301, headers={"Location": "/b"})
    site.routes["/b"] = Reply(status=308, headers={"Location": "/c"})
    site.routes["/c"] = Reply(status=302, headers={"Location": "/d"})
    site.routes["/d"] = Reply(b"here")

    answer = client.get(site.url("/a"))

    assert isinstance(answer, Answer)
    assert answer.url == site.url("/d")
    assert answer.redirects == (site.url("/a"), site.url("/b"), site.url("/c"))
    assert answer.moved_to == site.url("/c")


def test_a_permanent_redirect_behind_a_temporary_one_says_nothing_of_the_address(site, client):
    site.routes["/a"] = Reply(status=302, headers={"Location": "/b"})
    site.routes["/b"] = Reply(status=301, headers={"Location": "/c"})
    site.routes["/c"] = Reply(b"here")

    answer = client.get(site.url("/a"))

    assert isinstance(answer, Answer)
    assert answer.moved_to is None


def test_a_loop_of_redirects_is_found(site, client):
    site.routes["/a"] = Reply(status=302, headers={"Location": "/b"})
    site.routes["/b"] = Reply(status=302, headers={"Location": "/a"})

    failed(client.get(site.url("/a")), FailureClass.HTTP, Reason.REDIRECT_LOOP)
    assert site.paths() == ["/a", "/b"]


def test_a_page_that_sets_a_cookie_and_redirects_to_itself_is_no_loop(site, client):
    def gate(asked):
        if "seen=1" in asked.headers.get("cookie", ""):
            return Reply(b"in")
        return Reply(status=302, headers={"Location": "/a", "Set-Cookie": "seen=1"})

    site.routes["/a"] = gate

    answer = client.get(site.url("/a"))

    assert isinstance(answer, Answer)
    assert answer.content == b"in"


def test_the_sixth_redirect_is_not_followed(site, client):
    for number in range(9):
        site.routes[f"/{number}"] = Reply(status=302, headers={"Location": f"/{number + 1}"})

    failed(client.get(site.url("/0")), FailureClass.HTTP, Reason.TOO_MANY_REDIRECTS)
    assert site.paths() == [f"/{number}" for number in range(6)]


@pytest.mark.parametrize("target", ["file:///etc/passwd", "ftp://127.0.0.1/a", "gopher://127.0.0.1:6379/_x"])
def test_a_redirect_to_another_scheme_is_refused(site, client, target):
    site.routes["/a"] = Reply(status=302, headers={"Location": target})

    failed(client.get(site.url("/a")), FailureClass.POLICY, Reason.BAD_URL)


@pytest.mark.parametrize("target", ["http://xn--/", "http://xn--a.example/", "//xn--99999999999/", "http://[::1"])
def test_a_redirect_to_what_is_no_address_is_a_failure(site, client, target):
    site.routes["/a"] = Reply(status=302, headers={"Location": target})

    answer = client.get(site.url("/a"))

    assert isinstance(answer, Failure)
    assert answer.reason in {Reason.BAD_URL, Reason.BAD_ANSWER}
    assert site.paths() == ["/a"]


def test_a_redirect_with_a_user_name_is_refused(site, client):
    site.routes["/a"] = Reply(status=302, headers={"Location": f"http://me:secret@127.0.0.1:{site.port}/b"})

    answer = failed(client.get(site.url("/a")), FailureClass.POLICY, Reason.CREDENTIALS_IN_URL)
    assert "secret" not in answer.detail
    assert site.paths() == ["/a"]


def test_a_redirect_to_loopback_is_refused(site):
    """The first hop is at an address that is allowed, the second at one that is not."""
    site.routes["/a"] = Reply(status=302, headers={"Location": f"http://127.0.0.2:{site.port}/secret"})
    with Client(terms(allowed=networks("127.0.0.1/32"))) as client:
        answer = failed(client.get(site.url("/a")), FailureClass.POLICY, Reason.ADDRESS_REFUSED)

    assert "loopback" in answer.detail
    assert site.paths() == ["/a"]


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.1", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]", "localhost", "0"]
)
def test_loopback_is_refused_however_it_is_written(site, host):
    with Client(terms(allowed=())) as client:
        answer = client.get(f"http://{host}:{site.port}/")

    assert isinstance(answer, Failure)
    assert answer.reason in {Reason.ADDRESS_REFUSED, Reason.NAME_NOT_FOUND, Reason.BAD_URL}
    assert site.asked == []


def test_a_name_is_refused_when_one_of_its_records_leads_inside():
    with Client(terms(allowed=()), resolver=lambda *_: ("93.184.215.14", "10.0.0.7")) as client:
        answer = failed(client.get("http://news.example/"), FailureClass.POLICY, Reason.ADDRESS_REFUSED)

    assert "10.0.0.7, which is private" in answer.detail


def test_a_name_is_looked_up_once_so_that_its_second_answer_is_never_connected_to(site):
    """A rebinding resolver: an address that is allowed first, then another."""
    answers = [("127.0.0.1",), ("127.0.0.9",)]
    site.routes["/"] = Reply(b"hello")
    with Client(terms(allowed=networks("127.0.0.1/32")), resolver=lambda *_: answers.pop(0)) as client:
        first = client.get(f"http://news.example:{site.port}/")

        assert isinstance(first, Answer)
        assert site.asked[0].headers["host"] == f"news.example:{site.port}"
        assert len(answers) == 1


def test_a_name_that_moves_inside_between_two_requests_is_refused_then(site):
    answers = [("127.0.0.1",), ("127.0.0.9",)]
    site.routes["/"] = Reply([b"hello"])  # and the connection is closed
    with Client(terms(allowed=networks("127.0.0.1/32")), resolver=lambda *_: answers.pop(0)) as client:
        assert isinstance(client.get(f"http://news.example:{site.port}/"), Answer)
        failed(client.get(f"http://news.example:{site.port}/"), FailureClass.POLICY, Reason.ADDRESS_REFUSED)


def test_the_next_address_of_a_name_is_tried_when_the_first_does_not_answer(site):
    site.routes["/"] = Reply(b"hello")
    with Client(terms(allowed=networks("127.0.0.1 ::1")), resolver=lambda *_: ("::1", "127.0.0.1")) as client:
        assert isinstance(client.get(f"http://news.example:{site.port}/"), Answer)


def test_a_name_that_is_not_there_and_a_resolver_that_hangs_are_network_failures():
    def nothing(*_):
        raise OSError("no such name")

    with Client(terms(), resolver=nothing) as client:
        failed(client.get("http://news.example/"), FailureClass.NETWORK, Reason.NAME_NOT_FOUND)
    with Client(terms(seconds=0.2), resolver=lambda *_: time.sleep(2)) as client:
        failed(client.get("http://news.example/"), FailureClass.NETWORK, Reason.TIMED_OUT)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://news.example/a", Reason.BAD_URL),
        ("news.example/a", Reason.BAD_URL),
        ("http://", Reason.BAD_URL),
        ("http://[::1", Reason.BAD_URL),
        ("http://news.example:99999/", Reason.BAD_URL),
        ("http://news.example/\n", Reason.BAD_URL),
        ("http://xn--/", Reason.BAD_URL),
        ("http://[", Reason.BAD_URL),
        ("http://news example/", Reason.BAD_URL),
        ("http://%31%32%37.0.0.1/", Reason.BAD_URL),
        ("http://xn--99999999999.example/", Reason.BAD_URL),
        ("http://news.example/" + "a" * 5000, Reason.BAD_URL),
        ("https://me:secret@news.example/", Reason.CREDENTIALS_IN_URL),
        ("https://me@news.example/", Reason.CREDENTIALS_IN_URL),
    ],
)
def test_what_is_no_address_is_refused_before_anything_is_sent(client, url, reason):
    answer = failed(client.get(url), FailureClass.POLICY, reason)
    assert "secret" not in answer.detail


def test_cookies_and_credentials_do_not_cross_hosts(site, other_site, client):
    site.routes["/a"] = Reply(
        status=302, headers={"Location": other_site.url("/b"), "Set-Cookie": "session=1; Domain=127.0.0.1"}
    )
    other_site.routes["/b"] = Reply(b"hello")

    answer = client.get(site.url("/a"), validators=Validators(etag='"private"'))

    assert isinstance(answer, Answer)
    assert not {"cookie", "authorization", "if-none-match"} & set(other_site.asked[0].headers)
    assert other_site.asked[0].headers["host"] == f"127.0.0.1:{other_site.port}"
    assert other_site.asked[0].headers["user-agent"] == "ingest-test/1"


def test_a_cookie_of_one_request_is_not_there_in_the_next(site, client):
    site.routes["/a"] = Reply(b"hello", headers={"Set-Cookie": "session=1"})

    client.get(site.url("/a"))
    client.get(site.url("/a"))

    assert "cookie" not in site.asked[1].headers


def test_a_post_is_sent_once_and_follows_no_redirect(site, client):
    site.routes["/hook"] = Reply(status=307, headers={"Location": "/elsewhere"})

    answer = client.post(
        site.url("/hook"), b"{}", content_type="application/json", headers={"Authorization": "Bearer x"}
    )

    failed(answer, FailureClass.HTTP, Reason.HTTP_ERROR)
    (asked,) = site.asked
    assert (asked.method, asked.body, asked.headers["authorization"]) == ("POST", b"{}", "Bearer x")


def test_gzip_is_unpacked(site, client):
    site.routes["/a"] = Reply(gzip.compress(b"hello"), headers={"Content-Encoding": "gzip"})

    answer = client.get(site.url("/a"))

    assert isinstance(answer, Answer)
    assert answer.content == b"hello"


@pytest.mark.parametrize("encoding", ["br", "deflate", "zstd", "gzip, br", "gzip, gzip", "compress", "rot13"])
def test_any_other_packing_is_refused_unread(site, client, encoding):
    site.routes["/a"] = Reply(b"whatever", headers={"Content-Encoding": encoding})

    failed(client.get(site.url("/a")), FailureClass.HTTP, Reason.UNSUPPORTED_ENCODING)


def test_gzip_that_does_not_unpack_is_a_failure_that_passes(site, client):
    site.routes["/a"] = Reply(gzip.compress(b"hello")[:-9], headers={"Content-Encoding": "gzip"})

    assert failed(client.get(site.url("/a")), FailureClass.HTTP, Reason.CORRUPT_ARCHIVE).passes


def test_a_body_beyond_the_limit_is_cut_off_and_refused(site, client):
    site.routes["/a"] = lambda _: Reply(repeat(b"x" * 65_536))  # never ends

    failed(client.get(site.url("/a")), FailureClass.POLICY, Reason.TOO_LARGE)


def test_a_body_that_trickles_is_given_up_when_the_whole_request_took_too_long(site):
    """Each byte arrives well within the limit of a step."""
    site.routes["/a"] = lambda _: Reply([b"x", *(piece for _ in range(100) for piece in (0.05, b"x"))])
    began = time.monotonic()
    with Client(terms(seconds=0.6)) as client:
        failed(client.get(site.url("/a")), FailureClass.NETWORK, Reason.TIMED_OUT)

    assert time.monotonic() - began < 2


def test_headers_that_trickle_are_given_up_likewise():
    with speak(b"HTTP/1.1 200 OK\r\n", *(each for n in range(60) for each in (f"X-{n}: 1\r\n".encode(), 0.05))) as url:
        began = time.monotonic()
        with Client(terms(seconds=0.6)) as client:
            failed(client.get(url), FailureClass.NETWORK, Reason.TIMED_OUT)

    assert time.monotonic() - began < 5


def test_a_server_that_is_silent_is_given_up():
    with speak(2.0) as url, Client(terms(seconds=5, step_seconds=0.2)) as client:
        failed(client.get(url), FailureClass.NETWORK, Reason.TIMED_OUT)


@pytest.mark.parametrize(
    "says",
    [
        b"SSH-2.0-OpenSSH_9\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: banana\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello",
        b"HTTP/1.1 200 OK\r\n" + b"".join(b"X-%d: %s\r\n" % (n, b"y" * 500) for n in range(150)) + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://news.example:port/\r\n\r\n",
    ],
    ids=["ssh", "bad length", "cut short", "many headers", "long header", "bad location"],
)
def test_an_answer_that_breaks_the_rules_is_a_network_failure(client, says):
    with speak(says) as url:
        failed(client.get(url), FailureClass.NETWORK, Reason.BAD_ANSWER)


def test_a_port_that_nobody_listens_on_is_a_network_failure(client):
    with speak() as url:
        pass
    failed(client.get(url), FailureClass.NETWORK, Reason.CONNECTION_FAILED)


def test_a_certificate_that_is_not_trusted_is_a_network_failure(site, client):
    """The site speaks no TLS at all, which looks the same from here."""
    failed(client.get(site.url("/").replace("http:", "https:")), FailureClass.NETWORK, Reason.TLS_FAILED)


def test_a_proxy_of_the_environment_is_not_used(site, client, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    site.routes["/a"] = Reply(b"hello")

    assert isinstance(client.get(site.url("/a")), Answer)


def test_a_proxy_that_a_setting_names_is_used_with_its_password(site):
    site.routes["http://news.example/a"] = Reply(b"through the proxy")
    with Client(terms(allowed=(), proxy=f"http://me:s%20t@127.0.0.1:{site.port}")) as client:
        answer = client.get("http://news.example/a")

    assert isinstance(answer, Answer)
    assert answer.content == b"through the proxy"
    assert site.asked[0].headers["proxy-authorization"] == "Basic bWU6cyB0"


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "[::1]",
        "169.254.169.254",
        "[::ffff:10.0.0.1]",
        "127.1",
        "0x7f.0.0.1",
        "2130706433",
        "0",
        "localhost",
        "localhost.",
        "db.localhost",
    ],
)
def test_a_proxy_is_not_asked_for_what_is_plainly_private(site, host):
    with Client(terms(allowed=(), proxy=f"http://127.0.0.1:{site.port}")) as client:
        failed(client.get(f"http://{host}/a"), FailureClass.POLICY, Reason.ADDRESS_REFUSED)

    assert site.asked == []


_BOMB = """
import gzip, resource, sys, zlib
from ingest.documents import Failure
from ingest.fetch import Client, Terms, networks
with Client(Terms(agent="t", allowed=networks("127.0.0.0/8"), seconds=20, max_bytes=5_000_000)) as client:
    client.get(sys.argv[1] + "warm")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answer = client.get(sys.argv[1] + "bomb")
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024
assert isinstance(answer, Failure), answer
print(answer.reason.value, grown)
"""


@pytest.mark.parametrize(("encoding", "reason"), [("gzip", "too_large"), ("br", "unsupported_encoding")])
def test_a_bomb_takes_no_memory(site, encoding, reason):
    """300 MB of NULs in 300 KB; brotli would pack them into a few hundred bytes."""
    packed = gzip.compress(bytes(300_000_000), 6) if encoding == "gzip" else b"\x5b\xff\xff\xff\x03" + bytes(700)
    site.routes["/warm"] = Reply(gzip.compress(b"hello"), headers={"Content-Encoding": "gzip"})
    site.routes["/bomb"] = Reply(packed, headers={"Content-Encoding": encoding})

    ran = subprocess.run([sys.executable, "-c", _BOMB, site.url("/")], capture_output=True, text=True, check=True)

    said, grown = ran.stdout.split()
    assert said == reason
    assert int(grown) < 30, f"{grown} MB"
