# ruff: noqa: INP001 - a script, not a package
"""Writes docs/reference/states.md from the transition tables of the code."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Final

from baken.actionplan.annualreport import rules as reports
from baken.actionplan.bodies import calls, proposals, topics
from baken.actionplan.bodies import rules as bodies
from baken.actionplan.measures import rules as measures
from baken.actionplan.meetings import rules as meetings
from baken.actionplan.plans import rules as plans
from baken.actionplan.priorities import rules as priorities
from baken.actionplan.requests.situations import rules as requests
from baken.actionplan.talks import rules as talks
from baken.survey.campaigns import rules as campaigns
from baken.survey.paper import rules as paper

PAGE: Final = Path(__file__).parent / "reference" / "states.md"
TABLES: Final[Mapping[str, Mapping[StrEnum, Collection[StrEnum]]]] = {
    "Campaign": campaigns.TRANSITIONS,
    "Batch of paper forms": paper.TRANSITIONS,
    "Request for a risk analysis of a specific work situation": requests.NEXT,
    "Talk": talks.TRANSITIONS,
    "Body": bodies.TRANSITIONS,
    "Application after an open call": calls.APPLICATION_TRANSITIONS,
    "Topic that anybody raises": topics.TRANSITIONS,
    "Proposal with its motivated answer": proposals.TRANSITIONS,
    "Meeting": meetings.TRANSITIONS,
    "Priority": priorities.TRANSITIONS,
    "Idea": priorities.IDEA_TRANSITIONS,
    "Plan, over years and of a year": plans.TRANSITIONS,
    "Measure": measures.TRANSITIONS,
    "Annual report": reports.TRANSITIONS,
}
HEAD: Final = """# States

Written by `docs/state_diagrams.py` from the transition tables of the code: what is not drawn is
refused. The first state of a table is where a new row starts.
"""


def in_mermaid(table: Mapping[StrEnum, Collection[StrEnum]]) -> str:
    """One diagram; states in the order of their enumeration, so the text is always the same."""
    order = list(type(next(iter(table))))
    lines = ["stateDiagram-v2", f"    [*] --> {order[0]}"]
    lines += [f"    {a} --> {b}" for a in order for b in order if b in table.get(a, ())]
    lines += [f"    {one} --> [*]" for one in order if not table.get(one)]
    return "\n".join(lines)


def in_markdown() -> str:
    """The whole page."""
    parts = [
        f"## {name}\n\n```mermaid\n{in_mermaid(table)}\n```\n" for name, table in TABLES.items()
    ]
    return "\n".join([HEAD, *parts])


def main() -> None:
    """Write the page."""
    PAGE.write_text(in_markdown(), encoding="utf-8")


if __name__ == "__main__":
    main()
