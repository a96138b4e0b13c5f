"""Which addresses may be connected to.

`ipaddress.is_global` is not asked: it calls several ways to write a private address global. What is not allowed is
listed here, after the registries of special addresses that IANA keeps for IPv4 and IPv6.
"""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

__all__ = ["Network", "networks", "refusal"]

Network: TypeAlias = IPv4Network | IPv6Network

_REFUSED_V4 = tuple(
    (IPv4Network(network), name)
    for network, name in (
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT"),
        ("127.0.0.0/8", "loopback"),
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved for protocols"),
        ("192.0.2.0/24", "reserved for examples"),
        ("192.52.193.0/24", "reserved for multicast tunnels"),
        ("192.88.99.0/24", "reserved for 6to4 relays"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "reserved for benchmarks"),
        ("198.51.100.0/24", "reserved for examples"),
        ("203.0.113.0/24", "reserved for examples"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
    )
)
# Of IPv6 only global unicast is let through, and of that not these.
_UNICAST_V6 = IPv6Network("2000::/3")
_REFUSED_V6 = tuple(
    (IPv6Network(network), name)
    for network, name in (
        ("2001::/23", "reserved for protocols"),
        ("2001:db8::/32", "reserved for examples"),
        ("3fff::/20", "reserved for examples"),
    )
)
_NAMED_V6 = tuple(
    (IPv6Network(network), name)
    for network, name in (
        ("::/128", "this host"),
        ("::1/128", "loopback"),
        ("64:ff9b:1::/48", "private NAT64"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "private"),
        ("ff00::/8", "multicast"),
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")


def networks(text: str) -> tuple[Network, ...]:
    """Read networks such as `10.1.0.0/16`, separated by commas or white space.

    Raises:
        ValueError: One of them is none; the message names it.
    """
    return tuple(ip_network(part) for part in text.replace(",", " ").split())


def refusal(address: str, *, allowed: Sequence[Network] = ()) -> str | None:
    """Say why an address may not be connected to; None where it may.

    Args:
        address: As DNS gave it, with a zone or without.
        allowed: Networks that are let through although they are listed here.
    """
    try:
        meant = _meant(ip_address(address))
    except ValueError:
        return "no address at all"
    return next((said for each in meant if (said := _refused(each, allowed)) is not None), None)


def _refused(address: IPv4Address | IPv6Address, allowed: Sequence[Network]) -> str | None:
    if any(address.version == network.version and address in network for network in allowed):
        return None
    if isinstance(address, IPv4Address):
        return next((name for network, name in _REFUSED_V4 if address in network), None)
    if address not in _UNICAST_V6:
        return next((name for network, name in _NAMED_V6 if address in network), "reserved")
    return next((name for network, name in _REFUSED_V6 if address in network), None)


def _meant(address: IPv4Address | IPv6Address) -> tuple[IPv4Address | IPv6Address, ...]:
    """What a packet to this address may reach in the end: the IPv4 addresses within one of IPv6, else itself."""
    if isinstance(address, IPv4Address):
        return (address,)
    if (mapped := address.ipv4_mapped) is not None:
        return (mapped,)
    if (six_to_four := address.sixtofour) is not None:
        return (six_to_four,)
    if (teredo := address.teredo) is not None:
        return teredo
    low = int(address) & 0xFFFFFFFF
    if address in _NAT64 or (address in _COMPATIBLE and low > 1):
        return (IPv4Address(low),)
    return (IPv6Address(int(address)),)  # without a zone, which no network of the lists has
