"""Whether several published divisions of the same people tell about small groups together.

A *division* puts everybody in one class: the nearest shown unit, the band of a background question
in the nearest unit that is broken down by it, the release in which people were first counted. Every
class of every division can be worked out, and nothing else is published. The fewer divisions there
are, the more exactly and the faster is decided what follows from them:

* one: the classes themselves, and unions of them;
* two: directed cuts (`cuts`);
* more: every sum by adding and subtracting (`derivation`).

With two or more, a group may also be known without following: `find_near_leak`.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

from . import cuts, derivation
from .answers import Answers
from .bounds import narrow_bounds
from .leaks import Key, Leak, added, leak_of
from .plan import Cell
from .worlds import find_determined

Classes = tuple[Hashable, ...]
"""The class in every division."""

Name = TypeVar("Name", bound=Hashable)

Division = Mapping[Key, Hashable]
"""The class of every key."""


def find_leak(
    people: Mapping[Key, Cell],
    divisions: Sequence[Division[Key]],
    k: int,
    *,
    hides_few: bool = False,
) -> Leak | None:
    """Find a group that follows from the divisions and is not safe.

    Parameters
    ----------
    people : Mapping to Cell
        Everybody, by the finest description a reader may know them by.
    divisions : sequence of Mapping
        The class of every key, per division; all classes of all of them are published.
    k : int
        Minimum group of this statistic.
    hides_few : bool
        It is known already that nothing about fewer than k people follows; saves a search.

    Returns
    -------
    Leak or None
        Its keys are those of `people`. None: nothing about fewer than k people follows, nor what
        the members of a group all answered. Exact, but for a search of three divisions or more
        that was given up: that is a leak, of the kind `undecided`.
    """
    alike = _alike(people, divisions)
    together = {classes: added(people[key] for key in keys) for classes, keys in alike.items()}
    if len(divisions) == 1:
        found = next(filter(None, (leak_of([one], together, k) for one in together)), None)
    elif len(divisions) == 2:
        found = cuts.find_leak({(one[0], one[1]): cell for one, cell in together.items()}, k)
    else:
        published = classes_of(divisions, alike)
        found = derivation.find_leak(together, published, k, hides_few=hides_few)
    if found is None:
        return None
    members = (key for classes, keys in alike.items() if classes in found.keys for key in keys)
    return Leak(found.kind, frozenset(members), found.n)


def find_near_leak(
    answers: Answers[Key], divisions: Sequence[Division[Key]], k: int
) -> Leak | None:
    """Find a group that does not follow from the divisions, but is known nearly, or after all.

    Parameters
    ----------
    answers : Answers
        How everybody answered, by the finest description a reader may know them by.
    divisions : sequence of Mapping
        The class of every key, per division; all classes of all of them are published.
    k : int
        Minimum group of this statistic.

    Returns
    -------
    Leak or None
        Of the kind `near`: 1 to k - 1 people who leave less than a quarter of the range open
        (`bounds`), or who could not have answered otherwise (`worlds`). Never anything of one
        division alone: there, answers can change places within a class.
    """
    published = classes_of(divisions, {key: (key,) for key in answers.counts})
    low, high = answers.values[0], answers.values[-1]
    cells = answers.cells(k)
    narrow = narrow_bounds(cells, answers.totals, published, k, low=low, high=high)
    if narrow is not None:
        return Leak("near", narrow.keys, narrow.n)
    return find_determined(answers, published, k)


def classes_of(
    divisions: Sequence[Division[Key]], kept: Mapping[Name, Sequence[Key]]
) -> list[set[Name]]:
    """Return who is in each class of each division, by names that stand for several keys."""
    members: dict[tuple[int, Hashable], set[Name]] = {}
    for place, division in enumerate(divisions):
        for name, keys in kept.items():
            members.setdefault((place, division[keys[0]]), set()).add(name)
    return list(members.values())


def _alike(
    people: Mapping[Key, Cell], divisions: Sequence[Division[Key]]
) -> dict[Classes, list[Key]]:
    """Take the keys with people together that are in the same class of every division."""
    alike: dict[Classes, list[Key]] = {}
    for key, cell in people.items():
        if cell.n:
            alike.setdefault(tuple(division[key] for division in divisions), []).append(key)
    return alike
