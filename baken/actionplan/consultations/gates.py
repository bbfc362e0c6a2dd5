"""Whether everything was asked and is answered: what other rooms look at before they decide."""

from datetime import date

from baken.actionplan.consultations import items
from baken.actionplan.consultations.items import Standing
from baken.actionplan.consultations.organs import present_organs
from baken.actionplan.consultations.queries import list_asked
from baken.actionplan.consultations.rules import Subject
from baken.storage.session import Session


def standing_of(session: Session, code: str, subject: Subject, *, today: date) -> Standing:
    """Say how one line of the table stands for one thing."""
    return items.standing(
        items.get_item(code),
        list_asked(session, subject),
        present=present_organs(session),
        today=today,
    )


def check_asked(session: Session, code: str, subject: Subject, *, today: date) -> None:
    """Raise `InvalidTransition` unless what the table asks was asked and lets it be decided."""
    items.check_standing(standing_of(session, code, subject, today=today))


def check_not_waiting(session: Session, code: str, subject: Subject, *, today: date) -> None:
    """Raise `InvalidTransition` when it was asked and no answer lets it be decided yet.

    For what can be decided without a question of its own, because advice came another way.
    """
    found = items.standing_of_asked(
        items.get_item(code),
        list_asked(session, subject),
        present=present_organs(session),
        today=today,
    )
    items.check_standing(found)
