"""Entries of the register: the list, reading one, and what the keeper does with it.

Reading is an act of its own that is recorded, so it is asked with a button: looking at a page
changes nothing.
"""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import FromPath

from baken.actionplan.register import actions
from baken.actionplan.register.access import rights_of
from baken.actionplan.register.actions import Refusal
from baken.actionplan.register.errors import AboutColleague, NotNow
from baken.actionplan.register.lists import lists
from baken.actionplan.register.queries import get_row, list_rows
from baken.actionplan.register.receipts import print_receipt
from baken.actionplan.register.rules import dealt_with
from baken.actionplan.register.setting_up import get_register, reach_in
from baken.organisation.permissions import Action, Actor
from baken.storage.base import EditedMeanwhile
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.web.pages.campaign_forms import VersionedForm
from baken.web.pages.plan_forms import as_id, as_version, seen_of
from baken.web.pages.register_desk import Desk, provide_desk
from baken.web.pages.register_forms import CorrectionForm, HoldForm, RefusalForm, TypedForm
from baken.web.pages.register_late import not_done
from baken.web.pages.register_views import FILES_TAKEN, EntryView, RowView
from baken.web.pages.reply import PageRequest, page, refused

READING: Final = {"action": Action.READ_REGISTER, "fresh": True}
KEEPING: Final = {"action": Action.KEEP_REGISTER, "fresh": True}
# Whoever takes longer than ten minutes to write gets the form again with what was typed.
WRITING: Final = {**KEEPING, "asks_itself": True}
ENTRY_LIMIT: Final = 2 * 1024 * 1024
"""Texts far beyond what is taken come back with a sentence instead of being lost."""

# What was done, and where to see it.
_AFTERWARDS: Final = {"refuse": ("done_refused", ""), "hold": ("done_held", "/{entry}")}
NEW: Final = "register/new.html"
CORRECT: Final = "register/correct.html"
WHY: Final = "register/why.html"


class RegisterEntries(Controller):
    """What those who may read the register do with it."""

    path = "/o/{organisation_id:uuid}/register/entries"
    dependencies = {"desk": Provide(provide_desk, sync_to_thread=False)}

    @get("/", opt=READING, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        language: NamedDependency[str],
    ) -> Response[str]:
        rows = [RowView.of(row, language, today) for row in list_rows(session, by=actor, now=now)]
        return page(
            request,
            "register/entries.html",
            waiting=tuple(row for row in rows if row.state == "waiting"),
            numbered=tuple(row for row in rows if row.number is not None),
            refused=tuple(row for row in rows if row.state == "refused"),
            refused_days=lists().retention.refused_days,
            ticks_all=request.query_params.get("tick") == "all",
            rights={right.value for right in rights_of(get_register(session), actor)},
        )

    @get("/new", opt=KEEPING, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        form = TypedForm.fresh(language)
        reach = reach_in(get_register(session), language)
        return page(request, NEW, form=form, reach=reach, is_stale=False)

    @post(
        "/new",
        opt=WRITING,
        sync_to_thread=True,
        status_code=200,
        request_max_body_size=ENTRY_LIMIT,
    )
    def enter(self, desk: NamedDependency[Desk]) -> Response[str]:
        """Write an entry; the receipt is shown once, to hand over to the worker."""
        form = TypedForm.sent(desk.body, desk.language)
        shown: dict[str, Any] = {"reach": reach_in(get_register(desk.session), desk.language)}
        again = desk.stale(NEW, form=form, **shown)
        if again is not None:
            return again
        shown["is_stale"] = False
        if not form.validate():
            return refused(desk.request, desk.session, NEW, form=form, **shown)
        try:
            made = actions.enter(desk.session, desk.keys, form.told, **desk.how)
        except BakenError as error:
            shown["is_colleague"] = isinstance(error, AboutColleague)
            return refused(desk.request, desk.session, NEW, form=form, error=error, **shown)
        receipt = print_receipt(made.receipt)
        return page(
            desk.request, "register/entered.html", receipt=receipt, number=made.entry.number
        )

    @get("/{entry_id:uuid}", opt=READING, sync_to_thread=True)
    def closed(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        language: NamedDependency[str],
        entry_id: FromPath[UUID],
    ) -> Response[str]:
        row = get_row(session, entry_id, by=actor, now=now)
        view = RowView.of(row, language, today)
        return page(request, "register/closed.html", row=view)

    @post("/{entry_id:uuid}/read", opt=READING, sync_to_thread=True, status_code=200)
    def read(self, desk: NamedDependency[Desk], entry_id: FromPath[UUID]) -> Response[str]:
        """Open an entry; the record says so, and its author can see it."""
        reading = actions.read_entry(desk.session, desk.keys, entry_id, by=desk.by, now=desk.now)
        rights = {right.value for right in rights_of(get_register(desk.session), desk.by)}
        forms: dict[str, Any] = {**FILES_TAKEN}
        values = {"version": reading.version}
        if "change" in rights and reading.facts:
            forms |= {
                "correction": CorrectionForm.of(reading.facts, reading.version, desk.language),
                "refusal": RefusalForm.blank(desk.language, values),
                "hold": HoldForm.blank(desk.language, values),
            }
        entry = EntryView.of(reading, desk.language)
        return page(desk.request, "register/entry.html", entry=entry, rights=rights, **forms)

    @post("/spam", opt=KEEPING, sync_to_thread=True)
    def refuse_spam(self, desk: NamedDependency[Desk]) -> Response[str]:
        """Refuse what was ticked in the list, all at once."""
        ticked = [one.partition(".") for one in desk.body.getlist("entry")]
        chosen = {key: as_version(seen) for one, _, seen in ticked if (key := as_id(one))}
        actions.refuse_spam(desk.session, desk.keys, chosen, **desk.how)
        return desk.back("done_spam")

    @post("/{entry_id:uuid}/accept", opt=KEEPING, sync_to_thread=True)
    def accept(self, desk: NamedDependency[Desk], entry_id: FromPath[UUID]) -> Response[str]:
        def write() -> None:
            seen = seen_of(desk.body)
            actions.accept(desk.session, entry_id, seen=seen, by=desk.by, now=desk.now)

        return _do(desk, entry_id, write, said="done_accepted")

    @post(
        "/{entry_id:uuid}/correct",
        opt=WRITING,
        sync_to_thread=True,
        request_max_body_size=ENTRY_LIMIT,
    )
    def correct(self, desk: NamedDependency[Desk], entry_id: FromPath[UUID]) -> Response[str]:
        form = CorrectionForm.read(desk.body, desk.language).offer(desk.language, colleague=False)
        again = desk.stale(CORRECT, form=form, entry_id=entry_id)
        if again is not None:
            return again
        show = partial(
            refused, desk.request, desk.session, CORRECT, entry_id=entry_id, is_stale=False
        )
        if not form.validate():
            return show(form=form)
        try:
            actions.correct(
                desk.session,
                desk.keys,
                entry_id,
                form.facts,
                str(form.reason.data),
                seen=form.seen,
                **desk.how,
            )
        except BakenError as error:
            return show(form=form, error=error)
        return desk.back("done_corrected", f"/{entry_id}")

    @post("/{entry_id:uuid}/refuse", opt=WRITING, sync_to_thread=True)
    def refuse(self, desk: NamedDependency[Desk], entry_id: FromPath[UUID]) -> Response[str]:
        form = RefusalForm.read(desk.body, desk.language)

        def write() -> None:
            reason, words = Refusal(form.reason.data), str(form.words.data or "")
            actions.refuse(
                desk.session, desk.keys, entry_id, reason, words, seen=form.seen, **desk.how
            )

        return _say_why(desk, entry_id, form, write, act="refuse")

    @post("/{entry_id:uuid}/hold", opt=WRITING, sync_to_thread=True)
    def hold(self, desk: NamedDependency[Desk], entry_id: FromPath[UUID]) -> Response[str]:
        form = HoldForm.read(desk.body, desk.language)

        def write() -> None:
            reason = str(form.reason.data)
            actions.hold(desk.session, desk.keys, entry_id, reason, seen=form.seen, **desk.how)

        return _say_why(desk, entry_id, form, write, act="hold")

    @post("/{entry_id:uuid}/lift", opt=KEEPING, sync_to_thread=True)
    def lift(self, desk: NamedDependency[Desk], entry_id: FromPath[UUID]) -> Response[str]:
        def write() -> None:
            actions.lift(desk.session, desk.keys, entry_id, seen=seen_of(desk.body), **desk.how)

        return _do(desk, entry_id, write, said="done_lifted")


def _do(desk: Desk, entry_id: UUID, write: Callable[[], None], *, said: str) -> Response[str]:
    """Do what is one button; whoever comes second hears that, with the way to the entry."""
    try:
        write()
    except (EditedMeanwhile, NotNow):
        desk.session.rollback()
        return not_done(desk.request, entry_id, dealt_with())
    return desk.back(said, f"/{entry_id}")


def _say_why(
    desk: Desk, entry_id: UUID, form: VersionedForm, write: Callable[[], None], *, act: str
) -> Response[str]:
    """Do something that has a reason, or show its form again."""
    again = desk.stale(WHY, form=form, entry_id=entry_id, act=act)
    if again is not None:
        return again
    shown: dict[str, Any] = {"entry_id": entry_id, "act": act, "is_stale": False}
    show = partial(refused, desk.request, desk.session, WHY, **shown)
    if not form.validate():
        return show(form=form)
    try:
        write()
    except BakenError as error:
        return show(form=form, error=error)
    said, path = _AFTERWARDS[act]
    return desk.back(said, path.format(entry=entry_id))
