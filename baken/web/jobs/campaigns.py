"""Opening a campaign in the background."""

from typing import Final

from baken.survey.box.steps import open_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.web.jobs.work import Work

# What the page counts: answers written, backup read back, keys destroyed.
STEPS: Final = (CampaignState.CLOSED, CampaignState.OPENED, CampaignState.BACKED_UP)


def open_waiting(work: Work) -> None:
    """Open the campaign and take every step that can be taken today; each is a transaction."""

    def tell(state: CampaignState) -> None:
        work.progress(STEPS.index(state) if state in STEPS else len(STEPS), len(STEPS))
        work.check_stop()

    open_campaign(
        work.database,
        work.keys,
        work.settings.backups,
        work.subject_id,
        by=work.actor(),
        today=work.today,
        tell=tell,
    )
    work.progress(len(STEPS), len(STEPS))
