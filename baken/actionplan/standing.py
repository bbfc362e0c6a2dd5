"""Where an organisation stands on a day: what the protocol of a hand-over lists."""

from datetime import date
from typing import Any

from sqlalchemy import select

from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.rules import MeasureStatus
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan
from baken.storage.audit import verify
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign

_OVER = frozenset({MeasureStatus.DONE, MeasureStatus.STOPPED})


def describe_standing(session: Session) -> dict[str, Any]:
    """Return surveys with their keys, plans, open measures and the head of the record."""
    return {
        "campaigns": [_campaign(row) for row in _campaigns(session)],
        "plans": [_plan(row) for row in session.scalars(select(GlobalPlan))],
        "annual_plans": [
            {
                "starts_on": row.starts_on.isoformat(),
                "ends_on": row.ends_on.isoformat(),
                "state": row.state.value,
            }
            for row in session.scalars(select(AnnualPlan).order_by(AnnualPlan.starts_on))
        ],
        "measures": [
            {
                "title": row.title,
                "status": row.status.value,
                "responsible": row.responsible_name,
                "ends_on": row.ends_on.isoformat(),
            }
            for row in session.scalars(
                select(Measure).order_by(Measure.ends_on, Measure.title, Measure.id)
            )
            if row.status not in _OVER
        ],
        "audit_head": verify(session).head,
    }


def _campaigns(session: Session) -> list[Campaign]:
    return list(
        session.scalars(select(Campaign).order_by(Campaign.opens_on, Campaign.title, Campaign.id))
    )


def _campaign(row: Campaign) -> dict[str, Any]:
    return {
        "title": row.title,
        "state": row.state.value,
        "closes_on": row.closes_on.isoformat(),
        "keys_destroyed_on": _iso(row.keys_destroyed_on),
        "copies_expire_on": _iso(row.copies_expire_on),
    }


def _plan(row: GlobalPlan) -> dict[str, Any]:
    return {
        "title": row.title,
        "state": row.state.value,
        "from_on": row.from_on.isoformat(),
        "until_on": row.until_on.isoformat(),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
