"""A page of our own as a tree of elements; nothing but what the templates write is expected."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final, Union

VOID: Final = frozenset({"br", "meta"})


@dataclass(slots=True)
class Element:
    """One element: its attributes, and what stands in it."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list[Union["Element", str]] = field(default_factory=list)

    @property
    def look(self) -> str:
        return self.attributes.get("class", "")

    def inner(self) -> Iterator["Element"]:
        """Return the elements directly in this one."""
        return (child for child in self.children if isinstance(child, Element))

    def find(self, *tags: str) -> Iterator["Element"]:
        """Return the elements of these names below this one, in the order of the page."""
        for child in self.inner():
            if child.tag in tags:
                yield child
            yield from child.find(*tags)


def elements_of(page: str) -> Element:
    """Return the page as one element that holds the others."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.open[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("", {}, 0)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        element = Element(tag, attributes, self.getpos()[0])
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        closed = self.open.pop()
        if closed.tag != tag:
            raise ValueError(f"<{closed.tag}> of line {closed.line} ends with </{tag}>")

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)
