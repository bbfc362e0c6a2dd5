"""What readers see of accidents: one to four of them tell of somebody, and so do their days.

The signed annual report carries the figures of the law; whoever keeps accidents sees them all.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.indicators.accidents.figures import AccidentFigures, Gravity
from baken.actionplan.indicators.accidents.queries import UnitLine
from baken.actionplan.indicators.heads import Heads
from baken.actionplan.indicators.kinds import LEAST_COUNT
from baken.actionplan.indicators.shown import Group, hidden_groups, nearest_with_figure

Places = frozenset[UUID | None]


def is_shown(n: int) -> bool:
    """Whether readers may see a count of accidents: nought, or not few."""
    return n == 0 or n >= LEAST_COUNT


@dataclass(frozen=True, slots=True)
class Seen:
    """Which parts of the table of the form readers see.

    Attributes
    ----------
    columns
        How the accidents divide over fatal, permanent and temporary.
    total
        Their sum, their days, and the two rates that follow.
    flat
        Flat-rate days and the global rate: the table says which loss so many days stand for.
    """

    columns: bool = True
    total: bool = True
    flat: bool = True


def readers_see(figures: AccidentFigures) -> Seen:
    """Return what readers see of the table of some figures."""
    total = is_shown(figures.n_total)
    columns = total and all(is_shown(n) for n in figures.n.values())
    grave = figures.n[Gravity.FATAL], figures.n[Gravity.PERMANENT]
    return Seen(columns, total, total and all(is_shown(n) for n in grave))


@dataclass(frozen=True, slots=True)
class HiddenPlaces:
    """Places of which readers see nothing, and those whose way to work is hidden."""

    work: Places
    commuting: Places


def hidden_places(
    lines: Iterable[UnitLine],
    whole: tuple[AccidentFigures, AccidentFigures],
    heads: Heads,
    *,
    on: date,
) -> HiddenPlaces:
    """Return which places are hidden, so that nothing small follows from the others.

    Parameters
    ----------
    lines : iterable of UnitLine
        Those of every form: a section less its establishments is a group too.
    whole : tuple
        Accidents at work and on the way of the whole organisation.
    """
    by_unit = {one.unit_id: one for one in lines}

    def hidden(count: Callable[[UnitLine], int], of_whole: AccidentFigures) -> Places:
        parents, having = heads.parents_ever(on), frozenset[UUID | None](by_unit)
        groups = [Group(None, None, heads.people(None, on), of_whole.n_total)]
        groups += [
            Group(key, nearest_with_figure(key, parents, having), heads.people(key, on), count(one))
            for key, one in by_unit.items()
        ]
        return hidden_groups(groups)

    return HiddenPlaces(
        hidden(lambda one: one.work.n_total, whole[0]),
        hidden(lambda one: one.commuting.n_total, whole[1]),
    )
