"""What committee and council of the demonstration were asked beside its plans."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from baken.actionplan.consultations.organs import choose_organs
from baken.actionplan.consultations.rules import (
    Advice,
    ConsultationKind,
    Organ,
    Outcome,
    Question,
    Subject,
    SubjectKind,
)
from baken.actionplan.plans import consultations
from baken.organisation.permissions import Role
from baken.storage.session import Database, Session
from baken.web.demo.days import Days
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story


def consult(database: Database, house: House, days: Days) -> None:
    """Tell all of it: answered, agreed with remarks, refused without a reply yet, and open."""
    organs = {Organ.CPBW, Organ.UNION_DELEGATION, Organ.WORKS_COUNCIL}
    with database.session(house.id) as session:
        choose_organs(session, organs, seen=0, by=house.people[Role.PREVENTION_ADVISER])
        for told in read_story("consultations")["asked"]:
            _Told(session, house, days, told).tell()


@dataclass(frozen=True, slots=True)
class _Told:
    session: Session
    house: House
    days: Days
    told: Mapping[str, Any]

    def tell(self) -> None:
        on, told = self._ago("asked"), self.told
        question = Question(
            organ=Organ(told["organ"]),
            kind=ConsultationKind(told["kind"]),
            asked_on=on,
            due_on=on + timedelta(days=30),
            text_sent=told["text_sent"],
            item=told["item"],
        )
        by = self.house.people[Role.PREVENTION_ADVISER]
        about = Subject(SubjectKind.TEXT, text=told["subject"])
        asked = consultations.ask(self.session, about, question, by=by, today=on)
        if "answered" not in told:
            return
        advice = Advice(
            outcome=Outcome(told["outcome"]),
            advised_on=self._ago("answered"),
            outcome_text=told["outcome_text"],
            dissent=told.get("dissent", ""),
        )
        consultations.record_advice(
            self.session, asked.id, advice, seen=asked.version, by=by, today=advice.advised_on
        )
        self.session.flush()
        if "reply" in told:
            on = self._ago("replied")
            consultations.record_reply(
                self.session, asked.id, told["reply"], replied_on=on, seen=asked.version, by=by,
                today=on,
            )  # fmt: skip

    def _ago(self, name: str) -> date:
        return self.days.today - timedelta(days=self.told[name])
