"""What went wrong with a job: kept as the key of a sentence, with its values sealed.

The values may be names of units or people, and the row stands outside the wall of organisations.
"""

import json
import logging
import traceback
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from baken.organisation.permissions import Holders, Role
from baken.storage.errors import BakenError
from baken.storage.jobs import JobRow
from baken.storage.keys import INSTALLATION, KeyStore, seal, unseal
from baken.survey.disclosure.errors import DisclosureError

log = logging.getLogger("baken.jobs")

PURPOSE: Final = "jobs"
NAME: Final = "faults"


class NotDone(BakenError):
    """What kept a job from being done."""


class Remembered(NotDone):
    """What kept a job from being done, read back from its row."""

    def __init__(self, key: str, sentence: str, values: dict[str, Any]) -> None:
        super().__init__(key, sentence)
        self.values = values


def unknown_kind() -> NotDone:
    """No worker of this version can do it."""
    return NotDone(
        "jobs.unknown_kind",
        "This version of Baken does not know this kind of work. Look whether all workers run the "
        "same version, then try again.",
    )


def died() -> NotDone:
    """The worker did not survive it."""
    return NotDone(
        "jobs.died",
        "The program was stopped each time it worked at this. Nothing is half done. Tell whoever "
        "looks after the installation, then try again.",
    )


def reason_of(error: Exception, job: JobRow) -> BakenError | DisclosureError:
    """Say what an exception means; what is no rule of ours is logged without its words."""
    if isinstance(error, BakenError | DisclosureError):
        return error
    lines = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{Path(line.filename).name}:{line.lineno}" for line in reversed(lines))
    log.error("job %s (%s): %s at %s", job.name, job.id, type(error).__name__, where)
    if isinstance(error, OSError) and error.strerror:
        return NotDone(
            "jobs.machine",
            "The machine does not allow it ({reason}). Nothing is half done. Whoever looks after "
            "the installation should look at its disks, then try again.",
            reason=error.strerror,
        )
    return NotDone(
        "jobs.broken",
        "Something in Baken went wrong. Nothing is half done. Tell whoever looks after the "
        "installation, with this number: {number}.",
        number=job.id.hex[:8],
    )


def may_pass(error: Exception) -> bool:
    """Whether it may go better by itself: a rule says no for as long as nobody changes anything."""
    is_rule = isinstance(error, BakenError | DisclosureError)
    return not is_rule or error.kind == "conflict"  # type: ignore[attr-defined]  # both have one


def seal_fault(keys: KeyStore, job: JobRow, reason: BakenError | DisclosureError) -> bytes:
    """Seal the sentence of a reason and what stands at its placeholders."""
    content = {"sentence": str(reason), "values": reason.values}
    return seal(_key(keys, job), json.dumps(content, default=_plain).encode(), job.id.bytes)


def read_fault(keys: KeyStore, job: JobRow) -> BakenError | None:
    """Return what kept the job from being done; None when nothing did."""
    if not job.fault or job.fault_box is None:
        return None
    opened = unseal(_key(keys, job), job.fault_box, job.id.bytes)
    content = json.loads(opened, object_hook=_from_plain)
    return Remembered(job.fault, content["sentence"], content["values"])


def _key(keys: KeyStore, job: JobRow) -> bytes:
    return keys.ensure(job.organisation_id or INSTALLATION, PURPOSE, NAME)


def _plain(value: Any) -> Any:
    if isinstance(value, Holders):
        return {"@holders": list(value.roles)}
    if isinstance(value, date) and not isinstance(value, datetime):
        return {"@day": value.isoformat()}
    return str(value)


def _from_plain(found: dict[str, Any]) -> Any:
    if set(found) == {"@holders"}:
        return Holders(tuple(Role(role) for role in found["@holders"]))
    if set(found) == {"@day"}:
        return date.fromisoformat(found["@day"])
    return found
