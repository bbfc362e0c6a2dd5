"""One survey of the demonstration, from its draft to its released results."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

import numpy as np

from baken.analysis.releases.actions import make_release
from baken.instruments.definition import Instrument
from baken.organisation.permissions import Actor, Role
from baken.storage.session import Session
from baken.survey.box.actions import close_campaign, launch_campaign
from baken.survey.box.sheet import Sheet
from baken.survey.box.steps import advance_opening, open_campaign
from baken.survey.campaigns.actions import CampaignPlan, create_campaign
from baken.survey.campaigns.charter import Agreement
from baken.survey.campaigns.charter_actions import agree_charter, stamp_of, write_charter
from baken.survey.codes.actions import print_codes
from baken.web.demo.days import Round
from baken.web.demo.organisation import House
from baken.web.demo.paper import OnPaper, PaperDesk, answered_on_paper, take_papers, ways
from baken.web.demo.stories import read_story, say
from baken.web.demo.submitting import Answering, Installation, submit

SEED = 20_250_915
TITLE = "Bevraging welzijn op het werk"
_AGREED_BEFORE = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class Told:
    """What a survey asks, and what the people of a unit will answer, by number of the unit."""

    instrument: Instrument
    title: str
    draw: Callable[[str], list[Sheet]]
    rng: np.random.Generator  # the one that `draw` draws from: on which day somebody answers
    papers: tuple[OnPaper, ...] = ()


def hold(place: Installation, house: House, told: Told, when: Round) -> UUID:
    """Hold a survey from draft to released results; return the release."""
    campaign_id = launch(
        place,
        house,
        told.instrument,
        replace(
            plan_of(told.instrument, when.opens_on, when.closes_on, title=told.title),
            channels=ways(house, told.papers) if told.papers else {},
        ),
        launched_on=when.launched_on,
    )
    period = (when.closes_on - when.opens_on).days
    answering = {
        number: [
            Answering(
                code, sheet, when.opens_on + timedelta(days=int(told.rng.integers(period + 1)))
            )
            for code, sheet in zip(cards, told.draw(number), strict=False)
        ]
        for number, cards in codes_of(place, house, campaign_id).items()
    }
    desk = PaperDesk(place.database, place.keys, house, campaign_id, told.instrument)
    rng = np.random.default_rng(SEED)
    answered_on_paper(
        desk,
        [(one, take_papers(answering[one.unit], one, desk.instrument, rng)) for one in told.papers],
        rng,
        on=when.opens_on + timedelta(days=3),
    )
    submit(place, house, campaign_id, [one for many in answering.values() for one in many])
    release_id = _open(place, house, campaign_id, when)
    if told.papers:
        desk.destroy(when.released_on)
    return release_id


def plan_of(
    instrument: Instrument,
    opens_on: date,
    closes_on: date,
    *,
    title: str = "",
) -> CampaignPlan:
    told = read_story("organisation")
    adviser = next(person for person in told["people"] if person["role"] == "adviser")
    return CampaignPlan(
        title=title or f"{say(TITLE)} {opens_on.year}",
        languages=instrument.languages,
        opens_on=opens_on,
        closes_on=closes_on,
        spares_per_unit=2,
        background_headcounts=told["bands"] if instrument.backgrounds else {},
        adviser_name=f"{adviser['name']}, {say('externe dienst Denkbeeld (fictief)')}",
        key_holder=say("Het programma zelf, tot alle omslagen open zijn"),
        contact=say("Carine Verzonnen, preventieadviseur, preventie@dewilg.invalid"),
        counsellor="Hilde Verzinsel, vertrouwen@dewilg.invalid",
    )


def launch(
    place: Installation,
    house: House,
    instrument: Instrument,
    plan: CampaignPlan,
    *,
    launched_on: date,
    public_name: str | None = None,
) -> UUID:
    by = house.people[Role.PREVENTION_ADVISER]
    with place.database.session(house.id) as session:
        campaign = create_campaign(session, instrument, plan, by=by, public_name=public_name)
        campaign_id = campaign.id
    with place.database.session(house.id) as session:
        _agree(session, campaign_id, launched_on - _AGREED_BEFORE, by=by)
    with place.database.session(house.id) as session:
        launch_campaign(session, place.keys, campaign_id, instrument, by=by, today=launched_on)
    return campaign_id


def _agree(session: Session, campaign_id: UUID, on: date, *, by: Actor) -> None:
    """Let committee and management agree on the charter, as they would before any survey."""
    told = read_story("charter")
    agreement = Agreement(
        body=told["body"], agreed_on=on, employer=told["employer"], workers=told["workers"]
    )
    written = write_charter(session, campaign_id, told["words"], seen=stamp_of(None), by=by)
    agree_charter(session, campaign_id, agreement, seen=stamp_of(written), by=by, today=on)


def codes_of(place: Installation, house: House, campaign_id: UUID) -> dict[str, list[str]]:
    """Return the codes on the cards, by number of the unit."""
    by = house.people[Role.PREVENTION_ADVISER]
    with place.database.session(house.id) as session:
        cards = print_codes(session, place.keys, campaign_id, by=by)
    return {house.number_of(card.unit): list(card.codes) for card in cards}


def _open(place: Installation, house: House, campaign_id: UUID, when: Round) -> UUID:
    adviser = house.people[Role.ADVISER]
    with place.database.session(house.id) as session:
        by = house.people[Role.PREVENTION_ADVISER]
        close_campaign(session, campaign_id, by=by, today=when.opened_on)
    open_campaign(
        place.database, place.keys, place.backups, campaign_id, by=adviser, today=when.opened_on
    )
    advance_opening(
        place.database,
        place.keys,
        place.backups,
        campaign_id,
        organisation_id=house.id,
        today=when.scrubbed_on,
    )
    with place.database.session(house.id) as session:
        release = make_release(session, place.keys, campaign_id, by=adviser, today=when.released_on)
        return release.id
