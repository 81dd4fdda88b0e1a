"""What a request is answered that the database does not serve: 503 within seconds, and its words on the page."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, connection
from django.http import HttpResponse
from django.test import Client
from psycopg import errors

from decisions.models import Round
from sharingwell.dev.postgres import LOCAL_APPLICATION_ROLE
from sharingwell.serving.request_limit import RequestLimit
from sharingwell.unavailable import AWAY, BUSY, SLOW, Unavailable, unavailable_by
from tests.addresses import address_of
from tests.databases import connected_in_this_thread
from tests.decisions.factories import DecisionFactory, DraftFactory
from tests.guidance.factories import load_first_version
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import fields_to_send_again, heading_of, text_of

OURS = {"origin": "http://testserver"}
WORDS = "She was evicted on Thursday & needs somewhere to go"
THREADS = 4  # more than requests of signed-in people at once, as in each process


def caused_by(kind: type[Exception], error: type[Exception] = OperationalError) -> Exception:
    raised = error()
    raised.__cause__ = kind()
    return raised


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (caused_by(errors.LockNotAvailable), BUSY),
        (caused_by(errors.DeadlockDetected), BUSY),
        (caused_by(errors.QueryCanceled), SLOW),
        (caused_by(errors.AdminShutdown), AWAY),
        (caused_by(psycopg.OperationalError), AWAY),
        (caused_by(psycopg.InterfaceError, InterfaceError), AWAY),
        (caused_by(errors.UniqueViolation, IntegrityError), None),
        (ZeroDivisionError(), None),
        (None, None),
    ],
)
def test_each_error_of_the_database_has_a_reason(error: Exception | None, why: Unavailable | None) -> None:
    assert unavailable_by(error) == why


@pytest.fixture
def draft(transactional_db: None) -> Round:
    load_first_version()
    draft: Round = DraftFactory(decision=DecisionFactory(author=PersonFactory()))
    return draft


@pytest.fixture
def served() -> dict[str, Any]:
    return {**connection.settings_dict, "USER": LOCAL_APPLICATION_ROLE, "PASSWORD": ""}


Ask = Callable[..., "Future[tuple[HttpResponse, float]]"]


@pytest.fixture
def ask(served: dict[str, Any]) -> Iterator[Ask]:
    """Ask in one of as many threads as a process serves with; gives the answer, and how long it took since then."""

    def answer(
        asked_at: float, method: str, address: str, signed_in: Client | None, *args: Any, **more: Any
    ) -> Any:
        with connected_in_this_thread(served):
            response = getattr(signed_in or Client(), method)(address, *args, **more)
            return response, time.monotonic() - asked_at

    with ThreadPoolExecutor(THREADS) as threads:
        yield lambda *args, **more: threads.submit(answer, time.monotonic(), *args, **more)


@contextmanager
def held(statement: str) -> Iterator[None]:
    """Another connection holds a lock."""
    with psycopg.connect(address_of(connection.settings_dict)) as other:
        other.execute(statement)
        yield
        other.rollback()


def signed_in_as(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


HOLDS = [
    "SELECT FROM decisions_decision FOR UPDATE",
    "SELECT FROM decisions_round FOR UPDATE",
    "LOCK TABLE decisions_round",
    "LOCK TABLE decisions_ledgerentry",
]


class TestWhileSomebodyElseSaves:
    @pytest.mark.parametrize("hold", HOLDS[:3])
    def test_words_are_kept_and_can_be_sent_again(self, draft: Round, ask: Ask, hold: str) -> None:
        client, address = signed_in_as(draft.author), f"{draft.get_absolute_url()}what/"
        with held(hold):
            response, seconds = ask("post", address, client, {"what.request": WORDS}, headers=OURS).result()
        assert heading_of(response, 503) == "Somebody else is saving this"
        assert WORDS in text_of(response, 503)
        assert (response["Retry-After"], seconds < 5) == ("5", True)
        again = dict(fields_to_send_again(response, 503))
        assert client.post(address, again, headers=OURS).status_code == 302
        draft.refresh_from_db()
        assert draft.answers["what.request"] == WORDS

    def test_a_script_is_told_by_the_status(self, draft: Round, ask: Ask) -> None:
        with held(HOLDS[0]):
            response, _ = ask(
                "post",
                f"{draft.get_absolute_url()}what/",
                signed_in_as(draft.author),
                {"what.request": WORDS},
                headers={**OURS, "accept": "application/json"},
            ).result()
        assert (response.status_code, response.content, response["Retry-After"]) == (503, b"", "5")

    @pytest.mark.parametrize("hold", HOLDS)
    def test_public_pages_and_health_do_not_wait(self, draft: Round, ask: Ask, hold: str) -> None:
        """However many wait for a decision, before and after."""
        client = signed_in_as(draft.author)
        with held(hold):
            for _ in range(3 * THREADS):
                ask(
                    "post",
                    f"{draft.get_absolute_url()}what/",
                    signed_in_as(draft.author),
                    {"what.request": WORDS},
                )
            public = [
                ask("get", address, who)
                for address in ["/health/", "/", "/guide/", "/guide/principles/"]
                for who in [None, client]
            ]
            for each in public:
                response, seconds = each.result()
                assert (response.status_code, seconds < 10) == (200, True), (response.request, seconds)

    def test_the_header_of_a_public_page_says_no_number(self, draft: Round, ask: Ask) -> None:
        with held("LOCK TABLE decisions_round"):
            response, seconds = ask("get", "/guide/", signed_in_as(draft.author)).result()
        assert (response.status_code, seconds < 1.5) == (200, True)


class TestTheLimitOfRequests:
    def test_lets_others_in_as_soon_as_one_leaves(self) -> None:
        limit = RequestLimit(1, patience=20)
        assert limit.enter()
        threading.Timer(0.05, limit.leave).start()
        assert limit.enter()

    def test_refuses_where_all_are_stuck_and_then_at_once(self) -> None:
        limit = RequestLimit(2, patience=0.1)
        assert limit.enter()
        assert limit.enter()
        assert not limit.enter()
        began = time.monotonic()
        assert not limit.enter()
        assert time.monotonic() - began < 0.05
        limit.leave()
        assert limit.enter()
