"""Ways round the rules of paper that look harmless, each closed by the action itself."""

from typing import Any

import pytest

from baken.organisation.errors import Denied
from baken.organisation.models import Person
from baken.organisation.permissions import Actor, Grant, Role
from baken.organisation.roles import add_grant, as_human
from baken.storage.base import EditedMeanwhile
from baken.survey.box.statements import Standing
from baken.survey.campaigns.queries import lock_campaign
from baken.survey.errors import NoPlaceLeft
from baken.survey.paper import quality
from baken.survey.paper.deciding import next_open, restart_second
from baken.survey.paper.errors import CannotOpenBatch, SamePerson, WrongMoment
from baken.survey.paper.first_entry import lay_aside
from baken.survey.paper.rules import BatchState
from baken.survey.paper.sealing import drop_batch
from baken.survey.paper.second_entry import key_second, next_second
from baken.survey.paper.sittings.actions import (
    HandCount,
    count_sitting,
    settle_blanks,
    sign_sitting,
)
from baken.survey.paper.sittings.queries import count_paper
from baken.survey.paper.sittings.rules import PaperLine
from tests.survey.paper.desk import Desk
from tests.survey.paper.stacks import make_stacks

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)


def under_another_log_in(stage: Any, one: Actor, role: Role) -> Actor:
    """The same human under a second entry of the organisation: the same box for mail."""
    with stage.database.session(stage.client.id) as session:
        name, _, domain = session.get_one(Person, one.person_id).mail.partition("@")
        other = Person(name="Iemand Anders", mail=f"{name}+{role}@{domain}")
        session.add(other)
        session.flush()
        return Actor(other.id, stage.client.id, other.name, frozenset({Grant(role)}))


@ON_SQLITE
def test_forms_laid_aside_make_no_stack_of_one_and_no_waiting_sheet_is_blank(stage: Any) -> None:
    stacks = make_stacks(stage, 6)
    batch, sheets = stacks.open(5), stacks.sheets(5)
    stacks.key(batch, 1, sheets[0])
    for seen in (0, 0, 1, 2, 3):  # the second one is the first, sent again
        stacks.write(lay_aside, batch.id, seen=seen, by=stacks.clerk)
    with pytest.raises(CannotOpenBatch) as refused:
        stacks.finish(batch, 5)
    assert refused.value.key == "paper_entry.stack_too_small"
    drop_batch(stage.database, stage.keys, batch.id, by=stacks.clerk)

    batch, sheets = stacks.fill(5)
    stage.close(stacks.campaign_id)

    def settle(n: int) -> None:
        stacks.write(settle_blanks, stacks.campaign_id, stacks.unit, n=n, by=stacks.third)

    with pytest.raises(NoPlaceLeft):
        settle(2)
    settle(1)
    assert stacks.check(batch, sheets) is BatchState.READY
    stacks.seal(batch)
    place = stacks.place()
    assert (place.taken, place.blank, place.surplus) == (5, 1, 0)
    assert place.is_settled


@ON_SQLITE
def test_a_second_entry_is_whole_blind_and_sees_every_blank_form(
    stage: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("FIRST_FORMS", "SHARE", "FEWEST_FIELDS"):  # none is drawn
        monkeypatch.setattr(quality, name, 0)
    stacks = make_stacks(stage, 5)
    batch, sheets = stacks.open(5), stacks.sheets(5)
    blank = stacks.typed(stage.sheet(), is_blank=True)
    for place, typed in enumerate([*sheets[:4], blank], start=1):
        stacks.key(batch, place, typed)
    stacks.finish(batch, 5)
    arguments = (stage.keys, batch.id)
    with pytest.raises(WrongMoment):  # a page of before, with the group alone
        short = stacks.typed(stage.sheet(), answers={}, backgrounds={})
        stacks.write(key_second, *arguments, 5, short, by=stacks.second, today=stage.today)
    assert stacks.check(batch, sheets) is BatchState.DECIDING
    assert stacks.look(batch).n_sheets_checked == 1
    stacks.write(next_open, *arguments, by=stacks.third, today=stage.today)
    with pytest.raises(SamePerson) as refused:
        again = under_another_log_in(stage, stacks.clerk, Role.PREVENTION_ADVISER)
        stacks.write(next_open, *arguments, by=again, today=stage.today)
    assert refused.value.key == "paper_entry.same_decider"
    stacks.write(restart_second, *arguments, by=stacks.third, today=stage.today)
    for one in (
        stacks.third,  # has seen values of the first entry
        under_another_log_in(stage, stacks.third, Role.CLERK),
        under_another_log_in(stage, stacks.clerk, Role.CLERK),
    ):
        with pytest.raises(SamePerson):
            stacks.write(next_second, *arguments, by=one, today=stage.today)
    assert stacks.check(batch, [*sheets[:4], blank]) is BatchState.READY


@ON_SQLITE
def test_whoever_has_the_desk_under_another_log_in_reads_no_form(stage: Any) -> None:
    stacks = make_stacks(stage, 5)
    batch = stacks.open(5)
    desk = under_another_log_in(stage, stacks.clerk, Role.DESK)
    days = {"unit_id": None, "from_on": stage.today, "until_on": None, "today": stage.today}
    stacks.write(add_grant, desk.person_id, Role.DESK, **days)
    with pytest.raises(Denied, match="reads no forms"):
        stacks.key(batch, 1, stacks.sheets(1)[0])
    with pytest.raises(Denied, match="reads no forms"):
        stacks.open(5, is_another=True)
    with stage.database.read(stage.client.id) as session:  # as the page of the telephone asks
        human = as_human(session, desk, today=stage.today)
        assert human.roles >= {Role.CLERK, Role.DESK}


@ON_SQLITE
def test_nobody_signs_counts_of_before_nor_reads_of_fewer_than_k(stage: Any) -> None:
    desk = Desk(stage)
    unit = stage.unit_of["Team A"]
    for code in desk.codes["Team A"][:6]:
        assert desk.exchange(code) == "Team A"

    def count(returned: int, seen: int) -> int:
        counted = {unit: HandCount(6, returned, 0)}
        with desk.open() as session:
            return count_sitting(
                session, desk.sitting_id, counted, destroyed=0, remarks="", seen=seen, by=desk.by
            ).version

    first = count(6, seen=1)
    second = count(5, seen=first)
    for seen, refusal in ((first, EditedMeanwhile), (second, None)):
        with desk.open() as session:
            named = {"witness": "G. Getuige", "by": desk.by, "today": stage.today}
            if refusal is None:
                sign_sitting(session, desk.sitting_id, seen=seen, **named)
            else:
                with pytest.raises(refusal):
                    sign_sitting(session, desk.sitting_id, seen=seen, **named)
    assert desk.place("Team A").blank == 1
    with desk.open() as session:  # six slips of a group of ten
        assert count_paper(session, desk.campaign_id, by=desk.by).whole == PaperLine("", 0, 0, 0)


def test_nobody_who_answers_waits_for_the_back_office(stage: Any) -> None:
    if stage.database.is_sqlite:
        return  # one transaction writes at a time
    campaign_id = stage.launch()
    code = stage.codes(campaign_id)["Team A"][0]
    with stage.database.session(stage.client.id) as session:
        lock_campaign(session, campaign_id)
        assert stage.submit(campaign_id, code, stage.sheet()).standing is Standing.RECEIVED
