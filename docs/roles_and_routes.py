# ruff: noqa: INP001 - a script, not a package
"""Writes docs/reference/roles-and-routes.md from the application: `make docs`."""

import tempfile
from pathlib import Path

from baken.storage.keys import KeyStore
from baken.web.app import create_app
from baken.web.routes import in_markdown, list_rules
from baken.web.settings import Settings

PAGE = Path(__file__).parent / "reference" / "roles-and-routes.md"


def main() -> None:
    """Make an empty installation, ask it for its routes, and leave nothing of it behind."""
    with tempfile.TemporaryDirectory() as folder:
        keys = KeyStore.create(Path(folder) / "keys")
        settings = Settings(
            database_url=f"sqlite:///{folder}/empty.sqlite",
            keys=keys.folder,
            backups=Path(folder) / "backups",
            transfers=Path(folder) / "transfers",
        )
        PAGE.write_text(in_markdown(list_rules(create_app(settings).routes)), encoding="utf-8")


if __name__ == "__main__":
    main()
