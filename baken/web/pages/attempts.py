"""How often somebody may be wrong: by account, by factor and by the address of the connection.

Nobody is locked out for ever: who is wrong too often waits. What is counted lives in memory.
"""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from baken.organisation.errors import Denied
from baken.web.failures import FailureBudget
from baken.web.pages.reply import PageRequest
from baken.web.peers import peer_of
from baken.web.settings import Settings

Answer = TypeVar("Answer")

PER_ACCOUNT: Final = (10, timedelta(minutes=5))
PER_ADDRESS: Final = (30, timedelta(minutes=1))
# Whoever guesses here knows the password already. Three of a million codes are right at a time:
# five guesses in a quarter of an hour hit one in 5,500 within an hour, one in 230 within a day.
PER_FACTOR: Final = (5, timedelta(minutes=15))
LETTERS_PER_ACCOUNT: Final = (3, timedelta(minutes=15))
# Slips that give no form: at a desk some are used, and nobody can try codes there.
SLIPS_PER_PERSON: Final = (20, timedelta(minutes=5))
# What a browser begins before anybody has logged in; a whole hospital may be one address.
CEREMONIES_PER_ADDRESS: Final = (300, timedelta(minutes=5))


@dataclass(frozen=True, slots=True)
class Attempts:
    """The budgets of one running server."""

    accounts: FailureBudget = field(default_factory=lambda: FailureBudget(*PER_ACCOUNT))
    addresses: FailureBudget = field(default_factory=lambda: FailureBudget(*PER_ADDRESS))
    factors: FailureBudget = field(default_factory=lambda: FailureBudget(*PER_FACTOR))
    letters: FailureBudget = field(default_factory=lambda: FailureBudget(*LETTERS_PER_ACCOUNT))
    slips: FailureBudget = field(default_factory=lambda: FailureBudget(*SLIPS_PER_PERSON))
    ceremonies: FailureBudget = field(
        default_factory=lambda: FailureBudget(*CEREMONIES_PER_ADDRESS)
    )


def try_password(
    request: PageRequest, name: str, act: Callable[[], Answer], *, now: datetime
) -> Answer:
    """Do what needs the password of an account; `name` is what its failures are counted by."""
    attempts = attempts_of(request)
    counted = ((attempts.accounts, name), (attempts.addresses, peer(request)))
    return within_budgets(counted, act, now)


def try_factor(
    request: PageRequest, account_id: UUID, act: Callable[[], Answer], *, now: datetime
) -> Answer:
    """Do what needs a second factor of an account that has shown its password."""
    attempts = attempts_of(request)
    counted = ((attempts.factors, account_id.hex), (attempts.addresses, peer(request)))
    return within_budgets(counted, act, now)


def count_letter(request: PageRequest, name: str, *, now: datetime) -> None:
    """Count a letter that somebody asks for, whether it will be sent or not."""
    attempts = attempts_of(request)
    for budget, counted in ((attempts.letters, name), (attempts.addresses, peer(request))):
        budget.take(counted, now)


def count_ceremony(request: PageRequest, *, now: datetime) -> None:
    """Count a log-in that somebody begins with a passkey or at the identity provider."""
    budget, counted = attempts_of(request).ceremonies, peer(request)
    budget.take(counted, now)


def attempts_of(request: PageRequest) -> Attempts:
    """The budgets of this server."""
    found: Attempts = request.app.state.attempts
    return found


def peer(request: PageRequest) -> str:
    """Who is at the other end; a header is believed from the proxies of the settings only."""
    settings: Settings = request.app.state.settings
    connection = request.client.host if request.client else ""
    return peer_of(connection, request.headers.getall("x-forwarded-for", []), settings.proxies)


def within_budgets(
    counted: tuple[tuple[FailureBudget, str], ...], act: Callable[[], Answer], now: datetime
) -> Answer:
    """Do what may fail as often as all of these budgets hold: counted first, and given back."""
    with ExitStack() as untaken:
        for budget, name in counted:
            budget.take(name, now)
            untaken.callback(budget.give_back, name, now)
        try:
            return act()
        except Denied:
            untaken.pop_all()  # what was taken stays taken: this was a failure
            raise
