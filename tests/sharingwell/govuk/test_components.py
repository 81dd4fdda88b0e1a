"""The macros get our parameters unchanged, and nothing but HTML that is marked safe is printed as it is."""

import json
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template
from django.utils.safestring import mark_safe

from sharingwell.govuk.components import Component
from tests.sharingwell.govuk.markup import normalised

ROOT = Path(__file__).resolve().parents[3]
SHIPPED = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk" / "components"
# Components that forms and pages use, each with the parameters that we do not hand over because the library draws them
# as an earlier version of GOV.UK Frontend did.
COMPONENTS: dict[str, set[str]] = {
    "button": {"html"},
    "character-count": {"countType", "maxwords"},
    "checkboxes": set(),
    "date-input": {"day", "month", "year", "error", "errorMessage", "values", "disabled"},
    "error-message": set(),
    "error-summary": set(),
    "fieldset": set(),
    "hint": set(),
    "input": set(),
    "label": set(),
    "radios": set(),
    "select": set(),
    "textarea": set(),
}
HOSTILE = "</textarea>\"'><script>alert(1)</script>"


def fixtures(component: str) -> list[dict]:
    """Each example of the npm package."""
    path = SHIPPED / component / "fixtures.json"
    assert path.exists(), "govuk-frontend is not installed: run npm ci first"
    return json.loads(path.read_text(encoding="utf-8"))["fixtures"]


def marked_safe(value, key: str = ""):
    """Parameters with GOV.UK's HTML marked safe."""
    if isinstance(value, dict):
        return {name: marked_safe(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [marked_safe(each, key) for each in value]
    return mark_safe(value) if isinstance(value, str) and key.lower().endswith("html") else value


def names(value) -> set[str]:
    """Names of all parameters, at any depth."""
    if isinstance(value, dict):
        return set(value).union(*map(names, value.values()))
    return set().union(*map(names, value)) if isinstance(value, list) else set()


def with_text(value, text: str):
    """The same parameters, with this text instead of each text and each HTML."""
    if isinstance(value, dict):
        return {name: with_text(each, text) for name, each in value.items()}
    if isinstance(value, list):
        return [with_text(each, text) for each in value]
    return text if isinstance(value, str) else value


def elements(html: str) -> list:
    """Names of the elements and of their attributes."""
    return [(each.name, sorted(each.attrs)) for each in BeautifulSoup(html, "html.parser").find_all()]


def is_handed_over(component: str, options: dict) -> bool:
    """Whether our forms and pages hand such parameters over: the parts of a date always with their width."""
    items = options.get("items", []) if component == "date-input" else []
    has_widths = all("govuk-input--width-" in item.get("classes", "") for item in items)
    return has_widths and not names(options) & COMPONENTS[component]


@pytest.mark.parametrize("component", COMPONENTS)
def test_parameters_of_govuk_frontends_examples_give_its_html(component):
    known = [each for each in fixtures(component) if is_handed_over(component, each["options"])]

    wrong = [
        each["name"]
        for each in known
        if normalised(str(Component(component, marked_safe(each["options"])))) != normalised(each["html"])
    ]

    assert len(known) >= 5
    assert wrong == []


@pytest.mark.parametrize("component", COMPONENTS)
def test_hostile_text_in_any_parameter_is_shown_as_text(component):
    for fixture in fixtures(component):
        drawn = str(Component(component, with_text(fixture["options"], HOSTILE)))

        assert "<script" not in drawn, fixture["name"]
        assert elements(drawn) == elements(str(Component(component, with_text(fixture["options"], "x"))))


def test_text_and_attributes_are_escaped_even_where_they_are_marked_safe():
    safe = mark_safe(HOSTILE)

    drawn = str(Component("button", {"text": safe, "name": safe, "attributes": {"data-note": safe}}))

    button = BeautifulSoup(drawn, "html.parser").button
    assert (button.text.strip(), button["name"], button["data-note"]) == (HOSTILE, HOSTILE, HOSTILE)
    with pytest.raises(TypeError):
        str(Component("button", {"text": "Save", "attributes": safe}))


def test_page_draws_any_component_by_its_name_and_parameters():
    template = Template(
        '{% load govuk %}{% govuk_component "button" text=text name="a" isStartButton=True %}'
    )

    button = BeautifulSoup(template.render(Context({"text": "<b>"})), "html.parser").button

    assert (button.text.strip(), button["name"]) == ("<b>", "a")
    assert "govuk-button--start" in button["class"]


def test_no_space_is_added_to_a_text_however_deep_its_textarea_is():
    textarea = Component(
        "textarea", {"name": "why", "label": {"text": "Why"}, "value": "one\ntwo\n\n  three"}
    )
    option = {"text": "Yes", "value": "yes", "conditional": {"html": textarea}}

    drawn = str(
        Component("radios", {"name": "sure", "items": [option], "fieldset": {"legend": {"text": "Sure?"}}})
    )

    assert BeautifulSoup(drawn, "html.parser").textarea.text == "one\ntwo\n\n  three"
