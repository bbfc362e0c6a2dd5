"""What the demonstration tells: texts and numbers as data, in the folder `story`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

_FOLDER = Path(__file__).parent / "story"


@cache
def read_story(name: str) -> dict[str, Any]:
    """Return one file of the story."""
    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
