"""Asking for a risk analysis of a specific work situation, and taking it step by step."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Final
from uuid import UUID, uuid4

from baken.actionplan.consultations.gates import check_asked, check_not_waiting
from baken.actionplan.consultations.rules import Subject, SubjectKind
from baken.actionplan.errors import InvalidTransition
from baken.actionplan.references import check_exists
from baken.actionplan.requests.situations import queries, rules
from baken.actionplan.requests.situations.intake import Intake, check_intake, check_may_ask_as
from baken.actionplan.requests.situations.models import SituationRequest, SituationStep
from baken.actionplan.requests.situations.rules import (
    ENDED,
    OF_EMPLOYER,
    RequestState,
    Step,
)
from baken.actionplan.requests.situations.sealing import (
    RequestWords,
    StepWords,
    make_key,
    seal_request,
    seal_step,
)
from baken.organisation.models import Unit
from baken.organisation.permissions import Action, Actor, require
from baken.storage.audit import record
from baken.storage.base import check_version
from baken.storage.keys import KeyStore
from baken.storage.session import Session

_WORDS: Final = ("situation", "priority_reason")
_ANONYMOUS: Final = "anonymous"
"""The one fact of a step that somebody wrote instead of ticking it."""


def ask(
    session: Session, keys: KeyStore, intake: Intake, *, by: Actor, today: date
) -> SituationRequest:
    """Write a request down; who may ask, and as whom, is for the law to say."""
    require(by, Action.ASK_REQUEST)
    check_may_ask_as(by.roles, intake.asker)
    check_intake(intake, today=today)
    check_exists(session, Unit, intake.unit_id)
    told = {name: value for name, value in asdict(intake).items() if name not in _WORDS}
    told["group_name"] = intake.group_name.strip()
    request = SituationRequest(
        **told,
        id=uuid4(),
        organisation_id=by.organisation_id,
        state=RequestState.REQUESTED,
        entered_by=by.person_id,
    )
    make_key(keys, request)
    words = RequestWords(intake.situation.strip(), intake.priority_reason.strip())
    request.sealed = seal_request(keys, request, words)
    session.add(request)
    session.flush()
    facts = {"asker": intake.asker, "asked_on": intake.asked_on.isoformat()}
    _record(session, "request.asked", request, by, facts)
    return request


def take_step(
    session: Session,
    keys: KeyStore,
    request_id: UUID,
    step: Step,
    *,
    seen: int,
    by: Actor,
    today: date,
) -> SituationRequest:
    """Record the next step; what was recorded before stays as it is."""
    is_decision = step.state in OF_EMPLOYER
    require(by, Action.DECIDE_REQUESTS if is_decision else Action.HANDLE_REQUESTS)
    request = queries.get_request(session, request_id, by=by)
    check_version(request, seen)
    steps = queries.list_steps(session, request_id)
    rules.check_step(
        RequestState(request.state),
        step,
        last_on=steps[-1].done_on if steps else request.asked_on,
        group_size=request.group_size,
        everybody=queries.count_everybody(session, today=today),
        today=today,
    )
    rules.check_fits(step, queries.ticked(steps))
    _check_advised(session, request, step.state, today=today)
    if request.sealed is None:  # it came from elsewhere: what is written from here on has a key
        make_key(keys, request)
        request.sealed = seal_request(keys, request, RequestWords(situation=""))
    session.add(_step(keys, request, step, place=len(steps) + 1, by=by))
    request.state = step.state
    facts = {"state": step.state, "done_on": step.done_on.isoformat()}
    _record(session, "request.stepped", request, by, facts)
    return request


def _step(
    keys: KeyStore, request: SituationRequest, step: Step, *, place: int, by: Actor
) -> SituationStep:
    facts = dict(step.facts)
    words = StepWords(step.text.strip(), str(facts.pop(_ANONYMOUS, "")).strip())
    row = SituationStep(
        id=uuid4(),
        organisation_id=request.organisation_id,
        request_id=request.id,
        place=place,
        state=step.state,
        done_on=step.done_on,
        written_by=by.person_id,
        facts=facts,
    )
    row.sealed = seal_step(keys, row, words)
    return row


def _check_advised(
    session: Session, request: SituationRequest, wanted: RequestState, *, today: date
) -> None:
    """A formal request waits for advice; any other only for what was asked about it."""
    code = rules.ADVISED.get(wanted)
    if code is not None:
        check = check_asked if request.is_formal else check_not_waiting
        check(session, code, Subject(SubjectKind.REQUEST, request.id), today=today)


def link_analysis(
    session: Session, request_id: UUID, analysis_id: UUID | None, *, seen: int, by: Actor
) -> SituationRequest:
    """Say which risk analysis came of a request; None: not this one after all.

    The caller has looked the analysis up: it stands in a room further on.
    """
    require(by, Action.HANDLE_REQUESTS)
    request = queries.get_request(session, request_id, by=by)
    check_version(request, seen)
    if request.state in {RequestState.REQUESTED, *ENDED}:
        raise InvalidTransition(
            "requests.no_analysis_now",
            "An analysis belongs to a request that was found admissible and has not ended.",
        )
    request.analysis_id = analysis_id
    _record(session, "request.linked", request, by, {"is_linked": analysis_id is not None})
    return request


def _record(
    session: Session, act: str, request: SituationRequest, by: Actor, facts: Mapping[str, object]
) -> None:
    session.flush()
    record(session, act, by=by.person_id, subject=f"request:{request.id}", facts=facts)
