"""Handing the organisation over to another adviser, and the protocol of it."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from baken.actionplan.standing import describe_standing
from baken.organisation.handovers import actions
from baken.organisation.handovers.actions import Incoming
from baken.organisation.handovers.rules import LONGEST_OVERLAP
from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.fields import day, line, option, whole
from baken.web.pages.reply import PageRequest, frame_of, page, refused, see_page

PAGE: Final = "organisation/handover.html"


class HandoverForm(BackOfficeForm):
    """Who leaves, who follows, and from when."""

    outgoing = SelectMultipleField(
        "organisation.outgoing",
        [InputRequired(message="organisation.outgoing_missing")],
        description="organisation.outgoing_hint",
    )
    incoming = SelectField("organisation.incoming")
    name = line("organisation.incoming_name", length=200, required=False)
    mail = line("organisation.incoming_mail", length=254, required=False)
    from_on = day("organisation.handover_from", hint="organisation.handover_from_hint")
    overlap_days = whole(
        "organisation.overlap", low=0, high=LONGEST_OVERLAP, hint="organisation.overlap_hint"
    )

    def offer(self, session: Session, *, by: Actor, today: date) -> "HandoverForm":
        """Fill in who can be chosen."""
        advisers = actions.list_advisers(session, by=by, today=today)
        self.outgoing.choices = [option(str(key), name) for key, name in advisers]
        followers = actions.list_followers(session, by=by, today=today)
        others = [option(str(key), name) for key, name in followers]
        self.incoming.choices = [option("", "organisation.somebody_new"), *others]
        return self


class HandoverPages(Controller):
    """One adviser follows another."""

    path = "/o/{organisation_id:uuid}/organisation/hand-over"

    @get("/", opt={"action": Action.HAND_OVER, "fresh": True}, sync_to_thread=True)
    def form_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        form = HandoverForm.blank(language, {"from_on": today, "overlap_days": 0})
        form.offer(session, by=actor, today=today)
        rows = tuple(actions.list_handovers(session, by=actor))
        return page(request, PAGE, form=form, rows=rows)

    @post(
        "/",
        opt={"action": Action.HAND_OVER, "fresh": True},
        sync_to_thread=True,
        status_code=200,
    )
    def hand_over(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = HandoverForm.read(form, language).offer(session, by=actor, today=today)
        rows = tuple(actions.list_handovers(session, by=actor))
        if not sent.validate():
            return refused(request, session, PAGE, form=sent, rows=rows)
        first_day: date = sent["from_on"].data
        chosen = sent.incoming.data
        try:
            handover_id = actions.hand_over(
                session,
                outgoing=frozenset(map(UUID, sent.outgoing.data or [])),
                incoming=Incoming(
                    person_id=UUID(chosen) if chosen else None,
                    name=str(sent.name.data or ""),
                    mail=str(sent.mail.data or ""),
                ),
                from_on=first_day,
                overlap_days=int(sent["overlap_days"].data),
                standing=describe_standing(session),
                by=actor,
                today=today,
                now=now,
            )
        except BakenError as error:
            return refused(request, session, PAGE, form=sent, error=error, rows=rows)
        return see_page(frame_of(request).url(f"/organisation/hand-over/{handover_id}"))

    @get("/{handover_id:uuid}", opt={"action": Action.HAND_OVER}, sync_to_thread=True)
    def protocol_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        handover_id: FromPath[UUID],
    ) -> Response[str]:
        row = actions.get_handover(session, handover_id, by=actor)
        template = "organisation/handover_protocol.html"
        return page(request, template, row=row, standing=_with_days(row.standing))


def _with_days(standing: Any) -> Any:
    """Return what was noted, with its days as days again."""
    if isinstance(standing, list):
        return [_with_days(one) for one in standing]
    if not isinstance(standing, dict):
        return standing
    return {
        key: date.fromisoformat(value) if key.endswith("_on") and value else _with_days(value)
        for key, value in standing.items()
    }
