"""The links and forms of a page, as a browser would send them."""

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from typing import Any

UUIDS = re.compile(rb"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}")


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page of one's own."""

    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    choices: frozenset[str]  # fields whose value is an identifier


class PageForms(HTMLParser):
    """Reads the links and forms of a page."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.links: list[str] = []
        self.forms: list[Form] = []
        self._form: dict[str, Any] | None = None
        self._select = ""
        self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and "href" in given:
            self.links.append(unescape(given["href"]))
        if tag == "form":
            self._form = {
                "action": given.get("action", ""),
                "method": given.get("method", "get").lower(),
                "fields": [],
                "choices": set(),
            }
        if self._form is None:
            return
        if tag == "input":
            self._input(given)
        if tag == "select":
            self._select = given.get("name", "")
        if tag == "option" and self._select:
            self._put(self._select, given.get("value", ""), is_chosen="selected" in given)
        if tag == "textarea":
            self._area = given.get("name", "")
            self._form["fields"].append((self._area, "Tekst."))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        if tag == "form" and self._form is not None:
            made = self._form
            self.forms.append(
                Form(
                    made["action"],
                    made["method"],
                    tuple(made["fields"]),
                    frozenset(made["choices"]),
                )
            )
            self._form = None

    def _input(self, given: dict[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if not name or name == "csrf" or kind in {"submit", "button", "file"}:
            return
        is_on = kind not in {"checkbox", "radio"} or "checked" in given
        value = given.get("value", "")
        if not value and kind == "date":
            value = "2026-12-01"
        self._put(name, value or ("Tekst" if kind == "text" else ""), is_chosen=is_on)

    def _put(self, name: str, value: str, *, is_chosen: bool) -> None:
        assert self._form is not None
        if UUIDS.fullmatch(value.encode()) or name.endswith("_id"):
            self._form["choices"].add(name)
        fields = self._form["fields"]
        known = [key for key, _ in fields]
        if is_chosen and name in known and self._select:
            fields[known.index(name)] = (name, value)
        elif is_chosen or (self._select and name not in known):
            fields.append((name, value))
