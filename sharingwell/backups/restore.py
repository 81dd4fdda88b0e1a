"""Restores a backup: checks it first, then replaces the whole database in one transaction."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from sharingwell.backups.backup import TABLES_WITHOUT_ROWS
from sharingwell.backups.manifest import DUMP, BackupRefused, Manifest, read_backup
from sharingwell.backups.programs import Programs, environment, programs, server_version

# A DROP statement for each object of the schema that belongs to no extension; tables first, as CASCADE drops most.
DROP_STATEMENTS = """
    SELECT format('DROP %s IF EXISTS %s CASCADE', kind, name) FROM (
        SELECT relnamespace AS namespace, 'pg_class'::regclass AS class, oid, oid::regclass::text AS name, CASE relkind
            WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE'
        END AS kind FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S')
        UNION ALL
        SELECT pronamespace, 'pg_proc'::regclass, oid, oid::regprocedure::text, 'ROUTINE' FROM pg_proc
        UNION ALL
        SELECT typnamespace, 'pg_type'::regclass, oid, oid::regtype::text, 'TYPE' FROM pg_type
            WHERE typtype IN ('e', 'd') OR typrelid IN (SELECT oid FROM pg_class WHERE relkind = 'c')
    ) AS thing
    WHERE namespace = current_schema::regnamespace AND NOT EXISTS (
        SELECT FROM pg_depend WHERE classid = class AND objid = thing.oid AND deptype = 'e'
    )
    ORDER BY kind <> 'TABLE'
"""
BEGIN = """
    BEGIN;
    SET LOCAL lock_timeout = '10s'; SET LOCAL client_min_messages = warning;
    DO $$ DECLARE statement text; BEGIN FOR statement IN {drop_statements} LOOP EXECUTE statement; END LOOP; END $$;
"""
COUNT = """
    DO $$ BEGIN
        IF (SELECT count(*) FROM {table}) <> {rows} THEN RAISE EXCEPTION '{table} has not the rows it had'; END IF;
    END $$;
"""


def check_backup(path: Path, *, replace: bool) -> Manifest:
    """Checks whether the backup can be restored here, and changes nothing. Raises BackupRefused."""
    manifest = read_backup(path)
    listed = programs().run("pg_restore", "--list", str(path / DUMP))
    with_rows = {".".join(found) for found in re.findall(r" TABLE DATA (\S+) (\S+) ", listed)}
    if with_rows != {table for table in manifest.tables if table.split(".")[1] not in TABLES_WITHOUT_ROWS}:
        raise BackupRefused(f"{path} is no backup of this product: other tables are in it than it says.")
    if manifest.postgresql > server_version():
        raise BackupRefused(
            f"This backup is of PostgreSQL {manifest.postgresql}, and the server here is {server_version()}, which is "
            "older. Restore it to a server that is not."
        )
    known = {".".join(migration) for migration in MigrationLoader(None).disk_migrations or {}}
    if newer := sorted(set(manifest.migrations) - known):
        raise BackupRefused(
            f"This backup was made by a newer version of the product ({newer[-1]}). Restore it with that version."
        )
    _check_target(manifest, replace=replace)
    return manifest


def _check_target(manifest: Manifest, *, replace: bool) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user::text, array(SELECT rolname::text FROM pg_roles)")
        user, roles = cursor.fetchone()
        cursor.execute(f"SELECT EXISTS ({DROP_STATEMENTS})")
        (is_in_use,) = cursor.fetchone()
    if user != manifest.owner:
        raise BackupRefused(
            f"The owner of what is in this backup is the role {manifest.owner}, and this is {user}. Name a role called "
            "that in OWNER_DATABASE_URL."
        )
    if missing := sorted(set(manifest.roles) - set(roles)):
        raise BackupRefused(f"These roles have to be in PostgreSQL first: {', '.join(missing)}.")
    if is_in_use and not replace:
        raise BackupRefused(
            "This database is not empty. To delete everything in it for good, and put the backup in its place, say "
            "--replace-everything."
        )


def restore_backup(path: Path, manifest: Manifest) -> None:
    """Replaces the whole schema in one transaction, which commits only if every table has the rows of the manifest.

    Call `check_backup` first. Raises BackupRefused, and has changed nothing then.
    """
    client = programs()
    with tempfile.TemporaryDirectory() as folder:
        entries = Path(folder) / "entries"
        entries.write_text(_entries(client, path / DUMP), encoding="utf-8")
        with (Path(folder) / "errors").open("w+") as errors:
            exit_code = _pipe_into_psql(client, path / DUMP, entries, manifest, errors)
            errors.seek(0)
            if exit_code:
                raise BackupRefused(f"Nothing was changed. PostgreSQL said: {errors.read().strip()}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _entries(programs: Programs, dump: Path) -> str:
    """List of the dump's entries without the comments on extensions, which only their owner may set."""
    listed = programs.run("pg_restore", "--list", str(dump)).splitlines()
    return "\n".join(line for line in listed if " COMMENT - EXTENSION " not in line)


def _pipe_into_psql(
    programs: Programs, dump: Path, entries: Path, manifest: Manifest, errors: IO[str]
) -> int:
    """Pipes the dump into psql and returns the exit code.

    Sends COMMIT only after the whole dump: psql rolls back when its input ends without it.
    """
    with (
        subprocess.Popen(  # noqa: S603  # our own programs and arguments
            programs.command("psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--output=/dev/null"),
            stdin=subprocess.PIPE,
            stderr=errors,
            env=environment(),
        ) as psql,
        subprocess.Popen(  # noqa: S603
            programs.command("pg_restore", "--no-owner", f"--use-list={entries}", "--file=-", str(dump)),
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment(),
        ) as pg_restore,
    ):
        assert psql.stdin is not None
        assert pg_restore.stdout is not None
        try:
            psql.stdin.write(BEGIN.format(drop_statements=DROP_STATEMENTS).encode())
            shutil.copyfileobj(pg_restore.stdout, psql.stdin)
            pg_restore.stdout.close()
            if pg_restore.wait():
                return pg_restore.returncode
            psql.stdin.write(b"SET row_security = on;")
            for table, rows in manifest.tables.items():
                psql.stdin.write(COUNT.format(table=table, rows=rows).encode())
            psql.stdin.write(b"COMMIT;")
            psql.stdin.close()
        except BrokenPipeError:  # psql stopped at an error, which is in `errors`
            pg_restore.stdout.close()
        finally:
            with suppress(BrokenPipeError):
                psql.stdin.close()
        return psql.wait()
