"""One reader of bodies, one kind of form."""

import contextlib
import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wtforms import BooleanField, IntegerField, StringField
from wtforms import Form as AnyForm
from wtforms.validators import InputRequired, NumberRange

from baken.storage.errors import BakenError
from baken.web import pages
from baken.web.body import Form, UnreadableForm, Upload, read
from baken.web.forms import BackOfficeForm, Problem
from baken.web.texts import catalogue

URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=grens"


class PeopleForm(BackOfficeForm):
    name = StringField("account.mail", [InputRequired()])
    people = IntegerField("account.mail", [InputRequired(), NumberRange(min=0)])


class CrowdForm(BackOfficeForm):
    people = IntegerField("account.mail", [NumberRange(0, 10_000_000)])


@pytest.mark.parametrize("language", ["nl", "fr", "en", "de"])
def test_a_limit_is_written_as_every_number(language: str) -> None:
    form = CrowdForm.read(read(b"people=99999999", URLENCODED), language)
    assert not form.validate()
    [problem] = form.problems
    assert "10\u202f000\u202f000" in problem.sentence


def test_fields_keep_their_order_blanks_and_repetitions() -> None:
    form = read(b"b=1&a=&b=2&caf%C3%A9=ja+nee", URLENCODED)
    assert list(form) == ["b", "a", "café"]
    assert form.getlist("b") == ["1", "2"]
    assert form.get("a") == ""
    assert form.get("café") == "ja nee"
    assert form.get("none", "default") == "default"


@given(st.lists(st.tuples(st.text(min_size=1), st.text()), max_size=20))
def test_what_a_browser_sends_comes_back(pairs: list[tuple[str, str]]) -> None:
    encodable = [(n, v) for n, v in pairs if (n + v).isprintable()]
    form = read(urlencode(encodable).encode(), URLENCODED)
    assert [(n, v) for n in form for v in form.getlist(n)] == sorted(
        encodable, key=lambda pair: [n for n, _ in encodable].index(pair[0])
    )


@given(st.binary(max_size=200), st.sampled_from([URLENCODED, MULTIPART, "text/plain", ""]))
def test_any_bytes_give_a_form_or_a_clear_refusal(body: bytes, kind: str) -> None:
    with contextlib.suppress(UnreadableForm):
        assert isinstance(read(body, kind), Form)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"a=%ff%fe", URLENCODED),
        ("a=é".encode(), URLENCODED),
        (b"&".join(b"a%d=1" % n for n in range(2_001)), URLENCODED),
        (b"{}", "application/json"),
        (b"--grens\r\nbroken", MULTIPART),
        (b"x", "multipart/form-data"),
    ],
)
def test_what_is_no_form_is_refused(body: bytes, kind: str) -> None:
    with pytest.raises(UnreadableForm):
        read(body, kind)


def test_a_file_comes_with_its_name_and_bytes() -> None:
    body = (
        b'--grens\r\nContent-Disposition: form-data; name="csrf"\r\n\r\ntoken\r\n'
        b'--grens\r\nContent-Disposition: form-data; name="file"; filename="units.csv"\r\n'
        b"Content-Type: text/csv\r\n\r\nunit;people\r\n\xff\r\n--grens--\r\n"
    )
    form = read(body, MULTIPART)
    assert form.get("csrf") == "token"
    assert form.upload("file") == Upload("units.csv", b"unit;people\r\n\xff")
    assert form.upload("none") is None


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("nl", "E-mailadres: dit veld is vereist."),
        ("fr", "Adresse e-mail\u00a0: ce champ est requis."),
        ("en", "Mail address: this field is required."),
        ("de", "E-Mail-Adresse: Dieses Feld wird benötigt."),
    ],
)
def test_problems_are_said_in_the_language_of_the_reader(language: str, sentence: str) -> None:
    form = PeopleForm.read(read(b"name=&people=3", URLENCODED), language)
    assert not form.validate()
    assert form.problems == (Problem("name", sentence),)
    assert form.people.data == 3


def test_all_problems_come_at_once_and_what_was_typed_stays() -> None:
    form = PeopleForm.read(read(b"name=&people=-4", URLENCODED), "nl")
    assert not form.validate()
    assert [problem.field for problem in form.problems] == ["name", "people"]
    assert form.problems[1].sentence == "E-mailadres: het getal moet minstens 0 zijn."
    assert 'value="-4"' in str(form.people())


def test_an_empty_body_is_a_form_with_everything_missing() -> None:
    form = PeopleForm.read(read(b"", URLENCODED), "nl")
    assert not form.validate()
    assert [problem.field for problem in form.problems] == ["name", "people"]


def test_a_refusal_of_the_domain_stands_above_the_form() -> None:
    form = PeopleForm.blank("nl", {"name": "Keuken"})
    form.refuse(BakenError("organisation.name_missing", "Give a name."))
    form.refuse(BakenError("test.unknown", "Only in English {n}.", n=4))
    assert form.problems == (Problem("", "Vul een naam in."), Problem("", "Only in English 4."))
    assert form.name.data == "Keuken"


def hinted_fields() -> Iterator[tuple[str, Any, str]]:
    """Every field of every form that has a hint: where it stands, the field, the hint."""
    for module in pkgutil.walk_packages(pages.__path__, f"{pages.__name__}."):
        for form in vars(import_module(module.name)).values():
            if isinstance(form, type) and issubclass(form, AnyForm):
                for name, field in vars(form).items():
                    if hint := getattr(field, "kwargs", {}).get("description", ""):
                        yield f"{form.__name__}.{name}", field, hint


def test_no_field_is_called_optional_above_a_hint_that_says_when_it_is_needed() -> None:
    says = catalogue("nl").sentences
    needed = re.compile(r"^(Alleen n|N)odig\b|^Verplicht\b|\b(dit|maar) nodig\b|^Alleen als u hier")
    told = {
        place: field
        for place, field, hint in hinted_fields()
        if needed.search(says.get(hint, "")) and field.field_class is not BooleanField
    }
    assert {"DecisionForm.reason", "EvidenceForm.seen_text"} <= told.keys()
    for place, field in told.items():
        checks = field.kwargs.get("validators") or (*field.args, (), ())[1]
        flags = {flag for check in checks for flag in getattr(check, "field_flags", {})}
        assert flags & {"required", "hint_says", "before_start"}, place
