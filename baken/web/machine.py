"""What settings ask of this machine: names that mean it, ports, files that only the owner reads."""

import ipaddress
import stat
from pathlib import Path


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine and no other."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def read_port(text: str) -> int | None:
    """Read the number of a port; None when it is none."""
    is_port = text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= 65_535
    return int(text) if is_port else None


def others_can_read(file: Path) -> bool:
    """Whether somebody beside the owner of a file may read or change it."""
    return bool(stat.S_IMODE(file.stat().st_mode) & 0o077)
