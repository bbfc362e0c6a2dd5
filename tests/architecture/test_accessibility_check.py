"""What is skipped by the check of accessibility is what cannot be wrong anew."""

import pytest
from playwright.sync_api import Browser

from tests.accessibility import violations

pytestmark = pytest.mark.browser
GOOD = """<!doctype html><html lang="nl"><head><title>Blad</title>
<style>body {{ color: #222; background: #fff }} .pale {{ color: #bbb }}</style></head>
<body><main><h1>Blad</h1>{rows}</main></body></html>"""
FIELD = '<p><label for="{0}">Naam</label><input id="{0}"></p>'


def test_a_fault_is_found_on_a_page_much_like_one_without_fault(chromium: Browser) -> None:
    page = chromium.new_page()

    def rules(*rows: str) -> list[str]:
        page.set_content(GOOD.format(rows="".join(rows)))
        return [one["rule"] for one in violations(page)]

    fields = [FIELD.format(name) for name in "abc"]
    assert rules(*fields, "<p>Tekst</p>", "<button>Verder</button>") == []
    assert rules(*fields, "<p>Andere tekst</p>", "<button>Verder</button>") == []
    assert rules(*fields, '<p class="pale">Tekst</p>') == ["color-contrast"]
    assert rules(*fields, '<p class="pale">Tekst</p>') == ["color-contrast"]
    assert rules(*fields, "<p><label>Naam</label><input></p>") == ["label"]
    assert rules(*fields, "<button></button>") == ["button-name"]
    page.close()
