"""The list of parts holds what the lock file pins, and nothing else."""

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_list_of_parts_follows_from_the_lock_file() -> None:
    ended = subprocess.run(
        [sys.executable, str(ROOT / "requirements" / "sbom.py")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    made = json.loads(ended.stdout)
    lock = (ROOT / "requirements" / "app.txt").read_text(encoding="utf-8")
    pinned = re.findall(r"^([A-Za-z0-9._\[\]-]+)==(\S+)", lock, re.MULTILINE)
    assert len(made["components"]) == len(pinned)
    litestar = next(one for one in made["components"] if one["name"] == "litestar")
    assert litestar["purl"] == f"pkg:pypi/litestar@{litestar['version']}"
    n_hashes = sum(len(one["properties"]) for one in made["components"])
    assert n_hashes == lock.count("--hash=sha256:")


def test_the_framework_is_one_that_does_not_trust_forwarded_addresses() -> None:
    lock = (ROOT / "requirements" / "app.txt").read_text(encoding="utf-8")
    version = re.search(r"^litestar(?:\[[^\]]*\])?==(\d+)\.(\d+)", lock, re.MULTILINE)
    assert version
    assert (int(version[1]), int(version[2])) >= (2, 18)


def test_every_package_is_pinned_with_a_hash() -> None:
    for name in ("app.txt", "dev.txt"):
        lock = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        entries = re.split(r"\n(?=[A-Za-z0-9])", lock.strip())
        assert all("--hash=sha256:" in entry for entry in entries if "==" in entry), name
