"""Makes a backup: one snapshot of the whole database, with all organisations."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path

from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from psycopg import sql

from sharingwell.backups.manifest import DUMP, MANIFEST, BackupRefused, Manifest, sha256_of
from sharingwell.backups.programs import Programs, programs, server_version

# Tables dumped without rows: sessions end with a restore.
TABLES_WITHOUT_ROWS = ("django_session", "cache")
TABLES = """
    SELECT nspname, relname, relowner = current_user::regrole
    FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
    WHERE relkind IN ('r', 'p') AND nspname !~ '^pg_' AND nspname <> 'information_schema'
    ORDER BY 1, 2
"""
ROLES = """
    SELECT rolname FROM pg_roles WHERE oid IN (
        SELECT unnest(polroles) FROM pg_policy
        UNION SELECT grantee FROM pg_class CROSS JOIN aclexplode(relacl)
            WHERE relnamespace = current_schema::regnamespace
    )
    ORDER BY 1
"""


def make_backup(path: Path, *, checkpoints: Callable[[], Iterable[object]]) -> Manifest:
    """Writes a backup to a new folder, which appears only when it is complete.

    `checkpoints` yields the ledger heads, read in the same snapshot. Raises BackupRefused.
    """
    if path.exists():
        raise BackupRefused(f"{path} is there already. Choose another name: a backup is never written over.")
    if not path.absolute().parent.is_dir():
        raise BackupRefused(f"There is no folder {path.absolute().parent} to put the backup in.")
    with transaction.atomic():
        incomplete = Path(tempfile.mkdtemp(prefix=f"{path.name}.", dir=path.absolute().parent))  # mode 0700
        try:
            manifest = _write(incomplete, programs(), checkpoints)
            incomplete.rename(path)
        except BaseException:
            shutil.rmtree(incomplete)
            raise
    return manifest


def _write(incomplete: Path, programs: Programs, checkpoints: Callable[[], Iterable[object]]) -> Manifest:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        cursor.execute("SELECT pg_export_snapshot(), current_user::text")
        snapshot, owner = cursor.fetchone()
        cursor.execute(TABLES)
        tables = cursor.fetchall()
        if not tables or not all(is_owner for _, _, is_owner in tables):
            raise BackupRefused(
                f"{owner} does not own the tables, and would not see what is in them. "
                "Name the role that does, in OWNER_DATABASE_URL."
            )
        cursor.execute(ROLES)
        roles = [role for (role,) in cursor.fetchall()]
        rows = {f"{schema}.{table}": _rows_in(schema, table) for schema, table, _ in tables}
    programs.run(
        "pg_dump",
        "--format=custom",
        "--no-owner",
        "--enable-row-security",  # the default would be an error for a role without BYPASSRLS
        f"--snapshot={snapshot}",
        f"--file={incomplete / DUMP}",
        *(f"--exclude-table-data={table}" for table in TABLES_WITHOUT_ROWS),
    )
    manifest = Manifest(
        made_at=timezone.now().isoformat(timespec="seconds"),
        postgresql=server_version(),
        owner=owner,
        roles=roles,
        migrations=sorted(
            ".".join(migration) for migration in MigrationRecorder(connection).applied_migrations()
        ),
        tables=rows,
        checkpoints=[str(head) for head in checkpoints()],
        sha256=sha256_of(incomplete / DUMP),
    )
    (incomplete / MANIFEST).write_text(manifest.model_dump_json(indent=2) + "\n", encoding="utf-8")
    for file in incomplete.iterdir():
        file.chmod(0o600)
    return manifest


def _rows_in(schema: str, table: str) -> int:
    if table in TABLES_WITHOUT_ROWS:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table)))
        (count,) = cursor.fetchone()
    return int(count)
