from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import DjangoDbBlocker

from guidance.models import GuideVersion
from sharingwell.accounts.models import User
from tests.databases import module_rows
from tests.guidance.factories import load_first_version
from tests.sharingwell.accounts.factories import PersonFactory


@pytest.fixture(scope="module")
def _guide_made_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    with module_rows(django_db_blocker, load_first_version):
        yield


@pytest.fixture
def guide_throughout(_guide_made_once: None, guide: GuideVersion) -> GuideVersion:
    """The same, made once for a module that never empties the database."""
    return guide


@pytest.fixture
def guide(db: None) -> GuideVersion:
    """The guide of 20 March 2026, as every installation loads it."""
    return load_first_version()


@pytest.fixture
def practitioner(db: None) -> User:
    return PersonFactory(roles=["practitioner"])


@pytest.fixture
def signed_in(client: Client, practitioner: User) -> Client:
    client.force_login(practitioner)
    return client
