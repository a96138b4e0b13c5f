"""Connections that are kept from one transaction to the next."""

import time

import psycopg
import pytest
from sqlalchemy import text

from ingest.store.address import parse
from ingest.store.database import Database


@pytest.mark.parametrize("database", ["postgresql"])
def test_a_connection_that_the_server_ended_while_it_rested_is_replaced(store_url):
    address = parse(store_url)
    kept = Database(address, create=False)
    try:
        number = kept.read(lambda connection: connection.execute(text("SELECT pg_backend_pid()")).scalar_one())
        with psycopg.connect(address.dsn, autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [number])
        time.sleep(1.1)  # a younger one is taken to be alive

        assert kept.read(lambda connection: connection.execute(text("SELECT 1")).scalar_one()) == 1
    finally:
        kept.close()
