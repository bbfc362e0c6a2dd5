"""Changing units: a form, then the sentences that say what will change, then the change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.organisation.errors import OrganisationError
from baken.organisation.permissions import Action, Actor
from baken.organisation.structure import changes
from baken.organisation.structure.actions import (
    change_units,
    order_unit,
    plan_change,
)
from baken.organisation.structure.history import ONE_DAY
from baken.organisation.structure.trees import load_tree, versions_of
from baken.organisation.units import list_units
from baken.storage.base import EditedMeanwhile
from baken.storage.session import Session
from baken.survey.campaigns.trees import get_frozen
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.plan_forms import as_id
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.pages.unit_forms import STEPS, AddForm, CountForm, Spot, Step
from baken.web.pages.unit_sentences import Teller
from baken.web.pages.unit_warnings import warn
from baken.web.texts import Catalogue, catalogue

FORM: Final = "organisation/unit_step.html"
PREVIEW: Final = "organisation/unit_preview.html"
SHOWN: Final = 60
# Fields of the preview itself; everything else goes back and forth as it was typed.
_OURS: Final = {"csrf", "token", "back"}


@dataclass(frozen=True, slots=True)
class Desk:
    """One request that changes units: where, by whom, when."""

    request: PageRequest
    session: Session
    actor: Actor
    today: date
    now: datetime
    language: str
    spot: Spot

    @property
    def texts(self) -> Catalogue:
        return catalogue(self.language)

    @property
    def here(self) -> str:
        """The page to go back to: the unit, or the list for one that is new."""
        unit = self.spot.unit
        return frame_of(self.request).url(f"/units/{unit.id}" if unit else "/units")


class UnitSteps(Controller):
    """One form for each change of one unit."""

    path = "/o/{organisation_id:uuid}/units"
    opt = {"action": Action.EDIT_UNITS}

    @get("/new", sync_to_thread=True)
    def new(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        spot = spot_of(session, as_id(request.query_params.get("parent", "")), today)
        return _show(request, AddForm.start(spot, language), None)

    @post("/new", sync_to_thread=True, status_code=200)
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        spot = spot_of(session, None, today)
        desk = Desk(request, session, actor, today, now, language, spot)
        return _take(desk, AddForm, form)

    @get("/{unit_id:uuid}/{purpose:str}", sync_to_thread=True)
    def form_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        unit_id: FromPath[UUID],
        purpose: FromPath[str],
    ) -> Response[str]:
        spot = spot_of(session, unit_id, today)
        return _show(request, _form_of(purpose).start(spot, language), spot.known.id)

    @post("/{unit_id:uuid}/{purpose:str}", sync_to_thread=True, status_code=200)
    def take(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        unit_id: FromPath[UUID],
        purpose: FromPath[str],
    ) -> Response[str]:
        spot = spot_of(session, unit_id, today)
        desk = Desk(request, session, actor, today, now, language, spot)
        if purpose in _ORDER:
            order_unit(session, unit_id, up=purpose == "up", by=actor, today=today)
            return done(request, see=_neighbours(desk))
        if purpose in _AT_ONCE:
            return _take_at_once(desk, _AT_ONCE[purpose](spot, form), purpose, form)
        return _take(desk, _form_of(purpose), form)

    @get("/{unit_id:uuid}/counts/{on:date}", sync_to_thread=True)
    def correct_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        unit_id: FromPath[UUID],
        on: FromPath[date],
    ) -> Response[str]:
        spot = spot_of(session, unit_id, today)
        count = next((one for one in spot.known.counts if one.from_on == on), None)
        if count is None:
            raise NotFoundException
        values = {
            "version": spot.version,
            "on": count.from_on,
            "people": count.people,
            "instead_of": count.from_on.isoformat(),
        }
        return _show(request, CountForm.blank(language, values), spot.known.id)


def spot_of(session: Session, unit_id: UUID | None, today: date) -> Spot:
    """Where in the tree somebody works; a unit that does not exist is not found."""
    tree = load_tree(session)
    unit = changes.find(tree, unit_id) if unit_id is not None else None
    version = versions_of(session, [unit.id])[unit.id] if unit else 0
    return Spot(tree, tuple(list_units(session, on=today)), unit, version, today)


def _form_of(purpose: str) -> type[Step]:
    if purpose not in STEPS:
        raise NotFoundException
    return STEPS[purpose]


def _show(
    request: PageRequest, form: BackOfficeForm, unit_id: UUID | None, status: int = 200
) -> Response[str]:
    context = _context(form, unit_id)
    return page(request, FORM, status=status, form=form, **context)


def _context(form: Any, unit_id: UUID | None) -> dict[str, Any]:
    return {"purpose": form.purpose, "unit_id": unit_id}


def _take(desk: Desk, kind: type[Step], form: Form) -> Response[str]:
    """Read a form: show what it would change, or change it when that was confirmed."""
    sent = kind.sent(form, desk.spot, desk.language)
    unit = desk.spot.unit
    context = _context(sent, unit.id if unit else None)
    if "back" in form:
        return page(desk.request, FORM, form=sent, **context)
    if not sent.validate():
        return refused(desk.request, desk.session, FORM, form=sent, **context)
    try:
        change = sent.change(desk.spot)
        return _plan_or_do(desk, change, form, kind.purpose, sent.version.data)
    except EditedMeanwhile as error:
        # What was typed stays; the next time the person has seen that somebody else was here.
        sent.version.process_data(desk.spot.version)
        return refused(desk.request, desk.session, FORM, form=sent, error=error, **context)
    except OrganisationError as error:
        return refused(desk.request, desk.session, FORM, form=sent, error=error, **context)


def _take_at_once(desk: Desk, change: changes.Change, purpose: str, form: Form) -> Response[str]:
    """A change without a form of its own: what it would do is the whole question."""
    return _plan_or_do(desk, change, form, purpose, form.get("version"))


def _plan_or_do(
    desk: Desk, change: changes.Change, form: Form, purpose: str, version: str | None
) -> Response[str]:
    frozen = get_frozen(desk.session)
    token = form.get("token")
    if token:
        change_units(
            desk.session,
            change,
            token=token,
            by=desk.actor,
            today=desk.today,
            now=desk.now,
            frozen=frozen,
        )
        return done(desk.request, see=_after(desk, change), said=f"units.done_{change.kind}")
    planned = plan_change(
        desk.session,
        change,
        seen=_seen(desk.spot, version),
        by=desk.actor,
        today=desk.today,
        frozen=frozen,
    )
    return page(
        desk.request,
        PREVIEW,
        purpose=purpose,
        here=desk.here,
        action=desk.request.url.path,
        sentences=Teller.of(planned.after, desk.texts).tell_all(planned.differences, SHOWN),
        n_units=len(planned.differences),
        warnings=warn(desk.session, desk.actor, planned, desk.texts),
        kept=_kept(form, purpose),
        token=planned.token,
        name=desk.spot.now.name if desk.spot.unit else "",
    )


def _seen(spot: Spot, version: str | None) -> dict[UUID, int]:
    if spot.unit is None or not (version or "").isdigit():
        return {}
    return {spot.unit.id: int(version or "")}


def _kept(form: Form, purpose: str) -> tuple[tuple[str, str], ...]:
    """What was typed, to be sent again with the confirmation."""
    return tuple(
        (name, value)
        for name, values in form.fields.items()
        if name not in _OURS
        for value in values
    )


def _after(desk: Desk, change: changes.Change) -> str:
    """The page that shows the result: the new unit, or the one that was changed."""
    if isinstance(change, changes.Add | changes.Merge):
        return frame_of(desk.request).url(f"/units/{change.unit_id}")
    return desk.here


def _neighbours(desk: Desk) -> str:
    """The page that shows a unit among its neighbours."""
    parent_id = desk.spot.now.parent_id
    return frame_of(desk.request).url(f"/units/{parent_id}" if parent_id else "/units")


def _reopen(spot: Spot, _form: Form) -> changes.Change:
    last_on = spot.known.until_on or spot.today
    return changes.Reopen(last_on + ONE_DAY, spot.known.id)


def _drop_count(spot: Spot, form: Form) -> changes.Change:
    try:
        on = date.fromisoformat(form.get("on"))
    except ValueError as error:
        raise NotFoundException from error
    return changes.DropCount(on, spot.known.id)


_ORDER: Final = {"up", "down"}
_AT_ONCE: Final[dict[str, Callable[[Spot, Form], changes.Change]]] = {
    "reopen": _reopen,
    "drop-headcount": _drop_count,
}
