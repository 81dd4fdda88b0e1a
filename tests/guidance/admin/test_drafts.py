"""Drafts in the admin: guide editors list, edit, reorder, preview, publish and discard them."""

from __future__ import annotations

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from guidance.editing.drafts import read_draft
from guidance.editing.publishing import save_row, start_draft
from guidance.editing.rows import fingerprint
from guidance.models import Consideration, GuideVersion, Question, Resource, Section
from sharingwell.accounts.models import Role
from tests.guidance.admin.test_versions import LIST, signed_in
from tests.guidance.pages import soup_of
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import content_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("draft_throughout")]

SCRIPT = "<script>alert(1)</script>"


def page(version: GuideVersion, name: str = "change") -> str:
    return f"{LIST}{version.pk}/{name}/"


def row_page(row: Any, name: str = "change") -> str:
    return f"/admin/guidance/{row._meta.model_name}/{row.pk}/{name}/"


def fields_of(client: Client, address: str) -> dict[str, Any]:
    """Fields that a browser would post, with CRLF line endings."""
    form = soup_of(content_of(client.get(address))).select_one("#content-main form")
    assert form is not None
    fields: dict[str, Any] = {}
    for field in form.select("[name]"):
        name = str(field["name"])
        if field.name == "textarea":
            fields[name] = field.get_text().removeprefix("\n").replace("\n", "\r\n")
        elif field.name == "select":
            chosen = field.select_one("option[selected]")
            fields[name] = chosen["value"] if chosen else ""
        elif field.get("type") == "checkbox":
            if field.has_attr("checked"):
                fields.setdefault(name, []).append(field.get("value", "on"))
        elif field.get("type") != "submit":
            fields[name] = field.get("value", "")
    return fields


def words(soup: BeautifulSoup) -> str:
    return " ".join(soup.get_text().split())


def test_what_is_core_what_applies_and_what_is_folded_are_edited(client: Client, draft: GuideVersion) -> None:
    editor = signed_in(client, Role.GUIDE_EDITOR)
    question = draft.questions.get(key="decide.first_step")
    fields = fields_of(editor, row_page(question))
    assert fields["core"] == ["told"]
    assert fields["applies_when"] == ""

    refused = editor.post(row_page(question), {**fields, "applies_when": '{"all": []}'})
    assert "A condition needs a clause" in content_of(refused)
    condition = '{"all": [{"question": "decide.outcome", "is": "share"}]}'
    editor.post(row_page(question), {**fields, "core": ["share", "told"], "applies_when": condition})
    question.refresh_from_db()
    assert question.core == ["share", "told"]
    assert question.applies_when == {"all": [{"question": "decide.outcome", "is": "share"}]}
    assert any("11 core questions" in remark.message for remark in read_draft(draft).errors)

    option = draft.questions.get(key="what.kinds").options.get(key="health")
    editor.post(row_page(option), {**fields_of(editor, row_page(option)), "folded": "on"})
    option.refresh_from_db()
    assert option.folded


class TestWhoMay:
    @pytest.mark.parametrize(
        ("roles", "is_superuser", "reads", "writes"),
        [
            ([Role.GUIDE_EDITOR], False, 200, 302),
            ([], True, 200, 302),
            ([Role.ADMINISTRATOR], False, 200, 403),
            ([Role.IG_MANAGER], False, 403, 403),
            ([Role.PRACTITIONER], False, 302, 302),
        ],
    )
    def test_editors_write_and_administrators_read(
        self,
        roles: list[Role],
        is_superuser: bool,
        reads: int,
        writes: int,
        draft: GuideVersion,
        client: Client,
    ) -> None:
        signed_in(client, *roles, is_superuser=is_superuser)
        section = draft.sections.all()[0]

        assert client.get(page(draft)).status_code == reads
        assert client.get(page(draft, "preview")).status_code == reads
        assert client.get(row_page(section)).status_code == reads
        changed = {"title": "Changed", "slug": section.slug, "level": 2, "body": "Words."}
        seen = {"seen": fingerprint(section)}
        assert client.post(row_page(section), {**changed, **seen}).status_code == writes
        assert client.post(f"{LIST}start/").status_code == writes
        move = {"kind": "section", "row": section.pk, "to": "down"}
        assert client.post(page(draft, "move"), move).status_code == writes
        assert client.get(page(draft, "publish")).status_code in {200 if writes == 302 else 403, reads}
        assert client.post(page(draft, "delete"), {"post": "yes"}).status_code == writes
        writing = is_superuser or Role.GUIDE_EDITOR in roles
        assert GuideVersion.objects.filter(pk=draft.pk).exists() is not writing

    def test_starting_and_moving_are_not_done_by_a_link(self, draft: GuideVersion, editor: Client) -> None:
        assert editor.get(f"{LIST}start/").status_code == 405
        assert editor.get(page(draft, "move")).status_code == 405


class TestTheDraftsPage:
    def test_lists_everything_with_links(self, draft: GuideVersion, editor: Client) -> None:
        soup = soup_of(content_of(editor.get(page(draft))))
        links = {link["href"] for link in soup.select("#content a[href]")}

        for rows in (
            draft.sections, draft.examples, draft.principles, draft.resources, draft.questions, draft.considerations
        ):  # fmt: skip
            assert {row_page(row) for row in rows.all()} <= links
        assert {
            row_page(option) for question in draft.questions.all() for option in question.options.all()
        } <= links

    def test_names_every_button_by_what_it_moves(self, draft: GuideVersion, editor: Client) -> None:
        soup = soup_of(content_of(editor.get(page(draft))))
        names = [button.get_text() for button in soup.select("button.sw-move")]

        assert "Move up “About this guide”" in names
        assert "Move down “About this guide”" in names
        assert "Move up “What is Changing Futures?”" not in names  # it is the first

    def test_says_what_is_wrong_and_where(self, draft: GuideVersion, editor: Client) -> None:
        question = draft.questions.get(key="what.urgency")
        Question.objects.filter(pk=question.pk).update(cites=["section:nowhere"])
        checks = soup_of(content_of(editor.get(page(draft)))).select_one(".sw-checks")

        assert checks is not None
        assert "1 error: the draft cannot be published yet" in checks.get_text()
        (item,) = [li for li in checks.select("li") if "nowhere" in li.get_text()]
        assert item.a is not None
        assert item.a["href"] == row_page(question)

    def test_renders_invalid_drafts(self, draft: GuideVersion, editor: Client) -> None:
        Section.objects.filter(version=draft, slug="why").update(slug="<b>", title="", body="::: x\n## y")
        Consideration.objects.filter(version=draft).update(condition=[1], cites=[""])
        Resource.objects.filter(version=draft).update(url="javascript:alert(1)")
        Question.objects.filter(version=draft, key="what.request").update(text="")

        for name in ["change", "preview", "publish"]:
            assert editor.get(page(draft, name)).status_code == 200

    def test_takes_few_queries(
        self, draft: GuideVersion, editor: Client, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_max_num_queries(18):
            editor.get(page(draft))

    def test_an_unknown_page_is_not_found(self, editor: Client) -> None:
        assert editor.get(f"{LIST}999/preview/").status_code == 404
        assert editor.get(f"{LIST}999/publish/").status_code == 404
        assert editor.post(f"{LIST}999/move/", {"kind": "section", "row": "1"}).status_code == 404

    @pytest.mark.parametrize("number", ["9" * 5000, "9" * 30, "²", "٣", "-1"])
    def test_a_number_that_no_row_can_have_is_not_found(
        self, draft: GuideVersion, editor: Client, number: str
    ) -> None:
        assert editor.post(page(draft, "move"), {"kind": "section", "row": number}).status_code == 404
        assert editor.get(f"/admin/guidance/section/add/?guideversion={number}").status_code == 302
        assert editor.get(f"/admin/guidance/option/add/?question={number}").status_code == 302
        assert editor.get(f"/admin/guidance/section/{number}/change/").status_code in {200, 302}  # “٣” is 3
        assert editor.get(f"{LIST}{number}/preview/").status_code in {302, 404}


class TestWritingARow:
    @pytest.mark.parametrize(
        "kind",
        ["section", "example", "principle", "resource", "question", "option", "consideration"],
    )
    def test_saving_what_was_not_changed_changes_nothing(
        self, kind: str, draft: GuideVersion, editor: Client
    ) -> None:
        rows: Any = (
            draft.questions.get(key="what.kinds").options if kind == "option" else getattr(draft, f"{kind}s")
        )
        before = list(rows.values())
        for row in rows.all()[::3]:
            response = editor.post(row_page(row), {**fields_of(editor, row_page(row)), "_save": "Save"})
            assert response.status_code == 302, soup_of(content_of(response)).select(".errorlist")
        assert list(rows.values()) == before

    @pytest.mark.parametrize(
        ("kind", "key", "field", "value", "said"),
        [
            ("sections", "why", "slug", "remember", "Another section here has “remember”"),
            ("sections", "why", "title", "", "This field is required."),
            ("examples", "eviction-not-shared", "slug", "hospital-admission", "Another example here has"),
            ("principles", 7, "number", "1", "Another principle here has “1”"),
            ("principles", 7, "number", "100", "“number” must be 99 or less."),
            ("questions", "what.urgency", "key", "who.urgency", "The key must begin with the part: “what.”."),
            ("questions", "what.urgency", "key", "what.Urgency", "it must be small letters and digits"),
            ("questions", "what.urgency", "max_length", "9", "it belongs to questions of kind text"),
            ("questions", "what.request", "max_length", "", "Say how many characters the answer may have."),
            ("questions", "what.urgency", "cites", "x" * 121, "at most 120 characters"),
            ("considerations", "serious-harm-now", "condition", "{", "This is not JSON: see line 1"),
            ("considerations", "serious-harm-now", "condition", "[" * 9000, "This is not"),
            ("considerations", "serious-harm-now", "condition", '{"all": []}', "A condition needs a clause"),
            (
                "considerations", "serious-harm-now", "condition", '{"all": [{"question": "what.urgency"}]}',
                "A clause needs exactly one of",
            ),
            ("considerations", "serious-harm-now", "cites", " \n", "This field is required."),
        ],
    )  # fmt: skip
    def test_invalid_values_are_reported_at_the_field(
        self, kind: str, key: Any, field: str, value: str, said: str, draft: GuideVersion, editor: Client
    ) -> None:
        name = {"sections": "slug", "examples": "slug", "principles": "number"}.get(kind, "key")
        row = getattr(draft, kind).get(**{name: key})
        before = type(row).objects.filter(pk=row.pk).values().get()

        response = editor.post(row_page(row), {**fields_of(editor, row_page(row)), field: value})

        error = soup_of(content_of(response)).select_one(f".field-{field} .errorlist")
        assert error is not None, soup_of(content_of(response)).select(".errorlist")
        assert said in error.get_text()
        assert type(row).objects.filter(pk=row.pk).values().get() == before

    def test_rows_are_added_to_the_draft_they_were_begun_in(
        self, draft: GuideVersion, editor: Client
    ) -> None:
        urgency = draft.questions.get(key="what.urgency")
        section = draft.sections.all()[0]
        for kind, fields in {
            "section": {"title": "New", "slug": "new", "level": 2, "body": "Words."},
            "example": {"title": "New", "slug": "new-one", "body": "It happened.", "section": section.pk},
            "principle": {"number": 9, "title": "New", "explanation": "Words."},
            "resource": {"title": "New", "url": "https://example.org/"},
            "question": {"part": "what", "key": "what.new", "kind": "text", "text": "New?", "max_length": 99},
            "option": {"key": "new", "text": "New"},
            "consideration": {
                "part": "what", "key": "new", "kind": "think", "text": "Think.",
                "condition": '{"all": [{"question": "direction", "is": "told"}]}', "cites": "section:new",
            },
        }.items():  # fmt: skip
            owner = f"question={urgency.pk}" if kind == "option" else f"guideversion={draft.pk}"
            response = editor.post(f"/admin/guidance/{kind}/add/?{owner}", fields)
            assert response.status_code == 302, (kind, soup_of(content_of(response)).select(".errorlist"))
            assert response["Location"].startswith(page(draft)), kind
        assert draft.sections.filter(slug="new").exists()
        assert draft.questions.filter(key="what.new").exists()
        assert urgency.options.filter(key="new").exists()
        assert soup_of(content_of(editor.get(page(draft)))).select(".sw-checks h3") != []
        assert "No errors" in content_of(editor.get(page(draft)))

    @pytest.mark.parametrize("query", ["", "?guideversion=999", "?guideversion=x", "?question=1"])
    def test_adding_without_a_draft_is_refused(self, query: str, draft: GuideVersion, editor: Client) -> None:
        response = editor.post(f"/admin/guidance/section/add/{query}", {"title": "New", "slug": "new"})

        assert response.status_code == 403
        assert not Section.objects.filter(slug="new").exists()

    def test_nothing_is_added_to_what_is_published(self, guide: GuideVersion, editor: Client) -> None:
        response = editor.post(
            f"/admin/guidance/section/add/?guideversion={guide.pk}",
            {"title": "New", "slug": "new", "level": 2},
        )

        assert response.status_code == 403
        assert not Section.objects.filter(slug="new").exists()

    def test_an_example_is_not_put_into_another_version(
        self, guide: GuideVersion, draft: GuideVersion, editor: Client
    ) -> None:
        fields = {"title": "New", "slug": "n", "body": "Words.", "section": guide.sections.all()[0].pk}

        response = editor.post(f"/admin/guidance/example/add/?guideversion={draft.pk}", fields)

        assert "Select a valid choice" in content_of(response)

    def test_deleting_asks_first_and_goes_back_to_the_draft(
        self, draft: GuideVersion, editor: Client
    ) -> None:
        question = draft.questions.get(key="what.urgency")

        asked = soup_of(content_of(editor.get(row_page(question, "delete"))))
        assert "Delete the question “How urgent is the matter?” from this draft" in words(asked)
        assert draft.questions.filter(pk=question.pk).exists()
        response = editor.post(row_page(question, "delete"), {"post": "yes"})

        assert response["Location"] == page(draft)
        assert not draft.questions.filter(pk=question.pk).exists()

    def test_the_title_is_saved_and_nothing_else(self, draft: GuideVersion, editor: Client) -> None:
        fields = {**fields_of(editor, page(draft)), "title": "Sharing better", "date": "2030-01-01"}

        assert editor.post(page(draft), fields).status_code == 302

        draft.refresh_from_db()
        assert (draft.title, draft.date) == ("Sharing better", None)


class TestPreview:
    def test_is_the_readers_own_rendering(self, draft: GuideVersion, editor: Client, client: Client) -> None:
        previewed = soup_of(content_of(editor.get(page(draft, "preview"))))
        read = soup_of(content_of(editor.get("/guide/")))

        for heading in read.select("article .sw-heading"):
            found = previewed.find(id=heading["id"])
            assert found is not None
            assert found.get_text() == heading.get_text()
        for panel in [".sw-example", ".sw-remember", ".sw-note", ".sw-figure", ".sw-resources"]:
            assert [words(each) for each in previewed.select(f"article {panel}")] == [
                words(each) for each in read.select(f"article {panel}")
            ]

    def test_shows_script_in_every_field_as_words(self, draft: GuideVersion, editor: Client) -> None:
        GuideVersion.objects.filter(pk=draft.pk).update(title=SCRIPT, subtitle=SCRIPT)
        for rows, names in {
            draft.sections: ["title", "body"],
            draft.examples: ["title", "body"],
            draft.principles: ["title", "explanation"],
            draft.resources: ["title"],
            draft.questions: ["text", "hint"],
            draft.considerations: ["text"],
        }.items():
            rows.update(
                **dict.fromkeys(names, f"{SCRIPT} <b onclick='alert(2)'>words</b> [a](javascript:alert(3))")
            )
        for question in draft.questions.all():
            question.options.update(text=SCRIPT, hint=SCRIPT)

        for name in ["preview", "change", "publish"]:
            soup = soup_of(content_of(editor.get(page(draft, name))))
            assert not [each for each in soup.select("script") if "alert" in each.get_text()]
            assert not soup.select("[onclick], a[href^='javascript:alert']")
            assert SCRIPT in soup.get_text()

    def test_a_published_version_is_read_at_its_own_address(
        self, guide: GuideVersion, editor: Client
    ) -> None:
        assert editor.get(page(guide, "preview"))["Location"] == "/guide/2026-03-20/"

    def test_saving_a_row_can_lead_there(self, draft: GuideVersion, editor: Client) -> None:
        section = draft.sections.get(slug="why")
        response = editor.post(row_page(section), {**fields_of(editor, row_page(section)), "_preview": "1"})
        assert response["Location"] == f"{page(draft, 'preview')}#why"


class TestPublishing:
    ANSWERS = {
        "date_day": "1", "date_month": "9", "date_year": "2026", "change_note": "Better words.",
        "significance": "minor",
    }  # fmt: skip

    def answers(self, editor: Client, draft: GuideVersion) -> dict[str, Any]:
        """Posted fields of the publish form, with its hidden ones."""
        hidden = soup_of(content_of(editor.get(page(draft, "publish")))).select(
            "main input[type=hidden][value]"
        )
        return {**self.ANSWERS, **{str(field["name"]): field["value"] for field in hidden}}

    def test_shows_what_changes_first(self, draft: GuideVersion, editor: Client) -> None:
        Section.objects.filter(version=draft, slug="why").update(title="Why now?")
        text = words(soup_of(content_of(editor.get(page(draft, "publish")))))
        assert "Against the current version, of 20 March 2026" in text
        assert "now" in text

    @pytest.mark.parametrize(
        ("answers", "said"),
        [
            ({"change_note": ""}, "Say what changed and why"),
            ({"date_day": ""}, "day"),
            ({"date_day": "20", "date_month": "3"}, "There is a published version of 20 March 2026 already"),
            ({"date_year": "2025"}, "The current version is of 20 March 2026: choose a later date"),
            ({"date_year": "2028", "date_month": "7"}, "1 July 2028 has not come yet"),
            ({"significance": ""}, "Choose major or minor."),
            ({"significance": "huge"}, "Choose one of the options shown."),
        ],
    )
    def test_says_what_is_wrong_with_the_answers(
        self, answers: dict[str, str], said: str, draft: GuideVersion, editor: Client
    ) -> None:
        response = editor.post(page(draft, "publish"), {**self.ANSWERS, **answers})
        summary = soup_of(content_of(response)).select_one(".govuk-error-summary")

        assert summary is not None
        assert said in summary.get_text()
        draft.refresh_from_db()
        assert not draft.is_published

    def test_publishes_and_writes_it_in_the_history(self, draft: GuideVersion, editor: Client) -> None:
        response = editor.post(page(draft, "publish"), self.answers(editor, draft), follow=True)

        assert "Published: Sharing well, 1 September 2026." in words(soup_of(content_of(response)))
        assert "Published." in content_of(editor.get(page(draft, "history")))

    def test_publisher_who_saw_other_differences_is_refused(
        self, guide: GuideVersion, draft: GuideVersion, editor: Client
    ) -> None:
        other = start_draft(by=PersonFactory(roles=[Role.GUIDE_EDITOR]))
        answers = {**self.answers(editor, draft), "date_day": "2"}
        editor.post(page(other, "publish"), self.answers(editor, other))

        response = editor.post(page(draft, "publish"), answers)

        text = words(soup_of(content_of(response)))
        assert "Someone else has published the version of 1 September 2026 meanwhile" in text
        assert "Against the current version, of 1 September 2026" in text
        again = {**answers, "compared_with": other.pk}
        assert editor.post(page(draft, "publish"), again).status_code == 302

    def test_publisher_who_saw_another_draft_is_refused(self, draft: GuideVersion, editor: Client) -> None:
        answers = self.answers(editor, draft)
        section = draft.sections.get(slug="why")
        section.body += "\n\nOne sentence more."
        save_row(by=PersonFactory(roles=[Role.GUIDE_EDITOR]), row=section)

        soup = soup_of(content_of(editor.post(page(draft, "publish"), answers)))

        assert "Someone else has changed this draft since you opened this page." in words(soup)
        assert "One sentence more." in words(soup)
        now = soup.select_one("input[name=seen]")
        assert now is not None
        again = {**answers, "seen": now["value"]}
        assert editor.post(page(draft, "publish"), again).status_code == 302

    def test_publisher_who_saw_nothing_is_refused(self, draft: GuideVersion, editor: Client) -> None:
        soup = soup_of(content_of(editor.post(page(draft, "publish"), self.ANSWERS)))

        assert "look again before you publish" in words(soup)
        draft.refresh_from_db()
        assert not draft.is_published

    def test_a_published_version_is_not_published_again(self, guide: GuideVersion, editor: Client) -> None:
        response = editor.post(page(guide, "publish"), self.ANSWERS, follow=True)
        assert "It is published already" in words(soup_of(content_of(response)))
