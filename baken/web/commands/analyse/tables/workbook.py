"""The first sheet of a workbook as a table; loaded only when a workbook comes in."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from baken.storage.archives import UnsafeFile
from baken.storage.workbooks import Cell, list_sheets, open_rows, text_of
from baken.web.commands.errors import UnreadableTable


@dataclass(frozen=True, slots=True)
class FirstSheet:
    """What stands on the first sheet.

    Attributes
    ----------
    n_bytes : int
        Size of the file.
    notes : tuple[str, ...]
        What was left aside, in sentences.
    """

    cells: list[list[Cell]]
    n_bytes: int
    notes: tuple[str, ...]

    @property
    def header(self) -> list[str]:
        """Names of the columns."""
        return [text_of(cell) for cell in self.cells[0]] if self.cells else []

    def rows(self, width: int) -> Iterator[list[str]]:
        """Rows below the header, as texts; cells that are empty to the right are added."""
        for cells in self.cells[1:]:
            yield [text_of(cell) for cell in cells] + [""] * (width - len(cells))


def read_first_sheet(path: Path) -> FirstSheet:
    """Read a workbook (XLSX) whole; it has limits that a CSV file does not have.

    Raises
    ------
    UnreadableTable
        Too large, damaged, locked, of an old kind: the sentence says which and what to do.
    """
    content = path.read_bytes()
    try:
        cells, sheets = open_rows(content), list_sheets(content)
    except UnsafeFile as error:
        raise UnreadableTable(
            "commands.workbook",
            "{file}: {reason} A file of any size can be read as CSV UTF-8.",
            file=path.name,
            reason=error,
        ) from error
    left = f"only the first sheet, {sheets[0]}, was read; left aside: {', '.join(sheets[1:])}."
    return FirstSheet(cells, len(content), (left,) if len(sheets) > 1 else ())
