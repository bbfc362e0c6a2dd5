"""From what was read of a form to the sheet that goes into the envelope."""

from collections.abc import Mapping

from baken.instruments.sheet import MISSING
from baken.survey.box.sheet import Sheet
from baken.survey.paper.content import DOUBLE, Reading, SheetContent


def sheet_of(content: SheetContent, pictures: Mapping[str, bytes] | None = None) -> Sheet:
    """Return the answer sheet of a form; a field without a value, or with two, has no answer.

    `pictures`: key of an open question to the picture of what was written by hand.
    """
    written = pictures or {}
    return Sheet(
        language=str(content.language.value),
        answers=tuple(map(_code, content.answers.values())),
        backgrounds=tuple(map(_code, content.backgrounds.values())),
        comments=tuple(str(one.value or "") for one in content.comments.values()),
        mode="paper",
        pictures=tuple(written.get(key, b"") for key in content.comments) if written else (),
    )


def _code(one: Reading) -> int:
    return one.value if isinstance(one.value, int) and one.value != DOUBLE else MISSING
