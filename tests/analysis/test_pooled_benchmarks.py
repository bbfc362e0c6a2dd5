"""Benchmarks over organisations: what they are made of, what they may be compared with, and an
attacker who adds and subtracts all of them.

`BAKEN_FUZZ=200 pytest tests/analysis/test_pooled_benchmarks.py` attacks 200 times as many stories.
"""

import os
from dataclasses import replace
from functools import cache
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baken.analysis.errors import UnusableReference
from baken.analysis.methods.benchmarks import Reference
from baken.analysis.methods.moments import Moments
from baken.analysis.methods.pooling import pooled
from baken.analysis.references.editions import (
    Edition,
    MadeWith,
    check_made_with,
    edition_of,
    made_with,
    scoring_of,
)
from baken.analysis.references.pool_releases import (
    PoolRelease,
    Shown,
    Withheld,
    cohorts,
    next_release,
    pooled_reference,
)
from baken.analysis.references.pools import (
    Contribution,
    OrganisationFigures,
    PoolRules,
    contribution,
    is_broad,
    is_varied,
    may_be_shown,
)
from baken.analysis.references.reference import ScaleReference, check_reference
from baken.instruments.library import load_instrument
from baken.instruments.versions import comparable_scales

FUZZ = int(os.environ.get("BAKEN_FUZZ", "1"))
RULES = PoolRules()
EDITION = Edition("asked", "1", "f" * 64)
SCALE = "PACE"
OUTSIDER = "nobody"


def figures(sizes, means=None):
    n = np.array(sizes)
    spread = np.linspace(30, 70, len(n)) if means is None else np.array(means, dtype=float)
    return Moments(n, spread, np.full(len(n), 20.0))


def brought(organisation, survey="s1", *, n=100, mean=None, edition=EDITION):
    at = float(sum(map(ord, organisation + survey)) * 37 % 60 + 20) if mean is None else mean
    return Contribution(organisation, survey, edition, {SCALE: OrganisationFigures(n, at, 20.0)})


def gathered(names, survey="s1", **more):
    return {name: brought(name, survey, **more) for name in names}


def following(stories):
    """Release after release: each with the newest figures, and who agreed."""
    made = []
    for newest, opted_in in stories:
        made.append(next_release(newest, opted_in, made))
    return made


# What a pool is


@given(
    st.lists(
        st.lists(st.integers(0, 100), min_size=2, max_size=9).map(np.array), min_size=1, max_size=8
    )
)
@settings(max_examples=40)
def test_a_pool_is_all_people_in_one_file(organisations):
    people = np.concatenate(organisations)
    found = pooled(
        Moments(
            np.array([len(one) for one in organisations]),
            np.array([one.mean() for one in organisations]),
            np.array([one.std(ddof=1) for one in organisations]),
        )
    )
    assert (found.organisations, found.n) == (len(organisations), len(people))
    assert found.mean == pytest.approx(people.mean())
    assert found.sd == pytest.approx(people.std(ddof=1), abs=1e-9)
    inside = sum(((one - one.mean()) ** 2).sum() for one in organisations)
    assert found.within**2 * (found.n - len(organisations)) == pytest.approx(inside, abs=1e-6)
    apart = ((people - people.mean()) ** 2).sum() - inside
    assert found.between**2 * found.n == pytest.approx(apart, abs=1e-6)


@pytest.mark.parametrize(
    ("sizes", "broad"),
    [
        ([100] * 6, True),
        ([100] * 5, False),  # four others
        ([134, *[100] * 5], False),  # the next one to look sees 534 people, 134 of them in one
        ([133, *[100] * 5], True),
        ([133, 133, *[100] * 4], True),
        ([100, 100, *[10] * 20], False),  # each is a third of what the other sees
    ],
)
def test_a_pool_is_judged_as_its_members_see_it(sizes, broad):
    assert is_broad(figures(sizes), RULES) is broad
    n = sorted(sizes)
    assert broad == (len(n) >= 6 and n[-1] <= (sum(n) - n[-2]) / 4)


def test_organisations_that_are_all_alike_are_not_shown():
    alike = figures([100] * 7, [50.0] * 7)
    one_apart = figures([100] * 7, [50.0] * 6 + [80.0])  # for that one the others are alike
    varied = figures([100] * 7, [47, 48, 49, 50, 51, 52, 53])
    assert [is_varied(one, RULES) for one in (alike, one_apart, varied)] == [False, False, True]
    assert [may_be_shown(one, RULES) for one in (alike, one_apart, varied)] == [False, False, True]


@given(st.data())
@settings(max_examples=25)
def test_pools_that_may_be_shown_may_be_shown_together(data):
    sizes = st.lists(st.integers(20, 60), min_size=6, max_size=10)
    means = st.floats(0, 100)
    parts = []
    for _ in range(2):
        n = data.draw(sizes)
        part = figures(n, data.draw(st.lists(means, min_size=len(n), max_size=len(n))))
        parts.append(part)
    if all(may_be_shown(part, RULES) for part in parts):
        both = [np.concatenate(one) for one in zip(*map(_columns, parts), strict=True)]
        assert may_be_shown(Moments(*both), replace(RULES, spread=RULES.spread - 1e-9))


def _columns(part):
    return part.n, part.mean, part.sd


@pytest.mark.parametrize("wrong", [{"others": 3}, {"share": 0.51}, {"share": 0.0}, {"spread": 0.0}])
def test_rules_can_be_made_stricter_but_not_loose(wrong):
    with pytest.raises(UnusableReference, match="at least 4 other organisations"):
        PoolRules(**wrong)
    assert PoolRules(others=4, share=0.5, spread=0.1).others == 4


def test_only_complete_figures_that_are_released_come_in():
    released = Moments(np.array([40, 12]), np.array([55.0, np.nan]), np.array([18.0, np.nan]))
    with pytest.raises(UnusableReference, match="no released figures of BULLY"):
        contribution("a", "s1", EDITION, (SCALE, "BULLY"), released)
    with pytest.raises(UnusableReference, match="no released figures of asked 1"):
        contribution("a", "s1", EDITION, (), Moments(*(np.array([]),) * 3))
    first = Moments(released.n[:1], released.mean[:1], released.sd[:1])
    made = contribution("a", "s1", EDITION, (SCALE,), first)
    assert made.figures == {SCALE: OrganisationFigures(40, 55.0, 18.0)}


# What is shown


def test_who_looks_is_left_out_and_an_outsider_sees_all():
    names = "abcdefg"
    (release,) = following([(gathered(names), names)])
    seen = release.seen_by("a", SCALE)
    assert isinstance(seen, Shown)
    assert (seen.figures.organisations, seen.figures.n) == (6, 600)
    others = [brought(name).figures[SCALE].mean for name in "bcdefg"]
    assert seen.figures.mean == pytest.approx(np.mean(others))
    outside = release.seen_by(OUTSIDER, SCALE)
    assert isinstance(outside, Shown)
    assert outside.figures.organisations == 7


def test_every_rule_gives_the_same_answer():
    names = "abcdefg"
    stories = [
        (gathered(names[:5]), names),  # too few
        (gathered(names), names[:5]),  # too few agreed
        (gathered(names[:6]) | {"g": brought("g", n=9)} | gathered("h", n=9_000), "gh"),
        (gathered(names, mean=50.0), names),  # all alike
        (gathered(names, n=10), names),  # fewer than a hundred people
    ]
    seen = [next_release(newest, agreed, []).seen_by("a", SCALE) for newest, agreed in stories]
    assert seen == [Withheld()] * len(stories)
    assert Withheld().reason == "privacy"
    assert next_release(gathered(names), names, []).seen_by("a", "unknown") == Withheld()


def test_one_that_is_too_large_waits_and_the_others_are_shown():
    newest = gathered("abcdef") | {"giant": brought("giant", n=5_000)}
    assert set(next_release(newest, [*newest], []).pool) == set("abcdef")


def test_only_those_who_agreed_and_one_questionnaire():
    names = "abcdefgh"
    assert set(next_release(gathered(names), names[:6], []).pool) == set("abcdef")
    mixed = gathered(names) | {"z": brought("z", edition=Edition("asked", "2"))}
    with pytest.raises(UnusableReference, match="different questionnaires: asked 1, asked 2"):
        next_release(mixed, names, [])


# One release after another


def told(stories):
    """Per release who takes part, with the survey."""
    return [
        "".join(f"{one.organisation}{one.survey[1:]}" for _, one in sorted(release.pool.items()))
        for release in following(stories)
    ]


FIRST = "abcdef"
OLD = gathered(FIRST)


def test_newcomers_wait_until_they_are_enough():
    one, six = OLD | gathered("g"), OLD | gathered("ghijkl")
    stories = [(OLD, FIRST), (one, "abcdefg"), (six, "abcdefghijkl")]
    assert told(stories) == ["a1b1c1d1e1f1", "a1b1c1d1e1f1", "a1b1c1d1e1f1g1h1i1j1k1l1"]


def test_who_renews_alone_keeps_the_figures_it_had():
    alone, all_new = OLD | gathered("a", "s2"), gathered(FIRST, "s2")
    stories = [(OLD, FIRST), (alone, FIRST), (all_new, FIRST)]
    assert told(stories) == ["a1b1c1d1e1f1", "a1b1c1d1e1f1", "a2b2c2d2e2f2"]
    # Beside a new edition the old figures do not stand.
    edition = Edition("asked", "2")
    newer = gathered("abcde", "s2", edition=edition)
    assert told([(OLD, FIRST), (newer, FIRST)])[1] == ""


def test_who_withdraws_is_in_no_new_pool_even_when_the_others_wait():
    both = OLD | gathered("ghijkl")
    everybody = "abcdefghijkl"
    # All twelve came at once: without one of them, none goes on. Six may go together.
    assert told([(both, everybody), (both, everybody[1:])])[1] == ""
    assert told([(both, everybody), (both, FIRST)])[1] == "a1b1c1d1e1f1"
    # When they came in two cohorts, only its own waits.
    stories = [(OLD, everybody), (both, everybody), (both, everybody[:-1])]
    assert told(stories)[2] == "a1b1c1d1e1f1"


def test_the_rule_looks_at_all_earlier_releases_not_at_the_last():
    """Seven leave, and six of them come back: the seventh would be the first less the third."""
    crowd = gathered("abcdefghijklm")
    stories = [(crowd, "abcdefghijklm"), (crowd, FIRST), (crowd, "abcdefghijkl")]
    assert told(stories)[1:] == ["a1b1c1d1e1f1", "a1b1c1d1e1f1"]
    assert cohorts([release.pool for release in following(stories)]) == [
        tuple(FIRST),
        tuple("ghijklm"),
    ]


def test_stricter_rules_hold_for_what_was_released_before():
    first = next_release(OLD, FIRST, [])
    both = OLD | gathered("ghijklm")
    stricter = PoolRules(others=6)
    found = next_release(both, [*both], [first], stricter)
    assert set(found.pool) == set("ghijklm")  # the six stay as known as they were
    assert found.shown == {SCALE}


# The attacker


def sums(release, looker):
    """What a reader works out of one shown pool: people, answers, squares within and between."""
    seen = release.seen_by(looker, SCALE)
    if isinstance(seen, Withheld):
        return None
    got = seen.figures
    apart = got.n * (got.between**2 + got.mean**2)
    return np.array([got.n, got.n * got.mean, (got.n - got.organisations) * got.within**2, apart])


def derived(releases, looker, *, nothing_changed):
    """The smallest set of others whose sums follow from all releases by adding and subtracting.

    The reader knows who takes part. With `nothing_changed` it also knows that later figures of an
    organisation are the earlier ones.
    """

    def key(one):
        return one.organisation if nothing_changed else (one.organisation, one.survey)

    shown = [release for release in releases if sums(release, looker) is not None]
    pools = [
        {key(one) for one in release.pool.values() if one.organisation != looker}
        for release in shown
    ]
    atoms = sorted(set().union(*pools))
    if not atoms:
        return None
    matrix = np.array([[atom in pool for atom in atoms] for pool in pools], dtype=float)
    _, values, axes = np.linalg.svd(matrix)
    rest = axes[(values > 1e-9).sum() :].T  # who is in the null space cannot be told apart
    along = rest @ np.random.default_rng(7).normal(size=rest.shape[1])  # 0 for whom all of it is 0
    for size in range(1, RULES.others):
        groups = subsets(len(atoms), size)
        for group in groups[np.abs(along[groups].sum(axis=1)) < 1e-9]:
            if np.abs(rest[group].sum(axis=0)).max(initial=0) < 1e-9:
                return [atoms[place] for place in group]
    return None


@cache
def subsets(people, size):
    return np.array(list(combinations(range(people), size)), dtype=int).reshape(-1, size)


def without_the_rule(stories):
    """Every release as if it were the first."""
    return [next_release(newest, agreed, []) for newest, agreed in stories]


JOINS_ALONE = [(OLD, FIRST), (OLD | gathered("g"), "abcdefg")]
LEAVES_ALONE = [(gathered("abcdefg"), "abcdefg"), (gathered("abcdefg"), FIRST)]
RENEWS_ALONE = [(OLD, FIRST), (OLD | gathered("a", "s2"), FIRST)]
JOINS_WHEN_ALL_RENEW = [(OLD, FIRST), (gathered("abcdefg", "s2"), "abcdefg")]


@pytest.mark.parametrize(
    ("stories", "victim", "nothing_changed"),
    [
        (JOINS_ALONE, [("g", "s1")], False),
        (LEAVES_ALONE, [("g", "s1")], False),
        (JOINS_WHEN_ALL_RENEW, ["g"], True),
    ],
    ids=["joins alone", "leaves alone", "joins when all renew"],
)
def test_subtraction_finds_one_organisation_unless_the_rule_holds(stories, victim, nothing_changed):
    off, on = without_the_rule(stories), following(stories)
    assert derived(off, OUTSIDER, nothing_changed=nothing_changed) == victim
    assert derived(off, "b", nothing_changed=nothing_changed) == victim
    for looker in (OUTSIDER, "b", "g"):
        assert derived(on, looker, nothing_changed=nothing_changed) is None


def test_subtraction_gives_the_exact_figures_when_the_rule_is_off():
    first, second = (sums(one, "b") for one in without_the_rule(JOINS_ALONE))
    n, answers, within, squares = second - first
    g = brought("g").figures[SCALE]
    assert (n, answers / n, np.sqrt(within / (n - 1))) == pytest.approx((g.n, g.mean, g.sd))
    assert squares == pytest.approx(n * g.mean**2)
    first, second = (sums(one, "b") for one in following(JOINS_ALONE))
    assert (second - first).tolist() == [0, 0, 0, 0]


def test_a_change_of_one_organisation_follows_unless_the_rule_holds():
    first, second = (sums(one, "b") for one in without_the_rule(RENEWS_ALONE))
    now, before = (brought("a", survey).figures[SCALE].mean for survey in ("s2", "s1"))
    assert (second - first)[1] / 100 == pytest.approx(now - before)
    first, second = (sums(one, "b") for one in following(RENEWS_ALONE))
    assert (second - first).tolist() == [0, 0, 0, 0]


@st.composite
def histories(draw):
    """Organisations that join in crowds or alone, hold new surveys, withdraw and come back."""
    crowd = [chr(ord("a") + place) for place in range(draw(st.integers(12, 20)))]
    stories, surveys = [], dict.fromkeys(crowd, 1)
    agreed = set(crowd[: draw(st.integers(6, len(crowd)))])
    for _ in range(draw(st.integers(2, 4))):
        newest = {
            name: brought(name, f"s{surveys[name]}", n=100 + 5 * place)
            for place, name in enumerate(crowd)
        }
        stories.append((newest, frozenset(agreed)))
        parts = st.sampled_from([set(crowd), set(crowd[:6]), set(crowd[6:]), *({x} for x in crowd)])
        changing = draw(st.one_of(st.just(set()), parts))
        agreed ^= changing - agreed if draw(st.booleans()) else changing
        for name in draw(st.one_of(st.just(set()), parts)):
            surveys[name] += 1
    return stories


@given(histories(), st.booleans())
@settings(max_examples=20 * FUZZ)
def test_nobody_follows_from_any_history(stories, nothing_changed):
    releases = following(stories)
    for release, (_, agreed) in zip(releases, stories, strict=True):
        assert set(release.pool) <= agreed
    for looker in (OUTSIDER, "a", "g"):
        assert derived(releases, looker, nothing_changed=nothing_changed) is None
    pools = [release.pool for release in releases if release.shown]
    for pool in pools:
        for cohort in cohorts(pools):
            part = [pool[name].figures[SCALE] for name in cohort if name in pool]
            sizes = sorted(one.n for one in part)
            assert not part or sizes[-1] <= RULES.share * (sum(sizes) - sizes[-2])
            assert len(part) in {0, *range(6, 21)}


# What it may be compared with


def test_a_pool_is_a_reference_like_any_other():
    instrument = load_instrument("vijf-a")
    scales = tuple(scale.key for scale in instrument.scales)
    released = figures([100] * len(scales))
    newest = {
        name: contribution(
            name,
            "s1",
            edition_of(instrument),
            scales,
            replace(released, mean=released.mean + 3 * place),
        )
        for place, name in enumerate(FIRST)
    }
    seen = next_release(newest, FIRST, []).seen_by("a", "workload")
    assert isinstance(seen, Shown)
    words = {"source": "Pool", "year": 2026, "population": "client organisations"}
    reference = pooled_reference(seen, instrument, "workload", **words)
    check_reference(reference, instrument)
    assert reference.label == "Pool (2026), client organisations, n = 500"
    assert reference.figures.mean == pytest.approx(released.mean[scales.index("workload")] + 9)


def test_what_does_not_fit_is_said():
    newer, older = load_instrument("vijf-a", "2"), load_instrument("vijf-a", "1")
    scale = "workload"
    check_made_with(made_with(newer, scale), newer, scale)
    check_made_with(made_with(older, scale), newer, scale)  # kept its meaning
    publication = Edition("vijf-a", "2")
    check_made_with(MadeWith(publication, scoring_of(newer, scale)), newer, scale)
    lost = next(
        one.key
        for one in older.scales
        if one.key in {each.key for each in newer.scales} and one.key not in _kept()
    )
    wrong = [
        (made_with(older, lost), lost, f"{lost} was made with vijf-a 1, the results with vijf-a 2"),
        (MadeWith(Edition("copsoq-iii", "1"), ""), scale, "was made with copsoq-iii 1"),
        (MadeWith(replace(edition_of(newer), fingerprint="0" * 64), ""), scale, "called vijf-a 2"),
        (MadeWith(publication, "P1, -P2; 50 %"), scale, "the reference from P1, -P2; 50 %"),
    ]
    for given_with, asked, message in wrong:
        with pytest.raises(UnusableReference, match=message):
            check_made_with(given_with, newer, asked)


def _kept():
    return set(comparable_scales(load_instrument("vijf-a", "2"), "vijf-a", "1"))


def test_a_reference_is_checked_with_its_questions(make_instrument):
    items = [("P1", 1, 5, False), ("P2", 1, 5, True), ("P3", 0, 4, False)]
    instrument = make_instrument({"PACE": (items, {"min_answered": 0.75})})
    assert scoring_of(instrument, "PACE") == "P1, -P2, P3; 75 %"
    whole = pooled(figures([100] * 6))
    reference = pooled_reference(
        Shown(whole), instrument, "PACE", source="S", year=2026, population="P"
    )
    assert reference.format == "0-4 and 1-5"
    check_reference(reference, instrument)
    other = replace(reference, made_with=MadeWith(edition_of(instrument), "P1; 50 %"))
    with pytest.raises(UnusableReference, match="scored from P1, -P2, P3; 75 %"):
        check_reference(other, instrument)
    publication = ScaleReference("PACE", reference.figures, "S", 2026, "P", "0-4 and 1-5")
    check_reference(publication, instrument)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"scale": "HURRY"}, "test has no scale HURRY. Choose from PACE"),
        ({"format": "0-4"}, "answered from 1-5, the reference from 0-4"),
        ({"figures": Reference(101, 20, 500)}, "must lie from 0 to 100"),
        ({"figures": Reference(50, 20, 99)}, "99 people is too small"),
        ({"population": ""}, "Name the source and the population"),
    ],
)
def test_a_reference_that_does_not_fit_is_refused(make_instrument, wrong, message):
    instrument = make_instrument({"PACE": ([("P1", 1, 5, False)], {})})
    good = ScaleReference("PACE", Reference(50, 20, None), "S", 2026, "P", "1-5")
    assert good.label == "S (2026), P, n = ?"
    check_reference(good, instrument)
    with pytest.raises(UnusableReference, match=message):
        check_reference(replace(good, **wrong), instrument)


def test_a_release_that_shows_nothing_holds_nothing():
    nothing = PoolRelease({}, frozenset())
    assert next_release({}, [], []) == nothing
    assert next_release(OLD, FIRST, [nothing]).shown == {SCALE}
