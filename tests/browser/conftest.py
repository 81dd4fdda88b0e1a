from __future__ import annotations

import os
import pytest
from playwright.sync_api import BrowserContext
from tests.browser.chromium import find_chromium, NoBrowserError
from tests.browser.accessibility import find_violations

@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    try:
        chromium = find_chromium()
    except NoBrowserError as error:
        pytest.fail(str(error), pytrace=False)
    return {**browser_type_launch_args, "executable_path": chromium.executable, "env": {**os.environ, **chromium.environment}, "args": ["--disable-gpu", "--font-render-hinting=none"]}

@pytest.fixture(scope="session")
def base_url(live_server):
    return live_server.url

@pytest.fixture
def javascript(): return True

@pytest.fixture
def context(new_context, javascript):
    return new_context(java_script_enabled=javascript)

@pytest.fixture
def check_accessibility():
    def check(page):
        assert not find_violations(page)
    return check
