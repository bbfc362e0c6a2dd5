"""What pages show of an address list: values, never rows of a table, and never a code."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.organisation.permissions import Actor
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.campaigns.rules import CampaignState
from baken.survey.codes.models import Channel
from baken.survey.invitations.models import Letter, Recipient, Sending
from baken.survey.invitations.queries import Named, Standing, count_standings, list_named_units


@dataclass(frozen=True, slots=True)
class UnitLine:
    """How many people of a unit are invited, by which way, and how far that is."""

    key: str
    name: str
    people: int
    by_mail: int
    by_letter: int
    sent: int


@dataclass(frozen=True, slots=True)
class MailingLine:
    """Letters that went to everybody."""

    is_reminder: bool
    on: date
    people: int


@dataclass(frozen=True, slots=True)
class ListView:
    """The list of a campaign in figures."""

    lines: tuple[UnitLine, ...]
    mailings: tuple[MailingLine, ...]
    waiting: int  # by mail, not invited yet
    letters: int
    sent: int
    refused: int
    is_running: bool

    @property
    def people(self) -> int:
        return self.by_mail + self.letters

    @property
    def by_mail(self) -> int:
        return sum(line.by_mail for line in self.lines)


@dataclass(frozen=True, slots=True)
class RecipientView:
    """Somebody on the list."""

    id: UUID
    name: str
    address: str
    language: str
    by_letter: bool
    state: Sending
    is_under_way: bool
    refusal: str
    refusal_code: int | None

    @classmethod
    def of(cls, row: Recipient) -> "RecipientView":
        return cls(
            id=row.id,
            name=row.name,
            address=row.address.replace("\n", ", "),
            language=row.language,
            by_letter=row.channel is Channel.LETTER,
            state=row.state,
            is_under_way=row.due is not None,
            refusal=row.refusal,
            refusal_code=row.refusal_code,
        )


def list_view(session: Session, campaign: Campaign, *, by: Actor, today: date) -> ListView:
    """The figures of a list, unit by unit; units without addresses have no line."""
    found = count_standings(session, campaign.id, by=by)
    named = list_named_units(session, campaign, today=today)
    return ListView(
        lines=tuple(_lines(named, found)),
        mailings=tuple(
            MailingLine(m["kind"] == Letter.REMINDER, date.fromisoformat(m["on"]), m["people"])
            for m in campaign.mailings
        ),
        waiting=_count(found, Channel.MAIL, Sending.WAITING),
        letters=sum(row.people for row in found if row.channel is Channel.LETTER),
        sent=_count(found, Channel.MAIL, Sending.SENT),
        refused=sum(row.refused for row in found),
        is_running=campaign.state is CampaignState.RUNNING,
    )


def digest_of(row: Recipient) -> str:
    """What somebody saw of a line: another digest means that it was changed meanwhile."""
    seen = "\x1f".join((row.name, row.address, row.unit, row.language, row.stratum or ""))
    return hashlib.sha256(seen.encode()).hexdigest()[:16]


def _count(found: Iterable[Standing], channel: Channel, state: Sending) -> int:
    return sum(row.people for row in found if row.channel is channel and row.state is state)


def _lines(named: Sequence[Named], found: Sequence[Standing]) -> Iterable[UnitLine]:
    counted: Counter[tuple[str, str]] = Counter()
    for row in found:
        counted[row.unit, row.channel.value] += row.people
        counted[row.unit, row.state.value] += row.people
    listed = {row.unit for row in found}
    known = {unit.key for unit in named}
    gone = [Named(key, "", "", 0) for key in sorted(listed - known)]
    for unit in (*named, *gone):
        if unit.key in listed:
            yield UnitLine(
                key=unit.key,
                name=unit.name,
                people=unit.people,
                by_mail=counted[unit.key, Channel.MAIL.value],
                by_letter=counted[unit.key, Channel.LETTER.value],
                sent=counted[unit.key, Sending.SENT.value],
            )
