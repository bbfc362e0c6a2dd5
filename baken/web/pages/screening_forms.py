"""Forms of a screening: about what and by whom, the lights, their figures, own words and limits."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, Self, cast
from uuid import UUID

from litestar import Response
from wtforms import Form as WTForm
from wtforms import (
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional

from baken.instruments.definition import Texts
from baken.instruments.screening import LightTexts, Screening
from baken.storage.base import EditedMeanwhile
from baken.storage.session import Session
from baken.survey.screening.errors import ScreeningError
from baken.survey.screening.marks import LightState, Mark, Marks, Member
from baken.survey.screening.rules import MAX_COMMENT, MAX_GROUP, MAX_LINE, SheetFields
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.fields import HintSays, Rows, day, line, option
from baken.web.pages.plan_forms import add_spare_rows, as_version, figure, filled
from baken.web.pages.reply import PageRequest, done, refused
from baken.web.texts import Catalogue

MAX_TEXT: Final = 600
FIGURES: Final = ("size", "before", "before_that")
_ASKED: Final = ("state", "value", "sector", "source", "comment")
_WORDS: Final = ("name", "on_when", "figure", "find")


Words = tuple[LightTexts, ...]


class SeenForm(BackOfficeForm):
    """A form that knows which version the person was looking at."""

    version = HiddenField()

    @property
    def seen(self) -> int:
        return as_version(self.version.data)


class MemberForm(WTForm):
    """Somebody in the group."""

    name = StringField("screening.member_name", [Optional(), Length(max=MAX_LINE)])
    function = StringField("screening.member_function", [Optional(), Length(max=MAX_LINE)])


class SheetForm(SeenForm):
    """About which days a sheet is, and who fills it in together."""

    from_on = day("screening.from_on")
    until_on = day("screening.until_on", hint="screening.until_on_hint")
    met_on = day(
        "screening.met_on", hint="screening.met_on_hint", required=False, more=(HintSays(),)
    )
    group = Rows(FormField(MemberForm), "screening.group", max_entries=MAX_GROUP)

    def fields(self) -> SheetFields:
        rows = (
            Member((row["name"] or "").strip(), (row["function"] or "").strip())
            for row in filled(self.group)
        )
        return SheetFields(
            cast("Any", self.from_on.data), cast("Any", self.until_on.data), tuple(rows),
            self.met_on.data,
        )  # fmt: skip

    def with_room(self) -> Self:
        """Leave empty rows to write in."""
        add_spare_rows(self.group)
        return self

    @classmethod
    def of(cls, fields: SheetFields, version: int, language: str) -> Self:
        values = {
            "from_on": fields.from_on,
            "until_on": fields.until_on,
            "met_on": fields.met_on,
            "group": [{"name": one.name, "function": one.function} for one in fields.group],
            "version": version,
        }
        return cls.blank(language, values).with_room()


class StartForm(SheetForm):
    """A new sheet: of which unit as well."""

    unit_id = SelectField("screening.unit", [InputRequired()])

    @property
    def unit(self) -> UUID:
        return UUID(self.unit_id.data)


class LightsForm(SeenForm):
    """Module 1: what the group says of each light; the fields are made by `lights_form`."""

    lights: tuple[str, ...] = ()

    def marks(self, before: Marks) -> dict[str, Mark]:
        """What stands on the sheet after this form; what it does not ask stays."""
        return {
            code: replace(
                before.get(code, Mark()),
                state=LightState(state) if (state := self[f"state_{place}"].data) else None,
                value=self[f"value_{place}"].data,
                sector=self[f"sector_{place}"].data,
                source=self[f"source_{place}"].data,
                comment=(self[f"comment_{place}"].data or "").strip(),
            )
            for place, code in enumerate(self.lights)
        }


class FiguresForm(SeenForm):
    """Module 2: what each figure is compared with; the fields are made by `figures_form`."""

    lights: tuple[str, ...] = ()

    def marks(self, before: Marks) -> dict[str, Mark]:
        """What stands on the sheet after this form; what it does not ask stays."""
        return {
            code: replace(
                before.get(code, Mark()),
                **{name: self[f"{name}_{place}"].data for name in FIGURES},
                is_displaced=False,
            )
            for place, code in enumerate(self.lights)
        }


class BandsForm(SeenForm):
    """From where lights and figures turn orange and red; made by `bands_form`."""

    keys: tuple[str, ...] = ()

    def pair(self, place: int) -> tuple[float, float]:
        return self[f"orange_{place}"].data, self[f"red_{place}"].data

    @property
    def limits(self) -> dict[str, tuple[float, float]]:
        """The limits of figures; those of all lights together are the first pair."""
        return {key: self.pair(place) for place, key in enumerate(self.keys, start=1)}


class TextsForm(SeenForm):
    """The words of the lights in one language; made by `texts_form`."""

    lights: tuple[str, ...] = ()
    note = TextAreaField(
        "screening.note", [DataRequired(), Length(max=MAX_TEXT)], description="screening.note_hint",
        render_kw={"rows": 3},
    )  # fmt: skip

    def words(self) -> dict[str, LightTexts]:
        return {
            code: LightTexts(*(self[f"{name}_{place}"].data for name in _WORDS))
            for place, code in enumerate(self.lights)
        }


def lights_form(screening: Screening, words: Words, texts: Catalogue) -> type[LightsForm]:
    """A form with a light for each of the screening; a label names the light for a list of faults.

    The page, where the light stands beside its fields, has shorter labels.
    """
    fields: dict[str, Any] = {"lights": _codes(screening)}
    choices = [option(state.value, f"screening.state_{state}") for state in LightState]
    for place, light in enumerate(words):
        label = {key: texts.labelled(light.name, texts(f"screening.{key}")) for key in _ASKED}
        fields[f"state_{place}"] = RadioField(label["state"], [Optional()], choices=choices)
        fields[f"value_{place}"] = figure(label["value"], is_share=_is_share(light))
        fields[f"sector_{place}"] = figure(label["sector"], is_share=_is_share(light))
        fields[f"source_{place}"] = line(label["source"], length=MAX_LINE, required=False)
        fields[f"comment_{place}"] = TextAreaField(
            label["comment"], [Optional(), Length(max=MAX_COMMENT)], render_kw={"rows": 2}
        )
    return type("LightsFormOf", (LightsForm,), fields)


def figures_form(screening: Screening, words: Words, texts: Catalogue) -> type[FiguresForm]:
    """A form with the figures that each light of the screening is compared with."""
    fields: dict[str, Any] = {"lights": _codes(screening)}
    for place, light in enumerate(words):
        for key in FIGURES:
            label = texts.labelled(light.name, texts(f"screening.{key}"))
            fields[f"{key}_{place}"] = figure(label, is_share=_is_share(light))
    return type("FiguresFormOf", (FiguresForm,), fields)


def bands_form(screening: Screening) -> type[BandsForm]:
    """A form with two limits for all lights together, and two for every kind of figure."""
    n_lights = len(screening.lights)
    fields: dict[str, Any] = {"keys": tuple(bands.key for bands in screening.bands)}
    for name in ("orange", "red"):
        fields[f"{name}_0"] = IntegerField(
            f"screening.{name}_from", [InputRequired(), NumberRange(1, n_lights)],
            render_kw={"min": 1, "max": n_lights, "inputmode": "numeric"},
        )  # fmt: skip
        for place in range(1, len(screening.bands) + 1):
            fields[f"{name}_{place}"] = figure(f"screening.{name}_from", required=True)
    return type("BandsFormOf", (BandsForm,), fields)


def texts_form(screening: Screening) -> type[TextsForm]:
    """A form with the words of each light of the screening."""
    fields: dict[str, Any] = {"lights": _codes(screening)}
    for place in range(len(screening.lights)):
        fields |= {
            f"{name}_{place}": line(f"screening.word_{name}", length=MAX_LINE) for name in _WORDS
        }
    return type("TextsFormOf", (TextsForm,), fields)


def values_of_marks(marks: Marks, codes: tuple[str, ...], version: int) -> dict[str, Any]:
    """What both forms of a sheet show of it before anybody typed."""
    values: dict[str, Any] = {"version": version}
    for place, code in enumerate(codes):
        mark = marks.get(code, Mark())
        names = ("value", "sector", "source", "comment", *FIGURES)
        values |= {f"{name}_{place}": getattr(mark, name) for name in names}
        values[f"state_{place}"] = mark.state.value if mark.state else None
    return values


def values_of_bands(screening: Screening, number: int) -> dict[str, Any]:
    """What the form of limits shows."""
    values: dict[str, Any] = {"version": number}
    for place, bands in enumerate((screening.overall, *screening.bands)):
        values |= {f"orange_{place}": bands.orange_from, f"red_{place}": bands.red_from}
    return values


def values_of_texts(words: Texts, codes: tuple[str, ...], number: int) -> dict[str, Any]:
    """What the form of words shows."""
    values: dict[str, Any] = {"version": number, "note": words.screening_note}
    for place, code in enumerate(codes):
        values |= {f"{name}_{place}": getattr(words.lights[code], name) for name in _WORDS}
    return values


def read(kind: type[SeenForm], body: Form, language: str) -> Any:
    """A form as it was sent, of a class that one of the makers above gave."""
    return kind.read(body, language)


def keep(
    request: PageRequest,
    session: Session,
    template: str,
    sent: SeenForm,
    write: Callable[[], str],
    *,
    standing: Callable[[], int],
    said: str,
    **context: Any,
) -> Response[str]:
    """Check a form and write it, or show it again with what was typed.

    Parameters
    ----------
    standing : callable
        The version as it stands: asked when somebody else saved first, so that the second person,
        who is told so, can save knowingly.
    """
    if not sent.validate():
        return refused(request, session, template, form=sent, **context)
    try:
        see = write()
    except EditedMeanwhile as error:
        session.rollback()
        sent.version.data = str(standing())
        return refused(request, session, template, form=sent, error=error, **context)
    except ScreeningError as error:
        if error.kind in {"missing", "denied"}:
            raise
        return refused(request, session, template, form=sent, error=error, **context)
    return done(request, see=see, said=said)


def _is_share(light: LightTexts) -> bool:
    """Whether the figure of a light is marked as a number of per cent."""
    return "%" in light.figure


def _codes(screening: Screening) -> tuple[str, ...]:
    return tuple(light.item for light in screening.lights)
