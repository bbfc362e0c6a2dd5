"""Notices every connection that leaves this machine, and stops it.

The program itself talks to its database, its mail server and, where one is set, an identity
provider; in the tests all of these are on this machine. Whoever connects elsewhere, or asks a name
server, fails the test in which that happens. What other processes do (the browser, a database
server) is not seen from here.
"""

import ipaddress
import socket
from typing import Any

_NAMED = {"socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
_CONNECTING = {"socket.connect", "socket.sendto", "socket.sendmsg"}
_HERE = {"", "localhost", "localhost.localdomain", "ip6-localhost", socket.gethostname()}

seen: list[str] = []


class OutgoingTraffic(BaseException):
    """Not an ordinary error: nobody who tries something else on failure may swallow it."""


def notice(event: str, arguments: tuple[Any, ...]) -> None:
    """Hear of everything that the interpreter does; stop what goes to another machine."""
    if event in _CONNECTING:
        address = arguments[1]
        host = address[0] if isinstance(address, tuple) else ""
    elif event in _NAMED:
        host = arguments[0]
    else:
        return
    if not is_here(host):
        seen.append(f"{event}: {host}")
        raise OutgoingTraffic(f"{event} went to {host}")


def is_here(host: object) -> bool:
    """Whether a host is this machine; a path of a socket file and nothing at all are."""
    if isinstance(host, bytes):
        host = host.decode("ascii", "replace")
    if host is None or str(host) in _HERE:
        return True
    try:
        address = ipaddress.ip_address(str(host).partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified
