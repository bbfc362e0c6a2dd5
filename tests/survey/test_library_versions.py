"""Own versions in a database: made, changed, chosen, asked, and then fixed."""

from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from baken.analysis.tallies.actions import instrument_of
from baken.instruments.errors import InvalidInstrument
from baken.instruments.exchange.imported import Imported, Refusal
from baken.instruments.library import load_instrument
from baken.instruments.writing import definition_of, texts_of
from baken.organisation.errors import Denied
from baken.organisation.permissions import Actor, Grant, Role
from baken.storage.audit import AuditEntry
from baken.storage.base import EditedMeanwhile
from baken.survey.box.actions import launch_campaign
from baken.survey.campaigns.queries import get_campaign, get_public_name, list_asking
from baken.survey.errors import CannotLaunch
from baken.survey.library import actions, editing
from baken.survey.library.errors import (
    InvalidVersion,
    QuestionsChanged,
    VersionLocked,
    VersionNotFound,
)
from baken.survey.library.own_questions import NewQuestion, NewScale
from baken.survey.library.queries import (
    find_row,
    get_instrument,
    get_source,
    list_choices,
    recall,
)
from baken.web.pages.respondent_door import FrontDoor

KEY, OWN = "vijf-a", "own-1"
BANDS = {one.key: dict.fromkeys(one.bands, 20) for one in load_instrument(KEY, "1").backgrounds}


def question(session: Any, text: str = "Mijn rooster verandert te laat.") -> NewQuestion:
    formats = get_source(session, KEY, OWN).content.definition["formats"]
    words = {"nl": text, "fr": f"FR {text}"}
    return NewQuestion(words, next(iter(formats)), NewScale("A3", "risk", words))


@pytest.fixture
def own(stage: Any) -> Any:
    """A stage with an own version that has one question of its own."""
    with stage.database.session(stage.client.id) as session:
        actions.make_version(session, KEY, "1", by=stage.client.adviser)
        editing.add_question(session, KEY, OWN, question(session), seen=1, by=stage.client.adviser)
    with stage.database.read(stage.client.id) as session:
        stage.instrument = get_instrument(session, KEY, OWN)
    return stage


def launch(stage: Any, campaign_id: Any) -> None:
    with stage.database.session(stage.client.id) as session:
        campaign = get_campaign(session, campaign_id)
        launch_campaign(
            session,
            stage.keys,
            campaign_id,
            get_instrument(session, campaign.instrument_key, campaign.instrument_version),
            by=stage.client.adviser,
            today=stage.today,
        )


def test_an_own_version_is_asked_and_then_stays_as_it_is(own: Any) -> None:
    by = own.client.adviser
    campaign_id = own.create(background_headcounts=BANDS)
    with own.database.session(own.client.id) as session:
        editing.write_texts(session, KEY, OWN, {"nl": {"title": "Nieuw"}}, seen=2, by=by)
    with pytest.raises(CannotLaunch, match="no longer the one that was chosen"):
        launch(own, campaign_id)
    with own.database.read(own.client.id) as session:
        own.instrument = get_instrument(session, KEY, OWN)
    campaign_id = own.create(background_headcounts=BANDS)
    launch(own, campaign_id)

    with own.database.read(own.client.id) as session:
        row = find_row(session, KEY, OWN)
        campaign = get_campaign(session, campaign_id)
        assert row.locked_by_campaign == campaign_id
        assert instrument_of(session, campaign) == own.instrument
        assert len(list_asking(session, KEY, OWN)) == 2
        name = get_public_name(session, campaign_id)
    with own.database.session(own.client.id) as session, pytest.raises(VersionLocked):
        editing.write_texts(session, KEY, OWN, {"nl": {"title": "Te laat"}}, seen=4, by=by)
    with own.database.session(own.client.id) as session:
        actions.lock_version(session, KEY, OWN, uuid4())
        assert find_row(session, KEY, OWN).locked_by_campaign == campaign_id
        other = actions.make_version(session, KEY, OWN, by=by)
        assert (other.instrument_version, other.base_version) == ("own-2", OWN)
        editing.add_question(session, KEY, "own-2", question(session, "Nog?"), seen=1, by=by)

    door = FrontDoor(own.database, own.keys)
    asked: list[str] = []
    event.listen(own.database.engine, "before_cursor_execute", lambda *a: asked.append(a[2]))
    view = door.look(name)
    assert view.questionnaire.items[-1].code == "own_1_1"
    door.look(name)
    door.stop()
    # The launch has read it already: no page of a respondent reads the library again.
    assert recall(view.questionnaire.fingerprint) is view.questionnaire
    assert not [statement for statement in asked if "library_version" in statement]


def test_every_act_leaves_one_entry_and_asks_for_the_right_role(own: Any) -> None:
    by, reader = (
        own.client.adviser,
        Actor(uuid4(), own.client.id, "Reader", frozenset({Grant(Role.CPBW_MEMBER)})),
    )

    def acts(session: Any, who: Actor) -> Any:
        yield lambda: editing.choose_parts(
            session, KEY, OWN, ["scales.workload"], {}, seen=2, by=who
        )
        yield lambda: editing.add_open_question(
            session, KEY, OWN, {"nl": "Wat?", "fr": "Quoi ?"}, 500, seen=3, by=who
        )
        yield lambda: editing.remove_open_question(
            session, KEY, OWN, "own_open_1_1", seen=4, by=who
        )
        yield lambda: editing.add_format(session, KEY, OWN, 1, 3, seen=5, by=who)
        yield lambda: editing.add_language(session, KEY, OWN, "de", seen=6, by=who)
        yield lambda: editing.take_texts(
            session, KEY, OWN, b"text;en\ntitle;Five\n", seen=7, by=who
        )
        yield lambda: editing.remove_language(session, KEY, OWN, "de", seen=8, by=who)
        yield lambda: editing.remove_question(session, KEY, OWN, "own_1_1", seen=9, by=who)
        yield lambda: actions.delete_version(session, KEY, OWN, [], seen=10, by=who)

    with own.database.session(own.client.id) as session:
        for act in acts(session, reader):
            with pytest.raises(Denied):
                act()
        before = len(list(session.scalars(select(AuditEntry))))
        for number, act in enumerate(acts(session, by), start=1):
            act()
            assert len(list(session.scalars(select(AuditEntry)))) == before + number
        with pytest.raises(VersionNotFound):
            get_instrument(session, KEY, OWN)


def test_two_people_do_not_write_over_each_other(own: Any) -> None:
    by = own.client.adviser
    with own.database.session(own.client.id) as session:
        editing.write_texts(session, KEY, OWN, {"nl": {"title": "Een"}}, seen=2, by=by)
        with pytest.raises(EditedMeanwhile):
            editing.write_texts(session, KEY, OWN, {"nl": {"title": "Twee"}}, seen=2, by=by)
        with pytest.raises(InvalidVersion, match=r"no “items\.X”"):
            editing.write_texts(session, KEY, OWN, {"nl": {"items.X": "?"}}, seen=3, by=by)
        with pytest.raises(InvalidVersion, match="chosen for Survey"):
            actions.delete_version(session, KEY, OWN, ["Survey"], seen=3, by=by)
        with pytest.raises(InvalidVersion, match="Nothing in this file"):
            editing.take_texts(session, KEY, OWN, b"text;nl\nitems.X;?\n", seen=3, by=by)
        with pytest.raises(QuestionsChanged):
            actions.lock_version(session, KEY, OWN, uuid4(), "f" * 64)
        with pytest.raises(VersionNotFound):
            actions.lock_version(session, KEY, "own-9", uuid4())
        actions.lock_version(session, KEY, "1", uuid4())
        with pytest.raises(InvalidVersion, match="questionnaires only"):
            actions.make_version(session, "knipperlichten", "1", by=by)


def test_choices_are_own_first_and_say_what_is_usable(own: Any) -> None:
    by = own.client.adviser
    with own.database.session(own.client.id) as session:
        actions.make_version(session, "bat-12", "1", by=by)
        for _ in range(9):
            actions.make_version(session, KEY, "1", by=by)
        choices = list_choices(session)
        assert [one.name for one in choices if one.is_own][:3] == [
            "bat-12 own-1",
            "vijf-a own-10",
            "vijf-a own-9",
        ]
        by_name = {one.name: one for one in choices}
        assert not by_name["bat-12 own-1"].is_usable
        assert by_name["bat-12 own-1"].languages == ()
        assert by_name[f"{KEY} {OWN}"].languages == ("nl", "fr")
        assert by_name["vijf-a 1"].titles["fr"]
        with pytest.raises(QuestionsChanged):
            get_instrument(session, KEY, "1", "e" * 64)
    with own.database.read(uuid4()) as elsewhere, pytest.raises(VersionNotFound):
        get_instrument(elsewhere, KEY, OWN)
    with own.database.read(own.client.id) as session, pytest.raises(VersionNotFound):
        get_instrument(session, "../somewhere", "1")


def test_an_import_keeps_what_was_taken_and_what_was_not(stage: Any) -> None:
    shipped = load_instrument(KEY, "1")
    taken = Imported(
        {**definition_of(shipped), "key": "from-elsewhere"},
        texts_of(shipped),
        (Refusal("survey, row 9", "photo", "hidden"),),
    )
    with stage.database.session(stage.client.id) as session:
        row = actions.keep_import(session, taken, by=stage.client.adviser)
        assert row.name == "from-elsewhere own-1"
        assert row.refused == [{"where": "survey, row 9", "what": "photo", "key": "hidden"}]
        assert get_instrument(session, "from-elsewhere", OWN).items == shipped.items
        nothing = Imported({"key": "x", "scales": {}}, {}, taken.refused)
        with pytest.raises(InvalidVersion, match="No question of this file"):
            actions.keep_import(session, nothing, by=stage.client.adviser)


def test_what_a_file_of_baken_says_is_read_as_strictly_as_any_other(stage: Any) -> None:
    by, bare = stage.client.adviser, load_instrument("uwes-9", "1")
    definition = definition_of(bare)
    definition.pop("items")
    empty = {
        key: {name: value for name, value in scale.items() if name != "items"}
        for key, scale in definition["scales"].items()
    }
    whole, refused = load_instrument(KEY, "2"), (Refusal("survey 9", "x", "unknown_row"),)
    asked, texts = definition_of(whole), texts_of(whole)
    lacking = {"nl": {**texts["nl"], "items": {}}, "fr": texts["fr"]}
    endless = {"low": 0, "high": 10**12, "numeric": True}
    lights = load_instrument("knipperlichten", "1")
    with stage.database.session(stage.client.id) as session:
        # A structure may leave the items out altogether.
        row = actions.keep_import(
            session, Imported({**definition, "scales": empty}, texts_of(bare)), by=by
        )
        assert not get_source(session, row.instrument_key, OWN).instrument.items
        # Where something was refused, texts may be missing...
        row = actions.keep_import(
            session, Imported({**asked, "languages": ["nl", "fr"]}, lacking, refused), by=by
        )
        assert get_instrument(session, KEY, row.instrument_version).languages == ("fr",)
        # ... and nothing else may.
        for broken in (
            {**asked, "formats": {**asked["formats"], "endless": endless}},
            {name: value for name, value in asked.items() if name != "key"},
        ):
            with pytest.raises(InvalidInstrument):
                actions.keep_import(session, Imported(broken, texts, refused), by=by)
        with pytest.raises(InvalidVersion, match="questionnaires only"):
            actions.keep_import(session, Imported(definition_of(lights), texts_of(lights)), by=by)
