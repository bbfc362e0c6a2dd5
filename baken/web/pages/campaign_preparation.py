"""Preparing a campaign: the promise, the questionnaire, the units and whom they would show."""

from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.organisation.permissions import Action, Actor
from baken.organisation.units import list_units
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.campaigns.trees import current_tree
from baken.survey.disclosure.simulation import RATES
from baken.web.body import Form
from baken.web.pages.campaign_forms import PromiseForm, QuestionnaireForm, questionnaires
from baken.web.pages.campaign_preparing import Step, prepare, save_part
from baken.web.pages.campaign_sheets import (
    USUAL_RATE,
    day_of_units,
    frozen_rows,
    reach_context,
)
from baken.web.pages.reply import PageRequest, done, frame_of, page, refused

PROMISE = "survey/prepare_promise.html"
QUESTIONNAIRE = "survey/prepare_questionnaire.html"
SAVED = "preparation.done_saved"


class PreparationPages(Controller):
    """Small pages, each saved by itself."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/prepare"
    opt = {"action": Action.PREPARE_CAMPAIGN}

    @get("/promise", sync_to_thread=True)
    def promise_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.PROMISE, today=today, language=language)
        form = PromiseForm.of(draft.campaign, language)
        return page(request, PROMISE, form=form, **draft.context)

    @post("/promise", sync_to_thread=True)
    def promise(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.PROMISE, today=today, language=language)
        shown, sent = draft.context, PromiseForm.read(form, language)
        if not sent.validate():
            return refused(request, session, PROMISE, form=sent, **shown)
        try:
            save_part(session, campaign_id, seen=sent.seen, by=actor, **sent.values)
        except BakenError as error:
            return refused(request, session, PROMISE, form=sent, error=error, **shown)
        return done(request, see=frame_of(request).url(draft.following()), said=SAVED)

    @get("/questionnaire", sync_to_thread=True)
    def questionnaire_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.QUESTIONNAIRE, today=today, language=language)
        form = QuestionnaireForm.of(draft.campaign, questionnaires(session), language)
        return page(request, QUESTIONNAIRE, form=form, **draft.context)

    @post("/questionnaire", sync_to_thread=True)
    def questionnaire(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.QUESTIONNAIRE, today=today, language=language)
        shown, sent = draft.context, QuestionnaireForm.sent(form, questionnaires(session), language)
        if not sent.validate():
            return refused(request, session, QUESTIONNAIRE, form=sent, **shown)
        try:
            save_part(
                session,
                campaign_id,
                seen=sent.seen,
                by=actor,
                instrument=sent.chosen,
                languages=tuple(sent.languages.data or ()),
            )
        except BakenError as error:
            return refused(request, session, QUESTIONNAIRE, form=sent, error=error, **shown)
        return done(request, see=frame_of(request).url(draft.following()), said=SAVED)

    @get("/units", sync_to_thread=True)
    def units(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.UNITS, today=today, language=language)
        day = day_of_units(draft.campaign, today)
        units, tree = list_units(session, on=day), current_tree(session, on=day)
        rows = frozen_rows(units, tree, draft.campaign.min_group, whole=_whole(request))
        return page(
            request,
            "survey/prepare_units.html",
            day=day,
            rows=rows,
            people=sum(unit.headcount or 0 for unit in units),
            min_group=draft.campaign.min_group,
            following=draft.following(),
            **draft.context,
        )

    @get("/reach", sync_to_thread=True)
    def reach(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        today: NamedDependency[date],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        draft = prepare(session, campaign_id, Step.REACH, today=today, language=language)
        day = day_of_units(draft.campaign, today)
        tree = current_tree(session, on=day)
        shown = (
            {}
            if tree is None
            else reach_context(
                list_units(session, on=day),
                tree,
                draft.campaign.min_group,
                rate=_rate(request),
                whole=_whole(request),
            )
        )
        following = draft.following()
        template = "survey/prepare_reach.html"
        return page(request, template, following=following, **draft.context, **shown)


def _whole(request: PageRequest) -> str:
    place = frame_of(request).place
    return place.name if place else ""


def _rate(request: PageRequest) -> int:
    asked = request.query_params.get("at", "")
    return next((rate for rate in RATES if str(rate) == asked), USUAL_RATE)
