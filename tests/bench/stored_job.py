"""From answers in the database to complete results: what a release costs.

    python tests/bench/stored_job.py fill FOLDER PEOPLE ITEMS UNITS
    python tests/bench/stored_job.py release FOLDER

The first leaves an opened campaign in a folder, its answers as opening leaves them: one sealed
block per unit. The second makes the release of that campaign and prints what it took as JSON.
"""

import json
import resource
import sys
import time
import tomllib
from datetime import date
from pathlib import Path
from uuid import UUID

import numpy as np

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))  # run as a script, not as a module of the tests

from baken.analysis.releases.actions import make_release  # noqa: E402
from baken.organisation.models import Organisation, Person  # noqa: E402
from baken.organisation.permissions import Actor, Grant, Role  # noqa: E402
from baken.storage.keys import KeyStore  # noqa: E402
from baken.storage.migrate import migrate  # noqa: E402
from baken.storage.session import Database, Session  # noqa: E402
from baken.survey.answers import Block, data_key, write_block  # noqa: E402
from baken.survey.campaigns.models import Campaign, FrozenUnit  # noqa: E402
from baken.survey.campaigns.rules import CampaignState  # noqa: E402
from baken.survey.disclosure.tree import ROOT  # noqa: E402
from baken.survey.library.assembling import assemble  # noqa: E402
from baken.survey.library.content import Content  # noqa: E402
from baken.survey.library.models import LibraryVersion  # noqa: E402
from tests.bench.sample import Job, answers_of, write_instrument  # noqa: E402

TODAY = date(2026, 3, 2)
PERSON = UUID(int=1)


def fill(folder: Path, job: Job) -> None:
    """Make an organisation with an opened campaign."""
    url = _address(folder)
    migrate(url)
    database, keys = Database(url), KeyStore.create(folder / "keys")
    with database.session(None) as session:
        organisation = Organisation(name="Bench (fictief)", is_fictional=True)
        session.add(organisation)
        session.flush()
        organisation_id = organisation.id
    with database.session(organisation_id) as session:
        session.add(Person(id=PERSON, name="Bench", mail="bench@voorbeeld.invalid"))
        campaign = _campaign(session, folder, job)
        session.add(campaign)
        session.flush()
        key = data_key(keys, organisation_id, campaign.id)
        for unit, n in enumerate(_sizes(job)):
            sheets = answers_of(job, np.full(n, unit), unit)
            nothing = np.zeros((n, 0), dtype=np.int8)
            write_block(session, key, campaign.id, Block(_unit(unit), sheets, nothing, ()))
    (folder / "campaign.json").write_text(
        json.dumps({"organisation": str(organisation_id), "campaign": str(campaign.id)})
    )
    database.dispose()


def release(folder: Path) -> dict[str, float]:
    """Make the release, and return how long it took and how much memory."""
    names = json.loads((folder / "campaign.json").read_text())
    organisation_id, campaign_id = UUID(names["organisation"]), UUID(names["campaign"])
    database, keys = Database(_address(folder)), KeyStore.open(folder / "keys")
    by = Actor(PERSON, organisation_id, "Bench", frozenset({Grant(Role.ADVISER)}))
    begun = time.perf_counter()
    with database.session(organisation_id) as session:
        made = make_release(session, keys, campaign_id, by=by, today=TODAY)
    wall = time.perf_counter() - begun
    database.dispose()
    assert made.results["n"] > 0
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "wall": wall,
        "processor": sum(one.ru_utime + one.ru_stime for one in used),
        "memory": used[0].ru_maxrss / 1024,
        "memory_of_a_helper": used[1].ru_maxrss / 1024,
    }


def _campaign(session: Session, folder: Path, job: Job) -> Campaign:
    write_instrument(job, folder / "instrument")
    definition, texts = (
        tomllib.loads((folder / "instrument" / name).read_text())
        for name in ("definition.toml", "en.toml")
    )
    content = Content(definition | {"version": "own-1"}, {"en": texts}).as_text()
    instrument = assemble(content, ())
    version = LibraryVersion(
        instrument_key=instrument.key,
        instrument_version="own-1",
        fingerprint=instrument.fingerprint,
        content=content,
        left_out=[],
        refused=[],
    )
    session.add(version)
    session.flush()
    return Campaign(
        title="Bench",
        state=CampaignState.SCRUBBED,
        instrument_key=instrument.key,
        instrument_version="own-1",
        instrument_fingerprint=instrument.fingerprint,
        languages=["en"],
        opens_on=TODAY,
        closes_on=TODAY,
        background_headcounts={},
        answers_until_on=date(2030, 1, 1),
        comments_until_on=date(2030, 1, 1),
        unit_tree=_tree(job),
        min_group_at_launch=10,
        opened_on=TODAY,
        n_answers=job.people,
        label_of={unit["key"]: unit["key"] for unit in _tree(job)[1:]} | {ROOT: ROOT},
        kept_columns=[],
    )


def _tree(job: Job) -> list[FrozenUnit]:
    top = FrozenUnit(
        key=str(UUID(int=2)), parent=None, number="0", name="All", kind="employer", headcount=0
    )
    departments = [
        FrozenUnit(
            key=str(UUID(int=10 + d)),
            parent=top["key"],
            number=f"d{d}",
            name=f"Department {d}",
            kind="department",
            headcount=0,
        )
        for d in range(job.n_departments)
    ]
    units = [
        FrozenUnit(
            key=_unit(unit),
            parent=departments[job.department(unit)]["key"],
            number=f"u{unit}",
            name=f"Unit {unit}",
            kind="team",
            headcount=int(n / 0.7) + 1,
        )
        for unit, n in enumerate(_sizes(job))
    ]
    return [top, *departments, *units]


def _unit(unit: int) -> str:
    return str(UUID(int=1_000_000 + unit))


def _sizes(job: Job) -> list[int]:
    """People of each unit: the same number, and what is left in the first."""
    each, left = divmod(job.people, job.units)
    return [each + left, *[each] * (job.units - 1)]


def _address(folder: Path) -> str:
    return f"sqlite:///{folder / 'baken.sqlite'}"


def main() -> None:
    act, folder, *sizes = sys.argv[1:]
    if act == "fill":
        fill(Path(folder), Job(*map(int, sizes)))
    else:
        print(json.dumps(release(Path(folder))))


if __name__ == "__main__":
    main()
