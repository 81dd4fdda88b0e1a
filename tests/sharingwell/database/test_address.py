from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from sharingwell.database.address import parse_address


def test_one_host() -> None:
    parsed = parse_address(
        "postgresql://somebody:p%40ss@database.example:6432/sharingwell?sslmode=verify-full"
    )
    assert parsed == {
        "ENGINE": "sharingwell.database",
        "NAME": "sharingwell",
        "USER": "somebody",
        "PASSWORD": "p@ss",
        "HOST": "database.example",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "verify-full"},
    }


def test_several_hosts_with_a_port_each() -> None:
    parsed = parse_address("postgres://u:p@h1:5432,h2:5433/db?target_session_attrs=read-write")
    assert (parsed["HOST"], parsed["PORT"]) == ("h1,h2", "5432,5433")
    assert parsed["OPTIONS"] == {"target_session_attrs": "read-write"}


@pytest.mark.parametrize(
    "address", ["", "postgres://u:secret@h:port/db", "https://u:secret@h/db", "postgres://u@h"]
)
def test_another_address_stops_the_start_without_its_password(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="postgresql://user:password@host") as refused:
        parse_address(address)
    assert "secret" not in str(refused.value)
