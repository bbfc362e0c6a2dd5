"""The one reader of request bodies.

The framework's own readers keep the last raw bodies in a cache for the life of the process:
passwords and answers would stay in memory. So every form goes through here, and nothing is kept.
"""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from urllib.parse import parse_qsl

from multipart import (  # type: ignore[import-untyped]  # ships no types
    MultipartError,
    MultipartParser,
    parse_options_header,
)

from baken.storage.errors import BakenError

FORM_LIMIT: Final = 256 * 1024
UPLOAD_LIMIT: Final = 10 * 1024 * 1024
MAX_FIELDS: Final = 2_000


class UnreadableForm(BakenError):
    """The body is not a form that a browser sends."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in; its name is what the sender says, so it never becomes a path."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form in the order they came, several values under one name allowed."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    uploads: Mapping[str, Upload] = field(default_factory=lambda: MappingProxyType({}))

    def get(self, name: str, default: str = "") -> str:
        """The first value under `name`."""
        values = self.fields.get(name)
        return values[0] if values else default

    def getlist(self, name: str) -> list[str]:
        """Every value under `name` (the name WTForms asks for)."""
        return list(self.fields.get(name, ()))

    def upload(self, name: str) -> Upload | None:
        """The file chosen under `name`; None when the person chose none."""
        return self.uploads.get(name)

    def __contains__(self, name: object) -> bool:
        return name in self.fields

    def __iter__(self) -> Iterator[str]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)


EMPTY: Final = Form()


def read(body: bytes, content_type: str) -> Form:
    """Read a form from the bytes of a request.

    Raises
    ------
    UnreadableForm
        When the bytes are not a form, or hold more fields than any of our pages has.
    """
    kind, options = parse_options_header(content_type)
    if kind == "application/x-www-form-urlencoded":
        return _read_urlencoded(body)
    if kind == "multipart/form-data" and options.get("boundary"):
        return _read_multipart(body, options["boundary"])
    if not body:
        return EMPTY
    raise unreadable()


def _read_urlencoded(body: bytes) -> Form:
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError:
        raise unreadable() from None
    return Form(gathered(pairs))


def _read_multipart(body: bytes, boundary: str) -> Form:
    pairs: list[tuple[str, str]] = []
    uploads: dict[str, Upload] = {}
    try:
        # All in memory: the body is there already, and a file on disk would outlive it.
        parser = MultipartParser(
            io.BytesIO(body),
            boundary,
            content_length=len(body),
            part_limit=MAX_FIELDS,
            spool_limit=len(body) + 1,
            memory_limit=len(body) + 1,
            strict=True,
        )
        for part in parser:
            if part.filename:
                uploads[part.name] = Upload(part.filename, part.raw)
            else:
                pairs.append((part.name, part.value))
    except (MultipartError, UnicodeDecodeError):
        raise unreadable() from None
    return Form(gathered(pairs), MappingProxyType(uploads))


def gathered(pairs: list[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
    """Return the values of fields by name, in the order they came."""
    gathered: dict[str, list[str]] = {}
    for name, value in pairs:
        gathered.setdefault(name, []).append(value)
    return MappingProxyType({name: tuple(values) for name, values in gathered.items()})


def unreadable() -> UnreadableForm:
    """The refusal of a body that is no form of a browser."""
    return UnreadableForm(
        "web.unreadable_form",
        "This form did not arrive in one piece. Nothing was saved; go back and send it again.",
    )
