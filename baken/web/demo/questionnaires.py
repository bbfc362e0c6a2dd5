"""The questionnaires that the invented organisation makes its own."""

from baken.instruments.definition import Instrument
from baken.instruments.library import load_instrument
from baken.organisation.permissions import Role
from baken.storage.session import Database
from baken.survey.library.actions import make_version
from baken.survey.library.editing import Edit, add_open_question, add_question
from baken.survey.library.own_questions import NewQuestion, NewScale
from baken.survey.library.queries import get_instrument
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story

_COMMENT_BYTES = 500


def compose_own(database: Database, house: House) -> None:
    """Make a version with one question of the organisation's own; German is not written yet."""
    told = read_story("questionnaire")
    by = house.people[Role.PREVENTION_ADVISER]
    base = load_instrument(told["base"])
    topic = NewScale(told["dimension"], told["high_is"], told["topic"])
    question = NewQuestion(told["question"], base.formats[0].key, topic)
    with database.session(house.id) as session:
        row = make_version(session, base.key, base.version, by=by)
        edit = Edit(row.instrument_key, row.instrument_version, row.version, by)
        add_question(session, edit, question)


def compose_pulse(database: Database, house: House, key: str, version: str) -> Instrument:
    """Make a version of the short pulse with one question to answer in one's own words."""
    by = house.people[Role.PREVENTION_ADVISER]
    with database.session(house.id) as session:
        row = make_version(session, key, version, by=by)
        edit = Edit(row.instrument_key, row.instrument_version, row.version, by)
        row = add_open_question(session, edit, read_story("pulse")["open"], _COMMENT_BYTES)
        return get_instrument(session, row.instrument_key, row.instrument_version)
