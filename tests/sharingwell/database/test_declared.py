"""A database made from nothing has what the code declares, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

import pgtrigger
import pytest
from django.apps import apps
from django.db import connection

from sharingwell.database.declared import functions, owner_tables, row_conditions, tenanted_models
from sharingwell.database.protections import missing_protections
from sharingwell.database.roles import grant_application_role
from sharingwell.dev.postgres import LOCAL_APPLICATION_ROLE
from sharingwell.tenancy.rls import enable_row_level_security
from tests.catalogue import catalogue
from tests.databases import database_beside, rolled_back
from tests.installation import OWNER

# All triggers, functions, policies and rights that are there, but for those of the queue's package and of extensions.
EVERYTHING_DECLARED = f"""
    SELECT format('DROP TRIGGER %I ON %s', tgname, tgrelid::regclass)
    FROM pg_trigger WHERE NOT tgisinternal AND tgname NOT LIKE 'procrastinate\\_%'
    UNION ALL
    SELECT format('DROP FUNCTION %s', oid::regprocedure)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname NOT LIKE 'procrastinate\\_%' AND NOT EXISTS (
        SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e'
    )
    UNION ALL
    SELECT format('DROP POLICY %I ON %s', polname, polrelid::regclass) FROM pg_policy
    UNION ALL
    SELECT format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY, NO FORCE ROW LEVEL SECURITY', oid::regclass)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    UNION ALL
    SELECT format('REVOKE ALL ON %s FROM {LOCAL_APPLICATION_ROLE}', oid::regclass)
    FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S')
"""


@pytest.fixture
def installation(transactional_db: None) -> Iterator[None]:
    with database_beside(OWNER, template=connection.settings_dict["TEST"]["TEMPLATE"]):
        yield


def remove_everything_declared() -> None:
    with connection.cursor() as cursor:
        cursor.execute(EVERYTHING_DECLARED)
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
        for table in owner_tables():
            cursor.execute(f"DROP TABLE {table.name}")


def make_everything_declared() -> None:
    with connection.cursor() as cursor:
        for table in owner_tables():
            cursor.execute(table.sql)
        for model, trigger in pgtrigger.registered():
            cursor.execute(trigger.compile(model).install_sql)
        for name, condition in row_conditions().items():
            cursor.execute(enable_row_level_security(name, condition))
        for function in functions():
            cursor.execute(function.statements)
    grant_application_role(LOCAL_APPLICATION_ROLE)


def test_migrations_make_what_the_code_declares_and_nothing_else(
    installation: None, subtests: pytest.Subtests
) -> None:
    migrated = catalogue()
    with rolled_back():
        remove_everything_declared()
        assert len(catalogue()["triggers"]) < 10
        make_everything_declared()
        declared = catalogue()
    for kind, found in migrated.items():
        with subtests.test(kind):
            assert found - declared[kind] == set(), "migrations make it, and nothing declares it"
            assert declared[kind] - found == set(), "declared, and made by no migration"
    assert catalogue() == migrated
    assert not list(missing_protections())


def test_every_table_of_an_application_with_row_security_has_a_condition() -> None:
    assert {model._meta.db_table for model in tenanted_models()} == set(row_conditions())


def test_every_table_has_a_model_or_is_declared(installation: None) -> None:
    models = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    declared = {table.name for table in owner_tables()}
    assert set(connection.introspection.table_names()) == models | declared | {"django_migrations", "cache"}
