"""An attacker copies every file after every submission, and sees the opened rows as stored.

The worst case on purpose: the attacker knows who submitted when, to which unit everybody belongs,
and, after the opening, the decrypted rows of every block in the order in which they are stored (the
view of the counting job) and the comments in the order of their table. Only the key store is out of
reach. With rows in random order, whatever rule the attacker follows hits one row per label on
average, however many rows it has.
"""

import random
import shutil
import sqlite3
from collections import defaultdict
from contextlib import closing
from math import sqrt
from pathlib import Path

import pytest

from baken.survey.answers import read_blocks
from baken.survey.box.arrangement import RANDOM_ORDER, arrange
from baken.survey.box.models import Envelope
from baken.survey.box.sealing import open_envelope, receipt_hash
from baken.survey.box.sheet import decode_sheet
from baken.survey.campaigns.queries import get_campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.symbols import print_code
from baken.survey.comments import read_comments
from tests.attacker.guessing import found_in, hits_per_label, mean_hits

pytestmark = pytest.mark.attacker

N_CAMPAIGNS = 3
BOUND = 1 + 4 / sqrt(N_CAMPAIGNS)


class Attack:
    """One campaign seen by the attacker."""

    def __init__(self, stage, folder):
        self.stage = stage
        self.folder = folder
        self.campaign_id = stage.launch(min_group=10)
        self.cards = [(u, c) for u, found in stage.codes(self.campaign_id).items() for c in found]
        random.SystemRandom().shuffle(self.cards)
        self.snapshots = []
        self.canaries = [f"canary-{random.getrandbits(80):020x}" for _ in self.cards]

    def watch(self):
        """Everybody answers, one after the other; person i is the i-th to answer."""
        for person, (_, code) in enumerate(self.cards):
            sheet = self.stage.sheet(person, comments=(self.canaries[person],))
            self.stage.submit(self.campaign_id, code, sheet)
            self.snapshots.append(self._copy(person))
        self.tag_of, seen = [], set()
        for snapshot in self.snapshots:
            tags = {tag for tag, _ in self._envelopes(snapshot)}
            (new,) = tags - seen
            self.tag_of.append(new)
            seen = tags
        self.box_of = dict(self._envelopes(self.snapshots[-1]))

    def orders(self):
        """Ways to put people in a row, from everything that was copied."""
        last = self.snapshots[-1]
        main = (last / "baken.sqlite").read_bytes()
        journal = (last / "baken.sqlite-wal").read_bytes()
        tag, box = self.tag_of, self.box_of
        rules = {
            "first difference": lambda person: person,
            "last first": lambda person: -person,
            "tag": lambda person: tag[person],
            "tag backwards": lambda person: bytes(255 - byte for byte in tag[person]),
            "envelope": lambda person: box[tag[person]],
            "receipt": lambda person: receipt_hash(box[tag[person]]),
            "place in the file": lambda person: main.find(box[tag[person]][:64]),
            "place in the journal": lambda person: journal.rfind(box[tag[person]][:64]),
            "card": lambda person: self.cards[person],
        }
        return {name: sorted(range(len(self.cards)), key=rule) for name, rule in rules.items()}

    def letters(self):
        """The envelopes as the opening reads them, opened with the key (for the control only)."""
        with self.stage.database.read(self.stage.client.id) as session:
            campaign = get_campaign(session, self.campaign_id)
            rows = session.query(Envelope).where(Envelope.campaign_id == self.campaign_id)
            boxes = [row.box for row in rows.order_by(Envelope.tag)]
        key = self.stage.keys.get(self.stage.client.id, "campaign", f"{self.campaign_id}:box")
        return campaign, [
            decode_sheet(open_envelope(key, self.campaign_id, box), campaign.sheet_shape)
            for box in boxes
        ]

    def _copy(self, person):
        target = self.folder / f"{self.campaign_id}-{person}"
        target.mkdir(parents=True)
        source = Path(self.stage.database.engine.url.database)
        for end in ("", "-wal", "-shm"):
            if source.with_name(source.name + end).exists():
                shutil.copy(source.with_name(source.name + end), target / f"baken.sqlite{end}")
        return target

    def _envelopes(self, snapshot):
        looked_at = snapshot.with_name(snapshot.name + "-open")
        if not looked_at.exists():
            shutil.copytree(snapshot, looked_at)
        asked = "SELECT tag, box FROM envelope WHERE campaign_id = ?"
        with closing(sqlite3.connect(looked_at / "baken.sqlite")) as connection:
            return connection.execute(asked, (self.campaign_id.hex,)).fetchall()


def person_of(row):
    return sum(int(code) * 5**place for place, code in enumerate(row))


def stored_rows(blocks):
    return {block.label: [person_of(row) for row in block.items] for block in blocks}


@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_snapshots_link_nobody_and_the_control_is_caught(fifty, tmp_path):
    rows, notes, without_shuffle = [], [], []
    for number in range(N_CAMPAIGNS):
        attack = Attack(fifty, tmp_path / "copies")
        attack.watch()
        orders = attack.orders()
        if number == 0:
            campaign, letters = attack.letters()
            for shuffle, collected in ((list, without_shuffle), (RANDOM_ORDER, [])):
                opened = arrange(
                    letters,
                    tree=campaign.tree,
                    k=10,
                    shape=campaign.sheet_shape,
                    languages=campaign.languages,
                    shuffle=shuffle,  # `list` leaves the order as it is
                )
                collected.append(hits_per_label(orders, stored_rows(opened.blocks)))
        fifty.close(attack.campaign_id)
        fifty.open(attack.campaign_id)
        with fifty.database.read(fifty.client.id) as session:
            blocks = list(read_blocks(session, fifty.keys, attack.campaign_id))
            comments = read_comments(session, fifty.keys, attack.campaign_id)
        rows.append(hits_per_label(orders, stored_rows(blocks)))
        written = defaultdict(list)
        for comment in comments:
            written[comment.label].append(attack.canaries.index(comment.text))
        notes.append(hits_per_label(orders, written))
        assert min(len(block.items) for block in blocks) >= 10
    assert max(mean_hits(rows).values()) <= BOUND, mean_hits(rows)
    assert max(mean_hits(notes).values()) <= BOUND, mean_hits(notes)
    # The same attacker, rows left in the order of the envelopes: everybody is found.
    assert mean_hits(without_shuffle)["tag"] >= 10


@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite_url"], indirect=True)
def test_no_file_ever_holds_an_answer_a_code_or_the_key(fifty, tmp_path):
    attack = Attack(fifty, tmp_path / "copies")
    secrets = [
        fifty.keys.get(fifty.client.id, "campaign", f"{attack.campaign_id}:{name}")
        for name in ("box", "codes", "pepper", "table")
    ]
    attack.watch()
    needles = [canary.encode() for canary in attack.canaries] + secrets
    for _, code in attack.cards:
        needles += [code.encode(), print_code(code).encode()]
    for snapshot in attack.snapshots[::7]:
        assert found_in(snapshot, needles) == []
    fifty.close(attack.campaign_id)
    assert fifty.open(attack.campaign_id) is CampaignState.BACKED_UP
    assert fifty.open(attack.campaign_id, days_later=7) is CampaignState.SCRUBBED
    main = Path(fifty.database.engine.url.database)
    # After the opening no envelope is left either: not in free pages, the journal or the backup.
    needles += [box[:32] for box in attack.box_of.values()]
    installation = tmp_path / "installation"
    shutil.copytree(fifty.keys.folder, installation / "keys")
    for end in ("", "-wal", "-shm"):
        if main.with_name(main.name + end).exists():
            shutil.copy(main.with_name(main.name + end), installation)
    assert len(list(installation.rglob("*.sqlite"))) >= 3
    assert found_in(installation, needles) == []
    # The search is able to find: the first copies do hold envelopes.
    assert found_in(attack.snapshots[-1], needles) != []
