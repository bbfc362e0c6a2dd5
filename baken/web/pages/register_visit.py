"""Somebody at the public address of a register: which one it is, and how its pages answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from time import monotonic
from typing import Any, Final
from uuid import UUID

from anyio import CapacityLimiter, sleep, to_thread
from litestar import Response
from litestar.enums import MediaType
from litestar.status_codes import HTTP_200_OK, HTTP_403_FORBIDDEN, HTTP_404_NOT_FOUND

from baken.actionplan.register.errors import NoRegister
from baken.actionplan.register.lists import lists
from baken.actionplan.register.models import Register
from baken.actionplan.register.rules import MOST_CHARACTERS
from baken.actionplan.register.setting_up import find_owner, get_register, reach_in
from baken.organisation.organisations import get_organisation
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.web.body import Form
from baken.web.pages.register_views import FILES_TAKEN
from baken.web.pages.reply import PageRequest, frame_of
from baken.web.pages.respondent_door import FrontDoor
from baken.web.rendering import render
from baken.web.texts import LANGUAGES, catalogue

# Whoever waits for the writer holds no thread that the pages of others need.
_TELLING: Final = CapacityLimiter(16)


@dataclass(frozen=True)
class Visit:
    """Somebody at the public address of a register."""

    request: PageRequest
    name: str
    body: Form
    today: date
    owner: UUID
    organisation: str
    register: Register

    @property
    def database(self) -> Database:
        database: Database = self.request.app.state.database
        return database

    @property
    def keys(self) -> KeyStore:
        keys: KeyStore = self.request.app.state.key_store
        return keys

    @property
    def language(self) -> str:
        return frame_of(self.request).language

    def page(self, template: str, status: int = HTTP_200_OK, **context: Any) -> Response[str]:
        text = render(
            template,
            self.request.app.state.static_root,
            frame=frame_of(self.request),
            language=self.language,
            languages=LANGUAGES,
            home=f"/s/{self.name}/register",
            organisation=self.organisation,
            reach=reach_in(self.register, self.language),
            takes_public=self.register.takes_public,
            preset=self.register.preset,
            most=MOST_CHARACTERS,
            **FILES_TAKEN,
            years=lists().retention.years,
            **context,
        )
        return Response(text, status_code=status, media_type=MediaType.HTML)

    def say(self, error: BakenError) -> str:
        return catalogue(self.language).refusal(error)


Step = Callable[[Visit], Response[str]]


async def take(
    request: PageRequest, form: Form, today: date, name: str, step: Step
) -> Response[str]:
    """Do something at the door; whoever has a wrong word or receipt waits their turn."""
    work = partial(look, request, form, today, name, step)
    answer = await to_thread.run_sync(work, limiter=_TELLING)
    if answer.status_code == HTTP_403_FORBIDDEN:
        door: FrontDoor = request.app.state.front_door
        await sleep(door.brake.delay(monotonic()))
    return answer


def look(request: PageRequest, body: Form, today: date, name: str, step: Step) -> Response[str]:
    database: Database = request.app.state.database
    try:
        with database.read(None) as session:
            owner = find_owner(session, name)
    except NoRegister:
        frame = frame_of(request)
        root = request.app.state.static_root
        text = render("register/unknown.html", root, frame=frame, language=frame.language)
        return Response(text, status_code=HTTP_404_NOT_FOUND, media_type=MediaType.HTML)
    with database.read(owner) as session:
        organisation = get_organisation(session, owner).name
        register = get_register(session)
    return step(Visit(request, name, body, today, owner, organisation, register))
