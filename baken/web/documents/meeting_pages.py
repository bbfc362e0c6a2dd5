"""Pages of meetings on paper: the first sheets of a pack, its points, and minutes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from baken.web import numerals
from baken.web.documents.docx import docx_of
from baken.web.documents.pdf import pdf_of
from baken.web.rendering import render
from baken.web.texts import Catalogue, catalogue

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PaperPoint:
    """A point of an agenda in words."""

    number: int
    title: str
    kind: str
    brought_by: str
    minutes: int
    text: str = ""
    about: str = ""
    moved_why: str = ""
    # Why it went on to the next meeting: it keeps its line and number, and has no sheet.
    postponed_why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What stands before the points of a pack; without a number it is a draft."""

    organisation: str
    body: str
    on: date
    starts: str
    ends: str
    place: str
    link: str
    chair: str
    secretary: str
    points: tuple[PaperPoint, ...]
    number: int = 0
    made_on: date | None = None
    changes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def n_minutes(self) -> int:
        return sum(point.minutes for point in self.points if not point.postponed_why)


@dataclass(frozen=True, slots=True)
class Stands:
    """A decision and where it stands, in words."""

    text: str
    on: str
    stands: str


@dataclass(frozen=True, slots=True)
class ToDo:
    """A task and where it stands, in words."""

    what: str
    who: str
    due_on: str
    stands: str


@dataclass(frozen=True, slots=True)
class SubjectPaper:
    """What a point is about: facts and texts with their labels."""

    kind: str
    title: str
    facts: tuple[tuple[str, str], ...] = ()
    texts: tuple[tuple[str, str], ...] = ()


def cover_page(cover: Cover, *, language: str) -> str:
    """Return the first sheets of a pack."""
    return render("documents/agenda.html", "", language=language, cover=cover)


def point_page(
    point: PaperPoint,
    *,
    language: str,
    decisions: tuple[Stands, ...] = (),
    tasks: tuple[ToDo, ...] = (),
) -> str:
    """Return the sheet of one point."""
    return render(
        "documents/agenda_point.html",
        "",
        language=language,
        point=point,
        decisions=decisions,
        tasks=tasks,
    )


def subject_page(subject: SubjectPaper, *, language: str) -> str:
    """Return the sheet of what a point is about."""
    return render("documents/point_subject.html", "", language=language, subject=subject)


def minutes_page(content: Content, *, approved_on: date | None) -> str:
    """Return minutes, in their own language."""
    language = str(content["language"])
    said = minutes_in_words(content, language)
    return render(
        "documents/minutes.html", "", language=language, minutes=said, approved_on=approved_on
    )


def minutes_in_words(content: Content, language: str) -> dict[str, Any]:
    """What minutes say, with titles, days and ways of deciding in the language of the reader."""
    t = catalogue(language)
    points = [_point(one, t, language) for one in content["points"]]
    # Minutes from before Baken said so have nothing here.
    approved = [_approval(one, t) for one in content.get("approved", ())]
    under = next((one for one in points if one["standing"] == "minutes"), None)
    if under is not None:
        under["approved"] = approved
    return {
        **content,
        "day": date.fromisoformat(content["on"]),
        # Beside the points only where none of them is about earlier minutes.
        "approved": approved if under is None else [],
        "points": points,
    }


def minutes_file(page: str, kind: str) -> bytes:
    """Return minutes as a file of this kind: ``pdf`` or ``docx``."""
    return docx_of(page) if kind == "docx" else pdf_of(page).content


def point_title(standing: str, title: str, t: Catalogue) -> str:
    """What a point is called: one that comes back has its words from us."""
    return t(f"meetings.standing_{standing}") if standing else title


def how_decided(one: Content, language: str) -> str:
    """How a decision was taken, with its votes."""
    t = catalogue(language)
    if one["by"] != "vote":
        return t(f"meetings.by_{one['by']}")
    return t(
        "meetings.by_vote_counts",
        favour=one["in_favour"],
        against=one["against"],
        abstained=one["abstained"],
    )


def _approval(one: Content, t: Catalogue) -> str:
    """The sentence that a meeting approved the minutes of another."""
    day = date.fromisoformat(one["on"])
    if not one["corrections"]:
        return t("meetings.approved_here_as_written", day=day)
    return t("meetings.approved_here", day=day, count=one["corrections"])


def _point(point: Content, t: Catalogue, language: str) -> dict[str, Any]:
    return {
        **point,
        "approved": [],
        "title": point_title(point["standing"], point["title"], t),
        "decisions": [{**one, "how": how_decided(one, language)} for one in point["decisions"]],
        "tasks": [
            {**one, "day": numerals.day(date.fromisoformat(one["due_on"]), language)}
            for one in point["tasks"]
        ],
    }
