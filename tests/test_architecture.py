"""Only actions write: what shows people something, or takes what they typed, never saves a row."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
READ_ONLY = [
    "decisions/views", "decisions/forms", "decisions/admin", "decisions/log", "decisions/statistics",
    "decisions/record", "decisions/domain", "decisions/policies", "decisions/selectors.py", "guidance/views",
    "guidance/admin", "guidance/render", "guidance/diff", "guidance/content", "guidance/reading.py",
]  # fmt: skip
WRITE = {"create", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "delete", "aupdate"}
CHAIN = {"objects", "filter", "exclude", "all"}  # `.update()` after one of these is a queryset's


def modules() -> list[str]:
    found = [path for name in READ_ONLY for path in [ROOT / name, *(ROOT / name).rglob("*.py")]]
    return sorted(str(path.relative_to(ROOT)) for path in found if path.suffix == ".py")


def names_in(node: ast.AST) -> set[str]:
    return {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}


def writes(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        method, receiver = node.func.attr, node.func.value
        on_itself = isinstance(receiver, ast.Name) and receiver.id == "self"
        if (
            (method in WRITE and not on_itself)
            or (method == "save" and not on_itself)
            or (method == "update" and names_in(receiver) & CHAIN)
        ):
            yield f"line {node.lineno}: .{method}()"


@pytest.mark.parametrize("module", modules())
def test_a_module_that_shows_or_reads_writes_nothing(module: str) -> None:
    assert not list(writes((ROOT / module).read_text()))


@pytest.mark.parametrize(
    "source",
    ["row.save()", "Decision.objects.filter(pk=1).update(summary='')", "decision.rounds.create(number=1)"],
)
def test_a_write_is_found(source: str) -> None:
    assert list(writes(source))
