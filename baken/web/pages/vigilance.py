"""The vigilance network: who listens, one's own signals, what recurs."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from baken.actionplan.references import find
from baken.actionplan.requests.law import law, value_of
from baken.actionplan.requests.quarters.queries import LEAST
from baken.actionplan.requests.vigilance import actions, queries
from baken.actionplan.requests.vigilance.models import VigilanceContact, VigilanceTheme
from baken.actionplan.requests.vigilance.rules import last_settled_year
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session
from baken.web.body import EMPTY, Form
from baken.web.pages.plan_forms import save
from baken.web.pages.plan_views import unit_names
from baken.web.pages.reply import PageRequest, frame_of, page, see_page
from baken.web.pages.request_forms import Sheet
from baken.web.pages.vigilance_forms import (
    AnsweredForm,
    ContactForm,
    ReplyForm,
    SignalForm,
    ThemeForm,
    UntilForm,
    as_instant,
    on_clock,
)

SEEING: Final = {"action": Action.SEE_VIGILANCE}
KEEPING: Final = {"action": Action.KEEP_VIGILANCE}
TAKING: Final = {"action": Action.TAKE_SIGNALS}
ANSWERING: Final = {"action": Action.EDIT_PLANS}
FORM: Final = "requests/form.html"
NEW: Final = "/contacts/new"
SIGNAL: Final = "/signals/new"
THEME: Final = "/themes/new"


@dataclass(frozen=True, slots=True)
class ThemeView:
    """Something that recurs, and the answer."""

    id: UUID
    theme: str
    title: str
    pattern: str
    suggestion: str
    told_on: date
    answer: str
    answered_on: date | None

    @classmethod
    def of(cls, row: VigilanceTheme, themes: dict[str, str]) -> "ThemeView":
        return cls(
            row.id,
            themes.get(row.theme, ""),
            row.title,
            row.pattern,
            row.suggestion,
            row.told_on,
            row.answer,
            row.answered_on,
        )


@dataclass(frozen=True, slots=True)
class _Desk:
    """What every form of the network needs."""

    request: PageRequest
    session: Session
    by: Actor
    today: date
    now: datetime
    body: Form
    language: str

    def show(self, form: Any, sheet: Sheet) -> Response[str]:
        return page(self.request, FORM, form=form, sheet=sheet, meanwhile=())

    def save(self, sent: Any, write: Any, sheet: Sheet, said: str) -> Response[str]:
        def go() -> str:
            write()
            return frame_of(self.request).url("/vigilance")

        said = f"vigilance.{said}"
        return save(self.request, self.session, FORM, sent, go, said=said, sheet=sheet)


def provide_desk(
    request: PageRequest,
    *,
    session: NamedDependency[Session],
    actor: NamedDependency[Actor],
    today: NamedDependency[date],
    now: NamedDependency[datetime],
    language: NamedDependency[str],
) -> _Desk:
    """Gather what a form needs."""
    return _Desk(request, session, actor, today, now, request.state.get("form", EMPTY), language)


class VigilancePages(Controller):
    """Volunteers who listen, and what they pass on."""

    path = "/o/{organisation_id:uuid}/vigilance"
    dependencies = {"desk": Provide(provide_desk, sync_to_thread=False)}

    @get("/", opt=SEEING, sync_to_thread=True)
    def home(self, desk: NamedDependency[_Desk]) -> Response[str]:
        themes = {one.key: one.texts[desk.language] for one in law().themes}
        takes = queries.takes_signals(desk.session, by=desk.by, today=desk.today)
        year = last_settled_year(desk.today)
        counted = queries.count_themes(desk.session, year)
        contacts = queries.list_contacts(desk.session, today=desk.today)
        return page(
            desk.request,
            "requests/vigilance.html",
            contacts=contacts,
            mute=queries.cannot_note(desk.session, contacts, today=desk.today),
            units=unit_names(desk.session),
            takes=takes,
            signals=tuple(queries.own_signals(desk.session, by=desk.by, now=desk.now))
            if takes
            else (),
            themes=themes,
            told=tuple(ThemeView.of(row, themes) for row in queries.list_themes(desk.session)),
            may_tell=takes or may(desk.by, Action.KEEP_VIGILANCE),
            counted=tuple((themes[key], n) for key, n in counted.items()),
            year=year,
            least=LEAST,
            hours=value_of("answer_hours"),
        )

    @get("/contacts/new", opt=KEEPING, sync_to_thread=True)
    def contact_page(self, desk: NamedDependency[_Desk]) -> Response[str]:
        form = ContactForm.blank(desk.language, {"from_on": desk.today})
        return desk.show(form.offer(desk.session, today=desk.today), _sheet("add_contact", NEW))

    @post("/contacts/new", opt=KEEPING, sync_to_thread=True)
    def add_contact(self, desk: NamedDependency[_Desk]) -> Response[str]:
        sent = ContactForm.read(desk.body, desk.language).offer(desk.session, today=desk.today)

        def write() -> None:
            actions.add_contact(desk.session, sent.contact(), by=desk.by, today=desk.today)

        return desk.save(sent, write, _sheet("add_contact", NEW), "done_contact")

    @get("/contacts/{contact_id:uuid}/end", opt=KEEPING, sync_to_thread=True)
    def end_page(self, desk: NamedDependency[_Desk], contact_id: FromPath[UUID]) -> Response[str]:
        version = find(desk.session, VigilanceContact, contact_id).version
        form = UntilForm.blank(desk.language, {"until_on": desk.today, "version": version})
        return desk.show(form, _sheet("end_contact", f"/contacts/{contact_id}/end"))

    @post("/contacts/{contact_id:uuid}/end", opt=KEEPING, sync_to_thread=True)
    def end_contact(
        self, desk: NamedDependency[_Desk], contact_id: FromPath[UUID]
    ) -> Response[str]:
        sent = UntilForm.read(desk.body, desk.language)

        def write() -> None:
            until_on: Any = sent.until_on.data
            actions.end_contact(
                desk.session, contact_id, until_on=until_on, seen=sent.seen, by=desk.by
            )

        sheet = _sheet("end_contact", f"/contacts/{contact_id}/end")
        return desk.save(sent, write, sheet, "done_ended")

    @get("/signals/new", opt=TAKING, sync_to_thread=True)
    def signal_page(self, desk: NamedDependency[_Desk]) -> Response[str]:
        if not queries.takes_signals(desk.session, by=desk.by, today=desk.today):
            return see_page(frame_of(desk.request).url("/vigilance"))  # where the list stands
        form = SignalForm.blank(desk.language, {"received_at": on_clock(desk.now)})
        return desk.show(form.offer(), _sheet("take_signal", SIGNAL))

    @post("/signals/new", opt=TAKING, sync_to_thread=True)
    def take_signal(self, desk: NamedDependency[_Desk]) -> Response[str]:
        sent = SignalForm.read(desk.body, desk.language).offer()

        def write() -> None:
            values: Any = sent.data
            actions.take_signal(
                desk.session,
                values["theme"],
                received_at=as_instant(values["received_at"]),
                is_answered=bool(values["is_answered"]),
                by=desk.by,
                today=desk.today,
                now=desk.now,
            )

        return desk.save(sent, write, _sheet("take_signal", SIGNAL), "done_signal")

    @get("/signals/{signal_id:uuid}/answer", opt=TAKING, sync_to_thread=True)
    def answered_page(
        self, desk: NamedDependency[_Desk], signal_id: FromPath[UUID]
    ) -> Response[str]:
        signal = queries.get_own_signal(desk.session, signal_id, by=desk.by)
        values = {"answered_at": on_clock(desk.now), "version": signal.version}
        form = AnsweredForm.blank(desk.language, values)
        return desk.show(form, _sheet("note_answer", f"/signals/{signal_id}/answer"))

    @post("/signals/{signal_id:uuid}/answer", opt=TAKING, sync_to_thread=True)
    def answer_signal(
        self, desk: NamedDependency[_Desk], signal_id: FromPath[UUID]
    ) -> Response[str]:
        sent = AnsweredForm.read(desk.body, desk.language)

        def write() -> None:
            moment: Any = sent.answered_at.data
            actions.answer_signal(
                desk.session,
                signal_id,
                answered_at=as_instant(moment),
                seen=sent.seen,
                by=desk.by,
                today=desk.today,
                now=desk.now,
            )

        sheet = _sheet("note_answer", f"/signals/{signal_id}/answer")
        return desk.save(sent, write, sheet, "done_answered")

    @get("/themes/new", opt=TAKING, sync_to_thread=True)
    def theme_page(self, desk: NamedDependency[_Desk]) -> Response[str]:
        form = ThemeForm.blank(desk.language, {"told_on": desk.today})
        return desk.show(form.offer(), _sheet("tell_theme", THEME))

    @post("/themes/new", opt=TAKING, sync_to_thread=True)
    def tell_theme(self, desk: NamedDependency[_Desk]) -> Response[str]:
        sent = ThemeForm.read(desk.body, desk.language).offer()

        def write() -> None:
            actions.tell_theme(desk.session, sent.fields(), by=desk.by, today=desk.today)

        return desk.save(sent, write, _sheet("tell_theme", THEME), "done_told")

    @get("/themes/{theme_id:uuid}/reply", opt=ANSWERING, sync_to_thread=True)
    def reply_page(self, desk: NamedDependency[_Desk], theme_id: FromPath[UUID]) -> Response[str]:
        theme = queries.get_theme(desk.session, theme_id)
        values = {
            "answer": theme.answer,
            "answered_on": theme.answered_on or desk.today,
            "version": theme.version,
        }
        form = ReplyForm.blank(desk.language, values)
        return desk.show(form, _sheet("reply", f"/themes/{theme_id}/reply"))

    @post("/themes/{theme_id:uuid}/reply", opt=ANSWERING, sync_to_thread=True)
    def reply(self, desk: NamedDependency[_Desk], theme_id: FromPath[UUID]) -> Response[str]:
        sent = ReplyForm.read(desk.body, desk.language)

        def write() -> None:
            values: Any = sent.data
            actions.answer_theme(
                desk.session,
                theme_id,
                values["answer"],
                answered_on=values["answered_on"],
                seen=sent.seen,
                by=desk.by,
                today=desk.today,
            )

        return desk.save(sent, write, _sheet("reply", f"/themes/{theme_id}/reply"), "done_replied")


def _sheet(what: str, path: str) -> Sheet:
    return Sheet(
        title=f"vigilance.{what}",
        over="vigilance.title",
        back="/vigilance",
        post=f"/vigilance{path}",
        button="vigilance.save",
        story=f"vigilance.{what}_story",
    )
