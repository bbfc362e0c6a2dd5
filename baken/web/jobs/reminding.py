"""Letters that come by themselves: once a week what waits, and before the end of a plan a warning.

A letter says how much waits and where to log in; no name, title or figure of a plan stands in it.
"""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from baken.actionplan.measures.reminders.digest import (
    digest_of,
    is_day_of_letters,
    list_plan_readers,
    list_readers,
)
from baken.actionplan.overview import get_overview
from baken.actionplan.plans.periods import reminder_to_send
from baken.actionplan.plans.queries import list_global_plans
from baken.actionplan.plans.rules import PlanState
from baken.actionplan.plans.variants import PlanKind
from baken.organisation.models import Account, Organisation, Person
from baken.organisation.permissions import Actor, Role
from baken.storage.jobs import JobMissing
from baken.storage.session import Session
from baken.storage.turns import ask_once
from baken.web import numerals
from baken.web.jobs.work import Work
from baken.web.mail.letters import LETTER_LANGUAGES, render

DIGEST: Final = "mail.digest"
PLAN_ENDS: Final = "mail.plan_ends"
_KEEPERS: Final = frozenset({Role.PREVENTION_ADVISER, Role.ADVISER, Role.EMPLOYER})


def ask_for_letters(work: Work) -> None:
    """Ask for the letters of this day, one for each reader; nothing without a mail server."""
    if work.settings.mail is None:
        return
    with work.session() as session:
        if is_day_of_letters(work.today):
            for reader in list_readers(session, today=work.today):
                _ask(work, session, DIGEST, reader.person_id, f"week {work.today}")
        for plan_id, months in _ending(session, work):
            for reader in list_plan_readers(session, today=work.today):
                if not reader.roles.isdisjoint(_KEEPERS):
                    _ask(work, session, PLAN_ENDS, reader.person_id, f"{plan_id} {months}")


def send_digest(work: Work) -> None:
    """Tell somebody how much waits; whoever has nothing waiting gets no letter."""
    with work.read() as session:
        found = _reader(session, work, list_readers)
        if found is None:
            return
        reader, account, place = found
        seen = get_overview(session, by=reader, today=work.today, now=work.clock())
    digest = digest_of(seen.waiting, today=work.today)
    if digest is None:
        return
    letter = render(
        "weekly_digest",
        account.language,
        name=account.name,
        organisation=place,
        waiting=digest.n_waiting,
        late=digest.n_late,
        link=f"{work.settings.origin}/o/{work.organisation_id}/reminders",
        stop=f"{work.settings.origin}/o/{work.organisation_id}/reminders/settings",
    )
    work.postman().send(account.mail, letter)


def send_plan_ends(work: Work) -> None:
    """Tell somebody who keeps the plans that one of them ends, and when."""
    with work.read() as session:
        # Whoever refused the letter of the week still hears that a plan ends: three times in years.
        found = _reader(session, work, list_plan_readers)
        ending = _ending(session, work)
        if found is None or not ending:
            return
        _, account, place = found
        last = min(one.until_on for one in list_global_plans(session) if one.id == ending[0][0])
    language = account.language if account.language in LETTER_LANGUAGES else "nl"
    letter = render(
        "plan_ends",
        account.language,
        name=account.name,
        organisation=place,
        day=numerals.day(last, language),
        link=f"{work.settings.origin}/o/{work.organisation_id}/plans",
    )
    work.postman().send(account.mail, letter)


def _ask(work: Work, session: Session, name: str, person_id: UUID, occasion: str) -> None:
    ask_once(
        session,
        name,
        f"{name} {occasion} {person_id}",
        now=work.clock(),
        organisation_id=work.organisation_id,
        subject_id=person_id,
    )


def _ending(session: Session, work: Work) -> list[tuple[UUID, int]]:
    """Plans over years that end soon without one that follows, and how many months before."""
    plans = list_global_plans(session)
    found = []
    for plan in plans:
        has_next = any(one.from_on > plan.from_on for one in plans)
        months = reminder_to_send(plan.until_on, today=work.today)
        is_held = plan.state == PlanState.ADOPTED and plan.kind == PlanKind.GLOBAL
        if is_held and not has_next and months is not None and plan.until_on >= work.today:
            found.append((plan.id, months))
    return found


def _reader(
    session: Session, work: Work, listed: Callable[..., list[Actor]]
) -> tuple[Actor, Account, str] | None:
    """Who the letter is for; None when they refused it or have no role here any more."""
    if work.job.subject_id is None:
        raise JobMissing
    person = session.get_one(Person, work.job.subject_id)
    readers = {one.person_id: one for one in listed(session, today=work.today)}
    reader = readers.get(person.id)
    if reader is None:
        return None
    account = session.get_one(Account, person.account_id)
    place = session.get_one(Organisation, work.organisation_id)
    return reader, account, place.name
