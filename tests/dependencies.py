"""Licences of what is installed, for docs/dependencies.md: `python -m tests.dependencies` writes the table anew."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "docs" / "dependencies.md"
BETWEEN = re.compile(r"(<!-- (\w+) -->\n).*?(<!-- /\2 -->)", re.DOTALL)
HEADER = "| package | version | licence |\n| --- | --- | --- |\n"


def licence_of(name: str) -> str:
    """As the package itself says it, in its shortest form."""
    try:
        metadata = distribution(name).metadata
    except PackageNotFoundError:
        return "not installed on this system"
    stated = metadata.get("License-Expression") or metadata.get("License") or ""
    if not stated or len(stated) > 60:
        classifiers = [each for each in metadata.get_all("Classifier", []) if each.startswith("License ::")]
        stated = ", ".join(each.rpartition(" :: ")[2] for each in classifiers) or "see the package"
    return stated.replace("|", "/")


def pins() -> dict[str, str]:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    found = [re.match(r"([a-zA-Z0-9._-]+)==([^\s;]+)", line) for line in lines]
    return {pin[1]: pin[2] for pin in found if pin}


def python_table() -> str:
    return HEADER + "".join(
        f"| {name} | {version} | {licence_of(name)} |\n" for name, version in pins().items()
    )


def javascript_table() -> str:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    rows = [
        f"| {path.rpartition('node_modules/')[2]} | {each['version']} | {each.get('license', 'see the package')} |\n"
        for path, each in packages.items()
        if path and not each.get("optional")
    ]
    return HEADER + "".join(rows)


def written(document: str) -> str:
    """The document with the tables of today."""
    tables = {"python": python_table, "javascript": javascript_table}
    return BETWEEN.sub(lambda found: f"{found[1]}\n{tables[found[2]]()}\n{found[3]}", document)


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text()))
