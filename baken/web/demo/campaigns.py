"""The surveys of the demonstration: four that were closed and opened, and one that runs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

import numpy as np

from baken.analysis.releases.actions import make_release
from baken.instruments.definition import Instrument
from baken.instruments.library import load_instrument
from baken.organisation.permissions import Actor, Role
from baken.storage.session import Session
from baken.survey.box.actions import close_campaign, launch_campaign
from baken.survey.box.sheet import Sheet
from baken.survey.box.steps import advance_opening, open_campaign
from baken.survey.campaigns.actions import CampaignPlan, create_campaign
from baken.survey.campaigns.charter import Agreement
from baken.survey.campaigns.charter_actions import agree_charter, stamp_of, write_charter
from baken.survey.codes.actions import print_codes
from baken.survey.monitoring.actions import publish_counts
from baken.web.demo.days import Days, Round
from baken.web.demo.lights import draw_lights
from baken.web.demo.organisation import House
from baken.web.demo.paper import (
    KITCHEN,
    OnPaper,
    PaperDesk,
    answer_on_paper,
    answered_on_paper,
    take_papers,
    ways,
)
from baken.web.demo.pulse import draw_pulse
from baken.web.demo.questionnaires import compose_pulse
from baken.web.demo.respondents import Crowd
from baken.web.demo.stories import read_story, say
from baken.web.demo.submitting import Answering, Installation, submit

FIRST = ("vijf-a", "1")
SECOND = ("vijf-a", "2")
LIGHTS = ("knipperlichten", "2")
PULSE = ("puls", "1")
PUBLIC_NAME = "dewilg"
_SEED = 20_250_915
_TITLE = "Bevraging welzijn op het werk"
_KEPT_FOR_TRYING = 12
# A stack has ten forms at least.
_SLIPS_FOR_TRYING = 12
_DAYS_SO_FAR = 7
_AGREED_BEFORE = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a survey asks, and what the people of a unit will answer, by number of the unit."""

    instrument: Instrument
    title: str
    draw: Callable[[str], list[Sheet]]
    rng: np.random.Generator  # the one that `draw` draws from: on which day somebody answers
    papers: tuple[OnPaper, ...] = ()


def hold_first(place: Installation, house: House, days: Days) -> UUID:
    """Hold the first survey from draft to released results; return the release."""
    rng = np.random.default_rng(_SEED)
    instrument = load_instrument(*FIRST)
    shares = {unit["number"]: unit["answered"] for unit in read_story("organisation")["units"]}
    crowd = Crowd(instrument, rng)
    told = _Told(
        instrument,
        f"{say(_TITLE)} {days.first.opens_on.year}",
        lambda number: crowd.draw(number, shares[number]),
        rng,
    )
    return _hold(place, house, told, days.first)


def ask_about_lights(place: Installation, house: House, days: Days) -> None:
    """Ask everybody about the alert lights that the groups have filled in, up to the results."""
    rng = np.random.default_rng(_SEED + 2)
    instrument = load_instrument(*LIGHTS)
    told = _Told(
        instrument,
        f"{say('Knipperlichten: wat iedereen ziet')} {days.lights.opens_on.year}",
        lambda number: draw_lights(instrument, number, rng),
        rng,
    )
    _hold(place, house, told, days.lights)


def take_first_pulse(place: Installation, house: House, days: Days) -> Instrument:
    """Ask a few questions before the first measures, up to the results; return what was asked.

    The organisation added one question in one's own words, to which nobody wrote anything yet.
    """
    instrument = compose_pulse(place.database, house, *PULSE)
    told = _pulse(instrument, days.first_pulse, _SEED + 4, read_story("answers")["first_pulse"])
    _hold(place, house, told, days.first_pulse)
    return instrument


def take_pulse(place: Installation, house: House, instrument: Instrument, days: Days) -> None:
    """Ask the same once more, up to the results: what changed can be seen.

    Some answer on paper, and some of those write by hand. In units of which enough people came
    either way, paper can be laid beside screen.
    """
    story = read_story("pulse")
    told = _pulse(instrument, days.pulse, _SEED + 3, {}, written=story["comments"])
    papers = tuple(OnPaper(**one) for one in story["papers"])
    _hold(place, house, replace(told, papers=papers), days.pulse)


def _pulse(
    instrument: Instrument,
    when: Round,
    seed: int,
    worse: Mapping[str, Any],
    written: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> _Told:
    """A short survey; fewer people take part than in a long one."""

    def draw(number: str) -> list[Sheet]:
        n = round(0.7 * shares[number])
        said = written.get(number, ())
        return draw_pulse(instrument, number, n, rng, worse=worse, written=said)

    rng = np.random.default_rng(seed)
    shares = {unit["number"]: unit["answered"] for unit in read_story("organisation")["units"]}
    return _Told(
        instrument,
        f"{say('Puls')} {when.opens_on:%m/%Y}",
        draw,
        rng,
    )


@dataclass(frozen=True, slots=True)
class ToTry:
    """Codes nobody used: some to answer with on a screen, some as slips of a sitting."""

    codes: tuple[str, ...]
    slips: tuple[str, ...]


def start_second(place: Installation, house: House, days: Days) -> ToTry:
    """Start the survey that runs, with some answers given; return codes that can be tried."""
    rng = np.random.default_rng(_SEED + 1)
    instrument = load_instrument(*SECOND)
    campaign_id = _launch(
        place,
        house,
        instrument,
        replace(_plan(instrument, days.now_opens_on, days.now_closes_on), channels=ways(house)),
        launched_on=days.now_launched_on,
        public_name=PUBLIC_NAME,
    )
    codes = _codes(place, house, campaign_id)
    crowd = Crowd(instrument, rng, change=read_story("answers")["change"])
    for day in range(_DAYS_SO_FAR):
        on = days.now_opens_on + timedelta(days=day + 1)
        answering = []
        for number, cards in codes.items():
            # Fewer every day; the last cards of every unit stay free.
            n = int(rng.binomial(max(0, len(cards) - 5), 0.075 / (1 + day / 4)))
            sheets = crowd.draw(number, n)
            answering += [Answering(cards.pop(0), sheet, on) for sheet in sheets]
        submit(place, house, campaign_id, answering)
        with place.database.session(house.id) as session:
            publish_counts(session, campaign_id, on)
    desk = PaperDesk(place.database, place.keys, house, campaign_id, instrument)
    answer_on_paper(
        desk,
        codes,
        crowd,
        opens_on=days.now_opens_on,
        today=days.today,
    )
    # From a large unit: whoever tries them changes no small group.
    return ToTry(
        codes=tuple(codes["WZ-2"][-_KEPT_FOR_TRYING:]),
        slips=tuple(codes[KITCHEN][-_SLIPS_FOR_TRYING:]),
    )


def _hold(place: Installation, house: House, told: _Told, when: Round) -> UUID:
    """Hold a survey from draft to released results; return the release."""
    campaign_id = _launch(
        place,
        house,
        told.instrument,
        replace(
            _plan(told.instrument, when.opens_on, when.closes_on, title=told.title),
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
        for number, cards in _codes(place, house, campaign_id).items()
    }
    desk = PaperDesk(place.database, place.keys, house, campaign_id, told.instrument)
    rng = np.random.default_rng(_SEED)
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


def _plan(
    instrument: Instrument,
    opens_on: date,
    closes_on: date,
    *,
    title: str = "",
) -> CampaignPlan:
    told = read_story("organisation")
    adviser = next(person for person in told["people"] if person["role"] == "adviser")
    return CampaignPlan(
        title=title or f"{say(_TITLE)} {opens_on.year}",
        languages=instrument.languages,
        opens_on=opens_on,
        closes_on=closes_on,
        spares_per_unit=2,
        background_headcounts=told["bands"] if instrument.backgrounds else {},
        adviser_name=f"{adviser['name']}, externe dienst Denkbeeld (fictief)",
        key_holder=say("Het programma zelf, tot alle omslagen open zijn"),
        contact=say("Carine Verzonnen, preventieadviseur, preventie@dewilg.invalid"),
        counsellor="Hilde Verzinsel, vertrouwen@dewilg.invalid",
    )


def _launch(
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


def _codes(place: Installation, house: House, campaign_id: UUID) -> dict[str, list[str]]:
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
