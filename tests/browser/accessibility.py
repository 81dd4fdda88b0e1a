"""Accessibility rules that a program can check: axe-core, run on the page as the browser has it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from playwright.sync_api import Browser, Page, Route

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Without `preload` axe-core does not write the style sheets it looks through into the page, where ours forbids it; only
# experimental rules need that. An element is named by its HTML: selectors for all of them take an eighth of the time.
RUN = """async tags => {
    const options = { runOnly: tags, resultTypes: ["violations"], preload: false, selectors: false };
    const found = await axe.run(document, options);
    return found.violations;  // what it found to be right is longer, and nobody reads it
}"""

EMPTY = "/nothing-but-axe-core/"

# What differs from one visit to the next and is not for people: it makes no other page.
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=)"\w*"')


class Accessibility:
    """axe-core in a window of its own, to which each page is brought as the browser shows it.

    There it is warm, and needs none of the page's own scripts to run. A page that it found nothing wrong with is not
    looked at again until it differs.
    """

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.faultless: set[tuple[object, ...]] = set()
        self.windows: dict[str, Page] = {}

    def violations(self, page: Page) -> list[str]:
        """What axe-core finds, in words."""
        html = page.content()
        size = page.viewport_size
        assert size
        seen = (page.url, size["width"], size["height"], TOKEN.sub(r"\1", html))
        if seen in self.faultless:
            return []
        window = self._window(page)
        window.set_viewport_size(size)
        window.set_content(html)
        found = [_in_words(violation) for violation in window.evaluate(RUN, RULES)]
        if not found:
            self.faultless.add(seen)
        return found

    def _window(self, page: Page) -> Page:
        """A window at the page's site with axe-core in it: its style sheets load, its scripts do not."""
        site = urljoin(page.url, "/")
        if site not in self.windows:
            window = self.browser.new_context().new_page()
            window.route(f"**{EMPTY}", _answer)
            window.goto(urljoin(site, EMPTY))
            window.unroute_all()  # while anything is routed, the browser keeps no style sheet
            network = window.context.new_cdp_session(window)
            network.send("Network.enable")
            network.send("Network.setBlockedURLs", {"urls": ["*.js"]})
            window.evaluate(AXE.read_text())
            self.windows[site] = window
        return self.windows[site]


def _answer(route: Route) -> None:
    route.fulfill(body="<!doctype html>", content_type="text/html")


def _in_words(violation: dict[str, Any]) -> str:
    places = [f"    {node['html']}\n      {node['failureSummary']}" for node in violation["nodes"]]
    heading = f"{violation['id']} ({violation['impact']}): {violation['help']}, {violation['helpUrl']}"
    return "\n".join([heading, *places])
