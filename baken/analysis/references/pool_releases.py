"""Pools one after another: together they tell of no organisation what a single pool would not.

A later pool less an earlier one is what came less what left. When one organisation joined, that is
its figures; when one held a new survey, the change of its figures. So the organisations are divided
into *cohorts*: those that came, renewed their figures and left at the same releases.

**Rule.** A pool is released only when each cohort it holds or divides could be shown by itself, in
this release and in every earlier one, whichever of its members looks.

**Why it is enough.** All that a reader has are sums over pools: of organisations, people, answers
and squares. Every pool is a union of cohorts, so every sum is one of sums over cohorts, and so is
whatever follows by adding and subtracting. Who also knows the own figures knows, in one cohort, the
sum over the others. All these sums belong to pools that may be shown, and so do unions of them: the
largest share of a union is at most the larger of both. It does not help to know that nobody's
figures changed in between, because cohorts follow organisations, not their surveys.

Several organisations that put their own figures together are not kept from anything by this, until
all but one of a cohort do it: then the last one is known. The number of others is chosen for that.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from baken.analysis.errors import UnusableReference
from baken.analysis.methods.benchmarks import MIN_REFERENCE, Reference
from baken.analysis.methods.pooling import Pooled, pooled
from baken.analysis.references.editions import made_with
from baken.analysis.references.pools import (
    Contribution,
    PoolRules,
    figures_of,
    is_broad,
    may_be_shown,
)
from baken.analysis.references.reference import ScaleReference, answers_of
from baken.instruments.definition import Instrument

Pool = Mapping[str, Contribution]
"""What takes part, by organisation; at most one contribution of each."""

Shape = tuple[int | None, ...]
"""Of an organisation: per release, the first release that held the same contribution."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The figures of a pool, without the organisation that looks."""

    figures: Pooled


@dataclass(frozen=True, slots=True)
class Withheld:
    """Nothing is shown. There is one reason, whichever rule it was: the rule would tell too."""

    reason: ClassVar[str] = "privacy"


@dataclass(frozen=True, slots=True)
class PoolRelease:
    """One pool of a questionnaire as it was released.

    Attributes
    ----------
    pool : Mapping of str to Contribution
        Empty when nothing may be released.
    shown : frozenset of str
        Scales of which figures are shown.
    """

    pool: Pool
    shown: frozenset[str]

    def seen_by(self, organisation: str, scale: str) -> Shown | Withheld:
        """Return a scale as an organisation sees it: the others, itself left out.

        What contains the own figures understates how far they are from those of others, and they
        could be taken off by hand anyway.
        """
        if scale not in self.shown:
            return Withheld()
        others = [one for key, one in sorted(self.pool.items()) if key != organisation]
        figures = pooled(figures_of(others, scale))
        return Shown(figures) if figures.n >= MIN_REFERENCE else Withheld()


def next_release(
    newest: Pool,
    opted_in: Collection[str],
    earlier: Sequence[PoolRelease],
    rules: PoolRules | None = None,
) -> PoolRelease:
    """Return a pool that may follow the earlier ones, as large as a simple choice finds it.

    Parameters
    ----------
    newest : Mapping of str to Contribution
        The newest figures of each organisation, all of one edition of the questionnaire.
    opted_in : collection of str
        Organisations that agreed to take part, as of now. Others are in no new pool.
    earlier : sequence of PoolRelease
        All pools of this questionnaire that were ever released, the oldest first.
    rules : PoolRules, optional
        The usual ones when left out. Stricter ones than before also hold for what now follows from
        earlier releases.

    Returns
    -------
    PoolRelease
        Who takes part is decided by sizes alone, never by what people answered. Whoever cannot
        come, renew or leave without being recognised waits for others; an organisation that
        withdrew never waits: its cohort takes part without it or not at all.

    Raises
    ------
    UnusableReference
        The contributions were made with different questions.
    """
    rules = rules or PoolRules()
    _check_same_questions(newest)
    willing = {key: newest[key] for key in sorted(newest) if key in opted_in}
    told = [release for release in earlier if release.shown]
    before = [release.pool for release in told]
    pool: dict[str, Contribution] = {}
    for cohort in cohorts(before):
        pool |= _continued(cohort, willing, before, rules)
    known = {organisation for each in before for organisation in each}
    pool |= _started({key: one for key, one in willing.items() if key not in known}, rules)
    release = PoolRelease(pool, frozenset(_scales(pool)))
    shown = frozenset(s for s in release.shown if _is_safe(s, [*told, release], rules))
    return PoolRelease(pool if shown else {}, shown)


def cohorts(pools: Sequence[Pool]) -> list[tuple[str, ...]]:
    """Return the organisations that came, renewed and left at the same releases, together."""
    first: dict[tuple[str, str], int] = {}
    for place, pool in enumerate(pools):
        for one in pool.values():
            first.setdefault((one.organisation, one.survey), place)
    alike: dict[Shape, list[str]] = defaultdict(list)
    for organisation in sorted({key for pool in pools for key in pool}):
        held = [pool.get(organisation) for pool in pools]
        shape = tuple(first[one.organisation, one.survey] if one else None for one in held)
        alike[shape].append(organisation)
    return [tuple(members) for members in alike.values()]


def pooled_reference(
    shown: Shown, instrument: Instrument, scale: str, *, source: str, year: int, population: str
) -> ScaleReference:
    """Return a pool as a reference that results of this questionnaire can be held against."""
    figures = shown.figures
    return ScaleReference(
        scale=scale,
        figures=Reference(figures.mean, figures.sd, figures.n),
        source=source,
        year=year,
        population=population,
        format=answers_of(instrument, scale),
        made_with=made_with(instrument, scale),
    )


def _is_safe(scale: str, releases: Sequence[PoolRelease], rules: PoolRules) -> bool:
    """Whether each cohort could be shown by itself wherever this scale is.

    A cohort that the newest release neither holds nor divides is as well known as it was before.
    """
    pools = [release.pool for release in releases]
    telling = [release.pool for release in releases if scale in release.shown]
    settled = {cohort for cohort in cohorts(pools[:-1]) if pools[-1].keys().isdisjoint(cohort)}
    return all(
        may_be_shown(figures_of(part, scale), rules)
        for cohort in cohorts(pools)
        if cohort not in settled
        for part in _parts(cohort, telling)
    )


def _parts(cohort: Collection[str], pools: Sequence[Pool]) -> Iterator[list[Contribution]]:
    """Return what a cohort brought into each pool it takes part in."""
    for pool in pools:
        part = [pool[member] for member in cohort if member in pool]
        if part:
            yield part


def _continued(
    cohort: tuple[str, ...], willing: Pool, before: Sequence[Pool], rules: PoolRules
) -> Pool:
    """Return how a cohort goes on: with its newest figures, with those it had, or not.

    Of an organisation whose figures were forgotten nobody can say whether it would be recognised
    in what is left, so the cohort it was in does not go on.
    """
    past = [{key: pool[key] for key in cohort if key in pool} for pool in before]
    if any(one.is_forgotten for pool in past for one in pool.values()):
        return {}
    last = next(pool for pool in reversed(past) if pool)
    renewed = {key: willing[key] for key in cohort if key in willing}
    same = {key: last[key] for key in renewed if last[key].edition == renewed[key].edition}
    for choice in (renewed, same):
        if _is_broad_throughout([*past, choice], rules):
            return choice
    return {}


def _started(newcomers: Pool, rules: PoolRules) -> Pool:
    """Return the newcomers that can begin together; the largest wait when they stand out."""
    by_size = sorted(newcomers, key=lambda key: (_size(newcomers[key]), key))
    for kept in range(len(by_size), 0, -1):
        choice = {key: newcomers[key] for key in sorted(by_size[:kept])}
        if _is_broad_throughout([choice], rules):
            return choice
    return {}


def _is_broad_throughout(pools: Sequence[Pool], rules: PoolRules) -> bool:
    return all(
        is_broad(figures_of(part, scale), rules)
        for cohort in cohorts(pools)
        for part in _parts(cohort, pools)
        for scale in part[0].figures
    )


def _size(one: Contribution) -> int:
    return max(figures.n for figures in one.figures.values())


def _scales(pool: Pool) -> Collection[str]:
    return next(iter(pool.values())).figures.keys() if pool else ()


def _check_same_questions(pool: Pool) -> None:
    made = sorted({(one.edition, tuple(one.figures)) for one in pool.values()}, key=str)
    if len(made) > 1:
        raise UnusableReference(
            "analysis.pool_mixed",
            "These figures were made with different questionnaires: {names}. A benchmark takes "
            "the same questions everywhere.",
            names=", ".join(sorted({edition.name for edition, _ in made})),
        )
