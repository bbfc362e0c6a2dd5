"""`baken instruments`: what can be asked, and whether a folder of your own is fit to ask."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from baken.instruments.library import list_instruments, load_instrument

instruments = typer.Typer(add_completion=False, help="Questionnaires: list and check.")

Json = Annotated[bool, typer.Option("--json", help="For scripts.")]


@instruments.command("list")
def list_command(as_json: Json = False) -> None:
    """List the questionnaires that come with Baken."""
    rows: list[dict[str, Any]] = []
    for shipped in list_instruments():
        found = load_instrument(shipped.key, shipped.version)
        rows.append(
            {
                "key": found.key,
                "version": found.version,
                "items": len(found.items),
                "scales": len(found.scales),
                "languages": list(found.languages),
                "fingerprint": found.fingerprint,
            }
        )
    if as_json:
        print(json.dumps(rows, indent=1))
        return
    for row in rows:
        spoken = ", ".join(row["languages"])
        print(
            f"{row['key']} {row['version']}: {row['items']} items, {row['scales']} scales, {spoken}"
        )


@instruments.command("check")
def check_command(
    folder: Annotated[Path, typer.Argument(help="Folder with definition.toml and texts.")],
) -> None:
    """Check a questionnaire as a whole; every problem is named with file, key and remedy."""
    found = load_instrument(folder)
    print(
        f"{found.key} {found.version} is in order: {len(found.items)} items, "
        f"{len(found.scales)} scales, fingerprint {found.fingerprint[:12]}"
    )
