"""What runs, what is late and what waits for advice, by who has to do it."""

from dataclasses import dataclass
from datetime import date

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from baken.actionplan.consultations.queries import list_consultations, may_read
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.queries import list_measures
from baken.actionplan.measures.rules import ENDED
from baken.actionplan.measures.verdicts import list_verdicts
from baken.organisation.permissions import Action, Actor, Role
from baken.storage.session import Session
from baken.web.pages.annual_plan_views import MeasureRow
from baken.web.pages.consultations import named
from baken.web.pages.measure_views import may_follow
from baken.web.pages.plan_views import unit_names
from baken.web.pages.reply import PageRequest, page


@dataclass(frozen=True, slots=True)
class Load:
    """The measures of one responsible person, the most overdue first."""

    responsible: str
    measures: tuple[MeasureRow, ...]
    n_late: int


class FollowUpPages(Controller):
    """The list for whoever has to keep things going."""

    path = "/o/{organisation_id:uuid}/follow-up"

    @get("/", opt={"action": Action.SEE_PLANS}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        language: NamedDependency[str],
    ) -> Response[str]:
        is_head = actor.roles <= {Role.UNIT_HEAD}
        measures = [
            row
            for row in list_measures(session)
            if row.status not in ENDED
            and (not is_head or may_follow(session, row, by=actor, today=today))
        ]
        asked = [] if is_head else list_consultations(session)
        mine = [each for each in asked if may_read(each, by=actor)]
        views = [named(session, each.id, language, by=actor) for each in mine]
        return page(
            request,
            "actionplan/follow_up.html",
            loads=loads_of(session, measures, by=actor, today=today),
            waiting=tuple(view for view in views if view.waits),
            owed=tuple(view for view in views if view.reply_due),
            is_head=is_head,
        )


def loads_of(
    session: Session, measures: list[Measure], *, by: Actor, today: date
) -> tuple[Load, ...]:
    """Open measures by who is responsible; who is most behind comes first."""
    units = unit_names(session)
    verdicts = list_verdicts(session, measures, by=by, today=today)
    by_name: dict[str, list[MeasureRow]] = {}
    for measure in measures:
        row = MeasureRow.of(measure, units, today=today, verdicts=verdicts)
        by_name.setdefault(row.responsible, []).append(row)
    loads = [
        Load(
            name,
            tuple(sorted(rows, key=lambda row: (-row.days_overdue, row.ends_on, row.title))),
            sum(row.days_overdue > 0 for row in rows),
        )
        for name, rows in by_name.items()
    ]
    return tuple(sorted(loads, key=lambda load: (-load.n_late, load.responsible)))
