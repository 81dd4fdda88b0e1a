"""The database refuses every change to a published version."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, connection, models, transaction
from django.test import Client

from guidance.editing.publishing import start_draft
from guidance.models import (
    Consideration,
    Example,
    GuideVersion,
    Message,
    Option,
    Principle,
    Question,
    Resource,
    Section,
)
from sharingwell.accounts.models import Role
from tests.guidance.admin.test_versions import signed_in
from tests.guidance.factories import load_first_version
from tests.sharingwell.accounts.factories import PersonFactory

PIECES = (Section, Example, Principle, Resource, Question, Option, Consideration, Message)
TABLES = (GuideVersion, *PIECES)
WORDS = {Consideration: "text", Message: "text", Question: "text", Option: "text"}
REFUSED = (
    "The guide of 20 March 2026 is published: what is published never changes. Correct it in a new version."
)

everything = pytest.mark.parametrize("table", TABLES, ids=lambda table: table.__name__)
pieces = pytest.mark.parametrize("table", PIECES, ids=lambda table: table.__name__)


@pytest.fixture
def before(guide: GuideVersion) -> Iterator[None]:
    """Asserts that the rows are unchanged after the test."""
    kept = all_rows()
    yield
    assert all_rows() == kept


def all_rows() -> list[tuple[Any, ...]]:
    return [row for table in TABLES for row in table._default_manager.order_by("pk").values_list()]


def rows_of(version: GuideVersion, table: type[models.Model]) -> models.QuerySet[Any]:
    return table._default_manager.filter(**{"question__version" if table is Option else "version": version})


def owner_of(table: type[models.Model], version: GuideVersion) -> tuple[str, models.Model | None]:
    """Name of the foreign key of this table, and a parent row of this version."""
    if table is Option:
        return "question", Question.objects.filter(version=version).first()
    return "version", version


def words_of(table: type[models.Model]) -> str:
    return WORDS.get(table, "title")


def refused(attempt: Callable[[], Any], words: str = REFUSED) -> None:
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        attempt()


@pytest.mark.usefixtures("guide_throughout")
@everything
class TestAPublishedRow:
    def test_is_not_changed_by_update(self, table: type[models.Model], before: None) -> None:
        refused(lambda: table._default_manager.update(**{words_of(table): "Something else"}))

    def test_is_not_changed_by_save(self, table: type[models.Model], before: None) -> None:
        row = table._default_manager.first()
        assert row is not None
        setattr(row, words_of(table), "Something else")
        refused(row.save)

    def test_is_not_changed_in_bulk(self, table: type[models.Model], before: None) -> None:
        rows = list(table._default_manager.all()[:3])
        for row in rows:
            setattr(row, words_of(table), "Something else")
        refused(lambda: table._default_manager.bulk_update(rows, [words_of(table)]))

    @pytest.mark.parametrize(
        "sql",
        ["UPDATE \"{table}\" SET {column} = 'Something else'", 'DELETE FROM "{table}"'],
        ids=["update", "delete"],
    )
    def test_is_not_changed_or_deleted_by_sql(
        self, table: type[models.Model], sql: str, before: None
    ) -> None:
        statement = sql.format(table=table._meta.db_table, column=words_of(table))
        refused(lambda: connection.cursor().execute(statement))

    def test_is_not_deleted(self, table: type[models.Model], before: None) -> None:
        refused(table._default_manager.all().delete)

    def test_is_not_emptied_away(self, table: type[models.Model], before: None) -> None:
        statement = f'SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE "{table._meta.db_table}" CASCADE'
        refused(
            lambda: connection.cursor().execute(statement),
            "There is a published guide: what is published is never deleted.",
        )

    @pytest.mark.parametrize("role", [Role.GUIDE_EDITOR, None], ids=["editor", "superuser"])
    def test_is_not_changed_or_deleted_in_the_admin(
        self, table: type[models.Model], role: Role | None, before: None, client: Client
    ) -> None:
        signed_in(client, *[role] if role else [], is_superuser=role is None)
        row = table._default_manager.first()
        assert row is not None
        page = f"/admin/guidance/{table._meta.model_name}/{row.pk}"

        assert client.get(f"{page}/change/").status_code == 200
        assert client.post(f"{page}/change/", {words_of(table): "Something else"}).status_code == 403
        assert client.post(f"{page}/delete/", {"post": "yes"}).status_code == 403

    def test_is_watched_by_triggers_that_the_catalogue_lists(
        self, table: type[models.Model], guide: GuideVersion
    ) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT trigger.tgname, trigger.tgenabled, pg_get_triggerdef(trigger.oid) FROM pg_trigger AS trigger "
                "WHERE trigger.tgrelid = %s::regclass AND NOT trigger.tgisinternal ORDER BY trigger.tgname",
                [table._meta.db_table],
            )
            found = cursor.fetchall()

        final, emptied = (row for row in found if "published_" in row[0])
        events = "DELETE OR UPDATE" if table is GuideVersion else "INSERT OR DELETE OR UPDATE"
        assert f"BEFORE {events} ON" in final[2]
        assert "FOR EACH ROW" in final[2]
        assert "BEFORE TRUNCATE ON" in emptied[2]
        assert final[1] == emptied[1] == "O"


@pytest.mark.usefixtures("draft_throughout")
@pieces
class TestAPublishedVersion:
    def test_takes_no_more_rows(self, table: type[models.Model], guide: GuideVersion, before: None) -> None:
        row: Any = rows_of(guide, table).last()
        row.pk = None
        row._state.adding = True
        refused(row.save)

    def test_takes_no_rows_of_a_draft(
        self, table: type[models.Model], guide: GuideVersion, draft: GuideVersion
    ) -> None:
        owner, mine = owner_of(table, guide)
        refused(lambda: rows_of(draft, table).update(**{owner: mine}))

    def test_gives_no_rows_to_a_draft(
        self, table: type[models.Model], guide: GuideVersion, draft: GuideVersion
    ) -> None:
        owner, another = owner_of(table, draft)
        refused(lambda: rows_of(guide, table).update(**{owner: another}))


@pytest.mark.django_db
def test_a_version_cannot_be_taken_back(guide: GuideVersion) -> None:
    refused(lambda: GuideVersion.objects.filter(pk=guide.pk).update(published_at=None))


@pytest.mark.django_db(transaction=True)
def test_nothing_slips_into_a_draft_while_it_is_being_published() -> None:
    """The insert waits for the publication, then is refused."""
    load_first_version()
    editor = PersonFactory(roles=[Role.GUIDE_EDITOR])
    draft = start_draft(by=editor)
    refusals: list[str] = []

    def add_a_row() -> None:
        try:
            Resource.objects.create(version=draft, title="Late", url="https://example.org/", position=99)
        except IntegrityError as error:
            refusals.append(str(error))
        finally:
            connection.close()

    late = threading.Thread(target=add_a_row)
    with transaction.atomic():
        GuideVersion.objects.filter(pk=draft.pk).update(
            date="2026-09-01", change_note="New.", significance="minor", published_at="2026-09-01T09:00Z"
        )
        late.start()
        late.join(timeout=0.5)
        assert late.is_alive()
    late.join(timeout=10)

    assert "The guide of 1 September 2026 is published" in refusals[0]
    assert not Resource.objects.filter(title="Late").exists()


def test_only_tests_are_let_past_the_triggers() -> None:
    root = Path(__file__).resolve().parents[2]
    code = [path for app in ["decisions", "guidance", "sharingwell"] for path in (root / app).rglob("*.py")]

    assert code
    for way_past in ["pgtrigger.ignore", "session_replication_role", "DISABLE TRIGGER"]:
        assert not [path for path in code if way_past in path.read_text()]
