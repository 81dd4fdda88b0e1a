"""Restoring a backup: looked at first, then put in place in one transaction, or not at all."""

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

from sharingwell.backups.backup import WITHOUT_ROWS
from sharingwell.backups.manifest import DUMP, BackupRefused, Manifest, read_backup
from sharingwell.backups.programs import Programs, environment, programs, server_version

# All that is in the schema, but for what an extension brought: tables first, for much goes with them.
OURS = """
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
    DO $$ DECLARE statement text; BEGIN FOR statement IN {ours} LOOP EXECUTE statement; END LOOP; END $$;
"""
COUNT = """
    DO $$ BEGIN
        IF (SELECT count(*) FROM {table}) <> {rows} THEN RAISE EXCEPTION '{table} has not the rows it had'; END IF;
    END $$;
"""


def check_backup(path: Path, *, replace: bool) -> Manifest:
    """Whether it can be restored here. Touches nothing. Raises BackupRefused."""
    manifest = read_backup(path)
    listed = programs().run("pg_restore", "--list", str(path / DUMP))
    with_rows = {".".join(found) for found in re.findall(r" TABLE DATA (\S+) (\S+) ", listed)}
    if with_rows != {table for table in manifest.tables if table.split(".")[1] not in WITHOUT_ROWS}:
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
        cursor.execute(f"SELECT EXISTS ({OURS})")
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
    """Put what was checked in place of everything there is, in one transaction, and count it before that ends.

    Raises BackupRefused, and has changed nothing then.
    """
    found = programs()
    with tempfile.TemporaryDirectory() as folder:
        entries = Path(folder) / "entries"
        entries.write_text(_entries(found, path / DUMP), encoding="utf-8")
        with (Path(folder) / "errors").open("w+") as errors:
            done = _feed(found, path / DUMP, entries, manifest, errors)
            errors.seek(0)
            if done:
                raise BackupRefused(f"Nothing was changed. PostgreSQL said: {errors.read().strip()}")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _entries(programs: Programs, dump: Path) -> str:
    """What is in the dump, but for the comment on an extension, which only whoever added that may make."""
    listed = programs.run("pg_restore", "--list", str(dump)).splitlines()
    return "\n".join(line for line in listed if " COMMENT - EXTENSION " not in line)


def _feed(programs: Programs, dump: Path, entries: Path, manifest: Manifest, errors: IO[str]) -> int:
    """The exit code. Only when all has come through is the transaction told to end: psql, left alone, takes it back."""
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
        ) as reading,
    ):
        assert psql.stdin is not None
        assert reading.stdout is not None
        try:
            psql.stdin.write(BEGIN.format(ours=OURS).encode())
            shutil.copyfileobj(reading.stdout, psql.stdin)
            reading.stdout.close()
            if reading.wait():
                return reading.returncode
            psql.stdin.write(b"SET row_security = on;")
            for table, rows in manifest.tables.items():
                psql.stdin.write(COUNT.format(table=table, rows=rows).encode())
            psql.stdin.write(b"COMMIT;")
            psql.stdin.close()
        except BrokenPipeError:  # psql has stopped at an error, and said which
            reading.stdout.close()
        finally:
            with suppress(BrokenPipeError):
                psql.stdin.close()
        return psql.wait()
