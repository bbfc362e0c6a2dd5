"""Writing a feedback page, letting everybody read it, and taking it back."""

import secrets
from datetime import date
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from baken.actionplan.errors import InvalidTransition, NotFound
from baken.actionplan.plans.feedback import rules
from baken.actionplan.plans.feedback.cautions import check_confirmed, list_cautions
from baken.actionplan.plans.feedback.models import FeedbackPage
from baken.actionplan.plans.feedback.rules import FeedbackFields
from baken.actionplan.references import check_exists, find
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.session import Session
from baken.survey.campaigns.models import PublicName
from baken.survey.campaigns.queries import find_public_name
from baken.survey.errors import CampaignNotFound

KIND: Final = "feedback"
"""Kind of public name."""

_SIGNS: Final = "abcdefghjkmnpqrstvwxyz23456789"


def get_feedback(session: Session, page_id: UUID) -> FeedbackPage:
    """Return one page."""
    return find(session, FeedbackPage, page_id)


def list_feedback(session: Session) -> list[FeedbackPage]:
    """Return all pages by their title."""
    return list(session.scalars(select(FeedbackPage).order_by(FeedbackPage.title, FeedbackPage.id)))


def get_address(session: Session, page_id: UUID) -> str:
    """Return the public name of a released page; empty before it was released."""
    asked = select(PublicName.name).where(PublicName.subject_id == page_id, PublicName.kind == KIND)
    return session.scalars(asked).first() or ""


def find_owner(session: Session, name: str) -> tuple[UUID, UUID]:
    """Return organisation and page of a public name; works in a session of no organisation."""
    try:
        found = find_public_name(session, name, kind=KIND)
    except CampaignNotFound as error:
        raise NotFound(
            "actionplan.no_feedback", "There is nothing to read at this address."
        ) from error
    return found.organisation_id, found.subject_id


def write_feedback(
    session: Session, fields: FeedbackFields, *, page_id: UUID | None = None, seen: int = 0,
    by: Actor,
) -> FeedbackPage:  # fmt: skip
    """Write a page, a new one or anew; what was released before stays as it was."""
    require(by, Action.EDIT_PLANS)
    rules.check_feedback(fields)
    check_exists(session, Unit, fields.unit_id)
    if page_id is None:
        page = FeedbackPage(id=uuid4(), **_columns(fields))
        session.add(page)
    else:
        page = get_feedback(session, page_id)
        check_version(page, seen)
        for name, value in _columns(fields).items():
            setattr(page, name, value)
    session.flush()
    _record(session, "written", page, by)
    return page


def release_feedback(
    session: Session, page_id: UUID, *, seen: int, confirmed: bool, by: Actor, today: date
) -> FeedbackPage:
    """Let everybody with the address read the page as it is now.

    Parameters
    ----------
    confirmed : bool
        Whether somebody read it once more with the cautions in mind; asked only where there are.
    """
    require(by, Action.RELEASE_FEEDBACK)
    page = get_feedback(session, page_id)
    check_version(page, seen)
    rules.check_can_release(len(page.lines))
    cautions = list_cautions(session, page, by=by, today=today)
    check_confirmed(cautions, confirmed=confirmed)
    page.released = _as_released(session, page)
    page.released_on, page.released_by = today, by.person_id
    if not get_address(session, page.id):
        name = "".join(secrets.choice(_SIGNS) for _ in range(10))
        session.add(
            PublicName(name=name, organisation_id=by.organisation_id, kind=KIND, subject_id=page.id)
        )
    session.flush()
    _record(session, "released", page, by, cautions=[one.caution.value for one in cautions])
    return page


def withdraw_feedback(session: Session, page_id: UUID, *, seen: int, by: Actor) -> FeedbackPage:
    """Take a page back: its address leads nowhere from now on."""
    require(by, Action.RELEASE_FEEDBACK)
    page = get_feedback(session, page_id)
    check_version(page, seen)
    if page.released is None:
        raise InvalidTransition("actionplan.not_released", "This page was not released.")
    page.released, page.released_on, page.released_by = None, None, None
    session.execute(
        delete(PublicName).where(PublicName.subject_id == page.id, PublicName.kind == KIND)
    )
    session.flush()
    _record(session, "withdrawn", page, by)
    return page


def is_newer(session: Session, page: FeedbackPage) -> bool:
    """Whether the page now says something else than what everybody with the address reads."""
    return page.released is not None and page.released != _as_released(session, page)


def _as_released(session: Session, page: FeedbackPage) -> dict[str, Any]:
    return {
        "title": page.title,
        "language": page.language,
        "intro": page.intro,
        "lines": page.lines,
        "unit": session.get_one(Unit, page.unit_id).name if page.unit_id else "",
    }


def _columns(fields: FeedbackFields) -> dict[str, Any]:
    return {
        "title": fields.title.strip(),
        "language": fields.language,
        "intro": fields.intro.strip(),
        "unit_id": fields.unit_id,
        "lines": [
            {"said": line.said.strip(), "did": line.did.strip(), "standing": line.standing.value}
            for line in fields.lines
        ],
    }


def _record(session: Session, verb: str, page: FeedbackPage, by: Actor, **facts: Any) -> None:
    subject = f"feedback_page:{page.id}"
    record(session, f"feedback.{verb}", by=by.person_id, subject=subject, facts=facts or None)
