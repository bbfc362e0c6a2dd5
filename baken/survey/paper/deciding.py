"""A third person decides against the paper, without being told whose value is whose."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from baken.organisation.humans import is_same_human
from baken.organisation.permissions import Action, Actor, require
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.box.sheet import check_sheet
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.paper import rules, spool
from baken.survey.paper.batches import lock_batch
from baken.survey.paper.content import UNTYPED, Reading, SheetContent, Value
from baken.survey.paper.errors import NotThisSheet, SamePerson, WrongMoment
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.progress import move_on
from baken.survey.paper.quality import are_strangers
from baken.survey.paper.roles import check_reads_forms
from baken.survey.paper.rules import BatchState, Way
from baken.survey.paper.sheets import sheet_of

Field = tuple[str, str]
"""Kind (`sheet`, `answers`, `backgrounds`, `comments`) and key."""


@dataclass(frozen=True, slots=True)
class OpenField:
    """A field to decide: the values that were read, in an order that tells nothing of who."""

    kind: str
    key: str
    values: tuple[Value, ...]
    doubt: str = ""


@dataclass(frozen=True, slots=True)
class OpenSheet:
    """A form with fields to decide, and no others."""

    place: int
    n_sheets: int
    fields: tuple[OpenField, ...]
    # Whether so much differs that the two entries are hardly of the same form.
    are_strangers: bool
    number: int = 0  # which form of the typed pile; 0: the stack is that pile


def next_open(
    session: Session, keys: KeyStore, batch_id: UUID, *, by: Actor, today: date
) -> OpenSheet:
    """Return the first form of the stack with fields to decide."""
    require(by, Action.DECIDE_SHEETS)
    batch = session.get_one(PaperBatch, batch_id)
    rules.check_state(batch.state, BatchState.DECIDING)
    check_is_third(session, batch, by)
    key = spool.batch_key(keys, batch, today=today)
    for sheet in spool.read_sheets(session, key, batch_id).values():
        names = sheet.open_fields
        if names and sheet.typed is not None:
            known = sheet.readings
            fields = tuple(_open_field(name, known[name]) for name in names)
            number = sheet.typed if batch.way is Way.SCANNED else 0
            return OpenSheet(sheet.place, batch.n_sheets, fields, are_strangers(sheet), number)
    raise _nothing_left()


def decide(
    session: Session,
    keys: KeyStore,
    batch_id: UUID,
    place: int,
    decisions: Mapping[Field, Value],
    *,
    by: Actor,
    today: date,
) -> PaperBatch:
    """Keep what the paper says in every open field of a form; sent again it changes nothing.

    After the last form the stack moves on: ready, or all of it is entered a second time.
    """
    require(by, Action.DECIDE_SHEETS)
    batch = lock_batch(session, batch_id)
    check_is_third(session, batch, by)
    key = spool.batch_key(keys, batch, today=today)
    sheets = spool.read_sheets(session, key, batch.id)
    found = [(one, sheet) for one, sheet in sheets.items() if sheet.place == place]
    if batch.state is not BatchState.DECIDING or not found or not found[0][1].open_fields:
        return batch  # decided already: the answer to an earlier try was lost on its way
    identifier, sheet = found[0]
    if sheet.typed is None:
        raise _nothing_left()
    decided = _decided(sheet, decisions)
    _check_decided(get_campaign(session, batch.campaign_id), decided)
    if batch.way is Way.KEYED:
        batch.decided_by = by.person_id
    sheets[identifier] = decided
    spool.replace_sheet(session, key, batch.id, identifier, decided)
    move_on(batch, list(sheets.values()))
    session.flush()
    return batch


def restart_second(
    session: Session, keys: KeyStore, batch_id: UUID, *, by: Actor, today: date
) -> PaperBatch:
    """Forget the second entry, because the stack lay in another order; it is typed anew."""
    require(by, Action.DECIDE_SHEETS)
    batch = lock_batch(session, batch_id)
    check_is_third(session, batch, by)
    check_decides_all(session, batch, by)
    key = spool.batch_key(keys, batch, today=today)
    rules.check_transition(batch.state, BatchState.CHECKING)
    sheets = spool.read_sheets(session, key, batch.id)
    typed = {one: sheet for one, sheet in sheets.items() if sheet.typed}
    if not typed:
        raise WrongMoment  # nobody typed anything: there is nothing to type again
    for identifier, sheet in typed.items():
        cleared = {name: _forget_second(one) for name, one in sheet.readings.items()}
        spool.replace_sheet(session, key, batch.id, identifier, sheet.with_readings(cleared))
    batch.second_by = None
    batch.decided_by = by.person_id  # has seen what was typed, and does not type it again
    batch.state = BatchState.CHECKING
    session.flush()
    return batch


def check_is_third(session: Session, batch: PaperBatch, by: Actor) -> None:
    """Raise `SamePerson` when somebody, under whichever log-in, would decide on an own entry."""
    check_reads_forms(session, by, today=batch.opened_on)
    if is_same_human(session, by.person_id, [batch.first_by, batch.second_by]):
        raise SamePerson(
            "paper_entry.same_decider",
            "You entered forms of this stack yourself. A third person decides where the two "
            "entries differ.",
        )
    if batch.way is Way.KEYED:
        check_decides_all(session, batch, by)


def check_decides_all(session: Session, batch: PaperBatch, by: Actor) -> None:
    """Raise `SamePerson` when somebody else has begun to decide on a stack."""
    check_reads_forms(session, by, today=batch.opened_on)
    if batch.decided_by not in {None, by.person_id}:
        raise SamePerson(
            "paper_entry.other_decides",
            "Somebody else decides on this stack. One person does all of it.",
        )


def _open_field(name: Field, one: Reading) -> OpenField:
    entered = {value for value in (one.first, one.second) if value is not None}
    return OpenField(*name, tuple(sorted(entered, key=str)), one.doubt)


def _forget_second(one: Reading) -> Reading:
    doubt = "" if one.doubt == UNTYPED else one.doubt
    return replace(one, second=None, decided=None, doubt=doubt)


def _decided(sheet: SheetContent, decisions: Mapping[Field, Value]) -> SheetContent:
    names = sheet.open_fields
    if not set(names) <= set(decisions):
        raise NotThisSheet(
            "paper_entry.decide_every_field",
            "Say of every field what stands on the paper. Nothing was saved; what you chose is "
            "still on the page.",
        )
    known = sheet.readings
    return sheet.with_readings(
        {name: replace(known[name], decided=decisions[name]) for name in names}
    )


def _check_decided(campaign: Campaign, sheet: SheetContent) -> None:
    shape = campaign.sheet_shape
    if shape is None:
        raise RuntimeError("a campaign was launched without a box")
    check_sheet(shape, campaign.languages, sheet_of(sheet))
    if sheet.is_blank and any(one.decided for one in sheet.comments.values()):
        raise NotThisSheet(
            "paper_entry.blank_with_words",
            "You typed over what is written on this form, and say that nothing stands on it. "
            "Choose one of the two. Nothing was saved; what you typed is still on the page.",
        )
    keys = {unit["key"] for unit in campaign.unit_tree or []}
    if sheet.unit.value not in keys or not isinstance(sheet.blank.value, int):
        raise NotThisSheet(
            "paper_entry.not_of_campaign",
            "Choose a unit and a language of this survey. Nothing was saved.",
        )


def _nothing_left() -> NotThisSheet:
    return NotThisSheet(
        "paper_entry.nothing_to_decide",
        "Nothing of this stack is left to decide.",
    )
