"""How many people joined and left each unit between two surveys: numbers, never names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy import select
from wtforms import HiddenField, IntegerField
from wtforms.validators import NumberRange, Optional, StopValidation

from baken.organisation.movements.actions import enter_movements
from baken.organisation.movements.queries import count_entered, get_entered
from baken.organisation.movements.rules import MOST_PEOPLE, Moved, Span, check_span, token_of
from baken.organisation.permissions import Action, Actor
from baken.organisation.units import UnitRow, list_units
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.campaign_peopled import A_PAGE, start_of
from baken.web.pages.fields import WholeField
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

LIST: Final = "organisation/movements.html"
FORM: Final = "organisation/movement_form.html"


@dataclass(frozen=True, slots=True)
class SpanRow:
    """A period for which numbers are, or can be, entered; `n_entered` is of how many units."""

    from_on: date
    until_on: date
    between: str
    n_entered: int


@dataclass(frozen=True, slots=True)
class MovementRow:
    """A unit that exists on both days, with the names of its two fields."""

    name: str
    depth: int
    total: int | None
    joined: str
    departed: str


class MovementForm(BackOfficeForm):
    """Two numbers for every unit; fields are added for each."""

    token = HiddenField()

    def moved(self, units: Sequence[UnitRow]) -> dict[UUID, Moved | None]:
        """What was filled in; two empty fields stand for a number that nobody knows."""
        found: dict[UUID, Moved | None] = {}
        for place, unit in enumerate(units):
            joined, departed = (self[name].data for name in _names(place))
            found[unit.id] = None if joined is None or departed is None else Moved(joined, departed)
        return found


class _BothOrNone:
    """One number of a unit without the other says nothing."""

    def __init__(self, other: str) -> None:
        self.other = other

    def __call__(self, form: Any, field: Any) -> None:
        is_empty = not any(str(typed).strip() for typed in field.raw_data or ())
        if is_empty and form[self.other].data is not None:
            raise StopValidation("movements.both")


class MovementPages(Controller):
    """The periods, and the numbers of one period."""

    path = "/o/{organisation_id:uuid}/units/movements"
    opt = {"action": Action.EDIT_UNITS}

    @get("/", sync_to_thread=True)
    def spans_page(self, request: PageRequest, session: NamedDependency[Session]) -> Response[str]:
        return page(request, LIST, rows=_spans(session))

    @get("/{from_on:date}/{until_on:date}", sync_to_thread=True)
    def form_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        from_on: FromPath[date],
        until_on: FromPath[date],
    ) -> Response[str]:
        span = Span(from_on, until_on)
        check_span(span)
        units, context = _shown(request, session, span)
        form = form_of(units).blank(language, _known(session, span, units))
        return page(request, FORM, form=form, **context)

    @post("/{from_on:date}/{until_on:date}", sync_to_thread=True)
    def enter(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        from_on: FromPath[date],
        until_on: FromPath[date],
    ) -> Response[str]:
        span = Span(from_on, until_on)
        units, context = _shown(request, session, span)
        sent = form_of(units).read(form, language)
        if not sent.validate():
            return refused(request, session, FORM, form=sent, **context)
        seen = str(sent.token.data or "")
        try:
            enter_movements(session, span, sent.moved(units), seen=seen, by=actor)
        except BakenError as error:
            # the next time the person has seen that somebody else was here
            sent.token.process_data(token_of(get_entered(session, span)))
            return refused(request, session, FORM, form=sent, error=error, **context)
        more = context["more_href"]
        here = frame_of(request).url("/units/movements")
        return done(request, see=more or here, said="movements.done_entered")


def form_of(units: Sequence[UnitRow]) -> type[MovementForm]:
    """Make the form with two numbers for every unit of a page."""
    fields: dict[str, Any] = {}
    for place, unit in enumerate(units):
        joined, departed = _names(place)
        fields[joined] = _number(unit.name, departed)
        fields[departed] = _number(unit.name, joined)
    return type("MovementFormOf", (MovementForm,), fields)


def _number(unit: str, other: str) -> IntegerField:
    return WholeField(
        unit,
        [_BothOrNone(other), Optional(), NumberRange(0, MOST_PEOPLE)],
        render_kw={"min": 0, "max": MOST_PEOPLE, "inputmode": "numeric"},
    )


def _names(place: int) -> tuple[str, str]:
    return f"joined_{place}", f"departed_{place}"


def _known(session: Session, span: Span, units: Sequence[UnitRow]) -> dict[str, Any]:
    entered = get_entered(session, span)
    values: dict[str, Any] = {"token": token_of(entered)}
    for place, unit in enumerate(units):
        if one := entered.get(unit.id):
            values |= dict(zip(_names(place), (one.joined, one.departed), strict=True))
    return values


def _shown(
    request: PageRequest, session: Session, span: Span
) -> tuple[tuple[UnitRow, ...], dict[str, Any]]:
    """The units of this page, and what stands around the form."""
    then = {unit.id for unit in list_units(session, on=span.from_on)}
    both = [unit for unit in list_units(session, on=span.until_on) if unit.id in then]
    start = start_of(request)
    units = tuple(both[start : start + A_PAGE])
    rows = tuple(
        MovementRow(unit.name, min(unit.depth, 6), unit.total, *_names(place))
        for place, unit in enumerate(units)
    )
    address = f"/units/movements/{span.from_on}/{span.until_on}"
    here = frame_of(request).url(address)
    has_more = start + A_PAGE < len(both)
    return units, {
        "span": span,
        "rows": rows,
        "address": f"{here}?from={start}" if start else here,
        "more_href": f"{here}?from={start + A_PAGE}" if has_more else "",
    }


def _spans(session: Session) -> tuple[SpanRow, ...]:
    """Between each survey and the one before it, and whatever was entered besides; newest first."""
    asked = select(Campaign.closes_on, Campaign.title).where(Campaign.unit_tree.is_not(None))
    ends = session.execute(asked.order_by(Campaign.closes_on, Campaign.id)).all()
    titles = {
        Span(one.closes_on, other.closes_on): f"{one.title} → {other.title}"
        for one, other in pairwise(ends)
        if one.closes_on < other.closes_on
    }
    entered = count_entered(session)
    spans = sorted({*titles, *entered}, key=lambda one: (one.until_on, one.from_on), reverse=True)
    return tuple(
        SpanRow(span.from_on, span.until_on, titles.get(span, ""), entered.get(span, 0))
        for span in spans
    )
