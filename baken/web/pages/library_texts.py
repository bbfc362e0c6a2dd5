"""The texts of a version: languages side by side, one group at a time, or as a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.survey.library import editing
from baken.survey.library.assembling import trim
from baken.survey.library.content import flat
from baken.survey.library.limits import MAX_TEXT
from baken.survey.library.queries import Source, get_source
from baken.survey.library.slots import is_good, slots_of
from baken.survey.library.text_files import write_text_table
from baken.web.body import UPLOAD_LIMIT, Form
from baken.web.languages import name_of
from baken.web.pages.library_editing import EDITS, REFUSALS, again, done_with, seen_of
from baken.web.pages.library_forms import TextFileForm, VersionForm
from baken.web.pages.library_views import (
    Words,
    group_label,
    groups_of,
    n_missing,
    path_of,
    slot_label,
    version_view,
)
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

TEXTS: Final = "survey/library_texts.html"
FILE: Final = "survey/library_text_file.html"
_BETWEEN: Final = "|"


@dataclass(frozen=True, slots=True)
class Cell:
    """One text in one language; `field` names its control."""

    field: str
    code: str
    language: str
    text: str
    is_missing: bool
    most: int


@dataclass(frozen=True, slots=True)
class TextRow:
    """One text in every language."""

    label: str
    cells: tuple[Cell, ...]
    is_long: bool


@dataclass(frozen=True, slots=True)
class GroupLink:
    """A group of texts, with how many are missing."""

    key: str
    label: str
    n_missing: int
    is_here: bool


class LibraryTexts(Controller):
    """Texts of one version."""

    path = "/o/{organisation_id:uuid}/library/{key:str}/{version:str}"

    @get("/texts", opt={"action": Action.SEE_CAMPAIGNS}, sync_to_thread=True)
    def texts_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        key: FromPath[str],
        version: FromPath[str],
    ) -> Response[str]:
        source = get_source(session, key, version)
        form = VersionForm.blank(language, {"version": source.row.version if source.row else 0})
        context = _texts(source, request.query_params.get("group", ""), language)
        return page(request, TEXTS, form=form, **context)

    @post("/texts", opt=EDITS, sync_to_thread=True)
    def write(
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
        sent, written = VersionForm.read(form, language), _written(form)
        context = _texts(source, form.get("group"), language, written)
        try:
            editing.write_texts(session, key, version, written, seen=sent.seen, by=actor)
        except REFUSALS as error:
            return again(request, session, TEXTS, form=sent, error=error, **context)
        see = frame_of(request).url(f"{path_of(key, version)}/texts?group={form.get('next')[:40]}")
        return done(request, see=see, said="library.done_saved")

    @get("/text-table", opt={"action": Action.SEE_CAMPAIGNS}, sync_to_thread=True)
    def table(
        self, session: NamedDependency[Session], key: FromPath[str], version: FromPath[str]
    ) -> Response[bytes]:
        source = get_source(session, key, version)
        content = write_text_table(trim(source.content, source.left_out, with_empty=True))
        name = f"{source.instrument.key}-{source.instrument.version}.csv"
        return Response(
            content,
            media_type="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @get("/text-file", opt=EDITS, sync_to_thread=True)
    def file_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        key: FromPath[str],
        version: FromPath[str],
    ) -> Response[str]:
        source = get_source(session, key, version)
        form = TextFileForm.blank(language, {"version": seen_of(source)})
        shown = version_view(source, language)
        return page(request, FILE, form=form, version=shown, unknown=(), n_texts=0)

    @post(
        "/text-file",
        opt=EDITS,
        sync_to_thread=True,
        # A little more than a file may have: its own sentence says what the limit is.
        request_max_body_size=UPLOAD_LIMIT + 64 * 1024,
        status_code=200,
    )
    def take_file(
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
        sent = TextFileForm.read(form, language)
        sent.chosen = form.upload("file")
        shown: dict[str, Any] = {"version": version_view(source, language), "unknown": ()}
        if not sent.validate() or sent.chosen is None:
            return refused(request, session, FILE, form=sent, n_texts=0, **shown)
        try:
            row, read = editing.take_texts(
                session, key, version, sent.chosen.content, seen=sent.seen, by=actor
            )
        except REFUSALS as error:
            return again(request, session, FILE, form=sent, error=error, n_texts=0, **shown)
        if not read.unknown:
            return done_with(request, key, version)
        blank = TextFileForm.blank(language, {"version": row.version})
        shown["unknown"] = read.unknown
        return page(request, FILE, form=blank, n_texts=read.n_texts, **shown)


def _written(form: Form) -> dict[str, dict[str, str]]:
    """Return the texts of the form by language and path."""
    found: dict[str, dict[str, str]] = {}
    for name in form:
        language, between, path = name.partition(_BETWEEN)
        if between:
            found.setdefault(language, {})[path] = form.get(name)
    return found


def _texts(
    source: Source,
    asked: str,
    language: str,
    written: Mapping[str, Mapping[str, str]] | None = None,
) -> dict[str, Any]:
    """Return one group of texts; what was typed stands over what is kept."""
    content = trim(source.content, source.left_out, with_empty=True)
    groups = groups_of(content)
    here = asked if asked in groups else groups[0]
    later = groups[groups.index(here) + 1 :]
    return {
        "version": version_view(source, language),
        "group": here,
        "heading": group_label(here, language),
        "next_group": later[0] if later else here,
        "is_last": not later,
        "groups": tuple(
            GroupLink(one, group_label(one, language), n_missing(content, one), one == here)
            for one in groups
        ),
        "rows": tuple(_rows(source, here, language, written or {})),
    }


def _rows(
    source: Source, group: str, language: str, written: Mapping[str, Mapping[str, str]]
) -> Iterator[TextRow]:
    content = trim(source.content, source.left_out, with_empty=True)
    words = Words(content, language)
    known = {code: flat(texts) for code, texts in content.texts.items()}
    shown = {code: texts | dict(written.get(code, {})) for code, texts in known.items()}
    for slot in slots_of(content):
        if slot.group != group:
            continue
        cells = tuple(
            Cell(
                field=f"{code}{_BETWEEN}{slot.path}",
                code=code,
                language=name_of(code),
                text=texts.get(slot.path, ""),
                is_missing=not is_good(slot, known[code]),
                most=MAX_TEXT,
            )
            for code, texts in shown.items()
        )
        is_long = slot.section in {"items", "open_questions", "scale_notes", "cutoff_sources"}
        yield TextRow(slot_label(slot, words, language), cells, is_long)
