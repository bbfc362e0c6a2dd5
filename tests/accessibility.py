"""What axe finds on a page, asked as often as it can have a new answer and no more.

Most of the time of axe goes into contrasts. These follow from colours, backgrounds, sizes and
weights, so they are measured when a page shows text in a way that was not measured before. A page
built of exactly the kinds of elements of an earlier page without a fault has no new fault in it,
whatever the words are.
"""

import json
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

BUILT: Final = """() => {
  const inks = new Set(), kinds = new Set();
  const told = element => ["class", "role", "type", "aria-hidden", "lang"]
    .map(name => element.getAttribute(name) ?? "").join("|");
  const walk = (element, above, ground) => {
    const style = getComputedStyle(element);
    const own = `${style.backgroundColor} ${style.backgroundImage} ${style.opacity}`;
    const under = own === "rgba(0, 0, 0, 0) none 1" ? ground : `${ground}/${own}`;
    if ([...element.childNodes].some(one => one.nodeType === 3 && one.data.trim()))
      inks.add(`${style.color} ${style.fontSize} ${style.fontWeight} on ${under}`);
    const names = [...element.attributes].map(one => one.name).sort().join();
    const seen = element.checkVisibility() + "," + !element.textContent.trim();
    const path = `${above}>${element.localName}[${names}][${told(element)}]${seen}`;
    kinds.add(path);
    for (const child of element.children) walk(child, path, under);
  };
  walk(document.documentElement, "", "");
  return { inks: [...inks], kinds: [...kinds], width: innerWidth };
}"""
# What axe lists beside the faults is many times larger than the page.
FAULTS: Final = """async options => JSON.stringify(
  (await axe.run(document, { resultTypes: ["violations"], ...options })).violations.map(
    one => ({ rule: one.id, elements: one.nodes.slice(0, 3).map(node => node.html) })))"""
WITHOUT_CONTRASTS: Final = {"rules": {"color-contrast": {"enabled": False}}}

_measured: set[str] = set()
_faultless: set[tuple[int, frozenset[str], frozenset[str]]] = set()


def width_of(page: Page) -> int:
    """How wide the page is in pixels, with what stands beyond the edge of the window."""
    page.wait_for_load_state()  # a click ends when the next document begins
    return int(page.evaluate("document.documentElement.scrollWidth"))


def violations(page: Page) -> list[dict[str, Any]]:
    """Return what axe finds wrong: identifier of the rule, and the elements as HTML."""
    page.wait_for_load_state()
    built = page.evaluate(BUILT)
    inks, kinds = frozenset(built["inks"]), frozenset(built["kinds"])
    if (built["width"], inks, kinds) in _faultless:
        return []
    page.evaluate(Axe().axe_script)
    found = json.loads(page.evaluate(FAULTS, WITHOUT_CONTRASTS if inks <= _measured else {}))
    if not found:
        _measured.update(inks)
        _faultless.add((built["width"], inks, kinds))
    return list(found)
