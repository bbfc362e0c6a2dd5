"""Forms of the register: what happened, why something is done with an entry, who keeps it."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, ClassVar, Final, Self

from wtforms import BooleanField, DateField, HiddenField, RadioField, StringField, TextAreaField
from wtforms import SelectMultipleField as SeveralField
from wtforms.validators import InputRequired, Optional

from baken.actionplan.register.access import KEEPERS
from baken.actionplan.register.actions import Refusal
from baken.actionplan.register.entries import Told
from baken.actionplan.register.lists import Choice, lists
from baken.actionplan.register.models import Register
from baken.actionplan.register.receipts import new_once
from baken.actionplan.register.rules import COLLEAGUE, Facts
from baken.actionplan.register.setting_up import Arrangement, Reach, reach_in
from baken.organisation.permissions import Role
from baken.web.body import Form
from baken.web.forms import BackOfficeForm
from baken.web.pages.campaign_forms import VersionedForm
from baken.web.pages.fields import Refused, day, line, option
from baken.web.texts import LANGUAGES

ONCE_LENGTH: Final = 32
_ROWS: Final = {"rows": 8}


def _unix(value: str | None) -> str:
    return (value or "").replace("\r\n", "\n").replace("\0", " ").strip()


def _long(
    label: str, *, hint: str = "", required: bool = True, rows: int = 4, language: str = ""
) -> TextAreaField:
    """A text; how long it may be is for the register to say, and nothing is cut off here."""
    checks = [InputRequired()] if required else [Optional()]
    shown = {"rows": rows, **({"lang": language} if language else {})}
    return TextAreaField(label, checks, filters=[_unix], description=hint, render_kw=shown)


def _options(choices: Iterable[Choice], language: str) -> list[Any]:
    return [option(choice.key, choice.texts[language]) for choice in choices]


class FactsForm(VersionedForm):
    """What happened, as the worker or the keeper tells it."""

    # In the order of the page: the list of what to mend follows it.
    description = _long("register.description", hint="register.description_hint", rows=8)
    first_on = day("register.first_on")
    third_party = RadioField("register.who_did_it", [InputRequired()])
    nature = RadioField("register.nature", [InputRequired()], description="register.nature_hint")
    place = StringField("register.place", [Optional()], filters=[_unix])
    last_on = DateField("register.last_on", [Optional()], description="register.last_on_hint")
    tags = SeveralField("register.tags", [Optional()])

    def offer(self, language: str, *, colleague: bool = True) -> Self:
        """Fill in what there is to choose; `colleague` leads to another way."""
        known = lists()
        others = [option(COLLEAGUE, "register.colleague")] if colleague else []
        for field, choices in (
            (self.third_party, [*_options(known.third_parties, language), *others]),
            (self.nature, _options(known.natures, language)),
            (self.tags, _options(known.tags, language)),
        ):
            chosen: Any = field
            chosen.choices = choices
        return self

    @property
    def facts(self) -> Facts:
        """What was filled in; once the form was checked."""
        values: Any = self.data
        return Facts(
            description=values["description"],
            first_on=values["first_on"],
            last_on=values["last_on"],
            place=values["place"] or "",
            third_party=values["third_party"],
            nature=values["nature"],
            tags=tuple(values["tags"] or ()),
        )


class TellForm(FactsForm):
    """The same with the name of the worker, where the worker wants that."""

    say_agree: ClassVar[str] = "register.agree_first"
    say_name: ClassVar[str] = "register.name_missing"
    once = HiddenField()
    name = StringField("register.name", [Optional()], filters=[_unix])
    contact = StringField("register.reach", [Optional()], filters=[_unix])
    agrees = BooleanField("register.agrees", description="register.agrees_hint")

    @classmethod
    def fresh(cls, language: str) -> Self:
        """An empty form that counts once."""
        return cls.blank(language, {"once": new_once()}).offer(language)

    @classmethod
    def sent(cls, body: Form, language: str) -> Self:
        """The form as it came."""
        return cls.read(body, language).offer(language)

    def validate_agrees(self, _field: Any) -> None:
        """Who somebody is is kept with consent only, and consent is for a name."""
        if (self.name.data or self.contact.data) and not self.agrees.data:
            raise Refused(self.say_agree)
        if self.agrees.data and not self.name.data:
            raise Refused(self.say_name)

    @property
    def told(self) -> Told:
        """What was told; once the form was checked."""
        once = str(self.once.data or "")
        is_ours = len(once) == ONCE_LENGTH and once.isascii() and once.isalnum()
        agrees = bool(self.agrees.data)
        return Told(
            facts=self.facts,
            once=once if is_ours else new_once(),
            name=str(self.name.data or "") if agrees else "",
            contact=str(self.contact.data or "") if agrees else "",
        )


class TypedForm(TellForm):
    """The same, typed by the keeper: it speaks about the worker, not to the worker."""

    say_agree = "register.worker_agree_first"
    say_name = "register.worker_name_missing"
    name = StringField("register.worker_name", [Optional()], filters=[_unix])
    contact = StringField("register.worker_reach", [Optional()], filters=[_unix])
    agrees = BooleanField("register.worker_agrees", description="register.worker_agrees_hint")


class CorrectionForm(FactsForm):
    """A corrected version, with the reason."""

    reason = _long("register.correction_reason", hint="register.correction_hint")

    @classmethod
    def of(cls, facts: Facts, version: int, language: str) -> Self:
        """The form of what holds now."""
        names = ("third_party", "nature", "first_on", "last_on", "place", "description")
        values = {name: getattr(facts, name) for name in names}
        values |= {"tags": list(facts.tags), "version": version}
        return cls.blank(language, values).offer(language, colleague=False)


class RefusalForm(VersionedForm):
    """Why an entry gets no number."""

    reason = RadioField(
        "register.refusal_reason",
        [InputRequired()],
        choices=[option(each.value, f"register.refusal_{each}") for each in Refusal],
    )
    words = _long("register.refusal_words", hint="register.refusal_words_hint", required=False)


class HoldForm(VersionedForm):
    """Why an entry is kept beyond its term."""

    reason = _long("register.hold_reason", hint="register.hold_hint")


class ExportForm(BackOfficeForm):
    """Which period, for whom."""

    from_on = day("register.export_from")
    until_on = day("register.export_until")
    reason = _long("register.export_reason", hint="register.export_reason_hint")


def _preset(label: Callable[[str], str]) -> list[Any]:
    return [option(preset, label(preset)) for preset in lists().access]


def _contact(language: str) -> StringField:
    return line(
        "register.contact",
        length=300,
        hint="register.contact_hint",
        required=False,
        language=language,
    )


def _other_route(language: str) -> TextAreaField:
    hint = "register.other_route_hint"
    return _long("register.other_route", hint=hint, required=False, language=language)


class SettingsForm(VersionedForm):
    """Who keeps the register, who reads it, and what stands on the poster."""

    keeper = RadioField(
        "register.keeper",
        [InputRequired()],
        description="register.keeper_hint",
        choices=[option(role.value, f"people.role_{role}") for role in KEEPERS],
    )
    contact_nl, other_route_nl = _contact("nl"), _other_route("nl")
    contact_fr, other_route_fr = _contact("fr"), _other_route("fr")
    contact_en, other_route_en = _contact("en"), _other_route("en")
    contact_de, other_route_de = _contact("de"), _other_route("de")
    preset = RadioField(
        "register.preset", [InputRequired()], choices=_preset("register.preset_{}".format)
    )
    takes_public = BooleanField("register.takes_public", description="register.takes_public_hint")

    @classmethod
    def of(cls, register: Register, language: str) -> Self:
        """The form of a register that is open."""
        names = ("keeper", "preset", "takes_public", "version")
        values = {name: getattr(register, name) for name in names}
        for code in LANGUAGES:
            said = reach_in(register, code)
            if said.language == code:
                values |= {f"contact_{code}": said.contact, f"other_route_{code}": said.other_route}
        return cls.blank(language, values)

    @property
    def reaches(self) -> dict[str, tuple[Any, Any]]:
        """The fields of each language: how the keeper is reached, where colleagues are told of."""
        return {code: (self[f"contact_{code}"], self[f"other_route_{code}"]) for code in LANGUAGES}

    def arrangement(self) -> Arrangement:
        """What was decided; once the form was checked. The first language stands in for others."""
        values: Any = self.data
        written = {
            code: Reach(str(contact.data or ""), str(route.data or ""), code)
            for code, (contact, route) in self.reaches.items()
            if contact.data or route.data
        }
        first = written.pop(next(iter(written), ""), Reach("", "", LANGUAGES[0]))
        return Arrangement(
            keeper=Role(values["keeper"]),
            contact=first.contact,
            other_route=first.other_route,
            preset=values["preset"],
            takes_public=bool(values["takes_public"]),
            language=first.language,
            others=written,
        )


def year_before(today: date) -> tuple[date, date]:
    """The period that an export begins with: the last five years and today."""
    years = lists().retention.years
    return date(today.year - years, 1, 1), today
