"""TLS names and checks the host that was asked for, though the connection goes to an address that was pinned."""

from __future__ import annotations

import ssl
import threading
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ingest.documents import Answer, Failure, Reason
from ingest.fetch import Client, Terms, networks


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for news.example that vouches for itself, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "news.example")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("news.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "news.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


class _Hello(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_):
        pass


@contextmanager
def serving(certificate):
    """A server with that certificate; yields its port and the names that clients asked for."""
    named = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.sni_callback = lambda _, name, __: named.append(name)
    server = HTTPServer(("127.0.0.1", 0), _Hello)
    server.handle_error = lambda *_: None
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1], named
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def get(url):
    terms = Terms(agent="ingest-test/1", allowed=networks("127.0.0.1"), seconds=5)
    with Client(terms, resolver=lambda *_: ("127.0.0.1",)) as client:
        return client.get(url)


def test_a_certificate_of_the_host_is_taken_and_one_of_another_host_is_not(certificate, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with serving(certificate) as (port, named):
        right = get(f"https://news.example:{port}/")
        wrong = get(f"https://other.example:{port}/")

    assert isinstance(right, Answer)
    assert right.content == b"hello"
    assert isinstance(wrong, Failure)
    assert wrong.reason is Reason.TLS_FAILED
    assert named == ["news.example", "other.example"]


def test_a_certificate_that_nobody_vouches_for_is_not_taken(certificate):
    with serving(certificate) as (port, _):
        answer = get(f"https://news.example:{port}/")

    assert isinstance(answer, Failure)
    assert answer.reason is Reason.TLS_FAILED
