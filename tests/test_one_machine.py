"""What `ingest serve` prepares for one machine, before anything is started."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from flows.one_machine import machine
from flows.services import ServiceFailedError


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return taken.getsockname()[1]


def prepared(home, **environment):
    return machine({"PREFECT_HOME": str(home), **environment}, port=free_port(), watched=(), options={})


def test_a_second_server_on_the_same_folder_is_refused_until_the_first_is_gone(tmp_path):
    first = prepared(tmp_path)
    with pytest.raises(ServiceFailedError, match=r"Another 'ingest serve' runs from .* set PREFECT_HOME"):
        prepared(tmp_path)
    first.lock.close()
    prepared(tmp_path).lock.close()


def test_servers_of_different_folders_do_not_hinder_each_other(tmp_path):
    for made in [prepared(tmp_path / "one"), prepared(tmp_path / "two")]:
        made.lock.close()


def test_an_api_that_does_not_answer_is_told_from_one_that_does(tmp_path):
    assert not prepared(tmp_path, PREFECT_API_URL=f"http://127.0.0.1:{free_port()}/api").answers()
    with socket.create_server(("127.0.0.1", 0)) as there:
        made = prepared(tmp_path, PREFECT_API_URL=f"http://127.0.0.1:{there.getsockname()[1]}/api")
        there.settimeout(10)
        assert made.auth_file is None
        assert answered(made, there)


def answered(made, there):
    """Whether it takes a server for there that asks for a password."""
    with ThreadPoolExecutor(1) as other:
        asked = other.submit(made.answers)
        connection, _ = there.accept()
        with connection:
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        return asked.result(10)
