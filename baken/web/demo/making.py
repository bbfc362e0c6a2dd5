"""Making the demonstration, once, in a folder of its own."""

import json
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

from baken.organisation.permissions import Role
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.migrate import migrate
from baken.storage.session import Database
from baken.survey.box.statements import Standing
from baken.survey.box.writer import Writer
from baken.survey.campaigns.queries import find_public_name
from baken.survey.codes.symbols import read_code
from baken.web import numerals
from baken.web.demo.bodies import sit_together
from baken.web.demo.campaigns import (
    PUBLIC_NAME,
    ToTry,
    ask_about_lights,
    hold_first,
    start_second,
    take_first_pulse,
    take_pulse,
)
from baken.web.demo.consultations import consult
from baken.web.demo.days import Days
from baken.web.demo.findings import find_risks
from baken.web.demo.following import Following
from baken.web.demo.indicators import count_everything
from baken.web.demo.meetings import meet
from baken.web.demo.movements import tell_who_moved
from baken.web.demo.organisation import House, found_house
from baken.web.demo.plans import Planning
from baken.web.demo.questionnaires import compose_own
from baken.web.demo.references import enter_publication
from baken.web.demo.register import keep_register
from baken.web.demo.reports import report_years
from baken.web.demo.requests import hear_the_house
from baken.web.demo.screenings import screen_units
from baken.web.demo.stories import read_story, told_in
from baken.web.demo.submitting import Installation
from baken.web.demo.weighing import prepare_start, weigh
from baken.web.settings import Settings

_CARD: Final = "demo.json"


class NotADemonstration(BakenError):
    """The folder holds something else; it is left alone."""

    kind = "conflict"


@dataclass(frozen=True, slots=True)
class Login:
    """One person to log in as."""

    role: Role
    name: str
    mail: str


@dataclass(frozen=True, slots=True)
class Demo:
    """A demonstration that stands ready in its folder."""

    organisation_id: UUID
    made_on: date
    closes_on: date
    campaign: str
    codes: tuple[str, ...]
    slips: tuple[str, ...] = ()
    language: str = "nl"

    @property
    def logins(self) -> tuple[Login, ...]:
        with told_in(self.language):
            people = read_story("organisation")["people"]
        return tuple(Login(Role(who["role"]), who["name"], who["mail"]) for who in people)

    @property
    def password(self) -> str:
        return str(read_story("organisation")["password"])


def settings_of(folder: Path, *, port: int = 8000) -> Settings:
    """Return the settings with which a demonstration in this folder is served."""
    return Settings(
        database_url=f"sqlite:///{folder / 'baken.sqlite'}",
        keys=folder / "keys",
        backups=folder / "backups",
        transfers=folder / "transfers",
        port=port,
        is_demo=True,
    )


def make_demo(folder: Path, *, now: datetime, language: str = "nl") -> Demo:
    """Make the demonstration anew in a language; a folder that holds something else is refused.

    It is made beside its place and moved there when it is complete.
    """
    _check_replaceable(folder)
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    unfinished.chmod(0o700)
    with told_in(language):
        demo = replace(_fill(settings_of(unfinished), Days(_belgian(now))), language=language)
    card = asdict(demo)
    text = json.dumps(card, indent=1, default=str)
    (unfinished / _CARD).write_text(text, encoding="utf-8")
    if folder.exists():
        shutil.rmtree(folder)
    unfinished.rename(folder)
    return demo


def find_demo(folder: Path, *, now: datetime) -> Demo | None:
    """Return the demonstration of a folder, with the codes that can still be tried."""
    card = folder / _CARD
    if not card.is_file():
        return None
    kept = json.loads(card.read_text(encoding="utf-8"))
    demo = Demo(
        organisation_id=UUID(kept["organisation_id"]),
        made_on=date.fromisoformat(kept["made_on"]),
        closes_on=date.fromisoformat(kept["closes_on"]),
        campaign=kept["campaign"],
        codes=tuple(kept["codes"]),
        slips=tuple(kept.get("slips", ())),  # a demonstration of before names none
        language=kept.get("language", "nl"),
    )
    settings = settings_of(folder)
    migrate(settings.database_url, keys=settings.keys)
    today = _belgian(now)
    return replace(
        demo,
        codes=_unused(folder, demo, demo.codes, today),
        slips=_unused(folder, demo, demo.slips, today),
    )


def _check_replaceable(folder: Path) -> None:
    if folder.exists() and any(folder.iterdir()) and not (folder / _CARD).is_file():
        raise NotADemonstration(
            "demo.other_folder",
            "{folder} holds something that is not a demonstration. Nothing was changed; choose "
            "another folder: baken demo --folder DIRECTORY",
            folder=folder,
        )


def _belgian(now: datetime) -> date:
    return now.astimezone(numerals.ZONE).date()


def _fill(settings: Settings, days: Days) -> Demo:
    migrate(settings.database_url)
    keys = KeyStore.create(settings.keys)
    database = Database(settings.database_url)
    try:
        house, left = tell(Installation(database, keys, settings.backups), days)
    finally:
        database.dispose()
    return Demo(
        organisation_id=house.id,
        made_on=days.today,
        closes_on=days.now_closes_on,
        campaign=PUBLIC_NAME,
        codes=left.codes,
        slips=left.slips,
    )


def tell(place: Installation, days: Days) -> tuple[House, ToTry]:
    """Let the whole story happen; return the organisation and codes that can still be tried."""
    house = found_house(place.database, place.keys, days)
    screen_units(place.database, house, days)
    count_everything(place.database, house, days)
    compose_own(place.database, house)
    release_id = hold_first(place, house, days)
    enter_publication(place.database, house, days)
    pulse = take_first_pulse(place, house, days)
    ask_about_lights(place, house, days)
    take_pulse(place, house, pulse, days)
    tell_who_moved(place.database, house, days)
    planning = Planning(place.database, house, days)
    known = find_risks(place.database, house, release_id, days)
    prepare_start(place.database, house, days)
    weigh(place.database, house, known, days)
    agreed = planning.draft(known)
    following = Following(place.database, house, days)
    earlier = following.hold_earlier_year()
    for year in read_story("plans")["years"]:
        planning.plan_year(agreed, year, earlier if year == "this" else None)
    following.close_earlier_year(earlier)
    following.look_back()
    keep_register(place, house, days)
    hear_the_house(place.database, place.keys, house, days)
    consult(place.database, house, days)
    sit_together(place.database, house, days)
    report_years(place.database, house, days)
    meet(place.database, house, days)
    return house, start_second(place, house, days)


def _unused(folder: Path, demo: Demo, codes: tuple[str, ...], today: date) -> tuple[str, ...]:
    settings = settings_of(folder)
    database = Database(settings.database_url)
    box = Writer(database, KeyStore.open(settings.keys))
    try:
        with database.read(None) as session:
            address = find_public_name(session, demo.campaign)
        return tuple(
            code
            for code in codes
            if box.look_up(
                address.organisation_id, address.subject_id, read_code(code), today=today
            ).standing
            is Standing.WELCOME
        )
    finally:
        box.stop()
        database.dispose()
