"""How far a questionnaire may be changed and still be recognised, and still be filled in."""

from typing import Final

OWN: Final = "own-"
"""How the versions of an organisation begin; no shipped one does, so none hides another."""

MAX_OWN_QUESTIONS: Final = 10
MAX_OPEN_QUESTIONS: Final = 10
MAX_ADDED: Final = 200
"""Questions that somebody may add to a structure, which comes without them."""

MAX_TEXT: Final = 1_000
"""Signs of one text; a question that is longer is not read."""

COMMENT_BYTES: Final = (500, 1_000, 2_000, 4_000)
"""Lengths to choose from for an open answer: each makes every envelope longer."""

MAX_CONTENT: Final = 2_000_000
"""Bytes of a whole version; no questionnaire of people comes near it."""

MAX_LANGUAGES: Final = 30
MAX_SCALES: Final = 200
MAX_ITEMS: Final = 1_000
"""No page with a field for each part of a version holds more fields than one form may send."""

MAX_ANSWER: Final = 10
"""The highest number of an own row of answers: nobody tells more steps apart."""
