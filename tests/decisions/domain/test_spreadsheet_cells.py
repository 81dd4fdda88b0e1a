import pytest

from decisions.domain.spreadsheet_cells import defused


@pytest.mark.parametrize(
    "formula", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "＝1", "－1"]
)
def test_a_cell_that_a_spreadsheet_would_compute_is_made_text(formula: str) -> None:
    assert defused(formula) == f"'{formula}"


@pytest.mark.parametrize("words", ["", "Share part of it", "2026-11-23", "10", "a=b"])
def test_other_cells_stay_as_they_are(words: str) -> None:
    assert defused(words) == words
