"""From a talk to a priority that may become a measure, over HTTP."""

import re
from datetime import date
from html import unescape
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from baken.actionplan.priorities.models import BallotOption, BallotVoter
from baken.organisation.models import Unit
from baken.organisation.permissions import Role
from baken.storage.audit import list_entries
from baken.web.pages.unit_warnings import HANGING
from baken.web.texts import catalogue
from tests.web.test_plan_pages import FINDING, version_in
from tests.web.test_units_pages import GOOD, import_units

SAFE = ("rules", "voluntary", "work_not_persons", "leader_trained", "read_back", "follow_up")
TALK = {
    "title": "Ploeggesprek keuken",
    "method": "team_talk",
    "planned_on": "2026-03-01",
    "leader": "Ann",
    "min_group": "5",
    "safeguards": list(SAFE),
}
NOTE = {"tone": "problem", "factor": "A2", "text": "Alles komt samen.", "way": "spoken"}


class Hand:
    """Somebody who fills in pages of one site."""

    def __init__(self, website: Any, role: Role) -> None:
        self.site, self.browser = website, website.browser(role)

    def go(self, path: str) -> str:
        answer = self.browser.get(self.site.root + path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text[-800:])
        return unescape(answer.text)

    def send(self, path: str, fields: dict[str, Any]) -> Any:
        return self.browser.post(self.site.root + path, fields)

    def done(self, path: str, fields: dict[str, Any], *, seen: str = "") -> str:
        told = fields | ({"version": version_in(self.go(seen))} if seen else {})
        answer = self.send(path, told)
        assert answer.status_code == 303, (path, unescape(answer.text)[-1500:])
        return str(answer.headers["location"].partition("?")[0].removeprefix(self.site.root))


@pytest.fixture
def adviser(website: Any) -> Hand:
    return Hand(website, Role.PREVENTION_ADVISER)


def hold(adviser: Hand, present: int) -> str:
    talk = adviser.done("/talks/new", TALK)
    held = {"held_on": "2026-03-01", "n_invited": "9", "n_present": str(present),
            "composition-0-name": "Afwassers", "composition-0-present": "1",
            "composition-0-headcount": "2"}  # fmt: skip
    return adviser.done(f"{talk}/held", held, seen=f"{talk}/held")


def main_step(page: str) -> str:
    """What the one main link of a page says."""
    found = re.findall(r'<a class="button primary"[^>]*>([^<]+)</a>', page)
    assert len(found) == 1
    return str(found[0])


def test_what_a_group_says_goes_as_far_as_it_agreed(website: Any, adviser: Hand) -> None:
    talk = hold(adviser, 7)
    reader = Hand(website, Role.CPBW_MEMBER)
    adviser.done(f"{talk}/notes/new", NOTE)
    adviser.done(f"{talk}/notes/new", NOTE | {"way": "card", "text": "Op een kaartje."})
    assert "Op een kaartje." in adviser.go(talk)  # seven people are enough
    button = re.search(r'/read-back".*?name="version" value="(\d+)"', adviser.go(talk), re.DOTALL)
    assert button is not None
    adviser.done(f"{talk}/read-back", {"version": button[1]})
    assert "Alles komt samen." not in reader.go(talk)
    assert "Afwassers" in adviser.go(talk)
    assert "Afwassers" not in reader.go(talk)
    assert adviser.send(f"{talk}/notes/new", NOTE).status_code in {409, 422}
    adviser.done(f"{talk}/approve", {"reach": "plans"}, seen=f"{talk}/approve")
    assert "Alles komt samen." in reader.go(talk)
    source = re.search(r"source=(note:[0-9a-f-]{36})", adviser.go(talk))
    assert source is not None
    ground = {"source": source[1], "told_as": "observation", "seen_on": "2026-03-01"}
    typed = adviser.send("/findings/observed/new", FINDING | ground | {"seen_text": "Mijn woorden"})
    assert typed.status_code == 422  # they would be lost: the words are those of the group
    assert "Mijn woorden" in unescape(typed.text)
    finding = adviser.done("/findings/observed/new", FINDING | ground)
    shown = reader.go(finding)
    assert "Ploeggesprek, aanwezig: 7" in shown
    assert "Alles komt samen." in shown or "Op een kaartje." in shown
    # What may follow is the main step, until it followed; then the page leads on to it.
    assert main_step(adviser.go(finding)) == "Als prioriteit voorstellen"
    proposed = {"title": "Rust", "kind": "challenge", "finding_ids": finding[-36:]}
    priority = adviser.done("/priorities/new", proposed | {"urgency": "0", "feasibility": "0"})
    page = adviser.go(finding)
    assert (main_step(page), "Ook een andere prioriteit" in page) == ("Naar de uitdaging", True)
    assert (main_step(reader.go(finding)), "voorstellen" in reader.go(finding)) == (
        "Naar de uitdaging", False,
    )  # fmt: skip
    dropped = {"after": "dropped", "reason": "Loopt al."}
    adviser.done(f"{priority}/decide", dropped, seen=f"{priority}/decide")
    assert main_step(adviser.go(finding)) == "Als prioriteit voorstellen"


def test_cards_of_few_people_are_seen_by_nobody(adviser: Hand) -> None:
    talk = hold(adviser, 4)
    adviser.done(f"{talk}/notes/new", NOTE | {"way": "card", "text": "Op een kaartje."})
    shown = adviser.go(talk)
    assert "Op een kaartje." not in shown
    assert "zichtbaar vanaf 5 mensen" in shown


def test_dots_of_few_people_are_in_no_page_of_whoever_counted_them(adviser: Hand) -> None:
    talk = hold(adviser, 7)
    adviser.done(f"{talk}/notes/new", NOTE)
    dots = re.findall(r'name="(dots_[0-9a-f-]{36})"', adviser.go(f"{talk}/votes"))[0]
    for voters, shown in (("4", "0"), ("5", "3")):
        adviser.done(f"{talk}/votes", {"n_voters": voters, dots: "3"}, seen=f"{talk}/votes")
        assert f'name="{dots}" value="{shown}"' in adviser.go(f"{talk}/votes"), voters


def test_a_priority_becomes_a_measure_with_a_cause_only(adviser: Hand) -> None:
    fields = {"title": "Middagpiek", "kind": "priority", "story": "Uit het gesprek."}
    priority = adviser.done("/priorities/new", fields | {"urgency": "5", "feasibility": "4"})
    seen = version_in(adviser.go(f"{priority}/edit"))
    adviser.done(f"{priority}/decide", {"after": "chosen"}, seen=f"{priority}/decide")
    assert "Niemand schreef al op waarom" in adviser.go(priority)
    again = {"title": "Piek", "urgency": "1", "feasibility": "1", "version": seen}
    late = adviser.send(f"{priority}/edit", fields | again)
    assert late.status_code == 422
    assert "Piek" in late.text  # the second person loses nothing
    no_root = {"kind": "whys", "whys": "Omdat."}
    assert adviser.send(f"{priority}/causes/new", no_root).status_code == 422
    adviser.done(f"{priority}/causes/new", no_root | {"root": "Geen vast uur."})
    assert "Naar de jaarplannen" in adviser.go(priority)
    grown = adviser.go("/ideas/library?a=A2")
    assert "Dit zijn ideeën, geen voorschriften." in grown
    idea = {"title": "Fruit", "level": "tertiary", "scope": "individual", "is_quick_win": "y"}
    home = adviser.done("/ideas/new?from=a2-p1", idea | {"priority_id": priority[-36:]})
    assert home == priority
    decide = re.search(r"/ideas/[0-9a-f-]{36}/decide", adviser.go(priority))
    assert decide is not None
    for after in ("wanted", "chosen"):
        adviser.done(decide[0], {"after": after}, seen=decide[0])
    shown = adviser.go("/ideas")
    assert all(say in shown for say in ("kan snel", "op personen", "bij de bron"))


def test_a_vote_is_given_once_and_nothing_joins_voter_and_choice(
    website: Any, adviser: Hand
) -> None:
    options = [
        adviser.done("/priorities/new", {"title": title, "kind": "priority", "urgency": "0",
                                         "feasibility": "0"})[-36:]
        for title in ("Roosters", "Lawaai", "Parking")
    ]  # fmt: skip
    asked = {"title": "Wat eerst?", "priority_ids": options, "dots": "2", "closes_on": "2026-03-09",
             "roles": ["prevention_adviser", "employer"], "min_group": "5"}  # fmt: skip
    refused = adviser.send("/votes/new", asked | {"is_anonymous": "y"})
    assert refused.status_code == 422
    assert "dat mag stemmen, is" in unescape(refused.text)
    vote = adviser.done("/votes/new", asked)
    assert adviser.send(vote, {"chosen": options}).status_code == 422  # three dots of two
    adviser.done(vote, {"chosen": options[:1]})
    assert adviser.send(vote, {"chosen": options[1:2]}).status_code == 422
    assert "U hebt gestemd" in adviser.go(vote)
    adviser.done(f"{vote}/close", {}, seen=vote)
    assert "Uitslag" in adviser.go(vote)
    with website.database.read(website.organisation.id) as session:
        assert sorted(one.n_dots for one in session.scalars(select(BallotOption))) == [0, 0, 1]
        assert [one.choices for one in session.scalars(select(BallotVoter))] == [[options[0]]]
        said = [one for one in list_entries(session) if one.action == "ballot.voted"]
        assert len(said) == 1
        assert options[0] not in str(said[0].facts)


def test_an_anonymous_vote_keeps_no_choice_beside_a_voter(website: Any, adviser: Hand) -> None:
    options = [
        adviser.done("/priorities/new", {"title": title, "kind": "priority", "urgency": "0",
                                         "feasibility": "0"})[-36:]
        for title in ("Roosters", "Lawaai", "Parking")
    ]  # fmt: skip
    roles = (Role.EMPLOYER, Role.STEERING_MEMBER, Role.CPBW_MEMBER, Role.UNION_DELEGATE, Role.HR)
    voters = [Hand(website, role) for role in roles]
    asked = {"title": "Wat eerst?", "priority_ids": options, "dots": "2", "closes_on": "2026-03-09",
             "roles": [role.value for role in roles], "min_group": "5",
             "is_anonymous": "y"}  # fmt: skip
    vote = adviser.done("/votes/new", asked)
    renamed = {"title": "Iets anders", "kind": "priority", "urgency": "0", "feasibility": "0"}
    edit = f"/priorities/{options[0]}/edit"
    refused = adviser.send(edit, renamed | {"version": version_in(adviser.go(edit))})
    assert "loopt een stemming" in unescape(refused.text)  # they chose it by its name
    for number, voter in enumerate(voters[:4]):
        voter.done(vote, {"chosen": options[number % 3]})
    assert "Uitslag" not in adviser.go(vote)
    with website.database.read(website.organisation.id) as session:
        assert [one.choices for one in session.scalars(select(BallotVoter))] == [None] * 4
        facts = [one.facts for one in list_entries(session) if one.action == "ballot.voted"]
        assert not any(option in str(facts) for option in options)
    adviser.done(f"{vote}/close", {}, seen=vote)
    assert "Minder dan 5" in adviser.go(vote)  # four voted, and what they chose shows to nobody
    assert voters[4].send(vote, {"chosen": options[0]}).status_code == 422


def test_a_priority_sent_twice_is_one_and_says_who_proposed_and_chose_it(adviser: Hand) -> None:
    fields = {"title": "Middagpiek", "kind": "priority", "story": "Uit het gesprek.",
              "urgency": "5", "feasibility": "4"}  # fmt: skip
    first, second = (adviser.done("/priorities/new", fields) for _ in range(2))
    assert first == second
    assert adviser.go("/priorities").count("Middagpiek</a>") == 1
    body = {"kind": "steering_group", "name": "Stuurgroep welzijn", "from_on": "2026-01-05",
            "is_open": "y"}  # fmt: skip
    group = adviser.done("/bodies/new", body)
    chosen = {"after": "chosen", "decided_in": group[-36:]}
    adviser.done(f"{first}/decide", chosen, seen=f"{first}/decide")
    shown = adviser.go(first)
    assert "Stuurgroep welzijn" in shown
    assert shown.count("genoteerd door") == 1


def test_the_library_is_searched_by_aspect_step_kind_and_words(adviser: Hand) -> None:
    assert "75 van de 75 ideeën." in adviser.go("/ideas/library")
    assert "15 van de 75 ideeën." in adviser.go("/ideas/library?a=A2")
    narrow = adviser.go("/ideas/library?a=A1&level=secondary&kind=quick")
    assert "Eén plek waar mensen zien wat er met hun vraag gebeurt" in narrow
    assert "Op papier wie wat beslist" not in narrow
    assert "Roosters vroeger vastleggen" in adviser.go("/ideas/library?q=VROEGER+rooster")
    assert "0 van de 75 ideeën." in adviser.go("/ideas/library?q=zwembad")


def test_a_note_is_asked_in_the_ways_of_its_method(adviser: Hand) -> None:
    def asked(method: str) -> str:
        talk = adviser.done("/talks/new", TALK | {"method": method})
        held = {"held_on": "2026-03-01", "n_invited": "9", "n_present": "7"}
        adviser.done(f"{talk}/held", held, seen=f"{talk}/held")
        shown = adviser.go(f"{talk}/notes/new")
        adviser.done(f"{talk}/notes/new", NOTE)
        return shown

    group, interviews, seen = map(asked, ("focus_group", "interviews", "observation"))
    assert "Op een kaartje zonder naam" in group
    assert "In een interview" not in group
    assert 'name="way"' not in interviews + seen
    assert 'name="topic"' not in group
    deparis = asked("deparis")
    assert 'name="topic"' in deparis
    assert "Oranje" in deparis  # three judgements of a topic
    assert "Oranje" not in group


def test_what_hangs_on_a_unit_is_said_of_one_and_of_many() -> None:
    """A sentence without its two forms was a fault page for whoever ended the unit."""
    for key in HANGING:
        one, two = (catalogue("nl")(key, count=count, what="X") for count in (1, 2))
        assert one != two


def test_the_end_of_a_unit_names_what_still_hangs_on_it(website: Any, adviser: Hand) -> None:
    import_units(adviser.browser, website.root, GOOD)
    found = re.search(r'<option value="([0-9a-f-]{36})">[– ]*Nachtploeg<', adviser.go("/talks/new"))
    assert found is not None
    night = found[1]
    talk = adviser.done("/talks/new", TALK | {"title": "Gesprek nacht", "unit_id": night})
    analysis = {"title": "Nacht bekeken", "kind": "specific", "unit_id": night,
                "started_on": "2026-03-01"}  # fmt: skip
    made = adviser.done("/analyses/new", analysis)
    change = {"title": "Nieuw rooster", "happens_on": "2026-03-01", "unit_id": night,
              "responsible": "Ann", "due_on": "2026-04-01"}  # fmt: skip
    changed = adviser.done("/changes/new", change)
    end = f"/units/{night}/end"
    known = dict(re.findall(r'name="(version)"[^>]*value="([^"]*)"', adviser.go(end)))
    answer = adviser.send(end, known | {"last_on": "2026-03-31", "below": "end"})
    said = unescape(answer.text)
    for what in ("een gesprek open: Gesprek nacht", "risicoanalyse: Nacht bekeken",
                 "verandering open: Nieuw rooster"):  # fmt: skip
        assert what in said, said[-3000:]
    administrator = Hand(website, Role.ADMINISTRATOR)  # changes units, reads no plans
    less = unescape(administrator.send(end, known | {"last_on": "2026-03-31", "below": "end"}).text)
    assert "Hier staat nog een gesprek open: wie de plannen leest, ziet welke." in less
    assert not [one for one in ("Gesprek nacht", "Nacht bekeken", "Nieuw rooster") if one in less]
    told = adviser.go(made)
    assert "Voor u kunt afsluiten" in told
    late = adviser.send(f"{made}/close", {"version": "1"})
    assert late.status_code in {409, 422}
    with website.database.session(website.organisation.id) as session:
        session.get_one(Unit, UUID(night)).until_on = date(2026, 1, 31)
    for page, kept in ((talk, TALK), (made, analysis), (changed, change)):
        # What names a unit that has ended can still be mended; nothing new can be about it.
        assert adviser.done(f"{page}/edit", kept | {"unit_id": night}, seen=f"{page}/edit") == page
    assert adviser.send("/talks/new", TALK | {"unit_id": night}).status_code == 422
