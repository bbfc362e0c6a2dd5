"""Templates to text: the only place that knows jinja2.

Every filter that depends on the language takes the context, because Jinja computes filters on
literals once, when it compiles the template, and would freeze the first reader's language.
"""

import json
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from baken.web import numerals
from baken.web.languages import name_of
from baken.web.texts import NAMES, catalogue, inside

FOLDER: Final = Path(__file__).parent / "templates"


def render(template: str, static_root: str, /, **context: Any) -> str:
    """Fill a template; `context` holds at least `language`."""
    text: str = environment(static_root).get_template(template).render(**context)
    return text


@cache
def environment(static_root: str) -> Environment:
    """One environment per address of the static files."""
    made = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {
        "t": _say,
        "has_text": _has_text,
        "static": lambda path: f"{static_root}/{path}",
        "language_names": NAMES,
        "language_name": name_of,
    }
    made.filters |= {
        "date": _date,
        "short_date": _short_date,
        "moment": _moment,
        "number": _number,
        "percent": _percent,
        "change": numerals.change,
        "said": _said,
        "inside": _inside,
        "figure": figure,
        "breakable": breakable,
    }
    return made


def breakable(address: str) -> Markup:
    """An address of mail or web that may go on below after its signs, not inside a word."""
    text = str(escape(address))
    for sign in ("@", ".", "/"):
        text = text.replace(sign, f"{sign}<wbr>")
    return Markup(text)  # noqa: S704 - escaped above, the rest is ours


def figure(value: Any) -> Markup:
    """JSON for a `<script type="application/json">`; nothing in it can close the element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for sign, escaped in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(sign, escaped)
    return Markup(text)  # noqa: S704 - the three signs that mean something in HTML are escaped above


@pass_context
def _say(context: Context, key: str, /, **values: Any) -> str:
    return catalogue(context["language"])(_own(context, key), **values)


def _own(context: Context, key: str) -> str:
    """The key of the words that the organisation of this page uses."""
    place = getattr(context.get("frame"), "place", None)
    return catalogue(context["language"]).own(key, place.country) if place else key


@pass_context
def _has_text(context: Context, key: str) -> bool:
    return catalogue(context["language"]).has(key)


@pass_context
def _said(context: Context, sentence: str) -> str:
    """Translate what may be a key of the catalogue (form errors are, WTForms' own are not)."""
    texts = catalogue(context["language"])
    return texts(_own(context, sentence)) if texts.has(sentence) else sentence


@pass_context
def _inside(context: Context, name: str) -> str:
    """A text that goes on a sentence."""
    return inside(name, context["language"])


@pass_context
def _date(context: Context, value: date) -> str:
    return numerals.day(value, context["language"])


@pass_context
def _short_date(context: Context, value: date) -> str:
    return numerals.short_day(value, context["language"])


@pass_context
def _moment(context: Context, value: datetime) -> str:
    return numerals.moment(value, context["language"])


@pass_context
def _number(context: Context, value: float, decimals: int | None = None) -> str:
    return numerals.number(value, context["language"], decimals)


@pass_context
def _percent(context: Context, value: float, decimals: int = 0) -> str:
    return numerals.percent(value, context["language"], decimals)
