"""The one way in which the pages change a version of the library.

Every page about an own version reads the version, fills a form from it or from what was sent, lets
an act of the library judge, and answers: with the page of the version, or with the form once more,
holding what was typed and the sentence that refuses. A page says only which form, which act, and
what else stands around the form.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from litestar import Response
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath
from litestar.status_codes import HTTP_422_UNPROCESSABLE_ENTITY

from baken.instruments.errors import InstrumentError
from baken.organisation.permissions import Action, Actor
from baken.storage.archives import UnsafeFile
from baken.storage.base import EditedMeanwhile
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.errors import SurveyError
from baken.survey.library.editing import Edit
from baken.survey.library.errors import VersionLocked
from baken.survey.library.queries import Source, find_row, get_source
from baken.web.body import EMPTY, Form
from baken.web.pages.library_forms import VersionForm
from baken.web.pages.library_views import path_of, version_view
from baken.web.pages.reply import PageRequest, done, frame_of, page

VERSION_PATH: Final = "/o/{organisation_id:uuid}/library/{key:str}/{version:str}"
READS: Final = {"action": Action.SEE_CAMPAIGNS}
EDITS: Final = {"action": Action.PREPARE_CAMPAIGN}
REFUSALS: Final = (SurveyError, InstrumentError, EditedMeanwhile, UnsafeFile)
"""What a form is shown again for, with everything that was typed."""

Shown = Callable[[Source], dict[str, Any]]
"""What stands around a form, as the version is when it is shown."""

Sent = TypeVar("Sent", bound=VersionForm)
Result = TypeVar("Result")


def _nothing_more(_source: Source) -> dict[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Desk:
    """One version as it lies before one person: who asks, which one, and what was sent."""

    request: PageRequest
    session: Session
    actor: Actor
    language: str
    body: Form
    key: str
    version: str

    def look(self) -> Source:
        """Return the version as it is now."""
        return get_source(self.session, self.key, self.version)

    def blank(self, kind: type[Sent], **values: Any) -> Sent:
        """Return an empty form; refuses a version that nobody changes any more."""
        return kind.blank(self.language, {"version": seen_of(self.look()), **values})

    def sent(self, kind: type[Sent]) -> Sent:
        """Return the form as it came in."""
        return kind.read(self.body, self.language)

    def show(self, template: str, form: VersionForm, shown: Shown = _nothing_more) -> Response[str]:
        """Show a form."""
        return page(self.request, template, **self._context(form, shown))

    def save(
        self,
        template: str,
        form: VersionForm,
        act: Callable[[Edit], Result],
        shown: Shown = _nothing_more,
        *,
        see: str = "",
        then: Callable[[Result], Response[str] | None] | None = None,
    ) -> Response[str]:
        """Do what a form asks, or show it again.

        Parameters
        ----------
        act : Callable
            Changes the version; its refusals come back above the form.
        shown : Callable
            What else the template needs.
        see : str
            The page below the version to go on to; empty for that of the version.
        then : Callable, optional
            An answer of its own to what the act returned; None for the usual one.
        """
        if not form.holds():
            return self._again(template, form, shown, None)
        try:
            result = act(self.edit(form))
        except REFUSALS as error:
            return self._again(template, form, shown, error)
        return (then(result) if then else None) or self.done(see)

    def press(self, act: Callable[[Edit], object]) -> Response[str]:
        """Do what a button asks that is a form of its own; its refusals are a page."""
        act(self.edit(self.sent(VersionForm)))
        return self.done()

    def edit(self, form: VersionForm) -> Edit:
        """Return the change that a form asks for, of the version that was looked at."""
        return Edit(self.key, self.version, form.seen, self.actor)

    def done(self, see: str = "") -> Response[str]:
        """Go back to the page of the version, or to one below it."""
        target = frame_of(self.request).url(path_of(self.key, self.version) + see)
        return done(self.request, see=target, said="library.done_saved")

    def _again(
        self, template: str, form: VersionForm, shown: Shown, error: BakenError | None
    ) -> Response[str]:
        self.session.rollback()
        if isinstance(error, EditedMeanwhile):
            # Whoever is told that somebody else was first can save knowingly.
            form.version.data = str(find_row(self.session, self.key, self.version).version)
        if error is not None:
            form.refuse(error)
        status = HTTP_422_UNPROCESSABLE_ENTITY
        return page(self.request, template, status=status, **self._context(form, shown))

    def _context(self, form: VersionForm, shown: Shown) -> dict[str, Any]:
        source = self.look()
        view = version_view(source, self.language)
        return {"form": form, "version": view, **shown(source)}


def seen_of(source: Source) -> int:
    """The edit that a form is made from; refuses a version that nobody changes any more."""
    if source.row is None or source.row.is_locked:
        raise VersionLocked
    return source.row.version


def _desk(
    request: PageRequest,
    *,
    session: NamedDependency[Session],
    actor: NamedDependency[Actor],
    language: NamedDependency[str],
    key: FromPath[str],
    version: FromPath[str],
) -> Desk:
    body: Form = request.state.get("form", EMPTY)
    return Desk(request, session, actor, language, body, key, version)


# It only gathers what the handlers may ask for anyway, so it cannot fail with a session open.
DESK: Final = {"desk": Provide(_desk, sync_to_thread=False)}
