"""What a mail address looks like; whether it works shows when a letter goes there."""

import re
from typing import Final

from baken.organisation.errors import Invalid

LOOKS_LIKE: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
LONGEST: Final = 254
_ATOM: Final = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DELIVERABLE: Final = re.compile(rf"{_ATOM}@{_LABEL}(?:\.{_LABEL})*")


def check_address(mail: str) -> str:
    """Return the address without spaces around it, or raise `Invalid`."""
    stripped = mail.strip()
    if len(stripped) > LONGEST or not LOOKS_LIKE.fullmatch(stripped):
        raise Invalid(
            "organisation.mail_odd",
            "{mail} does not look like a mail address. Write it like name@organisation.be.",
            mail=stripped[:LONGEST],
        )
    return stripped


def is_deliverable(mail: str) -> bool:
    """Whether it is one plain address that a letter can be sent to."""
    return len(mail) <= LONGEST and _DELIVERABLE.fullmatch(mail) is not None
