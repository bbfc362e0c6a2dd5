"""The path of somebody who answers: the promise, the questions, the receipt.

No cookie, no code in an address, nothing in a log. The writer of the box has transactions of its
own: these handlers open no session to write, and each answer waits for its commit.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from time import monotonic
from typing import Final

from anyio import CapacityLimiter, sleep, to_thread
from litestar import Controller, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.status_codes import HTTP_403_FORBIDDEN, HTTP_409_CONFLICT

from baken.storage.errors import BakenError
from baken.storage.session import DatabaseBusy
from baken.survey.box.statements import Outcome, Standing
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.symbols import count_missing, print_code, read_code
from baken.survey.errors import CampaignNotFound, MistypedCode
from baken.web.body import EMPTY, Form
from baken.web.errors import on_fault
from baken.web.pages.reply import PageRequest
from baken.web.pages.respondent_door import FrontDoor, Stage
from baken.web.pages.respondent_reply import Page
from baken.web.pages.respondent_sheet import Filled, fill_from, has_answers, read_answers
from baken.web.pages.respondent_visit import CHANGE, INVENTED, REVIEW, Visit, unknown_campaign

Step = Callable[[Visit, FrontDoor, str, Filled], Page]
OPEN_TO_ALL = {"public": True}
WITH_SCRIPT = {"public": True, "fetches": True}
# Texts far beyond what is taken come back on the page with a sentence, instead of being lost: ten
# times 100,000 characters as a browser sends the ordinary ones, once as it sends the longest.
ANSWERS_LIMIT = 2 * 1024 * 1024

# Whoever submits waits for the writer. In the common pool they would hold the threads that the page
# which is writing needs to finish, and everybody would wait for everybody.
_ANSWERING: Final = CapacityLimiter(128)


class RespondentPages(Controller):
    """What somebody with a code sees."""

    path = "/s/{name:str}"

    @get("/", opt=OPEN_TO_ALL, sync_to_thread=True)
    def promise(
        self, request: PageRequest, today: NamedDependency[date], name: FromPath[str]
    ) -> Page:
        door = _door(request)
        try:
            visit = Visit.of(request, door.look(name), today, EMPTY)
        except CampaignNotFound:
            return unknown_campaign(request)
        if visit.view.stage(today) is Stage.CLOSED:
            return visit.closed(door.receipts(visit.view))
        return visit.promise()

    @get("/example", opt=OPEN_TO_ALL, sync_to_thread=True)
    def example(
        self, request: PageRequest, today: NamedDependency[date], name: FromPath[str]
    ) -> Page:
        door = _door(request)
        try:
            visit = Visit.of(request, door.look(name), today, EMPTY)
        except CampaignNotFound:
            return unknown_campaign(request)
        view = visit.view
        if not view.is_launched:
            return visit.example(b"")
        sealed = door.writer.sample(view.organisation_id, view.campaign_id, answer=INVENTED)
        return visit.example(sealed)

    @post("/", opt=WITH_SCRIPT, status_code=200, request_max_body_size=ANSWERS_LIMIT)
    async def questions(
        self,
        request: PageRequest,
        form: NamedDependency[Form],
        today: NamedDependency[date],
        name: FromPath[str],
    ) -> Page:
        return await _take(request, form, today, name, _ask)

    @post("/answers", opt=WITH_SCRIPT, status_code=200, request_max_body_size=ANSWERS_LIMIT)
    async def answers(
        self,
        request: PageRequest,
        form: NamedDependency[Form],
        today: NamedDependency[date],
        name: FromPath[str],
    ) -> Page:
        return await _take(request, form, today, name, _safely(request, _submit))

    @post("/draft", opt=WITH_SCRIPT, status_code=200, request_max_body_size=ANSWERS_LIMIT)
    async def draft(
        self,
        request: PageRequest,
        form: NamedDependency[Form],
        today: NamedDependency[date],
        name: FromPath[str],
    ) -> Page:
        return await _take(request, form, today, name, _safely(request, _keep))


def _door(request: PageRequest) -> FrontDoor:
    door: FrontDoor = request.app.state.front_door
    return door


async def _take(request: PageRequest, form: Form, today: date, name: str, step: Step) -> Page:
    reading = partial(_read, request, form, today, name, step)
    page = await to_thread.run_sync(reading, limiter=_ANSWERING)
    if page.status_code == HTTP_403_FORBIDDEN:
        await sleep(_door(request).brake.delay(monotonic()))
    return page


def _read(request: PageRequest, form: Form, today: date, name: str, step: Step) -> Page:
    """Read code and answers; the rest of the way depends on which form was sent."""
    door = _door(request)
    try:
        view = door.remember(name)
    except CampaignNotFound:
        return unknown_campaign(request)
    visit = Visit.of(request, view, today, form)
    if view.state is CampaignState.DRAFT:
        return visit.not_launched()
    filled = read_answers(form, view.questionnaire)
    try:
        code = read_code(_typed(form))
    except MistypedCode:
        typed = _typed(form)
        return visit.wrong_code(
            filled, typed=typed[:40], is_typo=True, n_missing=count_missing(typed)
        )
    return step(visit, door, code, filled)


def _typed(form: Form) -> str:
    """What stands in the field; of a whole link that somebody pasted the part with the code."""
    return form.get("code").rpartition("#")[2]


def _ask(visit: Visit, door: FrontDoor, code: str, filled: Filled) -> Page:
    view = visit.view
    outcome = door.writer.look_up(view.organisation_id, view.campaign_id, code, today=visit.today)
    if outcome.standing is not Standing.WELCOME:
        return _turned_away(visit, door, outcome, code, filled, is_answer=False)
    if visit.is_of_another_version:
        return visit.other_version(code, filled)
    if not has_answers(visit.form, view.questionnaire):
        return _with_draft(visit, door, code)
    if REVIEW in visit.form and CHANGE not in visit.form and not filled.problems:
        return visit.review(code, filled)
    return visit.questions(code, filled)


def _with_draft(visit: Visit, door: FrontDoor, code: str) -> Page:
    view = visit.view
    if visit.scene.is_kiosk:
        return visit.questions(code)  # nothing from elsewhere is shown where others may look
    try:
        sheet = door.writer.load_draft(
            view.organisation_id, view.campaign_id, code, today=visit.today
        )
    except BakenError:
        # Whoever kept a draft that was damaged since must still be able to answer.
        return visit.questions(code, said="draft_unreadable")
    if sheet is None:
        return visit.questions(code)
    draft = fill_from(sheet, view.questionnaire)
    return visit.questions(code, draft, said="draft_found")


def _safely(request: PageRequest, write: Step) -> Step:
    """Write, and give the answers back on a page whenever that does not work."""

    def step(visit: Visit, door: FrontDoor, code: str, filled: Filled) -> Page:
        if visit.is_of_another_version:
            return visit.other_version(code, filled)
        if filled.problems:
            return visit.questions(code, filled)
        try:
            return write(visit, door, code, filled)
        except DatabaseBusy:
            return visit.not_stored(code, filled)
        except Exception as error:  # whatever it is, these answers must not be lost
            # A key that is gone or a full disk does not pass by itself: somebody has to hear of it.
            on_fault(request, error)
            return visit.not_stored(code, filled)

    return step


def _submit(visit: Visit, door: FrontDoor, code: str, filled: Filled) -> Page:
    view, sheet = visit.view, filled.sheet(visit.language)
    outcome = door.writer.submit(
        view.organisation_id, view.campaign_id, code, sheet, today=visit.today
    )
    return _turned_away(visit, door, outcome, code, filled, is_answer=True)


def _keep(visit: Visit, door: FrontDoor, code: str, filled: Filled) -> Page:
    if visit.scene.is_kiosk:
        return visit.questions(code, filled, said="not_kept", status=HTTP_409_CONFLICT)
    view, sheet = visit.view, filled.sheet(visit.language)
    outcome = door.writer.save_draft(
        view.organisation_id, view.campaign_id, code, sheet, today=visit.today
    )
    if outcome.standing is Standing.WELCOME:
        return visit.draft_kept()
    return _turned_away(visit, door, outcome, code, filled, is_answer=False)


def _turned_away(
    visit: Visit, door: FrontDoor, outcome: Outcome, code: str, filled: Filled, *, is_answer: bool
) -> Page:
    """What a code gets that cannot, or can no longer, be used to answer."""
    if outcome.standing in {Standing.RECEIVED, Standing.ALREADY_RECEIVED}:
        return visit.thanks(outcome, is_answer=is_answer)
    if outcome.standing is Standing.UNKNOWN:
        # As on a card, so that the page is equally long whatever was typed between the symbols.
        return visit.wrong_code(filled, typed=print_code(code), is_typo=False)
    now = visit.seen_anew(door.look(visit.view.name))  # the day of closing may be a new one
    return now.refused(outcome.standing, filled)
