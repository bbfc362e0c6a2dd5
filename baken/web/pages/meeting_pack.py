"""The agenda pack: the agenda, each point with the document it refers to, as one PDF.

It holds only what everybody who gets it may read, and says what was left out and why.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final
from uuid import UUID

from baken.actionplan.bodies.models import Body
from baken.actionplan.meetings import queries
from baken.actionplan.meetings.inviting import parts_of
from baken.actionplan.meetings.minutes.content import minutes_now
from baken.actionplan.meetings.minutes.queries import (
    Assigned,
    Taken,
    Wanted,
    list_decisions,
    list_tasks,
)
from baken.actionplan.meetings.minutes.rules import Carried, TaskState
from baken.actionplan.meetings.models import AgendaPoint, Meeting
from baken.actionplan.meetings.packs import (
    OF_WORDS,
    Change,
    LeftOut,
    PackFile,
    PackPart,
    Why,
    changes_between,
)
from baken.actionplan.meetings.people import seat_names
from baken.actionplan.meetings.points import Reference, Standing
from baken.actionplan.meetings.readers import list_barred, list_pack_readers
from baken.actionplan.references import find
from baken.organisation.organisations import get_organisation
from baken.organisation.people import list_names
from baken.storage.session import Session
from baken.web import numerals
from baken.web.documents.joined import Piece, joined
from baken.web.documents.meeting_pages import (
    Cover,
    PaperPoint,
    Stands,
    ToDo,
    cover_page,
    minutes_page,
    point_page,
    point_title,
)
from baken.web.pages.meeting_documents import Making, document_of, reads
from baken.web.pages.meeting_subjects import name_of
from baken.web.texts import Catalogue, catalogue

AGENDA: Final = "agenda"
_POINT: Final = "point:"


@dataclass(frozen=True, slots=True)
class Gathered:
    """What will stand in a pack: the cover, a page for each part, and what was left out."""

    cover: Cover
    parts: tuple[tuple[PackPart, Piece], ...]
    left_out: tuple[LeftOut, ...]


def gather(session: Session, meeting: Meeting, *, static_root: str, today: date) -> Gathered:
    """Read everything that a pack of the agenda as it stands would hold."""
    making = Making(session, meeting.language, static_root)
    body = find(session, Body, meeting.body_id)
    points = queries.list_points(session, meeting.id)
    papers = [_paper(making, point, number) for number, point in enumerate(points, start=1)]
    readers = list_pack_readers(session, body, on=meeting.on, today=today)
    parts: list[tuple[PackPart, Piece]] = []
    left_out: list[LeftOut] = []
    has_paper = True
    for point, paper in zip(points, papers, strict=True):
        if point.postponed_on is not None:
            continue
        part, sheet = _sheet(making, meeting, point, paper)
        # Points without a paper share a page.
        parts.append((part, replace(sheet, starts_page=has_paper or bool(paper.about))))
        has_paper = False
        found = _document(making, meeting, point, body)
        if isinstance(found, LeftOut):
            left_out.append(found)
        elif found is not None:
            part, piece, reference = found
            barred = list_barred(readers, reads(session, reference, body)) if reference else ()
            if barred:
                left_out.append(LeftOut(part.title, Why.NOT_READABLE, barred))
            else:
                parts.append((part, piece))
                has_paper = True
    cover = _cover(session, meeting, body, tuple(papers))
    return Gathered(cover, tuple(parts), tuple(left_out))


def make_pack(
    session: Session, meeting: Meeting, *, static_root: str, today: date, is_draft: bool = False
) -> PackFile:
    """Make the pack of a meeting: the same agenda and documents give the same bytes."""
    gathered = gather(session, meeting, static_root=static_root, today=today)
    t = catalogue(meeting.language)
    parts = (
        _front(gathered.cover, meeting.language),
        *(part for part, _ in gathered.parts),
    )
    before = queries.list_packs(session, meeting.id)
    changes = changes_between(parts_of(before[-1]), parts) if before else ()
    cover = replace(
        gathered.cover,
        number=0 if is_draft else len(before) + 1,
        made_on=today,
        changes=tuple(said_change(change, title, t) for change, title in changes),
        left_out=tuple(said_left_out(one, t) for one in gathered.left_out),
    )
    first = Piece(cover_page(cover, language=meeting.language))
    printed = joined([first, *(piece for _, piece in gathered.parts)])
    return PackFile(printed.content, parts, gathered.left_out)


def is_agenda_changed(session: Session, meeting: Meeting, *, static_root: str) -> bool:
    """Whether the agenda differs from what went out last; its papers are not looked at."""
    packs = queries.list_packs(session, meeting.id)
    if not packs:
        return False
    making = Making(session, meeting.language, static_root)
    body = find(session, Body, meeting.body_id)
    points = queries.list_points(session, meeting.id)
    papers = [_paper(making, point, number) for number, point in enumerate(points, start=1)]
    sheets = [
        _sheet(making, meeting, point, paper)[0]
        for point, paper in zip(points, papers, strict=True)
        if point.postponed_on is None
    ]
    front = _front(_cover(session, meeting, body, tuple(papers)), meeting.language)
    sent = [one for one in parts_of(packs[-1]) if one.key == AGENDA or one.key.startswith(_POINT)]
    return bool(changes_between(sent, (front, *sheets)))


def _front(cover: Cover, language: str) -> PackPart:
    """The first sheets as a part: day, hours, place and who leads; points are parts themselves."""
    told = Piece(cover_page(replace(cover, points=()), language=language)).words_sha256
    return PackPart(AGENDA, catalogue(language)("meetings.facts"), OF_WORDS + told)


def said_change(change: str, title: str, t: Catalogue) -> str:
    """A change since the pack before, in words."""
    return t(f"meetings.change_{Change(change)}", what=title)


def said_left_out(one: LeftOut, t: Catalogue) -> str:
    """What was left out, and why, in words."""
    return t(f"meetings.left_{one.why}", what=one.title, who=", ".join(one.names))


def _cover(session: Session, meeting: Meeting, body: Body, papers: tuple[PaperPoint, ...]) -> Cover:
    seats = seat_names(session)
    return Cover(
        organisation=get_organisation(session, meeting.organisation_id).name,
        body=body.name,
        on=meeting.on,
        starts=meeting.starts.isoformat("minutes"),
        ends=meeting.ends.isoformat("minutes"),
        place=meeting.place,
        link=meeting.link,
        chair=seats.get(meeting.chair_id, "") if meeting.chair_id else "",
        secretary=seats.get(meeting.secretary_id, "") if meeting.secretary_id else "",
        points=papers,
    )


def _paper(making: Making, point: AgendaPoint, number: int) -> PaperPoint:
    t = catalogue(making.language)
    reference = queries.reference_of(point)
    moved = queries.get_point(making.session, point.moved_from_id) if point.moved_from_id else None
    return PaperPoint(
        number=number,
        title=point_title(point.standing.value if point.standing else "", point.title, t),
        kind=t(f"meetings.kind_{point.kind}"),
        brought_by=point.brought_by,
        minutes=point.minutes,
        text=point.text,
        about=name_of(making.session, reference, making.language) if reference else "",
        moved_why=moved.postponed_reason if moved else "",
        postponed_why=point.postponed_reason,
    )


def _sheet(
    making: Making, meeting: Meeting, point: AgendaPoint, paper: PaperPoint
) -> tuple[PackPart, Piece]:
    decisions: tuple[Stands, ...] = ()
    tasks: tuple[ToDo, ...] = ()
    if point.standing is Standing.DECIDED:
        decisions = tuple(_decisions(making, meeting))
        tasks = tuple(_tasks(making, meeting))
        if not decisions and not tasks:
            nothing = catalogue(making.language)("meetings.nothing_came_back")
            paper = replace(paper, text=nothing)
    page = point_page(paper, language=making.language, decisions=decisions, tasks=tasks)
    piece = Piece(page)
    # By what it says, not by its place: an agenda in another order is told once, as such.
    plain = point_page(
        replace(paper, number=0), language=making.language, decisions=decisions, tasks=tasks
    )
    told = OF_WORDS + Piece(plain).words_sha256
    return PackPart(f"{_POINT}{point.moved_from_id or point.id}", paper.title, told), piece


def _document(
    making: Making, meeting: Meeting, point: AgendaPoint, body: Body
) -> tuple[PackPart, Piece, Reference | None] | LeftOut | None:
    if point.standing is Standing.MINUTES:
        return _last_minutes(making, meeting)
    reference = queries.reference_of(point)
    if reference is None:
        return None
    title = name_of(making.session, reference, making.language)
    made = document_of(making, reference)
    if isinstance(made, Why):
        return LeftOut(title, made)
    piece = Piece(made, deeper=1, starts_page=False)
    return (
        PackPart(f"{reference.about}:{reference.id}", title, OF_WORDS + piece.words_sha256),
        piece,
        reference,
    )


def _last_minutes(making: Making, meeting: Meeting) -> tuple[PackPart, Piece, None] | None:
    """The minutes of last time: those who get the pack sit in the same body."""
    before = queries.find_before(making.session, meeting)
    if before is None:
        return None
    content, approved_on = minutes_now(making.session, before)
    page = minutes_page(content, approved_on=approved_on)
    t = catalogue(making.language)
    title = t("meetings.minutes_of", day=before.on)
    piece = Piece(page, deeper=1, starts_page=False)
    return PackPart(f"minutes:{before.id}", title, OF_WORDS + piece.words_sha256), piece, None


def _decisions(making: Making, meeting: Meeting) -> Iterator[Stands]:
    """What is still to be carried out, and what was decided last time."""
    before = queries.find_before(making.session, meeting)
    for one in list_decisions(making.session, Wanted(body_id=meeting.body_id)):
        if one.meeting.on > meeting.on or one.meeting.id == meeting.id:
            continue
        is_last = before is not None and one.meeting.id == before.id
        if is_last or one.carried is Carried.OPEN:
            yield _stands(making, one)


def _stands(making: Making, one: Taken) -> Stands:
    t = catalogue(making.language)
    note = one.notes[-1].text if one.notes else ""
    stands = _with_note(t(f"meetings.carried_{one.carried}"), note, t)
    return Stands(one.decision.text, numerals.day(one.meeting.on, making.language), stands)


def _tasks(making: Making, meeting: Meeting) -> Iterator[ToDo]:
    names = dict(list_names(making.session))
    before = queries.find_before(making.session, meeting)
    for one in list_tasks(making.session):
        is_own = one.meeting.body_id == meeting.body_id and one.meeting.id != meeting.id
        is_last = before is not None and one.meeting.id == before.id
        if is_own and (is_last or one.task.state is TaskState.OPEN):
            yield _to_do(making, one, names)


def _to_do(making: Making, one: Assigned, names: Mapping[UUID, str]) -> ToDo:
    t = catalogue(making.language)
    who = names.get(one.task.person_id, "") if one.task.person_id else one.task.who
    note = one.notes[-1].text if one.notes else ""
    stands = _with_note(t(f"meetings.task_{one.task.state}"), note, t)
    return ToDo(one.task.what, who, numerals.day(one.task.due_on, making.language), stands)


def _with_note(stands: str, note: str, t: Catalogue) -> str:
    return f"{t('shell.label', what=stands)} {note}" if note else stands
