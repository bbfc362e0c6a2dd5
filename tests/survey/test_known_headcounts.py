"""How many people each band has, as far as that is known."""

from dataclasses import dataclass
from typing import Any

from baken.instruments.definition import Background
from baken.survey.campaigns.backgrounds import known_headcounts

ASKED = (Background("category", ("worker", "clerk")), Background("age", ("-35", "35+")))


@dataclass
class Peopled:
    background_headcounts: dict[str, dict[str, int]]
    stratum: Any = None


def stratum(*keys: str) -> dict[str, Any]:
    people = {"u1": dict.fromkeys(keys, 20), "u2": {keys[0]: 5}}
    return {"title": {}, "bands": [{"key": key, "names": {}} for key in keys], "people": people}


def test_bands_have_the_people_that_were_entered_before_the_start() -> None:
    entered = {"age": {"-35": 40, "35+": 60}, "category": {"worker": 30}}
    assert known_headcounts(Peopled(entered), ASKED) == {"age": {"-35": 40, "35+": 60}}
    assert known_headcounts(Peopled({}), ASKED) == {}


def test_the_category_of_the_codes_stands_in_where_its_groups_are_those_of_a_question() -> None:
    found = known_headcounts(Peopled({}, stratum("clerk", "worker")), ASKED)
    assert found == {"category": {"worker": 20, "clerk": 25}}
    assert known_headcounts(Peopled({}, stratum("clerk", "worker", "boss")), ASKED) == {}
    entered = Peopled({"category": {"worker": 1, "clerk": 2}}, stratum("clerk", "worker"))
    assert known_headcounts(entered, ASKED) == {"category": {"worker": 1, "clerk": 2}}
