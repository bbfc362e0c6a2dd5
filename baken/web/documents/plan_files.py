"""The plans as a PDF and as a Word document, made from what they say and nothing else.

An adopted edition is made from what was kept of it, so that it gives the same bytes every time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from baken.actionplan.plans.periods import year_name
from baken.storage.session import Session
from baken.survey.library.queries import get_instrument
from baken.web import numerals
from baken.web.documents.docx import docx_of
from baken.web.documents.pdf import pdf_of
from baken.web.rendering import render
from baken.web.texts import Catalogue, catalogue, inside

Content = Mapping[str, Any]
KINDS: Final = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Which edition a document shows; a draft has no day of adoption."""

    edition: int
    adopted_on: date | None


@dataclass(frozen=True, slots=True)
class MeasurePaper:
    """A measure on paper: its title, a line for the overview, and labelled facts."""

    title: str
    responsible: str
    period: str
    level: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What says values of a plan in one language."""

    session: Session
    language: str

    @property
    def t(self) -> Catalogue:
        return catalogue(self.language)

    def day(self, text: str) -> str:
        return numerals.day(date.fromisoformat(text), self.language)

    def measure(self, told: Content) -> MeasurePaper:
        """A measure in words."""
        level = self.t(f"measures.level_{told['level']}")
        scope = inside(self.t(f"measures.scope_{told['scope']}"), self.language)
        period = f"{self.day(told['starts_on'])} – {self.day(told['ends_on'])}"
        facts = (
            ("measures.method", told["method"]),
            ("measures.unit", told["unit"]),
            ("measures.fact_responsible", told["responsible"]),
            ("measures.fact_decider", told["decider"]),
            ("measures.fact_who", told["who_does_what"]),
            ("measures.fact_organisational", told["means_organisational"]),
            ("measures.fact_material", told["means_material"]),
            ("measures.fact_financial", told["means_financial"]),
            ("board.budget", self._budget(told["budget"])),
            ("board.units_fact", self._units(told)),
            ("measures.fact_level", "" if told["strategy"] else f"{level}, {scope}"),
            ("board.strategy", self._choice("strategy", told["strategy"])),
            ("board.topic", self._choice("topic", told["topic"])),
            ("measures.fact_domains", self._domains(told["domains"])),
            ("measures.fact_period", period),
            ("measures.part_figure", self.figure(told["figure"])),
            ("measures.fact_report", self._report(told)),
            ("board.continues", self._continues(told)),
        )
        said = tuple((self.t(key), value) for key, value in facts if value)
        kind = self._choice("strategy", told["strategy"]) or level
        return MeasurePaper(told["title"], told["responsible"], period, kind, said)

    def _budget(self, euro: int | None) -> str:
        return "" if euro is None else self.t("board.euro", n=numerals.number(euro, self.language))

    def _units(self, told: Content) -> str:
        return (
            self.t("board.units_of", n=told["prevention_units"]) if told["prevention_units"] else ""
        )

    def _choice(self, kind: str, value: str) -> str:
        return self.t(f"board.{kind}_{value}") if value else ""

    def _domains(self, domains: list[str]) -> str:
        return ", ".join(self.t(f"measures.domain_{domain}") for domain in domains)

    def _report(self, told: Content) -> str:
        return self.t("measures.reported_by", who=told["initiator"]) if told["is_reported"] else ""

    def _continues(self, told: Content) -> str:
        if not told["continues"]:
            return ""
        return self.t("board.continues_of", what=told["continues"], why=told["carried_reason"])

    def figure(self, figure: Content) -> str:
        """What a measure is held to."""
        by = date.fromisoformat(figure["by_on"])
        if "start" in figure:
            values = [numerals.number(figure[name], self.language) for name in ("start", "target")]
            start, target = (numerals.with_unit(value, figure["unit"]) for value in values)
            return self.t(
                "indicators.agreed", name=figure["name"], start=start, target=target, by=by
            )
        shown = numerals.number(figure["target"], self.language)
        if "scale" not in figure:
            target = numerals.with_unit(shown, figure["unit"])
            return self.t("board.scale_target", scale=figure["name"], target=target, by=by)
        what = self.t(f"board.target_{figure['what']}", n=shown)
        return self.t("board.scale_target", scale=self._scale(figure), target=what, by=by)

    def _scale(self, figure: Content) -> str:
        if not figure["instrument"]:
            return str(figure["scale"])
        instrument = get_instrument(self.session, *figure["instrument"])
        texts = instrument.texts.get(self.language) or instrument.texts[instrument.languages[0]]
        return texts.scales.get(figure["scale"], figure["scale"])


def _year(content: Content) -> str:
    return year_name(*(date.fromisoformat(content[name]) for name in ("starts_on", "ends_on")))


def plan_page(
    session: Session,
    content: Content,
    standing: Standing,
    *,
    language: str,
    static_root: str,
) -> str:
    """Return the plan as a page that `pdf_of` and `docx_of` can set."""
    words = Words(session, language)
    is_year = content["kind"] == "year"
    kind = content["variant_kind"] if is_year else content["kind"]
    objectives = [
        {**one, "papers": [words.measure(each) for each in one.get("measures", ())]}
        for one in content["objectives"]
    ]
    return render(
        f"documents/{'annual_plan' if is_year else 'global_plan'}.html",
        static_root,
        language=language,
        organisation=content["organisation"],
        plan=content,
        # The earliest editions kept the titles of the analyses alone, and are printed as they were.
        analyses=[
            {**one, "started": words.day(one["started_on"])}
            for one in content.get("analyses", ())
            if not isinstance(one, str)
        ],
        words="plans" if kind == "gpp" else "plans_nl",
        objectives=objectives,
        period=tuple(
            words.day(content[name])
            for name in (("starts_on", "ends_on") if is_year else ("from_on", "until_on"))
        ),
        year=_year(content) if is_year else "",
        activities=[
            {**one, "period": f"{words.day(one['from_on'])} – {words.day(one['until_on'])}"}
            for one in content.get("activities", ())
        ],
        standing=standing,
        reviewed_on=words.day(content["expert_review"]["reviewed_on"])
        if content.get("expert_review")
        else "",
    )


def plan_file(page: str, kind: str) -> bytes:
    """Return a page of a plan as a file of this kind: ``pdf`` or ``docx``."""
    return docx_of(page) if kind == "docx" else pdf_of(page).content
