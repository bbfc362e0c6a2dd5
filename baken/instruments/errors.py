"""What can be wrong with an instrument, said in sentences that can be acted on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from baken.storage.errors import BakenError, Kind


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to repair in the files of an instrument.

    `key` is the path inside the file (`scales.pace.cutoff`), `line 12`, or empty for the whole
    file.
    """

    file: str
    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        place = f"{self.file}, {self.key}" if self.key else self.file
        return f"{place}: {self.what} {self.remedy}"


class InstrumentError(BakenError):
    """Something about an instrument does not hold; `problems` names each place to repair."""

    problems: tuple[Problem, ...] = ()


class InvalidInstrument(InstrumentError):
    """The files of an instrument contradict the format; nothing was loaded."""

    def __init__(self, folder: str, problems: Iterable[Problem]) -> None:
        found = tuple(problems)
        listed = "\n".join(f"- {problem}" for problem in found)
        super().__init__(
            "instruments.invalid",
            "The instrument in {folder} cannot be used; nothing was changed. "
            "Points to repair: {count}.\n{listed}",
            folder=folder,
            count=len(found),
            listed=listed,
        )
        self.problems = found


class UnknownInstrument(InstrumentError):
    """There is no instrument by this name or in this folder."""

    kind: ClassVar[Kind] = "missing"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            "instruments.unknown",
            "There is no instrument “{name}”. Use one of {known}, "
            "or the path of a folder that holds definition.toml.",
            name=name,
            known=", ".join(known) or "(none is installed)",
        )


class NotAnAnswer(InstrumentError):
    """A value that the item does not offer."""

    def __init__(self, code: str, value: object, low: int, high: int) -> None:
        super().__init__(
            "instruments.not_an_answer",
            "Item {code} takes a whole number from {low} to {high}, not “{value}”. "
            "Choose one of these, or leave the item open.",
            code=code,
            value=value,
            low=low,
            high=high,
        )
