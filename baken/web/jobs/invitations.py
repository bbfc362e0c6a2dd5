"""Letters of a campaign: one after the other, each noted in a transaction of its own.

The job knows the campaign only. To whom a letter waits stands in the list, the code is derived when
it is sent, and neither a code nor an address stands in the row of the job.
"""

from uuid import UUID

from baken.storage.session import Session
from baken.survey.campaigns.queries import get_campaign, get_public_name
from baken.survey.codes.slips import CodeMaker
from baken.survey.errors import CannotSend, InvalidTransition
from baken.survey.invitations.queries import count_by_mail, list_due
from baken.survey.invitations.sending import (
    check_may_send,
    drop_waiting,
    find_letter,
    note_refused,
    note_sent,
)
from baken.web.jobs.work import Work
from baken.web.mail.invitations import Occasion, compose
from baken.web.mail.post import AddressRefused, BadAddress


def send_waiting(work: Work) -> None:
    """Send every letter that waits; an address that is refused keeps nobody else waiting."""
    with work.read() as session:
        campaign = get_campaign(session, work.subject_id)  # of this organisation, or the job fails
        waiting = list_due(session, campaign.id)
        n_people = count_by_mail(session, campaign.id)
    n_before = n_people - len(waiting)
    for number, recipient_id in enumerate(waiting):
        work.check_stop()
        work.progress(n_before + number, n_people)
        if not _send_one(work, recipient_id):
            with work.session() as session:
                drop_waiting(session, work.subject_id)
            return
    work.progress(n_people, n_people)


def _send_one(work: Work, recipient_id: UUID) -> bool:
    """Send one letter and note what became of it; False when the survey takes no answers now."""
    with work.read() as session:
        if not _may_send(work, session):
            return False
        campaign = get_campaign(session, work.subject_id)
        address = f"{work.settings.origin}/s/{get_public_name(session, campaign.id)}"
        waiting = find_letter(session, CodeMaker.of(work.keys, campaign), recipient_id)
        letter = compose(Occasion.of(campaign, address=address), waiting) if waiting else None
    if waiting is None or letter is None:  # taken off the list meanwhile
        return True
    refusal: AddressRefused | BadAddress | None = None
    try:
        work.postman().send(waiting.address, letter)
    except (AddressRefused, BadAddress) as error:
        refusal = error
    with work.session() as session:
        if refusal is None:
            note_sent(session, recipient_id)
        else:
            code = refusal.values.get("code")
            note_refused(session, recipient_id, reason=refusal.key, code=code)
    return True


def _may_send(work: Work, session: Session) -> bool:
    try:
        check_may_send(get_campaign(session, work.subject_id), today=work.today)
    except (CannotSend, InvalidTransition):
        return False
    return True
