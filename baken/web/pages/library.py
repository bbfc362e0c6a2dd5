"""The library: questionnaires of Baken and of the organisation, what they hold, how they differ."""

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.instruments.definition import Kind
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.survey.campaigns.queries import list_asking
from baken.survey.campaigns.questionnaires import delete_version
from baken.survey.library import actions
from baken.survey.library.editing import Edit
from baken.survey.library.queries import Source, get_source, list_changes, list_choices
from baken.web.body import Form
from baken.web.pages.library_changes import change_groups
from baken.web.pages.library_forms import LanguageForm, VersionForm
from baken.web.pages.library_views import Shelved, path_of, shelved, version_view
from baken.web.pages.library_words import version_name
from baken.web.pages.reply import PageRequest, done, frame_of, page

VERSION = "survey/library_version.html"


class LibraryPages(Controller):
    """What there is to choose from."""

    path = "/o/{organisation_id:uuid}/library"

    @get("/", opt={"action": Action.SEE_CAMPAIGNS}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        rows = _shelves(session, language)
        return page(
            request,
            "survey/library.html",
            own=[row for row in rows if row.state not in {"shipped", "structure"}],
            shipped=[row for row in rows if row.state == "shipped"],
            structures=[row for row in rows if row.state == "structure"],
            screenings=_shelves(session, language, "screening"),
        )

    @post("/new", opt={"action": Action.PREPARE_CAMPAIGN}, sync_to_thread=True)
    def make(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
    ) -> Response[str]:
        row = actions.make_version(session, form.get("key"), form.get("version"), by=actor)
        see = frame_of(request).url(path_of(row.instrument_key, row.instrument_version))
        return done(request, see=see, said="library.done_made")

    @get("/{key:str}/{version:str}", opt={"action": Action.SEE_CAMPAIGNS}, sync_to_thread=True)
    def detail(
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
        return _version_page(request, session, source, form, language)

    @post(
        "/{key:str}/{version:str}/delete",
        opt={"action": Action.PREPARE_CAMPAIGN},
        sync_to_thread=True,
    )
    def delete(
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
        seen = VersionForm.read(form, language).seen
        delete_version(session, Edit(key, version, seen, actor))
        return done(request, see=frame_of(request).url("/library"), said="library.done_deleted")

    @get(
        "/{key:str}/{version:str}/differences",
        opt={"action": Action.SEE_CAMPAIGNS},
        sync_to_thread=True,
    )
    def differences(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        key: FromPath[str],
        version: FromPath[str],
    ) -> Response[str]:
        new = get_source(session, key, version)
        others = _others(session, key, version)
        asked = request.query_params.get("from", "")
        usual = new.row.base_version if new.row and new.row.base_version else ""
        chosen = next((one for one in (asked, usual, *others) if one in others), "")
        groups = change_groups(get_source(session, key, chosen), new, language) if chosen else ()
        return page(
            request,
            "survey/library_differences.html",
            version=version_view(new, language),
            others=[(one, version_name(one, language)) for one in others],
            chosen=chosen,
            old=version_name(chosen, language) if chosen else "",
            groups=groups,
        )


def _shelves(session: Session, language: str, kind: Kind = "questionnaire") -> list[Shelved]:
    changes = list_changes(session)
    return [
        shelved(get_source(session, choice.key, choice.version), language, changes)
        for choice in list_choices(session)
        if choice.kind == kind
    ]


def _others(session: Session, key: str, version: str) -> list[str]:
    """Versions of the same questionnaire that can be compared with."""
    found = [choice.version for choice in list_choices(session) if choice.key == key]
    return [one for one in found if one != version]


def _version_page(
    request: PageRequest, session: Session, source: Source, form: VersionForm, language: str
) -> Response[str]:
    found = source.instrument
    return page(
        request,
        VERSION,
        version=version_view(source, language, list_changes(session)),
        form=form,
        languages=LanguageForm.blank(language, {"version": form.version.data}).offer(source),
        campaigns=tuple(
            (campaign.title, frame_of(request).url(f"/campaigns/{campaign.id}"))
            for campaign in list_asking(session, found.key, found.version)
        ),
    )
