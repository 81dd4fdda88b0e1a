"""Demonstration data: invented people, organisations and decisions.

The passwords are public: never add it to a database with real data.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from decisions.actions import (
    add_follow_up,
    ask_advice,
    close_decision,
    move_look_again,
    record_round,
    reply_to_advice,
    review_round,
    save_answers,
    settle_advice,
    start_decision,
    start_round,
    take_advice,
)
from decisions.domain.periods import last_complete_quarter
from decisions.models import Decision, Round
from sharingwell.accounts.models import Organisation, Role, Team, User
from sharingwell.tenancy.current import use_organisation

PASSWORD = "demonstration-only"  # noqa: S105  # public
FOLDER = Path(__file__).parent


class SignIn(NamedTuple):
    role: str
    email: str
    password: str


def sign_ins() -> list[SignIn]:
    """The accounts to sign in with."""
    return [
        SignIn(f"{_roles_in_words(person)}, {organisation['name']}", person["email"], PASSWORD)
        for organisation in _contents("people.yaml")
        for person in organisation["people"]
    ]


def _roles_in_words(person: dict[str, Any]) -> str:
    return ", ".join(Role(role).label for role in person["roles"])


def is_present() -> bool:
    return User.objects.filter(email=sign_ins()[0].email).exists()


@transaction.atomic
def add_demonstration_data() -> int:
    """Add the data unless it is present. Returns the number of decisions added."""
    if is_present():
        return 0
    hashed = make_password(PASSWORD)  # hashed once: hashing is slow
    for organisation in _contents("people.yaml"):
        _add_organisation(organisation, hashed)
    cases = _cases()
    for number, case in enumerate(cases):
        author = User.objects.get(email=case["by"])
        with use_organisation(author.organisation):
            _add_case(case, author, hour=9 + number % 8)
    return len(cases)


def _cases() -> list[dict[str, Any]]:
    """The detailed cases, and those of the last full quarter for the statistics; oldest first."""
    return sorted([*_contents("cases.yaml"), *_earlier_cases()], key=lambda case: -int(case["days_ago"]))


def _earlier_cases() -> Iterator[dict[str, Any]]:
    contents: dict[str, Any] = yaml.safe_load((FOLDER / "earlier.yaml").read_text(encoding="utf-8"))
    common, cases = contents["common"], contents["cases"]
    today = timezone.localdate()
    since_it_began = (today - last_complete_quarter(today).first_day).days
    for number, case in enumerate(cases):
        yield {
            "by": case["by"],
            "days_ago": since_it_began - 2 - 3 * number,
            "direction": case["direction"],
            "summary": case["summary"],
            "recorded": True,
            "review_after_days": common["review_after_days"],
            "answers": {
                **common["answers"],
                "what.request": f"{case['summary']}.",
                "what.kinds": case["kinds"],
                "who.relationship": case["who"],
                "why.if_not_shared": case.get("if_not_shared", ""),
                "decide.outcome": case["outcome"],
                "decide.reasoning": "It is as little as helps, and goes to somebody who has to do with it.",
            },
            "afterwards": [{"days_later": 5, "close": common["close"]}],
        }


def _contents(file: str) -> list[dict[str, Any]]:
    contents: list[dict[str, Any]] = yaml.safe_load((FOLDER / file).read_text(encoding="utf-8"))
    return contents


def _add_organisation(organisation: dict[str, Any], hashed: str) -> None:
    row = Organisation.objects.create(name=organisation["name"])
    teams = {name: Team.objects.create(organisation=row, name=name) for name in organisation["teams"]}
    for person in organisation["people"]:
        User.objects.create(
            email=person["email"],
            password=hashed,
            name=person["name"],
            job_title=person["job_title"],
            team=teams[person["team"]],
            roles=person["roles"],
        )


def _add_case(case: dict[str, Any], author: User, hour: int) -> Decision:
    now = timezone.localtime()
    started_at = min(now, now.replace(hour=hour, minute=15) - datetime.timedelta(days=case["days_ago"]))
    decision = start_decision(
        by=author,
        direction=case["direction"],
        summary=case["summary"],
        case_reference=case.get("case_reference", ""),
        at=started_at,
    )
    answers = dict(case["answers"])
    if "review_after_days" in case:
        review_on = started_at.date() + datetime.timedelta(days=case["review_after_days"])
        answers["decide.review_on"] = review_on.isoformat()
    draft = save_answers(by=author, round=decision.rounds.get(), answers=answers)
    for asked in case.get("advice", []):
        _add_advice(asked, author, draft, started_at)
    if case["recorded"]:
        record_round(by=author, round=draft, at=started_at + datetime.timedelta(minutes=12))
    begun_at = started_at
    for again in case.get("again", []):
        started_at += datetime.timedelta(days=again["days_later"])
        next_round = start_round(by=author, decision=decision, changed=again["changed"], at=started_at)
        next_round = save_answers(by=author, round=next_round, answers=again["answers"])
        record_round(by=author, round=next_round, at=started_at + datetime.timedelta(minutes=6))
    for fact in case.get("afterwards", []):
        _add_fact(fact, author, decision, begun_at)
    for review in case.get("reviews", []):
        _add_review(review, decision, begun_at)
    return decision


def _add_advice(asked: dict[str, Any], author: User, draft: Round, begun_at: datetime.datetime) -> None:
    """Ask for advice; with a reply in the data, take, answer and settle it."""
    at = min(timezone.now(), begun_at + datetime.timedelta(minutes=asked["minutes_later"]))
    advice = ask_advice(
        by=author,
        round=draft,
        question=asked["question"],
        adviser=User.objects.get(email=asked["of"]) if "of" in asked else None,
        urgent=asked.get("urgent", False),
        part=asked["part"],
        at=at,
    )
    if "reply" in asked:
        adviser = User.objects.get(email=asked["reply"]["by"])
        take_advice(by=adviser, advice=advice, at=at + datetime.timedelta(minutes=2))
        replied_at = at + datetime.timedelta(minutes=6)
        reply_to_advice(by=adviser, advice=advice, words=asked["reply"]["words"], at=replied_at)
        settled_at = at + datetime.timedelta(minutes=8)
        settle_advice(by=author, advice=advice, followed=True, words=asked["followed"], at=settled_at)


def _add_fact(fact: dict[str, Any], author: User, decision: Decision, begun_at: datetime.datetime) -> None:
    """Add a fact after the rounds: a closure, a postponement or a follow-up."""
    at = begun_at + datetime.timedelta(days=fact["days_later"], hours=2)
    if "close" in fact:
        close_decision(by=author, decision=decision, reason=fact["close"], at=at)
    elif "look_again_after_days" in fact:
        day = begun_at.date() + datetime.timedelta(days=fact["look_again_after_days"])
        move_look_again(by=author, decision=decision, look_again_on=day, reason=fact["reason"], at=at)
    else:
        add_follow_up(by=author, decision=decision, kind=fact["kind"], note=fact["note"], at=at)


def _add_review(review: dict[str, Any], decision: Decision, begun_at: datetime.datetime) -> None:
    """Review the named round, by default the first."""
    facts = dict(review)
    review_round(
        by=User.objects.get(email=facts.pop("by")),
        round=decision.rounds.get(number=facts.pop("round", 1)),
        at=begun_at + datetime.timedelta(days=facts.pop("days_later"), hours=5),
        **facts,
    )
