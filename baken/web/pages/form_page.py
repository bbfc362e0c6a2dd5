"""A page that is one form: its heading, its parts and the way back, for forms without a drawing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from litestar import Response

from baken.storage.session import Session
from baken.web.pages.plan_forms import PlanForm, save
from baken.web.pages.reply import PageRequest, page

TEMPLATE: Final = "actionplan/form.html"


@dataclass(frozen=True, slots=True)
class Part:
    """Fields that belong together, under a heading where there is one; `row` names a row."""

    names: tuple[str, ...]
    title: str = ""
    story: str = ""
    row: str = ""


@dataclass(frozen=True, slots=True)
class FormAt:
    """Where a form stands: texts are keys of the catalogue, but for `about` and `back_label`."""

    verb: str
    title: str
    back: str
    back_label: str
    save: str
    parts: tuple[Part, ...]
    story: str = ""
    about: str = ""
    post: str = ""


def show(request: PageRequest, at: FormAt, form: PlanForm) -> Response[str]:
    """Show a form before anybody typed."""
    return page(request, TEMPLATE, at=at, form=form, meanwhile=())


def keep(
    request: PageRequest,
    session: Session,
    at: FormAt,
    sent: PlanForm,
    write: Callable[[], str],
    *,
    said: str,
    standing: Callable[[], PlanForm] | None = None,
) -> Response[str]:
    """Check a form and write it, or show it again with what was typed."""
    return save(request, session, TEMPLATE, sent, write, said=said, standing=standing, at=at)
