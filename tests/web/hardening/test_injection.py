"""Markup and statements in every field: they come out as the text that went in."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import html5lib
import pytest
from sqlalchemy import text

import baken
from tests.web.hardening.conftest import Town, Visitor
from tests.web.hardening.fuzzing import IS_CAMPAIGN, SQL
from tests.web.hardening.walking_routes import FormOnPage, Map, checksum, walk

pytestmark = [pytest.mark.sqlite, pytest.mark.attacker]
SOURCES = Path(baken.__file__).parent
MARKUP = (
    "<script>xss()</script>",
    "<img src=x onerror=xss()>",
    "<svg onload=xss()>",
    "<svg/onload=xss()>",
    '"><script>xss()</script>',
    "'><script>xss()</script>",
    '" onfocus=xss() autofocus x="',
    "' onfocus=xss() autofocus x='",
    " onmouseover=xss() ",
    "javascript:xss()",
    "JaVaScRiPt:xss()",
    "java\tscript:xss()",
    "data:text/html,<script>xss()</script>",
    "vbscript:xss()",
    "</title><script>xss()</script>",
    "</textarea><script>xss()</script>",
    "</script><script>xss()",
    "</style><img src=x onerror=xss()>",
    "</option></select><img src=x onerror=xss()>",
    "<iframe src=javascript:xss()>",
    "<iframe srcdoc='<script>xss()</script>'>",
    "<object data=javascript:xss()>",
    "<embed src=javascript:xss()>",
    "<base href=//elders.example/>",
    "<meta http-equiv=refresh content='0;url=javascript:xss()'>",
    "<link rel=stylesheet href=//e.e>",
    "<form action=//elders.example><input name=csrf>",
    "<input onfocus=xss() autofocus>",
    "<button formaction=javascript:xss()>x",
    "<details open ontoggle=xss()>",
    "<video onerror=xss()>",
    "<audio src=x onerror=xss()>",
    "<body onload=xss()>",
    "<math><mi xlink:href=javascript:xss()>",
    "<a href=javascript:xss()>x</a>",
    '<a href="&#106;avascript:xss()">x</a>',
    "<div style=background:url(javascript:xss())>",
    "<style>*{x:expression(xss())}</style>",
    "<template><script>xss()</script></template>",
    "<noscript><img src=x onerror=xss()></noscript>",
    "<!--><img src=x onerror=xss()>-->",
    "<![CDATA[<script>xss()</script>]]>",
    "<?php xss() ?>",
    "&lt;script&gt;xss()&lt;/script&gt;",
    "&#60;script&#62;xss()&#60;/script&#62;",
    "%3Cscript%3Exss()%3C/script%3E",
    "\\u003cscript\\u003exss()\\u003c/script\\u003e",
    "\\x3cscript\\x3exss()",
    "{{ 7*7 }}",
    "{% include '/etc/passwd' %}",
    "${7*7}",
    "#{7*7}",
    "{{ ''.__class__.__mro__ }}",
    "`-xss()-`",
    "<scr<script>ipt>xss()</scr</script>ipt>",
    "<SCRIPT SRC=//elders.example/x.js></SCRIPT>",
    "<xss id=x tabindex=1 onfocus=xss()></xss>",
    "\u2028</script><script>xss()",
    "\xbcscript\xbexss()\xbc/script\xbe",
    "<\u0131mg src=x>",
    "<img\nsrc=x\nonerror=xss()>",
    "<a\tautofocus\tonfocus=xss()>",
    "onerror=alert;throw 1",
)
ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "srcdoc", "xlink:href"}
FOREIGN = {
    "iframe",
    "object",
    "embed",
    "base",
    "xss",
    "math",
    "video",
    "audio",
    "template",
    "frame",
}


def injected(page: str) -> list[str]:
    """What stands on a page that no template of ours puts there."""
    found = []
    for element in html5lib.parse(page, namespaceHTMLElements=False).iter():
        name = element.tag if isinstance(element.tag, str) else ""
        name = name.rpartition("}")[2]
        if name in FOREIGN or name == "style":
            found.append(f"<{name}>")
        if (
            name == "script"
            and not element.get("src")
            and element.get("type") != "application/json"
        ):
            found.append("<script>")
        for attribute, value in element.attrib.items():
            if attribute.startswith("on") or attribute == "style" or "xss" in attribute:
                found.append(f"<{name} {attribute}>")
            if attribute in ADDRESSES and leads_away(name, value):
                found.append(f"<{name} {attribute}={value[:30]}>")
    return found


def leads_away(element: str, address: str) -> bool:
    """Whether an address runs something, or belongs to somebody else."""
    plain = re.sub(r"[\x00-\x20]", "", address).casefold()
    if element == "img" and plain.startswith("data:image/svg+xml;"):
        return False  # a picture that we draw: the QR code of an authenticator app
    if plain.startswith(("javascript:", "data:", "vbscript:")):
        return True
    return plain.startswith(("//", "http")) and "127.0.0.1" not in plain


def in_pieces(strings: tuple[str, ...], most: int) -> Iterator[str]:
    """All strings, as few at a time as fit into a field."""
    piece = ""
    for one in strings:
        if piece and len(piece) + len(one) > most:
            yield piece
            piece = ""
        piece += one + " "
    yield piece


def send_into(visitor: Visitor, form: FormOnPage, texts: list[str], turn: int) -> Any:
    """Fill in everything that can be typed; what is too long for one field fits another."""
    sent: dict[str, list[str]] = {}
    for place, (name, value) in enumerate(form.fields):
        typed = name in form.typed and not re.search(r"mail|_on$|number|start$|target$|code", name)
        chosen = texts[(turn + place) % len(texts)] if typed else value
        sent.setdefault(name, []).append(visitor.csrf if name == "csrf" else chosen)
    return visitor.post(form.action, sent)


def test_markup_in_every_field_comes_out_as_text(town: Town, chart: Map) -> None:
    assert len(MARKUP) >= 60
    visitor = town.powerful()
    forms = [
        form for known in chart.forms.values() for form in known[:1]
        if form.method == "POST" and form.typed and "/log-in" not in form.action
        and not form.action.startswith("http://127.0.0.1:8000/s/")
    ]  # fmt: skip
    assert len(forms) > 10
    texts = list(in_pieces(MARKUP, 190))
    faults: list[str] = []
    n_kept = 0
    for turn in range(len(texts) if IS_CAMPAIGN else 2):
        step = turn if IS_CAMPAIGN else turn * len(texts) // 2
        for form in forms:
            answer = send_into(visitor, form, texts, step)
            n_kept += answer.status_code in {200, 303}
            assert answer.status_code < 500, form.action
            if "html" in answer.headers.get("content-type", ""):
                faults += [f"answer of {form.action}: {one}" for one in injected(answer.text)]
        faults += look_everywhere(town, visitor)
    assert n_kept >= len(forms) // 3, "the forms refuse so much that nothing was tested"
    assert faults == []


def look_everywhere(town: Town, visitor: Visitor) -> list[str]:
    found = []
    seen = walk(visitor, town.routes, town.values, town.starts, per=3 if IS_CAMPAIGN else 1)
    marked = {address: page for address, page in seen.pages.items() if "xss" in page}
    assert marked, "nothing of what was sent is shown anywhere"
    for address, page in marked.items():
        found += [f"{address}: {one}" for one in injected(page)]
    return found


def test_markup_in_addresses_comes_out_as_text(town: Town, chart: Map) -> None:
    visitor, outside = town.powerful(), town.stranger()
    faults = []
    routes = [route for route in chart.routes if not route.changes and not route.is_static]
    for turn, one in enumerate(MARKUP):
        step = 9 if IS_CAMPAIGN else 60
        for route in routes[turn % step :: step]:
            for who in (visitor, outside):
                answer = who.request(
                    "GET", chart.address_of(route), params={"lang": one, "next": one}
                )
                assert answer.status_code < 500
                if one[:12] in answer.text:
                    faults += [f"{route}: {what}" for what in injected(answer.text)]
        answer = outside.request("GET", "/s/" + quote(one, safe=""))
        faults += injected(answer.text) if "<" in one else []
    assert faults == []


def test_the_reader_of_pages_would_find_what_is_injected() -> None:
    for one in MARKUP[:4] + MARKUP[19:24]:
        assert injected(f"<p>{one}</p>"), one
    assert injected('<input value="" onfocus=xss() autofocus x="">') == ["<input onfocus>"]
    assert injected("<a href='java\tscript:x'>") == ["<a href=java\tscript:x>"]
    assert injected("<a href=' javascript:x'>") == ["<a href= javascript:x>"]
    assert injected("<p>&lt;script&gt;</p><script type='application/json'>{}</script>") == []


def test_statements_in_every_field_are_texts(town: Town, chart: Map) -> None:
    visitor = town.powerful()
    tables = set(checksum(town.folder))
    for turn, one in enumerate(SQL):
        for known in list(chart.forms.values())[turn % 10 :: 1 if IS_CAMPAIGN else 10]:
            form = known[0]
            if form.method == "POST" and "/log-out" not in form.action:
                sent = {name: visitor.csrf if name == "csrf" else one for name, _ in form.fields}
                assert visitor.post(form.action, sent).status_code < 500, form.action
        for route in chart.routes[turn % 9 :: 9]:
            if not route.changes:
                answer = visitor.request(
                    "GET", chart.address_of(route), params={"head": one, "lang": one}
                )
                assert answer.status_code < 500
                assert not re.search(r"sqlite3|sqlalchemy|OperationalError", answer.text)
    assert set(checksum(town.folder)) == tables
    with town.database.engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM organisation")).scalar_one() >= 1


def test_statements_are_built_by_expressions_only() -> None:
    """SQL as text stands in the room that sets databases up, and nowhere else."""
    found = []
    for path in SOURCES.rglob("*.py"):
        if path.relative_to(SOURCES).parts[0] == "storage":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            is_library = isinstance(node, ast.ImportFrom) and (node.module or "").startswith("sqla")
            if is_library and any(one.name in {"text", "literal_column"} for one in node.names):
                found.append(f"{path}:{node.lineno}")
            name = getattr(node, "attr", "")
            if name in {"exec_driver_sql", "executescript", "literal_column"}:
                found.append(f"{path}:{node.lineno} {name}")
    assert [one for one in found if "/box/scrubbing.py" not in one] == []


def test_no_template_takes_the_guard_off() -> None:
    for path in (SOURCES / "web" / "templates").rglob("*.html"):
        source = path.read_text(encoding="utf-8")
        assert "|safe" not in source.replace(" ", ""), path
        assert "autoescape" not in source, path
        if path.parent.name == "documents":
            continue  # files that are mailed: their own style inside, nothing fetched, no policy
        assert not re.search(r"\sstyle=|<style|\son\w+=", source), path
        assert not re.search(r"<script(?![^>]*(src=|application/json))", source), path
        assert not re.search(r"(?<!;)\s[\w-]+=\{\{", source), f"{path}: an attribute without quotes"
