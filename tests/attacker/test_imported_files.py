"""An attacker who has the file with answers from elsewhere, and every file of Baken afterwards.

Whoever has the file has the answers in it; what may not be found is which stored row is whose, nor
a single answer or comment in clear. With rows in random order, whatever rule the attacker follows
hits one row per label on average.
"""

import random
import shutil
from collections import defaultdict
from datetime import date
from math import sqrt
from pathlib import Path

import pytest

from baken.survey.answers import read_blocks
from baken.survey.box.arrangement import RANDOM_ORDER
from baken.survey.box.importing.actions import check_import, import_answers
from baken.survey.box.steps import open_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.comments import read_comments
from tests.attacker.guessing import found_in, hits_per_label, mean_hits
from tests.elsewhere import answers_of, asked_of, person_of, write_file

pytestmark = pytest.mark.attacker

N_IMPORTS = 6
BOUND = 1 + 4 / sqrt(N_IMPORTS)
PEOPLE = {"Team A": 14, "Team B": 12, "Team C": 4, "Workshop": 12, "Office": 5, "Kitchen": 3}


@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_no_copy_tells_the_order_of_the_file_and_the_control_is_caught(fifty, tmp_path):
    lines = [
        (unit, 100 * place + number)
        for place, (unit, n) in enumerate(PEOPLE.items())
        for number in range(n)
    ]
    random.Random(4).shuffle(lines)
    content = write_file(lines)
    rows, notes = [], []
    for year in range(N_IMPORTS):
        seen = look(fifty, bring_in(fifty, content, 2016 + year, RANDOM_ORDER), lines)
        rows.append(seen[0])
        notes.append(seen[1])
    assert max(mean_hits(rows).values()) <= BOUND, mean_hits(rows)
    assert max(mean_hits(notes).values()) <= BOUND, mean_hits(notes)
    needles = [f"opmerking-{who}-van-iemand".encode() for _, who in lines]
    needles += [";".join(map(str, answers_of(who))).encode() for _, who in lines]
    needles += [bytes(answers_of(who)) for _, who in lines]
    assert [found_in(folder, needles) for folder in copied(fifty, tmp_path)] == [[], [], []]
    # The same attacker, rows left in the order of the file: everybody is found.
    control = look(fifty, bring_in(fifty, content, 2024, list), lines)
    assert mean_hits([control[0]])["file"] >= 10
    # The search is able to find: the file itself holds all of it.
    (tmp_path / "upload").mkdir()
    (tmp_path / "upload" / "answers.csv").write_bytes(content)
    assert len(found_in(tmp_path / "upload", needles)) >= 2 * len(lines)


def bring_in(stage, content, year, shuffle):
    by, today = stage.client.adviser, stage.today
    days = {"first_on": date(year, 3, 1), "last_on": date(year, 3, 31)}
    asked = asked_of(content, today=today, units_on=date(2024, 1, 1), **days)
    with stage.database.read(stage.client.id) as session:
        accepted = check_import(session, asked, by=by, today=today).digest
    campaign_id = import_answers(
        stage.database, stage.keys, asked, accepted=accepted, by=by, today=today, shuffle=shuffle
    )
    reached = open_campaign(
        stage.database, stage.keys, stage.backups, campaign_id, by=by, today=today
    )
    assert reached is CampaignState.SCRUBBED
    return campaign_id


def look(stage, campaign_id, lines):
    """How often a guess by the order of the file is right, in the rows and in the comments."""
    people = [who for _, who in lines]
    orders = {"file": people, "backwards": people[::-1], "by number": sorted(people)}
    with stage.database.read(stage.client.id) as session:
        blocks = list(read_blocks(session, stage.keys, campaign_id))
        comments = read_comments(session, stage.keys, campaign_id)
    stored = {block.label: [person_of(row) for row in block.items] for block in blocks}
    assert sorted(who for found in stored.values() for who in found) == sorted(people)
    assert min(map(len, stored.values())) >= 10
    written = defaultdict(list)
    for comment in comments:
        written[comment.label].append(int(comment.text.split("-")[1]))
    return hits_per_label(orders, stored), hits_per_label(orders, written)


def copied(stage, folder):
    """Every file of the installation: database, journal, backups, key store."""
    main = Path(stage.database.engine.url.database)
    for end in ("", "-wal", "-shm"):
        if main.with_name(main.name + end).exists():
            (folder / "copy").mkdir(exist_ok=True)
            shutil.copy(main.with_name(main.name + end), folder / "copy")
    assert list(stage.backups.rglob("*")) != []
    return [folder / "copy", stage.backups, stage.keys.folder]
