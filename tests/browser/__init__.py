"""Journeys in a real browser. `page.goto("/guide/")` goes to the server under test; see `conftest.py` for fixtures."""

import pytest

with_and_without_javascript = pytest.mark.parametrize(
    "javascript", [True, False], ids=["with_javascript", "without_javascript"]
)
without_javascript = pytest.mark.parametrize("javascript", [False], ids=["without_javascript"])
