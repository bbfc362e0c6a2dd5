"""Two versions of a plan beside each other: what a reader sees is words, not what is stored."""

from typing import Any, cast

from baken.actionplan.plans.editions.differences import differences
from baken.storage.session import Session
from baken.web.documents.plan_files import Words
from baken.web.pages.edition_words import readable

NO_SESSION = cast(Session, None)  # a figure of one's own is said without the database


def _year(**changes: Any) -> dict[str, Any]:
    measure = {
        "id": "m", "title": "Rust", "level": "primary", "scope": "collective", "strategy": "",
        "topic": "", "domains": ["psychosocial"], "starts_on": "2026-02-01",
        "ends_on": "2026-09-30", "is_reported": False, "prevention_hours": {},
        "figure": {"name": "Wissels", "unit": "per maand", "start": 40, "target": 10,
                   "by_on": "2026-12-31"},
    }  # fmt: skip
    objective = {"id": "o", "rank": 1, "statement": "Rust", "measures": [measure | changes]}
    return {"kind": "year", "starts_on": "2026-01-01", "objectives": [objective]}


def _changed(before: dict[str, Any], after: dict[str, Any]) -> dict[str, tuple[str, str]]:
    words = Words(NO_SESSION, "nl")
    found = differences(*(readable(one, words) for one in (_year(**before), _year(**after))))
    return {
        one.part: (
            "".join(text for piece, text in one.words if piece != "new"),
            "".join(text for piece, text in one.words if piece != "gone"),
        )
        for one in found
    }


def test_days_levels_and_figures_are_compared_as_they_are_read() -> None:
    figure = _year()["objectives"][0]["measures"][0]["figure"] | {"target": 5}
    after = {"ends_on": "2026-12-31", "level": "secondary", "is_reported": True, "figure": figure}
    assert _changed({}, after) == {
        "ends_on": ("30\u00a0september 2026", "31\u00a0december 2026"),
        "level": ("Primair", "Secundair"),
        "is_reported": ("", "Ja"),
        "figure": (
            "Wissels: van 40\u00a0per maand naar 10\u00a0per maand, tegen 31\u00a0december 2026.",
            "Wissels: van 40\u00a0per maand naar 5\u00a0per maand, tegen 31\u00a0december 2026.",
        ),
    }


def test_under_dutch_rules_a_change_says_where_it_grips_and_no_level() -> None:
    before = {"strategy": "source", "topic": "work_pressure"}
    after = {"strategy": "individual", "level": "secondary", "scope": "individual"}
    assert _changed(before, after | {"topic": "bullying"}) == {
        "strategy": ("Bij de bron", "Individueel"),
        "topic": ("Werkdruk", "Pesten"),
    }
