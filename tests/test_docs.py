"""The documents are true: what they point at is there, and the table of advice is the one in the code.

`WRITE_DOCS=1` (as `make fix` sets it) writes the table anew instead.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from decisions.domain.advice_workflow import TRANSITIONS, State

ROOT = Path(__file__).parent.parent
ARCHITECTURE = ROOT / "docs/architecture.md"
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])

LINK = re.compile(r"\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
TOP_LEVEL = ("decisions", "guidance", "sharingwell", "templates", "static", "tests", "docs", "benchmarks")
PATH = re.compile(rf"(?:{'|'.join(TOP_LEVEL)})/[\w./-]*")
MODULE = re.compile(r"(?:decisions|guidance|sharingwell|tests)(?:\.[a-z_]+)+")
TEST = re.compile(r"test_\w+")
MADE_LATER = ("static/dist", "static/collected")  # by make
TABLE = re.compile(r"(?<=<!-- advice states -->\n).*?(?=<!-- /advice states -->)", re.DOTALL)


def prose_of(document: Path) -> str:
    """Its text without the blocks of code, where commands and addresses stand."""
    return re.sub(r"^```.*?^```", "", document.read_text(), flags=re.DOTALL | re.MULTILINE)


def anchors_of(document: Path) -> set[str]:
    """The anchor of each heading, as GitHub makes it."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken_links(document: Path) -> Iterator[str]:
    for link in LINK.findall(prose_of(document)):
        if "://" in link:
            continue
        path, _, anchor = link.partition("#")
        target = document.parent / path if path else document
        if not target.exists() or (anchor and anchor not in anchors_of(target)):
            yield link


def missing_paths(document: Path) -> Iterator[str]:
    """Paths and modules of the repository that the document names in code and that are not there."""
    for name in CODE.findall(prose_of(document)):
        if PATH.fullmatch(name) and not name.startswith(MADE_LATER) and not (ROOT / name).exists():
            yield name
        if MODULE.fullmatch(name) and not module_exists(name):
            yield name


def names_of_tests() -> set[str]:
    sources = [path.read_text() for path in (ROOT / "tests").rglob("test_*.py")]
    return {name for source in sources for name in re.findall(r"def (test_\w+)\(", source)}


def module_exists(name: str) -> bool:
    """Whether it is a module, or a name that its module's source has."""
    path = ROOT / name.replace(".", "/")
    if path.is_dir() or path.with_suffix(".py").exists():
        return True
    package = path.parent / "__init__.py"
    source = path.parent.with_suffix(".py") if path.parent.with_suffix(".py").exists() else package
    return source.exists() and re.search(rf"\b{path.name}\b", source.read_text()) is not None


def advice_table() -> str:
    """The states of a question to an adviser in Markdown: whose turn it is, and which steps may follow."""
    lines = [
        "| state | a reply may still come | waits for an adviser | next steps |",
        "| --- | --- | --- | --- |",
    ]
    for state, steps in TRANSITIONS.items():
        following = ", ".join(steps) or "none: it is over"
        lines.append(
            f"| {state} | {_yes_or_no(state.is_open)} | {_yes_or_no(state.waits_for_adviser)} | {following} |"
        )
    return "\n".join(lines) + "\n"


def _yes_or_no(fact: bool) -> str:
    return "yes" if fact else "no"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    assert document.read_text().startswith("# ")
    assert list(broken_links(document)) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_path_and_module_named_is_there(document: Path) -> None:
    assert document.read_text().startswith("# ")
    assert list(missing_paths(document)) == []


def test_every_test_named_is_there() -> None:
    named = {
        name for document in DOCUMENTS for name in CODE.findall(prose_of(document)) if TEST.fullmatch(name)
    }
    assert len(named) > 10
    assert named <= names_of_tests()


def test_a_link_or_path_to_nothing_is_found(tmp_path: Path) -> None:
    document = tmp_path / "document.md"
    document.write_text(
        "# A\n\n[one](gone.md), [two](#a), [three](#b), `decisions/gone.py`, `decisions.gone`\n"
    )

    assert list(broken_links(document)) == ["gone.md", "#b"]
    assert list(missing_paths(document)) == ["decisions/gone.py", "decisions.gone"]


def test_the_table_of_advice_states_is_the_one_in_the_code() -> None:
    text = ARCHITECTURE.read_text()
    assert set(TRANSITIONS) == set(State)
    if os.environ.get("WRITE_DOCS"):
        text = TABLE.sub(advice_table().replace("\\", r"\\"), text)
        ARCHITECTURE.write_text(text)
    assert TABLE.findall(text) == [advice_table()], "The table is another in the code: run make fix."
