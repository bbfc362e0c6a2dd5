"""Write the list of everything that an installation is made of (CycloneDX), from the lock file.

    .venv/bin/python requirements/sbom.py > build/sbom.json

Nothing is asked of any server: names, versions and hashes stand in requirements/app.txt.
"""  # noqa: INP001 - a script beside what it reads

import json
import re
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).parent / "app.txt"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")


def components(lock: str) -> list[dict[str, Any]]:
    """Each pinned package with its version and the hashes of its files."""
    found: list[dict[str, Any]] = []
    for line in lock.splitlines():
        pinned = PINNED.match(line)
        if pinned:
            name, version = pinned[1].lower().replace("_", "-"), pinned[2]
            found.append(
                {
                    "type": "library",
                    "name": name,
                    "version": version,
                    "purl": f"pkg:pypi/{name}@{version}",
                    "properties": [],
                }
            )
        for digest in re.findall(r"--hash=sha256:([0-9a-f]{64})", line):
            found[-1]["properties"].append({"name": "file:sha256", "value": digest})
    return found


def describe(lock: str) -> dict[str, Any]:
    """The document as a whole; the same lock gives the same bytes."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "baken"}},
        "components": components(lock),
    }


if __name__ == "__main__":
    json.dump(describe(LOCK.read_text(encoding="utf-8")), sys.stdout, indent=1)
    sys.stdout.write("\n")
