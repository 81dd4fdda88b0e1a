"""Two people act on one decision at the same moment: one after the other, and whoever comes second is told in words."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import combinations_with_replacement
from typing import Any

import psycopg
import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from decisions import actions
from decisions.errors import NotReadyToRecord
from decisions.models import Decision, Round
from sharingwell.accounts.models import User
from sharingwell.accounts.policies import Refusal
from tests.addresses import address_of
from tests.decisions.actions.test_retention import recorded_long_ago
from tests.decisions.factories import ENOUGH_TO_RECORD, DecisionFactory, DraftFactory
from tests.guidance.factories import load_first_version
from tests.sharingwell.accounts.factories import PersonFactory
from tests.sharingwell.reading import text_of

pytestmark = pytest.mark.django_db(transaction=True)

IN_WORDS = (Refusal, PermissionDenied, NotReadyToRecord)  # the views make a page of each
WORDS = "She was evicted on Thursday"
OURS = {"origin": "http://testserver"}


@dataclass
class Scene:
    author: User
    ig_managers: list[User]
    decision: Decision
    round: Round

    @property
    def about(self) -> dict[str, Any]:
        return {"by": self.author, "decision": self.decision}

    @property
    def draft(self) -> dict[str, Any]:
        return {"by": self.author, "round": self.round}

    def managed(self, number: int = 0) -> dict[str, Any]:
        return {"by": self.ig_managers[number], "decision": self.decision}


@pytest.fixture
def people(transactional_db: None) -> tuple[User, list[User]]:
    load_first_version()
    author = PersonFactory()
    return author, [PersonFactory(roles=["ig_manager"], team=author.team) for _ in range(3)]


def draft_of(people: tuple[User, list[User]]) -> Scene:
    decision = DecisionFactory(author=people[0])
    return Scene(*people, decision, DraftFactory(decision=decision, answers=ENOUGH_TO_RECORD))


def proposed_for_disposal(people: tuple[User, list[User]]) -> Scene:
    decision = recorded_long_ago(people[0])
    scene = Scene(*people, decision, decision.rounds.get())
    actions.propose_disposal(**scene.managed())
    return scene


Act = Callable[[Scene], Any]
ON_A_DRAFT: dict[str, Act] = {
    "save": lambda on: actions.save_answers(**on.draft, answers={"what.request": WORDS}),
    "think": lambda on: actions.save_thoughts(**on.draft, thoughts={"any": WORDS}),
    "describe": lambda on: actions.describe_decision(**on.about, words={"summary": WORDS}),
    "record": lambda on: actions.record_round(**on.draft),
    "discard": lambda on: actions.discard_draft(**on.draft),
    "keep": lambda on: actions.keep_draft(**on.draft),
    "move to the current guide": lambda on: actions.move_to_current_guide(**on.draft),
    "ask for advice": lambda on: actions.ask_advice(**on.draft, question=WORDS),
    "withhold": lambda on: actions.withhold_draft_passage(
        **on.draft, passage="round.1.decide.reasoning", reason=WORDS
    ),
    "disclose": lambda on: actions.disclose_draft_passage(**on.draft, passage="round.1.decide.reasoning"),
}
ON_WHAT_IS_PROPOSED: dict[str, Act] = {
    "confirm": lambda on: actions.confirm_disposal(**on.managed(1)),
    "confirm as well": lambda on: actions.confirm_disposal(**on.managed(2)),
    "decline": lambda on: actions.decline_disposal(**on.managed(2), reason=WORDS),
    "hold": lambda on: actions.hold_decision(**on.managed(2), reason=WORDS),
    "mark": lambda on: actions.mark_for_disclosure(
        **on.managed(), passage="summary", withheld=True, reason=WORDS
    ),
    "follow up": lambda on: actions.add_follow_up(**on.about, kind="received", note=WORDS),
    "look again": lambda on: actions.move_look_again(
        **on.about, look_again_on=timezone.localdate(), reason=WORDS
    ),
    "close": lambda on: actions.close_decision(**on.about, reason=WORDS),
    "go round again": lambda on: actions.start_round(**on.about, changed=WORDS),
    "share": lambda on: actions.share_decision(**on.about, person=PersonFactory(team=on.author.team)),
    "hand over": lambda on: actions.hand_over_decision(
        **on.managed(), to=PersonFactory(team=on.author.team), reason=WORDS
    ),
    "review": lambda on: actions.review_round(
        by=on.ig_managers[0], round=on.round, finding="reasons", comment=WORDS
    ),
    "ask for advice": lambda on: actions.ask_advice(**on.draft, question=WORDS),
}
REMOVES = {"discard", "record", "confirm", "confirm as well"}


def pairs(acts: dict[str, Act]) -> list[tuple[str, str]]:
    """Each with each, and in the other order too where one takes something away from the other."""
    found = list(combinations_with_replacement(acts, 2))
    return found + [(b, a) for a, b in found if a != b and REMOVES & {a, b}]


@contextmanager
def held(decision: Decision) -> Iterator[None]:
    with psycopg.connect(address_of(connection.settings_dict)) as other:
        other.execute("SELECT FROM decisions_decision WHERE id = %s FOR UPDATE", [decision.pk])
        yield
        other.rollback()


def wait_until_so_many_wait(count: int) -> None:
    until = time.monotonic() + 20
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone() == (count,):
                return
            time.sleep(0.002)
    pytest.fail("It does not lock the decision")


def one_after_the_other(decision: Decision, *acts: Callable[[], Any]) -> list[Any]:
    """Begin each, in this order, while somebody else holds the decision; what each gave or raised."""
    results: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        try:
            results[place] = acts[place]()
        except Exception as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[place]) for place in range(len(acts))]
    with held(decision):
        for waiting, thread in enumerate(threads, start=1):
            thread.start()
            wait_until_so_many_wait(waiting)
    for thread in threads:
        thread.join(30)
    return results


def check_pairs(
    acts: dict[str, Act], first: str, make: Callable[[], Scene], subtests: pytest.Subtests
) -> None:
    for one, other in pairs(acts):
        if one != first:
            continue
        with subtests.test(f"{one}, then {other}"):
            scene = make()
            done, told = one_after_the_other(
                scene.decision, partial(acts[one], scene), partial(acts[other], scene)
            )
            assert not isinstance(done, Exception), repr(done)
            assert not isinstance(told, Exception) or isinstance(told, IN_WORDS), repr(told)


@pytest.mark.parametrize("first", ON_A_DRAFT)
def test_each_pair_on_a_draft(first: str, people: tuple[User, list[User]], subtests: pytest.Subtests) -> None:
    check_pairs(ON_A_DRAFT, first, lambda: draft_of(people), subtests)


@pytest.mark.parametrize("first", ON_WHAT_IS_PROPOSED)
def test_each_pair_on_what_is_proposed_for_disposal(
    first: str, people: tuple[User, list[User]], subtests: pytest.Subtests
) -> None:
    check_pairs(ON_WHAT_IS_PROPOSED, first, lambda: proposed_for_disposal(people), subtests)


def post(person: User, address: str, data: dict[str, str]) -> Callable[[], Any]:
    client = Client()
    client.force_login(person)
    return lambda: client.post(address, data, headers=OURS)


def test_of_two_who_confirm_one_disposal_the_second_is_told(people: tuple[User, list[User]]) -> None:
    scene = proposed_for_disposal(people)
    address = f"/decisions/{scene.decision.reference}/disposal/"
    confirming = [post(person, address, {"answer": "confirm"}) for person in scene.ig_managers[1:]]
    done, told = one_after_the_other(scene.decision, *confirming)
    assert done.status_code == 302
    assert "disposed of meanwhile" in text_of(told, 410)


@pytest.mark.parametrize("page", ["what/", "check/"])
def test_words_saved_in_a_draft_that_is_being_discarded_are_shown(
    page: str, people: tuple[User, list[User]]
) -> None:
    scene = draft_of(people)
    address = scene.round.get_absolute_url()
    done, told = one_after_the_other(
        scene.decision,
        post(scene.author, f"{address}discard/", {}),
        post(scene.author, f"{address}{page}", {"what.request": WORDS}),
    )
    assert done.status_code == 302
    assert WORDS in text_of(told, 404)
    assert "discarded on another device" in text_of(told, 404)


@pytest.mark.parametrize("order", [["check/", "discard/"], ["discard/", "check/"]])
def test_what_is_recorded_and_discarded_at_once_is_one_of_them(
    order: list[str], people: tuple[User, list[User]]
) -> None:
    """The page that records saves first, so that discarding may come between."""
    scene = draft_of(people)
    address = scene.round.get_absolute_url()
    answers = one_after_the_other(
        scene.decision, *(post(scene.author, f"{address}{page}", {}) for page in order)
    )
    assert sorted(each.status_code for each in answers) in ([302, 404], [302, 409])
    recorded = Round.objects.filter(pk=scene.round.pk, recorded_at__isnull=False).exists()
    assert recorded == Decision.objects.filter(pk=scene.decision.pk).exists()
