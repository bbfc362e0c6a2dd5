"""The organisation's own words and limits of the lights."""

from datetime import date
from typing import Any, Final

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.survey.screening.wording import Wording, change_bands, change_texts, current_wording
from baken.web.body import Form
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.pages.screening_forms import (
    BandsForm,
    TextsForm,
    bands_form,
    keep,
    read,
    texts_form,
    values_of_bands,
    values_of_texts,
)
from baken.web.pages.screening_views import bands_views, words_of
from baken.web.texts import NAMES

BANDS: Final = "survey/screening_bands.html"
TEXTS: Final = "survey/screening_texts.html"


class ScreeningWordingPages(Controller):
    """Lights and bands as they are, and changing them for sheets to come."""

    path = "/o/{organisation_id:uuid}/screenings/wording"

    @get("/", opt={"action": Action.SEE_SCREENINGS}, sync_to_thread=True)
    def wording_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        return page(
            request, "survey/screening_wording.html", **_shown(current_wording(session), language)
        )

    @get("/bands", opt={"action": Action.WORD_SCREENING}, sync_to_thread=True)
    def bands_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        wording = current_wording(session)
        values = values_of_bands(wording.screening, wording.number)
        form = bands_form(wording.screening).blank(language, values)
        return page(request, BANDS, form=form, **_shown(wording, language))

    @post("/bands", opt={"action": Action.WORD_SCREENING}, sync_to_thread=True)
    def save_bands(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        wording = current_wording(session)
        sent: BandsForm = read(bands_form(wording.screening), form, language)

        def write() -> str:
            change_bands(session, sent.pair(0), sent.limits, seen=sent.seen, by=actor, today=today)
            return frame_of(request).url("/screenings/wording")

        return keep(
            request, session, BANDS, sent, write, standing=lambda: current_wording(session).number,
            said="screening.done_worded", **_shown(wording, language),
        )  # fmt: skip

    @get("/texts/{spoken:str}", opt={"action": Action.WORD_SCREENING}, sync_to_thread=True)
    def texts_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        spoken: FromPath[str],
    ) -> Response[str]:
        wording = _worded(session, spoken)
        kind = texts_form(wording.screening)
        values = values_of_texts(wording.instrument.texts[spoken], kind.lights, wording.number)
        form = kind.blank(language, values)
        return page(request, TEXTS, form=form, spoken=spoken, **_shown(wording, spoken))

    @post("/texts/{spoken:str}", opt={"action": Action.WORD_SCREENING}, sync_to_thread=True)
    def save_texts(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        spoken: FromPath[str],
    ) -> Response[str]:
        wording = _worded(session, spoken)
        sent: TextsForm = read(texts_form(wording.screening), form, language)

        def write() -> str:
            note = sent.note.data or ""
            change_texts(session, spoken, note, sent.words(), seen=sent.seen, by=actor, today=today)
            return frame_of(request).url("/screenings/wording")

        return keep(
            request, session, TEXTS, sent, write, standing=lambda: current_wording(session).number,
            said="screening.done_worded", spoken=spoken, **_shown(wording, spoken),
        )  # fmt: skip


def _worded(session: Session, spoken: str) -> Wording:
    """The wording, if it exists in this language."""
    wording = current_wording(session)
    if spoken not in wording.instrument.languages:
        raise NotFoundException
    return wording


def _shown(wording: Wording, language: str) -> dict[str, Any]:
    words = words_of(wording, language)
    codes = [light.item for light in wording.screening.lights]
    return {
        "bands": bands_views(wording.screening, words),
        "lights": tuple((code, words.lights[code]) for code in codes),
        "note": words.screening_note,
        "number": wording.number,
        "made_on": wording.made_on,
        "is_official": wording.screening.is_official,
        "languages": tuple((code, NAMES.get(code, code)) for code in wording.instrument.languages),
    }
