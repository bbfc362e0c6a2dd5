"""`baken keys`: renew the keys that wrap other keys, while the program runs."""

from typing import Annotated
from uuid import UUID

import typer

from baken.storage.keys import COPIES_EXPIRE_AFTER_DAYS, KeyStore
from baken.web.settings import Settings

REGISTER = "register"

keys = typer.Typer(add_completion=False, help="Renew the keys that wrap other keys.")


@keys.command("renew")
def renew(
    organisation: Annotated[
        UUID, typer.Argument(help="Identifier, as baken organisation list shows.")
    ],
    purpose: Annotated[
        str, typer.Option(help="What the keys are for: register, or another purpose of theirs.")
    ] = REGISTER,
) -> None:
    """Give an organisation a new key for its register, when somebody who held copies leaves.

    Every key of an entry is wrapped anew, in one step: stopped anywhere, it is as it was. Nothing
    that was written changes, and nobody notices. A copy of the key folder from before opens nothing
    that is written from now on; what it held, it goes on opening.
    """
    store = KeyStore.open(Settings.from_environment().keys)
    n_wrapped = store.renew(organisation, purpose)
    if n_wrapped == 0:
        print(f"{organisation} has no keys of {purpose}. Nothing was changed.")
        raise typer.Exit(1)
    print(f"{n_wrapped} keys of {purpose} are under a new key.")


@keys.command("renew-master")
def renew_master() -> None:
    """Put a new master key in the place of the old one.

    Stopped anywhere, the key store still opens; start again then. Copy the key folder anew
    afterwards, and put the new master key on the sealed sheet.
    """
    store = KeyStore.open(Settings.from_environment().keys)
    n_wrapped = store.renew_master()
    print(f"{n_wrapped} keys are under the new master key {store.fingerprint}.")
    print(
        f"Copies of the old key folder open what they hold until they go: "
        f"{COPIES_EXPIRE_AFTER_DAYS} days at most."
    )
