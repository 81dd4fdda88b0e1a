import pytest
from django.core.cache import cache


@pytest.fixture(autouse=True)
def rate_limits_begin_anew(db: None) -> None:
    cache.clear()
