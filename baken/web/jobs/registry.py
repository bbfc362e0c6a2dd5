"""Every kind of background work. A new kind is one line here, its texts, and a crash scenario."""

from functools import partial
from typing import Final

from baken.actionplan.meetings.actions import LETTER
from baken.actionplan.register.emergency import LETTER as REGISTER_LETTER
from baken.organisation.accounts.changes import Change
from baken.organisation.permissions import Action
from baken.web.jobs.account_letters import (
    send_change,
    send_factor_lost_approved,
    send_factor_lost_asked,
    send_factor_lost_done,
    send_invitation,
    send_password_reset,
)
from baken.web.jobs.campaigns import open_waiting
from baken.web.jobs.daily import do_installation, do_organisation
from baken.web.jobs.invitations import send_waiting
from baken.web.jobs.kinds import JobKind
from baken.web.jobs.meetings import send_meeting
from baken.web.jobs.organisation_life import (
    export_organisation,
    import_organisation,
    remove_waiting,
    send_removal_confirmed,
)
from baken.web.jobs.register import send_register_emergency
from baken.web.jobs.releases import release_results
from baken.web.jobs.reminding import DIGEST, PLAN_ENDS, send_digest, send_plan_ends

JOBS: Final[tuple[JobKind, ...]] = (
    JobKind(
        "campaign.open",
        open_waiting,
        retries=3,
        result="/campaigns/{subject}",
        action=Action.OPEN_CAMPAIGN,
    ),
    JobKind(
        "release.make",
        release_results,
        result="/campaigns/{subject}/results",
        action=Action.RELEASE_RESULTS,
    ),
    JobKind(
        "campaign.letters",
        send_waiting,
        retries=20,
        result="/campaigns/{subject}/invitations",
        action=Action.SEND_INVITATIONS,
    ),
    JobKind("mail.invitation", send_invitation, retries=8, action=Action.EDIT_PEOPLE),
    JobKind("mail.password_reset", send_password_reset, retries=4),
    JobKind("mail.factor_lost_asked", send_factor_lost_asked, retries=8),
    JobKind("mail.factor_lost_approved", send_factor_lost_approved, retries=8),
    JobKind("mail.factor_lost_done", send_factor_lost_done, retries=8),
    *(JobKind(f"mail.{change}", partial(send_change, change), retries=8) for change in Change),
    JobKind(
        "organisation.export",
        export_organisation,
        result="/organisation/exports",
        action=Action.EXPORT_ORGANISATION,
    ),
    JobKind("organisation.import", import_organisation),
    JobKind("organisation.remove", remove_waiting, retries=20, action=Action.REMOVE_ORGANISATION),
    JobKind("mail.removal_confirmed", send_removal_confirmed, retries=8),
    JobKind(REGISTER_LETTER, send_register_emergency, retries=8),
    JobKind(DIGEST, send_digest, retries=8),
    JobKind(LETTER, send_meeting, retries=8, action=Action.LEAD_MEETINGS),
    JobKind(PLAN_ENDS, send_plan_ends, retries=8),
    JobKind("organisation.daily", do_organisation, retries=8),
    JobKind("installation.daily", do_installation, retries=8),
)
