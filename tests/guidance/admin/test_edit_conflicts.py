"""Two editors of one draft: neither overwrites the other's text unknowingly, and none is lost."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client

from guidance.admin import rows as admin_rows
from guidance.editing import publishing
from guidance.editing.publishing import EditConflict, save_row
from guidance.editing.rows import fingerprint
from guidance.models import GuideVersion, Section
from sharingwell.accounts.models import Role, User
from tests.guidance.admin.test_drafts import fields_of, page, row_page, words
from tests.guidance.editing.test_publishing import publish
from tests.guidance.pages import soup_of
from tests.sharingwell.accounts.factories import PersonFactory

pytestmark = pytest.mark.django_db

MINE, THEIRS = "What I would say.", "What the other says."
TOLD = "“Someone has told us something”"


@pytest.fixture
def other() -> User:
    return PersonFactory(roles=[Role.GUIDE_EDITOR])


@pytest.fixture
def section(draft: GuideVersion) -> Section:
    return draft.sections.get(slug="why")


def stored_now(soup: BeautifulSoup) -> list[tuple[str, str]]:
    """Stored text shown on the page, by label of the field."""
    shown = soup.select("[aria-labelledby=meanwhile] dl > div")
    return [(row.select("dt")[0].get_text(), row.select(".sw-words")[0].get_text()) for row in shown]


def send(client: Client, address: str, fields: dict[str, Any]) -> tuple[int, BeautifulSoup]:
    """Posts from the same origin."""
    response = client.post(address, fields, headers={"referer": f"http://testserver{address}"})
    return response.status_code, soup_of(response.content)


@pytest.mark.usefixtures("draft_throughout")
class TestOneRow:
    def test_the_second_keeps_their_words_sees_what_it_says_now_and_chooses(
        self, section: Section, editor: Client, other: User
    ) -> None:
        opened = {**fields_of(editor, row_page(section)), "body": MINE}
        section.body = THEIRS
        save_row(by=other, row=section)

        status, soup = send(editor, row_page(section), opened)

        assert status == 200
        assert "Someone else has saved this since you opened it" in words(soup)
        assert soup.select_one("textarea[name=body]").get_text(strip=True) == MINE  # type: ignore[union-attr]
        assert stored_now(soup) == [("Body", THEIRS)]
        assert soup.select_one(f"#content-main dl ~ p a[href='{row_page(section)}']") is not None
        section.refresh_from_db()
        assert section.body == THEIRS

        now = soup.select_one("input[name=seen]")
        assert now is not None
        status, _ = send(editor, row_page(section), {**opened, "seen": now["value"]})

        section.refresh_from_db()
        assert (status, section.body) == (302, MINE)

    def test_a_second_change_is_a_second_conflict(
        self, section: Section, editor: Client, other: User
    ) -> None:
        opened = {**fields_of(editor, row_page(section)), "body": MINE}
        section.body = THEIRS
        save_row(by=other, row=section)
        _, soup = send(editor, row_page(section), opened)
        now = soup.select_one("input[name=seen]")
        assert now is not None
        section.body = "Something else again."
        save_row(by=other, row=section)

        _, soup = send(editor, row_page(section), {**opened, "seen": now["value"]})

        assert "Something else again." in words(soup)
        section.refresh_from_db()
        assert section.body == "Something else again."

    def test_a_move_is_no_conflict(self, section: Section, editor: Client, other: User) -> None:
        opened = {**fields_of(editor, row_page(section)), "body": MINE}
        publishing.move_row(by=other, row=section, step=1)
        moved = Section.objects.get(pk=section.pk).position

        assert send(editor, row_page(section), opened)[0] == 302

        section.refresh_from_db()
        assert (section.body, section.position) == (MINE, moved)

    def test_no_conflict_where_both_saved_the_same(
        self, section: Section, editor: Client, other: User
    ) -> None:
        opened = {**fields_of(editor, row_page(section)), "body": MINE}
        section.body = MINE
        save_row(by=other, row=section)

        assert send(editor, row_page(section), opened)[0] == 302

    @pytest.mark.parametrize(
        ("kind", "key", "changes", "said"),
        [
            ("questions", "what.kinds", {"kind": "one"}, [("Kind", "One choice")]),
            ("questions", "what.kinds", {"cites": ["principle:1", "principle:2"]},
             [("Cites", "principle:1\nprinciple:2")]),
            ("questions", "what.kinds", {"required": True}, [("Required", "Yes")]),
            ("questions", "what.kinds", {"wording": {"told": {"text": "What were you told?", "hint": "In short."}}},
             [("Wording by direction", f"Text, when {TOLD}: What were you told?\nHint, when {TOLD}: In short.")]),
            ("considerations", "serious-harm-now", {"text": THEIRS}, [("Text", THEIRS)]),
        ],
    )  # fmt: skip
    def test_stored_values_are_shown_as_text(
        self, kind: str, key: str, changes: dict[str, Any], said: list[tuple[str, str]],
        draft: GuideVersion, editor: Client,
    ) -> None:  # fmt: skip
        row = getattr(draft, kind).get(key=key)
        opened = fields_of(editor, row_page(row))
        type(row).objects.filter(pk=row.pk).update(**changes)

        _, soup = send(editor, row_page(row), opened)

        assert stored_now(soup) == said

    def test_input_without_a_fingerprint_is_a_conflict(self, section: Section, editor: Client) -> None:
        stored = section.body
        opened = {**fields_of(editor, row_page(section)), "body": MINE}
        del opened["seen"]

        status, soup = send(editor, row_page(section), opened)

        section.refresh_from_db()
        assert (status, section.body) == (200, stored)
        assert MINE in words(soup)
        assert soup.select_one("input[name=seen]") is not None

    def test_the_title_is_a_row_like_any_other(
        self, draft: GuideVersion, editor: Client, other: User
    ) -> None:
        opened = {**fields_of(editor, page(draft)), "title": MINE}
        draft.title = THEIRS
        publishing.change_title(by=other, draft=draft)

        status, soup = send(editor, page(draft), opened)

        assert (status, THEIRS in words(soup)) == (200, True)
        draft.refresh_from_db()
        assert draft.title == THEIRS


@pytest.mark.django_db(transaction=True)
class TestConcurrentSave:
    """The other editor saves between validation and saving."""

    def quicker(self, monkeypatch: pytest.MonkeyPatch, act: Any) -> None:
        def acting() -> None:
            act()
            connection.close()

        def saving(**facts: Any) -> None:
            monkeypatch.setattr(admin_rows, "save_row", save_row)
            other = threading.Thread(target=acting)
            other.start()
            other.join(timeout=30)
            save_row(**facts)

        monkeypatch.setattr(admin_rows, "save_row", saving)

    def test_the_second_is_told(
        self, section: Section, editor: Client, other: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        opened = {**fields_of(editor, row_page(section)), "body": MINE}
        theirs = Section.objects.get(pk=section.pk)
        theirs.body = THEIRS
        self.quicker(monkeypatch, lambda: save_row(by=other, row=theirs))

        status, soup = send(editor, row_page(section), opened)

        assert (status, THEIRS in words(soup), MINE in words(soup)) == (200, True, True)

    def test_one_key_is_given_once(
        self, draft: GuideVersion, editor: Client, other: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        theirs = Section(version=draft, slug="new", title="Theirs", body=THEIRS)
        self.quicker(monkeypatch, lambda: save_row(by=other, row=theirs))
        fields = {"title": "Mine", "slug": "new", "level": 2, "body": MINE}

        status, soup = send(editor, f"/admin/guidance/section/add/?guideversion={draft.pk}", fields)

        error = soup.select_one(".field-slug .errorlist")
        assert status == 200
        assert error is not None
        assert "Another section here has “new”: choose a different one." in error.get_text()
        assert MINE in words(soup)
        assert draft.sections.get(slug="new").body == THEIRS


@pytest.mark.usefixtures("draft_throughout")
class TestSavingOver:
    def test_an_outdated_fingerprint_is_refused(self, section: Section, other: User) -> None:
        seen = fingerprint(section)
        section.body = THEIRS
        save_row(by=other, row=section, base_fingerprint=seen)

        section.body = MINE
        with pytest.raises(EditConflict):
            save_row(by=other, row=section, base_fingerprint=seen)

    def test_a_deleted_row_is_not_saved(self, draft: GuideVersion, section: Section, other: User) -> None:
        publishing.delete_row(by=other, row=Section.objects.get(pk=section.pk))

        with pytest.raises(EditConflict):
            save_row(by=other, row=section)
        assert not draft.sections.filter(slug="why").exists()

    def test_a_key_that_is_taken_is_refused(self, draft: GuideVersion, other: User) -> None:
        with pytest.raises(EditConflict):
            save_row(by=other, row=Section(version=draft, slug="why", title="Why again", body=MINE))

    def test_a_deleted_row_is_not_moved(self, section: Section, other: User) -> None:
        publishing.delete_row(by=other, row=Section.objects.get(pk=section.pk))

        assert not publishing.move_row(by=other, row=section, step=1)


@pytest.mark.usefixtures("draft_throughout")
class TestInputForADeletedOrPublishedRow:
    """Input for a deleted or published row is shown for copying."""

    @pytest.mark.parametrize("done", ["deleted", "discarded", "published"])
    def test_are_kept_on_the_page(
        self, done: str, draft: GuideVersion, section: Section, editor: Client, other: User
    ) -> None:
        address = row_page(section)
        opened = {**fields_of(editor, address), "body": MINE, "_save": "Save"}
        title = {**fields_of(editor, page(draft)), "title": MINE}
        if done == "deleted":
            publishing.delete_row(by=other, row=Section.objects.get(pk=section.pk))
        elif done == "discarded":
            publishing.discard_draft(by=other, draft=GuideVersion.objects.get(pk=draft.pk))
        else:
            publish(draft, other)

        answers = [send(editor, address, opened)]
        if done != "deleted":
            answers.append(send(editor, page(draft), title))

        for status, soup in answers:
            assert status == 403
            assert "This was not saved" in words(soup)
            assert MINE in [quote.get_text() for quote in soup.select("blockquote")]
            assert "Save" not in [quote.get_text() for quote in soup.select("blockquote")]

    def test_input_for_a_new_row_is_shown(self, draft: GuideVersion, editor: Client, other: User) -> None:
        publishing.discard_draft(by=other, draft=GuideVersion.objects.get(pk=draft.pk))
        fields = {"title": "New", "slug": "new", "level": 2, "body": MINE}

        status, soup = send(editor, f"/admin/guidance/section/add/?guideversion={draft.pk}", fields)

        assert (status, MINE in words(soup)) == (403, True)
