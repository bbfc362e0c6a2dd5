"""What runs, what is late and what waits for advice, by who has to do it."""

from dataclasses import dataclass
from datetime import date

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from baken.actionplan.bodies.queries import list_consultations
from baken.actionplan.measures.models import Measure
from baken.actionplan.measures.queries import list_measures
from baken.actionplan.measures.rules import ENDED
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
        views = [named(session, each.id, language) for each in asked]
        return page(
            request,
            "actionplan/follow_up.html",
            loads=loads_of(session, measures, today=today),
            waiting=tuple(view for view in views if view.waits),
            owed=tuple(view for view in views if view.reply_due),
            is_head=is_head,
        )


def loads_of(session: Session, measures: list[Measure], *, today: date) -> tuple[Load, ...]:
    """Open measures by who is responsible; who is most behind comes first."""
    units = unit_names(session)
    by_name: dict[str, list[MeasureRow]] = {}
    for measure in measures:
        row = MeasureRow.of(measure, units, today=today)
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
