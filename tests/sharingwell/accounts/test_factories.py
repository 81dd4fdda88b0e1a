import pytest
from tests.sharingwell.accounts.factories import *
@pytest.mark.django_db
def test_x():
    p = PersonFactory(roles=[]); assert p.team.organisation.name; assert p.check_password(PASSWORD)
