"""The surveys of the demonstration: four that were closed and opened, and one that runs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any
from uuid import UUID

import numpy as np

from baken.instruments.definition import Instrument
from baken.instruments.library import load_instrument
from baken.survey.box.sheet import Sheet
from baken.survey.monitoring.actions import publish_counts
from baken.web.demo.days import Days, Round
from baken.web.demo.lights import draw_lights
from baken.web.demo.one_survey import SEED, TITLE, Told, codes_of, hold, launch, plan_of
from baken.web.demo.organisation import House
from baken.web.demo.paper import KITCHEN, OnPaper, PaperDesk, answer_on_paper, ways
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
_KEPT_FOR_TRYING = 12
# A stack has ten forms at least.
_SLIPS_FOR_TRYING = 12
_DAYS_SO_FAR = 7


def hold_first(place: Installation, house: House, days: Days) -> UUID:
    """Hold the first survey from draft to released results; return the release."""
    rng = np.random.default_rng(SEED)
    instrument = load_instrument(*FIRST)
    shares = {unit["number"]: unit["answered"] for unit in read_story("organisation")["units"]}
    crowd = Crowd(instrument, rng)
    told = Told(
        instrument,
        f"{say(TITLE)} {days.first.opens_on.year}",
        lambda number: crowd.draw(number, shares[number]),
        rng,
    )
    return hold(place, house, told, days.first)


def ask_about_lights(place: Installation, house: House, days: Days) -> None:
    """Ask everybody about the alert lights that the groups have filled in, up to the results."""
    rng = np.random.default_rng(SEED + 2)
    instrument = load_instrument(*LIGHTS)
    told = Told(
        instrument,
        f"{say('Knipperlichten: wat iedereen ziet')} {days.lights.opens_on.year}",
        lambda number: draw_lights(instrument, number, rng),
        rng,
    )
    hold(place, house, told, days.lights)


def take_first_pulse(place: Installation, house: House, days: Days) -> Instrument:
    """Ask a few questions before the first measures, up to the results; return what was asked.

    The organisation added one question in one's own words, to which nobody wrote anything yet.
    """
    instrument = compose_pulse(place.database, house, *PULSE)
    told = _pulse(instrument, days.first_pulse, SEED + 4, read_story("answers")["first_pulse"])
    hold(place, house, told, days.first_pulse)
    return instrument


def take_pulse(place: Installation, house: House, instrument: Instrument, days: Days) -> None:
    """Ask the same once more, up to the results: what changed can be seen.

    Some answer on paper, and some of those write by hand. In units of which enough people came
    either way, paper can be laid beside screen.
    """
    story = read_story("pulse")
    told = _pulse(instrument, days.pulse, SEED + 3, {}, written=story["comments"])
    papers = tuple(OnPaper(**one) for one in story["papers"])
    hold(place, house, replace(told, papers=papers), days.pulse)


def _pulse(
    instrument: Instrument,
    when: Round,
    seed: int,
    worse: Mapping[str, Any],
    written: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> Told:
    """A short survey; fewer people take part than in a long one."""

    def draw(number: str) -> list[Sheet]:
        n = round(0.7 * shares[number])
        said = written.get(number, ())
        return draw_pulse(instrument, number, n, rng, worse=worse, written=said)

    rng = np.random.default_rng(seed)
    shares = {unit["number"]: unit["answered"] for unit in read_story("organisation")["units"]}
    return Told(
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
    rng = np.random.default_rng(SEED + 1)
    instrument = load_instrument(*SECOND)
    campaign_id = launch(
        place,
        house,
        instrument,
        replace(plan_of(instrument, days.now_opens_on, days.now_closes_on), channels=ways(house)),
        launched_on=days.now_launched_on,
        public_name=PUBLIC_NAME,
    )
    codes = codes_of(place, house, campaign_id)
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
