"""Renders a form as a page does, and finds elements in it."""

from bs4 import BeautifulSoup, Tag
from django import forms
from django.template import Context, Template

USUAL = "{% error_summary form %}{% govuk_form form %}"


def page(form: forms.BaseForm, template: str = USUAL) -> BeautifulSoup:
    """Rendered template, which may use our tags and crispy's."""
    drawn = Template("{% load govuk crispy_forms_tags crispy_forms_filters %}" + template)
    return BeautifulSoup(drawn.render(Context({"form": form})), "html.parser")


def by_id(found: BeautifulSoup, element_id: str) -> Tag:
    """The only element with this id; asserts that it is unique."""
    (element,) = found.find_all(id=element_id)
    return element


def summary_links(found: BeautifulSoup) -> dict[str, str]:
    """Text and target of each link in the error summary."""
    return {link.get_text(strip=True): link["href"] for link in found.select(".govuk-error-summary a")}


def control_at(found: BeautifulSoup, href: str) -> Tag:
    """Form control that a link of the error summary leads to; asserts that it is one."""
    element = by_id(found, href.removeprefix("#"))
    assert element.name in ("input", "select", "textarea"), element
    assert element.get("type") != "hidden", element
    return element


def words(element: Tag) -> str:
    """Text with normalised whitespace."""
    return " ".join(element.get_text().split())


def described(found: BeautifulSoup, element: Tag) -> list[str]:
    """Texts that describe an element; asserts that each id exists."""
    return [words(by_id(found, each)) for each in element.get("aria-describedby", "").split()]
