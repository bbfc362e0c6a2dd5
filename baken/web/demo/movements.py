"""Who came and went between the two short surveys of the demonstration: numbers per unit."""

from baken.organisation.movements.actions import enter_movements
from baken.organisation.movements.rules import Moved, Span, token_of
from baken.organisation.permissions import Role
from baken.storage.session import Database
from baken.web.demo.days import Days
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story


def tell_who_moved(database: Database, house: House, days: Days) -> None:
    """Let the prevention adviser enter them; of the technical service nobody knew the numbers."""
    span = Span(days.first_pulse.closes_on, days.pulse.closes_on)
    told = read_story("movements")["moved"]
    moved = {house.units[unit]: Moved(*numbers) for unit, numbers in told.items()}
    with database.session(house.id) as session:
        by = house.people[Role.PREVENTION_ADVISER]
        enter_movements(session, span, moved, seen=token_of({}), by=by)
