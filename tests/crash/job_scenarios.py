"""For every kind of background work: something to do, and how to see that it was done once.

A new kind brings a scenario: a function of a `Place` that asks for the work and returns the check
that is made when everything is done. The list at the end has to name every kind.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from baken.actionplan.bodies.composition import Side
from baken.actionplan.bodies.models import Body, Seat
from baken.actionplan.bodies.rules import BodyKind
from baken.actionplan.bodies.seats import SeatRole
from baken.actionplan.measures.reminders.models import DigestRefusal
from baken.actionplan.meetings.actions import LETTER
from baken.actionplan.meetings.models import Attendee, Meeting
from baken.actionplan.meetings.rules import MeetingState
from baken.actionplan.plans.models import GlobalPlan
from baken.actionplan.plans.rules import PlanState
from baken.analysis.leaving import check_can_export, check_can_remove
from baken.analysis.releases.models import Release
from baken.instruments.library import load_instrument
from baken.organisation import invitations
from baken.organisation.accounts import resets
from baken.organisation.accounts.actions import make_account
from baken.organisation.accounts.changes import Change, tell
from baken.organisation.accounts.models import LostFactor, LostFactorState, PasswordReset
from baken.organisation.models import Organisation, Person, RoleGrant
from baken.organisation.permissions import Role
from baken.organisation.removals import actions as removals
from baken.organisation.removals.models import RemovalReason
from baken.organisation.transfers.exports import ask_export
from baken.organisation.transfers.imports import Contact, receive_file
from baken.organisation.transfers.models import Arrival, OrganisationExport
from baken.storage.audit import AuditEntry
from baken.storage.jobs import Job, JobState, enqueue
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.survey.box.actions import launch_campaign
from baken.survey.box.sheet import Sheet
from baken.survey.codes.models import CampaignCount
from baken.survey.invitations.models import Recipient, Sending
from baken.survey.invitations.sending import ask_invitations
from baken.web.jobs.daily import HOUR
from baken.web.jobs.reminding import DIGEST, PLAN_ENDS
from baken.web.numerals import ZONE
from baken.web.settings import Settings
from tests.conftest import Client, make_client
from tests.mailbox import Mailbox
from tests.storage.portable import PASSPHRASE, export
from tests.survey.conftest import Stage
from tests.survey.invited import draft
from tests.survey.test_opening_crashes import check_opened, filled

Check = Callable[[int], None]
NUMBERS = count(1)
PASSWORD = "vier blauwe stoelen"


@dataclass
class Place:
    """One installation, with an organisation to work in."""

    database: Database
    keys: KeyStore
    settings: Settings
    client: Client
    stage: Stage
    mailbox: Mailbox
    elsewhere: Callable[[], Database]

    @property
    def now(self) -> datetime:
        """Shortly after the hour of the daily round, on a day on which campaigns are opened."""
        return datetime.combine(self.stage.opening_day, HOUR, ZONE) + timedelta(minutes=10)

    def audited(self, subject: str) -> Counter[str]:
        with self.database.read(self.client.id) as session:
            asked = select(AuditEntry.action).where(AuditEntry.subject == subject)
            return Counter(session.scalars(asked))

    def ask(self, name: str, subject_id: UUID, *, outside: bool = False) -> None:
        by = self.client.adviser.person_id
        with self.database.session(None if outside else self.client.id) as session:
            enqueue(session, name, subject_id=subject_id, by=by, now=self.now)

    def make_account(self) -> tuple[UUID, str]:
        mail = f"kanarie-{next(NUMBERS)}@voorbeeld.example"
        with self.database.session(None) as session:
            account = make_account(
                session, mail=mail, name="An Peeters", password=PASSWORD, by=None, now=self.now
            )
            return account.id, mail

    def letters_arrive(self, mails: list[str]) -> Check:
        """Everybody has the letter; a kill costs one duplicate at most, of the same letter."""

        def check(kills: int) -> None:
            received = [self.mailbox.by_recipient[mail] for mail in mails]
            assert min(received) >= 1
            assert sum(received) <= len(mails) + kills
            for mail in mails:
                letters = [text for to, text in self.mailbox.letters if to == mail]
                # Without what comes along: a calendar file says when it was made.
                said = {(one.get_body(("plain",)) or one).get_content() for one in letters}
                assert len(said) == 1

        return check


def open_campaign(place: Place) -> Check:
    campaign_id, n = filled(place.stage)
    place.ask("campaign.open", campaign_id)
    return lambda _kills: check_opened(place.stage, campaign_id, n)


def release_results(place: Place) -> Check:
    stage, instrument = place.stage, load_instrument("vijf-a")
    people = sum(map(len, stage.codes(stage.launch()).values()))
    held = {
        background.key: {
            band: (people + j) // len(background.bands) for j, band in enumerate(background.bands)
        }
        for background in instrument.backgrounds
    }
    before, stage.instrument = stage.instrument, instrument
    campaign_id = stage.launch(background_headcounts=held)
    stage.instrument = before
    sheet = Sheet(
        language="nl",
        answers=tuple(1 for _ in instrument.items),
        backgrounds=tuple(0 for _ in instrument.backgrounds),
        comments=tuple("" for _ in instrument.open_questions),
    )
    for codes in stage.codes(campaign_id).values():
        for code in codes:
            stage.submit(campaign_id, code, sheet)
    stage.close(campaign_id)
    stage.open(campaign_id)
    place.ask("release.make", campaign_id)

    def check(_kills: int) -> None:
        with place.database.read(place.client.id) as session:
            found = session.scalars(select(Release).where(Release.campaign_id == campaign_id))
            assert [release.number for release in found] == [1]
        assert place.audited(f"campaign:{campaign_id}")["release.made"] == 1

    return check


def send_invitations(place: Place, n: int = 4) -> Check:
    mails = [f"kanarie-{next(NUMBERS)}@voorbeeld.example" for _ in range(n)]
    with place.database.session(place.client.id) as session:
        for mail in mails:
            person = Person(name="An Peeters", mail=mail)
            session.add(person)
            session.flush()
            invitations.invite(
                session,
                person.id,
                by=place.client.administrator,
                today=place.now.date(),
                now=place.now,
            )
    return place.letters_arrive(mails)


def send_campaign_letters(place: Place, n: int = 5) -> Check:
    """Everybody has one code; a kill between sending and noting sends the same one again."""
    tag = f"kanarie-{next(NUMBERS)}"
    stage, by = place.stage, place.client.adviser
    campaign_id = draft(stage, {"Team A": n}, tag=tag, closes_on=stage.opening_day)
    with place.database.session(place.client.id) as session:
        launch_campaign(
            session, place.keys, campaign_id, stage.instrument, by=by, today=stage.today
        )
    with place.database.session(place.client.id) as session:
        ask_invitations(session, campaign_id, by=by, today=place.now.date(), now=place.now)
    mails = [f"{tag}-{number}-teama@voorbeeld.example" for number in range(n)]
    arrived = place.letters_arrive(mails)

    def check(kills: int) -> None:
        arrived(kills)
        with place.database.read(place.client.id) as session:
            asked = select(Recipient).where(Recipient.campaign_id == campaign_id)
            found = [(row.state, row.due) for row in session.scalars(asked)]
            assert found == [(Sending.SENT, None)] * n
        sent = {
            letter.get_content().partition("#")[2].split()[0]
            for to, letter in place.mailbox.letters
            if to in mails
        }
        assert len(sent) == n
        assert place.audited(f"campaign:{campaign_id}")["recipients.invited"] == 1

    return check


def send_reset(place: Place) -> Check:
    _, mail = place.make_account()
    with place.database.session(None) as session:
        resets.ask_reset(session, mail=mail, now=place.now)
        assert session.scalars(select(PasswordReset)).first() is not None
    return place.letters_arrive([mail])


def send_about_lost_factor(name: str, state: LostFactorState) -> Callable[[Place], Check]:
    def prepare(place: Place) -> Check:
        account_id, mail = place.make_account()
        with place.database.session(None) as session:
            row = LostFactor(
                account_id=account_id, state=state, asked_at=place.now, from_at=place.now
            )
            session.add(row)
            session.flush()
            enqueue(session, name, subject_id=row.id, now=place.now)
        return place.letters_arrive([mail])

    return prepare


def send_change(change: Change, place: Place) -> Check:
    account_id, mail = place.make_account()
    with place.database.session(None) as session:
        tell(session, account_id, change, now=place.now)
    return place.letters_arrive([mail])


def export_organisation(place: Place) -> Check:
    with place.database.session(place.client.id) as session:
        ask_export(
            session,
            place.keys,
            passphrase=PASSPHRASE,
            check=check_can_export,
            by=place.client.administrator,
            today=place.now.date(),
            now=place.now,
        )
        row = session.scalars(
            select(OrganisationExport).where(OrganisationExport.finished_at.is_(None))
        ).one()
        export_id = row.id

    def check(_kills: int) -> None:
        with place.database.read(place.client.id) as session:
            assert session.get_one(OrganisationExport, export_id).finished_at == place.now
        exported = place.audited(f"export:{export_id}")
        assert exported["organisation.exported"] == 1

    return check


def import_organisation(place: Place) -> Check:
    elsewhere = place.elsewhere()
    client = make_client(elsewhere, "Verhuisde organisatie (fictief)")
    with elsewhere.session(client.id) as session:
        odd = delete(RoleGrant).where(RoleGrant.role.in_({Role.UNIT_HEAD, Role.GUEST}))
        session.execute(odd)  # of no unit, for ever: nobody could have got that
    content, _ = export(elsewhere, client.id)
    elsewhere.dispose()
    account_id, mail = place.make_account()
    with place.database.session(None) as session:
        arrival_id = receive_file(
            session,
            place.keys,
            place.settings.transfers,
            content,
            passphrase=PASSPHRASE,
            contact=Contact("An Peeters", mail),
            by=account_id,
            now=place.now,
        )

    def check(_kills: int) -> None:
        with place.database.read(None) as session:
            assert session.get_one(Arrival, arrival_id).arrived_id == client.id
            assert session.get_one(Organisation, client.id).name.startswith("Verhuisde")
        with place.database.read(client.id) as session:
            people = Counter(session.scalars(select(Person.mail)))
            imported = select(AuditEntry).where(AuditEntry.action == "organisation.imported")
            assert len(session.scalars(imported).all()) == 1
        assert max(people.values()) == 1
        assert len(people) == len(client.people) + 1

    return check


def remove_organisation(place: Place) -> Check:
    client = make_client(place.database, f"Verdwijnt {next(NUMBERS)} (fictief)")
    agreed = place.now - timedelta(days=20)
    with place.database.session(client.id) as session:
        removals.ask_removal(
            session,
            RemovalReason.MOVED,
            check=check_can_remove,
            by=client.administrator,
            today=agreed.date(),
            now=agreed,
        )
    with place.database.session(client.id) as session:
        removals.confirm_removal(
            session,
            check=check_can_remove,
            by=client.people[Role.MAIN_CONTACT],
            today=agreed.date(),
            now=agreed,
        )
        removal = removals.find_removal(session)
        assert removal is not None
        enqueue(session, "organisation.remove", subject_id=removal.id, now=place.now)

    def check(_kills: int) -> None:
        with place.database.read(client.id) as session:
            assert session.scalars(select(Person)).all() == []
            actions = Counter(session.scalars(select(AuditEntry.action)))
        assert actions["organisation.removed"] == 1
        assert place.keys.names(client.id) == []

    return check


def send_removal_confirmed(place: Place) -> Check:
    """Everybody with a role hears of it once; the day is far enough for nothing to start."""
    client = make_client(place.database, f"Verdwijnt {next(NUMBERS)} (fictief)")
    mails = []
    with place.database.session(client.id) as session:
        for person in session.scalars(select(Person).order_by(Person.id)).all()[:4]:
            person.mail = f"kanarie-{next(NUMBERS)}@voorbeeld.example"
            mails.append(person.mail)
        for person in session.scalars(select(Person).where(Person.mail.not_in(mails))):
            person.mail = ""
    days = {"check": check_can_remove, "today": place.now.date(), "now": place.now}
    with place.database.session(client.id) as session:
        removals.ask_removal(session, RemovalReason.MOVED, by=client.administrator, **days)
        contact = client.people[Role.MAIN_CONTACT]
        removals.confirm_removal(session, by=contact, **days)
    return place.letters_arrive(mails)


def send_reminder(name: str) -> Callable[[Place], Check]:
    """A plan ends soon: whoever keeps the plans hears of it once."""

    def ask(place: Place) -> Check:
        account_id, mail = place.make_account()
        day = place.now.date()
        with place.database.session(place.client.id) as session:
            keeper = place.client.people[Role.PREVENTION_ADVISER].person_id
            session.get_one(Person, keeper).account_id = account_id
            plan = GlobalPlan(
                title="GPP",
                from_on=day - timedelta(days=1700),
                until_on=day + timedelta(days=85),  # a few days ago three months lay ahead
                state=PlanState.ADOPTED,
            )
            session.add(plan)
            if name == PLAN_ENDS:  # without the letter of the week one still hears that a plan ends
                session.merge(DigestRefusal(person_id=keeper, refused_on=day))
        place.ask(name, keeper)
        return place.letters_arrive([mail])

    return ask


def send_register_emergency(place: Place) -> Check:
    """Whoever keeps the register hears once that others read it."""
    account_id, mail = place.make_account()
    with place.database.session(place.client.id) as session:
        keeper = place.client.people[Role.PREVENTION_ADVISER].person_id
        session.get_one(Person, keeper).account_id = account_id
    place.ask("mail.register_emergency", keeper)
    return place.letters_arrive([mail])


def send_meeting(place: Place) -> Check:
    """Somebody with a seat hears of a meeting once."""
    account_id, mail = place.make_account()
    day = place.now.date()
    with place.database.session(place.client.id) as session:
        member = place.client.people[Role.PREVENTION_ADVISER].person_id
        session.get_one(Person, member).account_id = account_id
        body = Body(id=uuid4(), kind=BodyKind.COMMITTEE, name="Comité", from_on=day)
        session.add(body)
        session.flush()
        seat = Seat(
            id=uuid4(), body_id=body.id, person_id=member, role=SeatRole.MEMBER,
            side=Side.EXPERT, from_on=day,
        )  # fmt: skip
        meeting = Meeting(
            id=uuid4(), body_id=body.id, on=day + timedelta(days=9), starts=time(14),
            ends=time(15), language="nl", state=MeetingState.INVITED, invited_on=day,
        )  # fmt: skip
        session.add_all([seat, meeting])
        session.flush()
        line = Attendee(id=uuid4(), meeting_id=meeting.id, seat_id=seat.id)
        session.add(line)
        session.flush()
        line_id = line.id
    place.ask(LETTER, line_id)
    return place.letters_arrive([mail])


def go_round(place: Place) -> Check:
    """The counts of a running campaign are published once for every unit."""
    running = place.stage.launch(closes_on=place.stage.opening_day + timedelta(days=9))
    place.ask("organisation.daily", uuid4())

    def check(_kills: int) -> None:
        with place.database.read(place.client.id) as session:
            rows = session.scalars(
                select(CampaignCount).where(CampaignCount.campaign_id == running)
            )
            assert all(row.counted_on == place.stage.opening_day for row in rows)

    return check


def go_round_of_installation(place: Place) -> Check:
    day = place.stage.opening_day + timedelta(days=next(NUMBERS))
    asked_at = datetime.combine(day, time(6), ZONE)
    with place.database.session(None) as session:
        enqueue(session, "installation.daily", now=asked_at)

    def check(_kills: int) -> None:
        with place.database.read(None) as session:
            there = select(Organisation.id).where(Organisation.removed_on.is_(None))
            organisations = len(session.scalars(there).all())
            rounds = _rounds(session, f"round {day} ")
        assert len(rounds) == organisations
        assert set(rounds.values()) == {JobState.DONE}

    return check


def _rounds(session: Session, beginning: str) -> dict[Any, JobState]:
    asked = select(Job).where(Job.occasion.startswith(beginning))
    return {job.organisation_id: job.state for job in session.scalars(asked)}


SCENARIOS: Final[dict[str, Callable[[Place], Check]]] = {
    "campaign.open": open_campaign,
    "release.make": release_results,
    "campaign.letters": send_campaign_letters,
    "mail.invitation": send_invitations,
    "mail.password_reset": send_reset,
    "mail.factor_lost_asked": send_about_lost_factor(
        "mail.factor_lost_asked", LostFactorState.ASKED
    ),
    "mail.factor_lost_approved": send_about_lost_factor(
        "mail.factor_lost_approved", LostFactorState.APPROVED
    ),
    "mail.factor_lost_done": send_about_lost_factor("mail.factor_lost_done", LostFactorState.DONE),
    **{f"mail.{change}": partial(send_change, change) for change in Change},
    "organisation.export": export_organisation,
    "organisation.import": import_organisation,
    "organisation.remove": remove_organisation,
    "mail.removal_confirmed": send_removal_confirmed,
    **{name: send_reminder(name) for name in (DIGEST, PLAN_ENDS)},
    LETTER: send_meeting,
    "mail.register_emergency": send_register_emergency,
    "organisation.daily": go_round,
    "installation.daily": go_round_of_installation,
}


def elsewhere_from(template: Path, folder: Path) -> Callable[[], Database]:
    """Make empty installations beside the one of the test."""

    def make() -> Database:
        path = folder / f"{uuid4()}.sqlite"
        path.write_bytes(template.read_bytes())
        return Database(f"sqlite:///{path}")

    return make
