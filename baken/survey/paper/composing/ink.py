"""What is printed on a page: words, lines and squares at their places, and a whole form of them.

Lengths are millimetres from the top left corner of a page, sizes of type are points. A form is
kept as it was set, so that it looks the same when more of it are printed by a later version.
"""

from collections.abc import Callable
from dataclasses import astuple, dataclass, replace
from typing import Any, Final, Literal

from baken.survey.paper.layout import Layout, NotALayout

Face = Literal["regular", "bold"]
Align = Literal["left", "middle", "right"]

FRAME: Final = 0.3
"""Width of the lines of a box."""

HAIRLINE: Final = 0.15


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text; `x` is its left end, middle or right end, `y` what it stands on."""

    x: float
    y: float
    text: str
    size: float
    face: Face = "regular"
    align: Align = "left"

    def lower(self, by: float) -> "Words":
        return replace(self, y=_mm(self.y + by))


@dataclass(frozen=True, slots=True)
class GroupLine:
    """Where the name of the unit goes, after `text`; cut off beyond `width`."""

    x: float
    y: float
    text: str
    size: float
    width: float

    def lower(self, by: float) -> "GroupLine":
        return replace(self, y=_mm(self.y + by))


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line with round ends."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float

    def lower(self, by: float) -> "Line":
        return replace(self, y1=_mm(self.y1 + by), y2=_mm(self.y2 + by))


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle by its outer edge: a line of `line` along the inside, or black all over."""

    x: float
    y: float
    width: float
    height: float
    line: float = FRAME
    is_black: bool = False

    def lower(self, by: float) -> "Frame":
        return replace(self, y=_mm(self.y + by))


Ink = Words | GroupLine | Line | Frame

_KINDS: Final[dict[str, Callable[..., Ink]]] = {
    "words": Words,
    "group": GroupLine,
    "line": Line,
    "frame": Frame,
}
_SIGNS: Final = {Words: "words", GroupLine: "group", Line: "line", Frame: "frame"}


@dataclass(frozen=True, slots=True)
class Form:
    """A questionnaire on paper, in one language and size of print.

    Attributes
    ----------
    title
        Of the questionnaire, for the properties of a file.
    layout
        Where everything that can be filled in stands.
    ink
        What is printed on each page of the layout, apart from boxes, corners and square code.
    imprint
        What stands at the foot of every page beside its number; empty: nothing, as on a proof and
        on forms of an older program.
    """

    title: str
    layout: Layout
    ink: tuple[tuple[Ink, ...], ...]
    imprint: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the form as lists, texts and numbers."""
        return {
            "title": self.title,
            "layout": self.layout.to_json(),
            "imprint": self.imprint,
            "ink": [[[_SIGNS[type(one)], *astuple(one)] for one in page] for page in self.ink],
        }

    @classmethod
    def from_json(cls, content: Any) -> "Form":
        """Return what `to_json` wrote; raise `NotALayout` for anything else."""
        try:
            ink = tuple(
                tuple(_KINDS[kind](*values) for kind, *values in page) for page in content["ink"]
            )
            layout = Layout.from_json(content["layout"])
            return cls(str(content["title"]), layout, ink, str(content.get("imprint", "")))
        except (KeyError, TypeError, ValueError) as error:
            raise NotALayout("what is printed on this form cannot be read") from error


def _mm(length: float) -> float:
    """A hundredth of a millimetre is finer than any printer."""
    return round(length, 2)
