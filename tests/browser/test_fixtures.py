"""The journeys can only be trusted if what watches them works."""

from collections.abc import Callable
from http.client import HTTPConnection
from unittest.mock import Mock
from urllib.parse import urlsplit

import pytest
from django.db.backends.signals import connection_created
from playwright.sync_api import Page, Route

from sharingwell.accounts.models import Organisation
from tests.browser import with_and_without_javascript
from tests.browser.accessibility import Accessibility

GOOD = "<!doctype html><html lang=en><title>A page</title><main><h1>A page</h1></main>"
BAD = GOOD.replace("<h1>", "<img src='data:,'><h1>")
HEADERS = {"Content-Type": "text/html", "Content-Security-Policy": "default-src 'none'; img-src data:"}


def show(page: Page, html: str) -> None:
    def answer(route: Route) -> None:
        route.fulfill(body=html, headers=HEADERS)

    page.route("**/shown/", answer)
    page.goto("/shown/")


@with_and_without_javascript
def test_a_page_without_faults_passes(page: Page, check_accessibility: Callable[[Page], None]) -> None:
    show(page, GOOD)
    check_accessibility(page)


@with_and_without_javascript
def test_an_image_without_words_is_found(page: Page, check_accessibility: Callable[[Page], None]) -> None:
    show(page, BAD)
    with pytest.raises(AssertionError, match="image-alt"):
        check_accessibility(page)


@with_and_without_javascript
def test_scripts_run_only_where_they_should(page: Page, javascript: bool) -> None:
    page.route("**/shown/", lambda route: route.fulfill(body="<script>document.title = 'Ran'</script>"))
    page.goto("/shown/")
    assert page.title() == ("Ran" if javascript else "")


def test_breaking_the_content_security_policy_is_heard(page: Page, browser_complaints: list[str]) -> None:
    show(page, GOOD + "<script>document.title = 'Ran'</script>")
    assert "inline script" in browser_complaints.pop()


def test_a_script_that_fails_is_heard(page: Page, browser_complaints: list[str]) -> None:
    page.route(
        "**/shown/", lambda route: route.fulfill(body="<script>missing()</script>", content_type="text/html")
    )
    page.goto("/shown/")
    assert "missing is not defined" in browser_complaints.pop()


def test_the_database_can_be_used_while_the_browser_is_open(page: Page) -> None:
    organisation = Organisation.objects.create(name="Harbour Lights")
    page.goto("about:blank")
    assert Organisation.objects.get() == organisation


def test_a_page_is_checked_with_its_style_sheets(
    page: Page, accessibility: Accessibility, check_accessibility: Callable[[Page], None]
) -> None:
    page.goto("/accounts/login/")
    check_accessibility(page)
    heading = "getComputedStyle(document.querySelector('h1')).fontSize"
    [window] = accessibility.windows.values()
    assert window.evaluate(heading) == page.evaluate(heading) != "32px"  # a browser's own


def test_the_server_keeps_its_connection_to_the_database(base_url: str) -> None:
    browser = HTTPConnection(urlsplit(base_url).netloc)
    browser.request("GET", "/health/")
    assert browser.getresponse().read()

    opened = Mock()
    connection_created.connect(opened)
    browser.request("GET", "/health/")
    assert browser.getresponse().read()
    connection_created.disconnect(opened)

    opened.assert_not_called()
    browser.close()
