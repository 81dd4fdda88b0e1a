"""Accessibility rules that a program can check: axe-core, run on the page as the browser has it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Route

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Without `preload` axe-core does not write the style sheets it looks through into the page, where ours forbids it; only
# experimental rules need that.
RUN = "tags => axe.run(document, { runOnly: tags, resultTypes: ['violations'], preload: false })"


def find_violations(page: Page, *, javascript: bool) -> list[str]:
    """What axe-core finds, in words. It needs scripts: for a page without them it looks at a copy."""
    if not javascript:
        with _copy_where_axe_runs(page) as copy:
            return find_violations(copy, javascript=True)
    page.evaluate(
        AXE.read_text()
    )  # the browser lets its debugger in whatever the Content-Security-Policy says
    found = page.evaluate(RUN, RULES)
    return [_in_words(violation) for violation in found["violations"]]


@contextmanager
def _copy_where_axe_runs(page: Page) -> Iterator[Page]:
    """The same HTML at the same address and size with its style sheets, its own scripts still not run."""
    html = page.content()
    assert page.context.browser is not None
    context = page.context.browser.new_context(viewport=page.viewport_size)

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
        yield copy
    finally:
        context.close()


def _in_words(violation: dict[str, Any]) -> str:
    places = [f"    {node['html']}\n      {node['failureSummary']}" for node in violation["nodes"]]
    heading = f"{violation['id']} ({violation['impact']}): {violation['help']}, {violation['helpUrl']}"
    return "\n".join([heading, *places])
