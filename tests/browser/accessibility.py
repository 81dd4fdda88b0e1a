"""Accessibility rules that a program can check: axe-core, run on the page as the browser has it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Without `preload` axe-core does not write the style sheets it looks through into the page, where ours forbids it; only
# experimental rules need that.
RUN = "tags => axe.run(document, { runOnly: tags, resultTypes: ['violations'], preload: false })"

# What differs from one visit to the next and is not for people: it makes no other page.
TOKEN = re.compile(r'(name="csrfmiddlewaretoken" value=)"\w*"')


class Accessibility:
    """axe-core in one browser. A page that it found nothing wrong with is not looked at again until it differs."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.script = AXE.read_text()
        self.faultless: set[tuple[object, ...]] = set()

    def violations(self, page: Page, *, javascript: bool) -> list[str]:
        """What axe-core finds, in words. It needs scripts: for a page without them it looks at a copy."""
        html = page.content()
        size = page.viewport_size or {"width": 0, "height": 0}
        seen = (page.url, size["width"], size["height"], javascript, TOKEN.sub(r"\1", html))
        if seen in self.faultless:
            return []
        found = self._run(page) if javascript else self._run_on_copy(page, html)
        if not found:
            self.faultless.add(seen)
        return found

    def _run(self, page: Page) -> list[str]:
        # The browser lets its debugger in whatever the Content-Security-Policy says.
        page.evaluate(self.script)
        return [_in_words(violation) for violation in page.evaluate(RUN, RULES)["violations"]]

    def _run_on_copy(self, page: Page, html: str) -> list[str]:
        """On the same HTML at the same address and size with its style sheets, its own scripts still not run."""
        context = self.browser.new_context(viewport=page.viewport_size)

        def answer(route: Route) -> None:
            if route.request.resource_type == "document":
                route.fulfill(body=html, content_type="text/html; charset=utf-8")
            elif route.request.resource_type == "script":
                route.abort()
            else:
                route.continue_()

        context.route("**/*", answer)
        try:
            copy = context.new_page()
            copy.goto(page.url)
            return self._run(copy)
        finally:
            context.close()


def _in_words(violation: dict[str, Any]) -> str:
    places = [f"    {node['html']}\n      {node['failureSummary']}" for node in violation["nodes"]]
    heading = f"{violation['id']} ({violation['impact']}): {violation['help']}, {violation['helpUrl']}"
    return "\n".join([heading, *places])
