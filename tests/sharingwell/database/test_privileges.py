"""Everything that the role that serves may do, from the catalogue, and nothing that `privileges.txt` does not list.

Where a change of the product gives it more, or less, the list is changed by hand, and read when the change is.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from sharingwell.database.protections import missing_protections
from sharingwell.dev.postgres import LOCAL_APPLICATION_ROLE
from tests.databases import connected_as, database_beside
from tests.installation import OWNER

LISTED = Path(__file__).with_name("privileges.txt")
# What it has by itself, as a member of a role, as the owner of something or because everybody has it, in the database's
# schema; of functions, not those of extensions.
PRIVILEGES = """
    WITH me AS (SELECT oid FROM pg_roles WHERE rolname = %(role)s),
    privileges (kind, name, privilege) AS (
        SELECT 'database', 'this one'::text, right_ FROM unnest(ARRAY['CONNECT', 'CREATE', 'TEMPORARY']) AS right_, me
        WHERE has_database_privilege(me.oid, current_database(), right_)
        UNION ALL
        SELECT 'schema', nspname, right_ FROM pg_namespace, unnest(ARRAY['USAGE', 'CREATE']) AS right_, me
        WHERE nspname !~ '^pg_(toast|temp)' AND has_schema_privilege(me.oid, pg_namespace.oid, right_)
        UNION ALL
        SELECT 'table', relname, right_ FROM pg_class, me, unnest(ARRAY[
            'SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'
        ]) AS right_
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
            AND has_table_privilege(me.oid, pg_class.oid, right_)
        UNION ALL
        SELECT 'column', relname || '.' || attname, right_ FROM me, pg_attribute
        JOIN pg_class ON pg_class.oid = attrelid, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS right_
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f') AND attnum > 0
            AND NOT attisdropped AND has_column_privilege(me.oid, attrelid, attnum, right_)
            AND NOT has_table_privilege(me.oid, attrelid, right_)
        UNION ALL
        SELECT 'sequence', relname, right_ FROM pg_class, me, unnest(ARRAY['USAGE', 'SELECT', 'UPDATE']) AS right_
        WHERE relnamespace = 'public'::regnamespace AND relkind = 'S'
            AND has_sequence_privilege(me.oid, pg_class.oid, right_)
        UNION ALL
        SELECT 'function', pg_proc.oid::regprocedure::text, 'EXECUTE' FROM pg_proc, me
        WHERE pronamespace = 'public'::regnamespace AND has_function_privilege(me.oid, pg_proc.oid, 'EXECUTE')
            AND NOT EXISTS (
                SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e'
            )
        UNION ALL
        SELECT 'role', groups.rolname, 'MEMBER' FROM pg_roles AS groups, me
        WHERE groups.oid <> me.oid AND pg_has_role(me.oid, groups.oid, 'MEMBER')
        UNION ALL
        SELECT 'owner of', pg_describe_object(classid, objid, objsubid), 'OWNER' FROM pg_shdepend, me
        WHERE refclassid = 'pg_authid'::regclass AND refobjid = me.oid AND deptype = 'o'
        UNION ALL
        SELECT 'attribute', attribute, 'SET'
        FROM me, pg_roles,
            jsonb_each_text(to_jsonb(pg_roles)) AS each (attribute, is_set)
        WHERE pg_roles.oid = me.oid AND is_set = 'true' AND attribute NOT IN ('rolinherit', 'rolcanlogin')
    )
    SELECT kind || ' ' || name || ': ' || string_agg(privilege, ' ' ORDER BY privilege) FROM privileges
    GROUP BY kind, name ORDER BY kind COLLATE "C", name COLLATE "C"
"""


@pytest.fixture
def installation(transactional_db: None) -> Iterator[None]:
    with database_beside(OWNER, template=connection.settings_dict["TEST"]["TEMPLATE"]):
        yield


def test_the_role_that_serves_may_do_what_is_listed_and_no_more(installation: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(PRIVILEGES, {"role": LOCAL_APPLICATION_ROLE})
        found = [line for (line,) in cursor.fetchall()]
    listed = LISTED.read_text().splitlines()
    assert sorted(set(found) - set(listed)) == [], "it may do this, and it is not listed"
    assert sorted(set(listed) - set(found)) == [], "listed, and it may not do this"


TAKEN_AWAY = [
    ("GRANT TEMPORARY ON DATABASE {database} TO PUBLIC", "may make temporary tables"),
    (f"GRANT TEMPORARY ON DATABASE {{database}} TO {LOCAL_APPLICATION_ROLE}", "may make temporary tables"),
    ("ALTER FUNCTION {function} SECURITY INVOKER", "runs as somebody else"),
    ("ALTER FUNCTION {function} RESET search_path", "has no fixed search_path"),
    ("ALTER FUNCTION {function} SET search_path = pg_temp, public", "has no fixed search_path"),
    ("GRANT EXECUTE ON FUNCTION {function} TO PUBLIC", "is for everybody"),
    ("DROP FUNCTION {function} CASCADE", "is gone"),
    ("CREATE FUNCTION let_go() RETURNS int LANGUAGE sql AS 'SELECT 1'", "has no fixed search_path"),
]


@pytest.mark.parametrize(("statement", "fault"), TAKEN_AWAY)
def test_what_is_taken_away_is_missed(installation: None, statement: str, fault: str) -> None:
    assert list(missing_protections()) == []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgfoid::regprocedure::text, current_database() FROM pg_trigger "
            "WHERE tgname LIKE 'pgtrigger_description_is_final_%'"
        )
        function, database = cursor.fetchone()
        cursor.execute(statement.format(function=function, database=database))
    assert any(fault in each for each in missing_protections())
    with connected_as(LOCAL_APPLICATION_ROLE, database):
        assert any(fault in each for each in missing_protections())
