"""What an edition keeps as codes and dates, in words: versions are compared as people read them."""

from collections.abc import Mapping
from typing import Any, Final

from baken.web import numerals
from baken.web.documents.plan_files import Words

_GROUPS: Final = {
    "level": "measures.level_",
    "scope": "measures.scope_",
    "strategy": "board.strategy_",
    "topic": "board.topic_",
}
_DAYS: Final = frozenset({"from_on", "until_on", "starts_on", "ends_on", "reviewed_on"})


def readable(content: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """Return the content of an edition with its codes and dates as words."""
    return _row(content, words)


def _row(row: Mapping[str, Any], words: Words) -> dict[str, Any]:
    read = {name: _value(name, value, words) for name, value in row.items()}
    # Only a measure is held to a figure.
    return read | _of_measure(row, words) if "figure" in row else read


def _of_measure(row: Mapping[str, Any], words: Words) -> dict[str, Any]:
    t = words.t
    said = {name: t(f"{group}{row[name]}") for name, group in _GROUPS.items() if row[name]}
    if row["strategy"]:  # under Dutch rules level and scope follow from it: nobody chose them
        said |= {"level": "", "scope": ""}
    hours = [
        t.labelled(t(f"board.hours_{one}"), numerals.number(n, t.language))
        for one, n in row["prevention_hours"].items()
    ]
    return {
        **said,
        "domains": [t(f"measures.domain_{one}") for one in row["domains"]],
        "prevention_hours": hours,
        "figure": words.figure(row["figure"]),
    }


def _value(name: str, value: Any, words: Words) -> Any:
    if isinstance(value, Mapping):
        return _row(value, words)
    if isinstance(value, list):
        return [_value(name, each, words) for each in value]
    if value is True:
        return words.t("plans.yes")
    return words.day(value) if name in _DAYS and value else value
