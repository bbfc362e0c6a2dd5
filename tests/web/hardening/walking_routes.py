"""Finds every route of the house by itself, and an address for each in a filled organisation.

A new route needs no line here: it is in `list_routes(app)` as soon as its controller is in the
application. What stands for its parameters is found by walking the pages as a reader does,
following links and looking at forms; where no page leads, by the tables of the organisation.
"""

import hashlib
import marshal
import re
import sqlite3
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import UUID, uuid4

from litestar import Litestar
from sqlalchemy import select

from baken.storage.base import Base, OrganisationOwned
from baken.storage.session import Database

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
IDENTIFIER = re.compile(r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")
PARAMETER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, eq=False)
class Route:
    """One method on one path of the application."""

    method: str
    path: str
    """With its parameters in braces: ``/o/{organisation_id}/units``."""
    opt: Mapping[str, Any]
    parameters: Mapping[str, type]

    @property
    def is_public(self) -> bool:
        return bool(self.opt.get("public"))

    @property
    def is_static(self) -> bool:
        return bool(self.opt.get("static"))

    @property
    def is_of_organisation(self) -> bool:
        return "action" in self.opt

    @property
    def is_of_respondents(self) -> bool:
        return self.path.startswith("/s/")

    @property
    def changes(self) -> bool:
        return self.method in CHANGING

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        parts = re.split(r"(\{\w+\})", self.path)
        filled = ["[^/]+" if PARAMETER.fullmatch(part) else re.escape(part) for part in parts]
        return re.compile("".join(filled) + "/?")

    def __str__(self) -> str:
        return f"{self.method} {self.path}"


def list_routes(app: Litestar) -> tuple[Route, ...]:
    """Every route with every method that runs code of ours."""
    found = []
    for route in app.routes:
        parameters = {name: one.type for name, one in route.path_parameters.items()}
        for handler in getattr(route, "route_handlers", ()):
            for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                path = route.path_format
                found.append(Route(method, path, dict(handler.opt), parameters))
    return tuple(sorted(found, key=lambda one: (one.path, one.method)))


@dataclass(frozen=True)
class FormOnPage:
    """A form as a page offers it: where it goes and what it holds."""

    page: str
    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    typed: frozenset[str]
    """Fields in which somebody can write what they like."""
    files: frozenset[str]
    dates: frozenset[str]
    identifiers: frozenset[str]
    """Fields that hold, or offer, the identifier of something."""


class PageReader(HTMLParser):
    """Collects the links and forms of a page."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self.address = address
        self.links: list[str] = []
        self.forms: list[FormOnPage] = []
        self._form: dict[str, Any] | None = None
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(urljoin(self.address, given["href"]))
        elif tag == "form":
            action = urljoin(self.address, given.get("action", ""))
            method = given.get("method", "get").upper()
            self._form = {"action": action, "method": method, "fields": [], "typed": set()}
            self._form |= {"files": set(), "dates": set(), "identifiers": set(), "others": set()}
        elif self._form is not None:
            self._control(tag, given)

    def _control(self, tag: str, given: dict[str, str]) -> None:
        assert self._form is not None
        name, kind = given.get("name", ""), given.get("type", "text")
        if IDENTIFIER.fullmatch(given.get("value", "")) or name.endswith("_id"):
            self._form["identifiers"].add(name or self._select)
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            fields = self._form["fields"]
            if "selected" in given or self._select not in dict(fields):
                self._form["fields"] = [(n, v) for n, v in fields if n != self._select]
                self._form["fields"].append((self._select, given.get("value", "")))
        elif tag == "textarea":
            self._area = name
            self._form["typed"].add(name)
            self._form["fields"].append((name, ""))
        elif tag == "input" and name:
            self._input(name, kind, given)
        elif tag == "button" and "formaction" in given:
            self._form["others"].add(urljoin(self.address, given["formaction"]))

    def _input(self, name: str, kind: str, given: dict[str, str]) -> None:
        assert self._form is not None
        if kind == "file":
            self._form["files"].add(name)
        elif kind not in {"checkbox", "radio", "submit"} or "checked" in given:
            self._form["fields"].append((name, given.get("value", "")))
            if kind == "date":
                self._form["dates"].add(name)
            if kind in {"text", "search", "email", "tel", "url", "password"}:
                self._form["typed"].add(name)

    def handle_data(self, data: str) -> None:
        if self._area and self._form is not None:
            fields = self._form["fields"]
            self._form["fields"] = [
                (name, value + data if name == self._area else value) for name, value in fields
            ]

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._form is not None:
            made = self._form
            self.forms.extend(
                FormOnPage(
                    self.address,
                    action,
                    made["method"],
                    tuple(made["fields"]),
                    frozenset(made["typed"]),
                    frozenset(made["files"]),
                    frozenset(made["dates"]),
                    frozenset(made["identifiers"]),
                )
                for action in (made["action"], *sorted(made["others"]))
            )
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""


def read_page(address: str, text: str) -> PageReader:
    """The links and forms of a page."""
    reader = PageReader(address)
    reader.feed(text)
    return reader


@dataclass
class Map:
    """Where the pages of an application lead: addresses and forms for its routes."""

    routes: tuple[Route, ...]
    values: Mapping[str, str]
    addresses: dict[str, list[str]] = field(default_factory=dict)
    forms: dict[str, list[FormOnPage]] = field(default_factory=dict)
    pages: dict[str, str] = field(default_factory=dict)
    downloads: dict[str, str] = field(default_factory=dict)
    """Address of every file that a link leads to, and its type."""
    _found: dict[tuple[str, str], Route | None] = field(default_factory=dict)

    def find(self, address: str, method: str = "GET") -> Route | None:
        """The route that answers an address; fixed parts win from parameters."""
        path = urlsplit(address).path
        if (method, path) not in self._found:  # pages lead to the same places again and again
            fitting = [
                route
                for route in self.routes
                if route.method == method and route.pattern.fullmatch(path)
            ]
            fewest = min(fitting, key=lambda one: len(one.parameters), default=None)
            self._found[method, path] = fewest
        return self._found[method, path]

    def address_of(self, route: Route) -> str:
        """An address that leads to something where one is known, otherwise a filled-in path."""
        known = self.addresses.get(str(route))
        return known[0] if known else fill(route, self.values)

    def is_reached(self, route: Route) -> bool:
        """Whether a page leads there."""
        return bool(self.addresses.get(str(route)))


def fill(route: Route, values: Mapping[str, str]) -> str:
    """The path with a value for every parameter: a known one, or one that nothing has."""

    def value(match: re.Match[str]) -> str:
        name = match[1]
        if name in values:
            return values[name]
        made = {UUID: str(uuid4()), date: "2026-03-02", int: "1"}
        return made.get(route.parameters.get(name, str), "x")

    return PARAMETER.sub(value, route.path)


def values_of(database: Database, organisation_id: UUID) -> dict[str, str]:
    """A value for parameters such as ``plan_id``, from the first row of the table of that name."""
    found = {"organisation_id": str(organisation_id)}
    with database.read(organisation_id) as session:
        for mapper in Base.registry.mappers:
            model = mapper.class_
            if issubclass(model, OrganisationOwned) and hasattr(model, "id"):
                row = session.scalars(select(model).limit(1)).first()
                if row is not None:
                    found[f"{model.__tablename__}_id"] = str(row.id)
                    found.setdefault(f"{model.__tablename__.rpartition('_')[2]}_id", str(row.id))
    return found


def walk(
    browser: Any,
    routes: tuple[Route, ...],
    values: Mapping[str, str],
    starts: list[str],
    *,
    per: int = 1,
) -> Map:
    """Follow every link from `starts` and note where each route was met.

    Parameters
    ----------
    browser : Browser
        Whose pages they are: one that holds every role sees most.
    per : int
        How many addresses of one route are opened.
    """
    made = Map(routes, values)
    waiting = deque(starts)
    met: dict[str, int] = {}
    seen = set()
    while waiting:
        address = urlsplit(waiting.popleft())._replace(fragment="", scheme="", netloc="").geturl()
        route = made.find(address)
        if address in seen or route is None or route.is_static:
            continue
        seen.add(address)
        met[str(route)] = met.get(str(route), 0) + 1
        if met[str(route)] > per:
            continue
        answer = browser.get(address)
        if answer.status_code in {302, 303}:
            waiting.append(answer.headers["location"])
        if "attachment" in answer.headers.get("content-disposition", ""):
            made.downloads[address] = answer.headers["content-type"]
        if answer.status_code == 200:
            made.addresses.setdefault(str(route), []).append(address)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        made.pages[address] = answer.text
        page = read_page(address, answer.text)
        waiting.extend(page.links)
        for form in page.forms:
            aim = made.find(form.action, form.method)
            if aim is not None:
                made.forms.setdefault(str(aim), []).append(form)
                made.addresses.setdefault(str(aim), []).append(form.action)
    return made


def checksum(folder: Path) -> dict[str, str]:
    """A digest of every table of every SQLite file under a folder.

    Left out is one column: when a browser was last seen, which every visit may move.
    """
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix in {".sqlite", ".db"} and path.is_file():
            for table, digest in _digests(path):
                found[f"{path.name}:{table}"] = digest
    return found


def _digests(path: Path) -> Iterator[tuple[str, str]]:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in named:
            columns = [row[1] for row in connection.execute(f'PRAGMA table_info("{table}")')]
            kept = ", ".join(f'"{column}"' for column in columns if column != "seen_at")
            # Version 2 writes equal values as equal bytes, and megabytes faster than `repr`.
            rows = sorted(
                marshal.dumps(row, 2) for row in connection.execute(f'SELECT {kept} FROM "{table}"')
            )
            yield table, hashlib.sha256(b"".join(rows)).hexdigest()
    finally:
        connection.close()
