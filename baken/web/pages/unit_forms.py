"""The forms with which people change one unit: each has one purpose and makes one change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, Self
from uuid import UUID

from wtforms import HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional

from baken.organisation.import_reading import LENGTHS
from baken.organisation.structure import changes
from baken.organisation.structure.history import (
    ONE_DAY,
    Description,
    Tree,
    UnitHistory,
    UnitKind,
    branch_of,
    children_of,
)
from baken.organisation.structure.rules import MAX_PEOPLE, first_day_without
from baken.organisation.units import UnitRow
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.fields import day, line, option
from baken.web.pages.plan_forms import as_id
from baken.web.texts import catalogue

MAX_PARTS: Final = 4


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in the tree somebody works: everything a form offers and a change needs."""

    tree: Tree
    rows: tuple[UnitRow, ...]  # as they stand today
    unit: UnitHistory | None
    version: int
    today: date

    @property
    def now(self) -> Description:
        """What the unit is today, or on its first day when that lies ahead."""
        return self.known.on(self.today)

    @property
    def known(self) -> UnitHistory:
        if self.unit is None:
            raise LookupError("This form is about a unit.")
        return self.unit

    @property
    def has_below(self) -> bool:
        return bool(children_of(self.tree, self.known.id, self.today))


class StepForm(BackOfficeForm):
    """One change of one unit; `change` of each says which one was asked for."""

    purpose: ClassVar[str]

    version = HiddenField()

    @classmethod
    def start(cls, spot: Spot, language: str) -> Self:
        """The form before anybody typed: what holds today."""
        form = cls.blank(language, {"version": spot.version, **cls.standing(spot)})
        return form.offer(spot)

    @classmethod
    def sent(cls, body: Form, spot: Spot, language: str) -> Self:
        """The form as it came in."""
        return cls.read(body, language).offer(spot)

    @classmethod
    def standing(cls, spot: Spot) -> Mapping[str, Any]:
        return {"on": spot.today}

    def offer(self, _spot: Spot) -> Self:
        """Fill in what can be chosen."""
        return self

    @property
    def first_on(self) -> date:
        """The first day of the new state; the form was checked before."""
        chosen: date = self["on"].data
        return chosen


def _parent_field() -> SelectField:
    return SelectField("units.parent", description="units.parent_hint", default="")


def _kind_field() -> SelectField:
    kinds = [option(kind.value, f"units.kind_{kind}") for kind in UnitKind]
    return SelectField("units.kind", [InputRequired()], choices=kinds, default=UnitKind.TEAM.value)


def _people_field(hint: str) -> IntegerField:
    return IntegerField(
        "units.people_direct",
        [Optional(), NumberRange(0, MAX_PEOPLE)],
        description=hint,
        render_kw={"min": 0, "inputmode": "numeric"},
    )


class EditForm(StepForm):
    """Name, number, kind, address, activity."""

    purpose = "edit"
    name = line("units.name", length=LENGTHS["name"], hint="units.name_hint")
    number = line("units.number", length=LENGTHS["number"], hint="units.number_hint")
    kind = _kind_field()
    address = line("units.address", length=LENGTHS["address"], required=False)
    activity = line("units.activity", length=LENGTHS["activity"], required=False)
    on = day("units.from_day", hint="units.from_day_hint")

    @classmethod
    def standing(cls, spot: Spot) -> Mapping[str, Any]:
        names = ("name", "number", "kind", "address", "activity")
        return {"on": spot.today, **{name: getattr(spot.now, name) for name in names}}

    def fields(self) -> changes.UnitFields:
        return changes.UnitFields(
            number=self["number"].data,
            name=self["name"].data,
            kind=UnitKind(self["kind"].data),
            address=self["address"].data,
            activity=self["activity"].data,
        )

    def change(self, spot: Spot) -> changes.Change:
        return changes.Edit(self.first_on, spot.known.id, self.fields())


class AddForm(EditForm):
    """A new unit."""

    purpose = "new"
    parent = _parent_field()
    people = _people_field("units.people_hint")

    @classmethod
    def standing(cls, spot: Spot) -> Mapping[str, Any]:
        return {"on": spot.today, "parent": str(spot.unit.id) if spot.unit else ""}

    def offer(self, spot: Spot) -> Self:
        self.parent.choices = _places(spot.rows, self.language)
        return self

    def change(self, spot: Spot) -> changes.Change:
        parent_id = as_id(self.parent.data)
        return changes.Add(self.first_on, parent_id, self.fields(), self["people"].data)


class MoveForm(StepForm):
    """Another unit above it."""

    purpose = "move"
    parent = _parent_field()
    on = day("units.from_day", hint="units.from_day_hint")

    @classmethod
    def standing(cls, spot: Spot) -> Mapping[str, Any]:
        return {"on": spot.today, "parent": str(spot.now.parent_id or "")}

    def offer(self, spot: Spot) -> Self:
        below = {*branch_of(spot.tree, spot.known.id, spot.today)}
        rows = [row for row in spot.rows if row.id not in below]
        self.parent.choices = _places(rows, self.language)
        return self

    def change(self, spot: Spot) -> changes.Change:
        return changes.Move(self.first_on, spot.known.id, as_id(self.parent.data))


class SplitForm(StepForm):
    """Two to four units in its place."""

    purpose = "split"
    name_1 = line("units.part_1_name", length=LENGTHS["name"])
    number_1 = line("units.part_1_number", length=LENGTHS["number"])
    people_1 = _people_field("")
    name_2 = line("units.part_2_name", length=LENGTHS["name"])
    number_2 = line("units.part_2_number", length=LENGTHS["number"])
    people_2 = _people_field("")
    name_3 = line("units.part_3_name", length=LENGTHS["name"], required=False)
    number_3 = line("units.part_3_number", length=LENGTHS["number"], required=False)
    people_3 = _people_field("")
    name_4 = line("units.part_4_name", length=LENGTHS["name"], required=False)
    number_4 = line("units.part_4_number", length=LENGTHS["number"], required=False)
    people_4 = _people_field("")
    heir = SelectField("units.heir", description="units.heir_hint", default="0")
    on = day("units.from_day", hint="units.split_day_hint")

    @classmethod
    def standing(cls, spot: Spot) -> Mapping[str, Any]:
        return {"on": first_day_without(spot.known, spot.today)}

    def offer(self, spot: Spot) -> Self:
        if not spot.has_below:
            del self.heir
            return self
        self.heir.choices = [option(str(at), f"units.part_{at + 1}") for at in range(MAX_PARTS)]
        return self

    @property
    def parts(self) -> tuple[changes.Part, ...]:
        found = []
        for at in range(1, MAX_PARTS + 1):
            name, number = self[f"name_{at}"].data, self[f"number_{at}"].data
            if name or number:
                found.append(changes.Part(number, name, self[f"people_{at}"].data))
        return tuple(found)

    def change(self, spot: Spot) -> changes.Change:
        heir = int(self.heir.data) if "heir" in self else 0
        return changes.Split(self.first_on, spot.known.id, self.parts, heir)


class MergeForm(StepForm):
    """One unit in the place of several neighbours."""

    purpose = "merge"
    others = SelectMultipleField("units.merge_with", [InputRequired()])
    name = line("units.merged_name", length=LENGTHS["name"])
    number = line("units.merged_number", length=LENGTHS["number"], hint="units.merged_number_hint")
    kind = _kind_field()
    people = _people_field("units.merged_people_hint")
    on = day("units.from_day", hint="units.split_day_hint")

    @classmethod
    def standing(cls, spot: Spot) -> Mapping[str, Any]:
        return {"on": first_day_without(spot.known, spot.today), "kind": spot.now.kind}

    def offer(self, spot: Spot) -> Self:
        near = children_of(spot.tree, spot.now.parent_id, spot.today)
        others = [unit for unit in near if unit.id != spot.known.id]
        self.others.choices = [option(str(unit.id), unit.on(spot.today).name) for unit in others]
        return self

    def change(self, spot: Spot) -> changes.Change:
        chosen = tuple(UUID(key) for key in self["others"].data)
        merged = (spot.known.id, *chosen)
        before = self.first_on - ONE_DAY
        told = [spot.tree[key].people(before) for key in merged]
        known = [people for people in told if people is not None]
        people = self["people"].data
        if people is None and known:
            people = sum(known)
        said = changes.UnitFields(
            self["number"].data,
            self["name"].data,
            UnitKind(self["kind"].data),
            spot.now.address,
            spot.now.activity,
        )
        return changes.Merge(self.first_on, merged, said, people)


class EndForm(StepForm):
    """Its last day."""

    purpose = "end"
    last_on = day("units.last_day", hint="units.last_day_hint")
    below = RadioField(
        "units.below",
        [InputRequired()],
        choices=[option(each.value, f"units.below_{each}") for each in changes.Below],
        description="units.below_hint",
    )

    @classmethod
    def standing(cls, spot: Spot) -> Mapping[str, Any]:
        return {"last_on": spot.today}

    def offer(self, spot: Spot) -> Self:
        if not spot.has_below:
            del self.below
        return self

    def change(self, spot: Spot) -> changes.Change:
        below = changes.Below(self.below.data) if "below" in self else None
        return changes.End(self["last_on"].data + ONE_DAY, spot.known.id, below)


class CountForm(StepForm):
    """How many people are attached to it from a day on."""

    purpose = "headcount"
    instead_of = HiddenField()
    people = IntegerField(
        "units.people_direct",
        [InputRequired(), NumberRange(0, MAX_PEOPLE)],
        description="units.people_hint",
        render_kw={"min": 0, "inputmode": "numeric"},
    )
    on = day("units.from_day", hint="units.from_day_hint")

    def change(self, spot: Spot) -> changes.Change:
        corrected = _as_day(self.instead_of.data)
        return changes.SetCount(self.first_on, spot.known.id, self["people"].data, corrected)


Step = AddForm | EditForm | MoveForm | SplitForm | MergeForm | EndForm | CountForm

# The steps that a unit offers, by the word in the address.
STEPS: Final[Mapping[str, type[Step]]] = {
    form.purpose: form for form in (EditForm, MoveForm, SplitForm, MergeForm, EndForm, CountForm)
}


def _places(rows: Iterable[UnitRow], language: str) -> list[Any]:
    return [
        option("", catalogue(language)("units.top")),
        *(option(str(row.id), f"{'– ' * row.depth}{row.name}") for row in rows),
    ]


def _as_day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
