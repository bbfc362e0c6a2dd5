"""Codes are handed out on cards, by mail and as spares: nobody has two, and the number holds."""

from collections import Counter
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, update

from baken.organisation.errors import Denied
from baken.organisation.permissions import Role
from baken.storage.audit import AuditEntry
from baken.storage.jobs import Job, JobState
from baken.survey.box.actions import launch_campaign
from baken.survey.box.statements import Standing
from baken.survey.campaigns.actions import delete_draft_campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.codes.actions import codes_csv, print_codes
from baken.survey.codes.models import Code, CodeState, Spare
from baken.survey.codes.slips import CodeMaker
from baken.survey.codes.spares import Reason, hand_out_spare
from baken.survey.codes.symbols import print_code, read_code
from baken.survey.errors import (
    CannotLaunch,
    InvalidRecipient,
    InvalidTransition,
    MistypedCode,
    NoCodeLeft,
)
from baken.survey.invitations.actions import (
    add_recipient,
    edit_recipient,
    remove_recipient,
)
from baken.survey.invitations.models import Recipient, Sending
from baken.survey.invitations.queries import count_standings, list_refused
from baken.survey.invitations.rules import Entry
from baken.survey.invitations.sending import (
    ask_invitations,
    ask_replacement,
    find_letter,
    note_refused,
    note_sent,
)
from tests.survey.conftest import Stage
from tests.survey.invited import draft, issued

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def launched(stage: Stage, people: dict[str, int], **changes: object) -> UUID:
    campaign_id = draft(stage, people, **changes)
    with stage.database.session(stage.client.id) as session:
        launch_campaign(
            session,
            stage.keys,
            campaign_id,
            stage.instrument,
            by=stage.client.adviser,
            today=stage.today,
        )
    return campaign_id


def give(stage: Stage, campaign_id: UUID, unit: str, reason: Reason, **more: object) -> int:
    with stage.database.session(stage.client.id) as session:
        key = stage.unit_of[unit]
        by = stage.client.adviser
        return hand_out_spare(session, stage.keys, campaign_id, key, reason, by=by, **more)


def sent_code(stage: Stage, campaign_id: UUID, recipient_id: UUID) -> str:
    """The code that a letter to somebody would bring now."""
    with stage.database.session(stage.client.id) as session:
        row = session.get_one(Recipient, recipient_id)
        maker = CodeMaker.of(stage.keys, get_campaign(session, campaign_id))
        return maker.code(row.unit, row.slip)


def people_of(stage: Stage, campaign_id: UUID) -> list[UUID]:
    with stage.database.read(stage.client.id) as session:
        asked = select(Recipient.id).where(Recipient.campaign_id == campaign_id)
        return list(session.scalars(asked))


def agrees_with_rows(stage: Stage, campaign_id: UUID) -> bool:
    """N of every unit is the number of its codes that are neither spare nor revoked."""
    with stage.database.read(stage.client.id) as session:
        asked = select(Code.unit).where(
            Code.campaign_id == campaign_id,
            Code.spare.is_(False),
            Code.state != CodeState.REVOKED,
        )
        rows = Counter(session.scalars(asked))
        campaign = get_campaign(session, campaign_id)
        told = {unit: n for unit, n in campaign.issued_per_unit.items() if n}
        return rows == told and campaign.n_issued == rows.total()


def entry(name: str, unit: str, address: str | None = None) -> Entry:
    return Entry(1, name, address or f"{name.lower()}@voorbeeld.example", unit, "nl")


def test_every_code_reaches_somebody_by_one_way_alone(stage):
    campaign_id = launched(stage, {"Team A": 12, "Team B": 4}, spares_per_unit=2)
    mailed = {sent_code(stage, campaign_id, person) for person in people_of(stage, campaign_id)}
    assert len(mailed) == 16
    with stage.database.session(stage.client.id) as session:
        cards = print_codes(session, stage.keys, campaign_id, by=stage.client.adviser)
    carded = [read_code(code) for card in cards for code in card.codes]
    assert {card.name: len(card.codes) for card in cards} == {
        "Team A": 0, "Team B": 7, "Team C": 3, "Workshop": 10,
    }  # fmt: skip
    assert mailed.isdisjoint(carded)
    assert len(carded) + len(mailed) == 36
    assert {card.spare_numbers for card in cards} == {(1, 2)}
    # An address that is written down now would take a code that stands on a card.
    with stage.database.session(stage.client.id) as session, pytest.raises(InvalidRecipient):
        who = entry("Late", "Team B")
        add_recipient(
            session, stage.keys, campaign_id, who, by=stage.client.adviser, today=stage.today
        )


def test_a_newcomer_counts_and_a_lost_card_does_not(stage):
    campaign_id = stage.launch(spares_per_unit=3)
    before = issued(stage, campaign_id)
    assert give(stage, campaign_id, "Team A", Reason.NEWCOMER) == 1
    assert give(stage, campaign_id, "Team A", Reason.LOST) == 2
    assert issued(stage, campaign_id) == before | {"Team A": 13}
    assert give(stage, campaign_id, "Team A", Reason.LOST) == 3
    with pytest.raises(NoCodeLeft):
        give(stage, campaign_id, "Team A", Reason.NEWCOMER)
    assert agrees_with_rows(stage, campaign_id)
    with stage.database.read(stage.client.id) as session:
        rows = session.scalars(select(Spare).where(Spare.campaign_id == campaign_id))
        counted = {row.unit: (row.issued, row.dealt_new, row.dealt_replacing) for row in rows}
        assert counted[stage.unit_of["Team A"]] == (3, 1, 2)
        assert counted[stage.unit_of["Workshop"]] == (3, 0, 0)
        said = session.scalars(
            select(AuditEntry.action).where(AuditEntry.action.like("campaign.spare%"))
        )
        assert Counter(said) == {"campaign.spare_newcomer": 1, "campaign.spare_lost": 2}
    # The unit of the opening and of the results is one person larger.
    spares = {card.name: card.spares for card in cards_of(stage, campaign_id)}
    codes = stage.codes(campaign_id)["Team A"] + [read_code(spares["Team A"][0])]
    for number, code in enumerate(codes):
        stage.submit(campaign_id, code, stage.sheet(number))
    stage.close(campaign_id)
    stage.open(campaign_id)
    with stage.database.read(stage.client.id) as session:
        campaign = get_campaign(session, campaign_id)
        assert (campaign.n_issued, campaign.n_answers) == (37, 13)
        assert campaign.has_intact_tree
        tree = campaign.tree
        assert tree.headcount(stage.unit_of["Team A"]) == 13


def cards_of(stage, campaign_id):
    with stage.database.session(stage.client.id) as session:
        return print_codes(session, stage.keys, campaign_id, by=stage.client.adviser)


@pytest.mark.parametrize("is_used", [False, True])
def test_the_desk_never_learns_whether_a_lost_code_was_used(stage, is_used):
    campaign_id = stage.launch(spares_per_unit=2)
    old = stage.codes(campaign_id)["Team A"][0]
    spare = {card.name: card.spares for card in cards_of(stage, campaign_id)}["Team A"][0]
    if is_used:
        stage.submit(campaign_id, old, stage.sheet())
    said = give(stage, campaign_id, "Team A", Reason.LOST, old_code=print_code(old).lower())
    assert said == 1
    assert give(stage, campaign_id, "Team A", Reason.LOST, old_code=print_code(old)) == 2
    assert issued(stage, campaign_id)["Team A"] == 12
    assert agrees_with_rows(stage, campaign_id)

    def standing(code):
        found = stage.writer.look_up(stage.client.id, campaign_id, code, today=stage.today)
        return found.standing

    new = standing(read_code(spare))
    assert standing(old) is (Standing.ALREADY_RECEIVED if is_used else Standing.UNKNOWN)
    assert new is (Standing.UNKNOWN if is_used else Standing.WELCOME)


def test_an_old_code_has_to_be_one_of_the_unit(stage):
    campaign_id = stage.launch(spares_per_unit=1)
    other = print_code(stage.codes(campaign_id)["Workshop"][0])
    with pytest.raises(InvalidRecipient):
        give(stage, campaign_id, "Team A", Reason.LOST, old_code=other)
    with pytest.raises(MistypedCode):
        give(stage, campaign_id, "Team A", Reason.LOST, old_code="ABCD")
    with pytest.raises(InvalidRecipient):
        give(stage, campaign_id, "Team A", Reason.NEWCOMER, stratum="worker")
    assert give(stage, campaign_id, "Team A", Reason.LOST) == 1
    with stage.database.session(stage.client.id) as session, pytest.raises(Denied):
        unit, by = stage.unit_of["Team B"], stage.client.people[Role.HR]
        hand_out_spare(session, stage.keys, campaign_id, unit, Reason.LOST, by=by)
    stage.close(campaign_id)
    with pytest.raises(InvalidTransition):
        give(stage, campaign_id, "Team B", Reason.LOST)


def test_a_lost_letter_brings_another_code_or_the_used_one_again(stage):
    campaign_id = launched(stage, {"Team A": 2}, spares_per_unit=3)
    used, unused = people_of(stage, campaign_id)
    first = {who: sent_code(stage, campaign_id, who) for who in (used, unused)}
    stage.submit(campaign_id, first[used], stage.sheet())
    act = {"by": stage.client.adviser, "today": stage.today, "now": NOW}
    with stage.database.session(stage.client.id) as session:
        ask_invitations(session, campaign_id, **act)
        session.execute(update(Recipient).values(due=None, state=Sending.SENT))
        session.execute(update(Job).values(state=JobState.DONE))
    for who in (used, unused):
        with stage.database.session(stage.client.id) as session:
            ask_replacement(session, stage.keys, campaign_id, who, **act)
            session.execute(update(Job).values(state=JobState.DONE))
    assert sent_code(stage, campaign_id, used) == first[used]
    assert sent_code(stage, campaign_id, unused) != first[unused]
    assert issued(stage, campaign_id)["Team A"] == 12
    assert agrees_with_rows(stage, campaign_id)
    with stage.database.read(stage.client.id) as session:
        maker = CodeMaker.of(stage.keys, get_campaign(session, campaign_id))
        codes = {find_letter(session, maker, who).code for who in (used, unused)}
        assert len(codes) == 2
        rows = session.scalars(select(Spare).where(Spare.unit == stage.unit_of["Team A"]))
        assert [row.dealt_replacing for row in rows] == [2]


def test_a_later_letter_that_is_refused_tells_the_desk_nothing(stage):
    """Moving or removing somebody who had a code would give that code, used or not, to another."""
    campaign_id = launched(stage, {"Team A": 2, "Team B": 1}, spares_per_unit=2)
    used, unused = (p for p in people_of(stage, campaign_id) if unit_of(stage, p) == "Team A")
    stage.submit(campaign_id, sent_code(stage, campaign_id, used), stage.sheet())
    by, today = stage.client.adviser, stage.today
    for who in (used, unused):
        with stage.database.session(stage.client.id) as session:
            note_sent(session, who)
            ask_replacement(session, stage.keys, campaign_id, who, by=by, today=today, now=NOW)
            note_refused(session, who, reason="mail.address_refused", code=550)
            session.execute(update(Job).values(state=JobState.DONE))
    with stage.database.read(stage.client.id) as session:
        assert {row.id for row in list_refused(session, campaign_id, by=by)} == {used, unused}
        assert sum(row.refused for row in count_standings(session, campaign_id, by=by)) == 2
    for who in (used, unused):
        corrected, moved = entry(who.hex, "Team A"), entry(who.hex, "Team B")
        with stage.database.session(stage.client.id) as session:
            edit_recipient(session, stage.keys, campaign_id, who, corrected, by=by, today=today)
        with (
            stage.database.session(stage.client.id) as session,
            pytest.raises(InvalidRecipient) as stays,
        ):
            edit_recipient(session, stage.keys, campaign_id, who, moved, by=by, today=today)
        assert stays.value.key == "survey.recipient_sent"
        with stage.database.session(stage.client.id) as session, pytest.raises(InvalidRecipient):
            remove_recipient(session, stage.keys, campaign_id, who, by=by)


def test_the_list_is_kept_until_the_letter_goes(stage):
    campaign_id = launched(stage, {"Team A": 2, "Team B": 11}, spares_per_unit=1)
    act = {"by": stage.client.adviser, "today": stage.today}
    who = next(p for p in people_of(stage, campaign_id) if unit_of(stage, p) == "Team A")
    old = sent_code(stage, campaign_id, who)
    with stage.database.session(stage.client.id) as session:
        moved = entry("Moved", "Team B")
        with pytest.raises(InvalidRecipient) as full:
            edit_recipient(session, stage.keys, campaign_id, who, moved, **act)
        assert full.value.key == "survey.recipient_over"
        named = entry("Els", "Team A", "els@voorbeeld.example")
        edit_recipient(session, stage.keys, campaign_id, who, named, **act)
    assert sent_code(stage, campaign_id, who) == old
    with stage.database.session(stage.client.id) as session:
        remove_recipient(session, stage.keys, campaign_id, who, by=stage.client.adviser)
        newcomer = add_recipient(
            session, stage.keys, campaign_id, entry("New", "Team B"), is_newcomer=True, **act
        )
    # The code of who was taken off stands on a card again, and that of the newcomer counts.
    cards = stage.codes(campaign_id)
    assert old in cards["Team A"]
    assert len(cards["Team A"]) == 11
    assert "Team B" not in cards
    assert issued(stage, campaign_id)["Team B"] == 12
    assert agrees_with_rows(stage, campaign_id)
    with stage.database.session(stage.client.id) as session, pytest.raises(InvalidRecipient):
        remove_recipient(session, stage.keys, campaign_id, newcomer, by=stage.client.adviser)
    with stage.database.session(stage.client.id) as session, pytest.raises(Denied):
        by = stage.client.people[Role.STEERING_MEMBER]
        remove_recipient(session, stage.keys, campaign_id, newcomer, by=by)
    stage.close(campaign_id)
    stage.open(campaign_id)
    assert people_of(stage, campaign_id) == []


def unit_of(stage, recipient_id):
    with stage.database.read(stage.client.id) as session:
        key = session.get_one(Recipient, recipient_id).unit
    return next(name for name, known in stage.unit_of.items() if known == key)


def test_more_addresses_than_people_stop_the_launch_and_a_draft_takes_its_list_along(stage):
    campaign_id = draft(stage, {"Workshop": 10})
    with stage.database.session(stage.client.id) as session:
        campaign = get_campaign(session, campaign_id)
        row = session.scalars(select(Recipient)).first()
        extra = {"unit": stage.unit_of["Team C"], "name": "Over"}
        for n in range(4):
            copied = {c.name: getattr(row, c.name) for c in Recipient.__table__.columns}
            fresh = {"id": uuid4(), "address": f"o{n}@voorbeeld.example"}
            session.add(Recipient(**(copied | extra | fresh)))
        session.flush()
        with pytest.raises(CannotLaunch) as error:
            launch_campaign(
                session,
                stage.keys,
                campaign.id,
                stage.instrument,
                by=stage.client.adviser,
                today=stage.today,
            )
    assert error.value.key == "survey.launch_recipients_over"
    assert error.value.values["n"] == 4
    with stage.database.session(stage.client.id) as session:
        delete_draft_campaign(session, campaign_id, by=stage.client.adviser)
    assert people_of(stage, campaign_id) == []


def test_bands_go_with_the_codes_in_the_numbers_that_were_given(stage):
    people = {stage.unit_of[name]: {"worker": n, "clerk": 12 - n} for name, n in BANDS.items()}
    people |= {stage.unit_of["Workshop"]: {"worker": 10}, stage.unit_of["Team B"]: {"worker": 11}}
    people[stage.unit_of["Team C"]] = {"clerk": 3}
    bands = [
        {"key": key, "names": {"nl": name, "fr": name}}
        for key, name in (("worker", "Arbeider"), ("clerk", "Bediende"))
    ]
    stratum = {"title": {"nl": "Statuut", "fr": "Statut"}, "bands": bands, "people": people}
    campaign_id = stage.launch(stratum=stratum, min_group=5, spares_per_unit=1)
    with stage.database.read(stage.client.id) as session:
        asked = select(Code.unit, Code.stratum).where(Code.campaign_id == campaign_id)
        counted = Counter(tuple(row) for row in session.execute(asked))
    team = stage.unit_of["Team A"]
    assert counted[team, "worker"] == BANDS["Team A"]
    assert counted[team, "clerk"] == 12 - BANDS["Team A"]
    assert counted[team, None] == 1
    cards = [(card.name, card.stratum, len(card.codes)) for card in cards_of(stage, campaign_id)]
    assert ("Team A", "worker", BANDS["Team A"]) in cards
    assert ("Team A", "clerk", 12 - BANDS["Team A"]) in cards
    assert codes_csv(cards_of(stage, campaign_id)).startswith("unit,group,code,spare")
    with pytest.raises(InvalidRecipient):
        give(stage, campaign_id, "Team A", Reason.NEWCOMER)
    assert give(stage, campaign_id, "Team A", Reason.NEWCOMER, stratum="clerk") == 1
    with stage.database.read(stage.client.id) as session:
        asked = select(Code.unit, Code.stratum).where(Code.campaign_id == campaign_id)
        assert Counter(tuple(row) for row in session.execute(asked))[team, "clerk"] == 13 - 5


BANDS = {"Team A": 5}
