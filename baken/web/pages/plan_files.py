"""The plans as files, and their adopted versions beside each other."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.actionplan.plans import queries
from baken.actionplan.plans.editions.content import content_of
from baken.actionplan.plans.editions.differences import Difference, differences
from baken.actionplan.plans.editions.models import PlanEdition
from baken.actionplan.plans.editions.queries import get_edition, list_editions
from baken.actionplan.plans.models import AnnualPlan, GlobalPlan
from baken.actionplan.plans.rules import PlanState
from baken.organisation.people import list_names
from baken.organisation.permissions import Action
from baken.storage.session import Session
from baken.web.documents.plan_files import KINDS, Standing, Words, plan_file, plan_page
from baken.web.pages.edition_words import readable
from baken.web.pages.global_plan_views import year_title
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.texts import Catalogue, catalogue

ROOT: Final = "/o/{organisation_id:uuid}"
SEE: Final = {"action": Action.SEE_PLANS}
# What says the codes that an edition keeps of an analysis and of what it found.
SAID_BY: Final = {
    ("analyses", "level"): "analyses.level_",
    ("analyses", "coverage"): "analyses.",
    ("findings", "factor"): "findings.factor_",
    ("findings", "sub_factor"): "findings.sub_",
    ("findings", "impact"): "plans.",
    ("findings", "danger"): "plans.",
}


@dataclass(frozen=True, slots=True)
class EditionRow:
    """An adopted version in a list."""

    edition: int
    adopted_on: date
    by: str


@dataclass(frozen=True, slots=True)
class DifferenceRow:
    """One change in words: where, of what, and its pieces (same, new, gone)."""

    place: str
    kind: str
    pieces: tuple[tuple[str, str], ...]


class PlanFiles(Controller):
    """Documents and versions of both plans."""

    path = ROOT

    @get("/plans/{plan_id:uuid}/document/{kind:str}", opt=SEE, sync_to_thread=True)
    def global_file(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        plan_id: FromPath[UUID],
        kind: FromPath[str],
    ) -> Response[bytes]:
        return _file(request, session, queries.get_global_plan(session, plan_id), kind)

    @get("/annual-plans/{plan_id:uuid}/document/{kind:str}", opt=SEE, sync_to_thread=True)
    def annual_file(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        plan_id: FromPath[UUID],
        kind: FromPath[str],
    ) -> Response[bytes]:
        return _file(request, session, queries.get_annual_plan(session, plan_id), kind)

    @get("/plans/{plan_id:uuid}/versions", opt=SEE, sync_to_thread=True)
    def global_versions(
        self, request: PageRequest, session: NamedDependency[Session], plan_id: FromPath[UUID]
    ) -> Response[str]:
        plan = queries.get_global_plan(session, plan_id)
        return _versions(request, session, plan, plan.title, f"/plans/{plan.id}")

    @get("/annual-plans/{plan_id:uuid}/versions", opt=SEE, sync_to_thread=True)
    def annual_versions(
        self, request: PageRequest, session: NamedDependency[Session], plan_id: FromPath[UUID]
    ) -> Response[str]:
        plan = queries.get_annual_plan(session, plan_id)
        name = year_title(session, plan, frame_of(request).language)
        return _versions(request, session, plan, name, f"/annual-plans/{plan.id}")


def _file(
    request: PageRequest, session: Session, plan: GlobalPlan | AnnualPlan, kind: str
) -> Response[bytes]:
    """The version that was asked for; without a wish the plan as it stands."""
    if kind not in KINDS:
        raise NotFoundException
    asked = _number(request.query_params.get("version", ""))
    is_adopted = plan.state in {PlanState.ADOPTED, PlanState.ENDED}
    if asked or is_adopted:
        wanted = asked or plan.edition
        # A plan gets a new number when it is opened after its adoption, and only then.
        was_adopted = 0 < wanted < plan.edition or (is_adopted and wanted == plan.edition)
        edition = get_edition(session, plan.id, wanted, is_adopted=was_adopted)
        content, standing = edition.content, Standing(edition.edition, edition.adopted_on)
    else:
        content, standing = content_of(session, plan), Standing(plan.edition, None)
    text = plan_page(
        session,
        content,
        standing,
        language=frame_of(request).language,
        static_root=request.app.state.static_root,
    )
    is_global = isinstance(plan, GlobalPlan)
    year = content["from_on" if is_global else "starts_on"][:4]
    name = f"{'global-plan' if is_global else 'annual-plan'}-{year}-{standing.edition}.{kind}"
    return Response(
        plan_file(text, kind),
        media_type=KINDS[kind],
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _versions(
    request: PageRequest, session: Session, plan: GlobalPlan | AnnualPlan, name: str, here: str
) -> Response[str]:
    found = list_editions(session, plan.id)
    people = dict(list_names(session))
    rows = tuple(
        EditionRow(one.edition, one.adopted_on, people.get(one.adopted_by, "")) for one in found
    )
    chosen = _chosen(request, found)
    t = catalogue(frame_of(request).language)
    shown: tuple[DifferenceRow, ...] = ()
    if chosen is not None:
        before, after = chosen
        words = Words(session, frame_of(request).language)
        read = [readable(one.content, words) for one in (before, after)]
        shown = tuple(_row(one, t) for one in differences(*read))
    return page(
        request,
        "actionplan/versions.html",
        name=name,
        here=here,
        rows=rows,
        chosen=(chosen[0].edition, chosen[1].edition) if chosen else None,
        differences=shown,
    )


def _chosen(
    request: PageRequest, found: list[PlanEdition]
) -> tuple[PlanEdition, PlanEdition] | None:
    """The two versions that were asked for, or the last two; None when there are not two."""
    if len(found) < 2:
        return None
    by_number = {one.edition: one for one in found}
    before = by_number.get(_number(request.query_params.get("before", "")), found[-2])
    after = by_number.get(_number(request.query_params.get("after", "")), found[-1])
    return before, after


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _row(one: Difference, t: Catalogue) -> DifferenceRow:
    element = t(f"editions.element_{one.element}")
    part, _, place = one.part.partition(".")
    factor = t(f"findings.factor_{place}") if place else ""
    names = [element, one.name, _part(one.element, part, t), factor]
    said = SAID_BY.get((one.element, part), "")
    pieces = tuple((piece.value, _said(said, text, t)) for piece, text in one.words)
    return DifferenceRow(" · ".join(name for name in names if name), one.kind.value, pieces)


def _part(element: str, part: str, t: Catalogue) -> str:
    for key in (f"editions.part_{element}_{part}", f"editions.part_{part}"):
        if t.has(key):
            return str(t(key))
    return part


def _said(group: str, text: str, t: Catalogue) -> str:
    """A value that is kept as a code, in words."""
    return str(t(f"{group}{text}")) if group and t.has(f"{group}{text}") else text
