"""Own versions in a database: made, changed, chosen, asked, and then fixed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

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
from baken.survey.campaigns.questionnaires import delete_version
from baken.survey.errors import CannotLaunch
from baken.survey.library import actions, editing
from baken.survey.library.editing import Edit
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
)
from baken.web.pages.respondent_door import FrontDoor
from tests.databases import listening

KEY, OWN = "vijf-a", "own-1"
BANDS = {one.key: dict.fromkeys(one.bands, 20) for one in load_instrument(KEY, "1").backgrounds}


def edit(by: Actor, seen: int, version: str = OWN) -> Edit:
    return Edit(KEY, version, seen, by)


def question(session: Any, text: str = "Mijn rooster verandert te laat.") -> NewQuestion:
    formats = get_source(session, KEY, OWN).content.definition["formats"]
    words = {"nl": text, "fr": f"FR {text}"}
    return NewQuestion(words, next(iter(formats)), NewScale("A3", "risk", words))


@pytest.fixture
def own(stage: Any) -> Any:
    """A stage with an own version that has one question of its own."""
    with stage.database.session(stage.client.id) as session:
        actions.make_version(session, KEY, "1", by=stage.client.adviser)
        editing.add_question(session, edit(stage.client.adviser, 1), question(session))
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
        editing.write_texts(session, edit(by, 2), {"nl": {"title": "Nieuw"}})
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
        editing.write_texts(session, edit(by, 4), {"nl": {"title": "Te laat"}})
    with own.database.session(own.client.id) as session:
        actions.lock_version(session, KEY, OWN, uuid4())
        assert find_row(session, KEY, OWN).locked_by_campaign == campaign_id
        other = actions.make_version(session, KEY, OWN, by=by)
        assert (other.instrument_version, other.base_version) == ("own-2", OWN)
        editing.add_question(session, edit(by, 1, "own-2"), question(session, "Nog?"))

    door = FrontDoor(own.database, own.keys)
    asked: list[str] = []
    with listening(
        own.database.engine, "before_cursor_execute", lambda *about: asked.append(about[2])
    ):
        view = door.look(name)
        assert view.questionnaire.items[-1].code == "own_1_1"
        door.look(name)
    door.stop()
    # The launch has read it already: no page of a respondent reads the library again.
    assert not [statement for statement in asked if "library_version" in statement]


def test_every_act_leaves_one_entry_and_asks_for_the_right_role(own: Any) -> None:
    by, reader = (
        own.client.adviser,
        Actor(uuid4(), own.client.id, "Reader", frozenset({Grant(Role.CPBW_MEMBER)})),
    )

    def acts(session: Any, who: Actor) -> Any:
        def at(seen: int) -> Edit:
            return edit(who, seen)

        yield lambda: editing.choose_parts(session, at(2), ["scales.workload"], {})
        yield lambda: editing.add_open_question(session, at(3), {"nl": "Wat?", "fr": "Quoi ?"}, 500)
        yield lambda: editing.remove_open_question(session, at(4), "own_open_1_1")
        yield lambda: editing.add_format(session, at(5), 1, 3)
        yield lambda: editing.add_language(session, at(6), "de")
        yield lambda: editing.take_texts(session, at(7), b"text;en\ntitle;Five\n")
        yield lambda: editing.remove_language(session, at(8), "de")
        yield lambda: editing.remove_question(session, at(9), "own_1_1")
        yield lambda: delete_version(session, at(10))

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


def test_what_does_not_fit_is_refused(own: Any) -> None:
    by = own.client.adviser
    campaign_id = own.create(background_headcounts=BANDS)
    with own.database.session(own.client.id) as session:
        editing.write_texts(session, edit(by, 2), {"nl": {"title": "Een"}})
        with pytest.raises(EditedMeanwhile):
            editing.write_texts(session, edit(by, 2), {"nl": {"title": "Twee"}})
        with pytest.raises(InvalidVersion, match=r"no “items\.X”"):
            editing.write_texts(session, edit(by, 3), {"nl": {"items.X": "?"}})
        # A survey is being prepared with it: whoever calls, the act finds out by itself.
        with pytest.raises(InvalidVersion, match="chosen for Hoe gaat het op het werk"):
            delete_version(session, edit(by, 3))
        assert get_campaign(session, campaign_id).instrument_version == OWN
        with pytest.raises(InvalidVersion, match="Nothing in this file"):
            editing.take_texts(session, edit(by, 3), b"text;nl\nitems.X;?\n")
        with pytest.raises(QuestionsChanged):
            actions.lock_version(session, KEY, OWN, uuid4(), "f" * 64)
        with pytest.raises(VersionNotFound):
            actions.lock_version(session, KEY, "own-9", uuid4())
        actions.lock_version(session, KEY, "1", uuid4())
        with pytest.raises(InvalidVersion, match="questionnaires only"):
            actions.make_version(session, "knipperlichten", "1", by=by)


def test_of_two_who_write_at_once_one_wins_and_the_other_is_told(own: Any) -> None:
    """Both looked at the same edit; nothing that either wrote is mixed with the other's."""
    by, both_looked = own.client.adviser, Barrier(2)

    def write(title: str) -> str | None:
        with own.database.read(own.client.id) as session:
            seen = find_row(session, KEY, OWN).version
        both_looked.wait(timeout=10)
        try:
            with own.database.session(own.client.id) as session:
                texts = {"nl": {"title": title}, "fr": {"title": title}}
                editing.write_texts(session, edit(by, seen), texts)
        except EditedMeanwhile:
            return None
        return title

    for round_ in range(3):
        with ThreadPoolExecutor(2) as pool:
            told = list(pool.map(write, (f"Een {round_}", f"Twee {round_}")))
        (written,) = [title for title in told if title]
        with own.database.read(own.client.id) as session:
            row, source = find_row(session, KEY, OWN), get_source(session, KEY, OWN)
            entries = list(session.scalars(select(AuditEntry)))
        titles = {source.content.texts[one]["title"] for one in ("nl", "fr")}
        assert titles == {written}
        assert row.version == 3 + round_
        assert row.fingerprint == source.instrument.fingerprint
        assert sum(entry.facts.get("what") == "texts" for entry in entries) == round_ + 1


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
