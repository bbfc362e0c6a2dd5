"""Importing answers from elsewhere, and taking an import back."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from baken.organisation.permissions import Action, Actor, require
from baken.organisation.structure.trees import lock_tree
from baken.storage.audit import record
from baken.storage.crash import crash_point
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.survey.answers import PURPOSE, AnswerBlock
from baken.survey.box.arrangement import RANDOM_ORDER, Arrangement, Shuffle, arrange
from baken.survey.box.importing import rules
from baken.survey.box.importing.checking import Asked, Check, Prepared, check_once, prepare
from baken.survey.box.importing.models import ColumnMapping
from baken.survey.box.importing.queries import IMPORTED, not_imported
from baken.survey.box.opening import write_arrangement
from baken.survey.box.sheet import shape_of
from baken.survey.campaigns.models import Campaign, hash_tree, tree_of
from baken.survey.campaigns.queries import lock_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.campaigns.trees import freeze_units
from baken.survey.comments import Comment, comments_key_name
from baken.survey.errors import CannotImport, CheckedOtherwise
from baken.survey.library.actions import lock_version


def check_import(session: Session, asked: Asked, *, by: Actor, today: date) -> Check:
    """Say what importing a file would do; writes nothing and keeps nothing."""
    require(by, Action.IMPORT_ANSWERS)
    return prepare(session, asked, today=today).check


def import_answers(
    database: Database,
    keys: KeyStore,
    asked: Asked,
    *,
    accepted: str,
    by: Actor,
    today: date,
    shuffle: Shuffle = RANDOM_ORDER,
) -> UUID:
    """Write a file as an opened campaign, in one transaction, or nothing of it.

    Reading, merging and shuffling are done before that transaction, so that nobody waits for it.

    Parameters
    ----------
    accepted : str
        `Check.digest` of what the person looked at.

    Raises
    ------
    CheckedOtherwise
        The file, what is told about it or the units are not those that were looked at.
    CannotImport
        Fewer answers than the smallest group, or one of the other rules.
    """
    require(by, Action.IMPORT_ANSWERS)
    with database.read(by.organisation_id) as session:
        prepared = prepare(session, asked, today=today)
    if prepared.check.digest != accepted:
        raise _checked_otherwise()
    rules.check_enough(prepared.check.n_answers, asked.plan.min_group)
    arrangement = arrange(
        prepared.letters,
        tree=tree_of(prepared.units),
        k=asked.plan.min_group,
        shape=shape_of(prepared.instrument),
        languages=prepared.instrument.languages[:1],
        shuffle=shuffle,
    )
    campaign_id = uuid4()
    with database.session(by.organisation_id) as session:
        try:
            _write(session, keys, campaign_id, prepared, arrangement, by=by, today=today)
        except Exception:
            _destroy_keys(keys, by.organisation_id, campaign_id)  # they would open nothing
            raise
        crash_point("import.written")
    crash_point("import.committed")
    return campaign_id


def keep_columns(session: Session, asked: Asked, *, by: Actor) -> None:
    """Keep how the columns of a file are read, for the next file with the same questionnaire.

    Nothing is kept of a file whose questions have no names of their own.
    """
    require(by, Action.IMPORT_ANSWERS)
    named = asked.columns.named(asked.table())
    if not named["items"]:
        return
    row = _find_mapping(session, asked.instrument, asked.version)
    if row is None:
        session.add(
            ColumnMapping(
                instrument_key=asked.instrument, instrument_version=asked.version, columns=named
            )
        )
    elif row.columns == named:
        return
    else:
        row.columns = named
    try:
        session.flush()
    except IntegrityError:  # of two imports at once the other was first: its columns stand
        session.rollback()
        return
    record(
        session,
        "import.columns_kept",
        by=by.person_id,
        subject=f"organisation:{by.organisation_id}",
        facts={"instrument": f"{asked.instrument} {asked.version}"},
    )


def get_kept_columns(session: Session, instrument: str, version: str) -> Mapping[str, Any]:
    """Return the names that columns had in the last file; empty when there was none."""
    row = _find_mapping(session, instrument, version)
    return row.columns if row else {}


def withdraw_import(database: Database, keys: KeyStore, campaign_id: UUID, *, by: Actor) -> None:
    """Take an import back of which no results were made: answers, comments and campaign go.

    The rows go first, the keys after: a kill between the two leaves keys that open nothing.
    """
    require(by, Action.IMPORT_ANSWERS)
    with database.session(by.organisation_id) as session:
        campaign = lock_campaign(session, campaign_id)
        if not campaign.is_imported:
            raise not_imported()
        for model in (AnswerBlock, Comment):
            session.execute(delete(model).where(model.campaign_id == campaign_id))
        session.delete(campaign)
        try:
            session.flush()
        except IntegrityError as error:
            raise CannotImport(
                "survey.import_counted",
                "Results were made of these answers, so they stay. Nothing was changed.",
            ) from error
        record(
            session,
            "campaign.import_withdrawn",
            by=by.person_id,
            subject=f"campaign:{campaign_id}",
            facts={"answers": campaign.n_answers},
        )
    _destroy_keys(keys, by.organisation_id, campaign_id)


def _write(
    session: Session,
    keys: KeyStore,
    campaign_id: UUID,
    prepared: Prepared,
    arrangement: Arrangement,
    *,
    by: Actor,
    today: date,
) -> None:
    asked, check = prepared.asked, prepared.check
    # Pressed twice at once, the second waits here and is told that the answers came in.
    lock_tree(session)
    check_once(session, asked)
    if freeze_units(session, on=asked.plan.units_on) != prepared.units:
        raise _checked_otherwise()
    campaign = _campaign_of(campaign_id, prepared, today)
    session.add(campaign)
    session.flush()
    lock_version(
        session, asked.instrument, asked.version, campaign_id, prepared.instrument.fingerprint
    )
    facts = write_arrangement(session, keys, campaign, arrangement)
    session.flush()
    record(
        session,
        IMPORTED,
        by=by.person_id,
        subject=f"campaign:{campaign_id}",
        facts={
            **facts,
            "rows": check.n_rows,
            "unreadable": check.n_odd,
            # Not how many have no unit: less them, what is told together gives a small unit away.
            "left_out": len(check.left_out),
            "no_column": len(check.no_column) + len(check.no_column_aside),
            "no_column_aside": list(check.no_column_aside),
            "units_on": asked.plan.units_on.isoformat(),
            "min_group": campaign.min_group,
            "tree_sha256": campaign.tree_sha256,
            "instrument": f"{asked.instrument} {asked.version}",
            "instrument_fingerprint": campaign.instrument_fingerprint,
        },
    )


def _campaign_of(campaign_id: UUID, prepared: Prepared, today: date) -> Campaign:
    plan, instrument = prepared.asked.plan, prepared.instrument
    return Campaign(
        id=campaign_id,
        title=plan.title.strip(),
        state=CampaignState.OPENED,
        instrument_key=instrument.key,
        instrument_version=instrument.version,
        instrument_fingerprint=instrument.fingerprint,
        languages=list(instrument.languages[:1]),
        opens_on=plan.first_on,
        closes_on=plan.last_on,
        min_group=plan.min_group,
        min_group_at_launch=plan.min_group,
        background_headcounts={},
        answers_until_on=plan.kept_until_on,
        comments_until_on=plan.kept_until_on,
        unit_tree=prepared.units,
        tree_sha256=hash_tree(prepared.units, plan.min_group),
        sheet_shape=shape_of(instrument),
        opened_on=today,
        imported_on=today,
        units_on=plan.units_on,
    )


def _find_mapping(session: Session, instrument: str, version: str) -> ColumnMapping | None:
    asked = select(ColumnMapping).where(
        ColumnMapping.instrument_key == instrument, ColumnMapping.instrument_version == version
    )
    return session.scalars(asked).first()


def _destroy_keys(keys: KeyStore, organisation_id: UUID, campaign_id: UUID) -> None:
    for name in (str(campaign_id), comments_key_name(campaign_id)):
        keys.destroy(organisation_id, PURPOSE, name)


def _checked_otherwise() -> CheckedOtherwise:
    return CheckedOtherwise(
        "survey.import_checked_otherwise",
        "The file, what is told about it or the units are not those you looked at. Nothing was "
        "imported. Look at the list again and confirm.",
    )
