"""Drafts are started, edited, reordered, published and discarded; nothing else writes the guide."""

from __future__ import annotations

import datetime
import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from pytest_django import DjangoAssertNumQueries

from guidance.content.from_rows import guide_from_rows
from guidance.editing import publishing
from guidance.editing.publishing import (
    CannotPublish,
    NoPublishedVersion,
    NotADraft,
    publish_draft,
    start_draft,
)
from guidance.models import Consideration, Example, GuideVersion, Option, Question, Section
from sharingwell.accounts.models import Role, User
from tests.guidance.factories import GuideVersionFactory, load_first_version
from tests.sharingwell.accounts.factories import PersonFactory

AUTUMN = datetime.date(2026, 9, 1)


@pytest.fixture
def editor(db: None) -> User:
    return PersonFactory(roles=[Role.GUIDE_EDITOR])


def publish(draft: GuideVersion, editor: User, **answers: Any) -> GuideVersion:
    given = {"date": AUTUMN, "change_note": "Better words.", "significance": "minor"}
    return publish_draft(by=editor, draft=draft, **{**given, **answers})


class TestStarting:
    def test_copies_the_current_version_whole(self, guide: GuideVersion, editor: User) -> None:
        draft = start_draft(by=editor)

        assert (draft.date, draft.change_note, draft.significance) == (None, "", "")
        assert draft.based_on == guide
        draft.date, draft.change_note, draft.significance = guide.date, guide.change_note, guide.significance
        assert guide_from_rows(draft) == guide_from_rows(guide)

    def test_keeps_positions_and_ties_within_the_draft(self, guide: GuideVersion, editor: User) -> None:
        draft = start_draft(by=editor)

        def positions(version: GuideVersion) -> list[tuple[str, int]]:
            return list(version.sections.values_list("slug", "position"))

        assert positions(draft) == positions(guide)
        assert all(example.section.version == draft for example in draft.examples.all())
        revealed = Option.objects.filter(question__version=draft, reveals__isnull=False)
        assert revealed.exists()
        assert all(option.reveals.version == draft for option in revealed)  # type: ignore[union-attr]

    def test_takes_few_queries(
        self, guide: GuideVersion, editor: User, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        with django_assert_max_num_queries(22):
            start_draft(by=editor)

    def test_needs_something_to_start_from(self, editor: User) -> None:
        with pytest.raises(NoPublishedVersion):
            start_draft(by=editor)


@pytest.mark.parametrize("role", [Role.PRACTITIONER, Role.MANAGER, Role.IG_MANAGER, Role.ADMINISTRATOR])
def test_only_guide_editors_write(role: Role, guide: GuideVersion) -> None:
    other = PersonFactory(roles=[role])
    draft = GuideVersionFactory.create(draft=True)
    section = Section(version=draft, slug="new", title="New")
    for attempt in [
        lambda: start_draft(by=other),
        lambda: publishing.save_row(by=other, row=section),
        lambda: publishing.change_title(by=other, draft=draft),
        lambda: publishing.discard_draft(by=other, draft=draft),
        lambda: publish(draft, other),
    ]:
        with pytest.raises(PermissionDenied):
            attempt()


@pytest.mark.usefixtures("draft_throughout")
class TestWriting:
    def test_a_new_row_comes_last(self, draft: GuideVersion, editor: User) -> None:
        section = Section(version=draft, slug="new", title="New", body="Words.")
        publishing.save_row(by=editor, row=section)
        assert draft.sections.last() == section

    def test_a_new_question_comes_last_in_its_part(self, draft: GuideVersion, editor: User) -> None:
        question = Question(
            version=draft, part="what", key="what.new", kind="text", text="New?", max_length=9
        )
        publishing.save_row(by=editor, row=question)
        assert draft.questions.filter(part="what").last() == question
        assert [each.part for each in draft.questions.all()] == sorted(
            (each.part for each in draft.questions.all()),
            key=["what", "who", "why", "role", "decide"].index,
        )

    def test_lines_end_as_they_do_in_files(self, draft: GuideVersion, editor: User) -> None:
        section = draft.sections.get(slug="why")
        section.body = "\r\n\r\nOne.\r\n\r\n  \r\nTwo.\r\n \r\n"
        publishing.save_row(by=editor, row=section)
        section.refresh_from_db()
        assert section.body == "One.\n\n  \nTwo."

    def test_a_new_example_is_set_at_the_end_of_its_section(self, draft: GuideVersion, editor: User) -> None:
        section = draft.sections.get(slug="what-we-all-need")
        example = Example(version=draft, section=section, slug="new-one", title="New", body="It happened.")
        publishing.save_row(by=editor, row=example)
        section.refresh_from_db()
        assert section.body.endswith("\n\n::: example new-one\n:::")
        assert draft.examples.first() == example  # it stands before all others in the text

    def test_an_example_follows_the_text_that_names_it(self, draft: GuideVersion, editor: User) -> None:
        here, there = draft.sections.get(slug="why"), draft.sections.get(slug="about-this-guide")
        here.body = here.body.replace("::: example consent-form-not-feasible\n:::", "")
        there.body += "\n\n::: example consent-form-not-feasible\n:::"
        for section in (here, there):
            publishing.save_row(by=editor, row=section)
        assert draft.examples.get(slug="consent-form-not-feasible").section == there

    def test_what_is_published_is_refused_in_words(self, guide: GuideVersion, editor: User) -> None:
        section = guide.sections.get(slug="why")
        for attempt in [
            lambda: publishing.save_row(by=editor, row=section),
            lambda: publishing.delete_row(by=editor, row=section),
            lambda: publishing.move_row(by=editor, row=section, step=1),
            lambda: publishing.change_title(by=editor, draft=guide),
            lambda: publishing.discard_draft(by=editor, draft=guide),
            lambda: publish(guide, editor),
        ]:
            with pytest.raises(NotADraft, match="The guide of 20 March 2026 is published"):
                attempt()


@pytest.mark.usefixtures("draft_throughout")
class TestMoving:
    @pytest.mark.parametrize("kind", ["sections", "resources", "questions", "considerations"])
    def test_changes_places_with_the_next(self, kind: str, draft: GuideVersion, editor: User) -> None:
        first, second, *rest = getattr(draft, kind).all()
        assert publishing.move_row(by=editor, row=first, step=1)
        assert list(getattr(draft, kind).all()) == [second, first, *rest]
        assert publishing.move_row(by=editor, row=first, step=-1)
        assert list(getattr(draft, kind).all()) == [first, second, *rest]

    def test_an_option_moves_within_its_question(self, draft: GuideVersion, editor: User) -> None:
        urgency = draft.questions.get(key="what.urgency")
        first, second, *rest = urgency.options.all()
        publishing.move_row(by=editor, row=second, step=-1)
        assert list(urgency.options.all()) == [second, first, *rest]

    def test_the_first_goes_no_further(self, draft: GuideVersion, editor: User) -> None:
        first = draft.sections.all()[0]
        assert not publishing.move_row(by=editor, row=first, step=-1)
        assert draft.sections.first() == first

    def test_a_question_does_not_leave_its_part(self, draft: GuideVersion, editor: User) -> None:
        last = draft.questions.filter(part="what").last()
        assert last is not None
        assert not publishing.move_row(by=editor, row=last, step=1)


class TestPublishing:
    def test_makes_it_the_current_version(self, draft: GuideVersion, editor: User) -> None:
        published = publish(draft, editor, change_note="  Better words.\n")
        assert GuideVersion.objects.current() == published == draft
        assert guide_from_rows(published).date == AUTUMN
        assert published.change_note == "Better words."

    @pytest.mark.parametrize(
        ("answers", "field", "words"),
        [
            ({"change_note": " \n"}, "change_note", "Say what changed and why"),
            (
                {"date": datetime.date(2026, 3, 20)},
                "date",
                "There is a published version of 20 March 2026 already",
            ),
            ({"date": datetime.date(2026, 3, 19)}, "date", "The current version is of 20 March 2026"),
            ({"today": AUTUMN - datetime.timedelta(days=1)}, "date", "1 September 2026 has not come yet"),
        ],
    )
    def test_refuses_answers_that_cannot_be(
        self, answers: dict[str, Any], field: str, words: str, draft: GuideVersion, editor: User
    ) -> None:
        with pytest.raises(CannotPublish, match=words) as refusal:
            publish(draft, editor, **answers)
        assert refusal.value.field == field
        draft.refresh_from_db()
        assert not draft.is_published
        assert draft.date is None

    def test_refuses_the_date_of_another_draft(self, draft: GuideVersion, editor: User) -> None:
        GuideVersionFactory.create(draft=True, date=AUTUMN)
        with pytest.raises(CannotPublish, match="another draft of 1 September 2026"):
            publish(draft, editor)

    def test_refuses_a_draft_with_errors(self, draft: GuideVersion, editor: User) -> None:
        Question.objects.filter(version=draft, key="what.urgency").update(cites=["section:nowhere"])
        with pytest.raises(CannotPublish, match="The draft has errors, 1 in all"):
            publish(draft, editor)

    def test_refuses_when_another_version_came_after_it_was_looked_at(
        self, guide: GuideVersion, draft: GuideVersion, editor: User
    ) -> None:
        publish(start_draft(by=editor), editor)
        later = AUTUMN + datetime.timedelta(days=1)
        with pytest.raises(CannotPublish, match="Someone else has published the version of 1 September 2026"):
            publish(draft, editor, date=later, compared_with=guide)
        publish(draft, editor, date=later, compared_with=GuideVersion.objects.current())

    def test_discarding_leaves_what_is_published(
        self, guide: GuideVersion, draft: GuideVersion, editor: User
    ) -> None:
        before = guide_from_rows(guide)
        publishing.discard_draft(by=editor, draft=draft)
        assert list(GuideVersion.objects.all()) == [guide]
        assert guide_from_rows(guide) == before
        assert not Consideration.objects.exclude(version=guide).exists()
        with pytest.raises(NotADraft, match="discarded"):
            publish(draft, editor)


def at_once(*attempts: Any) -> list[Exception | None]:
    """Runs each in a thread with its own connection, starting together."""
    together = threading.Barrier(len(attempts))
    results: list[Exception | None] = []

    def run(attempt: Any) -> None:
        try:
            together.wait()
            attempt()
            results.append(None)
        except (NotADraft, CannotPublish) as error:
            results.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[attempt]) for attempt in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.mark.django_db(transaction=True)
class TestTwoPeopleAtOnce:
    @pytest.fixture(autouse=True)
    def _guide(self, transactional_db: None) -> None:
        load_first_version()

    def test_publish_the_same_draft_once(self) -> None:
        editor = PersonFactory(roles=[Role.GUIDE_EDITOR])
        draft = start_draft(by=editor)
        results = at_once(lambda: publish(draft, editor), lambda: publish(draft, editor))
        (refusal,) = [result for result in results if result]
        assert isinstance(refusal, NotADraft)
        assert "The guide of 1 September 2026 is published" in str(refusal)
        assert GuideVersion.objects.published().count() == 2

    def test_publish_two_drafts_of_one_date_once(self) -> None:
        editor = PersonFactory(roles=[Role.GUIDE_EDITOR])
        one, other = start_draft(by=editor), start_draft(by=editor)
        results = at_once(lambda: publish(one, editor), lambda: publish(other, editor))
        (refusal,) = [result for result in results if result]
        assert isinstance(refusal, CannotPublish)
        assert "There is a published version of 1 September 2026 already" in str(refusal)
        assert GuideVersion.objects.published().count() == 2
