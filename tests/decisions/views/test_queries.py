"""The number of queries of each decision page: a bounded number of times, the number of rows.

Beside that, Django keeps the session alive in a savepoint: two more statements.
"""

from __future__ import annotations

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from decisions import actions
from decisions.models import Decision, Round, SubjectAccess
from guidance.models import GuideVersion
from sharingwell.accounts.models import User
from tests.decisions.factories import (
    DraftFactory,
    recorded_round,
    state_advice,
    state_afterwards,
    state_learning,
    state_log,
    state_retention,
    state_who_else,
)
from tests.decisions.policies.test_truth_table import (
    ADDRESSES,
    ADVISER,
    AUTHOR,
    EDITOR,
    IG,
    LEAD,
    MANAGER,
    OF_A_DRAFT,
    OF_A_DRAFTS_QUESTION,
    POSTED,
    TABLE,
    address,
)
from tests.sharingwell.accounts.factories import PersonFactory

MOST = 17 + 2
MORE_OF = {"admin:decisions_decision_change": 32 + 2}  # it verifies the ledger: a query for each kind of fact
LISTS = {"admin:decisions_decision_changelist": IG, "decisions:subject-access-found": IG}
# Content depends on the role: these see most. Other roles get only the pages that are theirs alone.
SEE_MOST = {IG, AUTHOR}


@pytest.fixture
def thread(practitioner: User, guide: GuideVersion) -> Decision:
    return recorded_round(author=practitioner).decision


@pytest.fixture
def draft(practitioner: User, guide: GuideVersion) -> Round:
    return DraftFactory(decision__author=practitioner, answers={"decide.reasoning": "They need to know."})


@pytest.fixture
def people(practitioner: User, draft: Round) -> dict[str, User]:
    team = practitioner.team
    adviser = PersonFactory(roles=["practitioner"], team=team)
    actions.ask_advice(by=practitioner, round=draft, question="Is it?", adviser=adviser)
    return {
        AUTHOR: practitioner,
        ADVISER: adviser,
        IG: PersonFactory(roles=["ig_manager"], team=team),
        MANAGER: PersonFactory(roles=["manager"], team=team),
        EDITOR: PersonFactory(roles=["guide_editor"], team=team),
        LEAD: PersonFactory(roles=["partnership_lead"], team=team),
    }


def add_one_of_everything(thread: Decision, draft: Round, people: dict[str, User]) -> None:
    """Records every kind of fact on a decision, which is open and back with its author at the end."""
    author = people[AUTHOR]
    state_learning(thread.rounds.get(number=1))
    for state in [state_afterwards, state_retention, state_log, state_advice, state_who_else]:
        decision = Decision.objects.get(pk=thread.pk)
        state(decision.rounds.latest("number"))
        if state is state_afterwards:
            again = actions.start_round(by=author, decision=decision, changed="They rang.")
            actions.record_round(by=author, round=again)
    actions.hand_over_decision(by=people[MANAGER], decision=thread, to=author, reason="They are back.")
    for passage in ["decide.reasoning", "decide.outcome"]:
        actions.withhold_draft_passage(
            by=author, round=draft, passage=f"round.1.{passage}", reason="Private."
        )
    recorded_round(author=author)
    DraftFactory(decision__author=author)


def count_queries(thread: Decision, draft: Round, people: dict[str, User]) -> dict[tuple[str, str], int]:
    """Number of queries by page and role."""
    found = {}
    for who, person in people.items():
        client = Client()
        client.force_login(person)
        for name, action in {**ADDRESSES, **LISTS}.items():
            theirs = who == action or who in TABLE.get(action, ())
            seen = who not in SEE_MOST and any(name == known for known, _ in found)
            if not theirs or seen or name in POSTED:
                continue
            page = where(name, thread, draft)
            with CaptureQueriesContext(connection) as asked:
                response = client.get(page)
            if response.status_code == 200:
                found[name, who] = len(asked)
    return found


def where(name: str, thread: Decision, draft: Round) -> str:
    if name == "decisions:subject-access-found":
        return reverse(name, args=[SubjectAccess.objects.latest("pk").pk])
    if name in LISTS:
        return reverse(name)
    return address(name, draft.decision if name in OF_A_DRAFT | OF_A_DRAFTS_QUESTION else thread)


def test_each_page_has_a_constant_and_small_number_of_queries(
    thread: Decision, draft: Round, people: dict[str, User]
) -> None:
    ContentType.objects.get_for_model(Decision)  # cached in each process
    add_one_of_everything(thread, draft, people)
    few = count_queries(thread, draft, people)
    assert {page: asked for page, asked in few.items() if asked > MORE_OF.get(page[0], MOST)} == {}
    add_one_of_everything(thread, draft, people)
    many = count_queries(thread, draft, people)
    assert {page: (few[page], asked) for page, asked in many.items() if asked > few.get(page, MOST)} == {}
    assert len(many) > 60
