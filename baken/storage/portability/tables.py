"""What leaves with an organisation and what stays behind, each with its reason.

Every table of an organisation stands in exactly one of the two lists, and every name a key may
have in exactly one of the other two; a test compares them with the models.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Column
from sqlalchemy.orm import Mapper
from sqlalchemy.sql.schema import Table

from baken.storage.base import Base
from baken.storage.portability.errors import UnlistedData

ORGANISATION: Final = "organisation"
AUDIT: Final = "audit_entry"

GOING: Final[Mapping[str, str]] = {
    "unit": "where people work",
    "headcount": "how many people work there",
    "unit_period": "what units were before",
    "unit_succession": "in which units they went on",
    "unit_change": "who changed the units",
    "unit_change_part": "what a change did to a unit",
    "person": "who has a task; by mail address they are invited anew",
    "role": "what somebody may do, from day to day",
    "campaign": "what was asked, and what was promised",
    "campaign_count": "participation, rounded down to fives while it was running",
    "tally": "counts per group, sealed; no group below the agreed minimum",
    "release": "results as they were frozen",
    "comment": "detached comments, sealed, until their own date",
    "risk_analysis": "the risk analyses",
    "finding": "what was found",
    "global_plan": "the five-year plan",
    "objective": "its objectives",
    "objective_finding": "which finding an objective answers to",
    "annual_plan": "the plans of the years",
    "annual_objective": "the objectives of a year",
    "measure": "what is done",
    "progress_note": "how it goes",
    "consultation": "what committee and delegates advised",
    "legal_hold": "why something may not be removed",
    "handover": "which adviser followed which",
    "audit_entry": "what was done, by whom, with the salts",
}

STAYING: Final[Mapping[str, str]] = {
    "answer_block": "single answers never leave the place where they were opened",
    "envelope": "sealed answers never leave, and are gone after the opening",
    "draft": "only a code opens them",
    "code": "the right to answer at an address of this installation",
    "receipt": "people look theirs up at the address they were given",
    "invitation": "a link to an account of this installation; people are invited anew",
    "organisation_export": "the files of this installation",
    "removal": "the removal from this installation",
}

# A login belongs to its installation.
EMPTIED: Final[Mapping[str, frozenset[str]]] = {"person": frozenset({"account_id"})}

_UUID: Final = r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


@dataclass(frozen=True, slots=True)
class KeyNames:
    """Names of keys in the key store, for one purpose."""

    purpose: str
    pattern: str
    reason: str

    def fit(self, purpose: str, name: str) -> bool:
        """Whether a key is one of these."""
        return purpose == self.purpose and re.fullmatch(self.pattern, name) is not None


KEYS_GOING: Final = (
    KeyNames("answers", f"tally:{_UUID}", "opens the counts of a campaign"),
    KeyNames("answers", f"{_UUID}:comments", "opens the comments of a campaign"),
)
KEYS_STAYING: Final = (
    KeyNames("answers", _UUID, "opens single answers"),
    KeyNames("campaign", f"{_UUID}:(box|codes|pepper|table)", "the secrets of a campaign"),
    KeyNames("jobs", "faults", "seals what went wrong with background work"),
)


def mapper_of(name: str) -> Mapper[Any]:
    """Return the model of a table."""
    for mapper in Base.registry.mappers:
        if isinstance(mapper.local_table, Table) and mapper.local_table.name == name:
            return mapper
    raise UnlistedData(name)


def table_of(name: str) -> Table:
    """Return a table by its name."""
    return Base.metadata.tables[name]


def travelling_columns(name: str) -> dict[str, Column[Any]]:
    """Return the columns of a table that stand in the file; the owner stands in the manifest."""
    columns = table_of(name).columns
    return {column.name: column for column in columns if column.name != "organisation_id"}


def going_in_order() -> list[str]:
    """Return the tables that go, a table after those it points at; the organisation first."""
    listed = {ORGANISATION, *GOING}
    return [table.name for table in Base.metadata.sorted_tables if table.name in listed]


def goes(purpose: str, name: str) -> bool:
    """Whether a key leaves with the organisation."""
    if any(names.fit(purpose, name) for names in KEYS_GOING):
        return True
    if any(names.fit(purpose, name) for names in KEYS_STAYING):
        return False
    raise UnlistedData(f"A key for {purpose} is in no list.")
