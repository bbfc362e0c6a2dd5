"""The charter: written, agreed, changed, agreed again; and nothing starts without it."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from baken.organisation.errors import Denied
from baken.organisation.permissions import ALLOWED, Action, Role
from baken.storage.audit import AuditEntry
from baken.storage.base import EditedMeanwhile
from baken.survey.box.actions import launch_campaign, list_launch_obstacles
from baken.survey.campaigns.actions import CampaignPlan, create_campaign, edit_campaign
from baken.survey.campaigns.backgrounds import advise
from baken.survey.campaigns.channels import Way, check_channels, ways_of
from baken.survey.campaigns.charter import (
    MAX_PART,
    PARTS,
    Agreement,
    changed_since,
    check_words,
    promise_of,
)
from baken.survey.campaigns.charter_actions import agree_charter, stamp_of, write_charter
from baken.survey.campaigns.copying import copy_campaign
from baken.survey.campaigns.invitation import check_invitation, fill_in, places_in
from baken.survey.campaigns.models import Charter
from baken.survey.campaigns.queries import (
    charter_view,
    find_charter,
    get_campaign,
    list_charters,
)
from baken.survey.campaigns.rules import CampaignState
from baken.survey.campaigns.stratum import check_stratum
from baken.survey.errors import CannotLaunch, InvalidDraft, InvalidTransition
from tests.agreed import agree

YES = Agreement(body="Comité", agreed_on=date(2026, 2, 1), employer="E.", workers="W.")


def draft(stage):
    """A campaign without a charter."""
    with stage.database.session(stage.client.id) as session:
        by = stage.client.adviser
        return create_campaign(session, stage.instrument, stage.plan(), by=by).id


def change(stage, campaign_id, **values):
    with stage.database.session(stage.client.id) as session:
        campaign = get_campaign(session, campaign_id)
        plan = CampaignPlan(**{**vars_of(CampaignPlan.of(campaign)), **values})
        seen = campaign.version
        edit_campaign(session, campaign_id, plan, seen=seen, by=stage.client.adviser)


def vars_of(plan):
    return {name: getattr(plan, name) for name in CampaignPlan.__dataclass_fields__}


def obstacles(stage, campaign_id):
    with stage.database.read(stage.client.id) as session:
        found = list_launch_obstacles(session, campaign_id, stage.instrument, today=stage.today)
    return [one.key.removeprefix("survey.launch_") for one in found]


def launch(stage, campaign_id):
    with stage.database.session(stage.client.id) as session:
        arguments = (session, stage.keys, campaign_id, stage.instrument)
        launch_campaign(*arguments, by=stage.client.adviser, today=stage.today)


def read(stage, campaign_id):
    with stage.database.read(stage.client.id) as session:
        return charter_view(session, get_campaign(session, campaign_id))


def agree_again(stage, campaign_id):
    with stage.database.session(stage.client.id) as session:
        agree(session, campaign_id, by=stage.client.adviser)


def words(text="x", languages=("nl", "fr")):
    return {language: dict.fromkeys(PARTS, f"{text} {language}") for language in languages}


def test_nothing_starts_without_a_charter_that_both_sides_agreed(stage):
    campaign_id = draft(stage)
    assert obstacles(stage, campaign_id) == ["charter_missing"]
    with stage.database.session(stage.client.id) as session:
        with pytest.raises(InvalidDraft):  # nothing is written yet
            agree_charter(
                session, campaign_id, YES, seen=0, by=stage.client.adviser, today=stage.today
            )
        write_charter(
            session, campaign_id, words(languages=["nl"]), seen=0, by=stage.client.adviser
        )
    assert obstacles(stage, campaign_id) == ["charter_unwritten", "charter_not_agreed"]
    with pytest.raises(CannotLaunch):  # half a charter cannot be agreed
        agree_again(stage, campaign_id)
    with stage.database.session(stage.client.id) as session:
        seen = stamp_of(find_charter(session, campaign_id))
        write_charter(session, campaign_id, words(), seen=seen, by=stage.client.adviser)
    with pytest.raises(CannotLaunch):
        launch(stage, campaign_id)
    assert read(stage, campaign_id) is None
    agree_again(stage, campaign_id)
    assert obstacles(stage, campaign_id) == []
    assert read(stage, campaign_id).words_in("fr")["method"] == "x fr"
    launch(stage, campaign_id)
    with pytest.raises(InvalidTransition):
        agree_again(stage, campaign_id)
    assert read(stage, campaign_id).is_agreed


@pytest.mark.parametrize(
    "changed",
    [
        {"min_group": 11},
        {"closes_on": date(2026, 3, 24)},
        {"adviser_name": "Somebody else"},
        {"key_holder": "Somebody else"},
        {"answers_until_on": date(2026, 9, 1)},
        {"comments_until_on": date(2026, 9, 1)},
        {"channels": {"u": ["cards", "letter"]}},
        {
            "stratum": {
                "title": {"nl": "Statuut", "fr": "Statut"},
                "bands": [{"key": key, "names": {"nl": key, "fr": key}} for key in ("s1", "s2")],
                "people": {},
            }
        },
    ],
    ids=str,
)
def test_what_is_promised_differently_has_to_be_agreed_again(stage, changed):
    campaign_id = stage.create()
    change(stage, campaign_id, **changed)
    assert "charter_changed" in obstacles(stage, campaign_id)
    assert read(stage, campaign_id) is None
    with pytest.raises(CannotLaunch):
        launch(stage, campaign_id)
    agree_again(stage, campaign_id)
    assert "charter_changed" not in obstacles(stage, campaign_id)
    with stage.database.read(stage.client.id) as session:
        assert [one.edition for one in list_charters(session, campaign_id)] == [2, 1]
    assert read(stage, campaign_id).edition == 2


def test_a_title_or_a_telephone_number_needs_no_new_agreement(stage):
    campaign_id = stage.create()
    change(stage, campaign_id, title="Iets anders", contact="Iemand anders", spares_per_unit=3)
    assert obstacles(stage, campaign_id) == []


def test_words_changed_after_the_agreement_are_the_next_edition(stage):
    campaign_id = stage.create()
    with stage.database.session(stage.client.id) as session:
        seen = stamp_of(find_charter(session, campaign_id))
        by = stage.client.adviser
        write_charter(session, campaign_id, words("anders"), seen=seen, by=by)
        with pytest.raises(EditedMeanwhile):
            write_charter(session, campaign_id, words("te laat"), seen=seen, by=by)
    assert obstacles(stage, campaign_id) == ["charter_not_agreed"]
    with stage.database.read(stage.client.id) as session:
        first = session.scalars(select(Charter).where(Charter.edition == 1)).one()
        assert first.agreed_on is not None
        assert "Text about" in first.words["nl"]["method"]


@pytest.mark.parametrize(
    "wrong", [{"agreed_on": date(2027, 1, 1)}, {"employer": " "}, {"workers": ""}, {"body": ""}]
)
def test_an_agreement_has_a_day_that_is_over_and_names_of_both_sides(stage, wrong):
    campaign_id = draft(stage)
    with stage.database.session(stage.client.id) as session, pytest.raises(InvalidDraft):
        agree(session, campaign_id, by=stage.client.adviser, **wrong)


def test_who_may_write_and_who_may_note_the_agreement(stage):
    campaign_id = stage.create()
    for role, actor in stage.client.people.items():
        with stage.database.session(stage.client.id) as session:
            seen = stamp_of(find_charter(session, campaign_id))
            if role in ALLOWED[Action.PREPARE_CAMPAIGN]:
                seen = stamp_of(write_charter(session, campaign_id, words(), seen=seen, by=actor))
            else:
                with pytest.raises(Denied):
                    write_charter(session, campaign_id, words(), seen=seen, by=actor)
            arguments = (session, campaign_id, YES)
            if role in ALLOWED[Action.RECORD_ADVICE]:
                agree_charter(*arguments, seen=seen, by=actor, today=stage.today)
            else:
                with pytest.raises(Denied):
                    agree_charter(*arguments, seen=seen, by=actor, today=stage.today)
    assert Role.CPBW_MEMBER in ALLOWED[Action.RECORD_ADVICE]


def test_a_former_campaign_is_a_start_without_its_people_and_its_agreement(stage):
    former = stage.create()
    reached = {"channels": {"u": ["mail"]}, "counsellor": " Noor Gefingeerd, 012 "}
    change(stage, former, **reached, employer_signatory="De directeur")
    days = {"opens_on": stage.today + timedelta(days=400)}
    days["closes_on"] = days["opens_on"] + timedelta(days=20)
    with stage.database.session(stage.client.id) as session:
        by = stage.client.adviser
        copied = copy_campaign(session, former, stage.instrument, title="Later", by=by, **days)
        assert copied.state is CampaignState.DRAFT
        assert (copied.title, copied.key_holder) == ("Later", "Externe dienst")
        assert copied.channels == {"u": ["mail"]}
        assert copied.counsellor == "Noor Gefingeerd, 012"
        assert copied.background_headcounts == {}
        assert copied.answers_until_on == days["closes_on"] + timedelta(days=365)
        charter = find_charter(session, copied.id)
        assert (charter.agreed_on, charter.edition) == (None, 1)
        newest = session.scalars(select(AuditEntry).order_by(AuditEntry.seq.desc())).first()
        assert newest.facts == {"copied_from": str(former)}


def stratum(stage, workers=20):
    """Everybody of the stage in two bands; `workers` of them in the first."""
    heads = {"Organisation": 0, "Team A": 12, "Team B": 11, "Team C": 3, "Workshop": 10}
    people, left = {}, workers
    for name, count in heads.items():
        first = min(left, count)
        left -= first
        people[stage.unit_of[name]] = {"s1": first, "s2": count - first}
    return {
        "title": {"nl": "Statuut", "fr": "Statut"},
        "bands": [{"key": key, "names": {"nl": key, "fr": key}} for key in ("s1", "s2")],
        "people": people,
    }


def test_a_stratum_has_twice_k_people_and_adds_up_to_every_unit(stage):
    bands = {"age": {"-35": 60, "35-50": 60, "50+": 60}}
    campaign_id = stage.create(min_group=8, stratum=stratum(stage), background_headcounts=bands)
    assert obstacles(stage, campaign_id) == []
    change(stage, campaign_id, stratum=stratum(stage, workers=21))
    assert obstacles(stage, campaign_id) == ["stratum_small"]  # 15 of the 16 that are needed
    short = stratum(stage)
    short["people"][stage.unit_of["Team B"]]["s1"] -= 1
    change(stage, campaign_id, stratum=short)
    assert obstacles(stage, campaign_id) == ["stratum_total"]
    change(stage, campaign_id, stratum={**stratum(stage), "people": {}})
    assert obstacles(stage, campaign_id) == ["stratum_empty"]  # nothing was typed yet
    unnamed = stratum(stage)
    unnamed["bands"][1]["names"]["fr"] = ""
    change(stage, campaign_id, stratum=unnamed)
    assert "stratum_unnamed" in obstacles(stage, campaign_id)
    for bad in ([], stratum(stage)["bands"][:1], [stratum(stage)["bands"][0]] * 2):
        with pytest.raises(InvalidDraft):
            check_stratum({**stratum(stage), "bands": bad})


def test_an_invitation_is_needed_where_somebody_gets_one_and_is_signed_by_both(stage):
    team = stage.unit_of["Team A"]
    campaign_id = stage.create(channels={team: ["mail", "kiosk"]})
    assert obstacles(stage, campaign_id) == ["invitation_missing"] * 2 + ["invitation_unsigned"]
    letter = {"subject": "Hoe gaat het?", "body": "{name}: {link} {code}"}
    change(
        stage,
        campaign_id,
        invitation={"nl": letter, "fr": letter},
        employer_signatory="E.",
        committee_signatory="C.",
    )
    assert obstacles(stage, campaign_id) == []
    change(stage, campaign_id, channels={team: ["cards"]}, invitation={}, employer_signatory="")
    assert obstacles(stage, campaign_id) == ["charter_changed"]  # nobody by name any more
    agree_again(stage, campaign_id)
    assert obstacles(stage, campaign_id) == []


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Hi", "{link}"),
        ("Hi", "{code}"),
        ("Hi", "{code} {link} {birthday}"),
        ("{code}", "{code} {link}"),
        ("{link}", "{code} {link}"),
        ("x" * 151, "{code} {link}"),
        ("Hi", "{code} {link}" + "x" * 6_000),
    ],
)
def test_an_invitation_that_cannot_be_sent_is_refused(subject, body):
    with pytest.raises(InvalidDraft):
        check_invitation({"nl": {"subject": subject, "body": body}})


def test_an_empty_invitation_is_not_written_yet():
    check_invitation({"nl": {"subject": "", "body": " "}})
    assert fill_in("{name} {other} {", {"name": "{code}", "code": "X"}) == "{code} {other} {"
    assert places_in("{code} {} {a b}") == {"code", "", "a b"}


def test_that_somebody_reads_forms_has_to_be_agreed(stage):
    campaign_id = stage.create()
    assert obstacles(stage, campaign_id) == []
    unit = stage.unit_of["Team A"]
    for ways in (("paper",), ("cards", "paper"), ("sitting",)):
        change(stage, campaign_id, channels={unit: ways})
        assert obstacles(stage, campaign_id) == ["charter_changed"]
    change(stage, campaign_id, channels={unit: ("cards", "kiosk")})
    assert obstacles(stage, campaign_id) == []


def test_ways_are_cards_unless_somebody_chose():
    reached = SimpleNamespace(channels={"a": ["sitting", "mail"], "b": []})
    assert ways_of(reached, "a") == (Way.MAIL, Way.SITTING)
    assert ways_of(reached, "b") == ways_of(reached, "c") == (Way.CARDS,)
    for wrong in ([], ["pigeon"]):
        with pytest.raises(InvalidDraft):
            check_channels({"a": wrong})


def test_a_charter_has_four_parts_that_can_be_read_to_the_end():
    with pytest.raises(ValueError, match="four parts"):
        check_words({"nl": {"poem": "x"}})
    with pytest.raises(InvalidDraft):
        check_words({"nl": {"method": "x" * (MAX_PART + 1)}})


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6), st.integers(5, 20))
def test_advice_names_every_band_that_is_too_small_and_a_neighbour_that_helps(people, k):
    bands = tuple(f"b{place}" for place in range(len(people)))
    counts = dict(zip(bands, people, strict=True))
    found = advise(counts, bands, k)
    assert [one.band for one in found] == [band for band in bands if counts[band] < k]
    for one in found:
        assert one.people == counts[one.band]
        if one.neighbour is not None:
            assert abs(bands.index(one.neighbour) - bands.index(one.band)) == 1
            assert one.together == one.people + counts[one.neighbour] >= k


@pytest.mark.parametrize(
    ("ways", "typed", "paper", "hand"),
    [
        (["cards"], False, None, None),
        (["paper"], False, True, True),
        (["mail", "sitting"], True, True, None),
    ],
)
def test_the_promise_says_that_somebody_reads_forms(ways, typed, paper, hand):
    plan = {"min_group": 10, "opens_on": date(2026, 3, 2), "closes_on": date(2026, 3, 20)}
    plan |= {"answers_until_on": date(2027, 3, 2), "comments_until_on": date(2027, 3, 2)}
    named = dict.fromkeys(
        ("adviser_name", "key_holder", "instrument_key", "instrument_version"), "x"
    )
    promised = SimpleNamespace(
        **plan,
        **named,
        instrument_fingerprint="f",
        stratum=None,
        channels={"unit": ways},
        types_handwriting=typed,
    )
    agreed = promise_of(promised)
    assert (agreed["paper"], agreed["handwriting"]) == (paper, hand)
    # What was agreed before there were forms stays agreed while nobody answers on paper.
    before = {part: value for part, value in agreed.items() if part not in {"paper", "handwriting"}}
    charter = SimpleNamespace(words={}, promise=before, agreed_on=date(2026, 2, 1))
    new = (("paper",) if paper else ()) + (("handwriting",) if hand else ())
    assert changed_since(promised, charter) == new
