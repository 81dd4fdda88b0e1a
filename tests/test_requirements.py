"""The lock files hold what `pyproject.toml` and `package.json` ask for: `make lock` was run."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())
RUNNING: list[str] = PYPROJECT["project"]["dependencies"]
DEVELOPMENT: list[str] = PYPROJECT["dependency-groups"]["dev"]
LOCK_FILES = ["requirements.txt", "requirements-dev.txt", "package-lock.json"]


def locked(file: str) -> dict[str, str]:
    lines = (ROOT / file).read_text().splitlines()
    pins = [re.match(r"([a-zA-Z0-9._-]+)==([^\s;]+)", line) for line in lines]
    return {canonicalize_name(pin[1]): pin[2] for pin in pins if pin}


@pytest.mark.parametrize(
    ("file", "asked"),
    [("requirements.txt", RUNNING), ("requirements-dev.txt", RUNNING + DEVELOPMENT)],
    ids=["running", "development"],
)
def test_every_requirement_is_locked_within_its_range(file: str, asked: list[str]) -> None:
    versions = locked(file)
    requirements = [Requirement(line) for line in asked]
    assert not [
        f"{each} but {versions.get(canonicalize_name(each.name))}"
        for each in requirements
        if not each.specifier.contains(versions.get(canonicalize_name(each.name), "0"), prereleases=True)
    ]


def test_both_lock_files_agree() -> None:
    running, development = locked("requirements.txt"), locked("requirements-dev.txt")
    assert running.items() <= development.items()


def test_the_front_end_s_lock_is_of_its_package_file() -> None:
    package = json.loads((ROOT / "package.json").read_text())
    root = json.loads((ROOT / "package-lock.json").read_text())["packages"][""]
    assert {kind: root[kind] for kind in ("dependencies", "devDependencies")} == {
        kind: package[kind] for kind in ("dependencies", "devDependencies")
    }


@pytest.mark.parametrize("file", LOCK_FILES)
def test_no_lock_file_names_where_packages_were_fetched(file: str) -> None:
    text = (ROOT / file).read_text()
    assert "sha" in text
    assert "://" not in re.sub(r'"(url|homepage)": "[^"]*"', "", text)


def test_every_locked_package_is_listed_with_its_licence() -> None:
    rows = re.findall(
        r"^\| (\S+) \| (\S+) \| ([^|]+) \|$", (ROOT / "docs" / "dependencies.md").read_text(), re.MULTILINE
    )
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    asked = {path.rpartition("node_modules/")[2]: each for path, each in packages.items() if path}
    front_end = {name: each["version"] for name, each in asked.items() if not each.get("optional")}
    assert {name: version for name, version, _ in rows if name != "package" and name != "---"} == {
        **locked("requirements.txt"),
        **front_end,
    }
