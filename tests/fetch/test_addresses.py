from __future__ import annotations

import pytest

from ingest.fetch.addresses import networks, refusal


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("0.0.0.0", "this host"),  # noqa: S104 - it is to be refused, not bound to
        ("10.1.2.3", "private"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("127.0.0.1", "loopback"),
        ("127.255.255.254", "loopback"),
        ("169.254.169.254", "link-local"),
        ("172.16.0.1", "private"),
        ("172.31.255.255", "private"),
        ("192.0.0.8", "reserved for protocols"),
        ("192.0.2.7", "reserved for examples"),
        ("192.88.99.1", "reserved for 6to4 relays"),
        ("192.168.1.1", "private"),
        ("198.18.0.1", "reserved for benchmarks"),
        ("224.0.0.1", "multicast"),
        ("239.255.255.255", "multicast"),
        ("255.255.255.255", "reserved"),
        ("::", "this host"),
        ("::1", "loopback"),
        ("fe80::1", "link-local"),
        ("fe80::1%eth0", "link-local"),
        ("fc00::1", "private"),
        ("fd12:3456::1", "private"),
        ("fec0::1", "private"),
        ("ff02::1", "multicast"),
        ("100::1", "reserved"),
        ("4000::1", "reserved"),
        ("2001:db8::1", "reserved for examples"),
        ("2001:10::1", "reserved for protocols"),
        ("64:ff9b:1::1", "private NAT64"),
        ("::ffff:127.0.0.1", "loopback"),
        ("::127.0.0.1", "loopback"),
        ("2002:7f00:1::", "loopback"),
        ("2002:a9fe:a9fe::1", "link-local"),
        ("64:ff9b::7f00:1", "loopback"),
        ("64:ff9b::10.0.0.1", "private"),
        ("2001:0:808:808::f5ff:fffe", "private"),
        ("2001:0:a00:1::f7f7:f7f7", "private"),
        ("not an address", "no address at all"),
        ("127.1", "no address at all"),
    ],
)
def test_an_address_that_leads_inside_is_refused_however_it_is_written(address, why):
    assert refusal(address) == why


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "172.32.0.1",
        "100.128.0.1",
        "2606:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
    ],
)
def test_an_address_of_the_open_internet_is_let_through(address):
    assert refusal(address) is None


@pytest.mark.parametrize("address", ["10.1.0.9", "::ffff:10.1.0.9", "64:ff9b::a01:9", "fd00::7"])
def test_a_network_that_a_setting_names_is_let_through(address):
    assert refusal(address, allowed=networks("10.1.0.0/16, fd00::/8")) is None


def test_a_neighbour_of_a_named_network_is_still_refused():
    assert refusal("10.2.0.9", allowed=networks("10.1.0.0/16")) == "private"


def test_what_is_no_network_is_named():
    with pytest.raises(ValueError, match="not-a-network"):
        networks("10.0.0.0/8 not-a-network")
