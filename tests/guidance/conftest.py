from __future__ import annotations

import datetime
import shutil
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from guidance.models import GuideVersion
from guidance.publishing import start_draft
from sharingwell.accounts.models import Role
from tests.guidance.factories import FIRST_VERSION, copied_in, load_first_version
from tests.sharingwell.accounts.factories import PersonFactory


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> datetime.date:
    """Later than every date that tests give a version, whatever the clock says: what is dated later is refused."""
    day = datetime.date(2028, 1, 31)
    monkeypatch.setattr(timezone, "localdate", lambda *_: day)
    return day


@pytest.fixture
def guide(db: None) -> GuideVersion:
    """The first version, published."""
    return load_first_version()


@pytest.fixture
def draft(guide: GuideVersion) -> GuideVersion:
    """A copy of the first version, to be edited."""
    return copied_in(start_draft_of_it)


def start_draft_of_it() -> GuideVersion:
    return start_draft(by=PersonFactory(roles=[Role.GUIDE_EDITOR]))


@pytest.fixture
def editor(client: Client) -> Client:
    """A guide editor's browser."""
    client.force_login(PersonFactory(roles=[Role.GUIDE_EDITOR]))
    return client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the first version's folder, to spoil."""
    return Path(shutil.copytree(FIRST_VERSION, tmp_path / "version"))
