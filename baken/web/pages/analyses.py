"""Risk analyses: the list, the form and the page of one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Self
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from baken.actionplan.analyses import actions, queries
from baken.actionplan.analyses.change_actions import list_changes
from baken.actionplan.analyses.models import RiskAnalysis
from baken.actionplan.analyses.programme import list_turns
from baken.actionplan.analyses.rules import (
    AnalysisFields,
    AnalysisKind,
    AnalysisLevel,
    Coverage,
    Dimension,
    Feedback,
    Manifestation,
    missing_to_close,
)
from baken.actionplan.chain import chain_of_analysis
from baken.actionplan.talks.queries import list_talks
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.survey.campaigns.queries import get_campaign, list_campaigns
from baken.web.body import Form
from baken.web.pages.chain_views import came_of
from baken.web.pages.fields import option
from baken.web.pages.people_named import People
from baken.web.pages.plan_forms import PlanForm, as_id, day, line, save, seen_of, text
from baken.web.pages.plan_views import AnalysisRow, unit_choices, unit_names
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.pages.talk_views import TalkRow
from baken.web.pages.unit_ends import where_it_went
from baken.web.texts import catalogue

FORM = "actionplan/analysis_form.html"
NOT_COVERED = "actionplan.dimension_not_covered"
LOOKED_AT = (*Dimension, *Manifestation)


class AnalysisForm(PlanForm):
    """What people fill in about an analysis; two more fields for every A are added below."""

    title = line("analyses.name", length=200, hint="analyses.name_hint")
    kind = RadioField(
        "analyses.kind",
        [InputRequired()],
        choices=[option(each.value, f"analyses.kind_{each}") for each in AnalysisKind],
        default=AnalysisKind.A_PRIORI,
    )
    unit_id = SelectField("analyses.group", description="analyses.group_hint", default="")
    method = text("analyses.method", hint="analyses.method_hint")
    participation = text("analyses.participation", hint="analyses.participation_hint")
    campaign_id = SelectField("analyses.campaign", default="")
    is_pilot = BooleanField("analyses.is_pilot", description="analyses.pilot_hint")
    papa_is_internal = BooleanField("analyses.papa_is_internal")
    papa_involved = BooleanField("analyses.papa_involved")
    papa_reason = text("analyses.papa_reason", hint="analyses.papa_reason_hint", rows=2)
    anonymous_way = text("analyses.anonymous_way", hint="analyses.anonymous_way_hint", rows=2)
    started_on = day("analyses.started_on")
    next_review_on = day(
        "analyses.next_review_on", hint="analyses.next_review_hint", required=False
    )

    @classmethod
    def of(cls, analysis: RiskAnalysis, language: str) -> Self:
        kept = {**analysis.coverage, **analysis.manifestations}
        values = {
            "title": analysis.title,
            "kind": analysis.kind,
            "unit_id": str(analysis.unit_id or ""),
            "method": analysis.method,
            "participation": analysis.participation,
            "campaign_id": str(analysis.campaign_id or ""),
            "is_pilot": analysis.is_pilot,
            "papa_is_internal": analysis.papa_is_internal,
            "papa_involved": analysis.papa_involved,
            "papa_reason": analysis.papa_reason,
            "anonymous_way": analysis.anonymous_way,
            "started_on": analysis.started_on,
            "next_review_on": analysis.next_review_on,
            "version": analysis.version,
        }
        values |= {f"covered_{each}": kept.get(each, {}).get("evaluated") for each in LOOKED_AT}
        values |= {f"why_{each}": kept.get(each, {}).get("reason", "") for each in LOOKED_AT}
        return cls.blank(language, values)

    def offer(self, session: Session, *, by: Actor, today: date, kept: UUID | None = None) -> Self:
        """Fill in what can be chosen."""
        texts = catalogue(self.language)
        whole = texts("findings.whole")
        self.unit_id.choices = unit_choices(session, whole, today=today, kept=kept)
        campaigns = list_campaigns(session, by=by)
        self.campaign_id.choices = [
            option("", texts("analyses.no_campaign")),
            *(option(str(campaign.id), campaign.title) for campaign in campaigns),
        ]
        return self

    def fields(self) -> AnalysisFields:
        unit_id = as_id(self.unit_id.data)
        return AnalysisFields(
            title=self.title.data,
            kind=AnalysisKind(self.kind.data),
            level=AnalysisLevel.GROUP if unit_id else AnalysisLevel.ORGANISATION,
            unit_id=unit_id,
            method=self.method.data,
            participation=self.participation.data,
            campaign_id=as_id(self.campaign_id.data),
            is_pilot=self.is_pilot.data,
            papa_is_internal=self.papa_is_internal.data,
            papa_involved=self.papa_involved.data,
            papa_reason=self.papa_reason.data,
            anonymous_way=self.anonymous_way.data,
            coverage={each: self._covered(each) for each in Dimension},
            manifestations={each: self._covered(each) for each in Manifestation},
            started_on=self.started_on.data,
            next_review_on=self.next_review_on.data,
        )

    def _covered(self, each: Dimension | Manifestation) -> Coverage:
        return Coverage(self[f"covered_{each}"].data, self[f"why_{each}"].data)


for _each in LOOKED_AT:
    setattr(AnalysisForm, f"covered_{_each}", BooleanField(f"analyses.covered_{_each}"))
    setattr(AnalysisForm, f"why_{_each}", text("analyses.why_not", rows=2))


@dataclass(frozen=True, slots=True)
class CoveredRow:
    """Whether one A was looked at, and if not, why."""

    key: str
    evaluated: bool
    reason: str


@dataclass(frozen=True, slots=True)
class AnalysisView:
    """An analysis on its own page."""

    row: AnalysisRow
    group: str
    method: str
    participation: str
    campaign_id: UUID | None
    campaign: str
    is_pilot: bool
    papa_is_internal: bool
    papa_involved: bool
    papa_reason: str
    anonymous_way: str
    coverage: tuple[CoveredRow, ...]
    manifestations: tuple[CoveredRow, ...]
    feedback: Feedback | None
    missing: tuple[str, ...]
    closed_by: str
    next_review_on: date
    global_plan_id: UUID | None
    version: int


def _covered_rows(names: Iterable[str], kept: Mapping[str, Any]) -> tuple[CoveredRow, ...]:
    return tuple(
        CoveredRow(
            each, bool(kept.get(each, {}).get("evaluated")), kept.get(each, {}).get("reason", "")
        )
        for each in names
    )


def why_not_closed(analysis: RiskAnalysis, *, today: date, language: str) -> tuple[str, ...]:
    """The sentences that would refuse the closing; none where it can be closed."""
    if analysis.closed_on is not None:
        return ()
    told, given = actions.fields_of(analysis), actions.feedback_of(analysis)
    texts = catalogue(language)
    missing = list(missing_to_close(told, given, today=today))
    left = [one.values["dimension"] for one in missing if one.key == NOT_COVERED]
    sentences = [texts.refusal(one) for one in missing if one.key != NOT_COVERED]
    if left:
        names = ", ".join(texts(f"findings.factor_{each}") for each in left)
        sentences.insert(0, texts("analyses.left_open", what=names))
    return tuple(sentences)


def analysis_view(
    session: Session, analysis: RiskAnalysis, *, today: date, language: str
) -> AnalysisView:
    """An analysis with the names of what it points at."""
    campaign = get_campaign(session, analysis.campaign_id) if analysis.campaign_id else None
    return AnalysisView(
        row=AnalysisRow.of(analysis),
        group=unit_names(session)[analysis.unit_id] if analysis.unit_id else "",
        method=analysis.method,
        participation=analysis.participation,
        campaign_id=analysis.campaign_id,
        campaign=campaign.title if campaign else "",
        is_pilot=analysis.is_pilot,
        papa_is_internal=analysis.papa_is_internal,
        papa_involved=analysis.papa_involved,
        papa_reason=analysis.papa_reason,
        anonymous_way=analysis.anonymous_way,
        coverage=_covered_rows(Dimension, analysis.coverage),
        manifestations=_covered_rows(Manifestation, analysis.manifestations),
        feedback=actions.feedback_of(analysis),
        missing=why_not_closed(analysis, today=today, language=language),
        closed_by=People.known(session).of(analysis.closed_by),
        next_review_on=analysis.next_review_on,
        global_plan_id=analysis.global_plan_id,
        version=analysis.version,
    )


class AnalysisPages(Controller):
    """What was looked at, with whom, and what it covered."""

    path = "/o/{organisation_id:uuid}/analyses"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(self, request: PageRequest, session: NamedDependency[Session]) -> Response[str]:
        names = unit_names(session)
        rows = tuple(
            (AnalysisRow.of(row), names[row.unit_id] if row.unit_id else "")
            for row in queries.list_analyses(session)
        )
        return page(request, "actionplan/analyses.html", rows=rows)

    @get("/new", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def new_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        form = AnalysisForm.blank(language, {"started_on": today})
        form.offer(session, by=actor, today=today)
        return page(request, FORM, form=form, analysis=None, meanwhile=())

    @post("/new", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def add(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = AnalysisForm.read(form, language).offer(session, by=actor, today=today)

        def write() -> str:
            made = actions.start_analysis(session, sent.fields(), by=actor)
            return frame_of(request).url(f"/analyses/{made.id}")

        return save(
            request, session, FORM, sent, write, said="analyses.done_started", analysis=None
        )

    @get("/{analysis_id:uuid}", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def detail(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        analysis_id: FromPath[UUID],
    ) -> Response[str]:
        analysis = queries.get_analysis(session, analysis_id)
        chain = chain_of_analysis(session, analysis_id, by=actor, today=today)
        return page(
            request,
            "actionplan/analysis.html",
            analysis=analysis_view(session, analysis, today=today, language=language),
            talks=tuple(
                TalkRow.of(talk) for talk in list_talks(session, risk_analysis_id=analysis_id)
            ),
            n_turns=len(list_turns(session, analysis_id)),
            came=came_of(session, chain),
            changes=tuple(
                (one.id, one.title, one.happens_on)
                for one in list_changes(session, risk_analysis_id=analysis_id)
            ),
            gone=where_it_went(session, analysis.unit_id, today=today, language=language),
        )

    @get("/{analysis_id:uuid}/edit", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def edit_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
        analysis_id: FromPath[UUID],
    ) -> Response[str]:
        analysis = queries.get_analysis(session, analysis_id)
        form = AnalysisForm.of(analysis, language)
        form.offer(session, by=actor, today=today, kept=analysis.unit_id)
        row = AnalysisRow.of(analysis)
        return page(request, FORM, form=form, analysis=row, meanwhile=())

    @post("/{analysis_id:uuid}/edit", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def edit(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        analysis_id: FromPath[UUID],
    ) -> Response[str]:
        before = queries.get_analysis(session, analysis_id)
        row, kept = AnalysisRow.of(before), before.unit_id
        sent = AnalysisForm.read(form, language)
        sent.offer(session, by=actor, today=today, kept=kept)

        def write() -> str:
            actions.edit_analysis(session, analysis_id, sent.fields(), seen=sent.seen, by=actor)
            return frame_of(request).url(f"/analyses/{analysis_id}")

        def standing() -> AnalysisForm:
            now = AnalysisForm.of(queries.get_analysis(session, analysis_id), language)
            return now.offer(session, by=actor, today=today, kept=kept)

        said = "analyses.done_edited"
        return save(request, session, FORM, sent, write, said=said, standing=standing, analysis=row)

    @post("/{analysis_id:uuid}/close", opt={"action": Action.RECORD_FINDING}, sync_to_thread=True)
    def close(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        form: NamedDependency[Form],
        analysis_id: FromPath[UUID],
    ) -> Response[str]:
        actions.close_analysis(session, analysis_id, seen=seen_of(form), by=actor, today=today)
        see = frame_of(request).url(f"/analyses/{analysis_id}")
        return done(request, see=see, said="analyses.done_closed")
