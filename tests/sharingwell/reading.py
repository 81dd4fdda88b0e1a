"""Reads responses as people see them."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag
from django.http import HttpResponse


def content_of(response: HttpResponse, status: int = 200) -> str:
    """What was answered, which has this status. Every other way to read a response begins here."""
    assert response.status_code == status
    return response.content.decode()


def page(response: HttpResponse, status: int = 200) -> BeautifulSoup:
    return BeautifulSoup(content_of(response, status), "html.parser")


def main_of(response: HttpResponse, status: int = 200) -> Tag:
    """Visible page's main part, or the admin's."""
    main = page(response, status).select_one("main, #content")
    assert main is not None
    return main


def text_of(response: HttpResponse, status: int = 200) -> str:
    """The words of the page's main part that can be seen."""
    main = main_of(response, status)
    for hidden in main.select("[hidden]"):
        hidden.decompose()
    return words_in(main)


def words_in(element: Tag) -> str:
    return " ".join(element.get_text(" ").split())


def heading_of(response: HttpResponse, status: int = 200) -> str:
    heading = page(response, status).select_one("main h1")
    assert heading is not None
    return words_in(heading)


def errors_of(response: HttpResponse, status: int = 200) -> list[tuple[str, str]]:
    """Message and target id of each error in the summary; asserts that the target exists."""
    shown = page(response, status)
    found = []
    for item in shown.select(".govuk-error-summary__list li"):
        link = item.select_one("a")
        assert link is not None, item
        target = link["href"].removeprefix("#")
        assert shown.find(id=target) is not None, target
        found.append((words_in(item), target))
    return found


def fields_to_send_again(response: HttpResponse, status: int = 200) -> list[tuple[str, str]]:
    """Fields that a browser posts with “Send again”, with the CSRF token."""
    form = page(response, status).select_one("main form")
    assert form is not None
    fields = [(field["name"], field.get("value", "")) for field in form.select("input[name]")]
    for field in form.select("textarea[name]"):
        value = field.string or ""
        # A browser leaves out the first line break of a textarea, and sends every line break as these two characters.
        value = value.replace("\r\n", "\n").removeprefix("\n").replace("\n", "\r\n")
        fields.append((field["name"], value))
    return fields


def fields_of_the_form(response: HttpResponse, status: int = 200) -> list[tuple[str, str]]:
    """Fields that a browser posts with the page's form, with the CSRF token."""
    found = []
    for control in page(response, status).select("main form :is(input, textarea)"):
        if control.name == "textarea":
            found.append((control["name"], control.get_text().removeprefix("\n")))
        elif control["type"] not in {"radio", "checkbox"} or control.has_attr("checked"):
            found.append((control["name"], control.get("value", "")))
    return found
