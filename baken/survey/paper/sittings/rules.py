"""What the counts of a sitting have to satisfy. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from baken.survey.disclosure.rounding import STEP
from baken.survey.errors import ImplausibleCount, InvalidSitting


@dataclass(frozen=True, slots=True)
class Counts:
    """One unit at one sitting.

    Attributes
    ----------
    slips
        Slips that were exchanged, counted by the program.
    handed_out, returned, empty
        Forms that left the table, that came back, and of those the empty ones; counted by hand.
        By post or urn an inner envelope on the pile was handed out and returned.
    """

    unit: str
    name: str
    slips: int
    handed_out: int = 0
    returned: int = 0
    empty: int = 0

    @property
    def to_enter(self) -> int:
        """Forms that go to those who enter them."""
        return self.returned - self.empty

    @property
    def blank(self) -> int:
        """Places that nobody will take: the form came back empty, or not at all."""
        return max(0, self.slips - self.to_enter)

    @property
    def agrees(self) -> bool:
        """Whether every slip was exchanged for one form, and no form came from elsewhere."""
        return not self.gaps

    @property
    def gaps(self) -> tuple[tuple[str, int], ...]:
        """What does not agree, and by how many: a word of the protocol and a number each."""
        found = (
            ("slips", self.slips - self.handed_out),
            ("forms", self.handed_out - self.slips),
            ("back", self.returned - self.handed_out),
        )
        return tuple((what, n) for what, n in found if n > 0)


def total_of(counts: Sequence[Counts]) -> Counts:
    """Add up the units of a sitting."""
    return Counts(
        "",
        "",
        sum(one.slips for one in counts),
        sum(one.handed_out for one in counts),
        sum(one.returned for one in counts),
        sum(one.empty for one in counts),
    )


def check_counts(counts: Iterable[Counts]) -> None:
    """Raise `InvalidSitting` for counts that cannot be; those that merely disagree may stand."""
    for one in counts:
        if one.empty > one.returned:
            raise InvalidSitting(
                "survey.sitting_more_empty",
                "In {unit} more forms are empty than came back. Count again: the empty ones are "
                "among those that came back.",
                unit=one.name,
            )


def check_plausible(counts: Iterable[Counts], *, codes: Mapping[str, int], destroyed: int) -> None:
    """Raise `ImplausibleCount` where more was counted than there are codes to exchange.

    How many slips were exchanged is not compared here: the forms are counted blind.

    Parameters
    ----------
    codes
        Unit to how many codes it has, spare ones among them.
    destroyed
        Inner envelopes that were destroyed unopened.
    """
    counts = tuple(counts)
    for one in counts:
        if max(one.handed_out, one.returned) > codes.get(one.unit, 0):
            raise ImplausibleCount(
                "survey.sitting_implausible",
                "In {unit} you counted {n} forms, and there are not that many codes to exchange. "
                "Look whether a digit slipped in, and count again. If the number is right, tick "
                "that below and write under the remarks where these forms come from.",
                unit=one.name,
                n=max(one.handed_out, one.returned),
            )
    if destroyed > sum(codes.get(one.unit, 0) for one in counts):
        raise ImplausibleCount(
            "survey.sitting_implausible_envelopes",
            "You counted {n} envelopes without a form, and these units do not have that many "
            "codes. Look whether a digit slipped in, and count again. If the number is right, "
            "tick that below and write under the remarks what happened.",
            n=destroyed,
        )


def check_can_sign(counts: Sequence[Counts], *, is_counted: bool, remarks: str) -> None:
    """Raise `InvalidSitting` unless a witness can sign: all is counted, and a gap is explained."""
    if not is_counted:
        raise InvalidSitting(
            "survey.sitting_not_counted", "Count the forms first and save the counts; then sign."
        )
    check_counts(counts)
    gap = next((one.name for one in counts if not one.agrees), None)
    if gap is not None and not remarks.strip():
        raise InvalidSitting(
            "survey.sitting_disagrees",
            "In {unit} the slips, the forms handed out and the forms that came back do not agree. "
            "Count again, or write under the remarks what happened; then sign.",
            unit=gap,
        )


def check_witness(witness: str, others: Iterable[str]) -> None:
    """Raise `InvalidSitting` unless a witness is named who is none of those that held it."""
    name = plain(witness)
    if not name:
        raise InvalidSitting(
            "survey.sitting_no_witness", "Write the name of the person who watched and signed."
        )
    if name in map(plain, others):
        raise InvalidSitting(
            "survey.sitting_own_witness",
            "A witness is somebody else than who led this or notes the signature here: somebody "
            "of the committee or of the staff, who watched the counting.",
        )


def plain(name: str) -> str:
    """A name without capitals and needless spaces, to compare it with another."""
    return " ".join(name.casefold().split())


def check_day(held_on: date, *, opens_on: date, closes_on: date) -> None:
    """Raise `InvalidSitting` unless slips can be exchanged on that day."""
    if not opens_on <= held_on <= closes_on:
        raise InvalidSitting(
            "survey.sitting_outside",
            "People answer from {first} to {last}. Choose a day in between.",
            first=opens_on,
            last=closes_on,
        )


def check_was_held(held_on: date, *, today: date) -> None:
    """Raise `InvalidSitting` before the day: once it is signed no slip is exchanged any more."""
    if today < held_on:
        raise InvalidSitting(
            "survey.sitting_not_held",
            "This is planned for {day}, and once it is signed no slip can be exchanged here. Sign "
            "on that day or later; if it was held earlier, change the day first.",
            day=held_on,
        )


@dataclass(frozen=True, slots=True)
class PaperLine:
    """Places of a group of units: how many, and what became of them."""

    name: str
    places: int
    taken: int
    blank: int

    @classmethod
    def of_all(cls, name: str, lines: Iterable["PaperLine"]) -> "PaperLine":
        """Add lines up."""
        rows = list(lines)
        return cls(
            name,
            sum(row.places for row in rows),
            sum(row.taken for row in rows),
            sum(row.blank for row in rows),
        )

    def rounded(self) -> "PaperLine":
        """Round every number down to five, as counts are while a survey runs."""
        return PaperLine(self.name, *(n // STEP * STEP for n in self._numbers))

    @property
    def _numbers(self) -> tuple[int, int, int]:
        return self.places, self.taken, self.blank


def fold_small(lines: Sequence[PaperLine], k: int, rest_name: str = "") -> tuple[PaperLine, ...]:
    """Put units of fewer than k places together, so that no line and no rest is about fewer.

    While the rest holds 1 to k-1 places, the smallest line that could stand alone joins it. With
    fewer than k places altogether there is one line.
    """
    alone = sorted((line for line in lines if line.places >= k), key=lambda line: line.places)
    rest = [line for line in lines if 0 < line.places < k]
    while alone and 0 < sum(line.places for line in rest) < k:
        rest.append(alone.pop(0))
    shown = [line for line in lines if line in alone]
    return (*shown, PaperLine.of_all(rest_name, rest)) if rest else tuple(shown)
