"""Composing an own version: which parts are asked, and in which languages."""

from dataclasses import replace
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.instruments.definition import DIMENSIONS
from baken.instruments.origins import in_language
from baken.survey.library import editing
from baken.survey.library.composing import ScaleSetting, parts_of
from baken.survey.library.queries import Source
from baken.web.body import Form
from baken.web.pages.library_desk import DESK, EDITS, VERSION_PATH, Desk
from baken.web.pages.library_forms import LanguageForm, OriginForm, VersionForm
from baken.web.pages.library_views import other_rows, scale_rows

PARTS: Final = "survey/library_parts.html"
ORIGIN: Final = "survey/library_origin.html"

Settings = dict[str, ScaleSetting]


class LibraryEditing(Controller):
    """Acts on one own version."""

    path = VERSION_PATH
    dependencies = DESK

    @get("/parts", opt=EDITS, sync_to_thread=True)
    def parts_page(self, desk: NamedDependency[Desk]) -> Response[str]:
        return desk.show(PARTS, desk.blank(VersionForm), lambda source: _parts(source, desk))

    @post("/parts", opt=EDITS, sync_to_thread=True)
    def choose_parts(self, desk: NamedDependency[Desk]) -> Response[str]:
        source = desk.look()
        asked = set(desk.body.getlist("ask"))
        left_out = tuple(path for path in parts_of(source.content) if path not in asked)
        settings = _settings(source, desk.body)
        return desk.save(
            PARTS,
            desk.sent(VersionForm),
            lambda edit: editing.choose_parts(desk.session, edit, left_out, settings),
            lambda now: _parts(replace(now, left_out=left_out), desk, settings),
        )

    @get("/origin", opt=EDITS, sync_to_thread=True)
    def origin_page(self, desk: NamedDependency[Desk]) -> Response[str]:
        said = desk.look().instrument
        source, licence = (
            str(in_language(one, desk.language)) for one in (said.source, said.licence)
        )
        return desk.show(ORIGIN, desk.blank(OriginForm, source=source, licence=licence))

    @post("/origin", opt=EDITS, sync_to_thread=True)
    def write_origin(self, desk: NamedDependency[Desk]) -> Response[str]:
        sent = desk.sent(OriginForm)
        return desk.save(
            ORIGIN,
            sent,
            lambda edit: editing.write_origin(
                desk.session, edit, str(sent.source.data), str(sent.licence.data)
            ),
        )

    @post("/languages", opt=EDITS, sync_to_thread=True)
    def add_language(self, desk: NamedDependency[Desk]) -> Response[str]:
        chosen = str(desk.sent(LanguageForm).language_code.data or "")
        return desk.press(lambda edit: editing.add_language(desk.session, edit, chosen))

    @post("/languages/{code:str}/remove", opt=EDITS, sync_to_thread=True)
    def remove_language(self, desk: NamedDependency[Desk], code: FromPath[str]) -> Response[str]:
        return desk.press(lambda edit: editing.remove_language(desk.session, edit, code))


def _parts(source: Source, desk: Desk, sent: Settings | None = None) -> dict[str, Any]:
    """What there is to choose from; what was sent stands over what is kept."""
    return {
        "scales": scale_rows(source, desk.language, sent or {}),
        "backgrounds": other_rows(source, "backgrounds", desk.language),
        "open_questions": other_rows(source, "open_questions", desk.language),
        "dimensions": DIMENSIONS,
    }


def _settings(source: Source, form: Form) -> Settings:
    """What the form says of scales whose meaning nobody else knows: those of an import."""
    if source.row is None or source.row.base_key:
        return {}
    return {
        key: ScaleSetting(
            dimension=form.get(f"dimension-{key}"),
            high_is="resource" if form.get(f"high-{key}") == "resource" else "risk",
            reversed=tuple(form.getlist(f"reversed-{key}")),
            keeps_cutoff="cutoff" not in scale or f"cutoff-{key}" in form,
        )
        for key, scale in source.content.definition["scales"].items()
        if f"dimension-{key}" in form and not scale.get("total")
    }
