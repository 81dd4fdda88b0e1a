"""Modules that call themselves pure import no Django, not even through another module."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
IMPORT_WITHOUT_DJANGO = """
import importlib, sys

class Refuse:
    def find_spec(self, name, *args):
        if name.partition(".")[0] == "django":
            raise ImportError("imports Django")

sys.meta_path.insert(0, Refuse())
for module in sys.argv[1:]:
    try:
        importlib.import_module(module)
    except ImportError as error:
        print(f"{module} {error}")
"""


def pure_modules() -> list[str]:
    return sorted(
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for app in ("decisions", "guidance", "sharingwell")
        for path in (ROOT / app).rglob("*.py")
        if "Pure" in (ast.get_docstring(ast.parse(path.read_text())) or "")
    )


def test_pure_modules_import_no_django() -> None:
    modules = pure_modules()
    assert len(modules) > 20
    done = subprocess.run(  # our own interpreter
        [sys.executable, "-c", IMPORT_WITHOUT_DJANGO, *modules],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == ""
