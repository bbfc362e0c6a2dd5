"""The root of every error a user may read."""

from typing import Any, ClassVar, Literal

Kind = Literal["missing", "denied", "invalid", "conflict"]


class BakenError(Exception):
    """Something the user can understand and act on.

    Parameters
    ----------
    key : str
        Name of the sentence in the catalogue of screen texts, without the leading ``errors.``.
    sentence : str
        The same sentence in English, with ``{placeholders}``; used by the command line and
        wherever the catalogue has no translation.
    values : Any
        What stands at the placeholders.
    """

    kind: ClassVar[Kind] = "invalid"

    def __init__(self, key: str, sentence: str, **values: Any) -> None:
        super().__init__(sentence.format(**values) if values else sentence)
        self.key = key
        self.values = values
