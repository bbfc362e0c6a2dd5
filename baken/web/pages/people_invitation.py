"""Inviting somebody: by mail, or with a link that is shown once to whoever invites."""

from datetime import date, datetime
from typing import Final
from uuid import UUID

from litestar import Response

from baken.organisation.invitations import get_invited, get_token, invite
from baken.organisation.permissions import Actor
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.settings import Settings

LINK: Final = "organisation/person_link.html"


def invite_and_say(
    request: PageRequest,
    session: Session,
    person_id: UUID,
    *,
    settings: Settings,
    keys: KeyStore,
    by: Actor,
    today: date,
    now: datetime,
) -> Response[str]:
    """Invite a person; without a mail server the answer is the one page that shows the link.

    Nothing keeps the link: who loses it makes a new invitation, which ends this one.
    """
    has_mail = settings.mail is not None
    invitation_id = invite(session, person_id, is_by_mail=has_mail, by=by, today=today, now=now)
    see = frame_of(request).url(f"/people/{person_id}")
    if has_mail:
        return done(request, see=see, said="people.done_invited")
    token = get_token(keys, by.organisation_id, invitation_id)
    return page(
        request,
        LINK,
        link=f"{settings.origin}/invitation/{token}",
        invited=get_invited(session, invitation_id, now=now),
        see=see,
    )
