"""References: the list, one of them, entering them by hand, correcting and retiring."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from baken.analysis.errors import ReferenceRetired
from baken.analysis.references.actions import enter_references, retire_reference
from baken.analysis.references.models import ReferenceSet
from baken.analysis.references.queries import get_reference_set, list_reference_sets
from baken.instruments.definition import Instrument
from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.campaign_forms import title_of
from baken.web.pages.library_words import full_name
from baken.web.pages.plan_forms import as_version
from baken.web.pages.reference_forms import ReferenceForm, options
from baken.web.pages.reference_views import ReferenceRow, measuring
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

FORM: Final = "analysis/reference_form.html"
SEE: Final = {"action": Action.SEE_REFERENCES}
EDIT: Final = {"action": Action.EDIT_REFERENCES}


class ReferencePages(Controller):
    """Figures from elsewhere that results are held against."""

    path = "/o/{organisation_id:uuid}/references"

    @get("/", opt=SEE, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
    ) -> Response[str]:
        known = measuring(session)
        rows = [
            ReferenceRow.of(row, known, language) for row in list_reference_sets(session, by=actor)
        ]
        return page(
            request,
            "analysis/references.html",
            rows=tuple(row for row in rows if row.retired_on is None),
            retired=tuple(row for row in rows if row.retired_on is not None),
        )

    @get("/new", opt=EDIT, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        known = measuring(session)
        chosen = request.query_params.get("questionnaire", "")
        if chosen not in known:
            return page(request, "analysis/reference_choose.html", choices=options(known, language))
        form = ReferenceForm.empty(known[chosen], language)
        return page(request, FORM, form=form, **_shown(known[chosen], language))

    @post("/new", opt=EDIT, sync_to_thread=True)
    def enter(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        instrument = measuring(session).get(form.get("questionnaire"))
        if instrument is None:
            raise NotFoundException
        return _keep(request, session, form, instrument, by=actor, today=today, language=language)

    @get("/{reference_id:uuid}", opt=SEE, sync_to_thread=True)
    def one_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        reference_id: FromPath[UUID],
    ) -> Response[str]:
        row = get_reference_set(session, reference_id, by=actor)
        return page(
            request,
            "analysis/reference.html",
            row=ReferenceRow.of(row, measuring(session), language),
            is_own=row.entered_by == actor.person_id,
        )

    @get("/{reference_id:uuid}/correct", opt=EDIT, sync_to_thread=True)
    def correct_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        reference_id: FromPath[UUID],
    ) -> Response[str]:
        row, instrument = _in_use(session, reference_id, by=actor)
        form = ReferenceForm.filled(row, instrument, language)
        return page(request, FORM, form=form, **_shown(instrument, language, row))

    @post("/{reference_id:uuid}/correct", opt=EDIT, sync_to_thread=True)
    def correct(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        reference_id: FromPath[UUID],
    ) -> Response[str]:
        row, instrument = _in_use(session, reference_id, by=actor)
        return _keep(
            request, session, form, instrument, row, by=actor, today=today, language=language
        )

    @post("/{reference_id:uuid}/retire", opt=EDIT, sync_to_thread=True)
    def retire(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        reference_id: FromPath[UUID],
    ) -> Response[str]:
        version = as_version(form.get("version"))
        retire_reference(session, reference_id, version=version, by=actor, today=today)
        return done(
            request, see=frame_of(request).url("/references"), said="references.done_retired"
        )


def _keep(
    request: PageRequest,
    session: Session,
    body: Form,
    instrument: Instrument,
    replaced: ReferenceSet | None = None,
    *,
    by: Actor,
    today: date,
    language: str,
) -> Response[str]:
    """Keep what was typed, or show it again with everything that is wrong with it."""
    sent = ReferenceForm.sent(body, instrument, language)
    shown = _shown(instrument, language, replaced)
    if not sent.validate():
        return refused(request, session, FORM, form=sent, **shown)
    references = sent.references(instrument, this_year=today.year)
    if sent.refusals:
        return refused(request, session, FORM, form=sent, **shown)
    try:
        enter_references(
            session,
            instrument,
            references,
            sent.described,
            replaces_id=replaced.id if replaced else None,
            by=by,
            today=today,
        )
    except BakenError as error:
        return refused(request, session, FORM, form=sent, error=error, **shown)
    said = "references.done_corrected" if replaced else "references.done_entered"
    return done(request, see=frame_of(request).url("/references"), said=said)


def _shown(
    instrument: Instrument, language: str, replaced: ReferenceSet | None = None
) -> dict[str, Any]:
    return {
        "questionnaire": f"{instrument.key} {instrument.version}",
        "title": full_name(title_of(instrument, language), instrument.version, language),
        "replaced": replaced.id if replaced else None,
    }


def _in_use(session: Session, reference_id: UUID, *, by: Actor) -> tuple[ReferenceSet, Instrument]:
    """Return a set that can be corrected, with its questionnaire."""
    row = get_reference_set(session, reference_id, by=by)
    instrument = measuring(session).get(row.questionnaire)
    is_same = instrument is not None and instrument.fingerprint == row.instrument_fingerprint
    if row.is_retired or instrument is None or not is_same:
        raise ReferenceRetired(
            "analysis.reference_settled",
            "This reference can no longer be corrected: it was retired, or its questionnaire has "
            "changed. Enter it anew.",
        )
    return row, instrument
