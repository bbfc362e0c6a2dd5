"""The form of the headcount: four quarters, and what decides on the prevention group."""

from typing import Any, Final, Self

from wtforms import BooleanField, SelectField
from wtforms.validators import InputRequired, Optional

from baken.organisation.headcounts.limits import limits
from baken.organisation.headcounts.models import HeadcountYear
from baken.organisation.headcounts.rules import FIRST_YEAR, QUARTERS, Employer, Quarter
from baken.web.pages.fields import WholeField, line, option, whole
from baken.web.pages.plan_forms import PlanForm, figure
from baken.web.texts import catalogue, inside

LAST_YEAR: Final = 2199
FIGURES: Final = ("full_days", "part_days", "trainee_hours")


class HeadcountForm(PlanForm):
    """Figures of the personnel register, quarter by quarter."""

    year = whole("headcounts.year", low=FIRST_YEAR, high=LAST_YEAR)
    activity = SelectField(
        "headcounts.activity", [InputRequired()], description="headcounts.activity_hint"
    )
    is_own_adviser = BooleanField("headcounts.is_own_adviser")
    has_training = BooleanField("headcounts.has_training")
    source = line("headcounts.source", length=300, hint="headcounts.source_hint", required=False)

    def offer(self) -> Self:
        """Fill in what there is to choose."""
        known = limits().activities.values()
        chosen: Any = self.activity
        chosen.choices = [option(one.key, one.texts[self.language]) for one in known]
        return self

    @property
    def rows(self) -> tuple[tuple[int, tuple[Any, ...]], ...]:
        """The fields of each quarter."""
        names = (*FIGURES, "people")
        return tuple(
            (n, tuple(self[f"{name}_{n}"] for name in names)) for n in range(1, QUARTERS + 1)
        )

    @property
    def quarters(self) -> tuple[Quarter, ...]:
        """What was filled in; once the form was checked."""
        return tuple(
            Quarter(
                full_days=self[f"full_days_{n}"].data or 0.0,
                part_days=self[f"part_days_{n}"].data or 0.0,
                trainee_hours=self[f"trainee_hours_{n}"].data or 0.0,
                people=self[f"people_{n}"].data,
            )
            for n in range(1, QUARTERS + 1)
        )

    def _named(self, field: Any, sentence: str) -> str:
        """Say the quarter too: the same figure is asked four times."""
        said = super()._named(field, sentence)
        n = field.short_name.rpartition("_")[2]
        if not n.isdecimal():
            return said
        quarter = catalogue(self.language)("headcounts.quarter", n=n)
        return f"{quarter}, {inside(said, self.language)}"

    @property
    def employer(self) -> Employer:
        return Employer(
            str(self.activity.data), bool(self.is_own_adviser.data), bool(self.has_training.data)
        )


def _fields() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for n in range(1, QUARTERS + 1):
        for name in FIGURES:
            found[f"{name}_{n}"] = figure(f"headcounts.{name}", required=name == "full_days")
        found[f"people_{n}"] = WholeField(
            "headcounts.people", [Optional()], render_kw={"inputmode": "numeric", "min": 0}
        )
    return found


YearForm: Final[type[HeadcountForm]] = type("YearForm", (HeadcountForm,), _fields())


def form_of(row: HeadcountYear | None, language: str, year: int) -> HeadcountForm:
    """The form of a year as it stands, or an empty one."""
    values: dict[str, Any] = {"year": year}
    if row is not None:
        values |= {
            "year": row.year,
            "version": row.version,
            "activity": row.activity,
            "is_own_adviser": row.is_own_adviser,
            "has_training": row.has_training,
            "source": row.source,
        }
        for n, quarter in enumerate(row.told, start=1):
            values |= {f"{name}_{n}": getattr(quarter, name) for name in (*FIGURES, "people")}
    return YearForm.blank(language, values).offer()
