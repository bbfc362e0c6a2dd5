"""`baken instruments`: what can be asked, and questionnaires from and to other programs."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from baken.instruments.definition import Instrument
from baken.instruments.errors import InvalidInstrument, Problem
from baken.instruments.exchange.imported import Imported
from baken.instruments.library import list_instruments, load_instrument
from baken.instruments.reading import DEFINITION, read_content
from baken.instruments.toml_text import as_toml
from baken.instruments.writing import complete
from baken.survey.library.files import FORMS, open_questionnaire

from .errors import FolderInUse, NothingTaken
from .print_form import print_command
from .scale_places import placed

instruments = typer.Typer(
    add_completion=False, help="Questionnaires: list, check, print, import and export."
)

Json = Annotated[bool, typer.Option("--json", help="For scripts.")]

instruments.command("print")(print_command)


@instruments.command("list")
def list_command(as_json: Json = False) -> None:
    """List the questionnaires that come with Baken, and whether they can be asked."""
    rows: list[dict[str, Any]] = []
    for shipped in list_instruments():
        found = load_instrument(shipped.key, shipped.version)
        rows.append(
            {
                "key": found.key,
                "version": found.version,
                "kind": found.kind,
                "usable": found.is_usable,
                "items": len(found.items),
                "scales": len(found.scales),
                "languages": list(found.languages),
                "fingerprint": found.fingerprint,
            }
        )
    if as_json:
        print(json.dumps(rows, indent=1))
        return
    for row in rows:
        spoken = ", ".join(row["languages"]) if row["usable"] else "structure only, without texts"
        print(
            f"{row['key']} {row['version']}: {row['items']} items, {row['scales']} scales, {spoken}"
        )


@instruments.command("check")
def check_command(
    folder: Annotated[
        str, typer.Argument(help="Folder with definition.toml and texts, or a shipped key.")
    ],
    as_json: Json = False,
) -> None:
    """Check a questionnaire as a whole; every problem is named with file, key and remedy.

    Ends with 1 when it cannot be asked: something is wrong, or it is a structure without texts.
    """
    try:
        found = load_instrument(folder)
        problems = () if found.is_usable else _missing(found)
    except InvalidInstrument as error:
        if not as_json:
            raise
        _print_check(None, error.problems)
        raise typer.Exit(1) from error
    if as_json:
        _print_check(found, problems)
    elif found.is_usable:
        print(
            f"{found.key} {found.version} is in order: {len(found.items)} items, "
            f"{len(found.scales)} scales, fingerprint {found.fingerprint[:12]}"
        )
    else:
        print(
            f"{found.key} {found.version} holds only the structure: {len(found.items)} items, "
            f"{len(found.scales)} scales. To ask it, copy the folder, add what is missing below "
            f"with texts you have a licence for, and take structure_only away. "
            f"Missing: {len(problems)}."
        )
        for problem in problems:
            print(f"- {problem}")
    if not found.is_usable:
        raise typer.Exit(1)


@instruments.command("import")
def import_command(
    file: Annotated[
        Path,
        typer.Argument(exists=True, dir_okay=False, help="XLSForm (.xlsx), LimeSurvey .lss, JSON."),
    ],
    *,
    out: Annotated[
        Path, typer.Option(file_okay=False, metavar="FOLDER", help="A new folder to write.")
    ],
    language: Annotated[
        str, typer.Option(help="Language of texts of which the file does not say it.")
    ] = "nl",
    scale: Annotated[
        list[str] | None,
        typer.Option(
            metavar="SCALE=DIMENSION:DIRECTION",
            help="Where a scale belongs, such as pace=A2:risk; once for each scale.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Take over a questionnaire of another program into a folder, and list what was refused."""
    if out.exists() and any(out.iterdir()):
        raise FolderInUse(out)
    taken = placed(open_questionnaire(file.read_bytes(), language), scale or [])
    if not taken.n_items and not taken.definition.get("structure_only"):
        raise NothingTaken(file, taken.refused)
    left = _left(file.name, taken)
    _write_folder(out, taken)
    if as_json:
        print(json.dumps(_report(out, taken, left), ensure_ascii=False, indent=1))
        return
    print(f"{out}: {taken.n_items} questions taken, {len(taken.refused)} points refused.")
    for refusal in taken.refused:
        print(f"- {refusal}")
    if left:
        print(
            f"Left to do before it can be asked: {len(left)}. Then: baken instruments check {out}"
        )
        for problem in left:
            print(f"- {problem}")


@instruments.command("export")
def export_command(
    instrument: Annotated[
        str, typer.Argument(metavar="KEY_OR_FOLDER", help="A shipped questionnaire, or a folder.")
    ],
    *,
    out: Annotated[Path, typer.Option(dir_okay=False, metavar="FILE", help="File to write.")],
    form: Annotated[str, typer.Option("--to", help=f"One of {', '.join(FORMS)}.")] = "json",
    version: Annotated[str | None, typer.Option(help="Of a shipped one; else the newest.")] = None,
    language: Annotated[str, typer.Option(help="First language of a codebook.")] = "nl",
    as_json: Json = False,
) -> None:
    """Write a questionnaire as XLSForm, JSON or codebook."""
    if form not in FORMS:
        raise typer.BadParameter(
            f"There is no form {form}. Choose from {', '.join(FORMS)}.", param_hint="--to"
        )
    found = load_instrument(instrument, version)
    content = FORMS[form].write(found, language)
    beside = out.with_name(f".{out.name}.new")
    beside.write_bytes(content)
    beside.replace(out)
    if as_json:
        print(json.dumps({"file": str(out), "form": form, "fingerprint": found.fingerprint}))
    else:
        print(out)


def _missing(found: Instrument) -> tuple[Problem, ...]:
    """Return what stands between a structure and a questionnaire."""
    try:
        complete(found, {})
    except InvalidInstrument as error:
        return error.problems
    return ()


def _print_check(found: Instrument | None, problems: tuple[Problem, ...]) -> None:
    report = {
        "usable": found is not None and found.is_usable,
        "key": found.key if found else None,
        "version": found.version if found else None,
        "fingerprint": found.fingerprint if found else None,
        "problems": _listed(problems),
    }
    print(json.dumps(report, ensure_ascii=False, indent=1))


def _listed(problems: tuple[Problem, ...]) -> list[dict[str, str]]:
    return [
        {"file": one.file, "key": one.key, "what": one.what, "remedy": one.remedy}
        for one in problems
    ]


def _left(name: str, taken: Imported) -> tuple[Problem, ...]:
    try:
        read_content(name, dict(taken.definition), dict(taken.texts))
    except InvalidInstrument as error:
        return error.problems
    return ()


def _write_folder(out: Path, taken: Imported) -> None:
    files = {DEFINITION: taken.definition}
    files |= {f"{language}.toml": texts for language, texts in taken.texts.items()}
    out.mkdir(parents=True, exist_ok=True)
    for name, table in files.items():
        (out / name).write_text(as_toml(table), encoding="utf-8")


def _report(out: Path, taken: Imported, left: tuple[Problem, ...]) -> dict[str, Any]:
    return {
        "folder": str(out),
        "items": taken.n_items,
        "refused": [
            {"where": one.where, "what": one.what, "why": one.why, "key": one.key}
            for one in taken.refused
        ],
        "to_set": list(taken.to_set),
        "problems": _listed(left),
    }
