"""One request of somebody who answers: the campaign, the language, and the pages they can get."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

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
from baken.web.help_lines import read_help_lines
from baken.web.languages import screen_of
from baken.web.pages.reply import PageRequest, frame_of
from baken.web.pages.respondent_door import CampaignView
from baken.web.pages.respondent_questions import Part, filled_in, first_answer, parts_of
from baken.web.pages.respondent_reply import Page, even_page, packed_page, plain_page
from baken.web.pages.respondent_scene import (
    CODE_GOES_HERE,
    RECEIPT_GOES_HERE,
    Scene,
    blank_page,
    languages_of,
    promise_page,
    thanks_page,
)
from baken.web.pages.respondent_sheet import Filled
from baken.web.rendering import render

# Fields of the form beside the answers; no item can have these names.
REVIEW: Final = "@review"
CHANGE: Final = "@change"
PART: Final = "@part"
KIOSK: Final = "@kiosk"
VERSION: Final = "@version"
# The answer that the example shows sealed: the second one of the first question.
INVENTED: Final = 1
SHOWN_BYTES: Final = 64
# Everything a browser may keep of an answer: copies of pages, what a script or the browser stored,
# and other tabs that still show it. Not the cookies: the pages of people who answer set and read
# none, so a cookie here is that of a colleague logged in elsewhere in the same browser.
FORGET: Final = {"Clear-Site-Data": '"cache", "storage", "executionContexts"'}
TRY_LATER: Final = {"Retry-After": "30"}


@dataclass(frozen=True, slots=True)
class Visit:
    """A request at the door of one campaign."""

    scene: Scene
    today: date
    form: Form = EMPTY
    # Whether the browser takes pages that were packed.
    unpacks: bool = False

    @classmethod
    def of(cls, request: PageRequest, view: CampaignView, today: date, form: Form) -> "Visit":
        """Choose the language: the one asked for, then the browser's, then the campaign's first."""
        language = _language_of(request, view, form)
        # Refusals of the framework speak the same language.
        request.state.frame = replace(frame_of(request), language=screen_of(language))
        before = frame_of(request)
        scene = Scene(
            view=view,
            language=language,
            static_root=request.app.state.static_root,
            frame=Frame(language=before.language, loopback=before.loopback, is_demo=before.is_demo),
            help_lines=read_help_lines(request.app.state.settings.help_lines),
            kiosk=_kiosk_of(request, view, form),
        )
        return cls(scene, today, form, "gzip" in request.headers.get("accept-encoding", ""))

    @property
    def view(self) -> CampaignView:
        return self.scene.view

    @property
    def language(self) -> str:
        return self.scene.language

    @property
    def is_of_another_version(self) -> bool:
        """Whether the page that was sent showed other questions than those of this campaign."""
        return self.form.get(VERSION, self.view.page_version) != self.view.page_version

    def seen_anew(self, view: CampaignView) -> "Visit":
        """The same request with what is known of the campaign now."""
        return replace(self, scene=replace(self.scene, view=view))

    def promise(self) -> Page:
        """Show what happens with the answers, and ask for the code."""
        return self._page(promise_page(self.scene, self.view.stage(self.today)))

    def not_launched(self) -> Page:
        """Say to somebody with a code that the survey is still being prepared."""
        text = promise_page(self.scene, self.view.stage(self.today))
        return even_page(text, HTTP_409_CONFLICT)

    def example(self, sealed: bytes) -> Page:
        """Show what an employer sees, with invented groups, and what a server has of an answer."""
        answer = first_answer(self.view, self.language, INVENTED) if sealed else None
        return self._show(
            "respondent/example.html",
            rows=_example_rows(self.view.min_group),
            answer=answer,
            sealed=sealed[:SHOWN_BYTES].hex(" ", 2),
            n_bytes=len(sealed),
        )

    def closed(self, receipts: tuple[str, ...]) -> Page:
        """Say that answering is over, and which envelopes were counted."""
        return self._show("respondent/closed.html", receipts=receipts)

    def wrong_code(self, filled: Filled, *, typed: str, is_typo: bool, n_missing: int = 0) -> Page:
        """Ask for the code again; what was filled in goes along.

        `n_missing` is how many symbols what was typed lacks: known from its length, not from codes.
        """
        status = HTTP_422_UNPROCESSABLE_ENTITY if is_typo else HTTP_403_FORBIDDEN
        text = self.scene.render(
            "respondent/code.html",
            given=filled.given,
            typed=typed,
            is_typo=is_typo,
            n_missing=n_missing,
            is_empty=not typed.strip(),
            part=self.form.get(PART)[:3],
            version=self.form.get(VERSION, self.view.page_version)[:16],
        )
        return even_page(text, status)

    def questions(
        self,
        code: str,
        filled: Filled | None = None,
        *,
        said: str = "",
        status: int = HTTP_200_OK,
        headers: Mapping[str, str] | None = None,
    ) -> Page:
        """Show the questionnaire, with what was filled in; `said` names a notice above it."""
        is_last_day = self.today == self.view.closes_on
        if filled is None and not said:
            blank = blank_page(self.scene, is_last_day)
            return self._page(blank.replace(CODE_GOES_HERE, print_code(code)), status)
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
            start=self._start(parts, filled, is_found=said == "draft_found"),
            said=said,
            is_last_day=is_last_day,
        )

    def review(self, code: str, filled: Filled) -> Page:
        """Show all answers once more before they are sent: the way without script."""
        return self._show(
            "respondent/review.html",
            code=print_code(code),
            given=filled.given,
            parts=filled_in(parts_of(self.view, self.language), filled),
        )

    def other_version(self, code: str, filled: Filled) -> Page:
        """Say that the page showed other questions; what fits these ones stands in its place."""
        return self.questions(code, filled, said="other_version", status=HTTP_409_CONFLICT)

    def not_stored(self, code: str, filled: Filled) -> Page:
        """Say that nothing was stored; every answer is still on the page."""
        return self.questions(
            code,
            filled,
            said="not_stored",
            status=HTTP_503_SERVICE_UNAVAILABLE,
            headers=TRY_LATER,
        )

    def thanks(self, outcome: Outcome, *, is_answer: bool) -> Page:
        """Show the receipt; the same for every sending of one code, and nothing is left behind."""
        text = thanks_page(self.scene, is_answer).replace(RECEIPT_GOES_HERE, outcome.receipt)
        status = HTTP_200_OK if is_answer else HTTP_409_CONFLICT
        return even_page(text, status, FORGET)

    def draft_kept(self) -> Page:
        """Say how to go on elsewhere."""
        return self._show("respondent/kept.html", headers=FORGET)

    def refused(self, standing: Standing, filled: Filled) -> Page:
        """Say why this code cannot answer now; what was filled in can be printed."""
        parts = filled_in(parts_of(self.view, self.language), filled) if filled.given else ()
        text = self.scene.render("respondent/refused.html", standing=standing.value, parts=parts)
        return even_page(text, HTTP_409_CONFLICT)

    def _start(self, parts: tuple[Part, ...], filled: Filled | None, *, is_found: bool) -> int:
        """The step to begin with, for the script; the one after all parts is the review.

        Where the reader was; with answers that were kept, the first part with a question left.
        """
        if filled and is_found:
            left = (place for place, one in enumerate(filled_in(parts, filled), 1) if one.n_empty)
            return next(left, len(parts) + 1)
        sent = self.form.get(PART)
        is_step = sent.isdecimal() and len(sent) < 4 and 1 <= int(sent) <= len(parts) + 1
        return int(sent) if is_step else 1

    def _page(
        self, text: str, status: int = HTTP_200_OK, headers: Mapping[str, str] | None = None
    ) -> Page:
        return (packed_page if self.unpacks else plain_page)(text, status, headers)

    def _show(
        self,
        template: str,
        status: int = HTTP_200_OK,
        headers: Mapping[str, str] | None = None,
        **context: Any,
    ) -> Page:
        return self._page(self.scene.render(template, **context), status, headers)


def unknown_campaign(request: PageRequest) -> Page:
    """Say that there is no such survey, and what to do."""
    frame = frame_of(request)
    text = render(
        "respondent/unknown.html",
        request.app.state.static_root,
        frame=frame,
        language=frame.language,
    )
    return plain_page(text, 404)


def _kiosk_of(request: PageRequest, view: CampaignView, form: Form) -> str:
    """Return "1" for a screen of many people, or its language where it was opened in one."""
    asked = form.get(KIOSK, "1") if KIOSK in form else request.query_params.get("kiosk", "")
    if not asked and KIOSK not in form:
        return ""
    return asked if asked in languages_of(view) else "1"  # when in doubt, show nothing to others


def _language_of(request: PageRequest, view: CampaignView, form: Form) -> str:
    asked = [*reversed(form.getlist("lang")), request.query_params.get("lang", "")]
    asked.append(_kiosk_of(request, view, form))
    accepted = re.findall(
        r"\b[a-z]{2}(?=[-,;\s]|$)", request.headers.get("accept-language", "")[:200]
    )
    offered = languages_of(view)
    return next((one for one in (*asked, *accepted) if one in offered), offered[0])


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
