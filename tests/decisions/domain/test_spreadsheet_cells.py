import pytest

from decisions.domain.spreadsheet_cells import escape_formula


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "－1"]
)
def test_a_formula_is_escaped(formula: str) -> None:
    assert escape_formula(formula) == f"'{formula}"


@pytest.mark.parametrize("words", ["", "Share part of it", "2026-11-23", "10", "a=b"])
def test_other_cells_are_unchanged(words: str) -> None:
    assert escape_formula(words) == words
