"""The `baken` command. Each subcommand is loaded only when it is asked for.

So `baken analyse` needs neither a database nor the web framework. A new command is one function
with typer annotations in a module of its own, and one line in `COMMANDS`.
"""

import os
import sys
from collections.abc import Callable, Mapping, Sequence
from importlib import import_module
from typing import Any, Final

import typer
from typer.core import TyperGroup
from typer.main import get_command

from baken.storage.errors import BakenError
from baken.survey.disclosure.errors import DisclosureError

COMMANDS: Final[Mapping[str, str]] = {
    "account": "baken.web.commands.account:account",
    "analyse": "baken.web.commands.analyse.command:analyse",
    "assets": "baken.web.commands.assets:assets",
    "audit": "baken.web.commands.installation:audit",
    "backup": "baken.web.commands.backups:backup",
    "box": "baken.web.commands.box:box",
    "campaign": "baken.web.commands.campaign:campaign",
    "check": "baken.web.commands.installation:check",
    "demo": "baken.web.commands.demo:demo",
    "codes": "baken.web.commands.campaign:codes",
    "init": "baken.web.commands.installation:init",
    "instruments": "baken.web.commands.instruments:instruments",
    "keys": "baken.web.commands.keys:keys",
    "migrate": "baken.web.commands.installation:migrate_command",
    "organisation": "baken.web.commands.organisation:organisation",
    "serve": "baken.web.commands.serve:serve",
    "verify": "baken.web.commands.backups:verify",
    "worker": "baken.web.commands.worker:worker",
}
"""Name to module and attribute: a function, or a `typer.Typer` for a group of commands."""


class LazyCommands(TyperGroup):
    """A group that imports a command when it is used."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Names in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Import the command, or None when there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        found = getattr(import_module(module), attribute)
        command = get_command(found if isinstance(found, typer.Typer) else _alone(found))
        command.name = cmd_name
        return command


def _alone(function: Callable[..., Any]) -> typer.Typer:
    single = typer.Typer(add_completion=False)
    single.command()(function)
    return single


app = typer.Typer(cls=LazyCommands, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def baken() -> None:
    """Find psychosocial risks at work, anonymously, and do something about them."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; ends with 0 (done), 1 (could not be done) or 2 (asked wrongly)."""
    # Read when numpy is loaded. Its tables are small here: threads only wait for each other, and
    # cost many times what they do.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app(args=arguments, prog_name="baken")
    except (BakenError, DisclosureError) as error:
        _stop(str(error))
    except OSError as error:
        _stop(f"{error.filename or 'The system'}: {error.strerror}.")
    except Exception as error:
        if not _is_of_database(error):
            raise
        _stop(
            f"The database cannot be used as BAKEN_DATABASE_URL says ({_first_line(error)}). "
            "Nothing was changed. `baken check` looks at the settings, `baken init` makes a new "
            "installation, `baken migrate` brings an older one up to date."
        )


def _is_of_database(error: Exception) -> bool:
    # Not imported for this: `baken analyse` starts without it.
    library = sys.modules.get("sqlalchemy.exc")
    return library is not None and isinstance(error, library.SQLAlchemyError)


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).partition("\n")[0]


def _stop(sentence: str) -> None:
    print(sentence, file=sys.stderr)
    raise SystemExit(1)


if __name__ == "__main__":
    main()
