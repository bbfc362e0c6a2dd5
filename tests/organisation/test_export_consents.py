"""What few may read stays behind in an export unless one of them allows it."""

import io
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select

from baken.actionplan.annualreport.actions import start_report
from baken.actionplan.annualreport.choosing import Shape, Sharing
from baken.actionplan.consultations.models import Consultation
from baken.actionplan.consultations.rules import ConsultationKind, Organ
from baken.actionplan.requests.situations.intake import Asker, Priority
from baken.actionplan.requests.situations.models import SituationRequest
from baken.actionplan.requests.situations.rules import RequestState
from baken.organisation.errors import Denied
from baken.organisation.permissions import Role
from baken.organisation.transfers import consents
from baken.storage.portability.packing import write_export
from baken.storage.portability.tables import GUARDED, going_in_order
from baken.storage.session import Database
from tests.conftest import Client, make_client
from tests.storage.portable import KEY, bring, parcel_of, silent

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TODAY = NOW.date()
TOLD = "kanarie-situatie"


def packed(database: Database, client: Client, *parts: str) -> bytes:
    out = io.BytesIO()
    with database.snapshot(client.id) as session:
        write_export(session, out, KEY, parts=parts, software_version="0", now=NOW, progress=silent)
    return out.getvalue()


def test_a_part_goes_while_one_who_reads_it_allows_it(
    sqlite: Database, sqlite_template: Path, tmp_path: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "away.sqlite")
    client = make_client(sqlite)
    head = client.people[Role.PREVENTION_ADVISER]
    request = SituationRequest(
        id=uuid4(), state=RequestState.REQUESTED, asker=Asker.EMPLOYER, asked_on=TODAY,
        entered_by=head.person_id, group_name="Nacht", group_size=12, sealed=TOLD.encode(),
        since_on=date(2026, 1, 5), priority=next(iter(Priority)),
    )  # fmt: skip
    with sqlite.session(client.id) as session:
        start_report(session, 2025, Shape(Sharing.ONE_EMPLOYER), by=head, today=TODAY, now=NOW)
        session.add(request)
        session.flush()
        for request_id in (request.id, None):
            session.add(Consultation(
                item="x", organ=Organ.CPBW, kind=next(iter(ConsultationKind)), asked_on=TODAY,
                due_on=TODAY, text_sent=TOLD if request_id else "plan", request_id=request_id,
                subject="" if request_id else "Plan",
            ))  # fmt: skip

    content = packed(sqlite, client)
    parcel = parcel_of(content)
    assert parcel.manifest.left_behind == tuple(GUARDED)
    assert TOLD not in repr([list(parcel.rows(table)) for table in going_in_order()])
    # What was asked about the request stays with it; other questions go.
    assert [row["text_sent"] for row in parcel.rows("consultation")] == ["plan"]
    assert list(parcel.rows("annual_report")) == []
    allowed = parcel_of(packed(sqlite, client, "requests"))
    # Its words open with keys that stay: they do not go even then.
    (row,) = allowed.rows("situation_request")
    assert (row["group_name"], row["sealed"]) == ("Nacht", None)
    assert len(list(allowed.rows("consultation"))) == 2
    away = Database(f"sqlite:///{tmp_path / 'away.sqlite'}")
    bring(away, content)  # what is left hangs together
    with away.read(client.id) as session:
        assert session.scalars(select(Consultation.text_sent)).all() == ["plan"]
    away.dispose()

    with sqlite.session(client.id) as session:
        for role in (Role.ADMINISTRATOR, Role.MAIN_CONTACT, Role.EMPLOYER):
            with pytest.raises(Denied):
                consents.allow(session, "accidents", by=client.people[role], today=TODAY, now=NOW)
        for part in ("accidents", "reports"):
            consents.allow(session, part, by=head, today=TODAY, now=NOW)
        consents.refuse(session, "reports", by=head, now=NOW)
        on = [TODAY + timedelta(days=n) for n in (0, 6, 7)]
        assert [consents.allowed_parts(session, today=day) for day in on] == [
            ("accidents",), ("accidents",), ()
        ]  # fmt: skip
        contact = client.people[Role.MAIN_CONTACT]
        states = {one.part: one for one in consents.list_parts(session, by=contact, today=TODAY)}
        assert (states["accidents"].allowed_by, states["requests"].allowed_by) == (head.name, "")
        assert not any(one.is_mine for one in states.values())
