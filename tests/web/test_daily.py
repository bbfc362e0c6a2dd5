"""The daily round."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest

from baken.web.daily import BELGIUM, DailyRound, seconds_until


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        (datetime(2026, 3, 2, 4, 0, tzinfo=BELGIUM), 1),
        (datetime(2026, 3, 2, 5, 0, tzinfo=BELGIUM), 24),
        (datetime(2026, 3, 2, 6, 0, tzinfo=BELGIUM), 23),
        # the night that loses an hour, and the one that has one twice
        (datetime(2026, 3, 28, 5, 0, tzinfo=BELGIUM), 23),
        (datetime(2026, 10, 24, 5, 0, tzinfo=BELGIUM), 25),
    ],
)
def test_the_round_is_at_five_by_the_clock_on_the_wall(now: datetime, hours: int) -> None:
    assert seconds_until(time(5), now) == hours * 3600


def test_a_round_in_an_empty_installation_does_nothing(sqlite, keys, tmp_path) -> None:
    daily = DailyRound(sqlite, keys, tmp_path / "backups", lambda: datetime.now(UTC))
    daily.start()
    daily.go(datetime.now(ZoneInfo("Europe/Brussels")).date())
    daily.stop()
    assert not (tmp_path / "backups").exists()
