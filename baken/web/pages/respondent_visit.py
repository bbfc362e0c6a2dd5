"""One request of somebody who answers: the campaign, the language, and the pages they can get."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any, Final

from litestar import Response
from litestar.enums import MediaType
from litestar.status_codes import (
    HTTP_200_OK,
    HTTP_403_FORBIDDEN,
    HTTP_409_CONFLICT,
    HTTP_422_UNPROCESSABLE_ENTITY,
    HTTP_503_SERVICE_UNAVAILABLE,
)

from baken.survey.box.statements import Outcome, Standing
from baken.survey.codes.symbols import print_code
from baken.web.body import EMPTY, Form
from baken.web.frame import Frame
from baken.web.pages.reply import PageRequest, frame_of
from baken.web.pages.respondent_door import KEY_COPIES_DAYS, CampaignView
from baken.web.pages.respondent_questions import gaps, lines, minutes_of, parts_of
from baken.web.pages.respondent_sheet import Filled
from baken.web.rendering import render
from baken.web.texts import DEFAULT_LANGUAGE, LANGUAGES

# Fields of the form beside the answers; no item can have these names.
REVIEW: Final = "@review"
PART: Final = "@part"
# Stand in the copies kept of pages that are alike for everybody but for one word.
_CODE_GOES_HERE: Final = "@code-goes-here@"
_RECEIPT_GOES_HERE: Final = "@receipt-goes-here@"
# Everything a browser may keep of an answer: copies of pages, what a script or the browser stored,
# and other tabs that still show it. Not the cookies: the pages of people who answer set and read
# none, so a cookie here is that of a colleague logged in elsewhere in the same browser.
FORGET: Final = {"Clear-Site-Data": '"cache", "storage", "executionContexts"'}
TRY_LATER: Final = {"Retry-After": "30"}


@dataclass(frozen=True, slots=True)
class Visit:
    """A request at the door of one campaign."""

    view: CampaignView
    language: str
    today: date
    static_root: str
    frame: Frame
    form: Form = EMPTY

    @classmethod
    def of(cls, request: PageRequest, view: CampaignView, today: date, form: Form) -> "Visit":
        """Choose the language: the one asked for, then the browser's, then the campaign's first."""
        asked = [*reversed(form.getlist("lang")), request.query_params.get("lang", "")]
        accepted = re.findall(
            r"\b[a-z]{2}(?=[-,;\s]|$)", request.headers.get("accept-language", "")[:200]
        )
        offered = languages_of(view)
        language = next((one for one in (*asked, *accepted) if one in offered), offered[0])
        screen = language if language in LANGUAGES else DEFAULT_LANGUAGE
        # Refusals of the framework speak the same language.
        request.state.frame = replace(frame_of(request), language=screen)
        before = frame_of(request)
        frame = Frame(language=screen, loopback=before.loopback, is_demo=before.is_demo)
        return cls(view, language, today, request.app.state.static_root, frame, form)

    def promise(self, status: int = HTTP_200_OK) -> Response[str]:
        """Show what happens with the answers, and ask for the code."""
        stage = self.view.stage(self.today)
        return _html(
            _promise(self.static_root, self.frame, self.view, self.language, stage), status
        )

    def example(self) -> Response[str]:
        """Show what an employer sees, with invented groups."""
        return self._show("respondent/example.html", rows=_example_rows(self.view.min_group))

    def closed(self, receipts: tuple[str, ...]) -> Response[str]:
        """Say that answering is over, and which envelopes were counted."""
        return self._show("respondent/closed.html", receipts=receipts)

    def wrong_code(self, filled: Filled, *, typed: str, is_typo: bool) -> Response[str]:
        """Ask for the code again; what was filled in goes along."""
        return self._show(
            "respondent/code.html",
            HTTP_422_UNPROCESSABLE_ENTITY if is_typo else HTTP_403_FORBIDDEN,
            given=filled.given,
            typed=typed,
            is_typo=is_typo,
        )

    def questions(
        self,
        code: str,
        filled: Filled | None = None,
        *,
        said: str = "",
        status: int = HTTP_200_OK,
        headers: Mapping[str, str] | None = None,
    ) -> Response[str]:
        """Show the questionnaire, with what was filled in; `said` names a notice above it."""
        if filled is None and not said:
            blank = _blank(self.static_root, self.frame, self.view, self.language)
            return _html(blank.replace(_CODE_GOES_HERE, print_code(code)), status)
        parts = parts_of(self.view, self.language)
        if filled is not None and filled.problems:
            status = max(status, HTTP_422_UNPROCESSABLE_ENTITY)
        return self._show(
            "respondent/questions.html",
            status,
            headers,
            code=print_code(code),
            parts=parts,
            given=filled.given if filled else {},
            problems=_named(filled, parts) if filled else (),
            gaps=gaps(parts, filled) if filled and REVIEW in self.form else None,
            start=_start(self.form.get(PART), len(parts)),
            said=said,
        )

    def not_stored(self, code: str, filled: Filled) -> Response[str]:
        """Say that nothing was stored; every answer is still on the page."""
        return self.questions(
            code,
            filled,
            said="not_stored",
            status=HTTP_503_SERVICE_UNAVAILABLE,
            headers=TRY_LATER,
        )

    def thanks(self, outcome: Outcome, *, is_answer: bool) -> Response[str]:
        """Show the receipt; the same for every sending of one code, and nothing is left behind."""
        text = _thanks(self.static_root, self.frame, self.view, self.language, is_answer)
        status = HTTP_200_OK if is_answer else HTTP_409_CONFLICT
        return _html(text.replace(_RECEIPT_GOES_HERE, outcome.receipt), status, FORGET)

    def draft_kept(self) -> Response[str]:
        """Say how to go on elsewhere."""
        return self._show("respondent/kept.html", headers=FORGET)

    def refused(self, standing: Standing, filled: Filled) -> Response[str]:
        """Say why this code cannot answer now; what was filled in can be printed."""
        written = lines(parts_of(self.view, self.language), filled) if filled.given else ()
        return self._show(
            "respondent/refused.html", HTTP_409_CONFLICT, standing=standing.value, lines=written
        )

    def _show(
        self,
        template: str,
        status: int = HTTP_200_OK,
        headers: Mapping[str, str] | None = None,
        **context: Any,
    ) -> Response[str]:
        text = _render(template, self.static_root, self.frame, self.view, self.language, **context)
        return _html(text, status, headers)


def unknown_campaign(request: PageRequest) -> Response[str]:
    """Say that there is no such survey, and what to do."""
    frame = frame_of(request)
    text = render(
        "respondent/unknown.html",
        request.app.state.static_root,
        frame=frame,
        language=frame.language,
    )
    return _html(text, 404)


def languages_of(view: CampaignView) -> tuple[str, ...]:
    """Return the languages of the campaign; those the screens lack only when there is no other."""
    spoken = tuple(language for language in view.languages if language in LANGUAGES)
    return spoken or view.languages


@lru_cache(maxsize=256)
def _promise(static_root: str, frame: Frame, view: CampaignView, language: str, stage: str) -> str:
    minutes = minutes_of(parts_of(view, language)) if view.is_launched else 0
    return _render(
        "respondent/promise.html", static_root, frame, view, language, stage=stage, minutes=minutes
    )


@lru_cache(maxsize=64)
def _blank(static_root: str, frame: Frame, view: CampaignView, language: str) -> str:
    """The questionnaire without any answer: the same for everybody but for the code."""
    return _render(
        "respondent/questions.html",
        static_root,
        frame,
        view,
        language,
        code=_CODE_GOES_HERE,
        parts=parts_of(view, language),
        given={},
        problems=(),
        gaps=None,
        start=1,
        said="",
    )


@lru_cache(maxsize=128)
def _thanks(
    static_root: str, frame: Frame, view: CampaignView, language: str, is_answer: bool
) -> str:
    return _render(
        "respondent/thanks.html",
        static_root,
        frame,
        view,
        language,
        receipt=_RECEIPT_GOES_HERE,
        is_answer=is_answer,
    )


def _render(
    template: str, static_root: str, frame: Frame, view: CampaignView, language: str, **context: Any
) -> str:
    return render(
        template,
        static_root,
        frame=frame,
        language=frame.language,
        spoken=language,
        languages=languages_of(view),
        campaign=view,
        copies_days=KEY_COPIES_DAYS,
        **context,
    )


def _html(text: str, status: int, headers: Mapping[str, str] | None = None) -> Response[str]:
    return Response(text, status_code=status, media_type=MediaType.HTML, headers=headers)


def _start(sent: str, n_parts: int) -> int:
    """The part to begin with, for the script: where the reader was."""
    return int(sent) if sent.isdecimal() and len(sent) < 4 and 1 <= int(sent) <= n_parts else 1


def _named(filled: Filled, parts: tuple[Any, ...]) -> tuple[dict[str, Any], ...]:
    texts = {question.field: question.text for part in parts for question in part.questions}
    return tuple(
        {
            "field": problem.field,
            "key": f"respondent.{problem.kind}",
            "values": {
                "question": texts[problem.field],
                "low": problem.low,
                "high": problem.high,
                "over": problem.high,
            },
        }
        for problem in filled.problems
    )


def _example_rows(k: int) -> tuple[dict[str, Any], ...]:
    """Invented groups around the smallest group: two are shown, one is not."""
    return (
        {"key": "example_all", "n": 3 * k + 9, "people": 4 * k + 6, "scores": (52, 71)},
        {"key": "example_north", "n": k + 4, "people": k + 8, "scores": (63, 74)},
        {"key": "example_south", "n": 0, "people": 0, "scores": ()},
        {"key": "example_kitchen", "n": 0, "people": 0, "scores": ()},
    )
