"""Conventions that `base.html` and the layouts enforce on page templates."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.template.loader import render_to_string

TEMPLATES = Path(settings.BASE_DIR) / "templates"
MAY_WRITE_A_GRID = {"layouts", "govuk"}
LAYOUT_OF_THE_GUIDE = "guidance/guide.html"


def test_pages_take_their_grid_from_a_layout() -> None:
    with_a_grid = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if "govuk-grid-row" in path.read_text()
        and path.relative_to(TEMPLATES).parts[0] not in MAY_WRITE_A_GRID
    }
    assert with_a_grid == {LAYOUT_OF_THE_GUIDE}


def test_only_the_base_says_in_a_title_that_there_is_an_error() -> None:
    saying = {
        str(path.relative_to(TEMPLATES))
        for path in TEMPLATES.rglob("*.html")
        if "}Error: {" in path.read_text()
    }
    assert saying == {"base.html"}


def test_a_title_says_that_a_form_has_errors_or_that_what_was_sent_was_refused() -> None:
    def title(**context: object) -> str:
        page = render_to_string("base.html", context)
        return page[page.index("<title>") + len("<title>") : page.index("</title>")].strip()

    class FormWithErrors:
        errors = ("Enter a summary",)

    assert title().startswith("– Sharing well")
    assert title(form=FormWithErrors()).startswith("Error: ")
    assert title(refused=True).startswith("Error: ")
