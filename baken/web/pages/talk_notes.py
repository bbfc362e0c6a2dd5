"""Notes, dots and agreements of a talk."""

from datetime import date
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.errors import ActionPlanError
from baken.actionplan.talks import actions, note_rules, notes, queries
from baken.actionplan.talks.guides import guides
from baken.actionplan.talks.models import Talk, TalkNote
from baken.actionplan.talks.note_rules import Input
from baken.actionplan.talks.rules import Method
from baken.organisation.permissions import Action, Actor
from baken.storage.base import EditedMeanwhile
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.fields import whole
from baken.web.pages.form_page import FormAt, Part, keep, show
from baken.web.pages.plan_forms import PlanForm, seen_of
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused
from baken.web.pages.talk_forms import MOST_PEOPLE, WAYS, AgreementForm, NoteForm
from baken.web.pages.talk_views import TalkRow

VOTES = "actionplan/talk_votes.html"


class VotersForm(PlanForm):
    """How many people put dots; the dots of each note stand beside it."""

    n_voters = whole("talks.n_voters", low=1, high=MOST_PEOPLE)


class TalkNotePages(Controller):
    """What was said, weighed and agreed."""

    path = "/o/{organisation_id:uuid}/talks/{talk_id:uuid}"

    @get("/notes/new", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        talk = queries.get_talk(session, talk_id)
        note_rules.check_can_note(talk.state)
        way = Input.INTERVIEW if talk.method == Method.INTERVIEWS else Input.SPOKEN
        form = NoteForm.blank(language, {"way": way}).offer(talk)
        return show(request, _note_at(request, talk), form)

    @post("/notes/new", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        talk = queries.get_talk(session, talk_id)
        at, sent = _note_at(request, talk), NoteForm.read(form, language).offer(talk)

        def write() -> str:
            notes.add_note(session, talk_id, sent.fields(), by=actor)
            return at.back

        return keep(request, session, at, sent, write, said="talks.done_noted")

    @get("/notes/{note_id:uuid}", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        talk_id: FromPath[UUID],
        note_id: FromPath[UUID],
    ) -> Response[str]:
        talk, note = _open(session, talk_id, note_id)
        form = NoteForm.of(note, language).offer(talk)
        return show(request, _note_at(request, talk, edits=True), form)

    @post("/notes/{note_id:uuid}", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        talk_id: FromPath[UUID],
        note_id: FromPath[UUID],
    ) -> Response[str]:
        talk, _ = _open(session, talk_id, note_id)
        at, sent = _note_at(request, talk, edits=True), NoteForm.read(form, language).offer(talk)

        def write() -> str:
            notes.edit_note(session, note_id, sent.fields(), seen=sent.seen, by=actor)
            return at.back

        def standing() -> PlanForm:
            now_talk, now = _open(session, talk_id, note_id)
            return NoteForm.of(now, language).offer(now_talk)

        said = "talks.done_noted"
        return keep(request, session, at, sent, write, said=said, standing=standing)

    @post(
        "/notes/{note_id:uuid}/remove", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True
    )
    def remove(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        talk_id: FromPath[UUID],
        note_id: FromPath[UUID],
    ) -> Response[str]:
        notes.remove_note(session, note_id, seen=seen_of(form), by=actor)
        see = frame_of(request).url(f"/talks/{talk_id}")
        return done(request, see=see, said="talks.done_note_gone")

    @get("/votes", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def votes_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        talk = queries.get_talk(session, talk_id)
        note_rules.check_can_note(talk.state)
        form = VotersForm.blank(
            language, {"n_voters": talk.n_voters or talk.n_present, "version": talk.version}
        )
        # Dots of too few people show to nobody: whoever counts again begins with an empty list.
        is_shown = note_rules.shows_anonymous(talk.n_voters, talk.min_group)
        counted = queries.list_notes(session, talk_id) if is_shown else []
        dots = {note.id: str(note.votes) for note in counted}
        return page(request, VOTES, form=form, **_on_list(session, talk, dots))

    @post("/votes", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def count(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        talk = queries.get_talk(session, talk_id)
        sent = VotersForm.read(form, language)
        listed = [note.id for note in queries.visible(talk, queries.list_notes(session, talk_id))]
        dots = {note_id: (form.get(f"dots_{note_id}") or "0").strip() for note_id in listed}
        counted = {key: _counted(typed) for key, typed in dots.items()}
        context = _on_list(session, talk, dots)
        if not sent.validate():
            return refused(request, session, VOTES, form=sent, **context)
        try:
            n_voters = sent.n_voters.data or 0
            actions.count_votes(
                session, talk_id, counted, n_voters=n_voters, seen=sent.seen, by=actor
            )
        except (ActionPlanError, EditedMeanwhile) as error:
            return refused(request, session, VOTES, form=sent, error=error, **context)
        see = frame_of(request).url(f"/talks/{talk_id}")
        return done(request, see=see, said="talks.done_votes")

    @get("/agreements/new", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def agreement_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        at = _agreement_at(request, queries.get_talk(session, talk_id))
        return show(request, at, AgreementForm.blank(language))

    @post("/agreements/new", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def agree(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        talk_id: FromPath[UUID],
    ) -> Response[str]:
        at = _agreement_at(request, queries.get_talk(session, talk_id))
        sent = AgreementForm.read(form, language)

        def write() -> str:
            notes.add_agreement(session, talk_id, sent.fields(today), by=actor)
            return at.back

        return keep(request, session, at, sent, write, said="talks.done_agreed")

    @post(
        "/agreements/{agreement_id:uuid}/done",
        opt={"action": Action.RECORD_FINDING},
        sync_to_thread=True,
    )
    def keep_agreement(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        talk_id: FromPath[UUID],
        agreement_id: FromPath[UUID],
    ) -> Response[str]:
        notes.keep_agreement(session, agreement_id, seen=seen_of(form), by=actor, today=today)
        see = frame_of(request).url(f"/talks/{talk_id}")
        return done(request, see=see, said="talks.done_kept")


def _counted(typed: str) -> int:
    """A number of dots; what is none is more than anybody can have put, and is refused."""
    return int(typed) if typed.isascii() and typed.isdecimal() and len(typed) < 6 else -1


def _on_list(session: Session, talk: Talk, dots: dict[UUID, str]) -> dict[str, Any]:
    shown = queries.visible(talk, queries.list_notes(session, talk.id))
    rows = tuple((note.id, note.factor, note.text, dots.get(note.id, "0")) for note in shown)
    return {"talk": TalkRow.of(talk), "rows": rows, "meanwhile": ()}


def _open(session: Session, talk_id: UUID, note_id: UUID) -> tuple[Talk, TalkNote]:
    """A note that may be changed now, and its talk."""
    talk, note = queries.get_talk(session, talk_id), queries.get_note(session, note_id)
    notes.check_open(talk, note)
    return talk, note


def _asked(talk: Talk) -> tuple[str, ...]:
    """What is asked of a note: a topic where the guide has some, a way where there are several."""
    topics = ("topic",) if guides()[talk.method].topics else ()
    ways = ("way",) if len(WAYS[talk.method]) > 1 else ()
    return ("tone", "factor", *topics, "text", *ways)


def _note_at(request: PageRequest, talk: Talk, *, edits: bool = False) -> FormAt:
    return FormAt(
        verb="understand",
        title="talks.note_edit" if edits else "talks.note_new",
        back=frame_of(request).url(f"/talks/{talk.id}"),
        back_label=talk.title,
        save="analyses.save",
        parts=(Part(_asked(talk)),),
        story="talks.note_story",
    )


def _agreement_at(request: PageRequest, talk: Talk) -> FormAt:
    return FormAt(
        verb="understand",
        title="talks.agreement_new",
        back=frame_of(request).url(f"/talks/{talk.id}"),
        back_label=talk.title,
        save="analyses.save",
        parts=(Part(("what", "who", "due_on")),),
    )
