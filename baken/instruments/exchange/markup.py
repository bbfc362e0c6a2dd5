"""Plain text out of the rich text of other programs, and what of it cannot be kept.

Every expression below runs in time proportional to the text: it comes from strangers.
"""

import html
import re
from dataclasses import dataclass
from typing import Final

_PIPED: Final = re.compile(r"\$\{[^{}]*\}|\{[A-Za-z_][^{}\n]*\}")
_STRONG: Final = re.compile(r"\*\*(?=[^\s*])([^*]*?)(?<=\S)\*\*|__(?=[^\s_])([^_]*?)(?<=\S)__")
_EMPHASIS: Final = re.compile(r"(?<!\*)\*(?=[^\s*])([^*]*?)(?<=[^\s*])\*(?!\*)")
_HEADING: Final = re.compile(r"^#{1,6}\s+", re.MULTILINE)
# Not the spaces that do not break, which French puts before signs.
_SPACES: Final = re.compile(r"[ \t\r\n\f\v]+")
_TAG: Final = re.compile(r"(</?[A-Za-z][^<>]*>|<![^<>]*>)")
_NAME: Final = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]*)")
_MEDIA: Final = frozenset({"img", "audio", "video", "iframe", "object", "embed", "svg"})
_SILENT: Final = frozenset({"script", "style"})
_BREAKS: Final = frozenset({"br", "p", "div", "li", "tr", "td", "h1", "h2", "h3", "h4", "h5", "h6"})


@dataclass(frozen=True, slots=True)
class Plain:
    """A text without its markup.

    `inserts` names what the other program puts in while somebody answers; `media` names pictures
    and films; `has_script` says that there was a program in it.
    """

    text: str
    inserts: str = ""
    media: str = ""
    has_script: bool = False


def plain(written: str) -> Plain:
    """Return a text as somebody reads it: no tags, entities, Markdown or double spaces."""
    text, tags = _without_tags(written)
    text = _HEADING.sub("", html.unescape(text))
    text = _STRONG.sub(lambda found: found[1] or found[2], text)
    text = _EMPHASIS.sub(r"\1", text)
    text = _SPACES.sub(" ", text.replace("\ufeff", "").replace("\u200b", "")).strip()
    found = _PIPED.search(text)
    media = ", ".join(dict.fromkeys(tag for tag in tags if tag in _MEDIA))
    return Plain(text, found[0] if found else "", media, "script" in tags)


def _without_tags(written: str) -> tuple[str, list[str]]:
    """Return a text without tags and without what stands in a program, and the tags it had."""
    parts: list[str] = []
    tags: list[str] = []
    silent = ""
    for part in _TAG.split(written):
        named = _NAME.match(part) if _TAG.fullmatch(part) else None
        tag = named[2].lower() if named else ""
        if silent:
            silent = "" if named and named[1] and tag == silent else silent
        elif tag:
            tags.append(tag)
            silent = tag if tag in _SILENT and not part.startswith("</") else ""
            parts.append(" " if tag in _BREAKS else "")
        elif not part.startswith("<!"):
            parts.append(part)
    return "".join(parts), tags
