"""A statement that takes too long is stopped; the next one works."""

import pytest
from sqlalchemy.exc import OperationalError

from baken.storage.patience import PAGE_PATIENCE_MS, limit_statements
from baken.storage.session import Database


@pytest.mark.postgresql
def test_a_statement_that_takes_too_long_is_stopped(postgresql_url: str) -> None:
    database = Database(postgresql_url)
    limit_statements(database, 50)
    with (
        pytest.raises(OperationalError, match="statement timeout"),
        database.engine.begin() as connection,
    ):
        connection.exec_driver_sql("SELECT pg_sleep(3)")
    with database.engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
    database.dispose()


def test_pages_wait_five_seconds_and_work_in_the_background_as_long_as_it_takes(
    database: Database,
) -> None:
    other = Database(database.engine.url.render_as_string(hide_password=False))
    limit_statements(database)
    if not database.is_sqlite:
        for handle, expected in ((database, f"{PAGE_PATIENCE_MS // 1000}s"), (other, "0")):
            with handle.engine.begin() as connection:
                assert connection.exec_driver_sql("SHOW statement_timeout").scalar_one() == expected
    with database.engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar_one() == 1
    other.dispose()
