"""What XLSForm knows and a questionnaire of Baken does not: types, columns, sheets."""

from collections.abc import Mapping
from typing import Final

KNOWN: Final = ("external_choices", "entities", "osm", "fieldvalues")
"""Sheets of the standard that hold something Baken has no use for."""

NOT_TAKEN: Final[Mapping[str, str]] = {
    **dict.fromkeys(("acknowledge", "trigger"), "unknown_type"),
    **dict.fromkeys(
        ("date", "time", "datetime", "geopoint", "geotrace", "geoshape", "image", "audio"),
        "personal",
    ),
    **dict.fromkeys(("video", "file", "barcode", "phone number"), "personal"),
    **dict.fromkeys(
        ("start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber"),
        "metadata",
    ),
    **dict.fromkeys(
        ("username", "email", "audit", "start-geopoint", "background-audio", "device id"),
        "metadata",
    ),
    **dict.fromkeys(("rank", "begin_rank", "end_rank", "rank__level"), "rank"),
    **dict.fromkeys(("xml-external", "csv-external"), "external"),
    **dict.fromkeys(
        ("select_one_from_file", "select_multiple_from_file", "select_one_external"), "external"
    ),
    **dict.fromkeys(("begin_kobomatrix", "end_kobomatrix"), "text_table"),
    "note": "note",
    "calculate": "calculation",
    "hidden": "hidden",
    "decimal": "number",
}
"""Type of question to the reason why it is refused."""

ASIDE: Final[Mapping[str, str]] = {
    "constraint": "constraint",
    "hint": "hint",
    "guidance_hint": "hint",
    "media": "media",
    "default": "default",
    "calculation": "calculation",
    "trigger": "calculation",
}
"""Column beside a question to the reason why what stands in it is not taken."""

USED: Final = frozenset(
    {"type", "name", "label", "relevant", "required", "choice_filter", "parameters", "appearance"}
    | {"list_name", "constraint_message", "required_message", "read_only", "repeat_count"}
    | {"kobo--score-choices", *ASIDE}
)
