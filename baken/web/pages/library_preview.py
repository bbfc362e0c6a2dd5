"""A questionnaire as a respondent sees it: to look at, with nowhere to send it to."""

from dataclasses import dataclass

from litestar import Controller, Response, get
from litestar.di import NamedDependency
from litestar.enums import MediaType
from litestar.params import FromPath

from baken.organisation.permissions import Action
from baken.storage.session import Session
from baken.survey.library.errors import InvalidVersion
from baken.survey.library.queries import get_source
from baken.web.languages import screen_of
from baken.web.pages.library_views import path_of
from baken.web.pages.reply import PageRequest, frame_of
from baken.web.pages.respondent_questions import minutes_of, parts_in
from baken.web.rendering import render
from baken.web.texts import catalogue


@dataclass(frozen=True, slots=True)
class PreviewOf:
    """What the pages of people who answer say about a campaign, where there is none yet."""

    title: str
    adviser: str
    counsellor: str

    @classmethod
    def in_language(cls, language: str, title: str) -> "PreviewOf":
        t = catalogue(language)
        return cls(title, t("library.preview_adviser"), t("library.preview_counsellor"))


class LibraryPreview(Controller):
    """One page: all parts of the questionnaire below each other."""

    path = "/o/{organisation_id:uuid}/library/{key:str}/{version:str}/preview"

    @get("/", opt={"action": Action.SEE_CAMPAIGNS}, sync_to_thread=True)
    def preview(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        key: FromPath[str],
        version: FromPath[str],
    ) -> Response[str]:
        instrument = get_source(session, key, version).instrument
        if not instrument.is_usable:
            raise InvalidVersion(
                "survey.not_usable",
                "This questionnaire has no complete language yet. Complete it with the texts that "
                "are missing, or with your own licensed texts; then it can be shown and asked.",
            )
        asked = request.query_params.get("in", language)
        spoken = asked if asked in instrument.languages else instrument.languages[0]
        parts = parts_in(instrument, spoken)
        text = render(
            "survey/library_preview.html",
            request.app.state.static_root,
            frame=frame_of(request),
            language=screen_of(spoken),
            parts=parts,
            minutes=minutes_of(parts),
            spoken=spoken,
            languages=instrument.languages,
            back=frame_of(request).url(path_of(key, version)),
            campaign=PreviewOf.in_language(screen_of(spoken), instrument.texts[spoken].title),
            help_lines=(),
        )
        return Response(text, media_type=MediaType.HTML)
