"""Pages of people who are nobody yet: their forms are tied to a cookie of before the log-in."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

from anyio import CapacityLimiter, to_thread
from litestar import Response

from baken.organisation.accounts.browsers import name_browser
from baken.web import origin
from baken.web.body import Form
from baken.web.pages.access import (
    BEFORE_COOKIE,
    SESSION_COOKIE,
    cookie_name,
    make_cookie,
)
from baken.web.pages.reply import PageRequest, page, see_page

Answer = TypeVar("Answer")

# Two at a time: checking a password is made to be slow, and respondents should not notice.
_PASSWORDS: Final = CapacityLimiter(2)


async def slowly(act: Callable[[], Answer]) -> Answer:
    """Do what hashes a password, when it is its turn."""
    return await to_thread.run_sync(act, limiter=_PASSWORDS)


def page_before(
    request: PageRequest, template: str, /, *, status: int = 200, **context: Any
) -> Response[str]:
    """Show a page whose form `check_before` will accept; `token` goes into the form."""
    cookie = _before(request) or origin.new_token()
    token = origin.token_before_log_in(cookie)
    answer = page(request, template, status=status, token=token, **context)
    answer.cookies.append(make_cookie(BEFORE_COOKIE, cookie, request.app.state.settings))
    return answer


def token_before(request: PageRequest) -> str:
    """What a form of this browser has to carry; empty when the browser lost its cookie."""
    return origin.token_before_log_in(_before(request))


def check_before(request: PageRequest, form: Form) -> None:
    """Refuse a form that did not come from a page of ours."""
    origin.check_token(form.get("csrf"), token_before(request))


def browser_before(request: PageRequest, form: Form) -> bytes:
    """What only this browser has before log-in; a form of another site is refused."""
    check_before(request, form)
    return _before(request).encode()


def come_in(request: PageRequest, token: str, target: str) -> Response[str]:
    """Hand over the token of a session that has just begun, and go on."""
    answer = keep_token(request, see_page(target), token)
    answer.delete_cookie(cookie_name(BEFORE_COOKIE, request.app.state.settings))
    return answer


def keep_token(request: PageRequest, answer: Response[str], token: str) -> Response[str]:
    """Have the browser keep the new token of its session."""
    answer.cookies.append(make_cookie(SESSION_COOKIE, token, request.app.state.settings))
    return answer


def browser_of(request: PageRequest) -> str:
    """A coarse name of the browser, for the list of one's own sessions."""
    return name_browser(request.headers.get("user-agent", ""))


def _before(request: PageRequest) -> str:
    return request.cookies.get(cookie_name(BEFORE_COOKIE, request.app.state.settings), "")
