"""Two entries of one human are one where two people are asked for."""

import pytest

from baken.organisation.humans import address_of_box, entries_of_human, is_same_human
from baken.organisation.models import Account, Person
from baken.organisation.permissions import Role
from baken.storage.session import Database
from tests.conftest import make_client


def test_a_human_is_known_by_account_or_by_the_box_of_the_mail(sqlite: Database) -> None:
    client = make_client(sqlite)
    with sqlite.session(client.id) as session:
        log_in = Account(mail="anke@huis.example", name="Anke", password_hash="-")
        session.add(log_in)
        session.flush()
        rows = [
            Person(name="Anke", mail="anke.work@huis.example", account_id=log_in.id),
            Person(name="Anke (bis)", mail="ANKE+baken@huis.example"),
            Person(name="Anke", mail="anke@elders.example"),  # another Anke, for all Baken knows
            Person(name="Bo", mail=""),
            Person(name="Cem", mail=""),
        ]
        session.add_all(rows)
        session.flush()
        first, second, namesake, bo, cem = (row.id for row in rows)
        assert entries_of_human(session, first) == {first, second}
        assert is_same_human(session, second, [None, first])
        assert not is_same_human(session, first, [namesake, bo, None])
        assert not is_same_human(session, bo, [cem])  # without any address nothing is the same
        assert is_same_human(session, bo, [bo])
        assert not is_same_human(session, bo, [None])
        other = client.people[Role.EMPLOYER].person_id
        assert entries_of_human(session, other) == {other}


@pytest.mark.parametrize(
    ("mail", "box"),
    [(" Jo+x+y@A.Example ", "jo@a.example"), ("jo@a.example", "jo@a.example"), ("", "")],
)
def test_a_part_after_a_plus_reaches_the_same_box(mail: str, box: str) -> None:
    assert address_of_box(mail) == box
