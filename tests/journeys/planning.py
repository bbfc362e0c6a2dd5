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


def draft_annual_plan(walker: Walker, year: int = 0) -> str:
    """The plan of this year or another one, with the one objective chosen."""
    year = year or walker.site.clock.today.year
    walker.go("/annual-plans/new")
    walker.page.locator('[name="global_plan_id"]').select_option(label="Globaal preventieplan")
    walker.fill(starts_on=date(year, 1, 1).isoformat(), ends_on=date(year, 12, 31).isoformat())
    walker.send()
    walker.page.locator('[name="objective_ids"]').first.check()
    walker.fill(means_and_methods="Elke maatregel heeft één verantwoordelijke en één cijfer.")
    walker.send()
    walker.reads("Roosters staan op tijd vast")
    return walker.path


def talk_about_it(walker: Walker) -> None:
    """The team talks, hears its own words back, and agrees that they are used for plans."""
    walker.go("/talks/new")
    walker.fill(
        title="Ploeggesprek nacht", planned_on=walker.site.clock.today.isoformat(), leader="Ann"
    )
    for safeguard in walker.page.locator('[name="safeguards"]').all():
        safeguard.check()
    walker.send()
    talk = walker.path
    walker.follow("talks.hold")
    walker.fill(n_invited="22", n_present="14")
    walker.send()
    walker.follow("talks.note_new")
    walker.page.locator('[name="tone"][value="problem"]').check()
    walker.choose(factor="A1")
    walker.fill(text="Wie ruilt, ruilt altijd op het laatste moment.")
    walker.send()
    walker.press("talks.read_back")
    walker.go(talk)
    walker.follow("talks.approve")
    walker.page.locator('[name="reach"][value="plans"]').check()
    walker.send()


def set_priority(walker: Walker, finding: str) -> str:
    """What was found becomes a priority once somebody wrote down why it is so."""
    walker.go(finding)
    walker.follow("findings.to_priority")
    walker.fill(title="Roosters van de nacht")
    walker.choose(urgency="5", feasibility="4")
    walker.send()
    priority = walker.path
    walker.follow("priorities.decide")
    walker.page.locator('[name="after"][value="chosen"]').check()
    walker.send()
    walker.follow("priorities.cause_new")
    walker.fill(whys="De lijst wordt per week gemaakt.", root="Niemand heeft er uren voor.")
    walker.send()
    return priority


def make_measure(walker: Walker, priority: str, finding: str) -> str:
    """Of the priority a measure, held to the share of people at risk in the finding."""
    year = walker.site.clock.today.year
    walker.go(priority)
    walker.page.locator('main a[href*="/measures/new?priority="]').first.click()
    walker.page.wait_for_url("**/measures/new*")
    walker.look()
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


def look_back(walker: Walker, measure: str) -> None:
    """Whether it worked, whether people accept it, and what becomes of it."""
    walker.go(f"{measure}/review")
    walker.page.locator('[name="worked"][value="4"]').check()
    walker.page.locator('[name="accepted"][value="4"]').check()
    walker.page.locator('[name="decision"][value="keep"]').check()
    walker.fill(text="De roosters hangen op tijd, behalve in juli en augustus.")
    walker.send()
    walker.reads(walker.t("board.done_reviewed"))


def evaluate(walker: Walker, plan: str) -> None:
    """The yearly evaluation of the plan of five years, closed."""
    walker.go(f"{plan}/evaluations")
    walker.fill(year=str(walker.site.clock.today.year))
    walker.press("evaluations.begin")
    walker.page.locator('main [name="participants"]').wait_for()
    for field in walker.page.locator('main textarea[name^="input_"]').all():
        if not field.input_value():
            field.fill("Niets te melden.")
    for verdict in walker.page.locator('main [name^="verdict_"][value="on_the_way"]').all():
        verdict.check()
    for words in walker.page.locator('main textarea[name^="text_"]').all():
        words.fill("De zomer ontbreekt nog.")
    walker.fill(participants="De hiërarchische lijn en de preventieadviseur.")
    walker.page.locator('[name="papa_involved"]').first.check()
    walker.send()
    walker.press("evaluations.close")
    walker.reads(walker.t("evaluations.done_closed"))


def carry_over(walker: Walker, measure: str) -> str:
    """Take the measure to the plan of the next year, with the reason."""
    walker.go(f"{measure}/carry")
    walker.page.locator('main select[name="target"]').select_option(index=0)
    walker.fill(ends_on="2027-12-31", reason="De zomer moet nog mee.")
    walker.send()
    walker.reads("De zomer moet nog mee.")
    return walker.path


def tell_what_was_done(walker: Walker) -> str:
    """A page for those who answered, released; its public address."""
    walker.go("/feedback/new")
    walker.fill(title="Roosters")
    main = walker.page.locator("main")
    for n in range(main.locator('[name$="-said"]').count()):
        standing = main.locator(f'[name="lines-{n}-standing"]')
        if n and not standing.input_value():
            continue
        main.locator(f'[name="lines-{n}-said"]').fill("Roosters komen te laat.")
        main.locator(f'[name="lines-{n}-did"]').fill("De roosters hangen zes weken vooraf uit.")
        standing.select_option("running")
    walker.send()
    main.locator('a[href$="/release"]').first.click()
    walker.page.wait_for_url("**/release")
    walker.look()
    for tick in main.locator('input[type="checkbox"]').all():
        tick.check()
    walker.send()
    address = main.locator('a[href*="/s/"]').first.get_attribute("href")
    assert address
    return address.removeprefix(walker.site.address)
