"""How a page answers: a whole page, a swapped fragment, or the way to the next page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, urlencode

from litestar import Request, Response
from litestar.enums import MediaType
from litestar.status_codes import HTTP_200_OK, HTTP_303_SEE_OTHER, HTTP_422_UNPROCESSABLE_ENTITY

from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.web import languages
from baken.web.forms import BackOfficeForm
from baken.web.frame import Frame
from baken.web.rendering import render
from baken.web.texts import catalogue

PageRequest = Request[Any, Any, Any]
SWAP: Final = "x-swap"
SEE: Final = "X-See"
SAID: Final = "X-Said"
A_YEAR: Final = 31_536_000
# What an address may hold as it is, what was quoted already among it; the rest fits no header.
IN_ADDRESSES: Final = "%/?#[]@!$&'()*+,;=:~"


def frame_of(request: PageRequest) -> Frame:
    """The frame that the access guard made for this request."""
    made: Frame = request.state.frame
    return made


def speak_as(request: PageRequest, country: str) -> str:
    """Say this page in the words of the rules that its subject follows, and return which.

    A plan keeps those it was drafted under, whatever the organisation chose since.
    """
    frame = frame_of(request)
    if frame.place is not None:
        request.state.frame = replace(frame, place=replace(frame.place, country=country))
    return country


def is_swap(request: PageRequest) -> bool:
    """Whether our script asks for the fragment only."""
    return SWAP in request.headers


def page(
    request: PageRequest,
    template: str,
    /,
    *,
    status: int = HTTP_200_OK,
    headers: Mapping[str, str] | None = None,
    **context: Any,
) -> Response[str]:
    """Fill a template and send it as a whole page."""
    frame = frame_of(request)
    text = render(
        template,
        request.app.state.static_root,
        frame=frame,
        language=frame.language,
        done=request.query_params.get("done", ""),
        **context,
    )
    answer = Response(text, status_code=status, media_type=MediaType.HTML, headers=headers)
    if "lang" in request.query_params and not frame.is_respondent:
        answer.set_cookie(
            languages.COOKIE, frame.language, max_age=A_YEAR, httponly=True, samesite="lax"
        )
    return answer


def see_page(target: str) -> Response[str]:
    """Send the browser on to another page of ours."""
    return Response(
        "",
        status_code=HTTP_303_SEE_OTHER,
        media_type=MediaType.TEXT,
        headers={"Location": quote(target, safe=IN_ADDRESSES)},
    )


def done(
    request: PageRequest,
    /,
    *,
    see: str,
    fragment: str = "",
    said: str = "",
    **context: Any,
) -> Response[str]:
    """After a change: the fragment for our script, the page `see` for everybody else.

    Parameters
    ----------
    see : str
        Address of the page that shows the result.
    fragment : str
        Template of what changed; without it our script follows `see` too.
    said : str
        Key of the sentence that confirms, such as ``units.done_imported``: its last part starts
        with ``done_``.
    """
    at, mark, part = see.partition("#")
    told = f"{'&' if '?' in at else '?'}{urlencode({'done': said})}" if said else ""
    target = f"{at}{told}{mark}{part}"
    if not is_swap(request):
        return see_page(target)
    if not fragment:
        return Response(
            "",
            status_code=HTTP_200_OK,
            media_type=MediaType.TEXT,
            headers={SEE: quote(target, safe=IN_ADDRESSES)},
        )
    sentence = catalogue(frame_of(request).language)(said) if said else ""
    return page(request, fragment, headers={SAID: quote(sentence)}, **context)


def refused(
    request: PageRequest,
    session: Session,
    template: str,
    /,
    *,
    form: BackOfficeForm,
    error: BakenError | None = None,
    **context: Any,
) -> Response[str]:
    """Show the form again with what was typed and what to mend; nothing is saved.

    Pass the domain error that an action raised: its sentence goes above the form.
    """
    session.rollback()
    if error is not None:
        form.refuse(error)
    return page(request, template, status=HTTP_422_UNPROCESSABLE_ENTITY, form=form, **context)
