"""What was done, by whom: the newest entries of the audit chain in plain words."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from baken.actionplan.register.access import rights_of
from baken.actionplan.register.lists import Right
from baken.actionplan.register.setting_up import find_register
from baken.organisation.people import list_names
from baken.organisation.permissions import Action, Actor, Role, may
from baken.storage.audit import AuditEntry, list_entries, verify
from baken.storage.session import Session
from baken.survey.campaigns.queries import list_campaigns
from baken.survey.library.queries import list_choices
from baken.web.pages.library_words import Titles, name_of_code
from baken.web.pages.reply import PageRequest, page
from baken.web.texts import Catalogue, catalogue, placeholders

SHOWN: Final = 200
ABOUT_QUESTIONNAIRES: Final = "questionnaire."
IN_REGISTER: Final = "entry:"
SPAM_REFUSED: Final = "register.spam_refused"
OF_SIGNALS: Final = "vigilance.signal_"
_HEAD: Final = re.compile(r"\d{1,15}:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One entry as people read it."""

    seq: int
    at: datetime
    who: str  # empty: the installation itself
    what: str
    about: str


class AuditPages(Controller):
    """The record that nobody can change unseen."""

    path = "/o/{organisation_id:uuid}/audit"

    @get("/", opt={"action": Action.SEE_AUDIT}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        session: NamedDependency[Session],
        actor: NamedDependency[Actor],
        language: NamedDependency[str],
    ) -> Response[str]:
        noted = request.query_params.get("head", "").strip().lower()
        is_readable = not noted or _HEAD.fullmatch(noted) is not None
        verdict = verify(session, head=noted if noted and is_readable else None)
        people = dict(list_names(session))
        sees = may(actor, Action.SEE_CAMPAIGNS)
        titles = {row.id: row.title for row in list_campaigns(session, by=actor)} if sees else {}
        texts = catalogue(language)
        entries = list_entries(session, limit=SHOWN)
        told = _questionnaires(session, entries) if sees else {}
        say = partial(in_words, texts=texts, titles=told)
        register = find_register(session)
        reads_register = register is not None and Right.READ in rights_of(register, actor)
        rows = tuple(
            _row(entry, people, {**people, **titles}, say)
            if not (veil := _veil_of(entry, actor, reads_register=reads_register))
            else _veiled(entry, texts, veil)
            for entry in entries
        )
        return page(
            request,
            "organisation/audit.html",
            rows=rows,
            verdict=verdict,
            noted=noted[:100],
            is_readable=is_readable,
        )


def _questionnaires(session: Session, entries: Iterable[AuditEntry]) -> Mapping[str, Titles]:
    """The titles of the questionnaires that entries name by their code, as far as there are any."""
    if not any(entry.action.startswith(ABOUT_QUESTIONNAIRES) for entry in entries):
        return {}
    choices = list_choices(session)
    by_key = {choice.key: choice.titles for choice in choices}
    return by_key | {choice.name: choice.titles for choice in choices}


def _row(
    entry: AuditEntry,
    people: Mapping[UUID, str],
    names: Mapping[UUID, str],
    say: Callable[[str, Mapping[str, Any]], str],
) -> AuditRow:
    who = people.get(entry.actor, "") if entry.actor else ""
    return AuditRow(
        seq=entry.seq,
        at=entry.at,
        who=who,
        what=say(entry.action, entry.facts),
        about=_about(entry.subject, names),
    )


def _veil_of(entry: AuditEntry, by: Actor, *, reads_register: bool) -> str:
    """Return the sentence that stands for an act which this reader may not count; empty: none.

    What happens to entries of the register is for its readers, that somebody talked to one of the
    vigilance network for that one alone.
    """
    if entry.subject.startswith(IN_REGISTER) or entry.action == SPAM_REFUSED:
        return "" if reads_register else "audit.in_register"
    if entry.action.startswith(OF_SIGNALS) and entry.actor != by.person_id:
        return "audit.act_vigilance_signal_taken"
    return ""


def _veiled(entry: AuditEntry, texts: Catalogue, what: str) -> AuditRow:
    """An act without who did it and to what."""
    return AuditRow(entry.seq, entry.at, texts("audit.somebody"), texts(what), "")


def in_words(
    action: str,
    facts: Mapping[str, Any],
    texts: Catalogue,
    titles: Mapping[str, Titles] | None = None,
) -> str:
    """Say what an entry records; an action without a sentence is shown by its own name.

    Parameters
    ----------
    titles : mapping, optional
        Code of a questionnaire to its title per language.
    """
    if action.startswith(ABOUT_QUESTIONNAIRES):
        facts = {**facts, "name": name_of_code(str(facts["name"]), titles or {}, texts.language)}
    key = f"audit.act_{action.replace('.', '_')}"
    if facts.get("too_few"):
        key += "_too_few"
    for candidate in (key, f"{key}_short"):
        if texts.has(candidate) and placeholders(texts.sentences[candidate]) <= set(facts):
            return texts(candidate, **{name: _shown(v, texts) for name, v in facts.items()})
    return action


def _shown(value: Any, texts: Catalogue) -> Any:
    """Facts are plain JSON: roles get their name, days their form."""
    if not isinstance(value, str):
        return value if isinstance(value, int | float) else str(value)
    if value in set(Role):
        return texts(f"people.role_{value}")
    try:
        return date.fromisoformat(value)
    except ValueError:
        return value


def _about(subject: str, names: Mapping[UUID, str]) -> str:
    """The name of what an entry is about, where it still has one."""
    _, _, identifier = subject.partition(":")
    try:
        return names.get(UUID(identifier), "")
    except ValueError:
        return ""
