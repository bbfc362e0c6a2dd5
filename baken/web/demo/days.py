"""When everything happened: one past cycle and one that runs, seen from any day."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

_YEARS = {"P": -1, "Y": 0, "N": 1}


@dataclass(frozen=True, slots=True)
class Round:
    """The days of one survey, counted back and on from its last day."""

    closes_on: date

    @property
    def opens_on(self) -> date:
        return self.closes_on - timedelta(days=24)

    @property
    def launched_on(self) -> date:
        return self.opens_on - timedelta(days=5)

    @property
    def opened_on(self) -> date:
        """Closed and opened on the day after the last one."""
        return self.closes_on + timedelta(days=1)

    @property
    def scrubbed_on(self) -> date:
        """The copies of the key store have expired."""
        return self.opened_on + timedelta(days=8)

    @property
    def released_on(self) -> date:
        return self.opened_on + timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Days:
    """The calendar of the demonstration, counted from the day on which it is made.

    The first survey ended about fourteen months ago, and early enough for its results to reach
    the committee before the first of November.
    """

    today: date

    @property
    def first(self) -> Round:
        """The survey that went all the way."""
        autumn = date(self.today.year - 1, 9, 15)
        return Round(min(self.today - timedelta(days=426), autumn))

    @property
    def lights(self) -> Round:
        """The survey in which everybody was asked about the alert lights, half a year ago."""
        return Round(self.today - timedelta(days=180))

    @property
    def first_pulse(self) -> Round:
        """The first short survey, some weeks after the results of the long one."""
        return Round(self.today - timedelta(days=290))

    @property
    def pulse(self) -> Round:
        """The same short survey once more, three months ago."""
        return Round(self.today - timedelta(days=90))

    @property
    def begun_on(self) -> date:
        return self.first.launched_on - timedelta(days=60)

    @property
    def found_on(self) -> date:
        return self.first.released_on + timedelta(days=7)

    @property
    def analysed_on(self) -> date:
        return self.found_on + timedelta(days=5)

    @property
    def now_opens_on(self) -> date:
        """First day of the survey that runs."""
        return self.today - timedelta(days=8)

    @property
    def now_closes_on(self) -> date:
        return self.today + timedelta(days=21)

    @property
    def now_launched_on(self) -> date:
        return self.today - timedelta(days=12)

    def of(self, text: str) -> date:
        """Return the day of a story: ``Y-04-30`` lies in this year, P before it and N after it."""
        year, month, day = text.split("-")
        return date(self.today.year + _YEARS[year], int(month), int(day))


def morning(day: date) -> datetime:
    """An instant during office hours of a day."""
    return datetime.combine(day, time(9, 30), UTC)
