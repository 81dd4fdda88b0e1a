from __future__ import annotations

import datetime
import threading
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from time_machine import TimeMachineFixture

from guidance.content.from_rows import guide_from_rows
from guidance.content.reader import read_folder
from guidance.editing.loading import VersionTaken, load_draft, load_guide, load_values
from guidance.models import (
    Consideration,
    Example,
    GuideVersion,
    Option,
    Principle,
    Question,
    Resource,
    Section,
)
from tests.clock import LONDON
from tests.guidance.content.test_reader import spoil
from tests.guidance.factories import FIRST_VERSION, GuideVersionFactory
from tests.guidance.second_version import second_guide, write_second_version

TABLES = (GuideVersion, Section, Example, Principle, Resource, Question, Option, Consideration)


def rows() -> list[tuple[object, ...]]:
    return [row for table in TABLES for row in table.objects.order_by("pk").values_list()]


@pytest.mark.django_db
def test_a_folder_is_published_whole() -> None:
    loaded = load_guide(FIRST_VERSION)

    assert loaded.is_new
    assert loaded.version.is_published
    assert guide_from_rows(GuideVersion.objects.get()) == read_folder(FIRST_VERSION)


def test_loading_the_same_folder_again_changes_nothing(
    guide: GuideVersion, capsys: pytest.CaptureFixture[str]
) -> None:
    before = rows()

    call_command("load_guide", FIRST_VERSION)

    assert capsys.readouterr().out == "Already loaded, nothing changed: Sharing well, 20 March 2026.\n"
    assert rows() == before


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("guide.md", "The guide will be updated regularly", "The guide will be updated often"),
        ("guide.md", "A guide to sharing", "A guide for sharing"),
        ("guide.md", "The eviction that was not shared", "An eviction"),
        ("questions.yaml", "text: Tomorrow", "text: The day after today"),
        ("questions.yaml", "days: 7", "days: 8"),
        ("questions.yaml", "beside_previous: true", "beside_previous: false"),
        ("considerations.yaml", "Someone may come to serious harm now.", "There is danger."),
        ("considerations.yaml", "question: what.sure, is: partly", "question: what.sure, unanswered: true"),
        ("considerations.yaml", "kind: act", "kind: think"),
        ("principles.yaml", "Comply with the law", "Obey the law"),
        ("resources.yaml", "UK Caldicott Guardian Council", "The council"),
    ],
)
def test_a_folder_that_differs_from_what_is_published_is_refused(
    name: str, old: str, new: str, guide: GuideVersion, folder: Path
) -> None:
    before = rows()
    spoil(folder / name, old, new)

    with pytest.raises(CommandError, match="publish the new text under a new date"):
        call_command("load_guide", folder)

    assert rows() == before


@pytest.mark.django_db
def test_principles_may_be_written_down_in_any_order(folder: Path) -> None:
    """They are sorted by number, so that loading the folder again changes nothing."""
    for old, new in [
        ("number: 1\n", "number: one\n"),
        ("number: 2\n", "number: 1\n"),
        ("number: one\n", "number: 2\n"),
    ]:
        spoil(folder / "principles.yaml", old, new)

    assert load_guide(folder).is_new
    assert not load_guide(folder).is_new


def test_a_new_date_is_a_new_version(guide: GuideVersion, folder: Path) -> None:
    spoil(folder / "version.yaml", "2026-03-20", "2026-09-01")

    assert load_guide(folder).is_new
    assert GuideVersion.objects.current().date.isoformat() == "2026-09-01"


@pytest.mark.django_db
def test_a_draft_of_the_same_date_is_left_alone() -> None:
    draft = GuideVersionFactory.create(draft=True, date=read_folder(FIRST_VERSION).date)

    with pytest.raises(VersionTaken, match="There is a draft dated 20 March 2026"):
        load_guide(FIRST_VERSION)

    draft.refresh_from_db()
    assert not draft.is_published
    assert not Section.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_loads_at_once_publish_once() -> None:
    results: list[bool] = []
    together = threading.Barrier(2)

    def load() -> None:
        try:
            together.wait()
            results.append(load_guide(FIRST_VERSION).is_new)
        finally:
            connection.close()

    threads = [threading.Thread(target=load) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(results) == [False, True]
    assert GuideVersion.objects.count() == 1


class TestADateInTheFuture:
    @pytest.fixture(autouse=True)
    def _the_day_before(self, time_machine: TimeMachineFixture) -> None:
        time_machine.move_to(datetime.datetime(2026, 8, 31, 23, 59, tzinfo=LONDON))

    def test_is_refused_for_a_version_that_follows_another(self, guide: GuideVersion, tmp_path: Path) -> None:
        folder = write_second_version(tmp_path / "second")

        with pytest.raises(CommandError, match=r"Nothing was changed\. 1 September 2026 has not come yet"):
            call_command("load_guide", folder)

        assert list(GuideVersion.objects.all()) == [guide]

    def test_is_no_matter_for_a_draft(self, guide: GuideVersion) -> None:
        draft = load_draft(second_guide()).version
        assert draft.is_published is False

    def test_is_no_matter_for_the_first_version(self, db: None) -> None:
        assert load_values(second_guide()).version.is_published

    def test_is_published_on_the_day(self, guide: GuideVersion) -> None:
        day = second_guide().date

        assert load_values(second_guide(), today=day).version.is_published
