"""The only place that turns what went wrong into a status and a page."""

import logging
import secrets
from typing import Any, Final
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.enums import MediaType
from litestar.exceptions import HTTPException
from litestar.status_codes import (
    HTTP_303_SEE_OTHER,
    HTTP_401_UNAUTHORIZED,
    HTTP_403_FORBIDDEN,
    HTTP_429_TOO_MANY_REQUESTS,
)

from baken.storage.base import EditedMeanwhile
from baken.storage.errors import BakenError, Kind
from baken.survey.disclosure.errors import DisclosureError
from baken.survey.paper.errors import SamePerson
from baken.web import languages
from baken.web.failures import TooManyFailures
from baken.web.frame import RESPONDENTS, Frame
from baken.web.leads import Lead, lead_of
from baken.web.logs import place_of
from baken.web.rendering import render
from baken.web.texts import LANGUAGES, catalogue

log = logging.getLogger("baken.web")

STATUS: Final[dict[Kind, int]] = {"missing": 404, "denied": 403, "invalid": 422, "conflict": 409}
# Texts of the pages for what the framework refuses: faults.<name>_title and faults.<name>.
# Methods that only look: nothing was being saved.
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
PLAIN: Final = {404: "missing", 405: "method", 413: "too_large", 429: "too_many"}


class NotLoggedIn(Exception):
    """The page needs a login."""


class HalfLoggedIn(Exception):
    """The password was right; the second factor is still to come, or to be set up."""

    def __init__(self, *, has_factor: bool) -> None:
        super().__init__()
        self.has_factor = has_factor


class NotFresh(Exception):
    """The act asks for a second factor that was shown a moment ago.

    `back` is the page to come back to afterwards.
    """

    def __init__(self, back: str) -> None:
        super().__init__()
        self.back = back


class UnknownHost(BakenError):
    """The request names a server that is not this one."""

    kind = "missing"

    def __init__(self) -> None:
        super().__init__("web.unknown_host", "Baken does not answer under this name.")


def on_refusal(
    request: Request[Any, Any, Any], error: BakenError | DisclosureError
) -> Response[str]:
    """A rule said no: its own sentence is the page."""
    texts = catalogue(frame_for(request).language)
    sentence = texts.refusal(error)
    if isinstance(error, EditedMeanwhile) and "x-swap" not in request.headers:
        sentence = texts("faults.conflict")  # a button was pressed: no text stands below it
    if isinstance(error, TooManyFailures):
        return _answer(request, HTTP_429_TOO_MANY_REQUESTS, "too_many", sentence)
    # Only a page that grew old says that something changed meanwhile; the rest cannot be done now.
    is_new = error.kind == "conflict" and not isinstance(error, EditedMeanwhile)
    name: str = "not_now" if is_new else error.kind
    if isinstance(error, SamePerson):
        name = "somebody_else"  # the role is right; this stack needs another human
    return _answer(request, STATUS[error.kind], name, sentence)


def on_not_logged_in(request: Request[Any, Any, Any], _error: NotLoggedIn) -> Response[str]:
    """A reader goes to the log-in page; what was being sent gets a sentence instead."""
    if request.method == "GET":
        target = f"/log-in?{urlencode({'next': request.url.path})}"
        return Response("", status_code=HTTP_303_SEE_OTHER, headers={"Location": target})
    sentence = catalogue(frame_for(request).language)("faults.log_in")
    lead = Lead("/log-in", "faults.to_log_in")
    return _answer(request, HTTP_401_UNAUTHORIZED, "denied", sentence, lead=lead)


def on_half_logged_in(request: Request[Any, Any, Any], error: HalfLoggedIn) -> Response[str]:
    """A reader goes on to the second factor; what was being sent gets a sentence instead."""
    if request.method == "GET":
        path = "/log-in/factor" if error.has_factor else "/log-in/set-up"
        target = f"{path}?{urlencode({'next': request.url.path})}"
        return Response("", status_code=HTTP_303_SEE_OTHER, headers={"Location": target})
    sentence = catalogue(frame_for(request).language)("faults.half_logged_in")
    return _answer(request, HTTP_401_UNAUTHORIZED, "denied", sentence)


def on_not_fresh(request: Request[Any, Any, Any], error: NotFresh) -> Response[str]:
    """Say why the second factor is asked for again, and lead to where it is shown."""
    sentence = catalogue(frame_for(request).language)("faults.not_fresh")
    confirm = f"/account/confirm?{urlencode({'next': error.back})}"
    return _answer(request, HTTP_403_FORBIDDEN, "not_fresh", sentence, confirm=confirm)


def on_http(request: Request[Any, Any, Any], error: HTTPException) -> Response[str]:
    """The framework refused the request: no such page, wrong method, too large."""
    if error.status_code >= 500:
        return on_fault(request, error)
    name = PLAIN.get(error.status_code, "bad")
    sentence = catalogue(frame_for(request).language)(f"faults.{name}")
    return _answer(request, error.status_code, name, sentence)


def on_fault(request: Request[Any, Any, Any], error: Exception) -> Response[str]:
    """A mistake of ours: a number to pass on, and where it happened in the log.

    The log names the kind of error and the lines of code. The message of the error stays out: it
    may quote what somebody typed.
    """
    number = secrets.token_hex(4)
    log.error("fault %s: %s at %s", number, type(error).__name__, place_of(error.__traceback__))
    key = "faults.broken_page" if request.method in SAFE else "faults.broken"
    sentence = catalogue(frame_for(request).language)(key, number=number)
    return _answer(request, 500, "broken", sentence)


def frame_for(request: Request[Any, Any, Any]) -> Frame:
    """The frame of the guard, or a plain one where no guard ran."""
    made: Frame | None = request.state.get("frame")
    if made is not None:
        return made
    is_respondent = request.url.path.startswith(RESPONDENTS)
    language = languages.choose(
        request.query_params.get("lang"),
        None if is_respondent else request.cookies.get(languages.COOKIE),
        request.state.get("reads"),
        accept=request.headers.get("accept-language", ""),
    )
    settings = request.app.state.settings
    return Frame(
        language,
        request.url.path,
        loopback=settings.is_local,
        is_demo=settings.is_demo,
        languages=LANGUAGES,
    )


def _answer(
    request: Request[Any, Any, Any],
    status: int,
    name: str,
    sentence: str,
    *,
    confirm: str = "",
    lead: Lead | None = None,
) -> Response[str]:
    frame = frame_for(request)
    text = render(
        "errors/_alert.html" if "x-swap" in request.headers else "errors/page.html",
        request.app.state.static_root,
        frame=frame,
        language=frame.language,
        done="",
        base="respondent_base.html" if frame.is_respondent else "base.html",
        title=catalogue(frame.language)(f"faults.{name}_title"),
        sentence=sentence,
        confirm=confirm,
        lead=lead or lead_of(frame),
    )
    return Response(text, status_code=status, media_type=MediaType.HTML)


HANDLERS: Final[dict[int | type[Exception], Any]] = {
    BakenError: on_refusal,
    DisclosureError: on_refusal,
    NotLoggedIn: on_not_logged_in,
    HalfLoggedIn: on_half_logged_in,
    NotFresh: on_not_fresh,
    HTTPException: on_http,
    Exception: on_fault,
}
