"""The forms of a page as somebody fills them in who wants them accepted."""

from dataclasses import dataclass

from tests.web.hardening.walking_routes import FormOnPage


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page of one's own."""

    action: str
    method: str
    fields: tuple[tuple[str, str], ...]
    choices: frozenset[str]  # fields whose value is an identifier


def filled(form: FormOnPage) -> Form:
    """The form with something in every field that one types in, and without its token."""
    fields = tuple(
        (name, value or _typed(form, name)) for name, value in form.fields if name != "csrf"
    )
    names = {name for name, _ in fields}
    return Form(form.action, form.method.lower(), fields, form.identifiers & names)


def _typed(form: FormOnPage, name: str) -> str:
    if name in form.dates:
        return "2026-12-01"
    return "Tekst" if name in form.typed else ""
