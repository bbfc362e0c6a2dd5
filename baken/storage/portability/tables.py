"""What leaves with an organisation and what stays behind, each with its reason.

Every table of an organisation stands in exactly one of the two lists; a test compares them with the
models. No key leaves: whoever asks for an export chooses who opens it, and need not be somebody who
may read what a key opens.
"""

from collections.abc import Collection, Mapping
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
    "unit_movement": "how many people came and went",
    "unit_period": "what units were before",
    "unit_succession": "in which units they went on",
    "unit_change": "who changed the units",
    "unit_change_part": "what a change did to a unit",
    "person": "who has a task; by mail address they are invited anew",
    "role": "what somebody may do, from day to day",
    "screening_wording": "its own lights and limits",
    "screening_sheet": "what groups said of the lights of a unit",
    "library_version": "its own questionnaires, and what an import could not take",
    "campaign": "what was asked, and what was promised",
    "charter": "what both sides agreed before it",
    "campaign_count": "participation, rounded down to fives while it was running",
    "stratum_count": "the same by the one category that codes may carry",
    "paper_destruction": "when the forms were destroyed, and who saw it",
    "column_mapping": "how columns of files from elsewhere are read",
    "tally": "that a survey was counted, for its results to point at; never the counts themselves",
    "release": "results as they were frozen",
    "reference_set": "what its results are compared with",
    "risk_analysis": "the risk analyses",
    "analysis_turn": "in which year a department has its turn",
    "change_event": "changes that were looked at again",
    "commitment": "what the employer committed to, in versions",
    "start_step": "messages, kick-off and training at the start",
    "finding": "what was found",
    "evidence": "what it rests on",
    "talk": "talks with groups",
    "theme": "what belongs together",
    "theme_finding": "which findings a theme bundles",
    "priority": "what comes first",
    "priority_finding": "which findings it rests on",
    "cause": "why it is so",
    "idea": "what could be done, or is done already",
    "priority_proposal": "which proposals it takes on",
    "body": "its steering and working groups, its committee",
    "body_seat": "who sits there, and sat there",
    "open_call": "what a group asked of people",
    "proposal": "what a body proposed",
    "proposal_answer": "what was answered, with the reasons",
    "body_note": "how it goes",
    "body_settings": "its own terms for answers and notes",
    "global_plan": "the five-year plan",
    "objective": "its objectives",
    "objective_finding": "which finding an objective answers to",
    "annual_plan": "the plans of the years",
    "annual_objective": "the objectives of a year",
    "measure": "what is done",
    "progress_note": "how it goes",
    "measure_review": "what people think of it when they look back",
    "measure_change": "what was changed in several at once, so that it can be undone",
    "plan_settings": "whose rules its plans follow",
    "plan_edition": "the plans as they were adopted",
    "plan_evaluation": "what was concluded each year",
    "team_plan": "the plan of a team, weighed and looked at again",
    "team_item": "what a team said of it",
    "meeting": "when groups met",
    "agenda_point": "what stood on the agenda",
    "meeting_attendee": "who was there",
    "agenda_pack": "the papers as they went out",
    "point_minutes": "what was said",
    "decision": "what was decided",
    "decision_note": "what became of it",
    "meeting_task": "who does what by when",
    "meeting_task_note": "how far that is",
    "minutes_correction": "what members asked to say otherwise",
    "approved_minutes": "the minutes as they were approved",
    "feedback_page": "what was said to workers; its address stays behind",
    "consultation": "what committee, council and delegates were asked, and answered",
    "consultation_reply": "what the employer replied, each time it was written anew",
    "consulted_organs": "which of these it has",
    "headcount_year": "how many workers it had as the law counts them",
    "accident": "what happened; no name stands there",
    "accident_hours": "hours worked, for the rates",
    "accident_draft": "when the figures of a year were fixed",
    "accident_correction": "what became known afterwards",
    "indicator_series": "what it follows, and how that is defined",
    "indicator_import": "which figures came out of a file together",
    "indicator_value": "the figures, as sums of groups",
    "indicator_correction": "what figures were before they were corrected, and why",
    "indicator_mapping": "how columns of such files are read",
    "legal_hold": "why something may not be removed",
    "annual_report": "the annual reports, signed ones as they were frozen",
    "annual_report_signature": "who signed them",
    "annual_report_notice": "what became known afterwards",
    "retention_term": "how long it keeps things, where it chose",
    "retention_shortening": "shorter terms that were asked for, and who agreed",
    "retention_deletion": "what was deleted when its term was over, in counts",
    "handover": "which adviser followed which",
    "situation_request": "who asked for an analysis of one situation, and how far it is",
    "situation_step": "what was done about it",
    "counsellor": "who the confidential counsellors were and are",
    "counsellor_training": "what they learned",
    "vigilance_contact": "who listens in the vigilance network",
    "vigilance_theme": "what recurs there, as it was told to those who decide",
    "external_service": "to which external service it belonged",
    "policy_advice": "what that advised",
    "audit_entry": "what was done, by whom, with the salts",
}

STAYING: Final[Mapping[str, str]] = {
    "comment": "only the adviser reads them, and an export opens for whoever asked for it",
    "talk_note": "goes as far as the group agreed, and an export opens for whoever asked for it",
    "talk_agreement": "who does what, as far as the group agreed; the group has it on paper",
    "topic": "what people brought to a body, for those who sit there and not for who exports",
    "call_application": "who applied to a body, and what they heard, for whoever leads it",
    "ballot": "counts of a vote without names, two files of which would tell who chose what",
    "ballot_option": "counts of a vote without names, shown after the end and from a few people on",
    "ballot_voter": "who voted; what was decided stands with the priority",
    "answer_block": "single answers never leave the place where they were opened",
    "envelope": "sealed answers never leave, and are gone after the opening",
    "draft": "only a code opens them",
    "code": "the right to answer at an address of this installation",
    "recipient": "addresses serve one survey while it runs, and are deleted after it",
    "spare": "what was handed out of codes that stay",
    "paper_place": "how many of those codes were exchanged for a form",
    "sitting": "where they were exchanged; the signed protocol on paper says the same",
    "sitting_count": "what was counted there, exactly and per unit",
    "paper_form": "where the boxes stand on forms that are read here",
    "paper_batch": "how forms were read here",
    "spool_sheet": "what was read of forms is readable for a day, and only here",
    "spool_image": "pages of scans are readable for a day, and only here",
    "taken_page": "pages of scans that were taken over are known again only here",
    "receipt": "people look theirs up at the address they were given",
    "calendar_feed": "an address of this installation",
    "digest_refusal": "who wants no letter is asked anew where they log in next",
    "invitation": "a link to an account of this installation; people are invited anew",
    "organisation_export": "the files of this installation",
    "removal": "the removal from this installation",
    "register": "who may read it is for the law: it leaves as the keeper's own export only",
    "register_entry": "opens for a few people only, with keys that stay",
    "register_text": "opens for a few people only, with keys that stay",
    "register_identity": "opens for a few people only, with keys that stay",
    "register_attachment": "opens for a few people only, with keys that stay",
    "register_emergency": "who read the register here, with keys that stay",
    "quarter_sheet": "counts of few people, exact for who entered them and on the report alone",
    "vigilance_signal": "when somebody talked and to whom; only the network itself sees that",
    "export_consent": "who allowed parts of exports of this installation",
    "pool_member": "that it agreed to benchmarks here; the next installation asks anew",
    "pool_contribution": "what it brought into benchmarks here; its releases say the same",
}

GUARDED: Final[Mapping[str, frozenset[str]]] = {
    "requests": frozenset({"situation_request", "situation_step"}),
    "accidents": frozenset({"accident", "accident_hours", "accident_draft", "accident_correction"}),
    "figures": frozenset({"indicator_value", "indicator_import", "indicator_correction"}),
    "vigilance": frozenset({"vigilance_theme"}),
    "reports": frozenset({"annual_report", "annual_report_signature", "annual_report_notice"}),
    "meetings": frozenset(
        {
            "meeting",
            "agenda_point",
            "meeting_attendee",
            "agenda_pack",
            "point_minutes",
            "decision",
            "decision_note",
            "meeting_task",
            "meeting_task_note",
            "minutes_correction",
            "approved_minutes",
            "body_note",
        }
    ),
}
"""Parts that whoever asks for an export may not read here: exact figures and facts of few people,
and what was said in groups in which that person does not sit.

They stay behind unless somebody who may read them allows it.
"""

FOLLOWING: Final[Mapping[str, str]] = {"consultation": "request_id"}
"""Table to the column without which a row says nothing: it stays behind with what it points at."""

# A login belongs to its installation. Counts hold what no release shows, and nobody sees them raw.
EMPTIED: Final[Mapping[str, frozenset[str]]] = {
    "person": frozenset({"account_id"}),
    "tally": frozenset({"box"}),
    # What was written opens with keys that stay: days, steps and the group go.
    "situation_request": frozenset({"sealed"}),
    "situation_step": frozenset({"sealed"}),
    # A point of an agenda has its own title and text; what somebody brought stays.
    "agenda_point": frozenset({"topic_id"}),
}


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


def guarded_tables(parts: Collection[str] = ()) -> frozenset[str]:
    """Return the tables of the guarded parts that were not allowed."""
    return frozenset(table for part in GUARDED if part not in parts for table in GUARDED[part])


def going_in_order() -> list[str]:
    """Return the tables that go, a table after those it points at; the organisation first."""
    listed = {ORGANISATION, *GOING}
    return [table.name for table in Base.metadata.sorted_tables if table.name in listed]
