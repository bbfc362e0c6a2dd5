"""Pages of requests, counsellors, the quarterly table, the network, policy advice, deadlines."""

import re
from datetime import timedelta
from typing import Any

from baken.organisation.permissions import Role
from tests.web.conftest import Browser, Website

ASKED = {
    "asker": "employer",
    "asked_on": "2026-02-20",
    "group_name": "Nachtploeg",
    "group_size": "12",
    "situation": "Ruzie bij elke overdracht.",
    "since_on": "2025-10-01",
    "priority": "soon",
}
STEPS: list[tuple[Role, dict[str, Any]]] = [
    (Role.ADVISER, {"is_group": "yes", "is_present": "yes", "is_part": "yes"}),
    (Role.ADVISER, {"adviser": "none", "anonymous": "Anonieme vragenlijst"}),
    (Role.ADVISER, {}),
    (Role.ADVISER, {"is_anonymous": "y"}),
    (Role.EMPLOYER, {"takes_measures": "yes"}),
    (Role.EMPLOYER, {"told": "asker"}),
    (Role.ADVISER, {"goes_on": "measures"}),
    (Role.ADVISER, {}),
]


def _send(browser: Browser, path: str, **fields: Any) -> Any:
    """Load a form and send it with the version it carries."""
    page = browser.get(f"{path}?lang=nl")
    version = re.search(r'name="version"[^>]*value="(\d*)"', page.text)
    seen = {"version": version[1]} if version else {}
    return browser.post(path, {**seen, **fields})


def test_a_request_goes_from_the_form_to_its_evaluation(website: Website) -> None:
    employer, adviser = website.browser(Role.EMPLOYER), website.browser(Role.ADVISER)
    of_role = {Role.EMPLOYER: employer, Role.ADVISER: adviser}
    root = f"{website.root}/requests"
    wrong = _send(employer, f"{root}/new", **{**ASKED, "since_on": "2026-02-21"})
    assert (wrong.status_code, "Nachtploeg" in wrong.text) == (422, True)
    assert 'href="#since_on"' in wrong.text  # the sentence leads to its field
    made = _send(employer, f"{root}/new", **ASKED)
    assert made.status_code == 303
    page = made.headers["location"].partition("?")[0]
    for n, (role, fields) in enumerate(STEPS, 1):
        text = {"text": f"Stap {n}.", "done_on": "2026-03-02"}
        shown = of_role[role].get(f"{page}?lang=nl")
        version = re.search(r'name="version"[^>]*value="(\d+)"', shown.text)
        assert version is not None, n
        sent = {**text, **fields, "version": version[1]}
        if fields:  # what the law asks is said, and nothing typed is lost
            empty = of_role[role].post(f"{page}/step?lang=nl", {**text, "version": version[1]})
            assert (empty.status_code, f"Stap {n}." in empty.text) == (422, True), n
        assert of_role[role].post(f"{page}/step", sent).status_code == 303, n
    ended = adviser.get(f"{page}?lang=nl").text
    assert 'name="done_on"' not in ended
    assert ended.count("Stap ") == len(STEPS)
    stale = adviser.post(f"{page}/step", {**text, "version": "1"})
    assert stale.status_code == 409
    head = website.browser(Role.UNIT_HEAD)
    assert head.get(page).status_code == 404  # neither asked it nor heads the group
    assert website.browser(Role.STEERING_MEMBER).get(page).status_code == 403
    assert "Geëvalueerd" in employer.get(f"{root}?lang=nl").text

    terms = adviser.get(f"{root}/deadlines?lang=nl&begin=2026-04-02").text
    assert "8\u00a0april 2026" in terms  # the third working day, Easter Monday left out
    assert "Kies een dag" in adviser.get(f"{root}/deadlines?lang=nl&begin=gisteren").text


def test_counsellors_quarters_and_policy_advice(website: Website) -> None:
    main, counsellor = (
        website.browser(Role.MAIN_CONTACT),
        website.browser(Role.CONFIDENTIAL_COUNSELLOR),
    )
    root = f"{website.root}/counsellors"
    form = main.get(f"{root}/new?lang=nl").text
    (person,) = re.findall(r'value="([0-9a-f-]{36})"[^>]*>Persoon confidential_counsellor', form)
    asked = {
        "person_id": person,
        "is_staff": "yes",
        "agreement": "workers",
        "agreed_on": "2026-02-20",
        "appointed_on": "2026-03-02",
        "agreement_text": "Bericht uitgehangen.",
    }
    early = _send(main, f"{root}/new", **asked)
    assert (early.status_code, "Bericht uitgehangen." in early.text) == (422, True)
    made = _send(main, f"{root}/new", **{**asked, "agreed_on": "2026-02-10"})
    page = made.headers["location"].partition("?")[0]
    learned = {"kind": "basic", "done_on": "2026-03-01", "hours": "30,5", "days": "5"}
    assert _send(main, f"{page}/training", **learned).status_code == 303
    assert "is gevolgd" in counsellor.get(f"{page}?lang=nl").text
    assert counsellor.get(f"{page}/training").status_code == 403

    settings = f"{website.root}/register/settings"
    reach = {"contact_nl": "Toestel 1", "other_route_nl": "Toestel 2", "preset": "strict"}
    said = "Er is een vertrouwenspersoon aangesteld"
    for keeper, warns in (("prevention_adviser", True), ("confidential_counsellor", False)):
        assert _send(main, settings, **reach, keeper=keeper).status_code == 303
        assert (said in main.get(f"{settings}?lang=nl").text) is warns

    quarter = f"{root}/quarters/2025/4"
    assert "(7.3.1\u00a0c.1)" in counsellor.get(quarter).text
    assert _send(counsellor, quarter, informal_by_counsellor="7").status_code == 303
    again = _send(counsellor, quarter, informal_by_counsellor="8")
    assert again.status_code == 422  # a correction has a reason
    why = {"informal_by_counsellor": "8", "reason": "Eén vergeten."}
    assert _send(counsellor, quarter, **why).status_code == 303
    stale = counsellor.post(quarter, {**why, "version": "1"})
    assert (stale.status_code, "Eén vergeten." in stale.text) == (422, True)
    for role, shown in ((Role.CPBW_MEMBER, True), (Role.GUEST, False)):
        answer = website.browser(role).get(f"{root}/quarters?lang=nl")
        assert (answer.status_code == 200) is shown
    assert counsellor.get(f"{root}/quarters/2030/1").status_code == 422

    adviser = website.browser(Role.ADVISER)
    advice = f"{root}/policy-advice"
    assert _send(adviser, f"{advice}/new", name="EDPBW", joined_on="2020-03-01").status_code == 303
    (service,) = re.findall(r"policy-advice/([0-9a-f-]{36})/advice", adviser.get(advice).text)
    given = {"given_on": "2024-03-01", "summary": "Meer aandacht voor de nacht."}
    assert _send(adviser, f"{advice}/{service}/advice", **given).status_code == 303
    assert "1\u00a0maart 2027" in counsellor.get(f"{advice}?lang=nl").text
    assert _send(adviser, f"{advice}/{service}/leave", left_on="2026-03-02").status_code == 303
    assert _send(main, f"{page}/end", ended_on="2026-03-02", reason="Akkoord.").status_code == 303
    for role, why_shown in ((Role.CPBW_MEMBER, True), (Role.WORKING_GROUP_MEMBER, False)):
        answer = website.browser(role).get(page)
        assert (answer.status_code, "Akkoord." in answer.text) == (200, why_shown)


def test_the_network_is_for_those_in_its_list(website: Website) -> None:
    counsellor = website.browser(Role.CONFIDENTIAL_COUNSELLOR)
    listener = website.browser(Role.WORKING_GROUP_MEMBER)
    root = f"{website.root}/vigilance"
    assert listener.get(f"{root}/signals/new").status_code == 303  # to the list
    form = counsellor.get(f"{root}/contacts/new?lang=nl").text
    (person,) = re.findall(r'value="([0-9a-f-]{36})"[^>]*>Persoon working_group_member', form)
    contact = {"person_id": person, "for_what": "De nacht", "from_on": "2026-03-01"}
    assert _send(counsellor, f"{root}/contacts/new", **contact).status_code == 303
    told = website.clock.now - timedelta(hours=30)
    signal = {"theme": "relations", "received_at": told.strftime("%Y-%m-%dT%H:%M")}
    assert _send(listener, f"{root}/signals/new", **signal).status_code == 303
    shown = listener.get(f"{root}?lang=nl").text
    assert "te laat" in shown
    assert "te laat" not in counsellor.get(f"{root}?lang=nl").text
    (answer,) = re.findall(r"/signals/([0-9a-f-]{36})/answer", shown)
    moment = website.clock.now.strftime("%Y-%m-%dT%H:%M")
    late = {"answered_at": "2026-01-01T10:00"}
    assert _send(listener, f"{root}/signals/{answer}/answer", **late).status_code == 422
    done = {"answered_at": moment}
    assert _send(listener, f"{root}/signals/{answer}/answer", **done).status_code == 303
    record = website.browser(Role.CPBW_MEMBER).get(f"{website.root}/audit?lang=nl").text
    assert "noteerde iets in het waakzaamheidsnetwerk" in record
    assert "Persoon working_group_member" not in record  # to whom somebody talked
    theme = {
        "theme": "relations",
        "title": "Overdracht loopt stroef",
        "pattern": "In drie ploegen.",
        "told_on": "2026-03-02",
    }
    refused = _send(listener, f"{root}/themes/new", **theme)
    assert (refused.status_code, "In drie ploegen." in refused.text) == (422, True)
    assert _send(listener, f"{root}/themes/new", **theme, is_collective="y").status_code == 303
    employer = website.browser(Role.EMPLOYER)
    (told_id,) = set(re.findall(r"/themes/([0-9a-f-]{36})/reply", employer.get(root).text))
    reply = {"answer": "Kwartier overlap.", "answered_on": "2026-03-02"}
    assert _send(employer, f"{root}/themes/{told_id}/reply", **reply).status_code == 303
    assert "Kwartier overlap." in listener.get(f"{root}?lang=nl").text
    (listed,) = re.findall(r"/contacts/([0-9a-f-]{36})/end", counsellor.get(root).text)
    assert (
        _send(counsellor, f"{root}/contacts/{listed}/end", until_on="2026-03-01").status_code == 303
    )
    assert listener.get(f"{root}/signals/new").status_code == 303  # to the list
