"""Reading releases."""

from uuid import UUID

from sqlalchemy import select

from baken.analysis.errors import NoSuchRelease
from baken.analysis.releases.models import Release
from baken.organisation.permissions import Action, Actor, require
from baken.storage.session import Session


def get_release(session: Session, release_id: UUID, *, by: Actor) -> Release:
    """Return a release of the session's organisation, or raise `NoSuchRelease`."""
    require(by, Action.SEE_OWN_UNIT_RESULTS)
    release = session.get(Release, release_id)
    if release is None:
        raise _no_such_release()
    return release


def get_newest_release(session: Session, campaign_id: UUID, *, by: Actor) -> Release:
    """Return the newest release of a campaign, or raise `NoSuchRelease`."""
    releases = list_releases(session, campaign_id, by=by)
    if not releases:
        raise _no_such_release()
    return releases[0]


def list_releases(session: Session, campaign_id: UUID | None = None, *, by: Actor) -> list[Release]:
    """Return the releases of a campaign or of the organisation, the newest first."""
    require(by, Action.SEE_OWN_UNIT_RESULTS)
    asked = select(Release).order_by(Release.created_on.desc(), Release.number.desc(), Release.id)
    if campaign_id is not None:
        asked = asked.where(Release.campaign_id == campaign_id)
    return list(session.scalars(asked))


def _no_such_release() -> NoSuchRelease:
    return NoSuchRelease("analysis.no_such_release", "There are no released results here (yet).")
