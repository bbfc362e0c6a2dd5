"""Accidents, absence and turnover, and errors of keying: rates with exact intervals."""

from dataclasses import dataclass
from math import ceil, log

from baken.analysis.methods.means import LEVEL
from baken.analysis.methods.quantiles import beta_quantile, chi2_quantile

FEW_HOURS = 100_000
"""Hours below which a frequency rate ranks nobody: about sixty people."""
HOURS_A_DAY = 7.6
DAYS_A_YEAR = 229
"""Working days of a full-time year, for an estimate when hours are not known."""
DAYS_PER_PERCENT = 75
"""Flat-rate days for each percent of expected permanent incapacity."""
DAYS_PER_DEATH = 7_500
"""Flat-rate days for each fatal accident."""

_TAIL = (1 - LEVEL) / 2


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate and its exact 95 % limits."""

    value: float
    low: float
    high: float


def frequency_rate(accidents: int, hours: float) -> Rate | None:
    r"""Accidents per million hours, with the exact Poisson interval.

    Parameters
    ----------
    accidents : int
        Fatal, or with at least one full day lost beside the day itself; at the workplace.
    hours : float
        Hours of exposure.

    Returns
    -------
    Rate or None
        None without hours.

    Notes
    -----
    .. math:: F_g = \frac{a \cdot 10^6}{h}, \qquad
       \tfrac12 \chi^2_{.025}(2a) \;\ldots\; \tfrac12 \chi^2_{.975}(2a + 2)

    References
    ----------
    .. [1] F. Garwood, Biometrika 28, 437-442 (1936).
    """
    if hours <= 0:
        return None
    scale = 1e6 / hours
    low = chi2_quantile(_TAIL, 2 * accidents) / 2 if accidents else 0.0
    high = chi2_quantile(1 - _TAIL, 2 * accidents + 2) / 2
    return Rate(accidents * scale, low * scale, high * scale)


def severity_rate(days_lost: float, hours: float) -> float | None:
    r"""Calendar days lost per thousand hours; None without hours.

    Notes
    -----
    .. math:: W_{eg} = \frac{d \cdot 10^3}{h}

    References
    ----------
    .. [1] Codex over het welzijn op het werk, boek II, bijlage II.1-3.
    """
    return days_lost * 1e3 / hours if hours > 0 else None


def flat_rate_days(permanent_percent: float, deaths: int) -> float:
    """Days that stand for permanent incapacity (in percent, added up) and for deaths."""
    return DAYS_PER_PERCENT * permanent_percent + DAYS_PER_DEATH * deaths


def hours_of_full_time(full_time_equivalents: float) -> float:
    """An estimate of the hours of a year, for when they are not known."""
    return full_time_equivalents * HOURS_A_DAY * DAYS_A_YEAR


def absence_percent(days_absent: float, days_available: float) -> float | None:
    """Days absent per hundred days available, of one kind of day; None without days."""
    return 100 * days_absent / days_available if days_available > 0 else None


def absence_frequency(spells: int, mean_headcount: float) -> float | None:
    """Spells of absence for each person employed; None without people."""
    return spells / mean_headcount if mean_headcount > 0 else None


def mean_duration(days_absent: float, spells: int) -> float | None:
    """Days of a spell of absence; None without spells."""
    return days_absent / spells if spells > 0 else None


def turnover_percent(leavers: int, at_start: float, at_end: float) -> float | None:
    """Leavers per hundred people, against the mean of both headcounts; None without people."""
    people = (at_start + at_end) / 2
    return 100 * leavers / people if people > 0 else None


def error_rate(wrong: int, checked: int) -> Rate | None:
    r"""Share of fields that were keyed wrongly, with the exact binomial interval.

    Parameters
    ----------
    wrong, checked : int
        Fields.

    Returns
    -------
    Rate or None
        From 0 to 1; None when nothing was checked.

    Notes
    -----
    .. math:: B_{.025}(x, n-x+1) \;\ldots\; B_{.975}(x+1, n-x)

    References
    ----------
    .. [1] C. J. Clopper and E. S. Pearson, Biometrika 26, 404-413 (1934).
    """
    if checked <= 0:
        return None
    low = beta_quantile(_TAIL, wrong, checked - wrong + 1) if wrong else 0.0
    high = beta_quantile(1 - _TAIL, wrong + 1, checked - wrong) if wrong < checked else 1.0
    return Rate(wrong / checked, low, high)


def fields_to_check(largest_rate: float) -> int:
    r"""How many fields without any error show that the rate is below a limit, at 95 %.

    Raises
    ------
    ValueError
        When the limit is not between 0 and 1.

    Notes
    -----
    .. math:: \lceil \ln .05 / \ln (1 - e) \rceil

    References
    ----------
    .. [1] J. A. Hanley and A. Lippman-Hand, JAMA 249, 1743-1745 (1983).
    """
    if not 0 < largest_rate < 1:
        raise ValueError("No number of fields shows that there is no error at all, or any rate.")
    return ceil(log(1 - LEVEL) / log(1 - largest_rate))


def errors_unseen(fields: int, first: float, second: float, categories: int) -> float:
    r"""How many errors two independent entries are expected to have made alike.

    Parameters
    ----------
    fields : int
        Fields that were entered twice.
    first, second : float
        Error rates of the two clerks, 0 to 1.
    categories : int
        Answers a field can have, 2 or more.

    Notes
    -----
    .. math:: F e_1 e_2 / (A - 1)

    References
    ----------
    .. [1] S. Day, P. Fayers and D. Harvey, Control. Clin. Trials 19, 15-24 (1998).
    """
    return fields * first * second / (categories - 1)
