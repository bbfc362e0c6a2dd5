"""A letter to whoever keeps the register: two others read it in an emergency, and no more."""

from baken.organisation.models import Account, Organisation, Person
from baken.storage.jobs import JobMissing
from baken.web.jobs.work import Work
from baken.web.mail.letters import LETTER_LANGUAGES, render


def send_register_emergency(work: Work) -> None:
    """Tell one keeper; who read and why stands behind the log-in."""
    if work.settings.mail is None:
        return
    with work.read() as session:
        person = session.get(Person, work.subject_id)
        if person is None:
            raise JobMissing
        if person.account_id is None:
            return
        account = session.get_one(Account, person.account_id)
        organisation = session.get_one(Organisation, work.organisation_id).name
    if account.deactivated_at is not None:
        return
    letter = render(
        "register_emergency",
        account.language if account.language in LETTER_LANGUAGES else "nl",
        name=account.name,
        organisation=organisation,
        log_in=f"{work.settings.origin}/log-in",
    )
    work.postman().send(account.mail, letter)
