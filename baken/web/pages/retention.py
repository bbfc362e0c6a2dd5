"""How long everything is kept: the table, what is due next, what was deleted, and own terms."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from baken.actionplan.retention import actions, shortening
from baken.actionplan.retention.queries import (
    Line,
    chosen_years,
    find_term,
    list_deletions,
    list_lines,
    years_of,
)
from baken.actionplan.retention.rules import Ground, Rule, get_rule, is_shorter, shorter_after
from baken.actionplan.retention.sweeps import Place
from baken.organisation.permissions import Action, Actor
from baken.organisation.removals.holds import list_holds
from baken.storage.keys import KeyStore
from baken.storage.session import Database, Session
from baken.web import numerals
from baken.web.body import Form
from baken.web.pages import fields
from baken.web.pages.plan_forms import PlanForm, save, seen_of, text
from baken.web.pages.reply import PageRequest, done, frame_of, page
from baken.web.texts import Catalogue, catalogue

_OF_THE_LAW: Final = frozenset({Ground.LAW, Ground.NO_TERM})
TERM: Final = "organisation/retention_term.html"
SETTING: Final = {"action": Action.SET_RETENTION, "fresh": True}


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the table in words."""

    key: str
    what: str
    term: str
    ground: str
    source: str
    due: str
    is_chosen: bool
    is_open: bool

    @classmethod
    def of(cls, line: Line, say: Catalogue) -> "LineView":
        rule = line.rule
        return cls(
            key=rule.key,
            what=rule.what[say.language],
            term=said_term(line, say),
            ground=say(f"retention.ground_{rule.ground}"),
            source=rule.source if rule.ground in _OF_THE_LAW else "",
            due=_due(line, say),
            is_chosen=line.is_chosen,
            is_open=rule.is_open,
        )


@dataclass(frozen=True, slots=True)
class DeletionView:
    """What went on a day, or in a year."""

    on: str
    what: str
    n: int


def said_term(line: Line, say: Catalogue) -> str:
    """A term in words: how long, and from when."""
    rule, start = line.rule, line.rule.start.get(say.language, "")
    for unit, n in (("years", line.years), ("days", rule.days), ("hours", rule.hours)):
        if n is not None:
            said = say("retention.from", term=say(f"retention.{unit}", count=n), start=start)
            is_ours = rule.is_open and not line.is_chosen  # nobody of the organisation chose it
            return say("retention.provisional", term=said) if is_ours else said
    return rule.until[say.language]


def _due(line: Line, say: Catalogue) -> str:
    if line.is_stopped:
        return say("retention.stopped")
    if line.rule.is_small:
        return say("retention.due_hidden")
    if line.n_due is None or line.next_on is None:
        has_term = any(term is not None for term in (line.years, line.rule.days, line.rule.hours))
        return say("retention.not_counted") if has_term and not line.rule.sweep else ""
    return say("retention.due_from", count=line.n_due, day=line.next_on)


@dataclass(frozen=True, slots=True)
class AskedView:
    """A shorter term that waits, in a sentence with the way to it."""

    key: str
    sentence: str

    @classmethod
    def of(cls, asked: shortening.Asked, say: Catalogue) -> "AskedView":
        what = get_rule(asked.record).what[say.language]
        if asked.due_on is None:
            said = say("retention.shorter_asked_line", what=what, name=asked.asked_by)
        else:
            said = say(
                "retention.shorter_waits",
                what=what,
                day=asked.due_on,
                years=str(asked.years),
                before=said_years(asked.before, say),
            )
        return cls(asked.record, said)


def said_years(years: int | None, say: Catalogue) -> str:
    """A term in years, or that there is none."""
    return say("retention.forever") if years is None else say("retention.years", count=years)


class TermForm(PlanForm):
    """For how many years a kind of record is kept here."""

    years = fields.whole("retention.years_field", low=1, high=100)
    reason = text("retention.reason", hint="retention.reason_hint", rows=3, required=True)


class RetentionPages(Controller):
    """The table of terms."""

    path = "/o/{organisation_id:uuid}/retention"

    @get("/", opt={"action": Action.SEE_RETENTION}, sync_to_thread=True)
    def table(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        database: NamedDependency[Database],
        keys: NamedDependency[KeyStore],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        language: NamedDependency[str],
        organisation_id: FromPath[UUID],
    ) -> Response[str]:
        say = catalogue(language)
        place = Place(database, keys, organisation_id, today, now)
        deleted = [
            DeletionView(
                str(one.on.year) if one.is_year else numerals.day(one.on, language),
                get_rule(one.record).what[language],
                one.n,
            )
            for one in list_deletions(session, today=today)
        ]
        return page(
            request,
            "organisation/retention.html",
            lines=tuple(LineView.of(line, say) for line in list_lines(session, place)),
            n_holds=len(list_holds(session)),
            asked=tuple(AskedView.of(one, say) for one in shortening.list_asked(session, by=actor)),
            deleted=tuple(deleted),
        )

    @get("/{record:str}", opt=SETTING, sync_to_thread=True)
    def term_page(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        language: NamedDependency[str],
        record: FromPath[str],
    ) -> Response[str]:
        rule = get_rule(record)
        form = _form(session, rule, language)
        return page(request, TERM, form=form, meanwhile=(), **_context(session, rule, language))

    @post("/{record:str}", opt=SETTING, sync_to_thread=True)
    def set_term(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        language: NamedDependency[str],
        record: FromPath[str],
    ) -> Response[str]:
        rule, sent = get_rule(record), TermForm.read(form, language)
        standing = years_of(rule, chosen_years(session))
        shorter = rule.is_open and is_shorter(sent.years.data, standing)

        def write() -> str:
            chosen = (session, record, sent.years.data or 0, str(sent.reason.data))
            if shorter:
                shortening.ask_shorter(*chosen, by=actor, today=today, now=now)
                return frame_of(request).url(f"/retention/{record}/shorter")
            actions.set_term(*chosen, seen=sent.seen, by=actor, today=today, now=now)
            return frame_of(request).url("/retention")

        return save(
            request,
            session,
            TERM,
            sent,
            write,
            said="retention.done_asked" if shorter else "retention.done_set",
            standing=lambda: _form(session, rule, language),
            **_context(session, rule, language),
        )

    @post("/{record:str}/drop", opt=SETTING, sync_to_thread=True)
    def drop_term(
        self,
        request: PageRequest,
        *,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        form: NamedDependency[Form],
        record: FromPath[str],
    ) -> Response[str]:
        key = get_rule(record).key
        actions.drop_term(session, key, seen=seen_of(form), by=actor, today=today, now=now)
        return done(request, see=frame_of(request).url("/retention"), said="retention.done_dropped")


def _form(session: Session, rule: Rule, language: str) -> TermForm:
    term = find_term(session, rule.key)
    if term is None:
        return TermForm.blank(language, {"years": rule.years or rule.least or None})
    return TermForm.blank(
        language, {"years": term.years, "reason": term.reason, "version": term.version}
    )


def _context(session: Session, rule: Rule, language: str) -> dict[str, Any]:
    term = find_term(session, rule.key)
    return {
        "key": rule.key,
        "what": rule.what[language],
        "least": rule.least,
        "most": rule.most,
        "is_open": rule.is_open,
        "version": term.version if term else 0,
        "wait": shorter_after().days,
    }
