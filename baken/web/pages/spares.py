"""The desk with the spare cards: which is next, and what it is handed out for."""

from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from baken.organisation.permissions import Action, Actor
from baken.storage.errors import BakenError
from baken.storage.keys import KeyStore
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.spares import Reason, SpareRow, hand_out_spare, list_spare_rows
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.campaign_views import CampaignRow
from baken.web.pages.codes import bands_of, no_codes
from baken.web.pages.fields import line, option
from baken.web.pages.reply import PageRequest, frame_of, page, refused, see_page

DESK: Final = {"action": Action.HAND_OUT_SPARES, "fresh": True}
FORM: Final = "survey/spares.html"
LONGEST_CODE: Final = 60


class SpareForm(BackOfficeForm):
    """A spare card that is handed out."""

    unit = SelectField("codes.unit", [InputRequired()])
    reason = RadioField(
        "codes.reason",
        [InputRequired()],
        choices=[
            option(Reason.NEWCOMER, "codes.reason_newcomer"),
            option(Reason.LOST, "codes.reason_lost"),
        ],
    )
    # Left out where codes carry no group; whether it is one of the survey is asked when it counts.
    group = SelectField("codes.group", description="codes.group_hint", validate_choice=False)
    old_code = line(
        "codes.old_code", length=LONGEST_CODE, hint="codes.old_code_hint", required=False
    )
    ask_group = False

    def offer(self, rows: tuple[SpareRow, ...], bands: dict[str, str]) -> "SpareForm":
        """Fill in what there is to choose."""
        units: Any = self.unit
        units.choices = [
            option("", "codes.choose"),
            *(option(row.unit, row.name) for row in rows if row.next_number is not None),
        ]
        groups: Any = self.group
        groups.choices = [
            option("", "codes.choose"),
            *(option(key, name) for key, name in bands.items()),
        ]
        self.ask_group = bool(bands)
        return self


class SparePages(Controller):
    """Spare codes, counted."""

    path = "/o/{organisation_id:uuid}/campaigns/{campaign_id:uuid}/codes/spares"

    @get("/", opt=DESK, sync_to_thread=True)
    def desk(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        if campaign.state is not CampaignState.RUNNING:
            return no_codes(request, campaign)
        rows = list_spare_rows(session, campaign_id, by=actor)
        form = SpareForm.blank(language).offer(rows, bands_of(campaign, language))
        shown = _shown(campaign, rows, _handed(request, rows))
        return page(request, FORM, form=form, **shown)

    @post("/", opt=DESK, sync_to_thread=True)
    def hand_out(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        keys: NamedDependency[KeyStore],
        actor: NamedDependency[Actor],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        campaign_id: FromPath[UUID],
    ) -> Response[str]:
        campaign = get_campaign(session, campaign_id)
        rows = list_spare_rows(session, campaign_id, by=actor)
        bands = bands_of(campaign, language)
        sent = SpareForm.read(form, language).offer(rows, bands)
        if not sent.validate():
            return refused(request, session, FORM, form=sent, **_shown(campaign, rows))
        unit = str(sent["unit"].data)
        try:
            number = hand_out_spare(
                session,
                keys,
                campaign_id,
                unit,
                Reason(sent["reason"].data),
                old_code=str(sent["old_code"].data or ""),
                stratum=sent["group"].data or None,
                by=actor,
            )
        except BakenError as error:
            shown = _shown(campaign, rows)
            return refused(request, session, FORM, form=sent, error=error, **shown)
        # By way of another page: a reload hands out nothing.
        here = frame_of(request).url(f"/campaigns/{campaign_id}/codes/spares")
        return see_page(f"{here}?unit={unit}&number={number}")


def _handed(request: PageRequest, rows: tuple[SpareRow, ...]) -> tuple[str, int] | None:
    """The card that the page before has just noted, as its address says."""
    unit = request.query_params.get("unit", "")
    number = request.query_params.get("number", "")
    name = next((row.name for row in rows if row.unit == unit), None)
    if name is None or not (number.isascii() and number.isdigit() and len(number) < 5):
        return None
    return name, int(number)


def _shown(
    campaign: Campaign, rows: tuple[SpareRow, ...], handed: tuple[str, int] | None = None
) -> dict[str, Any]:
    return {"campaign": CampaignRow.of(campaign), "rows": rows, "handed": handed}
