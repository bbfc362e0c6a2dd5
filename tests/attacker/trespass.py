"""Somebody with a good account in one organisation who tries every door of another.

The doors are found in the application itself, so a new page is tried without anybody thinking of
it: every route and method, every identifier in its path, every field of every form and every
address of a page that holds an identifier. Each is asked twice, once with an identifier of the
other organisation and once with one that nobody has; the two answers must be the same.
"""

import random
import re
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import UUID

from baken.organisation.accounts.sessions import start_full
from baken.organisation.permissions import Role
from baken.web.pages.access import SESSION_COOKIE
from baken.web.routes import list_rules
from tests.attacker.forms import Form, filled
from tests.attacker.tenants import Tenant, Town
from tests.web.conftest import Browser, Website
from tests.web.hardening.walking_routes import IDENTIFIER, read_page

# What a name in a path or a form means, where it is not the name of a table.
WANTED = {
    "analysis_id": "risk_analysis",
    "change_id": "unit_change",
    "export_id": "organisation_export",
    "grant_id": "role",
    "parent": "unit",
    "plan_id": "global_plan",
    "responsible_id": "person",
    "decider_id": "person",
}


@dataclass
class Found:
    """What was seen."""

    n_requests: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    leaks: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    accepted: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    n_forms: int = 0
    n_forms_done: int = 0

    def __str__(self) -> str:
        kinds = ", ".join(f"{n} {kind}" for kind, n in sorted(self.n_requests.items()))
        answers = ", ".join(f"{n} x {status}" for status, n in sorted(self.statuses.items()))
        return (
            f"{sum(self.n_requests.values())} requests ({kinds}); answers: {answers}; "
            f"{self.n_forms_done} of {self.n_forms} forms accepted with own identifiers"
        )


# Whoever looks after the installation knows which organisations there are, and nothing in them.
FOR_INSTALLERS = "/installation"


class Trespasser:
    """One person of the own organisation, with a browser."""

    def __init__(self, site: Website, town: Town, role: Role | None, found: Found) -> None:
        self.site, self.own, self.other, self.role = site, town.own, town.other, role
        self.found = found
        self.browser = Browser(site.client)
        self.secrets = [town.other.canary.encode()]
        self.foreign = {one.hex.encode() for one in town.other.all_identifiers}
        self.forms: dict[tuple[str, tuple[str, ...]], tuple[str, Form]] = {}
        self.addresses: set[str] = set()
        if role:
            with site.database.session(None) as session:
                token = start_full(session, town.own.accounts[role], now=site.clock.now)
            self.browser.client.cookies.set(SESSION_COOKIE, token)
            self.ask("start", "GET", "/organisations")

    def ask(
        self, kind: str, method: str, path: str, fields: Any = None, *, own: bytes = b""
    ) -> Any:
        """Send one request and look for the other organisation in every byte of the answer."""
        if method == "GET":
            answer = self.browser.get(path)
        else:
            sent = [("csrf", self.browser.token), *(fields or ())]
            answer = self.browser.client.request(
                method,
                path,
                content=urlencode(sent),
                headers={
                    "content-type": "application/x-www-form-urlencoded",
                    "origin": "http://127.0.0.1:8000",
                },
                follow_redirects=False,
            )
        self.found.n_requests[kind] += 1
        self.found.statuses[answer.status_code] += 1
        if answer.status_code >= 500:
            self.found.broken.append(f"{self.role} {method} {path}: {answer.status_code}")
        self._look(f"{self.role} {method} {path}", path, fields, answer)
        return answer

    def crawl(self, doors: list[tuple[str, str]], at_most: int) -> None:
        """Read the pages of one's own organisation, and note their forms and addresses."""
        lists = [path.replace("{organisation_id:uuid}", str(self.own.id)) for _, path in doors]
        waiting = [path for path in lists if "{" not in path and path.startswith("/o/")]
        seen = {_shape(path) for path in waiting}
        for _ in range(at_most):
            if not waiting:
                break
            path = waiting.pop(0)
            answer = self.ask("own pages", "GET", path)
            if "text/html" not in answer.headers.get("content-type", ""):
                continue
            page = read_page(path, answer.text)
            for form in map(filled, page.forms):
                known = (
                    re.sub(IDENTIFIER.pattern, "ID", form.action),
                    tuple(sorted(form.choices)),
                )
                self.forms.setdefault(known, (path, form))
            for link in page.links:
                where = urlsplit(link)
                if where.netloc or not where.path.startswith("/") or "lang=" in where.query:
                    continue
                if where.path.startswith(FOR_INSTALLERS):
                    continue
                shape = _shape(link)
                if IDENTIFIER.search(where.query):
                    self.addresses.add(link)
                if shape not in seen:
                    seen.add(shape)
                    waiting.append(link.partition("#")[0])

    def compare(self, kind: str, method: str, where: str, fields: Any, foreign: UUID) -> None:
        """Ask with the foreign identifier (written FOREIGN) and with one that nobody has."""
        answers = []
        for one in (foreign, uuid.uuid4()):
            put = [(name, value.replace("FOREIGN", str(one))) for name, value in fields or ()]
            path = where.replace("FOREIGN", str(one))
            answer = self.ask(kind, method, path, put)
            body = answer.content.replace(str(one).encode(), b"ID").replace(one.hex.encode(), b"ID")
            headers = {
                name: value.replace(str(one), "ID")
                for name, value in answer.headers.items()
                if name not in {"date", "x-request-id", "set-cookie"}
            }
            answers.append((answer.status_code, headers, _without_chance(body)))
        named = [name for name, value in fields or () if "FOREIGN" in value]
        told = f"{self.role} {method} {where} {named}"
        if answers[0] != answers[1]:
            self.found.differences.append(f"{told}: {_difference(*answers)}")
        if method != "GET" and answers[0][0] < 400 and "/login" not in str(answers[0][1]):
            self.found.accepted.append(f"{told}: {answers[0][0]}")

    def confirm(self) -> None:
        """Send every form with one's own identifiers: what was refused above would have worked."""
        for page, form in self.forms.values():
            if form.choices and form.method == "post":
                self.ask("own pages", "GET", page)
                answer = self.ask("own forms", "POST", form.action or page, form.fields)
                self.found.n_forms += 1
                self.found.n_forms_done += answer.status_code in {200, 303}

    def _look(self, told: str, path: str, fields: Any, answer: Any) -> None:
        given = path + urlencode(list(fields or ()))
        content = answer.content + repr(dict(answer.headers)).encode()
        for secret in self.secrets:
            if secret in content.lower():
                place = content.lower().index(secret)
                self.found.leaks.append(f"{told}: {content[max(0, place - 80) : place + 40]!r}")
        for one in re.findall(IDENTIFIER.pattern.encode(), content):
            plain = one.replace(b"-", b"")
            if plain in self.foreign and plain.decode() not in given.replace("-", ""):
                self.found.leaks.append(f"{told}: identifier {one!r}")


def list_doors(app: Any) -> list[tuple[str, str]]:
    """Every method and path of the application, with the names of its parameters."""
    rules = list_rules(app.routes)
    return sorted(
        {(rule.method, rule.path) for rule in rules if not rule.path.startswith(FOR_INSTALLERS)}
    )


def break_in(
    trespasser: Trespasser, doors: list[tuple[str, str]], dice: random.Random, *, each: int
) -> Iterator[tuple[str, str, UUID]]:
    """Give the requests at every door that takes an identifier: method, address, identifier."""
    own, other = trespasser.own, trespasser.other
    for method, path in doors:
        names = re.findall(r"\{(\w+):(\w+)\}", path)
        taken = [name for name, kind in names if kind == "uuid"]
        for name in taken:
            for foreign in _candidates(other, name, dice, each):
                address = path
                for each_name, kind in names:
                    value = _value(own, other, each_name, kind, is_foreign=each_name == name)
                    address = address.replace(f"{{{each_name}:{kind}}}", value)
                if str(foreign) not in address:
                    yield method, address, foreign


def knock(trespasser: Trespasser, dice: random.Random, *, each: int) -> Iterator[Any]:
    """Give the forms of one's own pages with one identifier replaced: method, address, fields."""
    for page, form in trespasser.forms.values():
        for name in sorted(form.choices):
            candidates = _candidates(trespasser.other, name, dice, each)
            for foreign in candidates:
                fields = [(key, "FOREIGN" if key == name else value) for key, value in form.fields]
                yield page, form, fields, foreign
    for address in sorted(trespasser.addresses):
        where = urlsplit(address)
        asked = parse_qsl(where.query)
        for name, value in asked:
            if IDENTIFIER.fullmatch(value):
                query = urlencode([(k, "FOREIGN" if k == name else v) for k, v in asked])
                for foreign in _candidates(trespasser.other, name, dice, each):
                    yield "", Form(f"{where.path}?{query}", "get", (), frozenset()), None, foreign


def _candidates(other: Tenant, name: str, dice: random.Random, each: int) -> list[UUID]:
    """Identifiers of the kind that the name asks for, then any others."""
    if name == "organisation_id":
        return [other.id]
    table = WANTED.get(name, name.removesuffix("_id"))
    near = list(other.identifiers.get(table, ()))
    rest = [one for kind, found in other.identifiers.items() if kind != table for one in found[:2]]
    dice.shuffle(rest)
    return (near[:1] + near[-1:] + rest)[:each] if near else rest[:each]


def _value(own: Tenant, other: Tenant, name: str, kind: str, *, is_foreign: bool) -> str:
    if kind == "uuid":
        if is_foreign:
            return "FOREIGN"
        if name == "organisation_id":
            return str(own.id)
        near = other.identifiers.get(WANTED.get(name, name.removesuffix("_id")), ())
        return str((near or other.identifiers["unit"])[-1])
    return "1" if kind in {"int", "float"} else "x"


def _shape(address: str) -> str:
    """The address of a page of this kind: one of each is read."""
    return re.sub(IDENTIFIER.pattern, "ID", address)


def _without_chance(body: bytes) -> bytes:
    """Leave out what differs from request to request anyway."""
    return re.sub(rb'name="csrf" value="[^"]+"|: [0-9a-f]{8}[.<]', b"", body)


def _difference(one: Any, two: Any) -> str:
    if one[0] != two[0]:
        return f"{one[0]} for a foreign identifier, {two[0]} for an unknown one"
    if one[1] != two[1]:
        return f"headers {sorted(set(one[1].items()) ^ set(two[1].items()))}"
    place = next(
        (n for n, (a, b) in enumerate(zip(one[2], two[2], strict=False)) if a != b),
        min(len(one[2]), len(two[2])),
    )
    near = slice(max(0, place - 40), place + 60)
    return f"bodies at {place}: {one[2][near]!r} / {two[2][near]!r}"
