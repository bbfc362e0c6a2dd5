"""Whose rules an organisation follows in its plans: reading and choosing."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy import select

from baken.actionplan.errors import Invalid
from baken.actionplan.plans.models import PlanSettings
from baken.actionplan.plans.variants import Variant, is_exempt
from baken.actionplan.wording import TITLE_LENGTH
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What an organisation chooses; the last two count for the Dutch review by an expert."""

    variant: Variant
    branch_instrument: str = ""
    people: int = 0


def find_settings(session: Session) -> PlanSettings | None:
    """Return what the organisation chose; None while the Belgian rules hold by themselves."""
    return session.scalars(select(PlanSettings)).one_or_none()


def get_variant(session: Session) -> Variant:
    """Return whose rules the organisation follows."""
    found = find_settings(session)
    return Variant.BELGIAN if found is None else found.variant


def is_review_exempt(session: Session) -> bool:
    """Whether an inventory of this organisation needs no review by an expert."""
    found = find_settings(session)
    return found is not None and is_exempt(
        people=found.people, branch_instrument=found.branch_instrument
    )


def choose(session: Session, choice: Choice, *, seen: int, by: Actor) -> PlanSettings:
    """Choose whose rules the plans follow; `seen` is 0 where nothing was chosen before."""
    require(by, Action.SET_UP_PLANS)
    _check(choice)
    settings = find_settings(session)
    if settings is None:
        settings = PlanSettings(id=uuid4(), variant=choice.variant)
        session.add(settings)
    else:
        check_version(settings, seen)
    settings.variant = choice.variant
    settings.branch_instrument = choice.branch_instrument.strip()
    settings.people = choice.people
    session.flush()
    record(
        session,
        "plans.set_up",
        by=by.person_id,
        subject=f"plan_settings:{settings.id}",
        facts={"variant": choice.variant.value},
    )
    return settings


def _check(choice: Choice) -> None:
    if len(choice.branch_instrument) > TITLE_LENGTH:
        raise Invalid("actionplan.name_too_long", "A name has at most 200 characters.")
    if not 0 <= choice.people <= 1_000_000:
        raise Invalid("actionplan.people_outside", "Write how many people work here.")
