"""A desk in a running campaign: codes, one sitting for all units, and what holds at any instant."""

from contextlib import contextmanager

from sqlalchemy import func, select

from baken.survey.box.models import Envelope
from baken.survey.box.paper import seal_sheet
from baken.survey.codes.counts import handed_in_per_unit, used_per_unit
from baken.survey.codes.places import exchanged_per_unit, list_places
from baken.survey.codes.symbols import print_code
from baken.survey.errors import NoFormForSlip
from baken.survey.paper.sittings.actions import SittingPlan, plan_sitting
from baken.survey.paper.sittings.exchanging import exchange_slip
from baken.survey.paper.sittings.models import Kind

ALL_UNITS = ("Team A", "Team B", "Team C", "Workshop")


class Desk:
    """A running campaign with one sitting for every unit."""

    def __init__(self, stage, *, kind=Kind.SITTING, units=ALL_UNITS, **plan):
        self.stage = stage
        self.by = stage.client.adviser
        self.campaign_id = stage.launch(**plan)
        self.codes = stage.codes(self.campaign_id)
        with self.open() as session:
            keys = tuple(stage.unit_of[name] for name in units)
            plan = SittingPlan(kind, stage.today, "Refter", "L. Leider", keys, ("nl",))
            self.sitting_id = plan_sitting(session, self.campaign_id, plan, by=self.by).id

    @contextmanager
    def open(self):
        with self.stage.database.session(self.stage.client.id) as session:
            yield session

    def exchange(self, code):
        """The unit whose form is handed out, or the error that was raised."""
        try:
            with self.open() as session:
                return exchange_slip(
                    session,
                    self.stage.keys,
                    self.sitting_id,
                    print_code(code),
                    by=self.by,
                    today=self.stage.today,
                )
        except NoFormForSlip as error:
            return error

    def seal(self, unit, number=0):
        sheet = self.stage.sheet(number, mode="paper")
        with self.open() as session:
            seal_sheet(session, self.campaign_id, self.stage.unit_of[unit], sheet)

    def submit(self, code, number=0):
        return self.stage.submit(self.campaign_id, code, self.stage.sheet(number)).standing

    def place(self, unit):
        with self.stage.database.read(self.stage.client.id) as session:
            return list_places(session, self.campaign_id)[self.stage.unit_of[unit]]

    def check(self):
        """What holds at any instant."""
        with self.stage.database.read(self.stage.client.id) as session:
            places = list_places(session, self.campaign_id)
            n_envelopes = session.scalar(select(func.count()).select_from(Envelope))
            assert handed_in_per_unit(session, self.campaign_id).total() == n_envelopes
            exchanged = exchanged_per_unit(session, self.campaign_id)
            assert {unit: row.places for unit, row in places.items() if row.places} == exchanged
            used = used_per_unit(session, self.campaign_id)
            for unit, row in places.items():
                assert row.taken + row.blank <= row.places
                assert used[unit] + row.places <= 12
