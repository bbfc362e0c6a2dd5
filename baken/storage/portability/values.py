"""Values of rows as JSON, the same whichever database they come from."""

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    String,
    Time,
    Uuid,
)

from baken.storage.portability.errors import NotPortable, PortabilityError, damaged
from baken.storage.types import Instant, Name

_LARGEST: Final = 2**31 - 1
_READ: Final[Mapping[type, Callable[[str], Any]]] = {
    Uuid: UUID,
    Date: date.fromisoformat,
    Time: time.fromisoformat,
}


def encode(value: Any) -> Any:
    """Return a value as JSON has it: instants, days and hours in ISO 8601, bytes in base 64."""
    match value:
        case Enum():
            return value.value
        case bytes():
            return base64.b64encode(value).decode()
        case datetime():
            return value.astimezone(UTC).isoformat()
        case UUID() | date() | time():
            return str(value)
        case _:
            _check_portable(value)
            return value


def _check_portable(value: Any) -> None:
    """Raise `NotPortable` for a text or number that not every database can keep."""
    if isinstance(value, float) and value - value != 0:
        raise _not_portable()
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= sign <= "\udfff" for sign in value):
            raise _not_portable()
    elif isinstance(value, dict):
        for key, inner in value.items():
            _check_portable(key)
            _check_portable(inner)
    elif isinstance(value, list):
        for inner in value:
            _check_portable(inner)


def _not_portable() -> NotPortable:
    return NotPortable(
        "portability.not_portable",
        "A text holds a sign, or a figure a value, that cannot be moved to another database. "
        "Nothing was exported; ask whoever runs the installation to look it up.",
    )


def decode(column: Column[Any], value: Any) -> Any:
    """Return what the column keeps; raise `DamagedExport` when the value is no such thing."""
    if value is None:
        if not column.nullable:
            raise damaged(f"{column.table.name}.{column.name} is empty")
        return None
    try:
        return _decode(column.type, value)
    except (ValueError, TypeError, binascii.Error, PortabilityError, RecursionError) as error:
        raise damaged(f"{column.table.name}.{column.name}") from error


def _decode(kind: Any, value: Any) -> Any:
    if isinstance(kind, JSON):
        _check_portable(value)
        return value
    if isinstance(kind, Boolean):
        return _of_type(value, bool)
    if isinstance(kind, Integer):
        return _whole(value)
    if isinstance(kind, Float):
        return float(_of_type(value, int, float))
    return _decode_text(kind, _of_type(value, str))


def _decode_text(kind: Any, text: str) -> Any:
    _check_portable(text)
    match kind:
        case Instant():
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise ValueError(text)
            return moment
        case Name():
            return kind.names(text)
        case Uuid() | Date() | Time():
            return _READ[type(kind)](text)
        case LargeBinary():
            return base64.b64decode(text, validate=True)
        case String() if kind.length is None or len(text) <= kind.length:
            return text
        case _:
            raise ValueError(kind)


def _of_type(value: Any, *types: type) -> Any:
    if type(value) not in types:
        raise TypeError(type(value).__name__)
    return value


def _whole(value: Any) -> int:
    number: int = _of_type(value, int)
    if not -_LARGEST - 1 <= number <= _LARGEST:
        raise ValueError(number)
    return number


def to_line(row: Mapping[str, Any]) -> bytes:
    """Return a row as one line of JSON in ASCII."""
    return json.dumps(row, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def from_line(line: bytes) -> dict[str, Any]:
    """Return the row of a line; raise `DamagedExport` when it is none."""
    try:
        row = json.loads(line, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise damaged("a line is not JSON") from error
    if not isinstance(row, dict):
        raise damaged("a line is not a row")
    return row


def _no_constant(name: str) -> float:
    raise ValueError(name)


class Content:
    """The checksum of a heap of rows: the same for the same rows, in whatever order they come.

    The SHA-256 of each row in its canonical form, added up modulo 2 ** 256.
    """

    def __init__(self) -> None:
        self.n_rows = 0
        self._total = 0

    def add(self, row: Mapping[str, Any]) -> None:
        """Count one row, as `encode` gives its values."""
        digest = hashlib.sha256(canonical(row).encode()).digest()
        self._total = (self._total + int.from_bytes(digest, "big")) % 2**256
        self.n_rows += 1

    def hex(self) -> str:
        return f"{self._total:064x}"


def canonical(value: Any) -> str:
    """Return JSON in one form: keys sorted, no spaces, ASCII, a number by its value alone.

    Databases give 1e20, 100000000000000000000 and 1.0e+20 back as they please; all are ``1e20``.
    """
    if value is None or isinstance(value, bool | str):
        return json.dumps(value)
    if isinstance(value, int | float):
        return _canonical_number(value)
    if isinstance(value, Mapping):
        inner = (f"{json.dumps(key)}:{canonical(value[key])}" for key in sorted(value))
        return "{" + ",".join(inner) + "}"
    return "[" + ",".join(map(canonical, value)) + "]"


def _canonical_number(value: float) -> str:
    # by way of the shortest text, which is how a float travels
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    text = "".join(map(str, digits)).lstrip("0")
    kept = text.rstrip("0")
    if not kept:
        return "0"
    return f"{'-' if sign else ''}{kept}e{int(exponent) + len(text) - len(kept)}"
