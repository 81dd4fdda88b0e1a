from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from guidance.editing.publishing import start_draft
from guidance.models import GuideVersion
from sharingwell.accounts.models import Role
from tests.databases import module_rows
from tests.guidance.factories import FIRST_VERSION, copied_in, load_first_version
from tests.sharingwell.accounts.factories import PersonFactory


@pytest.fixture(scope="class")
def guide_throughout(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The published first version, created once for the class."""
    with module_rows(django_db_blocker, load_first_version):
        yield


@pytest.fixture(scope="class")
def draft_throughout(guide_throughout: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A draft of the first version, created once for the class."""
    with module_rows(django_db_blocker, lambda: copied_in(start_draft_of_it)):
        yield


@pytest.fixture
def guide(db: None) -> GuideVersion:
    """The first version, published."""
    return load_first_version()


@pytest.fixture
def draft(guide: GuideVersion) -> GuideVersion:
    """A draft copied from the first version."""
    return copied_in(start_draft_of_it)


def start_draft_of_it() -> GuideVersion:
    return start_draft(by=PersonFactory(roles=[Role.GUIDE_EDITOR]))


@pytest.fixture
def editor(client: Client) -> Client:
    """Client of a guide editor."""
    client.force_login(PersonFactory(roles=[Role.GUIDE_EDITOR]))
    return client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the first version's folder, to modify."""
    return Path(shutil.copytree(FIRST_VERSION, tmp_path / "version"))
