"""Exporting, importing and removing an organisation in the background."""

from importlib.metadata import version

from baken.analysis.leaving import check_arrived, check_can_export, check_can_remove
from baken.organisation.models import Person
from baken.organisation.organisations import get_organisation
from baken.organisation.removals.actions import find_removal
from baken.organisation.removals.carrying_out import Ground, remove_organisation
from baken.organisation.transfers.exports import make_export
from baken.organisation.transfers.imports import unpack_arrival
from baken.storage.jobs import JobMissing, enqueue, find_unfinished
from baken.survey.box.scrubbing import scrub_files
from baken.web import numerals
from baken.web.jobs.work import Work
from baken.web.mail.letters import render


def export_organisation(work: Work) -> None:
    """Write the file that was asked for."""
    make_export(
        work.database,
        work.keys,
        work.settings.transfers,
        work.subject_id,
        organisation_id=work.organisation_id,
        check=check_can_export,
        software_version=version("baken"),
        now=work.clock(),
        progress=work.progress,
    )


def import_organisation(work: Work) -> None:
    """Check the file that was brought in and write all of it, or nothing."""
    unpack_arrival(
        work.database,
        work.keys,
        work.settings.transfers,
        work.subject_id,
        check=check_arrived,
        now=work.clock(),
        today=work.today,
        progress=work.progress,
    )


def remove_waiting(work: Work) -> None:
    """Remove the organisation, then rewrite the files, so that nothing deleted is left in them."""
    ground = Ground(
        work.database, work.keys, work.settings.transfers, work.organisation_id, work.job.id
    )
    remove_organisation(
        ground,
        check=check_can_remove,
        now=work.clock(),
        today=work.today,
        progress=work.progress,
    )
    if work.database.is_sqlite:
        scrub_files(work.database)


def send_removal_confirmed(work: Work) -> None:
    """Tell somebody with a role that the organisation goes, while that can be called off."""
    with work.read() as session:
        person = session.get(Person, work.subject_id)
        removal = find_removal(session)
        organisation = get_organisation(session, work.organisation_id)
    if person is None:
        raise JobMissing
    if removal is None or removal.due_on is None or removal.started_at:
        return
    letter = render(
        "removal_confirmed",
        organisation.language,
        name=person.name,
        organisation=organisation.name,
        day=numerals.day(removal.due_on, organisation.language),
        log_in=f"{work.settings.origin}/log-in",
    )
    work.postman().send(person.mail, letter)


def ask_for_due_removal(work: Work) -> None:
    """Ask for the removal of the job's organisation when its waiting period is over."""
    with work.session() as session:
        removal = find_removal(session)
        if removal is None or removal.due_on is None or work.today < removal.due_on:
            return
        if find_unfinished(session, "organisation.remove", removal.id) is None:
            enqueue(session, "organisation.remove", subject_id=removal.id, now=work.clock())
