"""Whose rules the plans follow, and the review of an inventory by an expert."""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import RadioField
from wtforms.validators import InputRequired

from baken.actionplan.plans import actions
from baken.actionplan.plans.choices import Choice, choose, find_settings
from baken.actionplan.plans.queries import get_global_plan
from baken.actionplan.plans.variants import ExpertReview, Variant, read_variants
from baken.actionplan.wording import TITLE_LENGTH
from baken.organisation.permissions import Action, Actor
from baken.storage.session import Session
from baken.web.body import Form
from baken.web.pages.fields import HintSays, option, whole
from baken.web.pages.global_plan_views import PlanRow
from baken.web.pages.plan_forms import PlanForm, day, line, save, text
from baken.web.pages.reply import PageRequest, frame_of, page
from baken.web.texts import Catalogue, catalogue

PAGE: Final = "actionplan/plan_settings.html"
REVIEW: Final = "actionplan/expert_review.html"
_LISTS: Final = {"strategy": "strategy", "topics": "topic"}


class VariantForm(PlanForm):
    """The country, and what the Dutch exemption asks."""

    variant = RadioField(
        "plans_nl.variant",
        [InputRequired()],
        choices=[option(each.value, f"plans_nl.variant_{each}") for each in Variant],
    )
    branch_instrument = line(
        "plans_nl.branch", length=TITLE_LENGTH, required=False, hint="plans_nl.branch_hint"
    )
    people = whole("plans_nl.people", low=0, high=1_000_000, hint="plans_nl.people_hint")


class ReviewForm(PlanForm):
    """What a certified expert said, and what is done otherwise."""

    expert = line("plans_nl.expert", length=TITLE_LENGTH)
    reviewed_on = day("plans_nl.reviewed_on")
    advice = text("plans_nl.advice", rows=5, required=True)
    is_followed = RadioField(
        "plans_nl.followed",
        [InputRequired()],
        choices=[option("yes", "plans.yes"), option("no", "plans.no")],
    )
    deviation = text(
        "plans_nl.deviation", hint="plans_nl.deviation_hint", rows=4, more=(HintSays(),)
    )


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A fact of a variant with where it was read."""

    name: str
    value: str
    source: str
    status: str


class PlanSettingsPages(Controller):
    """Settings of the plans."""

    path = "/o/{organisation_id:uuid}/plans"

    @get("/settings", opt={"action": Action.SET_UP_PLANS}, sync_to_thread=True)
    def settings_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        language: NamedDependency[str],
    ) -> Response[str]:
        return page(
            request,
            PAGE,
            form=_form(session, language),
            rules=_rules(catalogue(language)),
            meanwhile=(),
        )

    @post("/settings", opt={"action": Action.SET_UP_PLANS}, sync_to_thread=True)
    def save_settings(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
    ) -> Response[str]:
        sent = VariantForm.read(form, language)

        def write() -> str:
            choice = Choice(
                variant=Variant(sent.variant.data),
                branch_instrument=sent.branch_instrument.data or "",
                people=sent.people.data or 0,
            )
            choose(session, choice, seen=sent.seen, by=actor)
            return frame_of(request).url("/plans/settings")

        def standing() -> VariantForm:
            return _form(session, language)

        said = "plans_nl.done_chosen"
        return save(
            request,
            session,
            PAGE,
            sent,
            write,
            said=said,
            standing=standing,
            rules=_rules(catalogue(language)),
        )

    @get("/{plan_id:uuid}/expert-review", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def review_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        form = _review_form(session, plan_id, language)
        plan = PlanRow.of(get_global_plan(session, plan_id))
        return page(request, REVIEW, form=form, plan=plan, meanwhile=())

    @post("/{plan_id:uuid}/expert-review", opt={"action": Action.EDIT_PLANS}, sync_to_thread=True)
    def review(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        today: NamedDependency[date],
        plan_id: FromPath[UUID],
    ) -> Response[str]:
        sent = ReviewForm.read(form, language)
        plan = PlanRow.of(get_global_plan(session, plan_id))

        def write() -> str:
            review = ExpertReview(
                expert=sent.expert.data,
                reviewed_on=sent.reviewed_on.data.isoformat(),
                advice=sent.advice.data,
                is_followed=sent.is_followed.data == "yes",
                deviation=sent.deviation.data or "",
            )
            actions.record_expert_review(
                session, plan_id, review, seen=sent.seen, by=actor, today=today
            )
            return frame_of(request).url(f"/plans/{plan_id}")

        def standing() -> ReviewForm:
            return _review_form(session, plan_id, language)

        said = "plans_nl.done_reviewed"
        return save(request, session, REVIEW, sent, write, said=said, standing=standing, plan=plan)


def _form(session: Session, language: str) -> VariantForm:
    found = find_settings(session)
    if found is None:
        return VariantForm.blank(language, {"variant": Variant.BELGIAN, "people": 0, "version": 0})
    return VariantForm.blank(
        language,
        {
            "variant": found.variant,
            "branch_instrument": found.branch_instrument,
            "people": found.people,
            "version": found.version,
        },
    )


def _review_form(session: Session, plan_id: UUID, language: str) -> ReviewForm:
    plan = get_global_plan(session, plan_id)
    told: dict[str, Any] = dict(plan.expert_review)
    if told:
        told["reviewed_on"] = date.fromisoformat(told["reviewed_on"])
        told["is_followed"] = "yes" if told["is_followed"] else "no"
    return ReviewForm.blank(language, told | {"version": plan.version})


def _said(texts: Catalogue, name: str, value: int | list[str]) -> str:
    """A fact in words: a number, or a list of what can be chosen."""
    if isinstance(value, int):
        return str(value)
    return ", ".join(texts(f"board.{_LISTS[name]}_{one}") for one in value)


def _rules(texts: Catalogue) -> tuple[tuple[str, tuple[RuleRow, ...]], ...]:
    """What each variant takes from the law, and how sure that is."""
    return tuple(
        (
            variant.value,
            tuple(
                RuleRow(
                    name,
                    _said(texts, name, rule.value),
                    texts(f"readiness.source_{rule.source}", article=rule.article),
                    rule.status,
                )
                for name, rule in data.rules.items()
            ),
        )
        for variant, data in read_variants().items()
    )
