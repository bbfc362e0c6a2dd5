"""The walker finds what there is: nothing that comes later escapes it."""

import shutil
from typing import Any
from uuid import uuid4

import pytest
from litestar import get
from sqlalchemy import update

from baken.organisation.accounts.models import AccountSession
from baken.organisation.models import Organisation
from baken.organisation.permissions import Action
from baken.web.app import create_app
from baken.web.demo.making import settings_of
from baken.web.pages.controllers import CONTROLLERS
from tests.demonstration import NOW
from tests.web.hardening.conftest import Filled, Town
from tests.web.hardening.walking_routes import Map, checksum, list_routes

pytestmark = [pytest.mark.sqlite, pytest.mark.attacker]


@get("/o/{organisation_id:uuid}/later", opt={"action": Action.COME_IN}, sync_to_thread=True)
def later() -> str:
    return "later"


def test_a_new_route_is_found_by_itself(filled: Filled) -> None:
    app = create_app(settings_of(filled.folder), clock=lambda: NOW, more=(later,))
    assert "GET /o/{organisation_id}/later" in map(str, list_routes(app))
    app.state.front_door.stop()
    app.state.database.dispose()


def test_every_method_of_every_controller_is_a_route(town: Town) -> None:
    n_handlers = sum(
        hasattr(getattr(controller, name), "fn")
        for controller in CONTROLLERS
        for name in dir(controller)
    )
    assert len(town.routes) == n_handlers + 1  # the static files have no controller


def test_pages_lead_to_most_routes(chart: Map) -> None:
    reached = [route for route in chart.routes if chart.is_reached(route)]
    lost = sorted(str(route) for route in chart.routes if not chart.is_reached(route))
    assert len(reached) > 0.5 * len(chart.routes), lost


def test_what_leads_nowhere_is_filled_in(chart: Map) -> None:
    for route in chart.routes:
        address = chart.address_of(route)
        assert "{" not in address
        assert route.pattern.fullmatch(
            address.partition("?")[0].removeprefix("http://127.0.0.1:8000")
        )


def test_the_checksum_sees_every_change_but_the_last_visit(town: Town, tmp_path: Any) -> None:
    town.powerful()
    before = checksum(town.folder)
    with town.database.session(None) as session:
        session.execute(update(AccountSession).values(seen_at=NOW.replace(hour=11)))
    assert checksum(town.folder) == before
    with town.database.session(None) as session:
        session.add(Organisation(id=uuid4(), name="Nog een"))
    changed = {name for name, digest in checksum(town.folder).items() if digest != before[name]}
    assert changed == {"baken.sqlite:organisation"}
    shutil.copytree(town.folder, tmp_path / "copy")
    assert checksum(tmp_path / "copy") == checksum(town.folder)
