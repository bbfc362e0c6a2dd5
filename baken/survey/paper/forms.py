"""Forms of a campaign: made once when they are first printed, and found again by their mark."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final
from uuid import UUID

from sqlalchemy import select

from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign, FrozenUnit
from baken.survey.campaigns.queries import lock_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.errors import CannotPrint, FormNotFound, InvalidTransition
from baken.survey.library.queries import get_instrument

from .composing.ink import Form
from .composing.setting import named, set_form
from .composing.typesetting import Measure
from .composing.words import FormWords
from .layout import Layout
from .marks import ALPHABET, EDITION_LENGTH, Mark, NotAMark, unit_place, unit_sign
from .models import PaperForm

MAX_FORMS: Final = 1_500
"""In one file."""

SPARE_SHARE: Final = 20
"""One form more for every so many people; people spoil a form, or arrive late."""

LEAST_SPARE: Final = 2

PRINTABLE: Final = (CampaignState.DRAFT, CampaignState.RUNNING)
"""When there is anything to print: a proof before the launch, forms while people can answer."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A form that was made: its language and size of print, its pages, what stands at its foot."""

    edition: str
    language: str
    large: bool
    pages: int
    imprint: str


@dataclass(frozen=True, slots=True)
class Stack:
    """Forms of one unit: its sign in the square code, its name, and how many forms."""

    sign: str
    name: str
    forms: int


@dataclass(frozen=True, slots=True)
class Printed:
    """What is to be drawn; a proof has one stack of one form, of no unit."""

    form: Form
    stacks: tuple[Stack, ...]
    is_proof: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody asks for: `forms` is the number of each unit (its key)."""

    language: str
    large: bool
    forms: Mapping[str, int]


def usual_number(people: int) -> int:
    """Return how many forms a unit usually needs: one for everybody, and some more."""
    return people + max(LEAST_SPARE, ceil(people / SPARE_SHARE)) if people else 0


def make_forms(
    session: Session,
    campaign_id: UUID,
    wanted: Wanted,
    *,
    words: FormWords,
    measure: Measure,
    by: Actor,
) -> Printed:
    """Return the forms of a campaign as they are printed; made now where there were none.

    Before the launch it is a proof, which nobody can send in: its square code is refused, and
    the form is not kept, because the questionnaire may still change.

    Raises
    ------
    InvalidTransition
        The campaign is over: nobody may fill in a form any more.
    CannotPrint
        No language of the campaign, no number at all or too many, or a form that does not fit.
    """
    require(by, Action.PRINT_FORMS)
    campaign = lock_campaign(session, campaign_id)
    _check_can_print(campaign, wanted)
    is_proof = campaign.state is CampaignState.DRAFT
    if is_proof:
        form = _set(session, campaign, wanted, words, measure)
        stacks: tuple[Stack, ...] = (Stack(unit_sign(0), "", 1),)
    else:
        stacks = _stacks(campaign.unit_tree or [], wanted.forms)
        form = _kept(session, campaign, wanted, words, measure)
    record(
        session,
        "campaign.form_proofed" if is_proof else "campaign.forms_printed",
        by=by.person_id,
        subject=f"campaign:{campaign.id}",
        facts={"forms": sum(stack.forms for stack in stacks), "units": len(stacks)},
    )
    return Printed(form, stacks, is_proof)


def list_forms(session: Session, campaign_id: UUID) -> tuple[Edition, ...]:
    """Return the forms of a campaign that were made, by language, normal print first."""
    asked = (
        select(PaperForm)
        .where(PaperForm.campaign_id == campaign_id)
        .order_by(PaperForm.language, PaperForm.large)
    )
    return tuple(
        Edition(
            row.edition,
            row.language,
            row.large,
            len(row.content["layout"]["pages"]),
            row.content.get("imprint", ""),
        )
        for row in session.scalars(asked)
    )


def find_layout(session: Session, campaign_id: UUID, edition: str) -> Layout:
    """Return where everything stands on the forms of an edition, as they were printed.

    Raises
    ------
    FormNotFound
        No form of this campaign: of another one, a proof, or no form of this installation.
    """
    asked = select(PaperForm).where(
        PaperForm.campaign_id == campaign_id, PaperForm.edition == edition
    )
    row = session.scalars(asked).one_or_none()
    if row is None:
        raise FormNotFound
    return Layout.from_json(row.content["layout"])


def unit_of(campaign: Campaign, mark: Mark) -> FrozenUnit:
    """Return the frozen unit for which a form was printed; `FormNotFound` when there is none."""
    units = campaign.unit_tree or []
    try:
        place = unit_place(mark.unit)
    except NotAMark as error:
        raise FormNotFound from error
    if place >= len(units):
        raise FormNotFound
    return units[place]


def sign_of(campaign: Campaign, unit: str) -> str:
    """Return the sign of a frozen unit in the square codes; `KeyError` when it is none."""
    for place, frozen in enumerate(campaign.unit_tree or []):
        if frozen["key"] == unit:
            return unit_sign(place)
    raise KeyError(unit)


def get_form(session: Session, campaign_id: UUID, language: str, *, large: bool) -> Form | None:
    """Return the form of a campaign in a language and size, if it was ever printed."""
    row = session.get(PaperForm, (campaign_id, language, large))
    return Form.from_json(row.content) if row is not None else None


def _check_can_print(campaign: Campaign, wanted: Wanted) -> None:
    if campaign.state not in PRINTABLE:
        raise InvalidTransition(
            "survey.no_forms_now",
            "Forms are printed before a survey starts, as a proof, and while people can answer. "
            "This one is over.",
        )
    if wanted.language not in campaign.languages:
        raise CannotPrint(
            "survey.form_language",
            "People do not answer this survey in the language {language}. Choose one of its own.",
            language=wanted.language,
        )
    total = sum(wanted.forms.values())
    if campaign.state is CampaignState.RUNNING and total < 1:
        raise CannotPrint(
            "survey.form_none", "Fill in how many forms you want, for at least one group."
        )
    if total > MAX_FORMS:
        raise CannotPrint(
            "survey.form_too_many",
            "One file holds at most {most} forms. Print some of the groups now and the others "
            "after that.",
            most=MAX_FORMS,
        )


def _stacks(units: list[FrozenUnit], forms: Mapping[str, int]) -> tuple[Stack, ...]:
    return tuple(
        Stack(unit_sign(place), unit["name"], forms[unit["key"]])
        for place, unit in enumerate(units)
        if forms.get(unit["key"], 0) > 0
    )


def _set(
    session: Session, campaign: Campaign, wanted: Wanted, words: FormWords, measure: Measure
) -> Form:
    instrument = get_instrument(
        session,
        campaign.instrument_key,
        campaign.instrument_version,
        campaign.instrument_fingerprint,
    )
    if not instrument.is_usable or wanted.language not in instrument.languages:
        raise CannotPrint(
            "survey.form_no_texts",
            "The questionnaire has no complete texts in the language {language}. Complete them in "
            "the library first.",
            language=wanted.language,
        )
    return set_form(instrument, wanted.language, words, measure, large=wanted.large)


def _kept(
    session: Session, campaign: Campaign, wanted: Wanted, words: FormWords, measure: Measure
) -> Form:
    """The form as it was first printed; set and kept now if this is the first time."""
    known = get_form(session, campaign.id, wanted.language, large=wanted.large)
    if known is not None:
        return known
    made = _set(session, campaign, wanted, words, measure)
    form = named(made, _edition(campaign.id, made))
    row = PaperForm(
        organisation_id=campaign.organisation_id,
        campaign_id=campaign.id,
        language=wanted.language,
        large=wanted.large,
        edition=form.layout.edition,
        content=form.to_json(),
    )
    session.add(row)
    session.flush()
    return form


def _edition(campaign_id: UUID, form: Form) -> str:
    """Signs that stand for the campaign and everything on the form."""
    content = json.dumps([str(campaign_id), form.to_json()], sort_keys=True)
    number = int.from_bytes(hashlib.sha256(content.encode()).digest())
    signs = []
    for _ in range(EDITION_LENGTH):
        number, digit = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[digit])
    return "".join(signs)
