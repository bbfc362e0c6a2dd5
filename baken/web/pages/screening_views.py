"""A screening sheet as its pages show it: plain values, in the reader's language."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from baken.instruments.definition import Texts
from baken.instruments.screening import Bands, LightTexts, Screening
from baken.survey.screening.marks import Mark, Member
from baken.survey.screening.queries import ReadSheet
from baken.survey.screening.readings import Comparison, LightReading
from baken.survey.screening.wording import Wording
from baken.web import numerals
from baken.web.texts import Catalogue


@dataclass(frozen=True, slots=True)
class SheetRow:
    """A sheet as a line in a list; `worst` is the colour it could become."""

    id: UUID
    unit_id: UUID
    unit: str
    unit_until_on: date
    from_on: date
    until_on: date
    edition: int
    version: int
    is_draft: bool
    started_on: date
    agreed_on: date | None
    colour: str
    worst: str
    n_on: int
    n_unknown: int
    n_lights: int
    people: int | None

    @property
    def is_certain(self) -> bool:
        """Whether no unknown light could change the colour."""
        return self.colour == self.worst

    @classmethod
    def of(cls, found: ReadSheet) -> "SheetRow":
        sheet, result = found.sheet, found.result
        return cls(
            id=sheet.id,
            unit_id=sheet.unit_id,
            unit=found.unit,
            unit_until_on=found.unit_until_on,
            from_on=sheet.from_on,
            until_on=sheet.until_on,
            edition=sheet.edition,
            version=sheet.version,
            is_draft=sheet.agreed_on is None,
            started_on=sheet.started_on,
            agreed_on=sheet.agreed_on,
            colour=result.colour.word,
            worst=result.worst.word,
            n_on=result.n_on,
            n_unknown=result.n_unknown,
            n_lights=result.n_lights,
            people=sheet.people,
        )


@dataclass(frozen=True, slots=True)
class ComparedView:
    """A figure beside another one; without a colour `sentence` says why."""

    reading: str
    colour: str
    sentence: str


@dataclass(frozen=True, slots=True)
class LightView:
    """One light with its words, what the group says, and what its figures say."""

    place: int
    code: str
    texts: LightTexts
    state: str
    is_marked: bool
    mark: Mark
    compared: tuple[ComparedView, ...]
    doubt: str

    @property
    def has_figures(self) -> bool:
        return bool(self.mark.figures)


@dataclass(frozen=True, slots=True)
class SheetView:
    """A whole sheet."""

    row: SheetRow
    lights: tuple[LightView, ...]
    group: tuple[Member, ...]
    met_on: date | None
    note: str
    wording_number: int
    is_official: bool

    @property
    def n_doubts(self) -> int:
        return sum(bool(light.doubt) for light in self.lights)

    @property
    def displaced(self) -> tuple[str, ...]:
        """The lights whose earlier figures were typed for another period."""
        return tuple(light.texts.name for light in self.lights if light.mark.is_displaced)


@dataclass(frozen=True, slots=True)
class BandsView:
    """Limits of a figure, and the lights that use them; `key` is empty for all lights together."""

    key: str
    by: str
    orange_from: float
    red_from: float
    lights: tuple[str, ...] = ()


def sheet_view(found: ReadSheet, texts: Catalogue) -> SheetView:
    """A sheet in the reader's language."""
    words = words_of(found.wording, texts.language)
    return SheetView(
        row=SheetRow.of(found),
        lights=tuple(
            _light(place, reading, words, texts)
            for place, reading in enumerate(found.result.lights)
        ),
        group=found.sheet.fields.group,
        met_on=found.sheet.met_on,
        note=words.screening_note,
        wording_number=found.wording.number,
        is_official=found.wording.screening.is_official,
    )


def words_of(wording: Wording, language: str) -> Texts:
    """The texts in the reader's language, or in the first one there is."""
    written = wording.instrument.texts
    return written.get(language) or written[wording.instrument.languages[0]]


def bands_views(screening: Screening, words: Texts) -> tuple[BandsView, ...]:
    """The limits of a screening, those of all lights together first."""
    return (
        _bands(screening.overall, ()),
        *(
            _bands(
                bands,
                (
                    words.lights[light.item].name
                    for light in screening.lights
                    if bands in (light.sector, light.size, light.change)
                ),
            )
            for bands in screening.bands
        ),
    )


def _bands(bands: Bands, lights: Iterable[str]) -> BandsView:
    return BandsView(bands.key, bands.by, bands.orange_from, bands.red_from, tuple(lights))


def _light(place: int, reading: LightReading, words: Texts, texts: Catalogue) -> LightView:
    return LightView(
        place=place,
        code=reading.light.item,
        texts=words.lights[reading.light.item],
        state=reading.state.value,
        is_marked=reading.mark.state is not None,
        mark=reading.mark,
        compared=tuple(_compared(one, texts) for one in reading.compared),
        doubt=f"screening.doubt_{reading.doubt}" if reading.doubt else "",
    )


def _compared(found: Comparison, texts: Catalogue) -> ComparedView:
    if found.colour is None:
        return ComparedView(found.reading, "", texts(f"screening.gap_{found.gap}"))
    reference = found.reference
    if found.number is None:
        sentence = texts("screening.compared_nought")
    elif found.bands is not None and found.bands.by == "difference":
        number = numerals.signed(found.number, texts.language, None)
        sentence = texts("screening.compared_difference", number=number, other=reference)
    else:
        sentence = texts("screening.compared_ratio", number=round(found.number, 2), other=reference)
    return ComparedView(found.reading, found.colour.word, sentence)
