"""Pages stored on a device: the same for everyone, and complete. `tests/browser/test_offline.py` uses them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from guidance.models import GuideVersion
from tests.guidance.pages import main_of, soup_of, words_of
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import content_of

pytestmark = pytest.mark.django_db

COPY = "/guide/offline/copy/"
NO_NETWORK = "/guide/offline/"
WORKER = "/guide/service-worker.js"


def test_the_copy_says_which_version_it_is_and_that_it_is_a_copy(guide: GuideVersion, client: Client) -> None:
    page = soup_of(content_of(client.get(COPY)))
    notice = page.select_one("[aria-labelledby='offline-notice']")

    assert notice is not None
    assert "This is the version of 20 March 2026, from a copy kept on this device." in words_of(notice)
    assert notice.select_one("a[href='/guide/']") is not None


def test_the_copy_has_the_words_of_the_guide(guide: GuideVersion, client: Client) -> None:
    def article(address: str) -> str:
        return words_of(main_of(content_of(client.get(address))).select("article")[0])

    assert article(COPY) == article("/guide/")


def test_the_copy_names_its_address_for_ever(guide: GuideVersion, client: Client) -> None:
    assert client.get(COPY).headers["Content-Location"] == "/guide/2026-03-20/"


@pytest.mark.parametrize("address", [COPY, NO_NETWORK])
def test_it_may_be_kept_and_is_asked_for_each_time(address: str, guide: GuideVersion, client: Client) -> None:
    response = client.get(address)

    assert "public" in response.headers["Cache-Control"]
    assert "max-age=0" in response.headers["Cache-Control"]
    assert client.get(address, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("address", [COPY, NO_NETWORK])
def test_it_reads_the_same_whoever_asks_and_is_not_kept_with_a_session(
    address: str, guide: GuideVersion, client: Client
) -> None:
    for_anyone = client.get(address).content
    client.force_login(PersonFactory(name="Robin Vale"))

    response = client.get(address)

    assert response.content == for_anyone
    assert "private" in response.headers["Cache-Control"]
    for word in ["Sign in", "Sign out", "csrf", "Robin Vale"]:
        assert word not in for_anyone.decode()


def test_before_anything_is_published_there_is_nothing_to_keep(client: Client) -> None:
    assert client.get(COPY).status_code == 503


@pytest.mark.parametrize("address", [COPY, NO_NETWORK])
def test_all_the_files_a_kept_page_needs_can_be_found_in_it(
    address: str, guide: GuideVersion, client: Client
) -> None:
    """Found as the service worker finds them; they need no further files."""
    html = content_of(client.get(address))
    page = BeautifulSoup(html, "html.parser")
    found = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', html))

    needed = {
        element.get("src") or element.get("href")
        for element in page.select("link[rel=stylesheet], link[rel=icon], script, img")
    }
    assert found == needed
    for name in found:
        path = finders.find(name.removeprefix(settings.STATIC_URL))
        assert path
        addresses = re.findall(r"url\(([^)]{0,20})", Path(str(path)).read_text())
        assert all(each.strip("\"'").startswith("data:") for each in addresses), name


def test_the_worker_may_answer_for_the_whole_website_and_is_asked_for_each_time(client: Client) -> None:
    response = client.get(WORKER)

    assert response.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert response.headers["Service-Worker-Allowed"] == "/"
    assert response.headers["Cache-Control"] == "no-cache"
    assert "worker-src 'self'" in response.headers["Content-Security-Policy"]
    assert content_of(response).strip() == 'importScripts("/static/service_worker.js");'
