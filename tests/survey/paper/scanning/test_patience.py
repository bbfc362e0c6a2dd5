"""How long reading a file may go on: by what comes, not by a clock of the whole."""

from baken.survey.paper.scanning.patience import Limits, Patience

LIMITS = Limits(silence=60, start=240, per_page=2)


def read(seconds_each: float, n_pages: int) -> tuple[float, float]:
    """Let two readers say a page in turn; when it ended, and what was left of patience then."""
    patience, now = Patience(LIMITS, 1000.0), 1000.0
    for number in range(n_pages):
        if not patience.left("ab", now + seconds_each):
            break
        now += seconds_each
        patience.hear("ab"[number % 2], now, is_page=True)
    return now - 1000.0, patience.left("ab", now)


def test_a_large_file_on_a_slow_machine_is_read_to_its_end() -> None:
    took, left = read(1.7, 1000)  # 0.6 pages a second: as measured at a load of 12 to 19
    assert took > 240
    assert left > 0


def test_pages_made_to_hold_up_their_readers_end_with_the_usual_minutes() -> None:
    took, _ = read(25, 1000)
    assert took <= LIMITS.most(12)


def test_a_reader_that_hangs_is_given_up_while_the_other_goes_on() -> None:
    patience = Patience(LIMITS, 0.0)
    for now in range(10, 60, 10):
        patience.hear("a", now, is_page=True)
    assert patience.left("ab", 59) == 1
    assert patience.left("ab", 60) == 0
    assert patience.left("a", 60) == 50  # the other is done
