"""Opening: all envelopes become answers in one transaction, once, after the slot was shut."""

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, delete, func, insert, select

from baken.storage.audit import record
from baken.storage.crash import crash_point
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.survey.answers import data_key, write_block
from baken.survey.box.arrangement import Arrangement, arrange
from baken.survey.box.models import Envelope, Receipt
from baken.survey.box.sealing import open_envelope, public_key_of, receipt_hash
from baken.survey.box.sheet import Sheet, check_opened, decode_sheet
from baken.survey.campaigns import rules
from baken.survey.campaigns.models import Campaign, SheetShape
from baken.survey.campaigns.queries import get_campaign, lock_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.counts import handed_in_per_unit
from baken.survey.codes.models import Code, PaperPlace
from baken.survey.codes.places import exchanged_per_unit, list_places
from baken.survey.codes.secrets import BOX, TABLE, CampaignSecrets
from baken.survey.codes.taken_pages import forget_pages
from baken.survey.comments import comments_key, write_comments
from baken.survey.errors import CannotUnseal, CountsDisagree, PaperUnsettled
from baken.survey.invitations.actions import forget_recipients


@dataclass(frozen=True, slots=True)
class _Found:
    """What lies in the box: receipts of all envelopes, and what is written, or None: too few."""

    receipts: tuple[bytes, ...]
    arrangement: Arrangement | None


def open_envelopes(
    database: Database,
    keys: KeyStore,
    organisation_id: UUID,
    campaign_id: UUID,
    *,
    by: UUID,
    today: date,
) -> None:
    """Decrypt, check, merge, shuffle and write; or, with fewer than k answers, decrypt nothing.

    The work is done outside the transaction that writes, so that nobody waits for it; inside, the
    envelopes are compared with those that were read.
    """
    with database.read(organisation_id) as session:
        campaign = get_campaign(session, campaign_id)
        rules.check_can_open(campaign.state, closes_on=campaign.closes_on, today=today)
        found = _look_inside(session, keys, campaign)
    crash_point("opening.decrypted")
    with database.session(organisation_id) as session:
        campaign = lock_campaign(session, campaign_id)
        rules.check_can_open(campaign.state, closes_on=campaign.closes_on, today=today)
        facts = _facts_for_audit(session, keys, campaign)
        _empty_box(session, campaign_id, found.receipts)
        if found.arrangement is None:
            campaign.too_few = True
            facts |= {"too_few": True}
        else:
            facts |= _write(session, keys, campaign, found.receipts, found.arrangement)
        forget_recipients(session, campaign_id)
        forget_pages(session, campaign_id)
        campaign.opened_on = today
        campaign.state = CampaignState.OPENED
        session.flush()
        record(session, "campaign.opened", by=by, subject=f"campaign:{campaign_id}", facts=facts)
        crash_point("opening.written")
    crash_point("opening.committed")


def _look_inside(session: Session, keys: KeyStore, campaign: Campaign) -> _Found:
    if not campaign.has_intact_tree:
        raise CountsDisagree(
            "survey.tree_changed",
            "The units or the smallest group are not those of the launch any more. Nothing was "
            "opened; restore the database from a backup.",
        )
    handed_in = count_handed_in(session, campaign)
    asked = select(Envelope.box).where(Envelope.campaign_id == campaign.id).order_by(Envelope.tag)
    boxes = list(session.scalars(asked))
    if len(boxes) != handed_in.total():
        raise _counts_disagree("the whole organisation")
    receipts = tuple(sorted(receipt_hash(box) for box in boxes))
    if len(boxes) < campaign.min_group:
        return _Found(receipts, None)
    shape = cast(SheetShape, campaign.sheet_shape)
    letters = _unseal_all(keys, campaign, boxes, shape)
    _check_counts(campaign, Counter(unit for unit, _ in letters), handed_in)
    arrangement = arrange(
        letters,
        tree=campaign.tree,
        k=campaign.min_group,
        shape=shape,
        languages=campaign.languages,
    )
    return _Found(receipts, arrangement)


def _unseal_all(
    keys: KeyStore, campaign: Campaign, boxes: Sequence[bytes], shape: SheetShape
) -> list[tuple[str, Sheet]]:
    private_key = CampaignSecrets.of(keys, campaign).get(BOX)
    if public_key_of(private_key) != campaign.box_public_key:
        raise CannotUnseal(
            "survey.wrong_key",
            "The key in the key store is not the one of this survey. Nothing was opened; restore "
            "the key store from its backup.",
        )
    letters = [decode_sheet(open_envelope(private_key, campaign.id, box), shape) for box in boxes]
    for _, sheet in letters:
        # The public key is no secret: whoever can write to the database can seal what they like.
        check_opened(shape, campaign.languages, sheet)
    return letters


def count_handed_in(session: Session, campaign: Campaign) -> Counter[str]:
    """Return per unit the codes that were used and the paper places that were taken.

    Raises
    ------
    PaperUnsettled
        A form that was handed out is neither sealed nor blank, or one still waits.
    CountsDisagree
        Not every code that was exchanged became a place.
    """
    places = list_places(session, campaign.id)
    exchanged = exchanged_per_unit(session, campaign.id)
    for unit in campaign.unit_tree or []:
        place = places.get(unit["key"])
        if exchanged[unit["key"]] != (place.places if place else 0):
            raise _counts_disagree(unit["name"])
        if place is not None and not place.is_settled:
            raise _unsettled(unit["name"], place)
    return handed_in_per_unit(session, campaign.id)


def _unsettled(unit: str, place: PaperPlace) -> PaperUnsettled:
    return PaperUnsettled(
        "survey.paper_unsettled",
        "{unit} still has {open} forms that are neither sealed nor noted as blank, and {waiting} "
        "entered ones wait to be sealed. Seal those, enter the forms that are still on paper, and "
        "note as blank those that came back empty or not at all. Then open the survey.",
        unit=unit,
        open=place.left,
        waiting=place.waiting,
    )


def _check_counts(campaign: Campaign, decrypted: Counter[str], handed_in: Counter[str]) -> None:
    for unit in campaign.unit_tree or []:
        if decrypted[unit["key"]] != handed_in[unit["key"]]:
            raise _counts_disagree(unit["name"])


def _counts_disagree(where: str) -> CountsDisagree:
    return CountsDisagree(
        "survey.counts_disagree",
        "In {unit} the number of answers is not the number of codes that were used and of forms "
        "that were sealed. Nothing was opened and nothing is lost. Compare with the backups "
        "before you go on.",
        unit=where,
    )


def _facts_for_audit(session: Session, keys: KeyStore, campaign: Campaign) -> dict[str, Any]:
    """Totals in clear; the table per unit only as a hash under a key that is destroyed later."""
    issued = (
        select(Code.unit, Code.state, func.count())
        .where(Code.campaign_id == campaign.id, Code.spare.is_(False))
        .group_by(Code.unit, Code.state)
    )
    table: list[list[Any]] = sorted(
        [unit, int(state), n] for unit, state, n in session.execute(issued)
    )
    places = list_places(session, campaign.id)
    table += sorted([unit, row.places, row.taken, row.blank] for unit, row in places.items())
    content = json.dumps(table, separators=(",", ":")).encode()
    key = CampaignSecrets.of(keys, campaign).get(TABLE)
    return {
        "issued": campaign.n_issued,
        "paper_places": sum(row.places for row in places.values()),
        "paper_blank": sum(row.blank for row in places.values()),
        "table_hmac": hmac.digest(key, content, hashlib.sha256).hex(),
    }


def _empty_box(session: Session, campaign_id: UUID, receipts: Sequence[bytes]) -> None:
    boxes = session.scalars(select(Envelope.box).where(Envelope.campaign_id == campaign_id))
    if tuple(sorted(receipt_hash(box) for box in boxes)) != tuple(receipts):
        raise _counts_disagree("the whole organisation")
    gone = session.execute(
        delete(Envelope).where(Envelope.campaign_id == campaign_id),
        execution_options={"synchronize_session": False},
    )
    if cast(CursorResult[Any], gone).rowcount != len(receipts):
        raise _counts_disagree("the whole organisation")


def _write(
    session: Session,
    keys: KeyStore,
    campaign: Campaign,
    receipts: Sequence[bytes],
    arrangement: Arrangement,
) -> dict[str, Any]:
    facts = write_arrangement(session, keys, campaign, arrangement)
    owner = campaign.organisation_id
    rows = [
        {"hash": digest, "organisation_id": owner, "campaign_id": campaign.id}
        for digest in receipts
    ]
    session.execute(insert(Receipt), rows)
    return facts


def write_arrangement(
    session: Session, keys: KeyStore, campaign: Campaign, arrangement: Arrangement
) -> dict[str, Any]:
    """Seal and add all answers and comments, and keep what was done; return it for the record."""
    owner = campaign.organisation_id
    key = data_key(keys, owner, campaign.id)
    for block in arrangement.blocks:
        write_block(session, key, campaign.id, block)
    secret = comments_key(keys, owner, campaign.id)
    n_comments = write_comments(session, secret, campaign.id, arrangement.comments)
    campaign.n_answers = arrangement.n_answers
    campaign.kept_columns = list(arrangement.columns)
    campaign.label_of = dict(arrangement.label_of)
    campaign.root_is_loose = arrangement.root_is_loose
    return {
        "answers": arrangement.n_answers,
        "labels": len(arrangement.blocks),
        "comments": n_comments,
    }
