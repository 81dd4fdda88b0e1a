"""What `make run` starts, and what nothing else may start."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_importing_settings_starts_no_process() -> None:
    program = """
        import sys

        def refuse(event, arguments):
            if event in {"subprocess.Popen", "os.fork", "os.exec", "os.posix_spawn", "os.system"}:
                raise AssertionError(f"{event} {arguments}")

        sys.addaudithook(refuse)
        from sharingwell import settings
        assert settings.DATABASES["default"]["ENGINE"] == "django.db.backends.postgresql"
    """
    environment = {"SECRET_KEY": "only-for-this-test"}
    subprocess.run([sys.executable, "-c", textwrap.dedent(program)], cwd=ROOT, env=environment, check=True)
