"""Truth table of permissions by relation to a decision, tested against every address."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from django.contrib import auth
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from decisions import actions, advice_urls, context_processors, policies, urls
from decisions.models import Advice, Decision, Round
from guidance.models import GuideVersion
from sharingwell.accounts.models import User
from tests.databases import rolled_back
from tests.decisions.factories import DraftFactory, recorded_round, state_review
from tests.sharingwell.accounts.factories import PersonFactory, TeamFactory

AUTHOR, SHARED, NO_MORE, TEAM = "author", "shared with", "shared with no more", "same team"
ADVISER, ADVISER_NO_MORE = "asked adviser", "adviser of a question withdrawn"
MANAGER, OTHER_MANAGER = "the team’s manager", "manager of another team"
IG, OTHER_IG = "IG manager", "IG manager of another organisation"
EDITOR, ADMINISTRATOR, SUPERUSER = "guide editor", "administrator", "superuser"
LEAD = "partnership lead"
SIGNED_OUT = "signed out"
SIGNED_IN = {
    AUTHOR, SHARED, NO_MORE, TEAM, ADVISER, ADVISER_NO_MORE,
    MANAGER, OTHER_MANAGER, IG, OTHER_IG, EDITOR, ADMINISTRATOR, SUPERUSER, LEAD,
}  # fmt: skip
EVERYONE = SIGNED_IN | {SIGNED_OUT}

READERS = {AUTHOR, SHARED, ADVISER, MANAGER, IG}
OF_A_QUESTION = {AUTHOR, ADVISER, IG}  # about a draft
TABLE = {
    "start": SIGNED_IN - {EDITOR, ADMINISTRATOR, SUPERUSER, LEAD},
    "write down before sign-in": SIGNED_IN - {EDITOR, ADMINISTRATOR, SUPERUSER, LEAD} | {SIGNED_OUT},
    "see one’s own": SIGNED_IN,
    "see the team’s": {MANAGER, OTHER_MANAGER},
    "read": READERS,
    "export": READERS,
    "write": {AUTHOR},
    "record": {AUTHOR},
    "go round again": {AUTHOR},
    "follow up": {AUTHOR},
    "share": {AUTHOR},
    "ask": {AUTHOR},
    "read advice": OF_A_QUESTION,
    "reply": {ADVISER},
    "send back": {ADVISER},
    "withdraw": {AUTHOR},
    "work the queue": {IG, OTHER_IG},
    "hand over": {MANAGER, IG},
    "see who looked": {IG},
    "hold": {IG},
    "dispose": {IG},
    "mark for disclosure": {AUTHOR, IG},
    "review": {IG},
    "draft an example": {IG},
    "see patterns": {IG, OTHER_IG},
    "see the partnership": {LEAD},
    "see how the guide is used": {EDITOR},
    "look after one’s own records": {IG, OTHER_IG},
    "read the log": {IG},
}
ADDRESSES = {
    "decisions:mine": "see one’s own",
    "decisions:inbox": "see one’s own",
    "decisions:team": "see the team’s",
    "decisions:start": "start",
    "decisions:urgent": "write down before sign-in",
    "decisions:urgent-draft": "write",
    "decisions:decision": "read",
    "decisions:compare": "read",
    "decisions:thread-copy": "export",
    "decisions:round": "read",
    "decisions:recorded": "read",
    "decisions:calendar": "read",
    "decisions:message": "follow up",
    "decisions:copy": "export",
    "decisions:describe": "write",
    "decisions:changed": "write",
    "decisions:move-to-current-guide": "write",
    "decisions:discard": "write",
    "decisions:withhold": "write",
    "decisions:withhold-passage": "write",
    "decisions:part": "write",
    "decisions:check": "record",
    "decisions:again": "go round again",
    "decisions:again-with": "go round again",
    "decisions:follow-up": "follow up",
    "decisions:look-again": "follow up",
    "decisions:close": "follow up",
    "decisions:share": "share",
    "decisions:end-share": "share",
    "decisions:hand-over": "hand over",
    "decisions:ask": "ask",
    "advice:mine": "see one’s own",
    "advice:asked": "see one’s own",
    "advice:queue": "work the queue",
    "advice:times": "work the queue",
    "advice:question": "read advice",
    "advice:reply": "reply",
    "advice:send-back": "send back",
    "advice:release": "reply",
    "advice:hand-on": "reply",
    "advice:withdraw": "withdraw",
    "decisions:access": "see who looked",
    "decisions:keep-draft": "write",
    "decisions:again-with-thoughts": "go round again",
    "decisions:hold": "hold",
    "decisions:disposal": "dispose",
    "decisions:disclosure": "mark for disclosure",
    "decisions:passage": "mark for disclosure",
    "decisions:due": "look after one’s own records",
    "decisions:proposed": "look after one’s own records",
    "decisions:held": "look after one’s own records",
    "decisions:disposed": "look after one’s own records",
    "decisions:rules": "look after one’s own records",
    "decisions:review": "review",
    "decisions:example": "draft an example",
    "decisions:statistics": "see patterns",
    "decisions:statistics-copy": "see patterns",
    "decisions:partnership": "see the partnership",
    "decisions:partnership-copy": "see the partnership",
    "decisions:guide-use": "see how the guide is used",
    "decisions:guide-use-copy": "see how the guide is used",
    "decisions:reviews": "look after one’s own records",
    "decisions:sample": "look after one’s own records",
    "decisions:exports": "look after one’s own records",
    "decisions:subject-access": "look after one’s own records",
    "admin:decisions_decision_change": "read the log",
    "admin:decisions_decision_history": "read the log",
    "admin:decisions_round_change": "read the log",
    "admin:decisions_round_history": "read the log",
}
# Each of these has tests of its own, and shows nothing of any decision to whoever could not read it.
WITHOUT_A_DECISION = {
    "home", "signed_in", "advice:take", "advice:answer", "advice:settle",
    "decisions:subject-access-found", "decisions:subject-access-copy",
    "health", "decisions:practice", "decisions:practice-case", "decisions:practice-begin",
    "dev_mail:list", "dev_mail:message",
    "decisions:practice-check", "decisions:practice-record", "decisions:practice-part",
    "admin:decisions_decision_changelist", "admin:decisions_decision_export", "admin:decisions_round_changelist",
    "admin:decisions_decision_add", "admin:decisions_round_add",
    "admin:decisions_decision_delete", "admin:decisions_round_delete",
    "admin:index", "admin:login", "admin:logout", "admin:password_change", "admin:password_change_done",
    "admin:autocomplete", "admin:jsi18n", "admin:app_list", "admin:view_on_site",
}  # fmt: skip
ELSEWHERE = ("guidance:", "account_", "admin:accounts_", "admin:guidance_")
POSTED = {
    "decisions:move-to-current-guide",
    "decisions:again-with",
    "decisions:end-share",
    "decisions:keep-draft",
}
POSTED |= {"decisions:again-with-thoughts"}
OF_A_DRAFT = {
    "decisions:describe",
    "decisions:changed",
    "decisions:move-to-current-guide",
    "decisions:discard",
}
OF_A_DRAFT |= {"decisions:part", "decisions:check", "decisions:keep-draft", "decisions:ask"}
OF_A_DRAFT |= {"decisions:urgent-draft", "decisions:withhold", "decisions:withhold-passage"}
OF_A_DRAFTS_QUESTION = {name for name, action in ADDRESSES.items() if name.startswith("advice:")}
OF_A_DRAFTS_QUESTION -= {"advice:mine", "advice:asked", "advice:queue", "advice:times"}


def names(resolver: URLResolver, namespace: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}" if pattern.name else str(pattern.pattern)
        else:
            yield from names(pattern, f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace)


def test_every_address_has_a_rule() -> None:
    unruled = {
        name
        for name in names(get_resolver())
        if name not in ADDRESSES and name not in WITHOUT_A_DECISION and not name.startswith(ELSEWHERE)
    }
    # These answer 404 or lead to another address, whoever asks.
    assert unruled == {"admin/r/<path:rest>", "(?P<url>.*)$", "<path:object_id>/"}
    assert set(ADDRESSES.values()) <= set(TABLE)


def test_rules_come_in_pairs() -> None:
    rules = {name for name in vars(policies) if name.startswith(("can_", "check_can_"))}
    assert {f"check_{name}" for name in rules if name.startswith("can_")} == {
        name for name in rules if name.startswith("check_")
    }


@pytest.fixture
def author(guide: GuideVersion) -> User:
    return PersonFactory(roles=["practitioner"])


@pytest.fixture
def thread(author: User) -> Decision:
    """Two recorded rounds."""
    first = recorded_round(author=author, answers={"decide.review_on": "2099-03-01"})
    again = actions.start_round(by=author, decision=first.decision, changed="They rang.")
    state_review(first, finding="learning")
    return actions.record_round(by=author, round=again).decision


@pytest.fixture
def draft(author: User) -> Round:
    return DraftFactory(decision__author=author, answers={"decide.reasoning": "They need to know."})


@pytest.fixture
def people(author: User, thread: Decision, draft: Round) -> dict[str, Any]:
    """One of each. Those of other teams would read nothing but for what is said of them."""
    team = {"team": author.team}
    other = {"team": TeamFactory(organisation=author.organisation)}
    people = {
        AUTHOR: author,
        SHARED: PersonFactory(roles=["practitioner"], **other),
        ADVISER: PersonFactory(roles=["practitioner"], **other),
        ADVISER_NO_MORE: PersonFactory(roles=["practitioner"], **other),
        NO_MORE: PersonFactory(roles=["practitioner"], **other),
        TEAM: PersonFactory(roles=["practitioner"], **team),
        MANAGER: PersonFactory(roles=["manager"], **team),
        OTHER_MANAGER: PersonFactory(roles=["manager"], **other),
        IG: PersonFactory(roles=["ig_manager"], **other),
        OTHER_IG: PersonFactory(roles=["ig_manager"]),
        EDITOR: PersonFactory(roles=["guide_editor"], **team),
        LEAD: PersonFactory(roles=["partnership_lead"], **team),
        ADMINISTRATOR: PersonFactory(roles=["administrator"], **team),
        SUPERUSER: PersonFactory(roles=[], is_superuser=True, **team),
        SIGNED_OUT: AnonymousUser(),
    }
    for name in [SHARED, NO_MORE]:
        share = actions.share_decision(by=author, decision=thread, person=people[name])
    actions.end_share(by=author, share=share)
    for name in [ADVISER, ADVISER_NO_MORE]:
        for round in [draft, thread.rounds.latest("number")]:
            advice = actions.ask_advice(by=author, round=round, question="Is it?", adviser=people[name])
            if name == ADVISER_NO_MORE:
                actions.withdraw_advice(by=author, advice=advice)
    return people


@pytest.fixture
def clients(people: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> dict[str, Client]:
    """One for each of them, signed in.

    Who they are, and what waits for them, which every page says, is found out when they first look and not again for
    each address: it is much of the work of a page, and each address finds everything as it was.
    """
    monkeypatch.setattr(context_processors, "count_inbox", cache(context_processors.count_inbox))
    clients = {who: Client() for who in EVERYONE}
    for who in SIGNED_IN:
        clients[who].force_login(people[who])
    monkeypatch.setattr(auth, "get_user", once_for_each_session(auth.get_user))
    return clients


def once_for_each_session(get_user: Callable[[HttpRequest], Any]) -> Callable[[HttpRequest], Any]:
    known: dict[str | None, Any] = {}

    def get_known(request: HttpRequest) -> Any:
        key = request.session.session_key
        if key not in known:
            known[key] = get_user(request)
        return known[key]

    return get_known


def test_each_address_follows_the_table(
    clients: dict[str, Client], thread: Decision, draft: Round, subtests: pytest.Subtests
) -> None:
    for name in ADDRESSES:
        with subtests.test(name), rolled_back():  # so that what one address does meets no other
            assert_opens_to_whom_the_table_says(name, clients, thread, draft)


def assert_opens_to_whom_the_table_says(
    name: str, clients: dict[str, Client], thread: Decision, draft: Round
) -> None:
    in_draft = name in OF_A_DRAFT | OF_A_DRAFTS_QUESTION
    decision = draft.decision if in_draft else thread
    where = address(name, decision)
    readers = READERS - {SHARED} if in_draft else READERS
    if name in OF_A_DRAFTS_QUESTION:
        readers = OF_A_QUESTION
    allowed = TABLE[ADDRESSES[name]]
    for who in sorted(EVERYONE, key=lambda who: who in allowed):  # what is done, is done last
        client = clients[who]
        response = client.post(where) if name in POSTED else client.get(where)
        if who in allowed:
            expected = {409} if name == "decisions:discard" else {200}  # a draft asked about is kept
            assert response.status_code in ({200, 302, 422} if name in POSTED else expected), who
        elif who == SIGNED_OUT:
            assert response.status_code == 302, who
            assert "/login/" in response["Location"]
        elif name.startswith("admin:"):
            assert response.status_code in {302, 403}, who
            assert thread.reference.encode() not in response.content
        elif decision.reference in where or name in OF_A_DRAFTS_QUESTION:
            assert response.status_code == (403 if who in readers else 404), who
        else:
            assert response.status_code == 403, who


def address(name: str, decision: Decision) -> str:
    if name.startswith("admin:"):
        row = decision if "_decision_" in name else decision.rounds.latest("number")
        return reverse(name, args=[row.pk])
    given: dict[str, Any] = {
        "reference": decision.reference,
        "number": 1,
        "part": "what",
        "kind": "json",
        "passage": "round.1.decide.reasoning",
    }
    share = decision.shares.first()
    given["share"] = share.pk if share else 0
    given["key"] = decision.advice.values_list("pk", flat=True).first()
    patterns = advice_urls.urlpatterns if name.startswith("advice:") else urls.urlpatterns
    (pattern,) = [each for each in patterns if name.endswith(f":{each.name}")]
    return reverse(name, kwargs={each: given[each] for each in pattern.pattern.converters})


def test_the_rules_say_what_the_table_says(people: dict[str, Any], thread: Decision, draft: Round) -> None:
    del people[SIGNED_OUT]  # no rule is asked of them: they are sent to sign in
    question = Advice.objects.with_people().get(round=draft, adviser=people[ADVISER])
    for who, person in people.items():
        answers = {
            "start": policies.can_start(person),
            "write": policies.can_write(person, draft),
            "go round again": policies.can_start_new_round(person, thread),
            "follow up": policies.can_follow_up(person, thread),
            "share": policies.can_share(person, thread),
            "ask": policies.can_ask(person, draft),
            "reply": policies.can_reply(person, question),
            "send back": policies.can_send_back(person, question),
            "withdraw": policies.can_withdraw(person, question),
            "work the queue": policies.can_work_queue(person),
            "hand over": policies.can_hand_over(person, thread),
            "review": policies.can_review(person, thread),
            "draft an example": policies.can_draft_example(person, thread.rounds.get(number=1)),
            "see the team’s": policies.can_see_team(person),
            "see patterns": policies.can_see_statistics(person),
            "see the partnership": policies.can_see_partnership(person),
            "see how the guide is used": policies.can_see_guide_use(person),
            "see who looked": policies.can_see_access(person, thread),
        }
        assert answers == {action: who in TABLE[action] for action in answers}, who
        readable = Decision.objects.visible_to(person)
        assert (thread in readable) is (who in READERS), who
        assert (draft.decision in readable) is (who in READERS - {SHARED}), who
        assert (question in Advice.objects.visible_to(person)) is (who in OF_A_QUESTION), who
