"""Journeys in a real browser. `page.goto("/guide/")` goes to the server under test; see `conftest.py` for fixtures.

What a practitioner does with a decision is walked with scripts and without. Elsewhere one of the two is enough: most
journeys need no script, and pages without any are what Django's test client reads.
"""

import pytest

with_and_without_javascript = pytest.mark.parametrize(
    "javascript", [True, False], ids=["with_javascript", "without_javascript"]
)
without_javascript = pytest.mark.parametrize("javascript", [False], ids=["without_javascript"])
