"""What a browser fetches: fonts, styles and scripts, built from installed packages.

The font packages are cut down to the characters that our languages use. The chart library comes
out of the plotly package; its style rules, which it would otherwise put into the page itself, are
taken out of the script and served as a file, because our policy allows no inline style.
"""

import gzip
import hashlib
import importlib.resources
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent / "static"
BUILT: Final = STATIC / "built"

# In the order of the cascade. The respondent's bundle holds what those pages use, no more.
HOUSE: Final = (
    "tokens", "base", "layout", "forms", "buttons", "tables", "tags", "notices",
    "lifeline", "heatmap", "charts", "respondent", "trees", "results", "screening", "print",
    "cards", "account", "library", "preparing", "sittings", "register", "keying",
    "poster", "plans", "feedback", "meetings",
)  # fmt: skip
RESPONDENT: Final = (
    "tokens", "base", "layout", "forms", "buttons", "notices", "heatmap", "respondent", "register",
    "feedback", "print",
)  # fmt: skip
BUNDLES: Final = {"house.css": HOUSE, "respondent.css": RESPONDENT, "preview.css": ("preview",)}

FONTS: Final = {
    "source-sans-regular": ("font_source_sans_pro", "SourceSansPro-Regular.ttf"),
    "source-sans-semibold": ("font_source_sans_pro", "SourceSansPro-Semibold.ttf"),
    "source-serif-semibold": ("font_source_serif_pro", "SourceSerifPro-Semibold.ttf"),
}
# Basic Latin, Latin-1, Latin Extended-A, punctuation and thin spaces, euro, signs of the heat map.
CHARACTERS: Final = (
    *range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2009, 0x2016), *range(0x2018, 0x2020),
    0x2022, 0x2026, 0x202F, 0x2030, 0x20AC, 0x2212, 0x2264, 0x2265, 0x2190, 0x2192,
    0x25B2, 0x25B3, 0x25BC, 0x25BD, 0x25CB, 0x25CF, 0x2713,
)  # fmt: skip

EXPECTED: Final = (
    *(f"fonts/{name}.woff2" for name in FONTS),
    *BUNDLES,
    "plotly.css",
    "plotly.min.js",
    "plotly.min.js.gz",
)

RECIPE: Final = "recipe"
"""How the folder was built; it is not served."""

TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
}


# A selector and its declarations as the script writes them, quoted one way or the other.
_RULE: Final = re.compile(r"""("(?:[^"\\]|\\.)*"|\w+):("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


class StyleRulesNotFound(Exception):
    """The chart library keeps its style rules elsewhere than in the version we know."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file ready to send."""

    content: bytes
    gzipped: bytes | None
    media_type: str


@dataclass(frozen=True, slots=True)
class StaticFiles:
    """Every static file, in memory, under an address that changes with the content."""

    version: str
    files: Mapping[str, StaticFile]

    @property
    def root(self) -> str:
        return f"/static/{self.version}"


def build_assets(folder: Path = BUILT) -> Iterator[str]:
    """Build everything that is not ours into `folder`; yields the name of each file made."""
    cut = import_module("baken.web.font_cutting").cut_font  # in no other start of a server
    (folder / "fonts").mkdir(parents=True, exist_ok=True)
    for name, (package, file) in FONTS.items():
        _write(folder / "fonts" / f"{name}.woff2", cut(package, file, CHARACTERS))
        yield f"fonts/{name}.woff2"
    script = _plotly_script()
    _write(folder / "plotly.css", plotly_rules(script).encode())
    yield "plotly.css"
    yield from _bundle(folder)
    _write(folder / "plotly.min.js.gz", gzip.compress(script.encode(), 6, mtime=0))
    _write(folder / "plotly.min.js", script.encode())
    yield "plotly.min.js"
    _write(folder / RECIPE, _recipe().encode())


def ensure_assets(folder: Path = BUILT) -> bool:
    """Build what is missing or was built another way; tells whether a full build was needed.

    Style bundles are renewed each time: they are ours and take no time.
    """
    is_there = all((folder / name).exists() for name in (*EXPECTED, RECIPE))
    if not is_there or (folder / RECIPE).read_text("utf-8") != _recipe():
        list(build_assets(folder))
        return True
    list(_bundle(folder))
    return False


def _recipe() -> str:
    """The digest of the programs that build: an installation that is renewed builds anew."""
    here = Path(__file__)
    sources = (here, here.with_name("font_cutting.py"))
    return hashlib.sha256(b"".join(one.read_bytes() for one in sources)).hexdigest()


def load_static(folder: Path = STATIC) -> StaticFiles:
    """Read all static files and give them one address that follows from their content."""
    files = {}
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix not in TYPES or name.startswith("css/"):
            continue
        files[name], content_digest = _load(path, path.stat().st_mtime_ns)
        digest.update(name.encode() + b"\0" + content_digest)
    return StaticFiles(digest.hexdigest()[:12], files)


@cache
def _load(path: Path, _changed_ns: int) -> tuple[StaticFile, bytes]:
    """A file and the digest of its content, read anew when it was changed."""
    content = path.read_bytes()
    file = StaticFile(content, _squeezed(path, content), TYPES[path.suffix])
    return file, hashlib.sha256(content).digest()


def _squeezed(path: Path, content: bytes) -> bytes | None:
    if path.suffix == ".woff2":
        return None  # compressed already
    ready = path.with_name(f"{path.name}.gz")
    return ready.read_bytes() if ready.exists() else gzip.compress(content, 6, mtime=0)


def plotly_rules(script: str) -> str:
    """The style sheet that the chart library would insert by itself.

    Raises
    ------
    StyleRulesNotFound
        When the script does not hold them in the form we know.
    """
    found = re.search(r'\{("X,X div":.*?)\};for\(', script, re.DOTALL)
    if not found:
        raise StyleRulesNotFound("The installed plotly has no style rules where we look for them.")
    rules = _RULE.findall(found[1])
    return "\n".join(f"{_selector(key)}{{{_literal(value)}}}" for key, value in rules) + "\n"


def _selector(key: str) -> str:
    name = _literal(key) if key.startswith('"') else key
    name = re.sub("^,", " ,", name)
    return name.replace("X", ".js-plotly-plot .plotly").replace("Y", ".plotly-notifier")


def _literal(text: str) -> str:
    if text.startswith("'"):
        text = '"' + text[1:-1].replace('"', '\\"') + '"'
    value: str = json.loads(text)
    return value


def _plotly_script() -> str:
    source = importlib.resources.files("plotly") / "package_data" / "plotly.min.js"
    return source.read_text(encoding="utf-8")


def _bundle(folder: Path) -> Iterator[str]:
    for name, parts in BUNDLES.items():
        text = "".join((STATIC / "css" / f"{part}.css").read_text("utf-8") for part in parts)
        target = folder / name
        if not target.exists() or target.read_text("utf-8") != text:
            _write(target, text.encode())
            yield name


def _write(target: Path, content: bytes) -> None:
    """Write beside it and rename: a server that starts meanwhile never reads half a file."""
    handle, name = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(name).chmod(0o644)
    Path(name).replace(target)
