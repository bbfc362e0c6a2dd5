"""Reading adopted editions."""

from uuid import UUID

from sqlalchemy import or_, select

from baken.actionplan.errors import NotFound
from baken.actionplan.plans.editions.models import PlanEdition
from baken.storage.session import Session


def list_editions(session: Session, plan_id: UUID) -> list[PlanEdition]:
    """Return the adopted editions of a plan, of five years or of one, the oldest first."""
    asked = select(PlanEdition).where(
        or_(PlanEdition.global_plan_id == plan_id, PlanEdition.annual_plan_id == plan_id)
    )
    return list(session.scalars(asked.order_by(PlanEdition.edition)))


def get_edition(
    session: Session, plan_id: UUID, edition: int, *, is_adopted: bool = False
) -> PlanEdition:
    """Return one adopted edition of a plan.

    Raises
    ------
    NotFound
        The plan was never adopted in this edition, or (`is_adopted`) before editions were kept.
    """
    found = next((one for one in list_editions(session, plan_id) if one.edition == edition), None)
    if found is None and is_adopted:
        raise NotFound(
            "actionplan.edition_not_kept",
            "This version was adopted before Baken kept versions, so there is no document of it. "
            "It comes with the next adoption; the plan itself stands on its page.",
        )
    if found is None:
        raise NotFound("actionplan.no_such_edition", "This version of the plan was never adopted.")
    return found
