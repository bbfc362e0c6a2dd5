"""With which questions a figure was made, and whether two figures of a scale may stand together."""

from dataclasses import dataclass

from baken.analysis.errors import UnusableReference
from baken.instruments.definition import Instrument
from baken.instruments.versions import comparable_scales


@dataclass(frozen=True, slots=True)
class Edition:
    """One text of a questionnaire.

    The fingerprint tells two own versions of the same name apart; it is empty for figures from a
    publication, which names the version only.
    """

    key: str
    version: str
    fingerprint: str = ""

    @property
    def name(self) -> str:
        """The questionnaire and its version, as people call it."""
        return f"{self.key} {self.version}"


@dataclass(frozen=True, slots=True)
class MadeWith:
    """The questions behind a figure of one scale, and how it was scored.

    `scoring` is written by `scoring_of`.
    """

    edition: Edition
    scoring: str


def edition_of(instrument: Instrument) -> Edition:
    """Return the edition of an instrument."""
    return Edition(instrument.key, instrument.version, instrument.fingerprint)


def scoring_of(instrument: Instrument, scale: str) -> str:
    """Return how a scale is scored: its items, reversed ones with a minus, and how many it takes.

    For instance ``P1, P2, -P3; 50 %``.
    """
    items = instrument.scale_items(scale)
    codes = ", ".join(f"-{item.code}" if item.reversed else item.code for item in items)
    return f"{codes}; {100 * instrument.scale(scale).min_answered:g} %"


def made_with(instrument: Instrument, scale: str) -> MadeWith:
    """Return with what the figures of a scale of this instrument are made."""
    return MadeWith(edition_of(instrument), scoring_of(instrument, scale))


def check_made_with(given: MadeWith, instrument: Instrument, scale: str) -> None:
    """Raise `UnusableReference` unless figures made so may stand beside those of the instrument.

    An earlier version will do for the scales that are known to have kept their meaning.
    """
    theirs, ours = given.edition, edition_of(instrument)
    if scale not in comparable_scales(instrument, theirs.key, theirs.version):
        raise UnusableReference(
            "analysis.reference_questions",
            "The reference of {scale} was made with {theirs}, the results with {ours}. Choose a "
            "reference made with the same questions.",
            scale=scale,
            theirs=theirs.name,
            ours=ours.name,
        )
    if theirs.name == ours.name and theirs.fingerprint not in {"", ours.fingerprint}:
        raise UnusableReference(
            "analysis.reference_wording",
            "The reference of {scale} was made with another questionnaire that is called {name} "
            "too. Choose a reference made with the same questions.",
            scale=scale,
            name=ours.name,
        )
    scoring = scoring_of(instrument, scale)
    if given.scoring != scoring:
        raise UnusableReference(
            "analysis.reference_scoring",
            "{scale} is scored from {ours}, the reference from {theirs} (items, with a minus when "
            "they are reversed, and the part that must be answered). Choose a reference that is "
            "scored in the same way.",
            scale=scale,
            ours=scoring,
            theirs=given.scoring,
        )
