"""Whether somebody can be invited: address, unit, language, group, and room in the unit.

Pure: lines in, people and problems out. A problem names its line and says what to do; a question
is for a person to answer, because only a person can know.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from baken.organisation.addresses import is_deliverable
from baken.survey.codes.models import Channel
from baken.survey.errors import InvalidRecipient

MOST_REMINDERS: Final = 2
LONGEST_NAME: Final = 200
LONGEST_ADDRESS: Final = 500
_BETWEEN_LINES: Final = re.compile(r"[\r\n|,;]+")
_TAG: Final = re.compile(r"\+[^@]*(?=@)")

Place = tuple[str, str | None]  # unit and band


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list, as somebody wrote it; `line` is its place in the file."""

    line: int
    name: str
    address: str
    unit: str
    language: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody who can be invited."""

    line: int
    name: str
    address: str
    channel: Channel
    unit: str
    language: str
    stratum: str | None

    @property
    def place(self) -> Place:
        return self.unit, self.stratum

    @property
    def mark(self) -> str:
        """What two invitations to one person would have in common."""
        who = "" if self.channel is Channel.MAIL else f"{self.name}|"
        return f"{who}{self.address}".casefold()


@dataclass(frozen=True, slots=True)
class Remark:
    """A line that cannot be taken, or that a person has to look at, and why."""

    line: int
    why: InvalidRecipient

    @property
    def key(self) -> str:
        return self.why.key

    @property
    def values(self) -> Mapping[str, Any]:
        return self.why.values


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list says: whom it invites, what is wrong with it, what it leaves open."""

    people: tuple[Invitee, ...]
    problems: tuple[Remark, ...]
    questions: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a list is held against.

    Parameters
    ----------
    units : mapping
        Small letters of a unit's number or name to the keys of the units called so.
    names : mapping
        Key of a unit to its name.
    ways : mapping
        Key of a unit to how its letters may go.
    languages : sequence of str
        Languages of the campaign; the first is taken where a line names none.
    bands : mapping
        Small letters of a band's key or name to its key; empty where codes carry no band.
    room : mapping
        How many more people of a unit (and band) can be written down.
    known : sequence of str
        Marks of those who stand on the list already.
    groups : sequence of str
        The bands as people know them, for a sentence.
    is_running : bool
        Whether people answer already: then nobody can choose another way for a unit.
    """

    units: Mapping[str, tuple[str, ...]]
    names: Mapping[str, str]
    ways: Mapping[str, frozenset[Channel]]
    languages: Sequence[str]
    bands: Mapping[str, str]
    room: Mapping[Place, int]
    known: Sequence[str] = ()
    groups: Sequence[str] = ()
    is_running: bool = False


@dataclass(slots=True)
class _Reading:
    ground: Ground
    people: list[Invitee] = field(default_factory=list)
    problems: list[Remark] = field(default_factory=list)
    questions: list[Remark] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)  # mark -> first line
    alike: dict[str, int] = field(default_factory=dict)  # mark without a tag -> first line


def check_entries(entries: Sequence[Entry], ground: Ground) -> Listing:
    """Hold a whole list against the campaign; with a problem in it nobody is taken."""
    reading = _Reading(ground)
    reading.alike = {_without_tag(mark): 0 for mark in ground.known}
    for entry in entries:
        try:
            invitee = invite(entry, ground)
            _check_twice(reading, invitee)
        except InvalidRecipient as doubt:
            reading.problems.append(Remark(entry.line, doubt))
        else:
            reading.people.append(invitee)
    reading.problems += _too_many(reading.people, ground)
    problems = tuple(sorted(reading.problems, key=lambda remark: remark.line))
    return Listing(tuple(reading.people), problems, tuple(reading.questions))


def invite(entry: Entry, ground: Ground) -> Invitee:
    """Return whom a line invites; raise `InvalidRecipient` for the first thing that is wrong."""
    if not (entry.name and entry.address and entry.unit):
        raise InvalidRecipient(
            "survey.recipient_incomplete",
            "Name, address or unit is missing. Fill it in or delete the line.",
        )
    if len(entry.name) > LONGEST_NAME or len(entry.address) > LONGEST_ADDRESS:
        raise InvalidRecipient(
            "survey.recipient_too_long",
            "Name or address is too long; at most {most} characters.",
            most=LONGEST_ADDRESS,
        )
    address, channel = _read_address(entry.address)
    unit = _read_unit(entry.unit, ground)
    if channel not in ground.ways.get(unit, frozenset()):
        raise _closed_way(channel, ground.names[unit], is_running=ground.is_running)
    return Invitee(
        line=entry.line,
        name=entry.name,
        address=address,
        channel=channel,
        unit=unit,
        language=_read_language(entry.language, ground),
        stratum=_read_band(entry.group, ground),
    )


def _closed_way(channel: Channel, unit: str, *, is_running: bool) -> InvalidRecipient:
    if is_running:
        return _closed_for_good(channel, unit)
    if channel is Channel.MAIL:
        return InvalidRecipient(
            "survey.recipient_no_mail",
            "{unit} gets no mail. Choose mail for that unit in the preparation, or "
            "give a postal address.",
            unit=unit,
        )
    return InvalidRecipient(
        "survey.recipient_no_letter",
        "{unit} gets no letters. Choose letter for that unit in the preparation, or "
        "give a mail address.",
        unit=unit,
    )


def _closed_for_good(channel: Channel, unit: str) -> InvalidRecipient:
    if channel is Channel.MAIL:
        return InvalidRecipient(
            "survey.recipient_no_mail_now",
            "{unit} gets no mail, and after the start that stays so. Give a postal address, or "
            "give this person a card.",
            unit=unit,
        )
    return InvalidRecipient(
        "survey.recipient_no_letter_now",
        "{unit} gets no letters, and after the start that stays so. Give a mail address, or give "
        "this person a card.",
        unit=unit,
    )


def _read_address(written: str) -> tuple[str, Channel]:
    if "@" in written:
        if not is_deliverable(written):
            raise _odd_address(written)
        return written, Channel.MAIL
    lines = [line.strip() for line in _BETWEEN_LINES.split(written) if line.strip()]
    if len(lines) < 2:
        raise _odd_address(written)
    return "\n".join(lines), Channel.LETTER


def _odd_address(written: str) -> InvalidRecipient:
    return InvalidRecipient(
        "survey.recipient_address_odd",
        "{address} is neither a mail address nor a postal address of two lines. Correct it.",
        address=written,
    )


def _read_unit(written: str, ground: Ground) -> str:
    found = ground.units.get(written.casefold(), ())
    if not found:
        raise InvalidRecipient(
            "survey.recipient_unit_unknown",
            "There is no unit {unit}. Use the number or the name of a unit of this survey.",
            unit=written,
        )
    if len(found) > 1:
        raise InvalidRecipient(
            "survey.recipient_unit_ambiguous",
            "More than one unit is called {unit}. Write the number of the unit.",
            unit=written,
        )
    return found[0]


def _read_language(written: str, ground: Ground) -> str:
    language = written.casefold() or ground.languages[0]
    if language not in ground.languages:
        raise InvalidRecipient(
            "survey.recipient_language_unknown",
            "The survey does not have the language {language}. Use: {languages}.",
            language=written,
            languages=", ".join(ground.languages),
        )
    return language


def _read_band(written: str, ground: Ground) -> str | None:
    if not ground.bands:
        return None
    band = ground.bands.get(written.casefold())
    if band is None:
        raise InvalidRecipient(
            "survey.recipient_group_unknown",
            "There is no group {group}. Use: {groups}.",
            group=written,
            groups=", ".join(ground.groups),
        )
    return band


def _check_twice(reading: _Reading, invitee: Invitee) -> None:
    mark, bare = invitee.mark, _without_tag(invitee.mark)
    if mark in reading.ground.known:
        raise InvalidRecipient(
            "survey.recipient_known",
            "{address} is on the list already. Delete the line: one address gets one code.",
            address=_shown(invitee),
        )
    if mark in reading.lines:
        raise InvalidRecipient(
            "survey.recipient_twice",
            "{address} stands on line {first} too. Delete one of the two: one address"
            " gets one code.",
            address=_shown(invitee),
            first=reading.lines[mark],
        )
    if bare in reading.alike:
        alike = InvalidRecipient(
            "survey.recipient_alike",
            "{address} looks like another address (line {first}; a dash stands for "
            "the present list). Two people: confirm. The same person: delete the "
            "line.",
            address=_shown(invitee),
            first=reading.alike[bare] or "-",
        )
        reading.questions.append(Remark(invitee.line, alike))
    reading.lines[mark] = invitee.line
    reading.alike.setdefault(bare, invitee.line)


def _too_many(people: Sequence[Invitee], ground: Ground) -> Iterator[Remark]:
    counted: Counter[Place] = Counter()
    over: dict[Place, int] = {}
    for invitee in people:
        counted[invitee.place] += 1
        if counted[invitee.place] > ground.room.get(invitee.place, 0):
            over.setdefault(invitee.place, invitee.line)
    for place, line in over.items():
        over_full = InvalidRecipient(
            "survey.recipient_over",
            "{unit} has room for {room} more addresses and there are {people} on this"
            " list. Delete some, correct the number of people, or give cards. Write "
            "down those who came after the start one by one.",
            unit=ground.names[place[0]],
            people=counted[place],
            room=max(0, ground.room.get(place, 0)),
        )
        yield Remark(line, over_full)


def _shown(invitee: Invitee) -> str:
    return invitee.address.replace("\n", ", ")


def _without_tag(mark: str) -> str:
    return _TAG.sub("", mark)
