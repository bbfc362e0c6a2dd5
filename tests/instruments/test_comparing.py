"""The differences between two versions."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from baken.instruments.comparing import Change, compare, owner_of, wording_of
from baken.instruments.definition import (
    Background,
    CutOff,
    DriverModel,
    Instrument,
    OpenQuestion,
    Scale,
)
from baken.instruments.library import load_instrument

OLD = load_instrument("vijf-a", "1")
WORDS = wording_of(OLD)


def changes(new: Instrument, words: dict[str, dict[str, str]] = WORDS) -> tuple[Change, ...]:
    return compare(OLD, new, before=WORDS, after=words)


def with_scale(**values: object) -> Instrument:
    first, *rest = OLD.scales
    return replace(OLD, scales=(replace(first, **values), *rest))


def test_a_version_does_not_differ_from_itself() -> None:
    assert changes(OLD) == ()


def test_scoring_is_told_field_by_field() -> None:
    key = OLD.scales[0].key
    new = with_scale(
        cutoff=CutOff("<", 31.5, ""),
        high_is="resource",
        dimension="O",
        min_group=20,
        orange_from=0.2,
    )
    told = {change.field: (change.before, change.after) for change in changes(new)}
    assert told["cutoff"][1] == "< 31.5"
    assert told["cutoff_source"] == (OLD.scales[0].cutoff.source, "")
    assert told["min_group"] == (None, 20)
    assert told["dimension"][1] == "O"
    assert told["lights"][1] == "0.2 / 0.25"
    assert {change.name for change in changes(new)} == {key}
    assert changes(with_scale(cutoff=None))[0].after is None


def test_numbers_unknowns_totals_and_second_factors_are_told() -> None:
    first, second, *items = OLD.items
    scales = OLD.scales
    old = replace(OLD, scales=(*scales, Scale("all", "O", (first.code, second.code), "risk")))
    total = Scale("all", "O", (second.code, items[0].code), "risk", is_total=True)
    asked = replace(OLD.formats[0], numeric=True, unknown=True)
    new = replace(
        OLD,
        formats=(asked, *OLD.formats[1:]),
        items=(replace(first, secondary=("A5", "B")), second, *items),
        scales=(*scales, total),
    )
    told = {
        (change.what, change.field): (change.before, change.after)
        for change in compare(old, new, before=WORDS, after=WORDS)
    }
    assert told == {
        ("scale", "total"): (False, True),
        ("item", "secondary"): (", ".join(first.secondary) or None, "A5, B"),
        ("format", "numeric"): (False, True),
        ("format", "unknown"): (False, True),
    }
    assert compare(new, new, before=WORDS, after=WORDS) == ()
    counted = replace(total, items=(first.code, second.code))
    (change,) = compare(new, replace(new, scales=(*scales, counted)), before=WORDS, after=WORDS)
    assert (change.field, change.before, change.after) == ("counted", items[0].code, first.code)


def test_items_come_go_turn_and_move() -> None:
    first, second, *rest = OLD.items
    turned = replace(first, reversed=not first.reversed)
    assert [
        (c.what, c.how, c.field) for c in changes(replace(OLD, items=(turned, second, *rest)))
    ] == [("item", "changed", "reversed")]
    gone = changes(replace(OLD, items=(second, *rest)))
    assert [(c.how, c.name) for c in gone] == [("removed", first.code)]
    swapped = changes(replace(OLD, items=(second, first, *rest)))
    assert swapped == (Change("head", "changed", "order"),)


def test_other_questions_and_answers_are_told() -> None:
    wide = replace(OLD.formats[0], high=OLD.formats[0].high + 1)
    new = replace(
        OLD,
        formats=(wide, *OLD.formats[1:]),
        backgrounds=(Background("shift", ("day", "night")),),
        open_questions=(
            replace(OLD.open_questions[0], max_bytes=77),
            *OLD.open_questions[1:],
            OpenQuestion("more", 9),
        ),
        licence="Other.",
    )
    told = {(c.what, c.how) for c in changes(new)}
    assert {
        ("format", "changed"),
        ("background", "added"),
        ("background", "removed"),
        ("open_question", "changed"),
        ("open_question", "added"),
        ("head", "changed"),
    } == told


def test_languages_and_texts_are_told_apart() -> None:
    more = {**WORDS, "de": {"title": "Neu"}}
    assert changes(OLD, more) == (Change("language", "added", "de"),)
    fewer = {"nl": WORDS["nl"]}
    assert changes(OLD, fewer) == (Change("language", "removed", "fr"),)
    lost = {**WORDS, "fr": {k: v for k, v in WORDS["fr"].items() if k != "title"}}
    assert [(c.how, c.language, c.after) for c in changes(OLD, lost)] == [("removed", "fr", None)]


def test_texts_of_what_went_are_part_of_its_line() -> None:
    gone = OLD.items[0].code
    words = {
        language: {path: text for path, text in own.items() if path != f"items.{gone}"}
        for language, own in WORDS.items()
    }
    assert len(changes(replace(OLD, items=OLD.items[1:]), words)) == 1
    assert owner_of("bands.age.35.5") == ("background", "age")
    assert owner_of("options.often.1") == ("format", "often")
    assert owner_of("items.A") == ("item", "A")
    assert owner_of("title")[0] == ""


@given(st.sampled_from(sorted(WORDS["nl"])), st.text(min_size=1, max_size=30))
def test_every_changed_text_is_one_line_with_both_sides(path: str, text: str) -> None:
    words = {**WORDS, "nl": {**WORDS["nl"], path: text}}
    found = changes(OLD, words)
    if text == WORDS["nl"][path]:
        assert found == ()
    else:
        assert found == (Change("text", "changed", path, "", WORDS["nl"][path], text, "nl"),)
    back = compare(OLD, OLD, before=words, after=WORDS)
    assert [(c.before, c.after) for c in back] == [(c.after, c.before) for c in found]


def test_models_and_the_recommendation_are_told() -> None:
    workload, autonomy, other = (scale.key for scale in OLD.scales[:3])
    old = replace(OLD, models=(DriverModel("exhaustion", (workload, autonomy)),))
    more = DriverModel("engagement", (workload,))
    moved = replace(OLD, models=(DriverModel("exhaustion", (autonomy, other)), more))

    def told(one: Instrument, another: Instrument) -> set[Change]:
        return set(compare(one, another, before=WORDS, after=WORDS))

    factors = Change("model", "changed", "exhaustion", "factors", workload, other)
    assert told(old, moved) == {Change("model", "added", "engagement"), factors}
    turned = replace(old, models=(DriverModel("exhaustion", (autonomy, workload)),))
    assert told(old, turned) == set()  # the order says nothing
    assert told(moved, replace(OLD, models=(more,))) == {Change("model", "removed", "exhaustion")}
    asked = replace(old, recommendation=other)
    assert told(old, asked) == {Change("head", "changed", "recommendation", after=other)}
