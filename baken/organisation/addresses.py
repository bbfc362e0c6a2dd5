"""What a mail address looks like; whether it works shows when a letter goes there."""

import re
from typing import Final

from baken.organisation.errors import Invalid

LOOKS_LIKE: Final = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
LONGEST: Final = 254


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
