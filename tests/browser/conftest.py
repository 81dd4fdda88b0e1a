"""The browser of the journeys, and what each of them may ask for: `page`, `javascript`, `check_accessibility`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright
from pytest_django.live_server_helper import LiveServer

from guidance.models import GuideVersion
from sharingwell.accounts.models import User
from tests.browser.accessibility import Accessibility
from tests.browser.chromium import NoBrowserError, find_chromium
from tests.browser.journeys import Person
from tests.browser.server import LendingServer
from tests.guidance.factories import load_first_version
from tests.sharingwell.accounts.factories import PersonFactory


@pytest.hookimpl(trylast=True)  # after pytest-django has put the tests in its order
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Two workers begin with half of the journeys each: left to the end, all workers would wait for their browsers.

    pytest-xdist gives each worker an even share of the tests, in their order, and moves what is left over later.
    """
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    if workers == 1:
        return
    journeys = [item for item in items if Path(__file__).parent in item.path.parents]
    others = [item for item in items if Path(__file__).parent not in item.path.parents]
    first, second = journeys[::2], journeys[1::2]
    rest = len(items) // workers - len(first)
    items[:] = [*first, *others[:rest], *second, *others[rest:]]


@pytest.fixture(scope="session")
def playwright(playwright: Playwright) -> Iterator[Playwright]:
    """Playwright, whose event loop shows as running in this thread while a test's own, synchronous code runs.

    Django would refuse the database there; nothing else runs in that loop, so it is safe.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        yield playwright


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A browser of this machine or of an npm package. Without one the tests fail: none is skipped in silence.

    Its processes hand each other what they draw in temporary files, of which a killed one leaves some.
    """
    try:
        chromium = find_chromium()
    except NoBrowserError as error:
        pytest.fail(str(error), pytrace=False)
    with TemporaryDirectory(prefix="browser-") as folder:
        yield {
            **browser_type_launch_args,
            "executable_path": chromium.executable,
            "env": {**os.environ, **chromium.environment, "TMPDIR": folder},
            # One process for the pages of a window: our opener policy has a second one begun for its first page else.
            "args": ["--disable-gpu", "--font-render-hinting=none", "--renderer-process-limit=1"],
        }


@pytest.fixture(scope="session")
def _lending_server(django_db_setup: None) -> Iterator[None]:
    """Its connections are closed before the database goes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(LiveServerThread, "server_class", LendingServer)
        yield


@pytest.fixture(scope="session")
def base_url(_lending_server: None, live_server: LiveServer) -> str:
    """So that `page.goto("/guide/")` goes to the product under test."""
    return str(live_server.url)


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "viewport": {"width": 1280, "height": 800},
        "locale": "en-GB",
        "timezone_id": "Europe/London",
        "reduced_motion": "reduce",
    }


@pytest.fixture
def javascript() -> bool:
    """Whether `page` runs scripts: parametrise with `with_and_without_javascript` or `without_javascript`."""
    return True


@pytest.fixture
def browser_complaints() -> list[str]:
    """What the browser has said against our pages: failed scripts, and what the Content-Security-Policy stopped."""
    return []


@pytest.fixture
def context(
    new_context: Callable[..., BrowserContext], javascript: bool, browser_complaints: list[str]
) -> Iterator[BrowserContext]:
    """A browser's window. A test in which the browser complains fails."""
    context = new_context(java_script_enabled=javascript)
    context.set_default_timeout(10_000)

    def hear(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            browser_complaints.append(message.text)

    context.on("console", hear)
    context.on("weberror", lambda failure: browser_complaints.append(str(failure.error)))
    yield context
    assert not browser_complaints, "\n".join(["The browser complains:", *browser_complaints])


@pytest.fixture(scope="session")
def accessibility(browser: Browser) -> Accessibility:
    return Accessibility(browser)


@pytest.fixture
def check_accessibility(accessibility: Accessibility) -> Callable[[Page], None]:
    """`check_accessibility(page)` fails with what axe-core finds on the page as it is now."""

    def check(page: Page) -> None:
        violations = accessibility.violations(page)
        assert not violations, "\n".join([f"axe-core finds at {page.url}:", *violations])

    return check


@pytest.fixture
def guide(transactional_db: None) -> GuideVersion:
    """The first version, published."""
    return load_first_version()


@pytest.fixture
def practitioner(transactional_db: None) -> User:
    return PersonFactory(roles=["practitioner"])


@pytest.fixture
def someone(page: Page, check_accessibility: Callable[[Page], None]) -> Person:
    """Somebody at a browser, not signed in. Each page they come to is checked for accessibility."""
    return Person(page, check_accessibility)
