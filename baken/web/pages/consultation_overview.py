"""A year of consultation: what was asked, what is still to be asked, and the table behind it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.actionplan.consultations.items import items_of
from baken.actionplan.consultations.organs import choose_organs, find_organs, present_organs
from baken.actionplan.consultations.queries import list_of_year, list_years, sees_all, subject_of
from baken.actionplan.consultations.rules import Organ, SubjectKind
from baken.actionplan.plans.choices import get_variant
from baken.actionplan.plans.subjects import names_of
from baken.actionplan.to_ask import ToAsk, list_to_ask
from baken.organisation.organisations import get_organisation
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.documents.plan_files import KINDS, plan_file
from baken.web.pages.consultation_forms import OrgansForm
from baken.web.pages.consultation_replies import earlier_replies
from baken.web.pages.consultations import HERE
from baken.web.pages.plan_forms import as_version, save
from baken.web.pages.plan_views import ConsultationView, consultation_view
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.rendering import render
from baken.web.texts import Catalogue, catalogue

ORGANS: Final = "actionplan/consultation_organs.html"
_DIRECT: Final = (SubjectKind.PERSON, SubjectKind.YEAR, SubjectKind.TEXT)
SEE: Final = {"action": Action.SEE_PLANS}
SET_UP: Final = {"action": Action.SET_UP_PLANS}


@dataclass(frozen=True, slots=True)
class ToAskRow:
    """Something still to be asked; `path` leads to the form."""

    item: str
    name: str
    organ: str
    kind: str
    by_on: date | None
    is_late: bool
    changed: bool
    path: str


@dataclass(frozen=True, slots=True)
class ItemRow:
    """A line of the table; `organ` is whom this organisation asks, empty for nobody."""

    code: str
    organs: tuple[str, ...]
    organ: str
    kind: str
    timing: str
    is_unanimous: bool
    status: str
    # What a question about no row of Baken is asked about; empty where one is needed.
    direct: str


@dataclass(frozen=True, slots=True)
class YearView:
    """A year of consultation."""

    year: int
    years: tuple[int, ...]
    organ: str
    organs: tuple[str, ...]
    to_ask: tuple[ToAskRow, ...]
    asked: tuple[ConsultationView, ...]


class ConsultationOverview(Controller):
    """The year, on a page and on paper; the table; the organs."""

    path = "/o/{organisation_id:uuid}/consultations"

    @get("/", opt=SEE, sync_to_thread=True)
    def year_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        shown = _year(request, session, by=actor, today=today, language=language)
        is_whole = sees_all(actor)
        return page(request, "actionplan/consultations.html", shown=shown, is_whole=is_whole)

    @get("/document/{kind:str}", opt=SEE, sync_to_thread=True)
    def document(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        kind: FromPath[str],
    ) -> Response[bytes]:
        if kind not in KINDS:
            raise NotFoundException
        shown = _year(request, session, by=actor, today=today, language=language)
        text = render(
            "documents/consultations.html",
            request.app.state.static_root,
            language=language,
            organisation=get_organisation(session, actor.organisation_id).name,
            shown=shown,
            earlier=earlier_replies(session, [row.id for row in shown.asked]),
            today=today,
        )
        name = f"consultation-{shown.year}.{kind}"
        return Response(
            plan_file(text, kind),
            media_type=KINDS[kind],
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @get("/table", opt=SEE, sync_to_thread=True)
    def table_page(self, request: PageRequest, session: NamedDependency[Session]) -> Response[str]:
        return page(request, "actionplan/consultation_table.html", rows=_items(session))

    @get("/organs", opt=SET_UP, sync_to_thread=True)
    def organs_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        return page(request, ORGANS, form=_organs(session, language), meanwhile=())

    @post("/organs", opt=SET_UP, sync_to_thread=True)
    def save_organs(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = OrgansForm.read(form, language)

        def write() -> str:
            choose_organs(session, sent.chosen, seen=sent.seen, by=actor)
            frame = frame_of(request)
            return frame.url(f"{HERE}/table" if frame.may(Action.SEE_PLANS) else "/bodies/organs")

        def standing() -> OrgansForm:
            return _organs(session, language)

        said = "consultations.done_organs"
        return save(request, session, ORGANS, sent, write, said=said, standing=standing)


def _organs(session: Session, language: str) -> OrgansForm:
    return OrgansForm.of(find_organs(session), present_organs(session), language)


def _year(
    request: PageRequest, session: Session, *, by: Actor, today: date, language: str
) -> YearView:
    told = request.query_params
    year = as_version(told.get("year")) or today.year
    if not 2000 <= year <= 2100:
        raise NotFoundException
    organ = told.get("organ", "")
    texts = catalogue(language)
    found = list_of_year(session, year, by=by)
    names = names_of(session, found)
    asked = [
        replace(consultation_view(each), subject=_name(texts, each.item, subject_of(each).kind,
                                                       names[each.id]))
        for each in found
    ]  # fmt: skip
    to_ask = [_row(one, texts, today) for one in list_to_ask(session, year, by=by, today=today)]
    mentioned = {row.organ for row in asked} | {row.organ for row in to_ask}
    return YearView(
        year=year,
        years=tuple(sorted({*list_years(session, by=by), year, today.year}, reverse=True)),
        organ=organ if organ in set(Organ) else "",
        organs=tuple(one.value for one in Organ if one in mentioned),
        to_ask=tuple(row for row in to_ask if not organ or row.organ == organ),
        asked=tuple(row for row in asked if not organ or row.organ == organ),
    )


def _row(one: ToAsk, texts: Catalogue, today: date) -> ToAskRow:
    about = one.about
    key = f"&id={about.id}" if about.id else f"&year={about.year}" if about.year else ""
    path = f"{HERE}/new?about={about.kind}&item={one.item}{key}"
    if about.kind == SubjectKind.ANNUAL_PLAN and about.id is None:
        path = "/annual-plans/new"
    return ToAskRow(
        item=one.item,
        name=_name(texts, one.item, about.kind, one.name),
        organ=one.organ,
        kind=one.kind,
        by_on=one.by_on,
        is_late=one.by_on is not None and one.by_on < today and not one.was_in_time,
        changed=one.changed,
        path=path,
    )


def _name(texts: Catalogue, item: str, kind: SubjectKind, name: str) -> str:
    """How people call it: a plan of a year by its year, what comes back by its line and year."""
    if kind == SubjectKind.ANNUAL_PLAN:
        area = "plans_nl" if item == "inventory_plan" else "plans"
        return texts(f"{area}.year_short", year=name)
    if kind == SubjectKind.YEAR:
        return f"{texts(f'consultation_items.{item}')} {name}"
    return name


def _items(session: Session) -> tuple[ItemRow, ...]:
    present = present_organs(session)
    return tuple(
        ItemRow(
            code=item.code,
            organs=tuple(item.organs),
            organ=item.organ_of(present) or "",
            kind=item.kind,
            timing=item.timing,
            is_unanimous=item.is_unanimous,
            status=item.status,
            direct=next((kind.value for kind in item.subjects if kind in _DIRECT), ""),
        )
        for item in items_of(get_variant(session).value)
    )
