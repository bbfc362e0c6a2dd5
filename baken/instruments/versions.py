"""Which scales of two versions of an instrument may be compared.

Whether a changed word changed the meaning is for people to say, not for a program. What they said
about a shipped instrument stands in `trend.toml`, beside the folders of its versions.
"""

import tomllib
from functools import cache
from typing import Any

from baken.instruments.definition import Instrument
from baken.instruments.library import SHIPPED, Shipped, list_instruments, load_instrument

TREND = "trend.toml"


def comparable_scales(instrument: Instrument, key: str, version: str) -> tuple[str, ...]:
    """Return the scales of an instrument that mean the same in another version.

    All of them for the version itself. For an earlier version those that are named as the same,
    but only when the instrument is the shipped one, word for word: of a text that somebody edited
    nobody has said anything.
    """
    if (key, version) == (instrument.key, instrument.version):
        return tuple(scale.key for scale in instrument.scales)
    if key != instrument.key or not _is_shipped(instrument):
        return ()
    named = {
        scale
        for one in _said_about(key)
        if (one["newer"], one["older"]) == (instrument.version, version)
        for scale in one["scales"]
    }
    return tuple(scale.key for scale in instrument.scales if scale.key in named)


def _is_shipped(instrument: Instrument) -> bool:
    if Shipped(instrument.key, instrument.version) not in list_instruments():
        return False
    shipped = load_instrument(instrument.key, instrument.version)
    return shipped.fingerprint == instrument.fingerprint


@cache
def _said_about(key: str) -> list[dict[str, Any]]:
    path = SHIPPED / key / TREND
    if not path.is_file():
        return []
    said: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["same"]
    return said
