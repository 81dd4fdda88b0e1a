"""An editor's way from a draft to the next version of the guide, and a reader who finds it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from guidance.editing.publishing import save_row
from guidance.models import GuideVersion, Section
from sharingwell.accounts.models import User
from tests.browser import without_javascript
from tests.browser.journeys import Person
from tests.guidance.factories import load_first_version
from tests.sharingwell.accounts.factories import PersonFactory

VERSIONS = "/admin/guidance/guideversion/"


class Editor(Person):
    """Somebody who writes the guide."""

    def starts_a_draft(self) -> None:
        self.presses("Start a draft from the current version")
        self.is_at("Change guide version")

    def edits(self, title: str) -> None:
        self.page.get_by_role("main").get_by_role("link", name=title, exact=True).first.click()
        self.looks_at_the_page()

    def saves(self) -> None:
        self.page.get_by_role("button", name="Save", exact=True).click()
        self.looks_at_the_page()

    def finds_the_check(self, words: str) -> None:
        checks = self.page.get_by_role("region", name="Checks")
        expect(checks.get_by_role("listitem").filter(has_text=words)).to_be_visible()

    def follows_the_check(self, words: str) -> None:
        checks = self.page.get_by_role("region", name="Checks")
        checks.get_by_role("listitem").filter(has_text=words).get_by_role("link").click()
        self.looks_at_the_page()

    def finds_no_errors(self) -> None:
        self.sees("No errors: nothing stands in the way of publishing.")

    def sees_what_changes(self, inserted: str, deleted: str) -> None:
        expect(self.page.locator("ins").filter(has_text=inserted).first).to_be_visible()
        expect(self.page.locator("del").filter(has_text=deleted).first).to_be_visible()

    def dates_it(self, day: str, month: str, year: str) -> None:
        for part, number in [("Day", day), ("Month", month), ("Year", year)]:
            self.writes(part, number)


@pytest.fixture(autouse=True)
def _guide(transactional_db: None) -> None:
    load_first_version()


@pytest.fixture
def editor() -> User:
    return PersonFactory(roles=["guide_editor"])


@pytest.fixture
def someone(page: Page, check_accessibility: Callable[[Page], None]) -> Editor:
    return Editor(page, check_accessibility)


def test_from_a_broken_citation_to_the_next_version(someone: Editor, editor: User) -> None:
    someone.is_signed_in(editor)
    someone.opens(VERSIONS)
    someone.starts_a_draft()
    someone.finds_no_errors()

    someone.edits("What we all need")
    body = someone.page.get_by_label("Body:")
    body.fill(
        body.input_value().replace("you can trust and", "people can rely on, **that you can trust** and")
    )
    someone.presses("Save and preview")
    someone.is_at("Sharing well")
    expect(someone.page.locator("strong").filter(has_text="that you can trust")).to_be_visible()
    someone.follows("Back to the draft")

    someone.edits("How urgent is the matter?")
    cites = someone.page.get_by_label("Cites:")
    right = cites.input_value()
    cites.fill(f"{right}\nsection:what-is-neeeded")
    someone.saves()
    someone.finds_the_check("“section:what-is-neeeded” leads nowhere")
    someone.follows("See what changes, and publish")
    someone.sees("1 error to put right first")
    expect(someone.page.get_by_role("button", name="Publish")).to_have_count(0)
    someone.follows("Back to the draft")

    someone.follows_the_check("“section:what-is-neeeded” leads nowhere")
    someone.page.get_by_label("Cites:").fill(right)
    someone.saves()
    someone.finds_no_errors()

    someone.follows("See what changes, and publish")
    someone.sees_what_changes(inserted="people can rely on", deleted="you can trust")
    someone.presses("Publish")
    expect(someone.page.get_by_role("alert")).to_contain_text("Say what changed and why")
    someone.dates_it("1", "9", "2026")
    someone.writes("Change note", "Says what trust is about.")
    someone.chooses("How much does a reader need to know of it?", "Minor: the same advice in better words")
    someone.presses("Publish")
    someone.sees("Published: Sharing well, 1 September 2026.")
    assert GuideVersion.objects.current().change_note == "Says what trust is about."

    someone.opens("/guide/")
    someone.sees("Version of 1 September 2026")
    someone.sees("people can rely on")


@without_javascript
def test_putting_in_order_and_adding_and_discarding(someone: Editor, editor: User) -> None:
    someone.is_signed_in(editor)
    someone.opens(VERSIONS)
    someone.starts_a_draft()

    someone.presses("Move down “About this guide”")
    order = someone.page.get_by_role("region", name="Sections").locator(".sw-rows__line a").all_inner_texts()
    assert order[1:3] == ["An enabler not a barrier", "About this guide"]

    someone.page.get_by_role("link", name="Add a section").click()
    someone.looks_at_the_page()
    someone.page.get_by_label("Title:").fill("<script>alert(1)</script>")
    someone.page.get_by_label("Slug:").fill("Not A Slug")
    someone.page.get_by_label("Body:").fill("<script>alert(2)</script> <b onclick='alert(3)'>words</b>")
    someone.presses("Save and preview")
    someone.sees("Enter a valid “slug”")
    someone.page.get_by_label("Slug:").fill("a-script")
    someone.presses("Save and preview")
    someone.sees("<script>alert(2)</script>")
    someone.follows("Back to the draft")

    someone.follows("Discard this draft")
    someone.sees("A discarded draft cannot be brought back.")
    someone.presses("Yes, discard it")
    someone.sees("Discarded: Sharing well, draft without a date.")
    assert GuideVersion.objects.count() == 1


def test_the_second_of_two_editors_is_shown_what_the_first_wrote(someone: Editor, editor: User) -> None:
    someone.is_signed_in(editor)
    someone.opens(VERSIONS)
    someone.starts_a_draft()
    someone.edits("What we all need")
    someone.page.get_by_label("Body:").fill("What I would say.")
    theirs = Section.objects.get(version__published_at=None, title="What we all need")
    theirs.body = "What the other says."
    save_row(by=PersonFactory(roles=["guide_editor"]), row=theirs)

    someone.saves()
    someone.sees("Someone else has saved this since you opened it.")
    now = someone.page.get_by_role("region", name="What it says now")
    expect(now).to_contain_text("What the other says.")
    expect(someone.page.get_by_label("Body:")).to_have_value("What I would say.")

    someone.saves()
    someone.sees("Saved: What we all need.")


def test_the_pages_fit_a_small_screen(someone: Editor, editor: User) -> None:
    someone.is_signed_in(editor)
    someone.opens(VERSIONS)
    someone.starts_a_draft()
    draft = GuideVersion.objects.get(published_at=None)
    someone.sees_that_it_fits_small_screens()
    for page in ["preview", "publish", "delete"]:
        someone.opens(f"{VERSIONS}{draft.pk}/{page}/")
        someone.sees_that_it_fits_small_screens()
    section = draft.sections.all()[0]
    someone.opens(f"/admin/guidance/section/{section.pk}/change/")
    someone.sees_that_it_fits_small_screens()
