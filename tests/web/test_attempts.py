"""Budgets of wrong answers: many at one moment are no more than the budget holds."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from baken.organisation.errors import Denied, Invalid
from baken.web.failures import TooManyFailures
from baken.web.pages.attempts import PER_ACCOUNT, PER_ADDRESS, PER_FACTOR, Attempts, within_budgets

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
MANY = 40


@pytest.mark.parametrize("limit", [PER_FACTOR[0], PER_ACCOUNT[0]])
def test_of_many_guesses_at_one_moment_no_more_are_made_than_the_budget_holds(limit: int) -> None:
    attempts = Attempts()
    budget = attempts.factors if limit == PER_FACTOR[0] else attempts.accounts
    counted = ((budget, "one account"), (attempts.addresses, "::1"))
    made = []
    others_refused = threading.Event()
    refused = []

    def guess() -> None:
        made.append(1)
        others_refused.wait(5)  # every guess is under way before one is found to be wrong
        raise Denied("organisation.wrong_code", "Wrong.")

    def attempt(_: int) -> None:
        with pytest.raises((Denied, TooManyFailures)) as error:
            within_budgets(counted, guess, NOW)
        if isinstance(error.value, TooManyFailures):
            refused.append(1)
            if len(refused) == MANY - limit:
                others_refused.set()

    with ThreadPoolExecutor(MANY) as pool:
        list(pool.map(attempt, range(MANY)))
    assert (len(made), len(refused)) == (limit, MANY - limit)
    with pytest.raises(TooManyFailures):
        within_budgets(counted, guess, NOW)


def test_what_is_right_or_merely_wrongly_filled_in_costs_nothing() -> None:
    attempts = Attempts()
    counted = ((attempts.factors, "one account"), (attempts.addresses, "::1"))

    def unfit() -> None:
        raise Invalid("organisation.name_missing", "Not a guess.")

    for _ in range(2 * PER_ADDRESS[0]):
        assert within_budgets(counted, lambda: "right", NOW) == "right"
        with pytest.raises(Invalid):
            within_budgets(counted, unfit, NOW)


def test_an_address_that_has_to_wait_takes_nothing_from_the_account() -> None:
    attempts = Attempts()
    counted = ((attempts.factors, "one account"), (attempts.addresses, "::1"))
    for _ in range(PER_ADDRESS[0]):
        attempts.addresses.add("::1", NOW)
    for _ in range(2 * PER_FACTOR[0]):
        with pytest.raises(TooManyFailures):
            within_budgets(counted, lambda: "right", NOW)
    elsewhere = (counted[0], (attempts.addresses, "::2"))
    assert within_budgets(elsewhere, lambda: "right", NOW) == "right"
