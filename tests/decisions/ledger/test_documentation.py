"""`docs/ledger.md` is correct: following it gives the same digests."""

from __future__ import annotations

import datetime
import hashlib
import json
import re
from pathlib import Path

import pytest
from django.db import connection

from decisions.ledger.canonical import digest_of
from decisions.ledger.chain import Entry, digest_of_entry
from decisions.ledger.facts import KINDS
from decisions.models import Access, LedgerEntry, Round
from tests.decisions.full_rights import full_rights

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "ledger.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)\n```$", TEXT, re.MULTILINE | re.DOTALL)
FACT, ENTRY = (text for language, text in BLOCKS if language == "json")
DIGEST_OF_FACT, DIGEST_OF_ENTRY = (text for language, text in BLOCKS if language == "")
[SQL] = (text for language, text in BLOCKS if language == "sql")


def test_the_example_can_be_computed_with_any_tool() -> None:
    assert hashlib.sha256(FACT.encode()).hexdigest() == DIGEST_OF_FACT
    assert hashlib.sha256(ENTRY.encode()).hexdigest() == DIGEST_OF_ENTRY
    assert json.loads(ENTRY)["fact"] == DIGEST_OF_FACT


def test_the_product_computes_the_same() -> None:
    access = Access(
        pk=1,
        organisation_id=3,
        reference="SW-7K3M-Q9XD",
        round_number=2,
        page="decisions:round",
        channel="page",
        by_id=7,
        at=datetime.datetime(2026, 3, 20, 9, 30, tzinfo=datetime.UTC),
    )
    fact = KINDS["access"].fact(access)
    assert fact == json.loads(FACT)
    assert digest_of(fact) == DIGEST_OF_FACT
    assert digest_of_entry(Entry(**json.loads(ENTRY), digest="")) == DIGEST_OF_ENTRY


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_described(name: str) -> None:
    assert f"| `{name}` | `{name}`: the row of `{KINDS[name].rows().model._meta.db_table}`" in TEXT


def test_the_documented_sql_finds_altered_entries(recorded: Round) -> None:
    with connection.cursor() as cursor:
        cursor.execute(SQL)
        assert cursor.fetchall() == []
    last = LedgerEntry.objects.latest("pk")
    with full_rights() as cursor:
        cursor.execute("UPDATE decisions_ledgerentry SET subject = subject + 1 WHERE id = %s", [last.pk])
        cursor.execute(SQL)
        assert cursor.fetchall() == [(last.organisation_id, last.sequence)]
