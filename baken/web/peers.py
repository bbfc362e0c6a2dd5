"""Who is at the other end of a connection: the one that failed attempts are counted by.

A header may say anything. It is believed only when the connection comes from a proxy that the
settings name, and only up to the first address that is not such a proxy itself.
"""

import ipaddress
from collections.abc import Container, Sequence
from typing import Final

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Whatever holds addresses, of either version. A union of the two kinds of networks would say less,
# and the library that checks the types of handlers refuses it.
Network = Container[Address]

# Whoever has one IPv6 address has all of its /64, and could be somebody else at every attempt.
_IPV6_OF_ONE: Final = 64
# Beyond this a list of addresses was written to be long.
_MOST_HOPS: Final = 20


def peer_of(connection: str, forwarded: Sequence[str], proxies: Sequence[Network]) -> str:
    """Name the other end.

    Parameters
    ----------
    connection : str
        The address of the socket; empty where there is none.
    forwarded : sequence of str
        Every ``X-Forwarded-For`` line, in the order of arrival.
    proxies : sequence of networks
        Whose ``X-Forwarded-For`` is believed.
    """
    peer = _address(connection)
    if peer is None:
        return connection
    said = [one for line in forwarded for one in line.split(",")][-_MOST_HOPS:]
    while said and any(peer in network for network in proxies):
        before = _address(said.pop())
        if before is None:
            break  # not an address: the proxy itself is all that is known
        peer = before
    return _group(peer)


def _address(text: str) -> Address | None:
    try:
        found = ipaddress.ip_address(text.strip().strip("[]"))
    except ValueError:
        return None
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
        return found.ipv4_mapped
    return found


def _group(address: Address) -> str:
    if address.version == 4:
        return str(address)
    return str(ipaddress.ip_network((address, _IPV6_OF_ONE), strict=False))
