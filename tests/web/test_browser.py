"""The pages in Debian's Chromium: by keyboard, without scripts, narrow, on paper, and under a checker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page
from served_pages import CHROMIUM, Served, held_delivery

from tf_integration.flow.access import put_account
from tf_integration.keep.access import load_access

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not CHROMIUM, reason="no chromium on this machine (make setup)")]
ROLES = tuple(load_access().roles)
_MORE = ("/look-up", "/sign-in")


@pytest.fixture
def visit(browser: Browser, served: Served) -> Iterator[Any]:
    """A context in which somebody with every role has signed in. The browser may complain of `expected` alone."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []
    allowed: list[str] = []

    def opened(expected: str = "", **how: Any) -> Page:
        allowed.append(expected)
        contexts.append(browser.new_context(base_url=served.url, **how))
        page = contexts[-1].new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        sign_in(page, served)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert [c for c in complaints if not any(a and a in c for a in allowed)] == []


def sign_in(page: Page, served: Served) -> None:
    """By keyboard alone."""
    password = put_account(served.settings, "keyboard.one", ROLES, "a test")["password"]
    page.goto("/sign-in")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip() == "Skip to main content"
    page.keyboard.press("Tab")              # the name of the service
    page.keyboard.press("Tab")
    page.keyboard.type("keyboard.one")
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")
    page.wait_for_url(served.url + "/")


def readable(served: Served) -> list[str]:
    return [a for a in served.addresses().values() if not a.endswith(("/find", "/pack"))]


def test_every_page_is_accessible_by_the_checker(visit, served):
    page = visit(bypass_csp=True)           # the checker is a script, and the pages run none
    axe = Axe()
    for address in [*readable(served), *_MORE, held_delivery(served)]:
        page.goto(address)
        found = axe.run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        assert found.violations_count == 0, f"{address}\n{found.generate_report()}"


def test_the_checker_would_find_a_fault(visit):
    page = visit(bypass_csp=True)
    page.goto("/look-up")
    page.evaluate("document.querySelectorAll('label').forEach(label => label.remove())")
    assert Axe().run(page).violations_count > 0


def test_every_page_is_whole_without_scripts(visit, served):
    page = visit(java_script_enabled=True)
    plain = page.context.browser.new_context(base_url=served.url, java_script_enabled=False)
    plain.add_cookies(page.context.cookies())
    asked = plain.new_page()
    for address in readable(served):
        for one in (page, asked):
            one.goto(address)
        assert page.inner_text("main") == asked.inner_text("main") or "/audit" in address, address
        assert asked.locator("h1").count() == 1, address
    plain.close()


def test_nothing_runs_that_is_not_of_the_pages(visit):
    page = visit("Content Security Policy")
    page.goto("/families")
    with pytest.raises(Exception, match="Content Security Policy"):
        page.add_script_tag(content="document.title = 'taken'")
    assert page.title() != "taken"


def test_a_narrow_screen_scrolls_tables_and_not_the_page(visit, served):
    page = visit(viewport={"width": 320, "height": 640})
    for address in readable(served):
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, (address, width)


def test_somebody_finds_a_family_and_its_reasons(visit, served):
    page = visit()
    page.click("text=Families")
    page.fill("#named", "F1")
    page.click("button:has-text('Find')")
    assert page.inner_text("h1") == "F1"
    assert page.locator("text=early_help_milestones_20190601_0001.csv, line 4").count() >= 1
    page.click("text=Everything known, in order of time")
    assert "events of household" in page.inner_text("main")


def test_somebody_decides_about_a_delivery(visit, served):
    page = visit()
    page.goto(held_delivery(served))
    page.click("button:has-text('See what it would change')")
    assert "If it were applied" in page.inner_text("main")
    page.check("label:has-text('Release it')")
    page.fill("#because", "the partner confirms it")
    page.click("button:has-text('Decide')")
    assert page.inner_text("h1") == "Released"


def test_on_paper_a_family_is_whole_and_without_the_menu(visit, served):
    page = visit()
    page.goto(f"/families/{served.household('F1')}")
    page.emulate_media(media="print")
    assert not page.locator("nav.govuk-service-navigation").is_visible()
    assert page.locator("h1").is_visible()
    folded = page.locator("details .app-evidence")
    assert all(folded.nth(n).is_visible() for n in range(folded.count()))


def test_an_error_in_a_form_is_reached_from_its_summary(visit):
    page = visit("400 (Bad Request)")
    page.goto("/look-up")
    page.fill("#nino", "not one")
    page.click("button:has-text('Look up')")
    page.click(".govuk-error-summary a")
    assert page.evaluate("document.activeElement.id") == "nino" or page.url.endswith("#nino")
    assert page.input_value("#nino") == "not one"
