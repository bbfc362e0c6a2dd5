"""From a released cell to a measure with an agreed figure, through the pages."""

from datetime import date

from tests.journeys.walking import Walker


def record_finding(walker: Walker) -> str:
    """Fill in the form that a cell of the results led to; return the page of the finding."""
    walker.fill(
        statement="In de nachtploeg botst het werk met het privéleven.",
        impact_motivation="De roosters maken we zelf.",
        danger_motivation="Het raakt iedereen die ’s nachts werkt.",
    )
    walker.page.locator('[name="employer_has_impact"][value="yes"]').check()
    walker.page.locator('[name="objective_danger"][value="yes"]').check()
    walker.send()
    walker.reads(walker.t("findings.done_recorded"))
    return walker.path


def draft_global_plan(walker: Walker, finding: str) -> str:
    """A five-year plan with one objective that answers to the finding."""
    today = walker.site.clock.today
    walker.go("/plans/new")
    walker.fill(
        title="Globaal preventieplan",
        from_on=date(today.year, 1, 1).isoformat(),
        until_on=date(today.year + 4, 12, 31).isoformat(),
        intended_measures="Roosters vroeger vastleggen",
        criteria="Aandeel mensen in de gevarenzone",
    )
    walker.send()
    plan = walker.path
    walker.go(f"{plan}/objectives/new?finding={finding.rpartition('/')[2]}")
    walker.fill(statement="Roosters staan op tijd vast en laten genoeg rust.")
    walker.send()
    walker.reads("Roosters staan op tijd vast")
    return plan


def draft_annual_plan(walker: Walker) -> str:
    """The plan of this year, with the one objective chosen."""
    year = walker.site.clock.today.year
    walker.go("/annual-plans/new")
    walker.page.locator('[name="global_plan_id"]').select_option(label="Globaal preventieplan")
    walker.fill(starts_on=date(year, 1, 1).isoformat(), ends_on=date(year, 12, 31).isoformat())
    walker.send()
    walker.page.locator('[name="objective_ids"]').first.check()
    walker.fill(means_and_methods="Elke maatregel heeft één verantwoordelijke en één cijfer.")
    walker.send()
    walker.reads("Roosters staan op tijd vast")
    return walker.path


def add_measure(walker: Walker, year_plan: str, finding: str) -> str:
    """A measure that is held to the share of people at risk in its finding."""
    year = walker.site.clock.today.year
    walker.go(f"{year_plan}/measures/new")
    walker.fill(
        title="Rooster van de nacht zes weken vooraf vastleggen",
        responsible_name="Voorbeeld hoofdverpleegkundige",
        decider_name="Voorbeeld directeur",
        starts_on=walker.site.clock.today.isoformat(),
        ends_on=date(year, 12, 31).isoformat(),
        target="20",
        by_on=date(year, 12, 31).isoformat(),
    )
    walker.choose(finding_id=finding.rpartition("/")[2])
    for name, value in (
        ("prevention_level", "primary"),
        ("scope", "collective"),
        ("domains", "psychosocial"),
        ("follow", "share_at_risk"),
    ):
        walker.page.locator(f'[name="{name}"][value="{value}"]').check()
    walker.send()
    walker.reads("Rooster van de nacht zes weken vooraf vastleggen")
    return walker.path


def ask_advice(walker: Walker, kind: str, plan: str) -> None:
    walker.go(f"/consultations/new?about={kind}&id={plan.rpartition('/')[2]}")
    walker.fill(text_sent="Het ontwerp van het plan.")
    walker.send()
    walker.reads(walker.t("consultations.done_asked"))


def advise_on_everything(walker: Walker) -> int:
    """Record the advice on whatever waits for it; return how many times."""
    for n_advised in range(10):
        walker.go("/consultations")
        walker.go("/follow-up")
        links = walker.page.locator('main a[href*="/consultations/"]')
        if not links.count():
            return n_advised
        address = str(links.first.get_attribute("href")).removesuffix("/advice")
        walker.go(f"{walker.site.address}{address}/advice")
        walker.page.locator('[name="outcome"][value="favourable"]').check()
        walker.fill(outcome_text="Gunstig: de nachtploeg komt terecht eerst.")
        walker.send()
        walker.reads(walker.t("consultations.done_advised"))
    raise AssertionError("advice keeps waiting")


def adopt(walker: Walker, plan: str) -> None:
    walker.go(plan)
    walker.page.locator('form[action$="/adopt"] button').click()
    walker.page.wait_for_load_state()
    walker.look()
    walker.reads(walker.t("plans.done_adopted"))


def move_on(walker: Walker, measure: str, status: str, note: str) -> None:
    """Give the measure its next status, with a note on its life line."""
    walker.go(f"{measure}/note")
    walker.fill(text=note)
    walker.choose(status=status)
    walker.send()
    walker.reads(note)
