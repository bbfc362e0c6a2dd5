"""Composing an own version: which parts are asked, and in which languages."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.instruments.definition import DIMENSIONS
from baken.instruments.errors import InstrumentError
from baken.organisation.permissions import Action, Actor
from baken.storage.archives import UnsafeFile
from baken.storage.base import EditedMeanwhile
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.errors import SurveyError
from baken.survey.library import editing
from baken.survey.library.composing import ScaleSetting, parts_of, set_scales
from baken.survey.library.errors import InvalidVersion, VersionLocked
from baken.survey.library.queries import Source, find_row, get_source
from baken.web.body import Form
from baken.web.pages.library_forms import (
    LanguageForm,
    VersionForm,
)
from baken.web.pages.library_views import (
    VersionView,
    other_rows,
    path_of,
    scale_rows,
    version_view,
)
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

PARTS: Final = "survey/library_parts.html"
EDITS: Final = {"action": Action.PREPARE_CAMPAIGN}
REFUSALS: Final = (SurveyError, InstrumentError, EditedMeanwhile, UnsafeFile)
"""What a form is shown again for, with everything that was typed."""


class LibraryEditing(Controller):
    """Acts on one own version."""

    path = "/o/{organisation_id:uuid}/library/{key:str}/{version:str}"

    @get("/parts", opt=EDITS, sync_to_thread=True)
    def parts_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        key: FromPath[str],
        version: FromPath[str],
    ) -> Response[str]:
        source = get_source(session, key, version)
        form = VersionForm.blank(language, {"version": seen_of(source)})
        return page(request, PARTS, form=form, **_parts(source, language))

    @post("/parts", opt=EDITS, sync_to_thread=True)
    def choose_parts(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        key: FromPath[str],
        version: FromPath[str],
    ) -> Response[str]:
        source = get_source(session, key, version)
        sent = VersionForm.read(form, language)
        left_out = [path for path in parts_of(source.content) if path not in form.getlist("ask")]
        settings = _settings(source, form)
        context = _parts(_as_sent(source, left_out, settings), language)
        return saved(
            request,
            session,
            lambda: editing.choose_parts(
                session, key, version, left_out, settings, seen=sent.seen, by=actor
            ),
            template=PARTS,
            form=sent,
            context=context,
        )

    @post("/languages", opt=EDITS, sync_to_thread=True)
    def add_language(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        key: FromPath[str],
        version: FromPath[str],
    ) -> Response[str]:
        sent = LanguageForm.read(form, language)
        chosen = str(sent.language_code.data or "")
        editing.add_language(session, key, version, chosen, seen=sent.seen, by=actor)
        return done_with(request, key, version)

    @post("/languages/{code:str}/remove", opt=EDITS, sync_to_thread=True)
    def remove_language(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        key: FromPath[str],
        version: FromPath[str],
        code: FromPath[str],
    ) -> Response[str]:
        seen = VersionForm.read(form, language).seen
        editing.remove_language(session, key, version, code, seen=seen, by=actor)
        return done_with(request, key, version)


def seen_of(source: Source) -> int:
    """The edit that a form is made from; refuses a version that nobody changes any more."""
    if source.row is None or source.row.is_locked:
        raise VersionLocked
    return source.row.version


def saved(
    request: PageRequest,
    session: Session,
    act: Callable[[], object],
    *,
    template: str,
    form: VersionForm,
    context: dict[str, Any],
    see: str = "",
) -> Response[str]:
    """Do what the form asks, or show it again with the sentence that refuses."""
    view: VersionView = context["version"]
    try:
        act()
    except REFUSALS as error:
        return again(request, session, template, form=form, error=error, **context)
    return done_with(request, view.key, view.version, see)


def again(
    request: PageRequest,
    session: Session,
    template: str,
    *,
    form: VersionForm,
    error: BakenError,
    **context: Any,
) -> Response[str]:
    """Show a form again; whoever is told that somebody else was first can save knowingly."""
    if isinstance(error, EditedMeanwhile):
        view: VersionView = context["version"]
        session.rollback()
        form.version.data = str(find_row(session, view.key, view.version).version)
    return refused(request, session, template, form=form, error=error, **context)


def done_with(request: PageRequest, key: str, version: str, see: str = "") -> Response[str]:
    """Go back to the page of the version, or to one below it."""
    target = frame_of(request).url(path_of(key, version) + see)
    return done(request, see=target, said="library.done_saved")


def _parts(source: Source, language: str) -> dict[str, Any]:
    return {
        "version": version_view(source, language),
        "scales": scale_rows(source, language),
        "backgrounds": other_rows(source, "backgrounds", language),
        "open_questions": other_rows(source, "open_questions", language),
        "dimensions": DIMENSIONS,
    }


def _as_sent(source: Source, left_out: list[str], settings: dict[str, ScaleSetting]) -> Source:
    """The version as the form says it, to show it again."""
    try:
        content = set_scales(source.content, settings)
    except InvalidVersion:
        content = source.content  # no page offers this; the act refuses it in words
    return replace(source, content=content, left_out=tuple(left_out))


def _settings(source: Source, form: Form) -> dict[str, ScaleSetting]:
    """What the form says of scales whose meaning nobody else knows: those of an import."""
    if source.row is None or source.row.base_key:
        return {}
    return {
        key: ScaleSetting(
            dimension=form.get(f"dimension-{key}"),
            high_is="resource" if form.get(f"high-{key}") == "resource" else "risk",
            reversed=tuple(form.getlist(f"reversed-{key}")),
        )
        for key, scale in source.content.definition["scales"].items()
        if f"dimension-{key}" in form and not scale.get("total")
    }
