"""Changing the library. An own version can be changed until people are asked."""

from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from baken.instruments.exchange.imported import Imported
from baken.instruments.reading import read_content
from baken.instruments.writing import definition_of
from baken.organisation.permissions import Action, Actor, require
from baken.storage.base import EditedMeanwhile
from baken.storage.session import Session
from baken.survey.library import composing
from baken.survey.library.content import Content
from baken.survey.library.editing import fill, record_act
from baken.survey.library.errors import (
    InvalidVersion,
    QuestionsChanged,
    VersionNotFound,
)
from baken.survey.library.limits import OWN
from baken.survey.library.models import LibraryVersion
from baken.survey.library.queries import get_source, is_own, number_of

_KEY_LENGTH: Final = 60


def make_version(session: Session, key: str, version: str, *, by: Actor) -> LibraryVersion:
    """Make an own version from a shipped or an own one; the next number is free to change."""
    require(by, Action.PREPARE_CAMPAIGN)
    source = get_source(session, key, version)
    if source.kind != "questionnaire":
        raise _no_questionnaire()
    row = LibraryVersion(
        instrument_key=key,
        instrument_version=_next(session, key),
        left_out=list(source.left_out),
        base_key=key,
        base_version=version,
        refused=[],
    )
    content = composing.fresh(source.content, row.instrument_key, row.instrument_version)
    if source.row is None and not source.instrument.is_usable:
        # The title of a structure says that it is one; whoever completes it gives another.
        content = composing.write_texts(content, {one: {"title": ""} for one in content.texts})
    fill(row, content)
    return _add(session, row, "questionnaire.made", by)


def keep_import(session: Session, imported: Imported, *, by: Actor) -> LibraryVersion:
    """Keep what could be taken from a file of another program, and the list of what could not.

    Raises
    ------
    InvalidInstrument
        The file says that it is complete, and is not.
    """
    require(by, Action.PREPARE_CAMPAIGN)
    taken = _taken(imported)
    key = str(taken.definition["key"])[:_KEY_LENGTH]
    row = LibraryVersion(
        instrument_key=key,
        instrument_version=_next(session, key),
        left_out=[],
        refused=[
            {"where": one.where, "what": one.what, "key": one.key} for one in imported.refused
        ],
    )
    fill(row, composing.fresh(taken, key, row.instrument_version))
    return _add(session, row, "questionnaire.imported", by)


def lock_version(
    session: Session, key: str, version: str, campaign_id: UUID, fingerprint: str | None = None
) -> None:
    """Keep a version as it is from now on, because a campaign asks it.

    The audit entry is that of the launch. A shipped version never changes and needs no lock.
    With a fingerprint the version must still be the one that was agreed.
    """
    if not is_own(version):
        return
    asked = (
        select(LibraryVersion)
        .where(LibraryVersion.instrument_key == key, LibraryVersion.instrument_version == version)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = session.scalars(asked).first()
    if row is None:
        raise VersionNotFound
    if fingerprint not in (None, row.fingerprint):
        raise QuestionsChanged(row.name)
    if not row.is_locked:
        row.locked_by_campaign = campaign_id
        session.flush()


def _taken(imported: Imported) -> Content:
    """Return what an import holds, in the form in which the library keeps a questionnaire."""
    definition, texts = dict(imported.definition), dict(imported.texts)
    if imported.refused and not definition.get("scales"):
        raise _nothing_taken()
    if imported.to_set:
        return Content(definition, {one: dict(own) for one, own in texts.items()})
    # A file of Baken itself: what stands in it is the word of whoever sent it, so it is read as
    # any other. Where questions were refused, texts may be missing; nothing else may.
    is_whole = not imported.refused or definition.get("structure_only") is True
    asked = definition if is_whole else {**definition, "structure_only": True}
    read = read_content(str(definition.get("key", "?")), asked, texts)
    if read.kind != "questionnaire":
        raise _no_questionnaire()
    if not read.scales:
        raise _nothing_taken()
    kept = definition_of(read)
    if not is_whole:
        del kept["structure_only"]
    return Content(kept, {one: dict(texts[one]) for one in read.languages})


def _nothing_taken() -> InvalidVersion:
    return InvalidVersion(
        "survey.import_nothing",
        "No question of this file can be taken, so nothing was imported. What was refused, and "
        "why, stands on this page. Change the file, or choose another one.",
    )


def _no_questionnaire() -> InvalidVersion:
    return InvalidVersion(
        "survey.not_a_questionnaire", "Own versions are made of questionnaires only."
    )


def _add(session: Session, row: LibraryVersion, act: str, by: Actor) -> LibraryVersion:
    session.add(row)
    try:
        session.flush()
    except IntegrityError as error:
        if "library_version" not in str(error.orig):
            raise
        raise EditedMeanwhile(
            "storage.edited_meanwhile",
            "Somebody else changed this in the meantime. Your text is still below; "
            "look at the new version first, then save again.",
        ) from error
    record_act(session, act, row, by)
    return row


def _next(session: Session, key: str) -> str:
    asked = select(LibraryVersion.instrument_version).where(LibraryVersion.instrument_key == key)
    return f"{OWN}{max(map(number_of, session.scalars(asked)), default=0) + 1}"
