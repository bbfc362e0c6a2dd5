"""The clients of somebody who works for several organisations, the most urgent first."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from baken.actionplan.clients import Client, list_clients
from baken.organisation.accounts.sessions import LoggedIn
from baken.storage.session import Database
from baken.web.pages.reply import PageRequest, page
from baken.web.pages.waiting_views import WaitingLine
from baken.web.texts import Catalogue, catalogue

SEARCH_FROM: Final = 10
"""Up to this many clients fit on a page without a box to search in."""

_LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One client in the table."""

    name: str
    is_fictional: bool
    href: str
    phase: str
    n_waiting: int
    urgent: WaitingLine | None
    next_on: date | None
    roles: tuple[str, ...]

    @classmethod
    def of(cls, client: Client, texts: Catalogue, *, today: date) -> "ClientRow":
        root = f"/o/{client.organisation.id}"
        one = client.most_urgent
        return cls(
            name=client.organisation.name,
            is_fictional=client.organisation.is_fictional,
            href=root,
            phase=client.phase,
            n_waiting=client.n_waiting,
            urgent=WaitingLine.of(one, texts, root, today=today) if one else None,
            next_on=client.next_on,
            roles=client.roles,
        )


class ClientPages(Controller):
    """All clients of one account."""

    path = "/clients"

    @get("/", opt={"account": True}, sync_to_thread=True)
    def list_page(
        self,
        request: PageRequest,
        *,
        account: NamedDependency[LoggedIn],
        database: NamedDependency[Database],
        today: NamedDependency[date],
        now: NamedDependency[datetime],
        language: NamedDependency[str],
    ) -> Response[str]:
        wanted = request.query_params.get("q", "").strip()[:_LONGEST_NAME]
        clients = list_clients(database, account.account_id, name=wanted, today=today, now=now)
        texts = catalogue(language)
        return page(
            request,
            "home/clients.html",
            rows=tuple(ClientRow.of(client, texts, today=today) for client in clients),
            wanted=wanted,
            is_searched=bool(wanted) or len(clients) > SEARCH_FROM,
            n_busy=sum(client.n_waiting > 0 for client in clients),
        )
