"""`baken instruments print`: a questionnaire as a form on paper, to look at before it is asked."""

from pathlib import Path
from typing import Annotated

import typer

from baken.instruments.library import load_instrument
from baken.survey.paper.composing.setting import set_form
from baken.survey.paper.marks import unit_sign
from baken.web.documents.forms.copies import Order, Printing, print_copies, sheets_of
from baken.web.documents.forms.drawing import Group
from baken.web.documents.forms.letters import measure
from baken.web.documents.forms.words import About, words_of
from baken.web.help_lines import read_help_lines
from baken.web.languages import screen_of
from baken.web.texts import catalogue

from .errors import CannotPrintHere


def print_command(
    instrument: Annotated[
        str, typer.Argument(metavar="KEY_OR_FOLDER", help="A shipped questionnaire, or a folder.")
    ],
    *,
    out: Annotated[Path, typer.Option(dir_okay=False, metavar="FILE", help="PDF to write.")],
    language: Annotated[str, typer.Option(help="Language of the form.")] = "nl",
    version: Annotated[str | None, typer.Option(help="Of a shipped one; else the newest.")] = None,
    large: Annotated[bool, typer.Option("--large", help="In large print.")] = False,
    booklet: Annotated[bool, typer.Option("--booklet", help="Two pages on A3, to fold.")] = False,
) -> None:
    """Write the form on paper of a questionnaire as a proof, which nobody can send in.

    Forms to fill in are printed on the pages of a survey that has started.
    """
    found = load_instrument(instrument, version)
    if found.kind != "questionnaire" or not found.is_usable:
        raise CannotPrintHere(found.key)
    if language not in found.languages:
        raise typer.BadParameter(
            f"{found.key} {found.version} has no {language}. Choose from "
            f"{', '.join(found.languages)}.",
            param_hint="--language",
        )
    about = About(found.texts[language].title, help_lines=read_help_lines())
    form = set_form(found, language, words_of(about, language), measure, large=large)
    order = Order.BOOKLET if booklet else Order.BOTH_SIDES
    across = catalogue(screen_of(language))("paper_forms.proof")
    content = print_copies(Printing(form, Group(unit_sign(0), ""), 1, order, across))
    beside = out.with_name(f".{out.name}.new")
    beside.write_bytes(content)
    beside.replace(out)
    n_pages = len(form.layout.pages)
    print(f"{out}: {n_pages} pages, {sheets_of(n_pages, order)} sheets of paper")
