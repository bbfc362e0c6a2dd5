"""What pages show of a campaign: values, never rows of a table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal
from uuid import UUID

from baken.survey.box.queries import Agreement
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import AFTER_OPENING, CampaignState
from baken.survey.codes.counts import Count
from baken.survey.disclosure.tree import ROOT
from baken.web.texts import catalogue

# With too few answers there is nothing to copy, and the key went together with the envelopes.
_ONLY_WHEN_OPENED: Final = frozenset({CampaignState.BACKED_UP, CampaignState.SHREDDED})
# Answers from elsewhere were never asked for here, and never had a key.
_OF_IMPORTED: Final = frozenset(
    {CampaignState.OPENED, CampaignState.BACKED_UP, CampaignState.SCRUBBED}
)


@dataclass(frozen=True, slots=True)
class CampaignRow:
    """A campaign in a list."""

    id: UUID
    title: str
    state: CampaignState
    opens_on: date
    closes_on: date
    n_issued: int | None
    n_answers: int | None
    too_few: bool

    @classmethod
    def of(cls, campaign: Campaign) -> "CampaignRow":
        return cls(
            id=campaign.id,
            title=campaign.title,
            state=CampaignState(campaign.state),
            opens_on=campaign.opens_on,
            closes_on=campaign.closes_on,
            n_issued=campaign.n_issued,
            n_answers=campaign.n_answers,
            too_few=campaign.too_few,
        )


@dataclass(frozen=True, slots=True)
class CampaignView:
    """A campaign on its own page."""

    row: CampaignRow
    languages: tuple[str, ...]
    min_group: int
    spares_per_unit: int
    instrument: str
    adviser_name: str
    key_holder: str
    contact: str
    counsellor: str
    address: str
    answers_until_on: date
    comments_until_on: date
    key_fingerprint: str
    tree_sha256: str
    too_few: bool
    keys_destroyed_on: date | None
    copies_expire_on: date | None
    version: int
    imported_on: date | None = None
    units_on: date | None = None

    @classmethod
    def of(cls, campaign: Campaign, *, instrument: str, address: str) -> "CampaignView":
        return cls(
            row=CampaignRow.of(campaign),
            languages=tuple(campaign.languages),
            min_group=campaign.min_group,
            spares_per_unit=campaign.spares_per_unit,
            instrument=instrument,
            adviser_name=campaign.adviser_name,
            key_holder=campaign.key_holder,
            contact=campaign.contact,
            counsellor=campaign.counsellor,
            address=address,
            answers_until_on=campaign.answers_until_on,
            comments_until_on=campaign.comments_until_on,
            key_fingerprint=in_groups(campaign.key_fingerprint or ""),
            tree_sha256=in_groups(campaign.tree_sha256 or ""),
            too_few=campaign.too_few,
            keys_destroyed_on=campaign.keys_destroyed_on,
            copies_expire_on=campaign.copies_expire_on,
            version=campaign.version,
            imported_on=campaign.imported_on,
            units_on=campaign.units_on,
        )


@dataclass(frozen=True, slots=True)
class LifeStep:
    """One stop on the life line."""

    when: str
    title: str
    text: str
    state: Literal["past", "now", "ahead"]


@dataclass(frozen=True, slots=True)
class CountRow:
    """How many answered in a unit, rounded down; None: not enough to say."""

    name: str
    people: int
    rounded: int | None


@dataclass(frozen=True, slots=True)
class AgreementView:
    """Counts that must agree after the opening, with the names of the labels.

    `places` are slips that were exchanged for a form on paper: each was sealed or is blank.
    """

    issued: int
    used: int
    answers: int
    receipts: int
    left: int
    agrees: bool
    by_label: tuple[tuple[str, int], ...]
    sealed: int = 0
    places: int = 0
    blank: int = 0
    deleted_on: date | None = None  # since then the answers are those counted at the opening


def life_line(campaign: Campaign, language: str) -> tuple[LifeStep, ...]:
    """The states a campaign goes through, with what is known of each."""
    reached = list(CampaignState).index(CampaignState(campaign.state))
    is_finished = campaign.state == CampaignState.SCRUBBED
    texts = catalogue(language)
    found = []
    for place, state in enumerate(CampaignState):
        if campaign.too_few and state in _ONLY_WHEN_OPENED:
            continue
        if campaign.is_imported and state not in _OF_IMPORTED:
            continue
        standing: Literal["past", "now", "ahead"] = "ahead" if place > reached else "past"
        if place == reached and not is_finished:
            standing = "now"
        if campaign.too_few and state == CampaignState.OPENED:
            standing = "past"
        found.append(
            LifeStep(
                when=_when(campaign, state, standing, language),
                title=texts(_key_of(campaign, state)),
                text=texts(f"{_key_of(campaign, state)}_text"),
                state=standing,
            )
        )
    return tuple(found)


def _key_of(campaign: Campaign, state: CampaignState) -> str:
    if campaign.is_imported and state is CampaignState.OPENED:
        return f"imports.life_{state}"
    is_unopened = campaign.too_few and state in AFTER_OPENING
    return f"campaigns.life_{state}{'_few' if is_unopened else ''}"


def _when(campaign: Campaign, state: CampaignState, standing: str, language: str) -> str:
    texts = catalogue(language)
    reached = {
        CampaignState.RUNNING: campaign.launched_on,
        CampaignState.CLOSED: campaign.closed_on,
        CampaignState.OPENED: campaign.opened_on,
        CampaignState.BACKED_UP: campaign.backed_up_on,
        CampaignState.SHREDDED: campaign.copies_expire_on,
        CampaignState.SCRUBBED: campaign.scrubbed_on,
    }.get(state)
    planned = {
        CampaignState.RUNNING: campaign.opens_on,
        CampaignState.CLOSED: campaign.closes_on,
    }.get(state)
    if standing == "ahead" and campaign.too_few and campaign.copies_expire_on:
        return texts("campaigns.from_day", day=campaign.copies_expire_on)
    if standing == "now":
        return texts("campaigns.now_since", day=reached) if reached else texts("campaigns.now")
    if reached:
        key = "campaigns.from_day" if standing == "ahead" else "campaigns.on_day"
        return texts(key, day=reached)
    if standing == "ahead" and planned:
        return texts("campaigns.planned", day=planned)
    return texts("campaigns.later" if standing == "ahead" else "campaigns.before")


def count_rows(campaign: Campaign, counts: Sequence[Count]) -> tuple[CountRow, ...]:
    """The newest published count of the organisation and of every unit of at least k people.

    A smaller unit is part of the one above it and never stands here by itself.
    """
    newest = {count.unit: count.rounded for count in counts}
    tree = campaign.tree
    rows = []
    for unit in tree.keys:
        people = tree.headcount_with_below(unit) or 0
        if people >= campaign.min_group:
            name = "" if unit == ROOT else tree.name(unit)
            rows.append(CountRow(name, people, newest.get(unit)))
    return tuple(rows)


def agreement_view(campaign: Campaign, agreement: Agreement) -> AgreementView:
    """Give the labels their names, in the order of the tree."""
    tree = campaign.tree
    place = {unit: at for at, unit in enumerate(tree.keys)}
    labels = tuple(
        ("" if label in (ROOT, tree.root_key) else tree.name(label), n)
        for label, n in sorted(agreement.by_label, key=lambda one: place[tree.key_of(one[0])])
    )
    return AgreementView(
        issued=agreement.issued,
        used=agreement.used,
        answers=agreement.answers,
        receipts=agreement.receipts,
        left=agreement.envelopes,
        agrees=agreement.agrees,
        by_label=labels,
        sealed=agreement.sealed,
        places=agreement.places,
        blank=agreement.blank,
    )


def in_groups(digits: str, size: int = 4) -> str:
    """A fingerprint that people can compare: groups of four."""
    return " ".join(digits[at : at + size] for at in range(0, len(digits), size))
