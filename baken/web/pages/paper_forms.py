"""Forms on paper of a survey: a proof before the start, and stacks for each unit after it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from baken.organisation.organisations import get_organisation
from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.campaigns.channels import ON_PAPER, ways_of
from baken.survey.campaigns.models import Campaign, FrozenUnit
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.paper.forms import (
    MAX_FORMS,
    PRINTABLE,
    Edition,
    Printed,
    Wanted,
    list_forms,
    make_forms,
    usual_number,
)
from baken.web.body import Form
from baken.web.documents.forms.copies import Order, Printing
from baken.web.documents.forms.drawing import Group
from baken.web.documents.forms.files import PrintedFile, file_of
from baken.web.documents.forms.letters import measure
from baken.web.documents.forms.words import About, words_of
from baken.web.forms import BackOfficeForm
from baken.web.help_lines import read_help_lines
from baken.web.languages import name_of, screen_of
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.fields import option, whole
from baken.web.pages.reply import PageRequest, page, refused
from baken.web.settings import Settings
from baken.web.texts import catalogue

TEMPLATE: Final = "survey/paper_forms.html"
NORMAL: Final = "normal"
LARGE: Final = "large"
EVERYBODY: Final = "all"


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with its field; `usual` is how many forms it usually needs."""

    key: str
    name: str
    people: int
    usual: int
    field: str


@dataclass(frozen=True, slots=True)
class EditionRow:
    """A form that was made."""

    language: str
    large: bool
    pages: int
    imprint: str


class PrintForm(BackOfficeForm):
    """What is printed; a field is added for every unit."""

    language_of = SelectField("paper_forms.language", [InputRequired()])
    size = RadioField(
        "paper_forms.size",
        [InputRequired()],
        choices=[
            option(NORMAL, "paper_forms.size_normal"),
            option(LARGE, "paper_forms.size_large"),
        ],
    )
    order = RadioField(
        "paper_forms.order",
        [InputRequired()],
        choices=[option(order.value, f"paper_forms.order_{order}") for order in Order],
    )

    def offer(self, campaign: Campaign) -> "PrintForm":
        """Fill in the languages of the campaign."""
        chosen: Any = self.language_of
        chosen.choices = [option(spoken, name_of(spoken)) for spoken in campaign.languages]
        return self

    def wanted(self, rows: Sequence[UnitRow]) -> Wanted:
        """What is asked for, once the form is valid."""
        forms = {row.key: self[row.field].data for row in rows}
        return Wanted(str(self.language_of.data), self.size.data == LARGE, forms)


class PaperForms(Controller):
    """One page and one file."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/paper/forms"
    opt = {"action": Action.PRINT_FORMS}

    @get("/", sync_to_thread=True)
    def forms_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        rows = unit_rows(campaign, everybody=EVERYBODY in request.query_params)
        start = {
            "language_of": language,
            "size": NORMAL,
            "order": Order.BOTH_SIDES.value,
            **{row.field: row.usual for row in rows},
        }
        form = print_form(rows).blank(language, start).offer(campaign)
        return page(request, TEMPLATE, form=form, **_shown(session, campaign, rows))

    # A POST that sends a file: every printing is one act with one line in the audit.
    @post("/", sync_to_thread=True, status_code=200)
    def print_file(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        settings: NamedDependency[Settings],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[Any]:
        campaign = get_campaign(session, campaign_id)
        rows = unit_rows(campaign, everybody=EVERYBODY in request.query_params)
        sent = print_form(rows).read(form, language).offer(campaign)
        shown = _shown(session, campaign, rows)
        if not sent.validate():
            return refused(request, session, TEMPLATE, form=sent, **shown)
        wanted = sent.wanted(rows)
        words = words_of(_about(session, campaign, settings), wanted.language)
        try:
            printed = make_forms(
                session, campaign_id, wanted, words=words, measure=measure, by=actor
            )
            file = file_of(_printings(printed, Order(sent.order.data)))
        except BakenError as error:
            return refused(request, session, TEMPLATE, form=sent, error=error, **shown)
        return _download(file, language)


def print_form(rows: Iterable[UnitRow]) -> type[PrintForm]:
    """Make the form with a number for every unit on the page."""
    fields = {row.field: whole(row.name, low=0, high=MAX_FORMS) for row in rows}
    return type("PrintFormOf", (PrintForm,), fields)


def unit_rows(campaign: Campaign, *, everybody: bool) -> tuple[UnitRow, ...]:
    """Units that answer on paper; all of them on request, and where none was chosen to."""
    staffed = [unit for unit in campaign.unit_tree or [] if unit["headcount"] > 0]
    on_paper = [unit for unit in staffed if _is_on_paper(campaign, unit)]
    return tuple(
        UnitRow(
            unit["key"],
            unit["name"],
            unit["headcount"],
            usual_number(unit["headcount"]) if unit in on_paper else 0,
            f"n_{place}",
        )
        for place, unit in enumerate(staffed if everybody or not on_paper else on_paper)
    )


def _is_on_paper(campaign: Campaign, unit: FrozenUnit) -> bool:
    return not ON_PAPER.isdisjoint(ways_of(campaign, unit["key"]))


def _about(session: Session, campaign: Campaign, settings: Settings) -> About:
    return About(
        title=campaign.title,
        organisation=get_organisation(session, campaign.organisation_id).name,
        adviser=campaign.adviser_name,
        contact=campaign.contact,
        counsellor=campaign.counsellor,
        min_group=campaign.min_group,
        help_lines=read_help_lines(settings.help_lines),
    )


def _printings(printed: Printed, order: Order) -> list[Printing]:
    spoken = screen_of(printed.form.layout.language)
    across = catalogue(spoken)("paper_forms.proof") if printed.is_proof else ""
    return [
        Printing(printed.form, Group(stack.sign, stack.name), stack.forms, order, across)
        for stack in printed.stacks
    ]


def _download(file: PrintedFile, language: str) -> Response[bytes]:
    name = f"{catalogue(language)('paper_forms.file_name')}.{file.ending}"
    return Response(
        file.content,
        media_type=file.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _shown(session: Session, campaign: Campaign, rows: tuple[UnitRow, ...]) -> dict[str, Any]:
    staffed = [unit for unit in campaign.unit_tree or [] if unit["headcount"] > 0]
    return {
        "campaign": CampaignRow.of(campaign),
        "is_draft": campaign.state is CampaignState.DRAFT,
        "is_over": campaign.state not in PRINTABLE,
        "rows": rows,
        "n_others": len(staffed) - len(rows),
        "has_paper": any(row.usual for row in rows),
        "made": tuple(_edition_row(one) for one in list_forms(session, campaign.id)),
    }


def _edition_row(edition: Edition) -> EditionRow:
    return EditionRow(name_of(edition.language), edition.large, edition.pages, edition.imprint)
