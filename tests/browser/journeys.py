"""What the people in the journeys do, in their words. Each page they come to is looked at by axe-core."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from sharingwell.accounts.models import User
from tests.sharingwell.accounts.factories import PASSWORD

PHONE = 390  # pixels
SMALLEST = 320  # also a screen of 1280 pixels at 400% zoom


PASTE_HERE = """() => {
    window.focusedBefore = document.activeElement;
    document.body.append(Object.assign(document.createElement("textarea"), { id: "paste-here" }));
    document.getElementById("paste-here").focus();
}"""
TAKE_PASTED = """() => {
    const field = document.getElementById("paste-here");
    field.remove();
    window.focusedBefore.focus();
    return field.value;
}"""


def pasted(page: Page) -> str:
    """Pastes as a person would: the product's pages may not read the clipboard."""
    page.evaluate(PASTE_HERE)
    page.keyboard.press("ControlOrMeta+V")
    return str(page.evaluate(TAKE_PASTED))


class Person:
    """Somebody at a browser."""

    def __init__(self, page: Page, check_accessibility: Callable[[Page], None]) -> None:
        self.page = page
        self.check_accessibility = check_accessibility

    def opens(self, address: str) -> None:
        self.page.goto(address)
        self.looks_at_the_page()

    def follows(self, name: str) -> None:
        self.page.get_by_role("link", name=name).first.click()
        self.looks_at_the_page()

    def downloads(self, name: str) -> str:
        """What the file behind this link holds."""
        with self.page.expect_download() as download:
            self.page.get_by_role("link", name=name).first.click()
        return download.value.path().read_text()

    def presses(self, name: str) -> None:
        self.page.get_by_role("main").get_by_role("button", name=name).first.click()
        self.looks_at_the_page()

    def unfolds(self, name: str) -> None:
        folded = self.page.locator("details").filter(has=self.page.locator("summary", has_text=name)).first
        if folded.get_attribute("open") is None:
            folded.locator("summary").first.click()

    def looks_at_the_page(self) -> None:
        self.page.wait_for_load_state()
        self.check_accessibility(self.page)

    def signs_in(self, person: User) -> None:
        self.page.get_by_label("Email address").fill(person.email)
        self.page.get_by_label("Password").fill(PASSWORD)
        self.presses("Sign in")

    def is_signed_in(self, person: User) -> None:
        """Since before, where signing in is not what the journey is about."""
        client = Client()
        client.force_login(person)
        session = client.cookies[settings.SESSION_COOKIE_NAME]
        cookie = {"name": session.key, "value": session.value, "domain": "localhost", "path": "/"}
        self.page.context.add_cookies([cookie])

    def signs_out(self) -> None:
        menu = self.page.get_by_role("button", name="Menu", exact=True)
        if menu.is_visible():
            menu.click()
        self.page.get_by_role("button", name="Sign out").click()
        self.looks_at_the_page()

    def writes(self, question: str, words: str) -> None:
        self.page.get_by_label(question, exact=True).fill(words)

    def chooses(self, question: str, *options: str) -> None:
        group = self.page.get_by_role("group", name=question)
        for option in options:
            group.get_by_label(option, exact=True).check()

    def dates(self, question: str, day: str, month: str, year: str) -> None:
        """Types a date under the option of this question that asks for one."""
        group = self.page.get_by_role("group", name=question)
        for part, number in [("Day", day), ("Month", month), ("Year", year)]:
            group.get_by_label(part, exact=True).fill(number)

    def sees(self, words: str) -> None:
        expect(self.page.get_by_text(words).first).to_be_visible()

    def has_written(self, question: str, words: str) -> None:
        expect(self.page.get_by_label(question, exact=True)).to_have_value(words)

    def is_at(self, heading: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_contain_text(heading)

    def reads_in_the_record(self, question: str, answer: str) -> None:
        row = self.page.locator("dl > div").filter(has_text=question)
        expect(row).to_contain_text(answer)

    def sees_no_sideways_scrolling(self) -> None:
        size = self.page.viewport_size
        assert size
        width = self.page.evaluate("document.documentElement.scrollWidth")
        assert width <= size["width"], f"{self.page.url} at {size['width']} pixels"

    def sees_that_it_fits_small_screens(self) -> None:
        for width in [PHONE, SMALLEST]:
            self.page.set_viewport_size({"width": width, "height": 800})
            self.sees_no_sideways_scrolling()

    def reference(self) -> str:
        found = re.search(r"/decisions/(SW-[^/]+)/", self.page.url)
        assert found, self.page.url
        return found.group(1)
