"""An instrument as one JSON file: what its folder says, in one piece.

{"baken": "instrument", "form": 1, "definition": {...}, "texts": {"nl": {...}}}
"""

import json
from typing import Final

from baken.instruments.definition import Instrument
from baken.instruments.exchange.imported import (
    Imported,
    UnreadableForm,
    has_form,
)
from baken.instruments.writing import definition_of, texts_of

KIND: Final = "instrument"
FORM: Final = 1
MAX_BYTES: Final = 10 * 1024 * 1024


def write_json(instrument: Instrument) -> bytes:
    """Return the file; `read_json` gives an equal instrument back."""
    content = {
        "baken": KIND,
        "form": FORM,
        "definition": definition_of(instrument),
        "texts": texts_of(instrument),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def read_json(content: bytes) -> Imported:
    """Return what a file of `write_json` holds; whether it fits is for `read_content` to say.

    Raises
    ------
    UnreadableForm
        It is no such file, or of a newer form.
    """
    try:
        found = json.loads(content.decode("utf-8-sig")) if len(content) <= MAX_BYTES else None
        # half a character, which JSON can spell and no file can hold
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise _no_instrument() from error
    if not isinstance(found, dict) or (found.get("baken"), found.get("form")) != (KIND, FORM):
        raise _no_instrument()
    definition, texts = found.get("definition"), found.get("texts")
    if not isinstance(definition, dict) or not isinstance(texts, dict):
        raise _no_instrument()
    if not has_form(definition, texts):
        raise _no_instrument()
    return Imported(definition, texts)


def _no_instrument() -> UnreadableForm:
    return UnreadableForm(
        "instruments.no_json",
        "This is no questionnaire that Baken exported as JSON, or a newer version wrote it. "
        "Nothing was changed. Export it once more, or choose an XLSForm or LimeSurvey file.",
    )
