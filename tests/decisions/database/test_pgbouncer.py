"""Through a pooler that gives each transaction whichever connection is free: nothing is left for the next one."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from decisions.models import Decision, Round
from guidance.models import GuideVersion
from sharingwell.tenancy.current import use_organisation
from tests.databases import connected_in_this_thread
from tests.decisions.database.test_rls import NOTHING, left_by_others
from tests.decisions.factories import recorded_round
from tests.guidance.factories import load_first_version
from tests.installation import manage
from tests.pgbouncer import PROGRAM, running_pgbouncer
from tests.sharingwell.accounts.factories import PersonFactory

pytestmark = [
    pytest.mark.urls("tests.decisions.database.test_rls"),
    pytest.mark.skipif(
        PROGRAM is None and os.environ.get("PGBOUNCER") != "required", reason="pgbouncer is not installed"
    ),
]


@pytest.fixture
def guide(transactional_db: None) -> GuideVersion:
    return load_first_version()


@pytest.fixture
def two(guide: GuideVersion) -> tuple[Round, Round]:
    """Of two organisations, whose authors also see the log."""
    authors = [PersonFactory(roles=["practitioner", "ig_manager"]) for _ in range(2)]
    return recorded_round(author=authors[0]), recorded_round(author=authors[1])


@pytest.fixture
def pgbouncer(transactional_db: None) -> Iterator[dict[str, Any]]:
    connection.ensure_connection()
    with running_pgbouncer(connection.settings_dict, connection.connection.info) as settings:
        yield settings


def test_requests_of_two_organisations_and_of_nobody_share_one_connection(
    two: tuple[Round, Round], pgbouncer: dict[str, Any]
) -> None:
    wrong: list[Any] = []
    backends = set()
    taking_turns = threading.Barrier(len(two) + 1)

    def ask(round: Round | None) -> None:
        expected = [round.decision.reference] if round else []
        with connected_in_this_thread(pgbouncer) as wrapper:
            client = Client(raise_request_exception=False)
            if round:
                client.force_login(round.author)
            for turn in range(12):
                taking_turns.wait(60)
                where = ["/forgetful/", "/failing/", "/forgetful/", "/refusing/", "/public/"][turn % 5]
                response = client.get(where if round else "/public/")
                if response.status_code == 200:
                    seen = response.json()["references"]
                    if seen != (expected if where == "/forgetful/" else []):
                        wrong.append((round, where, seen))
                backend, left = left_by_others(wrapper)
                backends.add(backend)
                if left != NOTHING:
                    wrong.append((where, left))
            if round:
                sent = b"".join(client.get("/admin/decisions/decision/export.csv").streaming_content)
                references = [line.split(",")[0] for line in sent.decode().splitlines()[1:]]
                if references != expected:
                    wrong.append(sent)

    threads = [threading.Thread(target=ask, args=[each]) for each in [*two, None]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not wrong
    assert len(backends) == 1


def test_each_transaction_says_for_which_organisation_it_is(
    two: tuple[Round, Round], pgbouncer: dict[str, Any]
) -> None:
    one, other = (round.decision for round in two)
    with connected_in_this_thread(pgbouncer) as wrapper:
        with use_organisation(one.organisation), transaction.atomic():
            assert Decision.objects.get() == one
            with use_organisation(other.organisation), transaction.atomic():
                assert Decision.objects.get() == other
                transaction.set_rollback(True)
            assert Decision.objects.get() == one
            with use_organisation(None):
                assert not Decision.objects.exists()
            assert list(Decision.objects.iterator(1)) == [one]
        with use_organisation(other.organisation):
            assert list(Decision.objects.iterator(1)) == [other]
        assert left_by_others(wrapper)[1] == NOTHING


def test_the_worker_does_its_work(pgbouncer: dict[str, Any]) -> None:
    done = manage(pgbouncer, ["work", "--once"])
    assert done.returncode == 0, done.stderr
    with connected_in_this_thread(pgbouncer) as wrapper:
        assert left_by_others(wrapper)[1] == NOTHING
