"""Where a ground of a finding comes from: what can be chosen, its words, and the way to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from baken.actionplan.errors import Invalid
from baken.actionplan.findings import sources
from baken.actionplan.findings.models import Evidence
from baken.actionplan.findings.rules import EvidenceFields, EvidenceKind
from baken.actionplan.register.lists import lists
from baken.actionplan.talks.notes import note_evidence
from baken.actionplan.talks.queries import get_note, get_talk, list_notes, list_talks, visible
from baken.actionplan.talks.rules import Reach
from baken.actionplan.wording import shortened
from baken.organisation.permissions import Action, Actor, may
from baken.storage.session import Session
from baken.web.pages.fields import option
from baken.web.pages.plan_forms import as_id
from baken.web.pages.register_views import words_of
from baken.web.texts import Catalogue, catalogue

_LONGEST: Final = 90


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the form holds: a source as kind and id (empty for none), and what was typed."""

    source: str
    told_as: str
    text: str
    seen_on: date


def choices_of(session: Session, language: str, *, by: Actor, today: date) -> list[Any]:
    """Everything that Baken keeps and that this person may use as a ground."""
    t = catalogue(language)
    return [
        option("", t("findings.source_told")),
        *_sheets(session, t, by),
        *_counts(session, t, by, today),
        *_notes(session, t),
        *_rows(session, t, by),
    ]


def evidence_from(session: Session, chosen: Chosen, *, by: Actor, today: date) -> EvidenceFields:
    """What was chosen or told; the text of a note is the note itself."""
    kind, _, rest = chosen.source.partition(":")
    typed: dict[str, Any] = {"text": chosen.text, "seen_on": chosen.seen_on, "by": by}
    makers: dict[str, Callable[[], EvidenceFields]] = {
        "": lambda: EvidenceFields(
            kind=EvidenceKind(chosen.told_as), text=chosen.text, seen_on=chosen.seen_on
        ),
        "sheet": lambda: sources.sheet_evidence(session, _id(rest), **typed),
        "count": lambda: _register(session, rest, typed, today=today),
        "note": lambda: _note(session, rest, chosen.text),
        "series": lambda: sources.series_evidence(session, _id(rest), **typed),
        "request": lambda: sources.request_evidence(session, _id(rest), **typed),
        "sitting": lambda: sources.sitting_evidence(session, _id(rest), **typed),
    }
    return makers[kind]()


def unit_of(session: Session, source: str, *, by: Actor) -> UUID | None:
    """The unit that a chosen source is about; None where it is about everybody, or says none."""
    kind, _, rest = source.partition(":")
    if kind == "sheet":
        agreed = sources.list_sheets(session, by=by)
        return next((one.sheet.unit_id for one in agreed if one.sheet.id == _id(rest)), None)
    if kind == "note":
        return get_talk(session, get_note(session, _id(rest)).talk_id).unit_id
    return None


def address_of(session: Session, one: Evidence, *, by: Actor) -> str:
    """The page of what a ground rests on, for those who may open it; empty otherwise."""
    ways = {
        EvidenceKind.SCREENING: (Action.SEE_SCREENINGS, f"/screenings/{one.source_id}"),
        EvidenceKind.INDICATOR: (Action.SEE_INDICATORS, f"/indicators/{one.source_id}"),
        EvidenceKind.REQUEST: (Action.SEE_REQUESTS, f"/requests/{one.source_id}"),
        EvidenceKind.SITTING: (
            Action.EXCHANGE_SLIPS,
            f"/campaigns/{one.facts.get('campaign_id')}/paper/sittings/{one.source_id}",
        ),
    }
    if one.kind == EvidenceKind.REGISTER:
        return "/register" if may(by, Action.SEE_REGISTER_COUNTS) else ""
    if one.kind == EvidenceKind.TALK:
        return f"/talks/{one.source_id}" if one.source_id else ""
    if one.source_id is None or one.kind not in ways:
        return ""
    action, address = ways[EvidenceKind(one.kind)]
    return address if may(by, action) else ""


def _note(session: Session, chosen: str, typed: str) -> EvidenceFields:
    """What was typed beside it would be lost without a word."""
    if typed.strip():
        raise Invalid(
            "findings.words_of_the_group",
            "Of a note of a talk Baken takes over the words of the group. Empty your own text, or "
            "put it in the finding itself.",
        )
    return note_evidence(session, _id(chosen))


def _register(
    session: Session, chosen: str, typed: dict[str, Any], *, today: date
) -> EvidenceFields:
    year, _, nature = chosen.partition(":")
    return sources.register_evidence(session, int(year), nature, today=today, **typed)


def _rows(session: Session, t: Catalogue, by: Actor) -> list[Any]:
    """Figures, requests and sittings."""
    return [
        *(
            option(f"series:{one.id}", t("findings.said_series", name=one.name))
            for one in sources.list_series_known(session, by=by)
        ),
        *(
            option(
                f"request:{one.id}",
                f"{t('shell.label', what=t('findings.said_request', day=one.asked_on))} "
                f"{shortened(one.group_name, _LONGEST)}",
            )
            for one in sources.list_told_requests(session, by=by)
        ),
        *(
            option(f"sitting:{one.id}", t("findings.said_sitting", survey=title, day=one.held_on))
            for one, title in sources.list_signed_sittings(session, by=by)
        ),
    ]


def said_of(one: Evidence, t: Catalogue) -> str:
    facts = one.facts
    if one.kind == EvidenceKind.SCREENING:
        colour = t(f"screening.colour_{facts['colour']}")
        return t("findings.said_sheet", unit=facts["unit"], colour=colour, n=facts["n_on"])
    if one.kind == EvidenceKind.REGISTER:
        return _count_in_words(t, facts["year"], facts["nature"], facts["count"])
    if one.kind == EvidenceKind.TALK:
        return t("findings.said_talk", method=t(f"talks.method_{facts['method']}"), n=facts["n"])
    return _said_of_rows(one, t)


def _said_of_rows(one: Evidence, t: Catalogue) -> str:
    """A figure, a request or a sitting; nothing for what people told without a source."""
    facts = one.facts
    if not facts:
        return ""
    if one.kind == EvidenceKind.INDICATOR:
        return t("findings.said_series", name=facts["name"])
    if one.kind == EvidenceKind.REQUEST:
        return t("findings.said_request", day=date.fromisoformat(facts["asked_on"]))
    return t(
        "findings.said_sitting",
        survey=facts["campaign"],
        day=date.fromisoformat(facts["held_on"]),
    )


def _id(text: str) -> UUID:
    found = as_id(text)
    if found is None:
        raise Invalid(
            "findings.source_missing",
            "Choose where this comes from, so that others can look it up.",
        )
    return found


def _sheets(session: Session, t: Catalogue, by: Actor) -> list[Any]:
    return [
        option(
            f"sheet:{one.sheet.id}",
            t(
                "findings.source_sheet",
                unit=one.unit,
                colour=t(f"screening.colour_{one.result.colour.word}"),
                day=one.sheet.until_on,
            ),
        )
        for one in sources.list_sheets(session, by=by)
    ]


def _counts(session: Session, t: Catalogue, by: Actor, today: date) -> list[Any]:
    return [
        option(f"count:{year}:{nature}", _count_in_words(t, year, nature, n))
        for year, nature, n in sources.list_counts(session, by=by, today=today)
    ]


def _count_in_words(t: Catalogue, year: int, nature: str, n: int) -> str:
    what = words_of(lists().natures, t.language)[nature] if nature else t("findings.all_natures")
    return t("findings.said_count", year=str(year), what=what, n=n)


def _notes(session: Session, t: Catalogue) -> list[Any]:
    """Notes that the group lets go as far as the plans."""
    return [
        option(
            f"note:{note.id}",
            f"{t('shell.label', what=talk.title)} {shortened(note.text, _LONGEST)}",
        )
        for talk in list_talks(session)
        if talk.reach == Reach.PLANS
        for note in visible(talk, list_notes(session, talk.id))
    ]
