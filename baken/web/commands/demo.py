"""`baken demo`: an invented organisation to walk through, on this machine only."""

import logging
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from baken.organisation.permissions import Role
from baken.storage.errors import BakenError
from baken.web.app import create_app
from baken.web.commands.serve import PortTaken, listen, run
from baken.web.demo.making import Demo, find_demo, make_demo, settings_of
from baken.web.logs import set_up_logs

FOLDER = Path("var/demo")
SHOWN_CODES = 3
SLIPS_IN_A_ROW = 4

ROLES = {
    Role.ADMINISTRATOR: "administrator",
    Role.MAIN_CONTACT: "main contact: hands out roles",
    Role.EMPLOYER: "employer",
    Role.ADVISER: "psychosocial adviser",
    Role.PREVENTION_ADVISER: "prevention adviser",
    Role.STEERING_MEMBER: "steering group",
    Role.CPBW_MEMBER: "committee (CPBW)",
    Role.UNIT_HEAD: "head of the night team",
    Role.HR: "personnel department",
    Role.CONFIDENTIAL_COUNSELLOR: "confidential counsellor",
    Role.CLERK: "types paper forms",
    Role.DESK: "exchanges slips for paper forms",
    Role.WORKING_GROUP_MEMBER: "member of a working group",
}


class Language(StrEnum):
    """The languages in which the story is told."""

    NL = "nl"
    FR = "fr"


class OtherLanguage(BakenError):
    """The folder holds the story in another language; it is left alone."""

    kind = "conflict"


def demo(
    port: Annotated[int, typer.Option(help="Where to listen on 127.0.0.1.", min=1, max=65_535)] = (
        8000
    ),
    folder: Annotated[Path, typer.Option(help="Where the demonstration is kept.")] = FOLDER,
    language: Annotated[
        Language | None, typer.Option(help="In which language its people write: nl or fr.")
    ] = None,
    fresh: Annotated[bool, typer.Option("--fresh", help="Make it anew.")] = False,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Make it and stop.")] = False,
) -> None:
    """Make a demonstration organisation, say who can log in, and serve it.

    What was done in an earlier demonstration is kept until it is made anew.
    """
    set_up_logs(logging.WARNING)
    settings = settings_of(folder, port=port)
    listener = None
    if not no_serve:
        try:
            listener = listen(settings)
        except PortTaken as error:
            raise PortTaken(
                "demo.port_taken",
                "Port {port} on this machine is in use or not allowed. Stop the other program, "
                "or choose another port: .venv/bin/baken demo --port {other}",
                port=port,
                other=port + 1 if port < 65_535 else 8001,
            ) from error
    now = datetime.now(UTC)
    found = None if fresh else find_demo(folder, now=now)
    if found is None:
        print("Making the demonstration organisation; this takes some 20 seconds.", flush=True)
        found = make_demo(folder, now=now, language=language or Language.NL)
    elif language is not None and language != found.language:
        raise OtherLanguage(
            "demo.other_language",
            "{folder} holds a demonstration in the language {there}. Nothing was changed; choose "
            "another folder with --folder, or make it anew with --fresh.",
            folder=folder,
            there=found.language,
        )
    _welcome(found, settings.origin, now)
    if listener is not None:
        print("Stop with Ctrl+C.", flush=True)
        run(create_app(settings), listener)


def _welcome(found: Demo, origin: str, now: datetime) -> None:
    lines = [
        "",
        f"Zorghuis De Wilg, an invented care organisation (made on {found.made_on}).",
        f"Work in it:   {origin}/",
        f"  password for everybody below: {found.password}",
        *(f"  {login.mail:<26} {ROLES[login.role]}" for login in found.logins),
        "  the second step shows the code that a telephone would show",
        f"Answer in it: {origin}/s/{found.campaign}",
        *(f"  code to try: {code}" for code in found.codes[:SHOWN_CODES]),
        *_slips(found.slips),
    ]
    if found.closes_on < now.date():
        lines.append(f"  the survey ended on {found.closes_on}; `baken demo --fresh` starts anew")
    elif not found.codes:
        lines.append("  every code has been used; `baken demo --fresh` starts anew")
    print("\n".join([*lines, ""]), flush=True)


def _slips(slips: tuple[str, ...]) -> list[str]:
    """Slips for a sitting: as many as the smallest stack of forms, and two more."""
    if not slips:
        return []
    rows = [slips[first : first + SLIPS_IN_A_ROW] for first in range(0, len(slips), SLIPS_IN_A_ROW)]
    return [
        "Slips of the kitchen, for its sitting of today (Ask > Paper and telephone):",
        *(f"  {'  '.join(row)}" for row in rows),
    ]
