"""One form as it is typed: its questions by the pages of the paper, and what was typed in them."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final, NoReturn
from uuid import UUID

from baken.instruments.definition import Instrument
from baken.instruments.sheet import MISSING
from baken.storage.errors import BakenError
from baken.storage.session import Session
from baken.survey.campaigns.models import Campaign
from baken.survey.library.queries import get_instrument
from baken.survey.paper.batches import units_of
from baken.survey.paper.errors import NotThisSheet
from baken.survey.paper.forms import find_layout, list_forms
from baken.survey.paper.imprints import imprints_of
from baken.survey.paper.keystrokes import Kind, NotAKey, Question, in_order, questions_of
from baken.survey.paper.models import PaperBatch
from baken.survey.paper.typed import Turn, Typed
from baken.web import languages
from baken.web.body import Form
from baken.web.documents.forms.words import About, words_of
from baken.web.pages.paper_entry_views import unit_names as unit_names_of
from baken.web.texts import Catalogue, catalogue

OTHER: Final = "0"
"""Key for a form of none of the units of the stack."""

PREFIX: Final = "q-"
"""Before the name of a question, which may be any word."""

_UNIT, _LANGUAGE = "unit", "language"

# A longer list of questions is told by its number and its beginning: nobody reads seventy figures.
_MOST_NAMED: Final = 5
_FIRST_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Control:
    """One field to type in; `keys` are what can be typed, each with its words."""

    name: str
    label: str
    number: int | None = None
    keys: tuple[tuple[str, str], ...] = ()
    typed: str = ""
    is_wrong: bool = False
    max_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the paper; 0: no form was printed here, and the questions stand in a row."""

    page: int
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class SheetPage:
    """A form that is typed: where it is in the stack, and everything that is asked of it."""

    campaign_id: UUID
    batch_id: UUID
    title: str  # of the survey, as it stands on top of the form
    imprints: tuple[str, ...]  # what may stand at its foot; empty: nobody can say
    unit: str  # name of that of the stack
    turn: Turn
    is_second: bool
    identifiers: tuple[Control, ...]
    sections: tuple[Section, ...]
    instrument: Instrument
    questions: tuple[Question, ...]
    unit_keys: dict[str, str] = field(default_factory=dict)
    language_keys: dict[str, str] = field(default_factory=dict)
    refusal: str = ""
    language: str = "nl"
    n_aside: int = 0

    def blank(self, turn: Turn) -> "SheetPage":
        """Return the same form with nothing typed, at another place of the stack."""
        return replace(self, turn=turn)

    @property
    def asked(self) -> tuple[Section, ...]:
        """What is typed of this form: of some, a second entry has unit and language only."""
        return self.sections if self.turn.is_whole else ()

    def refused(self, form: Form, error: BakenError) -> "SheetPage":
        """Return the form with what was typed and with what to mend."""
        return replace(
            self,
            refusal=catalogue(self.language).refusal(error),
            identifiers=tuple(_filled(one, form) for one in self.identifiers),
            sections=tuple(
                replace(section, controls=tuple(_filled(one, form) for one in section.controls))
                for section in self.sections
            ),
        )


def sheet_page(
    session: Session,
    campaign: Campaign,
    batch: PaperBatch,
    turn: Turn,
    *,
    language: str,
    is_second: bool,
) -> SheetPage:
    """Return a blank form of a stack, in the language of its paper."""
    instrument = get_instrument(
        session,
        campaign.instrument_key,
        campaign.instrument_version,
        campaign.instrument_fingerprint,
    )
    t = catalogue(language)
    questions = questions_of(
        instrument,
        batch.language,
        words_of(About(title=campaign.title), batch.language),
        none=t("paper_entry.key_none"),
        double=t("paper_entry.key_double"),
    )
    asked = tuple(one for one in questions if not (is_second and one.is_open))
    shape = campaign.sheet_shape
    limits = {str(key): int(limit) for key, limit in shape["open_questions"]} if shape else {}
    unit_keys, unit_names = _units(campaign, batch, t)
    spoken = {str(n): code for n, code in enumerate(campaign.languages, start=1)}
    names = tuple((key, languages.name_of(code)) for key, code in spoken.items())
    unit = Control(_UNIT, t("paper_entry.unit_of_form"), keys=unit_names)
    spoken_in = Control(_LANGUAGE, t("paper_entry.language"), keys=names)
    return SheetPage(
        campaign_id=campaign.id,
        batch_id=batch.id,
        title=campaign.title,
        imprints=imprints_of(session, campaign.id, batch.language),
        unit=unit_names_of(campaign, t)[batch.unit],
        turn=turn,
        is_second=is_second,
        identifiers=(unit, spoken_in) if len(spoken) > 1 else (unit,),
        sections=_sections(session, campaign, batch, asked, limits),
        instrument=instrument,
        questions=asked,
        unit_keys=unit_keys,
        language_keys=spoken,
        language=language,
        n_aside=batch.n_aside,
    )


def read_typed(form: Form, sheet: SheetPage) -> Typed:
    """Return what was typed of a form; raise `NotThisSheet` and say which questions to mend."""
    wrong: list[str] = []
    values: dict[str, dict[str, Any]] = {"answers": {}, "backgrounds": {}, "comments": {}}
    is_blank = "blank" in form
    for question in sheet.questions if sheet.turn.is_whole else ():
        try:
            values[question.kind][question.key] = _value(form, question, is_blank=is_blank)
        except NotAKey:
            wrong.append(str(question.number))
    unit = sheet.unit_keys.get(form.get(_UNIT).strip())
    language = sheet.language_keys.get(form.get(_LANGUAGE, "1").strip())
    if unit is None or language is None or wrong:
        _refuse(sheet, unit, language, wrong)
    return Typed(
        unit=unit,
        language=language,
        is_blank=is_blank,
        answers=_sorted(sheet, "answers", values),
        backgrounds=_sorted(sheet, "backgrounds", values),
        comments=_sorted(sheet, "comments", values),
    )


def _refuse(
    sheet: SheetPage, unit: str | None, language: str | None, wrong: Iterable[str]
) -> NoReturn:
    t = catalogue(sheet.language)
    named = [t("paper_entry.unit_of_form")] if unit is None else []
    named += [t("paper_entry.language")] if language is None else []
    numbers = list(wrong)
    if len(numbers) > _MOST_NAMED:
        first = ", ".join(numbers[:_FIRST_NAMED])
        numbers = [t("paper_entry.many_questions", n=len(numbers), first=first)]
    raise NotThisSheet(
        "paper_entry.not_understood",
        "What was typed at {questions} is none of the answers there. Type one of its keys, or a "
        "comma where nothing is crossed. Nothing was saved yet; the rest is still on the page.",
        questions=", ".join([*named, *numbers]),
    )


def _value(form: Form, question: Question, *, is_blank: bool) -> int | str:
    typed = form.get(PREFIX + question.key).strip()
    if question.is_open:
        return typed
    return MISSING if is_blank else question.value_of(typed)


def _sorted(sheet: SheetPage, kind: Kind, values: dict[str, dict[str, Any]]) -> dict[str, Any]:
    found = values[kind]
    return {key: found[key] for key in in_order(sheet.instrument, kind) if key in found}


def _units(
    campaign: Campaign, batch: PaperBatch, t: Catalogue
) -> tuple[dict[str, str], tuple[tuple[str, str], ...]]:
    mine = units_of(campaign, batch)
    units = [unit for unit in campaign.unit_tree or [] if unit["key"] in mine]
    keys = {str(n): unit["key"] for n, unit in enumerate(units, start=1)} | {OTHER: ""}
    names = tuple((str(n), unit["name"]) for n, unit in enumerate(units, start=1))
    return keys, (*names, (OTHER, t("paper_entry.another_unit")))


def _sections(
    session: Session,
    campaign: Campaign,
    batch: PaperBatch,
    questions: tuple[Question, ...],
    limits: dict[str, int],
) -> tuple[Section, ...]:
    """Questions by the pages of the form that was printed first in this language."""
    printed = [one for one in list_forms(session, campaign.id) if one.language == batch.language]
    page_of: dict[str, int] = {}
    if printed:
        layout = find_layout(session, campaign.id, printed[0].edition)
        page_of = {key: page.number for page in layout.pages for key in page.questions}
    pages: dict[int, list[Control]] = {}
    for one in questions:
        control = Control(
            name=PREFIX + one.key,
            label=one.text,
            number=one.number,
            keys=tuple((key, label) for key, _, label in one.keys),
            max_bytes=limits.get(one.key) if one.is_open else None,
        )
        pages.setdefault(page_of.get(one.key, 0), []).append(control)
    return tuple(Section(number, tuple(controls)) for number, controls in pages.items())


def _filled(one: Control, form: Form) -> Control:
    typed = form.get(one.name).strip()
    known = {key for key, _ in one.keys}
    return replace(one, typed=typed, is_wrong=bool(known) and typed not in known | {"."})
