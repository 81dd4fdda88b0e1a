"""How long the way of an ordinary request is: pages, screens of a phone, Tab keys and weights, in a real browser.

    make run                                            # in another terminal, with its demonstration data
    .venv/bin/python -m benchmarks.journey http://127.0.0.1:8000

Walks from the start to the confirmation, answering the core questions alone. It ends with an error if a goal is missed.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, field
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, Response, sync_playwright

from tests.browser.chromium import find_chromium

PHONE = {"width": 390, "height": 844}
SMALLEST = 320
# The practitioner of the demonstration data.
EMAIL, PASSWORD = "practitioner@fenbridge.example", "demonstration-only"
KILOBYTE = 1024
GOALS = {
    "pages": 10,
    "screens of scrolling": 12,
    "Tab keys to “Save and continue” on What": 20,
    "pixels wider than the smallest screen": 0,
    "KB of the guide": 40,
    "KB of the heaviest form": 60,
}
# What somebody in a hurry answers: the name of a control, and its value. Those that are not shown are passed over.
ANSWERS = {
    "what": {
        "what.urgency": "days",
        "what.request": "Whether the room is still held, and until when.",
        "what.kinds": "whereabouts",
    },
    "who": {"who.asking": "Discharge coordinator of the ward. I rang back on the hospital's number."},
    "why": {
        "why.purpose": "The ward wants somewhere for the person to go.",
        "why.if_not_shared": "They leave hospital for the street.",
    },
    "role": {"role.consistent": "service"},
    "decide": {
        "decide.outcome": "share-part",
        "decide.shared": "That the room is held, and until when. To the ward.",
        "decide.reasoning": "Two facts keep a roof over them.",
    },
}


@dataclass
class Walk:
    """What was counted. A page counts once for each time it is come to."""

    page: Page
    lengths: list[tuple[str, float]] = field(default_factory=list)
    controls: int = 0
    widest: int = 0
    weights: dict[str, int] = field(default_factory=dict)

    def looks(self) -> None:
        self.page.evaluate("document.activeElement.blur()")  # saves, and shows what the answers bring up
        self.page.wait_for_load_state("networkidle")
        self.page.wait_for_timeout(1000)
        title = self.page.get_by_role("heading", level=1).inner_text().split("\n")[-1]
        height = self.page.evaluate("document.documentElement.scrollHeight")
        self.lengths.append((title, height / PHONE["height"]))
        self.controls += self.page.locator(
            "main :is(input:not([type=hidden]), textarea, select, button):visible"
        ).count()
        self.page.set_viewport_size({**PHONE, "width": SMALLEST})
        self.widest = max(self.widest, self.page.evaluate("document.documentElement.scrollWidth"))
        self.page.set_viewport_size(PHONE)

    def presses(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name).first.click()

    def answers(self, part: str) -> None:
        for name, value in ANSWERS[part].items():
            controls = self.page.locator(f'[name="{name}"]:visible')
            if controls.count() and controls.first.get_attribute("type") in {"radio", "checkbox"}:
                self.page.locator(f'[name="{name}"][value="{value}"]').check()
            elif controls.count():
                controls.first.fill(value)


def weigh(page: Page, address: str) -> int:
    """Bytes of a first visit, as they are sent."""
    sizes: list[int] = []

    def add(response: Response) -> None:
        sizes.append(response.request.sizes()["responseBodySize"])

    with_empty_cache = page.context.browser.new_context(storage_state=page.context.storage_state())  # type: ignore[union-attr]
    new = with_empty_cache.new_page()
    new.on("response", add)
    new.goto(address, wait_until="networkidle")
    with_empty_cache.close()
    return sum(sizes)


def tabs_to_save(page: Page) -> int:
    """Tab keys from the skip link, which is followed."""
    page.reload()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    for pressed in range(2, 200):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText?.trim()") == "Save and continue":
            return pressed
    raise SystemExit("The Tab key does not come to “Save and continue”.")


def sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/accounts/login/")
    page.get_by_label("Email address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_load_state()


def walk(page: Page, address: str) -> tuple[Walk, int]:
    walk = Walk(page)
    walk.weights["guide"] = weigh(page, f"{address}/guide/")
    page.goto(f"{address}/decisions/new/")
    walk.looks()
    page.get_by_label("We were asked for information").check()
    page.get_by_label("Short summary").fill("Ward asks about a placement")
    walk.presses("Start")
    page.wait_for_load_state()
    if "/what/" not in page.url:
        walk.looks()
        page.get_by_role("main").get_by_role("link", name="What?").first.click()
        page.wait_for_load_state()
    tabs = tabs_to_save(page)
    for part in ANSWERS:
        page.wait_for_url(f"**/{part}/**")
        walk.weights[part] = weigh(page, page.url)
        walk.answers(part)
        walk.looks()
        walk.presses("Save and continue")
    page.wait_for_url("**/check/**")
    walk.looks()
    walk.presses("Record this decision")
    page.wait_for_url(lambda url: "/check/" not in url)
    walk.looks()
    return walk, tabs


def main(address: str) -> None:
    chromium = find_chromium()
    with sync_playwright() as playwright, TemporaryDirectory(prefix="browser-") as folder:
        browser = playwright.chromium.launch(
            executable_path=chromium.executable,
            args=["--disable-gpu"],
            env={**os.environ, **chromium.environment, "TMPDIR": folder},
        )
        page = browser.new_page(viewport=PHONE)
        sign_in(page, address)
        walked, tabs = walk(page, address)
        browser.close()
    for title, screens in walked.lengths:
        print(f"{screens:6.1f} screens long: {title}")
    print(
        f"{sum(screens for _, screens in walked.lengths):6.1f} screens long in all, {walked.controls} controls"
    )
    forms = {part: weight for part, weight in walked.weights.items() if part != "guide"}
    measured = [
        len(walked.lengths),
        sum(screens - 1 for _, screens in walked.lengths if screens > 1),  # the first screen needs none
        tabs,
        max(0, walked.widest - SMALLEST),
        walked.weights["guide"] / KILOBYTE,
        max(forms.values()) / KILOBYTE,
    ]
    missed = 0
    for (name, goal), value in zip(GOALS.items(), measured, strict=True):
        missed += value > goal
        print(f"{value:6.1f} {name}: the goal is {goal}{' – MISSED' if value > goal else ''}")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/") if len(sys.argv) > 1 else "http://127.0.0.1:8000")
