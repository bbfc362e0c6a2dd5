"""From a launch to scrubbed files, on both engines."""

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import numpy as np
import pytest
from sqlalchemy import select, text

from baken.organisation.errors import Denied
from baken.organisation.models import Unit
from baken.storage.audit import AuditEntry, verify
from baken.storage.keys import KeyGone
from baken.survey.answers import read_blocks
from baken.survey.box.models import Draft, Envelope
from baken.survey.box.queries import get_agreement, list_receipts
from baken.survey.box.statements import Standing
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import find_public_name, get_campaign, get_public_name
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.actions import codes_csv, print_codes
from baken.survey.codes.models import Code, CodeState
from baken.survey.codes.symbols import LENGTH
from baken.survey.comments import list_comments
from baken.survey.errors import (
    CampaignNotFound,
    InvalidSheet,
    InvalidTransition,
    NotOpened,
    TooEarly,
)
from tests.databases import above_the_walls


def number_of(answers):
    return sum(int(code) * 5**place for place, code in enumerate(answers))


def actions_recorded(stage):
    with stage.database.read(stage.client.id) as session:
        return [e.action for e in session.scalars(select(AuditEntry).order_by(AuditEntry.seq))]


def test_a_campaign_runs_from_launch_to_scrubbed(stage):
    campaign_id = stage.launch()
    codes = stage.codes(campaign_id)
    assert {name: len(found) for name, found in codes.items()} == {
        "Team A": 12, "Team B": 11, "Team C": 3, "Workshop": 10,
    }  # fmt: skip
    number, receipts, expected = 0, [], Counter()
    for name, found in codes.items():
        for code in found:
            number += 1
            sheet = stage.sheet(number, comments=(f"comment {number}",))
            outcome = stage.submit(campaign_id, code, sheet)
            assert outcome.standing is Standing.RECEIVED
            receipts.append(outcome.receipt)
            expected[number] = name
    before = actions_recorded(stage)
    stage.close(campaign_id)
    assert stage.open(campaign_id) is CampaignState.BACKED_UP
    assert actions_recorded(stage)[len(before) :] == [
        "campaign.closed",
        "campaign.opened",
        "campaign.backed_up",
        "campaign.keys_destroyed",
    ]
    with stage.database.read(stage.client.id) as session:
        blocks = {block.label: block for block in read_blocks(session, stage.keys, campaign_id)}
        assert list_receipts(session, campaign_id) == sorted(receipts)
        agreement = get_agreement(session, campaign_id, by=stage.client.adviser)
        assert verify(session).first_bad is None
    # Team C is small: it joins Care, and Team B, the smallest sibling, goes with it.
    assert {label: len(block.items) for label, block in blocks.items()} == {
        stage.unit_of["Team A"]: 12,
        stage.unit_of["Care"]: 14,
        stage.unit_of["Workshop"]: 10,
    }
    seen = Counter(number_of(row) for block in blocks.values() for row in block.items)
    assert seen == Counter(dict.fromkeys(range(1, 37), 1))
    team_a = blocks[stage.unit_of["Team A"]]
    assert {expected[number_of(row)] for row in team_a.items} == {"Team A"}
    assert team_a.columns == ("age",)
    assert (team_a.backgrounds[:, 0] == [number_of(row) % 3 for row in team_a.items]).all()
    assert agreement.agrees
    assert (agreement.issued, agreement.used, agreement.answers) == (36, 36, 36)

    assert stage.open(campaign_id, days_later=6) is CampaignState.BACKED_UP
    assert stage.open(campaign_id, days_later=7) is CampaignState.SCRUBBED
    with stage.database.session(stage.client.id) as session:
        comments = list_comments(session, stage.keys, campaign_id, by=stage.client.adviser)
        assert Counter(c.text for c in comments) == Counter(f"comment {n}" for n in range(1, 37))
        # Comments need 20 answers: Team A, the smallest child, joins Care; the workshop the whole.
        assert {c.label for c in comments} <= {"ALL", stage.unit_of["Care"]}
    assert actions_recorded(stage)[-3:] == [
        "campaign.shredded",
        "campaign.scrubbed",
        "campaign.comments_read",
    ]
    assert actions_recorded(stage).count("campaign.codes_printed") == 1


def test_the_keys_are_gone_once_the_backup_was_read(stage):
    campaign_id = stage.launch()
    for code in stage.codes(campaign_id)["Team A"]:
        stage.submit(campaign_id, code, stage.sheet())
    stage.close(campaign_id)
    stage.open(campaign_id)
    for name in ("box", "codes", "pepper", "table"):
        with pytest.raises(KeyGone):
            stage.keys.get(stage.client.id, "campaign", f"{campaign_id}:{name}")
    with stage.database.session(stage.client.id) as session:
        campaign = get_campaign(session, campaign_id)
        assert campaign.copies_expire_on == stage.opening_day + timedelta(days=7)
        with pytest.raises(InvalidTransition):
            print_codes(session, stage.keys, campaign_id, by=stage.client.adviser)


def test_fewer_than_k_answers_are_never_decrypted(stage):
    campaign_id = stage.launch()
    for code in stage.codes(campaign_id)["Team A"][:9]:
        stage.submit(campaign_id, code, stage.sheet(comments=("secret",)))
    stage.close(campaign_id)
    # the private key is not even needed
    stage.keys.destroy(stage.client.id, "campaign", f"{campaign_id}:box")
    assert stage.open(campaign_id) is CampaignState.BACKED_UP
    with stage.database.session(stage.client.id) as session:
        assert get_campaign(session, campaign_id).too_few
        assert list(read_blocks(session, stage.keys, campaign_id)) == []
        assert list_comments(session, stage.keys, campaign_id, by=stage.client.adviser) == []
        assert get_agreement(session, campaign_id, by=stage.client.adviser).agrees
        assert session.scalars(select(Envelope)).all() == []
    assert stage.open(campaign_id, days_later=7) is CampaignState.SCRUBBED


def test_the_same_post_again_gives_the_same_receipt(stage):
    campaign_id = stage.launch()
    code = stage.codes(campaign_id)["Workshop"][0]
    first = stage.submit(campaign_id, code, stage.sheet(1))
    again = stage.submit(campaign_id, code, stage.sheet(1))
    other = stage.submit(campaign_id, code, stage.sheet(2))
    assert first.standing is Standing.RECEIVED
    assert again.standing is other.standing is Standing.ALREADY_RECEIVED
    assert again.receipt == other.receipt == first.receipt
    assert len(first.receipt) == 10
    stage.close(campaign_id)
    assert stage.submit(campaign_id, code, stage.sheet(1)).receipt == first.receipt


def test_codes_that_may_not_answer(stage):
    campaign_id = stage.launch()
    used, revoked, paper, free = stage.codes(campaign_id)["Workshop"][:4]
    stage.submit(campaign_id, used, stage.sheet())
    tag = stage.writer._slot(stage.client.id, campaign_id).place
    with stage.database.session(stage.client.id) as session:
        session.get_one(Code, tag(revoked, stage.today).tag).state = CodeState.REVOKED
        session.get_one(Code, tag(paper, stage.today).tag).state = CodeState.PAPER

    def standing(code):
        looked = stage.writer.look_up(stage.client.id, campaign_id, code, today=stage.today)
        if looked.standing is not Standing.WELCOME:
            assert stage.submit(campaign_id, code, stage.sheet()).standing is looked.standing
        return looked.standing

    assert standing(used) is Standing.ALREADY_RECEIVED
    assert standing(revoked) is Standing.UNKNOWN
    assert standing(paper) is Standing.EXCHANGED
    assert standing("0" * LENGTH) is Standing.UNKNOWN
    assert standing(free) is Standing.WELCOME
    stage.close(campaign_id)
    assert standing(free) is standing("0" * LENGTH) is Standing.CLOSED
    assert standing(used) is Standing.ALREADY_RECEIVED


def test_answers_are_accepted_from_the_first_day_to_the_last(stage):
    first, last = stage.today + timedelta(days=2), stage.today + timedelta(days=4)
    campaign_id = stage.launch(opens_on=first, closes_on=last)
    codes = stage.codes(campaign_id)["Workshop"]

    def on(day, code):
        return stage.writer.submit(
            stage.client.id, campaign_id, code, stage.sheet(), today=day
        ).standing

    assert on(first - timedelta(days=1), codes[0]) is Standing.NOT_YET
    assert on(first, codes[0]) is Standing.RECEIVED
    assert on(last, codes[1]) is Standing.RECEIVED
    assert on(last + timedelta(days=1), codes[2]) is Standing.CLOSED
    assert on(last, codes[2]) is Standing.RECEIVED


def test_a_draft_campaign_takes_nothing(stage):
    campaign_id = stage.create()
    assert stage.submit(campaign_id, "0" * LENGTH, stage.sheet()).standing is Standing.NOT_YET


def test_another_organisation_finds_nothing(stage):
    campaign_id = stage.launch()
    with stage.database.read(None) as session:
        name = get_public_name(session, campaign_id)
        assert find_public_name(session, name).organisation_id == stage.client.id
        with pytest.raises(CampaignNotFound):
            find_public_name(session, "nowhere")
    with pytest.raises(CampaignNotFound):
        stage.writer.look_up(uuid4(), uuid4(), "0" * LENGTH, today=stage.today)


def test_a_code_of_one_campaign_opens_no_other(stage):
    first, second = stage.launch(), stage.launch()
    code = stage.codes(first)["Workshop"][0]
    assert stage.submit(second, code, stage.sheet()).standing is Standing.UNKNOWN
    assert stage.submit(first, code, stage.sheet()).standing is Standing.RECEIVED


def test_every_envelope_and_draft_has_the_same_size(stage):
    campaign_id = stage.launch()
    codes = stage.codes(campaign_id)["Team A"]
    for length, code in zip((0, 1, 150, 300), codes, strict=False):
        sheet = stage.sheet(comments=("x" * length,))
        stage.writer.save_draft(stage.client.id, campaign_id, codes[5], sheet, today=stage.today)
        with stage.database.read(stage.client.id) as session:
            assert [len(d.box) for d in session.scalars(select(Draft))] == [1024]
        stage.submit(campaign_id, code, sheet)
    with stage.database.read(stage.client.id) as session:
        assert {len(row.box) for row in session.scalars(select(Envelope))} == {1024}


def test_a_draft_is_found_with_its_code_and_goes_with_the_submission(stage):
    campaign_id = stage.launch()
    code, other = stage.codes(campaign_id)["Team A"][:2]
    place = (stage.client.id, campaign_id)
    sheet = stage.sheet(77, comments=("unfinished",))
    for kept in (stage.sheet(1), sheet):
        saved = stage.writer.save_draft(*place, code, kept, today=stage.today)
        assert saved.standing is Standing.WELCOME
    assert stage.writer.load_draft(*place, code, today=stage.today) == sheet
    assert stage.writer.load_draft(*place, other, today=stage.today) is None
    stage.submit(campaign_id, code, sheet)
    assert stage.writer.load_draft(*place, code, today=stage.today) is None
    refused = stage.writer.save_draft(*place, code, sheet, today=stage.today)
    assert refused.standing is Standing.ALREADY_RECEIVED
    stage.writer.save_draft(*place, other, sheet, today=stage.today)
    stage.close(campaign_id)
    with stage.database.read(stage.client.id) as session:
        assert session.scalars(select(Draft)).all() == []


def test_sheets_of_another_questionnaire_are_refused(stage):
    campaign_id = stage.launch()
    code = stage.codes(campaign_id)["Team A"][0]
    good = stage.sheet().answers
    for wrong in (
        {"answers": good[1:]},
        {"answers": (5, *good[1:])},
        {"answers": (good[0], -2, *good[2:])},
        {"answers": (-4, *good[1:])},
        {"backgrounds": (3,)},
        {"backgrounds": ()},
        {"language": "en"},
        {"comments": ("é" * 151,)},
        {"comments": ()},
    ):
        with pytest.raises(InvalidSheet):
            stage.submit(campaign_id, code, stage.sheet(**wrong))
    fine = stage.sheet(answers=(-2, -1, -3, *good[3:]), comments=("é" * 150,))
    assert stage.submit(campaign_id, code, fine).standing is Standing.RECEIVED


def test_nothing_exact_is_known_before_the_opening(stage):
    campaign_id = stage.launch()
    with stage.database.session(stage.client.id) as session:
        with pytest.raises(NotOpened):
            get_agreement(session, campaign_id, by=stage.client.adviser)
        with pytest.raises(NotOpened):
            list_comments(session, stage.keys, campaign_id, by=stage.client.adviser)


def test_only_the_external_adviser_opens_and_reads_comments(stage):
    campaign_id = stage.launch()
    stage.close(campaign_id)
    stage_by = stage.client
    stage.client = type("Other", (), {"id": stage_by.id, "adviser": stage_by.prevention_adviser})()
    with pytest.raises(Denied):
        stage.open(campaign_id)
    with stage.database.session(stage_by.id) as session, pytest.raises(Denied):
        list_comments(session, stage.keys, campaign_id, by=stage_by.prevention_adviser)


def test_a_running_campaign_cannot_be_opened(stage):
    campaign_id = stage.launch()
    with pytest.raises(TooEarly, match="after the survey was closed"):
        stage.open(campaign_id)


def test_the_cards_carry_unit_and_code_and_no_formula(stage):
    with stage.database.session(stage.client.id) as session:
        row = session.scalars(select(Unit).where(Unit.name == "Workshop")).one()
        row.name = "=HYPERLINK(1)"
    campaign_id = stage.launch(spares_per_unit=2)
    with stage.database.session(stage.client.id) as session:
        cards = print_codes(session, stage.keys, campaign_id, by=stage.client.adviser)
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert entry.facts == {"codes": 36, "spares": 8}
    lines = codes_csv(cards).split("\r\n")
    assert lines[0] == "unit,code,spare"
    assert len(lines) == 1 + 36 + 8 + 1
    assert any(line.startswith("'=HYPERLINK(1),") for line in lines)
    with stage.database.read(stage.client.id) as session:
        assert get_campaign(session, campaign_id).n_issued == 36


def test_a_changed_tree_is_not_opened(stage):
    campaign_id = stage.launch()
    stage.close(campaign_id)
    with stage.database.session(stage.client.id) as session:
        campaign = session.get_one(Campaign, campaign_id)
        units = [dict(unit) for unit in campaign.unit_tree]
        units[0]["headcount"] += 1
        campaign.unit_tree = units
    with pytest.raises(Exception, match="not those of the launch"):
        stage.open(campaign_id)


def test_counts_that_disagree_stop_the_opening_and_change_nothing(stage):
    campaign_id = stage.launch()
    codes = stage.codes(campaign_id)
    for code in codes["Team A"]:
        stage.submit(campaign_id, code, stage.sheet())
    stage.close(campaign_id)
    with stage.database.session(stage.client.id) as session:
        used = session.scalars(select(Code).where(Code.state == CodeState.USED)).first()
        used.unit = stage.unit_of["Team B"]
    with pytest.raises(Exception, match="Team A the number of answers is not"):
        stage.open(campaign_id)
    with stage.database.read(stage.client.id) as session:
        assert get_campaign(session, campaign_id).state is CampaignState.CLOSED
        assert len(session.scalars(select(Envelope)).all()) == 12


def test_rows_of_the_opening_share_one_transaction_on_postgresql(stage):
    if stage.database.is_sqlite:
        return
    campaign_id = stage.launch()
    for code in stage.codes(campaign_id)["Team A"]:
        stage.submit(campaign_id, code, stage.sheet(comments=("a",)))
    stage.close(campaign_id)
    stage.open(campaign_id)
    asked = " UNION ".join(
        f"SELECT DISTINCT xmin::text FROM {table}"
        for table in ("answer_block", "comment", "receipt")
    )
    with above_the_walls(stage.database) as connection:
        assert len(connection.execute(text(asked)).all()) == 1


def test_language_is_kept_only_where_every_language_is_large(stage):
    campaign_id = stage.launch(min_group=5)
    codes = [code for found in stage.codes(campaign_id).values() for code in found]
    for number, code in enumerate(codes):
        language = "fr" if number < 10 else "nl"
        stage.submit(campaign_id, code, stage.sheet(number, language=language))
    stage.close(campaign_id)
    stage.open(campaign_id)
    with stage.database.read(stage.client.id) as session:
        blocks = list(read_blocks(session, stage.keys, campaign_id))
    assert {block.columns for block in blocks} == {("age", "@language")}
    assert np.concatenate([block.backgrounds[:, 1] for block in blocks]).sum() == 10


def test_nothing_is_opened_before_the_promised_day_is_over(stage):
    campaign_id = stage.launch()
    for code in stage.codes(campaign_id)["Team A"]:
        stage.submit(campaign_id, code, stage.sheet())
    stage.close(campaign_id)  # closed early; the promise stands
    with pytest.raises(InvalidTransition, match="before 2026-03-23 is over"):
        stage.open(campaign_id, days_later=-1)
    with stage.database.read(stage.client.id) as session:
        assert get_campaign(session, campaign_id).state is CampaignState.CLOSED
    assert stage.open(campaign_id) is CampaignState.BACKED_UP
