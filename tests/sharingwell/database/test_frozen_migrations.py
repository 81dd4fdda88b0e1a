"""Migrations are frozen: no change of the product, or of another migration, changes what they do."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.installation import ROOT

PROJECT = {"decisions", "guidance", "sharingwell", "tests"}
FROZEN = {"sharingwell.database.migration_sql"}
READS = {"open", "read_text", "read_bytes", "import_module", "__import__", "__file__", "exec", "eval"}
MIGRATIONS = sorted(
    path for application in PROJECT for path in (ROOT / application).glob("**/migrations/*.py")
)


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield f"{'.' * node.level}{node.module or ''}"


def names_used(tree: ast.AST) -> set[str]:
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return names | {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}


def test_all_applications_have_migrations() -> None:
    assert len({path.parent for path in MIGRATIONS}) == 4


@pytest.mark.parametrize("path", [*MIGRATIONS, ROOT / "sharingwell/database/migration_sql.py"], ids=str)
def test_imports_nothing_of_the_project_and_reads_no_other_migration(path: Path) -> None:
    tree = ast.parse(path.read_text())
    of_the_project = {name for name in imported(tree) if name.split(".")[0] in {*PROJECT, ""}}
    assert of_the_project <= FROZEN
    assert not names_used(tree) & READS
