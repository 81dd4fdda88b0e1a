"""Where a run of the tests keeps what it writes and throws away: in memory, where the system lends enough of it."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

from tests.installation import ROOT

MEMORY = Path("/dev/shm")  # in it, a folder of our own
ENOUGH = 2 * 1024**3  # bytes; a container that says nothing has 64 MB


def folder_for_what_is_thrown_away() -> Path:
    """For this copy of the project and whoever tests it; `.data` where the system lends no memory.

    The size of what it lends is asked for, not what is left of it: so all workers of a run agree.
    """
    if os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).total >= ENOUGH:
        folder = MEMORY / f"sharingwell-{os.geteuid()}-{hashlib.sha256(bytes(ROOT)).hexdigest()[:16]}"
    else:
        folder = ROOT / ".data"
    folder.mkdir(exist_ok=True)
    return folder
