"""The Chromium of this machine: what it is called, and how it is started.

`python -m tests.browser` prints the names, the best one first.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from playwright.sync_api import Browser, expect, sync_playwright

# Debian's shell without windows does the same in a third of the time.
NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
# Without these, Chromium looks for its own servers at every start.
FLAGS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# A slow machine is no fault of a page.
PATIENCE_MS: Final = 30_000


@contextmanager
def started() -> Iterator[Browser]:
    """Start it, and stop it at the end."""
    expect.set_options(timeout=PATIENCE_MS)
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


if __name__ == "__main__":
    print(*NAMES)
