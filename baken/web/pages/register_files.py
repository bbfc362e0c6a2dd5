"""Files of entries: added by the author with the receipt, or by the keeper; opened by a button.

Who sends one is known before the first byte of the file is read, and nothing of it touches a disk
in clear.
"""

import io
from datetime import date, datetime
from functools import partial
from typing import Final
from urllib.parse import quote
from uuid import UUID

from anyio import to_thread
from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_200_OK

from baken.actionplan.register import attachments
from baken.actionplan.register.errors import RegisterError, WrongWord
from baken.actionplan.register.files import MOST_BYTES, File, check_file, check_size
from baken.actionplan.register.setting_up import get_register
from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web.arriving import Arrival
from baken.web.body import Form
from baken.web.errors import STATUS
from baken.web.pages.access import arrival_of
from baken.web.pages.plan_forms import seen_of
from baken.web.pages.register_door import show_own, unknown
from baken.web.pages.register_late import not_done
from baken.web.pages.register_visit import Visit, take
from baken.web.pages.reply import PageRequest, done, frame_of

BODY_LIMIT: Final = MOST_BYTES + 64 * 1024
KEEPING: Final = {"action": Action.KEEP_REGISTER, "fresh": True, "streams": True}
READING: Final = {"action": Action.READ_REGISTER, "fresh": True}
OPEN: Final = {"public": True, "streams": True}


class AuthorFiles(Controller):
    """What an author adds with the receipt."""

    path = "/s/{register:str}/register/file"

    @post("/", opt=OPEN, status_code=200, request_max_body_size=BODY_LIMIT)
    async def attach(
        self,
        request: PageRequest,
        form: NamedDependency[Form],
        today: NamedDependency[date],
        register: FromPath[str],
    ) -> Response[str]:
        known = await take(request, form, today, register, partial(show_own, said=""))
        if known.status_code != HTTP_200_OK:
            return known
        arrival = arrival_of(request)
        content = await _received(arrival)
        step = partial(_attach, name=arrival.name, content=content)
        return await take(request, form, today, register, step)


class RegisterFiles(Controller):
    """What the keeper adds, and opening a file."""

    path = "/o/{organisation_id:uuid}/register/entries/{entry_id:uuid}/files"

    @post("/", opt=KEEPING, request_max_body_size=BODY_LIMIT)
    async def attach(
        self,
        request: PageRequest,
        *,
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        entry_id: FromPath[UUID],
    ) -> Response[str]:
        arrival = arrival_of(request)
        seen = seen_of(arrival.form)

        def write(content: bytes | None) -> None:
            file = _checked(arrival.name, content)
            with database.session(actor.organisation_id) as session:
                attachments.attach(
                    session, keys, entry_id, file, seen=seen, by=actor, today=today, now=now
                )

        try:
            await to_thread.run_sync(write, await _received(arrival))
        except RegisterError as error:
            return not_done(request, entry_id, error)
        see = frame_of(request).url(f"/register/entries/{entry_id}")
        return done(request, see=see, said="register.done_attached")

    @post("/{file_id:uuid}/open", opt=READING, sync_to_thread=True, status_code=200)
    def open(
        self,
        session: NamedDependency[Session],
        *,
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        now: NamedDependency[datetime],
        entry_id: FromPath[UUID],
        file_id: FromPath[UUID],
    ) -> Response[bytes]:
        """Hand a file over; the record says that it was read."""
        file = attachments.read_file(session, keys, entry_id, file_id, by=actor, now=now)
        return Response(
            file.content,
            media_type=file.media_type,
            headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(file.name)}"},
        )


async def _received(arrival: Arrival) -> bytes | None:
    """Return the file in memory; None when it is larger than what is taken."""
    file = io.BytesIO()
    return file.getvalue() if await arrival.save(file, MOST_BYTES) is not None else None


def _checked(name: str, content: bytes | None) -> File:
    check_size(None if content is None else len(content))
    return check_file(name, content or b"")


def _attach(visit: Visit, *, name: str, content: bytes | None) -> Response[str]:
    try:
        file = _checked(name, content)
        with visit.database.session(visit.owner) as session:
            register = get_register(session)
            receipt = visit.body.get("receipt")
            attachments.attach_own(session, visit.keys, register, receipt, file, today=visit.today)
    except WrongWord as error:
        return unknown(visit, error)
    except BakenError as error:
        return show_own(visit, "", refusal=visit.say(error), status=STATUS[error.kind])
    return show_own(visit, "register.said_attached")
