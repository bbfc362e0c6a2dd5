"""What the results of the invented organisation stand beside: a publication that does not exist."""

from baken.analysis.methods.benchmarks import Reference
from baken.analysis.references.actions import Described, enter_references
from baken.analysis.references.reference import ScaleReference, answers_of
from baken.instruments.library import load_instrument
from baken.organisation.permissions import Role
from baken.storage.session import Database
from baken.web.demo.campaigns import FIRST
from baken.web.demo.days import Days
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story


def enter_publication(database: Database, house: House, days: Days) -> None:
    """Let the adviser enter it."""
    told, instrument = read_story("references"), load_instrument(*FIRST)
    references = [
        ScaleReference(
            scale=scale,
            figures=Reference(mean, told["spreads"][scale], told["people"]),
            source=told["source"],
            year=told["year"],
            population=told["population"],
            format=answers_of(instrument, scale),
        )
        for scale, mean in told["means"].items()
    ]
    people = Described(
        told["country"], told["sector"], is_other_country=False, is_other_sector=False
    )
    by = house.people[Role.ADVISER]
    with database.session(house.id) as session:
        enter_references(session, instrument, references, people, by=by, today=days.today)
