"""A form drawn as on a page, and what a reader finds there."""

from bs4 import BeautifulSoup, Tag
from django import forms
from django.template import Context, Template

USUAL = "{% error_summary form %}{% govuk_form form %}"


def page(form: forms.BaseForm, template: str = USUAL) -> BeautifulSoup:
    """The form drawn by a page's template, which may use the pack's tags and crispy's."""
    drawn = Template("{% load govuk crispy_forms_tags crispy_forms_filters %}" + template)
    return BeautifulSoup(drawn.render(Context({"form": form})), "html.parser")


def by_id(found: BeautifulSoup, element_id: str) -> Tag:
    """The one element with an id: none or two is a fault."""
    (element,) = found.find_all(id=element_id)
    return element


def summary_links(found: BeautifulSoup) -> dict[str, str]:
    """Words and target of each link in the error summary."""
    return {link.get_text(strip=True): link["href"] for link in found.select(".govuk-error-summary a")}


def control_at(found: BeautifulSoup, href: str) -> Tag:
    """The form control a link of the error summary leads to; anything else there is a fault."""
    element = by_id(found, href.removeprefix("#"))
    assert element.name in ("input", "select", "textarea"), element
    assert element.get("type") != "hidden", element
    return element


def words(element: Tag) -> str:
    """What is read, whitespace apart."""
    return " ".join(element.get_text().split())


def described(found: BeautifulSoup, element: Tag) -> list[str]:
    """The texts that describe an element; an id that is not there is a fault."""
    return [words(by_id(found, each)) for each in element.get("aria-describedby", "").split()]
