"""What every act at the register needs: who asks, in which session, with which keys."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from litestar import Response
from litestar.di import NamedDependency

from baken.organisation.permissions import Actor
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.errors import NotFresh
from baken.web.pages.access import check_fresh
from baken.web.pages.reply import PageRequest, done, frame_of, page


@dataclass(frozen=True, slots=True)
class Desk:
    """What every act at the register needs."""

    request: PageRequest
    session: Session
    keys: KeyStore
    by: Actor
    today: date
    now: datetime
    body: Form
    language: str

    @property
    def how(self) -> dict[str, Any]:
        return {"by": self.by, "today": self.today, "now": self.now}

    def back(self, said: str, path: str = "") -> Response[str]:
        see = frame_of(self.request).url(f"/register/entries{path}")
        return done(self.request, see=see, said=f"register.{said}")

    def stale(self, template: str, **context: Any) -> Response[str] | None:
        """The form again when the second step was too long ago; nothing typed is lost."""
        try:
            check_fresh(self.request)
        except NotFresh:
            return page(self.request, template, status=403, is_stale=True, **context)
        return None


def provide_desk(
    request: PageRequest,
    *,
    session: NamedDependency[Session],
    keys: NamedDependency[KeyStore],
    actor: NamedDependency[Actor],
    today: NamedDependency[date],
    now: NamedDependency[datetime],
    language: NamedDependency[str],
) -> Desk:
    """Gather what an act needs."""
    return Desk(request, session, keys, actor, today, now, request.state.form, language)
