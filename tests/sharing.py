"""Who runs which test: what tests share is made once, and what takes long is begun first."""

from typing import Any, Final

import pytest
from xdist.scheduler import LoadScopeScheduling

# Folders whose tests look at one filled house, which takes longer to build than most of them.
ONE_HOUSE: Final = ("tests/web/hardening/", "tests/attacker/")
LONG: Final = (*ONE_HOUSE, "tests/journeys/", "tests/crash/", "tests/web/commands/")


class OneProcessForAFile(LoadScopeScheduling):
    """Gives all tests of a file, or of a house, to one process."""

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        return next((house for house in ONE_HOUSE if path.startswith(house)), path)


def begin_with_the_longest(items: list[pytest.Item]) -> None:
    """Put the tests of the long folders in front; the others keep their order."""

    def place(item: Any) -> int:
        found = (n for n, folder in enumerate(LONG) if item.nodeid.startswith(folder))
        return next(found, len(LONG))

    items.sort(key=place)
