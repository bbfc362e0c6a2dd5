"""Findings: what a released figure says about a unit, in words that hold."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.actionplan.analyses.queries import get_analysis
from baken.actionplan.chain import Chain, chain_of_finding, list_taken_up
from baken.actionplan.findings import actions, queries
from baken.actionplan.findings.factors import Factor
from baken.actionplan.indicators.cells import released_cell
from baken.actionplan.plans.queries import find_changeable_plan
from baken.actionplan.prevention import Domain
from baken.actionplan.priorities.models import Priority
from baken.actionplan.priorities.rules import PriorityState
from baken.analysis.releases.queries import get_release
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.survey.library.queries import get_instrument
from baken.web.body import Form
from baken.web.pages.chain_views import stations_of
from baken.web.pages.finding_evidence import evidence_rows
from baken.web.pages.finding_forms import FindingForm
from baken.web.pages.global_plan_views import PlanRow
from baken.web.pages.people_named import People
from baken.web.pages.plan_forms import as_id, save
from baken.web.pages.plan_views import (
    AnalysisRow,
    figures_in_words,
    finding_view,
    light_shown,
    name_of_unit,
    scale_name,
)
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.pages.unit_ends import where_it_went

FORM = "actionplan/finding_form.html"
# What a finding is about, until somebody says more.
FIRST: Final = {"domains": [Domain.PSYCHOSOCIAL.value]}


@dataclass(frozen=True, slots=True)
class CellView:
    """A released cell in words: what a finding starts from."""

    release_id: UUID
    unit_key: str
    scale_key: str
    unit: str
    scale: str
    factor: str
    light: str
    words: tuple[str, ...]
    address: str


def cell_view(session: Session, request: PageRequest, *, by: Actor, language: str) -> CellView:
    """Read the cell that the address names; a hidden one is refused with its reason."""
    asked = {key: request.query_params.get(key, "") for key in ("release", "unit", "scale")}
    release_id = as_id(asked["release"])
    if release_id is None:
        raise NotFoundException
    release = get_release(session, release_id, by=by)
    cell = released_cell(release.results, asked["unit"], asked["scale"])
    instrument = get_instrument(session, release.instrument_key, release.instrument_version)
    dimensions = {scale.key: scale.dimension for scale in instrument.scales}
    return CellView(
        release_id=release_id,
        unit_key=asked["unit"],
        scale_key=asked["scale"],
        unit=name_of_unit(session, asked["unit"], language),
        scale=scale_name(session, release, asked["scale"], language),
        factor=dimensions.get(asked["scale"], Factor.A1),
        light=light_shown(session, release, (asked["unit"], asked["scale"]), cell.as_figures()),
        words=figures_in_words(cell.as_figures(), language),
        address=frame_of(request).url(
            f"/findings/new?release={release_id}&unit={asked['unit']}&scale={asked['scale']}"
        ),
    )


class FindingPages(Controller):
    """From figures to findings."""

    path = "/o/{organisation_id:uuid}/findings"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        asked = {name: request.query_params.get(name, "") for name in ("a", "unit", "next")}
        every = queries.list_findings(session)
        taken = list_taken_up(session)
        rows = tuple(
            (
                finding_view(session, row, by=actor, today=today, language=language),
                row.id in taken,
            )
            for row in every
            if asked["a"] in {"", row.factor.value}
            and asked["unit"] in {"", row.unit_key}
            and (asked["next"] != "none" or row.id not in taken)
        )
        units = {row.unit_key: name_of_unit(session, row.unit_key, language) for row in every}
        return page(
            request,
            "actionplan/findings.html",
            rows=rows,
            asked=asked,
            n_all=len(every),
            units=sorted(units.items(), key=lambda one: one[1].casefold()),
            factors=sorted({row.factor.value for row in every}),
        )

    @get("/new", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
    ) -> Response[str]:
        cell = cell_view(session, request, by=actor, language=language)
        form = FindingForm.blank(language, {"factor": cell.factor, **FIRST}).offer(session)
        return page(request, FORM, form=form, cell=cell, finding=None, meanwhile=())

    @post("/new", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        cell = cell_view(session, request, by=actor, language=language)
        sent = FindingForm.read(form, language).offer(session)

        def write() -> str:
            made = actions.record_finding(
                session,
                cell.release_id,
                unit_key=cell.unit_key,
                scale=cell.scale_key,
                fields=sent.fields(),
                by=actor,
                today=today,
            )
            return frame_of(request).url(f"/findings/{made.id}")

        said = "findings.done_recorded"
        return save(request, session, FORM, sent, write, said=said, cell=cell, finding=None)

    @get("/{finding_id:uuid}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        finding_id: FromPath[UUID],
    ) -> Response[str]:
        row = queries.get_finding(session, finding_id)
        known = row.risk_analysis_id
        analysis = AnalysisRow.of(get_analysis(session, known)) if known else None
        finding = finding_view(session, row, by=actor, today=today, language=language)
        plan = find_changeable_plan(session)
        chain = chain_of_finding(session, finding_id, by=actor, today=today)
        return page(
            request,
            "actionplan/finding.html",
            finding=finding,
            evidence=evidence_rows(session, finding_id, by=actor, language=language),
            analysis=analysis,
            found_by=People.known(session).of(row.found_by),
            plan=PlanRow.of(plan) if plan else None,
            gone=where_it_went(session, row.unit_id, today=today, language=language),
            stations=stations_of(chain, "finding", by=actor, language=language),
            priority=_taken_on(chain),
        )

    @get("/{finding_id:uuid}/edit", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        finding_id: FromPath[UUID],
    ) -> Response[str]:
        row = queries.get_finding(session, finding_id)
        finding = finding_view(session, row, by=actor, today=today, language=language)
        form = FindingForm.of(row, language).offer(session)
        return page(request, FORM, form=form, cell=None, finding=finding, meanwhile=())

    @post("/{finding_id:uuid}/edit", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        finding_id: FromPath[UUID],
    ) -> Response[str]:
        row = queries.get_finding(session, finding_id)
        finding = finding_view(session, row, by=actor, today=today, language=language)
        sent = FindingForm.read(form, language).offer(session)

        def write() -> str:
            actions.reword_finding(session, finding_id, sent.fields(), seen=sent.seen, by=actor)
            return frame_of(request).url(f"/findings/{finding_id}")

        def standing() -> FindingForm:
            return FindingForm.of(queries.get_finding(session, finding_id), language).offer(session)

        return save(
            request,
            session,
            FORM,
            sent,
            write,
            said="findings.done_reworded",
            standing=standing,
            cell=None,
            finding=finding,
        )


def _taken_on(chain: Chain) -> Priority | None:
    """The priority that goes on with a finding: what was chosen first, what was dropped never."""
    going = [one for one in chain.priorities if one.state != PriorityState.DROPPED]
    return min(going, key=lambda one: one.state != PriorityState.CHOSEN, default=None)
