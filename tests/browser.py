"""The system's Chromium, and a page that was opened in it."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from workbench.execution.browser import browser as installed

CHROMIUM = installed()
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip

STOPS = """
    [...document.querySelectorAll("a[href], button, summary, [tabindex]")].filter(element =>
        element.tabIndex >= 0 && element.checkVisibility()
        && element.compareDocumentPosition(document.querySelector("#notes")) & Node.DOCUMENT_POSITION_FOLLOWING).length
"""
"""How often the Tab key stops on a study before its notes."""

# Of the rules that an element breaks all is told, of those that it keeps only their names: a figure has thousands of elements.
ACCESSIBILITY = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]},
    "resultTypes": ["violations"],
}


def launch(playwright):
    """Start the system's Chromium; without one the test is skipped, which CI does not allow."""
    if CHROMIUM is None:
        if os.environ.get("CI"):
            pytest.fail("CI must have Chromium: .ci/run installs it")
        pytest.skip("no Chromium on this machine: apt-get install chromium-headless-shell")
    return playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


class Visit:
    """A page that was opened, with all that it asked for and complained of."""

    def __init__(self, browser, path, width=1280, **settings):
        self.requests, self.complaints = [], []
        context = browser.new_context(viewport={"width": width, "height": 900}, **settings)
        self.page = context.new_page()
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(path.as_uri())


def barriers(page, scheme: str = "light") -> str:
    """What keeps readers with a disability out of a page, as axe finds it; nothing of a good one. A dark page differs from the
    light one by its colours alone: only they are looked at again."""
    rules = {"runOnly": {"type": "rule", "values": ["color-contrast"]}} if scheme == "dark" else {}
    found = Axe().run(page, options=ACCESSIBILITY | rules)
    return found.generate_report() if found.violations_count else ""
