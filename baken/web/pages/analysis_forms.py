"""The forms of a risk analysis: what was looked at, whose turn it is, and what was told back."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from wtforms import BooleanField, RadioField, SelectField
from wtforms.validators import InputRequired

from baken.actionplan.analyses.models import RiskAnalysis
from baken.actionplan.analyses.rules import (
    AnalysisFields,
    AnalysisKind,
    AnalysisLevel,
    Coverage,
    Dimension,
    Manifestation,
)
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.survey.campaigns.queries import list_campaigns
from baken.web.pages.fields import HintSays, option, whole
from baken.web.pages.plan_forms import PlanForm, as_id, day, line, text
from baken.web.pages.plan_views import unit_choices
from baken.web.texts import catalogue, inside

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
    unit_id = SelectField(
        "analyses.group", [HintSays()], description="analyses.group_hint", default=""
    )
    method = text("analyses.method", hint="analyses.method_hint")
    participation = text(
        "analyses.participation", hint="analyses.participation_hint", more=(HintSays(),)
    )
    campaign_id = SelectField("analyses.campaign", default="")
    is_pilot = BooleanField("analyses.is_pilot", description="analyses.pilot_hint")
    papa_is_internal = BooleanField("analyses.papa_is_internal")
    papa_involved = BooleanField("analyses.papa_involved")
    papa_reason = text(
        "analyses.papa_reason", hint="analyses.papa_reason_hint", rows=2, more=(HintSays(),)
    )
    anonymous_way = text(
        "analyses.anonymous_way", hint="analyses.anonymous_way_hint", rows=2, more=(HintSays(),)
    )
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

    def label_of(self, field: Any) -> str:
        """Eleven boxes ask why not: away from its heading each says of what."""
        said, about = super().label_of(field), field.name.removeprefix("why_")
        if about == field.name:
            return said
        kind = "findings.factor" if about in set(Dimension) else "analyses.manifestation"
        return f"{self._said(f'{kind}_{about}')}, {inside(said, self.language)}"

    def _covered(self, each: Dimension | Manifestation) -> Coverage:
        return Coverage(self[f"covered_{each}"].data, self[f"why_{each}"].data)


for _each in LOOKED_AT:
    setattr(AnalysisForm, f"covered_{_each}", BooleanField(f"analyses.covered_{_each}"))
    setattr(AnalysisForm, f"why_{_each}", text("analyses.why_not", rows=2))


class TurnForm(PlanForm):
    """Which department has its turn when."""

    unit_id = SelectField("analyses.turn_unit", [InputRequired()])
    year = whole("analyses.turn_year", low=2000, high=2199)
    note = text("analyses.turn_note", rows=2)

    def offer(self, session: Session, *, today: date) -> "TurnForm":
        self.unit_id.choices = unit_choices(session, "", today=today)[1:]
        return self


class FeedbackForm(PlanForm):
    """When, how and by whom the workers heard what was found."""

    given_on = day("analyses.feedback_on")
    how = text("analyses.feedback_how", hint="analyses.feedback_how_hint", required=True)
    told_by = line("analyses.feedback_by", length=200)
