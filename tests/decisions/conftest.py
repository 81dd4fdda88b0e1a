import pytest
from django.test import Client

from guidance.models import GuideVersion
from sharingwell.accounts.models import User
from tests.guidance.factories import load_first_version
from tests.sharingwell.accounts.factories import PersonFactory


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
