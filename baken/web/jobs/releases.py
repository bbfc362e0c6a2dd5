"""Making a release in the background."""

from baken.analysis.releases.actions import make_release
from baken.analysis.releases.queries import list_releases
from baken.analysis.tallies.actions import read_counts
from baken.web.jobs.work import Work


def release_results(work: Work) -> None:
    """Make the first release of a campaign; when it is there already, nothing is left to do."""
    by = work.actor()
    with work.read() as session:
        if list_releases(session, work.subject_id, by=by):
            return
        # Nobody else could write on SQLite while answers are counted in the transaction.
        counted = read_counts(session, work.keys, work.subject_id)
    with work.session() as session:
        if not list_releases(session, work.subject_id, by=by):
            make_release(
                session, work.keys, work.subject_id, by=by, today=work.today, counted=counted
            )
