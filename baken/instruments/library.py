"""Finding instruments: those that come with Baken, and those in a folder of one's own."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from baken.instruments.definition import Instrument
from baken.instruments.errors import InvalidInstrument, Problem, UnknownInstrument
from baken.instruments.models import with_analysis
from baken.instruments.reading import DEFINITION, read_instrument

SHIPPED = Path(__file__).parent / "shipped"


@dataclass(frozen=True, slots=True)
class Shipped:
    """One version of an instrument that comes with Baken."""

    key: str
    version: str


def list_instruments() -> tuple[Shipped, ...]:
    """Return all shipped instruments, by key, the newest version of each first."""
    found = [
        Shipped(folder.parent.name, folder.name)
        for folder in SHIPPED.glob("*/*")
        if (folder / DEFINITION).is_file()
    ]
    found.sort(key=lambda one: _age(one.version), reverse=True)
    return tuple(sorted(found, key=lambda one: one.key))


def load_instrument(key_or_folder: str | Path, version: str | None = None) -> Instrument:
    """Return an instrument by the key of a shipped one, or from a folder.

    Parameters
    ----------
    key_or_folder : str or Path
        A shipped key wins over a folder of the same name; `./name` always means the folder.
    version : str, optional
        Of a shipped instrument; the newest one when left out. A folder holds one version, which
        must then be this one.

    Raises
    ------
    UnknownInstrument
        Neither a shipped key (in that version) nor a folder with a definition.
    InvalidInstrument
        The files contradict the format; all problems are listed.
    """
    versions = [one.version for one in list_instruments() if one.key == str(key_or_folder)]
    if isinstance(key_or_folder, str) and versions:
        wanted = version or versions[0]
        if wanted not in versions:
            raise UnknownInstrument(f"{key_or_folder} {wanted}", _known())
        return _load_shipped(key_or_folder, wanted)
    folder = Path(key_or_folder)
    if not (folder / DEFINITION).is_file():
        raise UnknownInstrument(str(key_or_folder), _known())
    instrument = read_instrument(folder)
    if version not in (None, instrument.version):
        raise InvalidInstrument(
            str(folder),
            [
                Problem(
                    DEFINITION,
                    "version",
                    f"this is version {instrument.version}, not {version}.",
                    "Ask for this version, or point at another folder.",
                )
            ],
        )
    return instrument


@cache
def _load_shipped(key: str, version: str) -> Instrument:
    """Read once: what is shipped does not change while the program runs."""
    return with_analysis(read_instrument(SHIPPED / key / version), SHIPPED / key)


def _known() -> list[str]:
    return [f"{one.key} {one.version}" for one in list_instruments()]


def _age(version: str) -> tuple[tuple[int, str], ...]:
    """Order versions by number: 10 comes after 9."""
    return tuple(
        (int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"[._-]", version)
    )
