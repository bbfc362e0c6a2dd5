"""Every table of the house, known by its module being loaded.

Export, import, removal and backup walk over all tables: a process that has loaded a part of the
house only would leave the rest out, silently. Each such process calls this first.
"""

import importlib
import pkgutil
from functools import cache
from typing import Final

import baken

# A room keeps its tables in `models.py`; rooms of one file have them beside their verbs.
_HOLD_TABLES: Final = {
    "answers", "audit", "challenges", "comments", "identities", "jobs", "models", "passkeys",
}  # fmt: skip


@cache
def load_every_table() -> None:
    """Load every module left of the web that may hold a table."""
    for module in pkgutil.walk_packages(baken.__path__, "baken."):
        is_ours = not module.name.startswith("baken.web.")
        if is_ours and module.name.rpartition(".")[2] in _HOLD_TABLES:
            importlib.import_module(module.name)
