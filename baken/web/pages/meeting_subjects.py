"""What a point of an agenda can be about: what it is called, and what a form offers."""

from collections.abc import Iterator
from datetime import date
from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.actionplan.analyses.queries import get_analysis, list_analyses
from baken.actionplan.annualreport.queries import get_report, list_reports
from baken.actionplan.bodies.models import Proposal
from baken.actionplan.bodies.reach import list_own_seats, reads_proposal
from baken.actionplan.consultations.models import Consultation
from baken.actionplan.consultations.queries import (
    get_consultation,
    list_consultations,
    may_read,
)
from baken.actionplan.measures.queries import get_measure, list_measures
from baken.actionplan.measures.rules import ENDED
from baken.actionplan.meetings.points import About, Reference
from baken.actionplan.plans.queries import (
    get_annual_plan,
    get_global_plan,
    list_annual_plans,
    list_global_plans,
)
from baken.actionplan.references import find
from baken.analysis.releases.models import Release
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session
from baken.survey.campaigns.queries import get_campaign
from baken.web.pages.global_plan_views import year_title
from baken.web.pages.plan_forms import as_id
from baken.web.texts import catalogue

PATHS: Final = {
    About.GLOBAL_PLAN: "/plans/{id}",
    About.ANNUAL_PLAN: "/annual-plans/{id}",
    About.MEASURE: "/measures/{id}",
    About.ANALYSIS: "/analyses/{id}",
    About.PROPOSAL: "/bodies/proposals/{id}",
    About.CONSULTATION: "/consultations/{id}",
    About.REPORT: "/annual-reports/{id}",
}
OFFERED: Final = {
    About.GLOBAL_PLAN: Action.SEE_PLANS,
    About.ANNUAL_PLAN: Action.SEE_PLANS,
    About.MEASURE: Action.SEE_PLANS,
    About.ANALYSIS: Action.SEE_PLANS,
    About.PROPOSAL: Action.SEE_BODIES,
    About.CONSULTATION: Action.SEE_PLANS,
    About.REPORT: Action.SEE_REPORTS,
    About.RELEASE: Action.SEE_RESULTS,
}
"""Whoever chooses a subject sees it; whether all receivers may read it is asked later."""


def name_of(session: Session, reference: Reference, language: str) -> str:
    """What people call it."""
    match reference.about:
        case About.GLOBAL_PLAN:
            return get_global_plan(session, reference.id).title
        case About.ANNUAL_PLAN:
            return year_title(session, get_annual_plan(session, reference.id), language)
        case About.MEASURE:
            return get_measure(session, reference.id).title
        case About.ANALYSIS:
            return get_analysis(session, reference.id).title
        case About.PROPOSAL:
            return find(session, Proposal, reference.id).title
        case _:
            return _name_of_more(session, reference, language)


def _name_of_more(session: Session, reference: Reference, language: str) -> str:
    t = catalogue(language)
    if reference.about is About.CONSULTATION:
        return _asked(get_consultation(session, reference.id), language)
    if reference.about is About.REPORT:
        year = get_report(session, reference.id).year
        return t("meetings.report_of", year=str(year))
    release = find(session, Release, reference.id)
    campaign = get_campaign(session, release.campaign_id)
    return t("meetings.results_of", what=campaign.title, n=release.number)


def path_of(session: Session, reference: Reference) -> str:
    """Where it stands inside the organisation."""
    if reference.about is About.RELEASE:
        release = find(session, Release, reference.id)
        return f"/campaigns/{release.campaign_id}/results"
    return PATHS[reference.about].format(id=reference.id)


def list_choices(
    session: Session, language: str, *, by: Actor, today: date
) -> list[tuple[str, str]]:
    """Return what a point can be about, as value and label; the first is nothing."""
    t = catalogue(language)
    found = [("", t("meetings.about_nothing"))]
    for about in About:
        if may(by, OFFERED[about]):
            kind = t(f"meetings.about_{about}")
            found += [
                (
                    f"{about}:{one_id}",
                    t(
                        "meetings.about_what",
                        kind=kind,
                        name=name_of(session, Reference(about, one_id), language),
                    ),
                )
                for one_id in _offered(session, about, by, today)
            ]
    return found


def may_choose(session: Session, reference: Reference, *, by: Actor, today: date) -> bool:
    """Whether the person reads a subject, and so may put it on an agenda."""
    if not may(by, OFFERED[reference.about]):
        return False
    if reference.about is About.PROPOSAL:
        own = list_own_seats(session, by=by, today=today)
        return reads_proposal(find(session, Proposal, reference.id), own, by=by)
    if reference.about is About.CONSULTATION:
        return may_read(get_consultation(session, reference.id), by=by)
    return True


def as_reference(value: str | None) -> Reference | None:
    """What a form sent; None for nothing. The form checked that it was offered."""
    kind, _, text = (value or "").partition(":")
    one_id = as_id(text)
    return Reference(About(kind), one_id) if kind in set(About) and one_id else None


def _offered(session: Session, about: About, by: Actor, today: date) -> Iterator[UUID]:
    match about:
        case About.GLOBAL_PLAN:
            yield from (one.id for one in list_global_plans(session))
        case About.ANNUAL_PLAN:
            yield from (one.id for one in list_annual_plans(session))
        case About.MEASURE:
            yield from (one.id for one in list_measures(session) if one.status not in ENDED)
        case About.ANALYSIS:
            yield from (one.id for one in list_analyses(session))
        case About.PROPOSAL:
            own = list_own_seats(session, by=by, today=today)
            proposals = session.scalars(select(Proposal).order_by(Proposal.proposed_on.desc()))
            yield from (one.id for one in proposals if reads_proposal(one, own, by=by))
        case About.CONSULTATION:
            open_ones = (one for one in list_consultations(session) if one.outcome is None)
            yield from (one.id for one in open_ones if may_read(one, by=by))
        case _:
            yield from _offered_more(session, about)


def _offered_more(session: Session, about: About) -> Iterator[UUID]:
    if about is About.REPORT:
        yield from (one.id for one in list_reports(session))
        return
    asked = select(Release).order_by(Release.created_on.desc(), Release.number.desc())
    seen = set()
    for release in session.scalars(asked):
        if release.campaign_id not in seen:  # the newest of a survey replaces the others
            seen.add(release.campaign_id)
            yield release.id


def _asked(row: Consultation, language: str) -> str:
    t = catalogue(language)
    organ = t(f"consultations.organ_{row.organ}")
    return t("meetings.asked_of", organ=organ, day=row.asked_on)
