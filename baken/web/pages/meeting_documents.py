"""The documents that a point refers to, from the makers that there are; or why there is none."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from baken.actionplan.analyses.queries import get_analysis
from baken.actionplan.annualreport.queries import get_report, list_signatures
from baken.actionplan.annualreport.rules import ReportState
from baken.actionplan.bodies.models import Body, Proposal
from baken.actionplan.consultations.queries import get_consultation
from baken.actionplan.consultations.queries import may_read as may_read_consultation
from baken.actionplan.measures.queries import get_measure
from baken.actionplan.meetings.packs import PackPart, Why
from baken.actionplan.meetings.points import About, Reference
from baken.actionplan.meetings.readers import check_reads_pack, is_between
from baken.actionplan.plans import queries as plans
from baken.actionplan.plans.editions.content import content_of, measure_content
from baken.actionplan.plans.editions.queries import get_edition
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan
from baken.actionplan.plans.rules import PlanState
from baken.actionplan.references import find
from baken.analysis.releases.models import Release
from baken.analysis.releases.told import told_today
from baken.analysis.tallies.actions import instrument_of
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session
from baken.survey.campaigns.queries import get_campaign
from baken.web.documents.annual_report import report_page
from baken.web.documents.meeting_pages import SubjectPaper, subject_page
from baken.web.documents.plan_files import Standing, Words, plan_page
from baken.web.documents.results.page import Frozen, analysis_page
from baken.web.pages.annual_report_views import source_of
from baken.web.pages.meeting_subjects import as_reference
from baken.web.pages.results_files import MOST_PRINTED
from baken.web.texts import catalogue

SEEN_WITH: Final = {
    About.GLOBAL_PLAN: Action.SEE_PLANS,
    About.ANNUAL_PLAN: Action.SEE_PLANS,
    About.MEASURE: Action.SEE_PLANS,
    About.ANALYSIS: Action.SEE_PLANS,
    About.REPORT: Action.SEE_REPORTS,
    About.RELEASE: Action.SEE_RESULTS,
}
"""With which right a document is read; others have a rule of their own."""


@dataclass(frozen=True, slots=True)
class Making:
    """In which language documents are made, and from where styles come."""

    session: Session
    language: str
    static_root: str


def reads(session: Session, reference: Reference, body: Body) -> Callable[[Actor], bool]:
    """Return whether somebody may read the document of a subject."""
    if reference.about is About.PROPOSAL:
        between = is_between(find(session, Proposal, reference.id), body)
        return lambda one: between or may(one, Action.OVERSEE_BODIES)
    if reference.about is About.CONSULTATION:
        row = get_consultation(session, reference.id)
        return lambda one: may_read_consultation(row, by=one)
    action = SEEN_WITH[reference.about]
    return lambda one: may(one, action)


def check_reads_parts(
    session: Session, parts: Iterable[PackPart], body: Body, *, by: Actor
) -> None:
    """Raise `Denied` unless the reader may read every document among the parts of a pack."""
    references = filter(None, (as_reference(part.key) for part in parts))
    check_reads_pack((reads(session, one, body) for one in references), by=by)


def document_of(making: Making, reference: Reference) -> str | Why:
    """Return the page of what a point is about, or why there is none."""
    match reference.about:
        case About.GLOBAL_PLAN:
            return _plan(making, plans.get_global_plan(making.session, reference.id))
        case About.ANNUAL_PLAN:
            return _plan(making, plans.get_annual_plan(making.session, reference.id))
        case About.REPORT:
            return _report(making, reference)
        case About.RELEASE:
            return _results(making, reference)
        case _:
            return subject_page(
                _PAPERS[reference.about](making, reference), language=making.language
            )


def _plan(making: Making, plan: GlobalPlan | AnnualPlan) -> str:
    content, standing = content_of(making.session, plan), Standing(plan.edition, None)
    if plan.state in {PlanState.ADOPTED, PlanState.ENDED}:
        kept = get_edition(making.session, plan.id, plan.edition, is_adopted=True)
        content, standing = kept.content, Standing(kept.edition, kept.adopted_on)
    return plan_page(
        making.session,
        content,
        standing,
        language=making.language,
        static_root=making.static_root,
    )


def _report(making: Making, reference: Reference) -> str | Why:
    report = get_report(making.session, reference.id)
    if report.state is not ReportState.SIGNED or report.content is None:
        return Why.NOT_READY  # until it is signed, only who draws it up or signs it reads it
    signed = list_signatures(making.session, report.id).values()
    return report_page(
        source_of(report, report.content, signed),
        language=making.language,
        static_root=making.static_root,
    )


def _results(making: Making, reference: Reference) -> str | Why:
    release = find(making.session, Release, reference.id)
    campaign = get_campaign(making.session, release.campaign_id)
    if len(campaign.tree.units) > MOST_PRINTED:
        return Why.TOO_LARGE
    instrument = instrument_of(making.session, campaign)
    frozen = Frozen(
        campaign=campaign.title,
        number=release.number,
        made_on=release.created_on,
        sha256=release.sha256,
        software=release.software_version,
    )
    found = told_today(release, instrument)
    return analysis_page(found, instrument, campaign.tree, making.language, frozen)


def _measure(making: Making, reference: Reference) -> SubjectPaper:
    measure = get_measure(making.session, reference.id)
    told = Words(making.session, making.language).measure(measure_content(making.session, measure))
    return SubjectPaper(_kind(making, reference), told.title, told.facts)


def _analysis(making: Making, reference: Reference) -> SubjectPaper:
    row = get_analysis(making.session, reference.id)
    t = catalogue(making.language)
    texts = (
        (t("meetings.analysis_method"), row.method),
        (t("meetings.analysis_participation"), row.participation),
    )
    kind = t(f"analyses.kind_{row.kind}")
    return SubjectPaper(kind, row.title, (), _said(texts))


def _proposal(making: Making, reference: Reference) -> SubjectPaper:
    row = find(making.session, Proposal, reference.id)
    t = catalogue(making.language)
    texts = (
        (t("meetings.proposal_text"), row.text),
        (t("meetings.proposal_grounds"), row.grounds),
        (t("meetings.proposal_means"), row.means),
        (t("meetings.dissent"), row.dissent),
    )
    facts = ((t("meetings.due_on"), t("plans.day", day=row.due_on)),)
    return SubjectPaper(_kind(making, reference), row.title, facts, _said(texts))


def _consultation(making: Making, reference: Reference) -> SubjectPaper:
    row = get_consultation(making.session, reference.id)
    t = catalogue(making.language)
    facts = (
        (t("meetings.consulted"), t(f"consultations.organ_{row.organ}")),
        (t("meetings.asked_on"), t("plans.day", day=row.asked_on)),
        (t("meetings.due_on"), t("plans.day", day=row.due_on)),
    )
    texts = ((t("meetings.text_sent"), row.text_sent),)
    return SubjectPaper(
        _kind(making, reference), t(f"consultations.kind_{row.kind}"), facts, _said(texts)
    )


def _kind(making: Making, reference: Reference) -> str:
    return catalogue(making.language)(f"meetings.about_{reference.about}")


def _said(texts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((label, text) for label, text in texts if text)


_PAPERS: Final[dict[About, Callable[[Making, Reference], Any]]] = {
    About.MEASURE: _measure,
    About.ANALYSIS: _analysis,
    About.PROPOSAL: _proposal,
    About.CONSULTATION: _consultation,
}
