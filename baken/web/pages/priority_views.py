"""What pages show of priorities, causes, ideas and votes: values and words, never rows."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.actionplan.errors import ActionPlanError
from baken.actionplan.priorities import queries, rules
from baken.actionplan.priorities.models import Cause, Idea, Priority
from baken.actionplan.priorities.rules import Place
from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.web.pages.people_named import People, body_name
from baken.web.texts import catalogue


@dataclass(frozen=True, slots=True)
class PriorityRow:
    """A priority in a list or in the grid."""

    id: UUID
    title: str
    kind: str
    state: str
    urgency: int
    feasibility: int
    place: str
    theme: str
    version: int

    @classmethod
    def of(cls, row: Priority, theme: str = "") -> "PriorityRow":
        place = rules.place_of(row.urgency, row.feasibility) or ""
        weighed = (row.urgency, row.feasibility, place)
        return cls(row.id, row.title, row.kind, row.state, *weighed, theme, row.version)


@dataclass(frozen=True, slots=True)
class Corner:
    """A corner of the grid with what stands in it."""

    place: str
    rows: tuple[PriorityRow, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """An answer to "why?"; in a tree `depth` says how far it branches off."""

    text: str
    depth: int


@dataclass(frozen=True, slots=True)
class CauseView:
    """A note on a cause."""

    id: UUID
    kind: str
    whys: tuple[Why, ...]
    root: str
    motivation: str
    written_on: date
    written_by: str


@dataclass(frozen=True, slots=True)
class IdeaView:
    """An idea of the inventory."""

    id: UUID
    title: str
    text: str
    dimension: str
    level: str
    scope: str
    state: str
    is_quick_win: bool
    pros: tuple[str, ...]
    cons: tuple[str, ...]
    reason: str
    decided_on: date | None
    decided_by: str
    noted_by: str
    priority_id: UUID | None
    from_library: bool
    version: int

    @classmethod
    def of(cls, idea: Idea, people: People) -> "IdeaView":
        return cls(
            id=idea.id,
            title=idea.title,
            text=idea.text,
            dimension=idea.dimension,
            level=idea.level,
            scope=idea.scope,
            state=idea.state,
            is_quick_win=idea.is_quick_win,
            pros=tuple(idea.pros),
            cons=tuple(idea.cons),
            reason=idea.reason,
            decided_on=idea.decided_on,
            decided_by=people.of(idea.decided_by),
            noted_by=people.of(idea.noted_by),
            priority_id=idea.priority_id,
            from_library=bool(idea.library_key),
            version=idea.version,
        )


@dataclass(frozen=True, slots=True)
class ThemeView:
    """A theme with what it bundles."""

    id: UUID
    title: str
    story: str
    findings: tuple[tuple[UUID, str], ...]
    priorities: tuple[PriorityRow, ...]


@dataclass(frozen=True, slots=True)
class PriorityView:
    """A priority on its own page."""

    row: PriorityRow
    story: str
    reason: str
    proposed_on: date
    proposed_by: str
    decided_on: date | None
    decided_by: str
    decided_in: str
    findings: tuple[tuple[UUID, str], ...]
    causes: tuple[CauseView, ...]
    ideas: tuple[IdeaView, ...]
    warnings: tuple[str, ...]
    smart: tuple[tuple[str, str], ...]
    n_unanswered: int
    refusal: str


def cause_view(cause: Cause, people: People) -> CauseView:
    """A note with its answers in depth."""
    whys = tuple(_why(one) for one in cause.whys)
    return CauseView(
        id=cause.id,
        kind=cause.kind,
        whys=whys,
        root=cause.root,
        motivation=cause.motivation,
        written_on=cause.written_on,
        written_by=people.of(cause.written_by),
    )


def _why(written: str) -> Why:
    text = written.lstrip("-–• ")
    depth = min(sum(sign in "-–•" for sign in written[: len(written) - len(text)]), 4)
    return Why(text, depth)


def corners(rows: tuple[PriorityRow, ...]) -> tuple[Corner, ...]:
    """The grid of urgency and feasibility, corner by corner; dropped ones stand in none."""
    live = [row for row in rows if row.state != "dropped"]
    found = [
        Corner(place.value, tuple(row for row in live if row.place == place)) for place in Place
    ]
    return (*found, Corner("", tuple(row for row in live if not row.place)))


def priority_view(
    session: Session, priority: Priority, *, by: Actor, today: date, language: str
) -> PriorityView:
    """A priority with everything that hangs on it."""
    theme = queries.get_theme(session, priority.theme_id).title if priority.theme_id else ""
    found = queries.list_findings_of(session, priority.id)
    ideas = queries.list_ideas(session, priority_id=priority.id)
    people = People.known(session)
    smart = {rules.Smart(key): said for key, said in priority.smart.items()}
    return PriorityView(
        row=PriorityRow.of(priority, theme),
        story=priority.story,
        reason=priority.reason,
        proposed_on=priority.proposed_on,
        proposed_by=people.of(priority.proposed_by),
        decided_on=priority.decided_on,
        decided_by=people.of(priority.decided_by),
        decided_in=body_name(
            session, priority.decided_in_id, by=by, today=today, language=language
        ),
        findings=tuple((one.id, one.statement) for one in found),
        causes=tuple(cause_view(one, people) for one in queries.list_causes(session, priority.id)),
        ideas=tuple(IdeaView.of(one, people) for one in ideas),
        warnings=tuple(queries.warnings_of(ideas)),
        smart=tuple((key.value, smart.get(key, "")) for key in rules.Smart),
        n_unanswered=len(rules.unanswered(smart)),
        refusal=_why_no_measure(session, priority.id, language),
    )


def _why_no_measure(session: Session, priority_id: UUID, language: str) -> str:
    """The sentence that would refuse a measure; empty where one can be made."""
    try:
        queries.check_ready_for_measure(session, priority_id)
    except ActionPlanError as error:
        return catalogue(language).refusal(error)
    return ""
