"""The texts of a version: languages side by side, one page of them at a time, or as a file."""

from dataclasses import dataclass
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from baken.survey.library import editing
from baken.survey.library.assembling import trim, unset_scales
from baken.survey.library.models import LibraryVersion
from baken.survey.library.queries import Source
from baken.survey.library.text_files import TextFile, write_text_table
from baken.web.body import UPLOAD_LIMIT, Form
from baken.web.pages.library_desk import DESK, EDITS, READS, VERSION_PATH, Desk
from baken.web.pages.library_forms import TextFileForm, VersionForm
from baken.web.pages.library_text_rows import (
    BETWEEN,
    TEXTS_LIMIT,
    Written,
    awaited_by,
    page_of,
    text_pages,
    text_rows,
)

TEXTS: Final = "survey/library_texts.html"
FILE: Final = "survey/library_text_file.html"


@dataclass(frozen=True, slots=True)
class GroupLink:
    """A page of texts, with how many are missing."""

    key: str
    label: str
    n_missing: int
    is_here: bool


class LibraryTexts(Controller):
    """Texts of one version."""

    path = VERSION_PATH
    dependencies = DESK

    @get("/texts", opt=READS, sync_to_thread=True)
    def texts_page(self, desk: NamedDependency[Desk]) -> Response[str]:
        row = desk.look().row
        form = VersionForm.blank(desk.language, {"version": row.version if row else 0})
        asked = desk.request.query_params.get("group", "")
        return desk.show(TEXTS, form, lambda source: _texts(source, asked, desk.language, {}))

    @post("/texts", opt=EDITS, sync_to_thread=True, request_max_body_size=TEXTS_LIMIT)
    def write(self, desk: NamedDependency[Desk]) -> Response[str]:
        written = _written(desk.body)
        return desk.save(
            TEXTS,
            desk.sent(VersionForm),
            lambda edit: editing.write_texts(desk.session, edit, written),
            lambda now: _texts(now, desk.body.get("group"), desk.language, written),
            see=f"/texts?group={desk.body.get('next')[:40]}",
        )

    @get("/text-table", opt=READS, sync_to_thread=True)
    def table(self, desk: NamedDependency[Desk]) -> Response[bytes]:
        source = desk.look()
        content = write_text_table(trim(source.content, source.left_out, with_empty=True))
        name = f"{source.instrument.key}-{source.instrument.version}.csv"
        return Response(
            content,
            media_type="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @get("/text-file", opt=EDITS, sync_to_thread=True)
    def file_page(self, desk: NamedDependency[Desk]) -> Response[str]:
        return desk.show(FILE, desk.blank(TextFileForm), _not_taken)

    @post(
        "/text-file",
        opt=EDITS,
        sync_to_thread=True,
        # A little more than a file may have: its own sentence says what the limit is.
        request_max_body_size=UPLOAD_LIMIT + 64 * 1024,
        status_code=200,
    )
    def take_file(self, desk: NamedDependency[Desk]) -> Response[str]:
        sent = desk.sent(TextFileForm)
        sent.chosen = desk.body.upload("file")

        def told(taken: tuple[LibraryVersion, TextFile]) -> Response[str] | None:
            """Say how many texts were taken, and what the questionnaire has no place for."""
            read = taken[1]
            if not read.n_texts:
                return None
            found = {"n_texts": read.n_texts, "unknown": read.unknown}
            return desk.show(FILE, desk.blank(TextFileForm), lambda _: found)

        return desk.save(
            FILE,
            sent,
            lambda edit: editing.take_texts(desk.session, edit, sent.content),
            _not_taken,
            then=told,
        )


def _not_taken(_source: Source) -> dict[str, Any]:
    return {"n_texts": 0, "unknown": ()}


def _written(form: Form) -> dict[str, dict[str, str]]:
    """Return the texts of the form by language and path."""
    found: dict[str, dict[str, str]] = {}
    for name in form:
        language, between, path = name.partition(BETWEEN)
        if between:
            found.setdefault(language, {})[path] = form.get(name)
    return found


def _texts(source: Source, asked: str, language: str, written: Written) -> dict[str, Any]:
    """Return one page of texts."""
    content = trim(source.content, source.left_out, with_empty=True)
    pages = text_pages(content)
    awaited = awaited_by(source.content, unset_scales(source.content, source.left_out))
    here = page_of(pages, asked)
    later = pages[pages.index(here) + 1 :]
    return {
        "group": here.key,
        "heading": here.label(language),
        "next_group": later[0].key if later else here.key,
        "is_last": not later,
        "groups": tuple(
            GroupLink(one.key, one.label(language), one.n_missing(content, awaited), one == here)
            for one in pages
        ),
        "rows": tuple(text_rows(content, here.slots, language, written, awaited)),
    }
