"""Size of a first visit: page, styles, scripts and images, compressed."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from tests.decisions.factories import DraftFactory
from tests.guidance.factories import load_first_version

KILOBYTE = 1024


@pytest.fixture(autouse=True)
def _guide(db: None) -> None:
    load_first_version()


def first_load(client: Client, address: str) -> int:
    """Bytes of a page and its resources with gzip, the weaker compression that is served."""
    response = client.get(address, headers={"accept-encoding": "gzip"})
    assert response.status_code == 200
    assert response.headers["Content-Encoding"] == "gzip"
    page = BeautifulSoup(gzip.decompress(response.content), "html.parser")
    wanted = {
        element.get("src") or element.get("href")
        for element in page.select("link:not([rel=alternate]), script[src], img[src]")
    }
    return len(response.content) + sum(compressed(file) for file in wanted)


def compressed(address: str) -> int:
    path = finders.find(address.removeprefix(settings.STATIC_URL))
    assert path, f"{address} is not there: run `make test`, which builds it"
    return len(gzip.compress(Path(path).read_bytes()))


def test_guide_is_at_most_40_kilobytes(client: Client) -> None:
    assert 10 * KILOBYTE < first_load(client, "/guide/") <= 40 * KILOBYTE


@pytest.mark.parametrize("part", ["what", "why", "decide"])
def test_form_page_is_at_most_60_kilobytes(client: Client, part: str) -> None:
    draft = DraftFactory()
    client.force_login(draft.author)
    assert 10 * KILOBYTE < first_load(client, f"{draft.get_absolute_url()}{part}/") <= 60 * KILOBYTE
