"""Each component renders the HTML of GOV.UK Frontend's own template, for each example of its npm package."""

import json
import re
from collections import Counter
from pathlib import Path

import pytest
from django.utils.safestring import mark_safe

from sharingwell.govuk.components import Component
from tests.sharingwell.govuk.markup import normalised

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"
COMPONENTS = [
    "button",
    "character-count",
    "checkboxes",
    "date-input",
    "error-message",
    "error-summary",
    "fieldset",
    "hint",
    "input",
    "label",
    "radios",
    "select",
    "textarea",
]
# What these hold are names of the page's own, not of GOV.UK's options.
NAMED_BY_THE_PAGE = {"attributes", "values"}


def fixtures():
    """Each example of the package; one failing case where there are none."""
    for component in COMPONENTS:
        path = SHIPPED / component / "fixtures.json"
        if not path.exists():
            yield pytest.param(component, None, id=f"{component}: fixtures.json is missing")
            continue
        for fixture in json.loads(path.read_text(encoding="utf-8"))["fixtures"]:
            yield pytest.param(component, fixture, id=f"{component}: {fixture['name']}")


def snake_case(name: str) -> str:
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()


def options_of(value, key: str = ""):
    """Options of a fixture as a template takes them; GOV.UK's HTML options are marked safe."""
    if isinstance(value, dict) and key in NAMED_BY_THE_PAGE:
        return value
    if isinstance(value, dict):
        return {snake_case(name): options_of(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [options_of(each, key) for each in value] if key != "values" else value
    if isinstance(value, str) and key.lower().endswith("html"):
        return mark_safe(value)
    return value


@pytest.mark.parametrize(("component", "fixture"), list(fixtures()))
def test_component_draws_what_govuk_frontend_draws(component, fixture):
    assert fixture is not None, "govuk-frontend is not installed: run npm ci first"

    drawn = str(Component(component.replace("-", "_"), options_of(fixture["options"])))

    assert normalised(drawn) == normalised(fixture["html"])


def test_package_ships_examples_for_every_component():
    """Ensures that the test above has cases."""
    counts = Counter(case.values[0] for case in fixtures() if case.values[1])

    assert all(counts[component] >= 5 for component in COMPONENTS), counts
    assert counts.total() >= 300, counts
