"""What was read of one form: per field the first value, the second, and what was decided.

Values only. Closed questions have the code of the answer sheet, open ones their text.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

DOUBLE: Final = -4
"""Two answers were crossed and none was corrected; it is sealed as no answer."""

UNIT: Final = "unit"
LANGUAGE: Final = "language"
IDENTIFIERS: Final = (UNIT, LANGUAGE)

UNTYPED: Final = "untyped"
"""Doubt of an open question on a form that one of two people held for blank."""

PADDED_TO: Final = 2048
"""Bytes: how long a sheet is says nothing about what was written."""

Value = int | str


class NotASheet(ValueError):
    """What was decrypted is no sheet; it belongs to a newer program."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One field of a form.

    Attributes
    ----------
    first, second
        What the two entries say; a scan has a first value only. None: not entered.
    decided
        What a person decided against the paper; it stands above both.
    doubt
        Why a person has to look, as a key of the catalogue of the screen; empty: no reason.
    """

    first: Value | None = None
    second: Value | None = None
    decided: Value | None = None
    doubt: str = ""

    @property
    def differs(self) -> bool:
        """Whether both entries are there and do not agree."""
        return self.first is not None and self.second is not None and self.first != self.second

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to decide."""
        return self.decided is None and (self.differs or bool(self.doubt))

    @property
    def value(self) -> Value | None:
        """What is sealed: the decision, else the first entry, else the second."""
        entered = self.second if self.first is None else self.first
        return entered if self.decided is None else self.decided


@dataclass(frozen=True, slots=True)
class SheetContent:
    """One form.

    Attributes
    ----------
    place
        In the stack, from 1: how a second entry finds its first. It dies with the spool.
    unit, language
        Key of the frozen unit and language, as the form says.
    answers, backgrounds, comments
        Code of the item, key of the background question, key of the open question to its reading.
    images
        Identifiers of the pictures in the spool (`SpoolImage.id`).
    pictures
        Field (kind and key) to the one of `images` that shows it to whoever looks.
    written
        Open question to the one of `images` that goes into the envelope: handwriting.
    checked
        Whether the sheet is entered a second time, beyond its unit and language.
    blank
        0 or 1: whether nothing stands on the form.
    typed
        Which of the typed forms of the stack this is, from 1: how a second entry finds it in the
        pile. 0: it is left to typing and nobody has typed it yet; None: a scan was read.
    """

    place: int
    unit: Reading
    language: Reading
    answers: Mapping[str, Reading] = field(default_factory=dict)
    backgrounds: Mapping[str, Reading] = field(default_factory=dict)
    comments: Mapping[str, Reading] = field(default_factory=dict)
    images: tuple[bytes, ...] = ()
    pictures: Mapping[tuple[str, str], bytes] = field(default_factory=dict)
    written: Mapping[str, bytes] = field(default_factory=dict)
    checked: bool = False
    blank: Reading = field(default_factory=lambda: Reading(0))
    typed: int | None = None

    @property
    def readings(self) -> dict[tuple[str, str], Reading]:
        """All fields that may differ, by (kind, key), in the order of the form."""
        found = {("sheet", UNIT): self.unit, ("sheet", LANGUAGE): self.language}
        found["sheet", "blank"] = self.blank
        for kind in _KINDS:
            found |= {(kind, key): one for key, one in getattr(self, kind).items()}
        return found

    @property
    def n_closed(self) -> int:
        """Questions with boxes to cross."""
        return len(self.answers) + len(self.backgrounds)

    @property
    def open_fields(self) -> list[tuple[str, str]]:
        """Fields on which somebody still has to decide."""
        return [name for name, one in self.readings.items() if one.is_open]

    @property
    def is_blank(self) -> bool:
        return self.blank.value == 1

    def with_readings(self, changed: Mapping[tuple[str, str], Reading]) -> "SheetContent":
        """Return the sheet with other readings in some fields."""
        whole = {key: one for (kind, key), one in changed.items() if kind == "sheet"}
        parts: dict[str, Any] = dict(whole)
        for kind in _KINDS:
            here = {key: one for (named, key), one in changed.items() if named == kind}
            if here:
                parts[kind] = {**getattr(self, kind), **here}
        return replace(self, **parts)


_KINDS: Final = ("answers", "backgrounds", "comments")


def to_bytes(content: SheetContent) -> bytes:
    """Return a sheet as JSON, padded with spaces so that its length tells little."""
    plain: dict[str, Any] = {
        "place": content.place,
        "checked": content.checked,
        "typed": content.typed,
        "images": [one.hex() for one in content.images],
        "pictures": [[*name, one.hex()] for name, one in content.pictures.items()],
        "written": {key: one.hex() for key, one in content.written.items()},
    }
    for name in (UNIT, LANGUAGE, "blank"):
        plain[name] = _plain(getattr(content, name))
    for kind in _KINDS:
        plain[kind] = {key: _plain(one) for key, one in getattr(content, kind).items()}
    written = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    return written + b" " * (-len(written) % PADDED_TO)


def from_bytes(written: bytes) -> SheetContent:
    """Return the sheet that `to_bytes` wrote; raise `NotASheet` for anything else."""
    try:
        plain = json.loads(written)
        return SheetContent(
            place=plain["place"],
            unit=Reading(*plain[UNIT]),
            language=Reading(*plain[LANGUAGE]),
            blank=Reading(*plain["blank"]),
            answers=_readings(plain["answers"]),
            backgrounds=_readings(plain["backgrounds"]),
            comments=_readings(plain["comments"]),
            images=tuple(bytes.fromhex(one) for one in plain["images"]),
            pictures={(kind, key): bytes.fromhex(one) for kind, key, one in plain["pictures"]},
            written={key: bytes.fromhex(one) for key, one in plain["written"].items()},
            checked=plain["checked"],
            typed=plain["typed"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotASheet("what lies in the spool is no sheet of this program") from error


def _plain(one: Reading) -> list[Any]:
    return [one.first, one.second, one.decided, one.doubt]


def _readings(plain: Mapping[str, list[Any]]) -> dict[str, Reading]:
    return {key: Reading(*one) for key, one in plain.items()}
