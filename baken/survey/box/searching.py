"""Looking for secrets in files, in a process of its own: ``python -m baken.survey.box.searching``.

Whoever closes a file gives up every lock that its process holds on it. A process that has the
database open and reads its file beside that would lose SQLite's locks, and another process could
take the database for unused and remove its journal.
"""

import json
import mmap
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path


def find_in_files(files: Iterable[Path], needles: Sequence[bytes]) -> Path | None:
    """Return the first file that holds one of the needles; None when none does."""
    asked = {"files": [str(file) for file in files], "needles": [one.hex() for one in needles]}
    answer = subprocess.run(  # noqa: S603 - our own program, and no word of anybody in the call
        [sys.executable, "-m", __name__],
        input=json.dumps(asked),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Path(answer.stdout) if answer.stdout else None


def _search(asked: dict[str, list[str]]) -> str:
    needles = [bytes.fromhex(one) for one in asked["needles"]]
    return next((file for file in asked["files"] if _holds_one(Path(file), needles)), "")


def _holds_one(file: Path, needles: Sequence[bytes]) -> bool:
    if not file.is_file() or file.stat().st_size == 0:
        return False
    with (
        file.open("rb") as opened,
        mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as content,
    ):
        return any(content.find(needle) >= 0 for needle in needles)


if __name__ == "__main__":
    sys.stdout.write(_search(json.load(sys.stdin)))
