"""Draft the next migration from the models: `make migration NAME=telephone_of_person`.

A draft is finished by hand: it knows nothing of rows that exist, of names that changed and of the
walls around an organisation (`baken.storage.walls`).
"""

import importlib
import pkgutil
import re
import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

import baken
from baken.storage.migrate import migrate

FOLDER = Path(__file__).parent
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")


def main(name: str) -> None:
    """Compare the models with what the migrations lead to, and write down what differs."""
    if not NAME.fullmatch(name):
        raise SystemExit("Name what changes: make migration NAME=telephone_of_person")
    for module in pkgutil.walk_packages(baken.__path__, "baken."):
        if ".web" not in module.name:
            importlib.import_module(module.name)
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    [newest] = ScriptDirectory.from_config(config).get_heads()
    with tempfile.TemporaryDirectory() as folder:
        config.attributes["url"] = f"sqlite:///{folder}/draft.sqlite"
        migrate(config.attributes["url"])
        command.revision(
            config,
            message=name.replace("_", " ").capitalize(),
            autogenerate=True,
            rev_id=f"{int(newest) + 1:04}",
        )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
