"""Openings that were cut off go on when the server starts."""

import logging
from datetime import date
from pathlib import Path

from sqlalchemy import select

from baken.organisation.models import Organisation
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Database
from baken.survey.box.steps import advance_all

log = logging.getLogger("baken.web")


def resume_openings(database: Database, keys: KeyStore, backups: Path, *, today: date) -> None:
    """Take every step after an opening that can be taken today, organisation by organisation.

    What cannot go on (a full disk, a missing key copy) waits for a person: it is logged, and the
    campaign's page says so. It never keeps the server from starting.
    """
    with database.read(None) as session:
        organisations = list(session.scalars(select(Organisation.id)))
    for organisation_id in organisations:
        try:
            advance_all(database, keys, backups, organisation_id=organisation_id, today=today)
        except (BakenError, OSError) as error:
            log.warning("An opening of organisation %s waits: %s", organisation_id, error)
