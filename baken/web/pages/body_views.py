"""What pages show of bodies: values and words, never rows of a table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.bodies import composition, queries, reach
from baken.actionplan.bodies.calls import is_open
from baken.actionplan.bodies.models import Body, OpenCall, Seat
from baken.actionplan.bodies.seats import SeatRole
from baken.actionplan.bodies.settings import read_terms
from baken.actionplan.bodies.standing_still import list_stalled_groups, read_words
from baken.organisation.people import list_names
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web.pages.body_talk_views import (
    NoteView,
    ProposalRow,
    TopicRow,
    note_views,
    proposal_rows,
    topic_rows,
)
from baken.web.pages.plan_views import unit_names


@dataclass(frozen=True, slots=True)
class BodyRow:
    """A body in a list; `stalled_since` is None while it moves."""

    id: UUID
    kind: str
    name: str
    state: str
    is_open: bool
    from_on: date
    sits: str
    stalled_since: date | None
    version: int

    @classmethod
    def of(cls, body: Body, *, sits: str = "", stalled_since: date | None = None) -> "BodyRow":
        return cls(
            body.id,
            body.kind,
            body.name,
            body.state,
            body.is_open,
            body.from_on,
            sits,
            stalled_since,
            body.version,
        )


@dataclass(frozen=True, slots=True)
class SeatView:
    """Somebody who sits or sat there."""

    id: UUID
    name: str
    function: str
    role: str
    side: str
    substitute_of: str
    groups: tuple[str, ...]
    from_on: date
    until_on: date | None
    is_past: bool
    version: int


@dataclass(frozen=True, slots=True)
class CallRow:
    """A call in a list."""

    id: UUID
    open_to: str
    from_on: date
    until_on: date
    is_open: bool


@dataclass(frozen=True, slots=True)
class Composition:
    """Who sits there against who was wanted, as counts and warnings."""

    sides: tuple[tuple[str, int], ...]
    counted: tuple[composition.Counted, ...]
    missing: tuple[str, ...]
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BodyView:
    """A body on its own page, as far as this reader may read it."""

    row: BodyRow
    purpose: str
    unit: str
    owner: str
    set_up_by: str
    set_up_by_id: UUID | None
    may_decide: str
    limits: str
    means: str
    mandate_until: date | None
    ended_on: date | None
    outcome: str
    seats: tuple[SeatView, ...]
    composition: Composition
    calls: tuple[CallRow, ...]
    topics: tuple[TopicRow, ...]
    proposals: tuple[ProposalRow, ...]
    notes: tuple[NoteView, ...]
    reads_inside: bool
    sets_up: bool
    seats_people: bool
    edits: bool
    own_seat_id: UUID | None
    leads: bool
    takes_part: bool

    @property
    def present(self) -> tuple[SeatView, ...]:
        """Who sits there, the chair and the secretary first."""
        order = list(SeatRole)
        there = (one for one in self.seats if not one.is_past)
        return tuple(
            sorted(there, key=lambda one: (order.index(SeatRole(one.role)), one.name.casefold()))
        )

    @property
    def past(self) -> tuple[SeatView, ...]:
        return tuple(one for one in self.seats if one.is_past)


def body_rows(session: Session, *, by: Actor, today: date) -> tuple[BodyRow, ...]:
    """The bodies that this reader finds, with the seat the reader has there."""
    bodies = queries.list_bodies(session, by=by, today=today)
    own = reach.list_own_seats(session, by=by, today=today)
    stalled = list_stalled_groups(bodies, read_words(session), read_terms(session), today=today)
    return tuple(
        BodyRow.of(
            one,
            sits=own[one.id].role if one.id in own else "",
            stalled_since=stalled.get(one.id),
        )
        for one in bodies
    )


def body_view(session: Session, body: Body, *, by: Actor, today: date) -> BodyView:
    """A body as this reader may see it."""
    names, own = dict(list_names(session)), reach.list_own_seats(session, by=by, today=today)
    seats = queries.list_seats(session, body.id)
    words, terms = read_words(session), read_terms(session)
    stalled = list_stalled_groups([body], words, terms, today=today)
    above = queries.get_body(session, body.set_up_by_id) if body.set_up_by_id else None
    inside = reach.reads_inside(body, own, by=by)
    return BodyView(
        row=BodyRow.of(body, stalled_since=stalled.get(body.id)),
        purpose=body.purpose,
        unit=unit_names(session)[body.unit_id] if body.unit_id else "",
        owner=names.get(body.owner_id, "") if body.owner_id else body.owner_name,
        set_up_by=above.name if above and reach.may_see(above, own, by=by) else "",
        set_up_by_id=body.set_up_by_id,
        may_decide=body.may_decide,
        limits=body.limits,
        means=body.means,
        mandate_until=body.mandate_until,
        ended_on=body.ended_on,
        outcome=body.outcome,
        seats=seat_views(seats, names, today=today),
        composition=composition_of(body, seats, today=today),
        calls=call_rows(queries.list_calls(session, body.id), today=today),
        topics=topic_rows(session, queries.list_topics(session, body, by=by, today=today), by=by),
        proposals=proposal_rows(
            session, queries.list_proposals(session, body.id, by=by, today=today), today=today
        ),
        notes=note_views(session, body, names) if inside else (),
        reads_inside=inside,
        sets_up=reach.sets_up(body, own, by=by),
        seats_people=reach.seats_people(body, own, by=by),
        edits=reach.sets_up(body, own, by=by) or reach.gives_mandate(body, own, by=by),
        own_seat_id=own[body.id].id if body.id in own else None,
        leads=reach.leads(body, own, by=by),
        takes_part=reach.takes_part(body, own, by=by),
    )


def seat_views(
    seats: Iterable[Seat], names: Mapping[UUID, str], *, today: date
) -> tuple[SeatView, ...]:
    """Who sits there, and who sat there before."""
    rows = list(seats)
    called = {one.id: one.name or names.get(one.person_id or one.id, "") for one in rows}
    return tuple(
        SeatView(
            id=one.id,
            name=called[one.id],
            function=one.function,
            role=one.role,
            side=one.side,
            substitute_of=called.get(one.substitute_of_id, "") if one.substitute_of_id else "",
            groups=tuple(one.groups),
            from_on=one.from_on,
            until_on=one.until_on,
            is_past=one.until_on is not None and one.until_on < today,
            version=one.version,
        )
        for one in rows
    )


def composition_of(body: Body, seats: Iterable[Seat], *, today: date) -> Composition:
    """Who sits there against who was wanted; before the first day and after the end those then."""
    day = max(today, body.from_on) if body.ended_on is None else body.ended_on
    sits = queries.sits_of(seats, today=day)
    counted = composition.count_groups(queries.wanted_of(body), sits)
    sides = composition.count_sides(sits)
    return Composition(
        sides=tuple((side.value, n) for side, n in sides.items()),
        counted=counted,
        missing=composition.missing_groups(counted),
        lacks=tuple(one.value for one in composition.lacks(sits)),
    )


def call_rows(calls: Iterable[OpenCall], *, today: date) -> tuple[CallRow, ...]:
    """Calls of a body."""
    return tuple(
        CallRow(
            one.id,
            one.open_to,
            one.from_on,
            one.until_on,
            is_open(one.from_on, one.until_on, today=today),
        )
        for one in calls
    )
