"""What an instrument is: values that never change once they are read.

An instrument is a questionnaire or a screening in one version. Its items stand in the order of
the answer sheet; every item belongs to exactly one scale. A changed word or number is a new
version: a campaign points at one version and at its fingerprint.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from baken.instruments.screening import LightTexts, Screening

Kind = Literal["questionnaire", "screening"]
Direction = Literal["risk", "resource"]
Operator = Literal[">=", "<"]

UNWANTED_BEHAVIOUR = "B"
OUTCOMES = "O"
DIMENSIONS = ("A1", "A2", "A3", "A4", "A5", UNWANTED_BEHAVIOUR, OUTCOMES)
"""The five A's in the order of the law, unwanted behaviour, and outcomes."""

MAX_VALUES = 120
"""An answer is kept in eight bits; the negative codes need their room."""

MAX_BACKGROUNDS = 3
"""More background questions would let a person be found by combining them."""

FLOOR_MIN_GROUP = 5
"""No scale may be shown about fewer people, whatever is agreed."""

ORANGE_FROM = 0.10
RED_FROM = 0.25
MIN_ANSWERED = 0.5

UNCONFIRMED = ("items", "format", "reversed", "direction", "dimension", "cutoff")
"""What a scale can say about itself that is taken from others and not checked at the source."""


@dataclass(frozen=True, slots=True)
class AnswerFormat:
    """The whole numbers one can answer: `low` to `high`, both included.

    With `numeric` the respondent writes a number and only the labels that help are given;
    otherwise every value has a label in every language. With `unknown` one may answer "I do not
    know", in the place of "does not apply to me" and counted as that is.
    """

    key: str
    low: int
    high: int
    numeric: bool = False
    unknown: bool = False

    @property
    def n_values(self) -> int:
        """How many answers there are; `len` refuses the ranges that only a mistake can have."""
        return self.high - self.low + 1

    @property
    def values(self) -> range:
        """All answers, lowest first."""
        return range(self.low, self.high + 1)


@dataclass(frozen=True, slots=True)
class Item:
    """One statement or question, which belongs to one scale.

    `reversed` means that a high answer lowers the score of the scale. `dimension` is that of the
    scale; `secondary` names other dimensions the item touches. `not_applicable` offers the answer
    "does not apply to me", or "I do not know" where the format says `unknown`. "Prefer not to say"
    is always offered and is no property of an item.
    """

    code: str
    format: AnswerFormat
    scale: str
    reversed: bool
    dimension: str
    secondary: tuple[str, ...] = ()
    not_applicable: bool = False


@dataclass(frozen=True, slots=True)
class CutOff:
    """Where risk begins, on the 0-100 score of one person.

    At risk is `score >= value` when a high score is a risk, `score < value` when it is a resource.
    A file may write the value on the answers' own numbers; here it is always on 0-100.
    """

    operator: Operator
    value: float
    source: str


@dataclass(frozen=True, slots=True)
class Scale:
    """A few items that measure one thing together; the score runs from 0 to 100.

    Attributes
    ----------
    high_is
        What a high score means. Scores are never flipped; colours follow this.
    cutoff
        None: no share at risk and a grey light.
    min_group
        A higher smallest group than the campaign's; None: the campaign's own.
    min_answered
        Share of the items somebody must answer to have a score, above 0 and at most 1.
    orange_from, red_from
        Limits of the lights, as the share of people at risk (0-1): green below `orange_from`,
        red above `red_from`. Unwanted behaviour is never green (`green_below`).
    is_total
        A total over items that belong to other scales; it claims none of them.
    unconfirmed
        What nobody has checked against the source yet: some of `UNCONFIRMED`.
    """

    key: str
    dimension: str
    items: tuple[str, ...]
    high_is: Direction
    cutoff: CutOff | None = None
    min_group: int | None = None
    min_answered: float = MIN_ANSWERED
    source: str = ""
    orange_from: float = ORANGE_FROM
    red_from: float = RED_FROM
    is_total: bool = False
    unconfirmed: tuple[str, ...] = ()

    @property
    def is_ever_green(self) -> bool:
        """Whether few people at risk is good news; of unwanted behaviour one person is too many."""
        return self.dimension != UNWANTED_BEHAVIOUR

    @property
    def green_below(self) -> float:
        """The share of people at risk (0-1) below which the light is green; 0 where none is."""
        return self.orange_from if self.is_ever_green else 0.0


@dataclass(frozen=True, slots=True)
class DriverModel:
    """An outcome, and the scales that may hang together with it."""

    outcome: str
    factors: tuple[str, ...]

    @property
    def scales(self) -> tuple[str, ...]:
        """The outcome first, then the factors."""
        return (self.outcome, *self.factors)


@dataclass(frozen=True, slots=True)
class Background:
    """A coarse question about the respondent, answered with one of the bands."""

    key: str
    bands: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A question answered in one's own words, of at most `max_bytes` bytes in UTF-8."""

    key: str
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Texts:
    """Everything a respondent or a reader of results sees, in one language.

    Attributes
    ----------
    dimensions, dimension_headings
        The name in a report; the heading above the questions ("De inhoud van uw werk").
    scales, short_scales, scale_notes
        The name, a column head of at most 12 characters, and one sentence that says what a high
        score means.
    options
        Format to value to label.
    bands
        Background question to band to label.
    cutoff_sources
        Scale to the sentence that says where its cut-off comes from; a scale that is not in it
        has the sentence of `definition.toml` only.
    lights, screening_note
        Of a screening: the texts of each light, and what the whole is and is not.
    """

    language: str
    title: str
    dimensions: Mapping[str, str]
    dimension_headings: Mapping[str, str]
    scales: Mapping[str, str]
    short_scales: Mapping[str, str]
    scale_notes: Mapping[str, str]
    items: Mapping[str, str]
    options: Mapping[str, Mapping[int, str]]
    backgrounds: Mapping[str, str]
    bands: Mapping[str, Mapping[str, str]]
    open_questions: Mapping[str, str]
    cutoff_sources: Mapping[str, str] = field(default_factory=dict)
    lights: Mapping[str, LightTexts] = field(default_factory=dict)
    screening_note: str = ""


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of a questionnaire or screening, checked; complete unless `structure_only`.

    Attributes
    ----------
    dimensions
        Those in use, in the order they are asked.
    items
        In the order of the answer sheet: `items[i]` is column i.
    texts
        Language to texts; each of `languages` is there and complete.
    fingerprint
        SHA-256 (64 hexadecimal digits) of all content; equal content has an equal fingerprint,
        however the files are laid out.
    structure_only
        The texts of questions and answers belong to somebody else and are not here. Codes stand
        in for questions and numbers for answers; a scale may have no items yet.
    unconfirmed
        Sentences on what was not checked at the source.
    screening
        The lights and bands of a screening; None of a questionnaire.
    models
        Which scales are looked at together with an outcome. None named: the scales of the five A's
        with every outcome.
    recommendation
        The scale whose one question is whether people would recommend working here, answered
        0 to 10; empty when that is not asked.
    """

    key: str
    version: str
    kind: Kind
    languages: tuple[str, ...]
    dimensions: tuple[str, ...]
    formats: tuple[AnswerFormat, ...]
    items: tuple[Item, ...]
    scales: tuple[Scale, ...]
    backgrounds: tuple[Background, ...]
    open_questions: tuple[OpenQuestion, ...]
    texts: Mapping[str, Texts] = field(hash=False)
    source: str
    licence: str
    fingerprint: str
    structure_only: bool = False
    unconfirmed: tuple[str, ...] = ()
    screening: Screening | None = None
    models: tuple[DriverModel, ...] = ()
    recommendation: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether people can be asked this: nothing of it is missing."""
        return not self.structure_only

    def scale(self, key: str) -> Scale:
        """Return the scale of this name; `KeyError` when there is none."""
        for scale in self.scales:
            if scale.key == key:
                return scale
        raise KeyError(key)

    def item(self, code: str) -> Item:
        """Return the item with this code; `KeyError` when there is none."""
        return self.items[self.position(code)]

    def position(self, code: str) -> int:
        """Return the column of an item on the answer sheet; `KeyError` when there is none."""
        for position, item in enumerate(self.items):
            if item.code == code:
                return position
        raise KeyError(code)

    def scale_items(self, key: str) -> tuple[Item, ...]:
        """Return the items of a scale, in the order the scale names them."""
        return tuple(self.item(code) for code in self.scale(key).items)

    def scales_of(self, dimension: str) -> tuple[Scale, ...]:
        """Return the scales of a dimension, in order."""
        return tuple(scale for scale in self.scales if scale.dimension == dimension)
