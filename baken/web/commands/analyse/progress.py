"""How far the reading of a large file is, for whoever waits."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

LARGE: Final = 5_000_000
"""Bytes above which somebody at a terminal may wonder whether anything happens."""

STEP: Final = 10
"""Per cent between two lines where there is no terminal to draw a bar on."""


@contextmanager
def followed(
    console: Console, path: Path, wanted: bool | None
) -> Iterator[Callable[[int], None] | None]:
    """Follow the bytes of a file; `wanted` None: only at a terminal, and only a large file."""
    size = path.stat().st_size
    if wanted is None:
        wanted = console.is_terminal and size >= LARGE
    if not wanted:
        yield None
    elif console.is_terminal:
        columns = (TextColumn("{task.description}"), BarColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task(f"Counting {path.name}", total=size)
            yield lambda done: bar.update(task, completed=done)
    else:
        yield _lines(console, path.name, size)


def _lines(console: Console, name: str, size: int) -> Callable[[int], None]:
    said = 0

    def hear(done: int) -> None:
        nonlocal said
        reached = 100 * done // max(size, 1) // STEP * STEP
        if reached > said:
            said = reached
            console.print(f"{name}: {reached} % read", markup=False)

    return hear
