"""The register of acts by third parties of the demonstration: a year of it, and one that waits."""

import io
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from PIL import Image

from baken.actionplan.register import authors
from baken.actionplan.register.actions import enter
from baken.actionplan.register.attachments import attach
from baken.actionplan.register.entries import Told
from baken.actionplan.register.files import check_file
from baken.actionplan.register.receipts import new_once, read_word
from baken.actionplan.register.rules import Facts
from baken.actionplan.register.setting_up import Arrangement, Reach, get_register, open_register
from baken.organisation.permissions import Role
from baken.web.demo.days import Days, morning
from baken.web.demo.organisation import House
from baken.web.demo.stories import read_story, spoken
from baken.web.demo.submitting import Installation

KEEPER = Role.CONFIDENTIAL_COUNSELLOR


def keep_register(place: Installation, house: House, days: Days) -> None:
    """Open the register and let everything of the story be told."""
    story = read_story("register")
    others = {
        language: Reach(contact, other_route, language)
        for language, (contact, other_route) in story["elsewhere"].items()
        if language != spoken()
    }
    chosen = Arrangement(
        KEEPER, story["contact"], story["other_route"], language=spoken(), others=others
    )
    with place.database.session(house.id) as session:
        open_register(
            session,
            place.keys,
            chosen,
            by=house.people[Role.MAIN_CONTACT],
            today=days.begun_on,
            now=morning(days.begun_on),
        )
    for entry in story["entries"]:
        _tell(place, house, entry, _day_of(entry, days))


def _day_of(entry: Mapping[str, Any], days: Days) -> date:
    if "on" in entry:
        return days.of(entry["on"])
    return days.today - timedelta(days=entry["days_ago"])


def _tell(place: Installation, house: House, entry: Mapping[str, Any], day: date) -> None:
    facts = Facts(
        description=entry["description"],
        first_on=day,
        last_on=None,
        place=entry["place"],
        third_party=entry["third_party"],
        nature=entry["nature"],
        tags=tuple(entry["tags"]),
    )
    told = Told(facts, new_once(), entry.get("name", ""), entry.get("contact", ""))
    with place.database.session(house.id) as session:
        if entry.get("is_waiting"):
            register = get_register(session)
            word = read_word(place.keys, register)
            authors.tell(session, place.keys, register, told, word=word, today=day)
        else:
            by, now = house.people[KEEPER], morning(day)
            made = enter(session, place.keys, told, by=by, today=day, now=now)
            if "file" in entry:
                file = check_file(f"{entry['file']}.png", _picture())
                how: dict[str, Any] = {"by": by, "today": day, "now": now}
                seen = made.entry.version
                attach(session, place.keys, made.entry.id, file, seen=seen, **how)


def _picture() -> bytes:
    """A picture on which there is nothing to see."""
    out = io.BytesIO()
    Image.new("RGB", (320, 200), "lightgrey").save(out, "PNG")
    return out.getvalue()
