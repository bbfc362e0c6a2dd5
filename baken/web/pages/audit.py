"""What was done, by whom: the newest entries of the audit chain in plain words."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from baken.organisation.people import list_names
from baken.organisation.permissions import Action, Actor, Role, may
from baken.storage.audit import AuditEntry, list_entries, verify
from baken.storage.session import Session
from baken.survey.campaigns.queries import list_campaigns
from baken.web.pages.reply import PageRequest, page
from baken.web.texts import Catalogue, catalogue, placeholders

SHOWN: Final = 200
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
        rows = tuple(
            _row(entry, people, {**people, **titles}, texts)
            for entry in list_entries(session, limit=SHOWN)
        )
        return page(
            request,
            "organisation/audit.html",
            rows=rows,
            verdict=verdict,
            noted=noted[:100],
            is_readable=is_readable,
        )


def _row(
    entry: AuditEntry, people: Mapping[UUID, str], names: Mapping[UUID, str], texts: Catalogue
) -> AuditRow:
    who = people.get(entry.actor, "") if entry.actor else ""
    return AuditRow(
        seq=entry.seq,
        at=entry.at,
        who=who,
        what=in_words(entry.action, entry.facts, texts),
        about=_about(entry.subject, names),
    )


def in_words(action: str, facts: Mapping[str, Any], texts: Catalogue) -> str:
    """Say what an entry records; an action without a sentence is shown by its own name."""
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
