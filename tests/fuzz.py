"""Search at random, for so many minutes, for examples that fail the property tests: `python -m tests.fuzz 5`.

It stops at the first that fails. Of the state machine's, the last thing printed is a test to be pasted beside it.
"""

from __future__ import annotations

import subprocess
import sys
import time

SEARCH = [
    sys.executable,
    "-m",
    "pytest",
    "-m",
    "hypothesis",
    "--hypothesis-profile=fuzz",
    "--exitfirst",
    "-q",
]


def main(minutes: float, *arguments: str) -> int:
    """Pass after pass, each with other examples; one that has begun is finished."""
    until = time.monotonic() + 60 * minutes
    passes = 0
    while time.monotonic() < until:
        failed = subprocess.run([*SEARCH, *arguments], check=False).returncode
        if failed:
            return failed
        passes += 1
    print(f"Nothing failed in {passes} passes.")
    return 0


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), *sys.argv[2:]))
