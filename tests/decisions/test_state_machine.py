"""People, decisions, rounds and roles in any order: nobody reads or changes what they may not, and the ledger verifies.

What is expected is in `expected`, and owes nothing to `decisions.policies`.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.core.exceptions import EmptyResultSet
from django.db import connection, transaction
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from decisions import actions
from decisions.errors import (
    ActionBlocked,
    DraftInProgress,
    NoLongerThere,
    NotAColleague,
    NotAllowed,
    NotReadyToRecord,
    RoundIsRecorded,
)
from decisions.ledger.verification import Verification
from decisions.models import Advice, Decision, Hold, Round, Share
from guidance.models import GuideVersion
from sharingwell.accounts.models import Team, User
from sharingwell.tenancy.current import use_organisation
from tests.decisions.factories import ENOUGH_TO_RECORD
from tests.decisions.state_model import BY, DECIDING, TRANSITIONS, Matter, Question
from tests.serving import serving
from tests.sharingwell.accounts.factories import OrganisationFactory, PersonFactory, TeamFactory

IS_FUZZ = settings.get_current_profile_name() == "fuzz"
# About ten seconds. It is not made shorter where it fails, which takes some minutes: `make fuzz` does.
SAME_EACH_TIME = settings(max_examples=10, stateful_step_count=20, phases=[Phase.explicit, Phase.generate])
SEARCHED_ANEW = settings(max_examples=30, stateful_step_count=40)
# The product's own errors, and that there is nothing for this person to find. PostgreSQL is never what refuses: an
# error of the database fails the test.
REFUSED = (
    NotAllowed,
    ActionBlocked,
    RoundIsRecorded,
    DraftInProgress,
    NotReadyToRecord,
    NotAColleague,
    NoLongerThere,
    Advice.DoesNotExist,
    Decision.DoesNotExist,
    Round.DoesNotExist,
    Share.DoesNotExist,
    Hold.DoesNotExist,
)
YEARS = datetime.timedelta(days=7 * 366)  # longer than a decision is kept
PEOPLE = {
    "author": ("housing", "practitioner"),
    "colleague": ("housing", "practitioner"),
    "manager": ("housing", "manager"),
    "elsewhere": ("debt", "practitioner"),
    "other manager": ("debt", "manager"),
    "ig": ("debt", "ig_manager"),
    "second ig": ("debt", "ig_manager"),
    "editor": ("housing", "guide_editor"),
    "stranger": ("abroad", "practitioner"),
    "strange ig": ("abroad", "ig_manager"),
}
QUEUE = "the IG team"
STEPS_OF_ADVICE: dict[str, Callable[..., Any]] = {
    "take": actions.take_advice,
    "release": actions.release_advice,
    "hand on": actions.hand_on_advice,
    "send back": actions.send_back_advice,
    "answer": actions.answer_adviser,
    "reply": actions.reply_to_advice,
    "withdraw": actions.withdraw_advice,
    "settle": actions.settle_advice,
}
TEAMS = ["housing", "debt", "abroad"]  # two of one organisation, one of another

anybody = st.sampled_from(list(PEOPLE))
whoever = st.one_of(st.just("responsible_person"), st.just("responsible_person"), st.just("writer"), anybody)
one_in_charge = st.one_of(st.sampled_from(["ig", "second ig", "manager"]), anybody)
ig_manager = st.one_of(st.sampled_from(["ig", "second ig"]), anybody)
which = st.integers(0, 2)
# Of a question to an adviser: which of the steps that may follow; by whom, if not by who would; to whom it goes.
Turn = tuple[int, str | None, str]
turns: st.SearchStrategy[list[Turn]] = st.lists(
    st.tuples(st.integers(0, 5), st.none() | anybody, one_in_charge), min_size=3, max_size=5
)


class Organisations(RuleBasedStateMachine):
    """Each sequence begins with the same people and one recorded decision, and is taken back when it ends."""

    def __init__(self) -> None:
        super().__init__()
        self.era = self.said = 0
        self.matters: list[Matter] = []
        self.statements: dict[Any, tuple[str, tuple[Any, ...]]] = {}
        self.travel = time_machine.travel(timezone.now(), tick=False)
        self.clock = self.travel.start()
        self.sequence = transaction.atomic()
        self.sequence.__enter__()

    def teardown(self) -> None:
        try:
            assert [str(fault) for fault in Verification().faults()] == []
        finally:
            transaction.set_rollback(True)
            self.sequence.__exit__(None, None, None)
            self.travel.stop()

    # Who and what

    def person(self, name: str, matter: Matter | None = None) -> User:
        given = (
            {"responsible_person": matter.responsible_person, "writer": matter.writer or matter.last_writer}
            if matter
            else {}
        )
        if name in given:
            return User.objects.get(pk=given[name].pk)
        return User.objects.get(email=f"{name.replace(' ', '-')}@people.example")

    def matter(self, number: int, among: list[Matter] | None = None) -> Matter:
        among = among or self.matters
        matter = among[-1 - number % len(among)]
        matter.decision = Decision.objects.filter(pk=matter.decision.pk).first() or matter.decision
        return matter

    def due(self) -> list[Matter]:
        return [matter for matter in self.matters if matter.is_due(self.era) and not matter.proposed_by]

    def proposed(self) -> list[Matter]:
        return [matter for matter in self.matters if matter.proposed_by and not matter.is_gone]

    def words(self) -> str:
        """Other words each time: the same, said twice over, are taken once."""
        self.said += 1
        return f"Said {self.said} times."

    def attempt(self, by: User, act: Callable[[], Any], *, allowed: bool) -> Any:
        """As the product would do it for this person, with the role that serves."""
        if not by.is_active:
            assert signed_in(by).get("/decisions/").status_code == 302  # they do not get as far
            return None
        try:
            with serving(), use_organisation(by.organisation), transaction.atomic():
                done = act()
        except REFUSED:
            done = None
        assert (done is not None) is allowed
        return done

    def round(self, matter: Matter) -> Round:
        """The latest; of a decision that is gone, what somebody might still have in hand."""
        return Round.objects.filter(decision=matter.decision).order_by("number").last() or Round(
            pk=0, decision=matter.decision, author=matter.author
        )

    # What people do

    @initialize(is_to_go=st.booleans(), whom=st.sampled_from([QUEUE, "colleague", "manager"]), turns=turns)
    def one_is_recorded_shared_and_asked_about(self, is_to_go: bool, whom: str, turns: list[Turn]) -> None:
        self.start("author")
        self.write("responsible_person", 0)
        self.record("responsible_person", 0)
        self.share("responsible_person", 0, "elsewhere")
        self.ask_advice("responsible_person", 0, whom)
        self.go_on_with_a_question(0, turns)
        if is_to_go:
            self.years_pass()
            self.propose_disposal("ig", 0)

    @rule(name=anybody)
    @precondition(lambda self: len(self.matters) < 3)
    def start(self, name: str) -> None:
        by = self.person(name)
        started = self.attempt(
            by,
            lambda: actions.start_decision(by=by, direction="asked", summary="The ward asks"),
            allowed=by.is_active and not DECIDING.isdisjoint(by.roles),
        )
        if started:
            self.matters.append(Matter(started, by.team, by, by, by, by, self.era, writers={1: by}))

    @rule(name=whoever, number=which)
    def write(self, name: str, number: int) -> None:
        matter = self.matter(number)
        by, round = self.person(name, matter), self.round(matter)
        answers = {**ENOUGH_TO_RECORD, "what.request": self.words()}
        if self.attempt(
            by,
            lambda: actions.save_answers(by=by, round=round, answers=answers),
            allowed=matter.is_written_by(by),
        ):
            matter.has_words, matter.draft_era = True, self.era

    @rule(name=whoever, number=which)
    def record(self, name: str, number: int) -> None:
        matter = self.matter(number)
        by, round = self.person(name, matter), self.round(matter)
        again = matter.writer is None and matter.of(by) and by == matter.last_writer  # which changes nothing
        done = self.attempt(
            by,
            lambda: actions.record_round(by=by, round=round),
            allowed=(matter.is_written_by(by) and matter.has_words) or again,
        )
        if done and not again:
            matter.recorded, matter.writer, matter.era = matter.recorded + 1, None, self.era

    @rule(name=whoever, number=which)
    def go_round_again(self, name: str, number: int) -> None:
        matter = self.matter(number)
        by = self.person(name, matter)
        if self.attempt(
            by,
            lambda: actions.start_round(by=by, decision=matter.decision, changed=self.words()),
            allowed=matter.is_kept_by(by) and matter.writer is None,
        ):
            matter.writer = matter.last_writer = matter.writers[matter.recorded + 1] = by
            matter.draft_era = self.era

    @rule(name=whoever, number=which)
    def discard(self, name: str, number: int) -> None:
        matter = self.matter(number)
        by, round = self.person(name, matter), self.round(matter)
        allowed = matter.is_written_by(by) and matter.has_a_draft_that_goes and not matter.hold
        if self.attempt(by, lambda: [actions.discard_draft(by=by, round=round)], allowed=allowed):
            matter.writer, matter.is_gone, matter.draft_era = None, not matter.recorded, 0
            matter.last_writer = self.round(matter).author

    @rule(name=whoever, number=which, whom=anybody)
    def share(self, name: str, number: int, whom: str) -> None:
        matter = self.matter(number)
        by, person = self.person(name, matter), self.person(whom)
        share = self.attempt(
            by,
            lambda: actions.share_decision(by=by, decision=matter.decision, person=person),
            allowed=matter.is_kept_by(by) and matter.recorded > 0 and matter.may_be_named(person),
        )
        if share:
            matter.shares[person.pk] = share

    @rule(name=whoever, number=which)
    @precondition(lambda self: any(matter.shares for matter in self.matters))
    def end_share(self, name: str, number: int) -> None:
        matter = self.matter(number, [each for each in self.matters if each.shares])
        by = self.person(name, matter)
        person, share = next(iter(matter.shares.items()))
        if self.attempt(by, lambda: actions.end_share(by=by, share=share), allowed=matter.is_kept_by(by)):
            del matter.shares[person]

    @rule(name=one_in_charge, number=which, whom=anybody)
    def hand_over(self, name: str, number: int, whom: str) -> None:
        matter = self.matter(number)
        by, to = self.person(name), self.person(whom)
        if self.attempt(
            by,
            lambda: actions.hand_over_decision(by=by, decision=matter.decision, to=to, reason=self.words()),
            allowed=(matter.is_managed_by(by) or matter.is_looked_after_by(by))
            and matter.may_be_named(to)
            and not DECIDING.isdisjoint(to.roles),
        ):
            matter.responsible_person = to
            if matter.writer:
                matter.writer = matter.last_writer = matter.writers[matter.recorded + 1] = to

    @rule(name=whoever, number=which)
    def follow_up(self, name: str, number: int) -> None:
        matter = self.matter(number)
        by = self.person(name, matter)
        if self.attempt(
            by,
            lambda: actions.add_follow_up(by=by, decision=matter.decision, kind="changed", note=self.words()),
            allowed=matter.is_kept_by(by) and matter.recorded > 0,
        ):
            matter.era = self.era

    @rule(name=whoever, number=which)
    def close(self, name: str, number: int) -> None:
        matter = self.matter(number)
        by = self.person(name, matter)
        if self.attempt(
            by,
            lambda: actions.close_decision(by=by, decision=matter.decision, reason=self.words()),
            allowed=matter.is_kept_by(by) and matter.rests,
        ):
            matter.closed, matter.era = matter.recorded, self.era

    @rule(name=ig_manager, number=which)
    def hold_or_release(self, name: str, number: int) -> None:
        matter = self.matter(number)
        by, hold = self.person(name), matter.hold
        allowed = matter.is_looked_after_by(by) and matter.has_something_recorded
        if hold:
            if self.attempt(
                by, lambda: actions.lift_hold(by=by, hold=hold, reason=self.words()), allowed=allowed
            ):
                matter.hold = None
        else:
            matter.hold = self.attempt(
                by,
                lambda: actions.hold_decision(by=by, decision=matter.decision, reason=self.words()),
                allowed=allowed,
            )

    @rule(name=ig_manager, number=which)
    def propose_disposal(self, name: str, number: int) -> None:
        matter = self.matter(number, self.due())
        by = self.person(name)
        waits = matter.proposed_by is None and not matter.hold
        if self.attempt(
            by,
            lambda: actions.propose_disposal(by=by, decision=matter.decision),
            allowed=matter.is_looked_after_by(by) and matter.is_due(self.era) and waits,
        ):
            matter.proposed_by = by

    @rule(name=ig_manager, number=which)
    @precondition(lambda self: self.proposed())
    def confirm_disposal(self, name: str, number: int) -> None:
        matter = self.matter(number, self.proposed())
        by = self.person(name)
        proposed_by_another = matter.proposed_by is not None and matter.proposed_by != by
        if self.attempt(
            by,
            lambda: actions.confirm_disposal(by=by, decision=matter.decision),
            allowed=matter.is_looked_after_by(by)
            and proposed_by_another
            and matter.is_due(self.era)
            and not matter.hold,
        ):
            matter.is_disposed_of = matter.is_gone = True

    @rule(name=ig_manager, number=which)
    @precondition(lambda self: self.proposed())
    def decline_disposal(self, name: str, number: int) -> None:
        matter = self.matter(number, self.proposed())
        by = self.person(name)
        if self.attempt(
            by,
            lambda: actions.decline_disposal(by=by, decision=matter.decision, reason=self.words()),
            allowed=matter.is_looked_after_by(by) and matter.proposed_by is not None,
        ):
            matter.proposed_by = None

    # Advice

    @rule(name=whoever, number=which, whom=st.one_of(st.just(QUEUE), anybody))
    def ask_advice(self, name: str, number: int, whom: str) -> None:
        matter = self.matter(number)
        by, round = self.person(name, matter), self.round(matter)
        adviser = None if whom == QUEUE else self.person(whom)
        team = [person for person in User.objects.all() if matter.is_looked_after_by(person)]
        asked = self.attempt(
            by,
            lambda: actions.ask_advice(by=by, round=round, question=self.words(), adviser=adviser),
            allowed=matter.may_be_asked_about_by(by)
            and any(matter.may_advise(person) for person in ([adviser] if adviser else team)),
        )
        if asked:
            stands = "with adviser" if adviser else "queued"
            question = Question(matter, asked, round.number, by, adviser, stands)
            question.held |= {adviser.pk} if adviser else set()
            matter.questions.append(question)
            matter.era = self.era

    @rule(number=which, turns=turns)
    @precondition(lambda self: self.questions())
    def go_on_with_a_question(self, number: int, turns: list[Turn]) -> None:
        for turn in turns:
            self.take_a_step(self.question(number), *turn)

    def take_a_step(self, question: Question, which_step: int, astray: str | None, whom: str) -> None:
        """One that may follow, by who would take it, unless they are astray."""
        steps = TRANSITIONS[question.stands] or list(STEPS_OF_ADVICE)
        step = steps[which_step % len(steps)]
        by = self.person(astray) if astray else self.who_would(step, question, whom)
        to = self.person(whom)
        allowed = question.takes(step, by, to, list(User.objects.all()))
        given = {"advice": question.advice, **({"to": to} if step == "hand on" else {})}
        if step not in {"take", "settle"}:
            given["words"] = self.words()
        if step == "settle":
            given["followed"] = True
        if self.attempt(by, lambda: STEPS_OF_ADVICE[step](by=by, **given), allowed=allowed):
            question.went(step, by, to)
            question.matter.era = self.era

    def who_would(self, step: str, question: Question, one_of_the_team: str) -> User:
        if BY.get(step) == "team" or question.holder is None:
            return self.person(one_of_the_team)
        who = question.matter.responsible_person if BY.get(step) == "responsible_person" else question.holder
        return User.objects.get(pk=who.pk)

    def questions(self) -> list[Question]:
        return [question for matter in self.matters for question in matter.questions]

    def question(self, number: int) -> Question:
        questions = self.questions()
        return questions[-1 - number % len(questions)]

    # What becomes of people

    @rule()
    @precondition(lambda self: self.era < 3)
    def years_pass(self) -> None:
        self.era += 1
        self.clock.shift(YEARS)

    @rule(name=anybody)
    def leave_or_come_back(self, name: str) -> None:
        person = self.person(name)
        person.is_active = not person.is_active
        person.save()

    @rule(name=anybody, role=st.sampled_from(sorted(DECIDING)))
    def take_or_lose_a_role(self, name: str, role: str) -> None:
        person = self.person(name)
        person.roles = sorted({role} ^ set(person.roles))
        person.save()

    @rule(name=anybody, team=st.sampled_from(TEAMS))
    def move(self, name: str, team: str) -> None:
        User.objects.filter(pk=self.person(name).pk).update(team=Team.objects.get(name=team))

    # What people see

    @invariant()
    def everybody_is_listed_what_they_may_read(self) -> None:
        for person in User.objects.select_related("team__organisation"):
            expected = {each.decision.pk for each in self.matters if each.is_read_by(person)}
            assert self.listed(person) == expected

    def listed(self, person: User) -> set[int]:
        """The keys of what they are listed. Its SQL is written once for each way they stand: it is most of the work."""
        stands = (person.pk, person.is_active, person.team_id, *person.roles)
        if stands not in self.statements:
            self.statements[stands] = sql_of(Decision.objects.visible_to(person).values_list("pk"))
        with connection.cursor() as cursor:
            cursor.execute(*self.statements[stands])
            return {key for (key,) in cursor.fetchall()}

    @rule(name=st.one_of(st.just("holder"), st.just("responsible_person"), anybody), number=which)
    @precondition(lambda self: self.questions())
    def open_a_question(self, name: str, number: int) -> None:
        question = self.question(number)
        held = name == "holder" and question.holder
        person = (
            User.objects.get(pk=held.pk)
            if held
            else self.person(name.replace("holder", "ig"), question.matter)
        )
        known = Advice.objects.filter(pk__in=[each.advice.pk for each in self.questions()])
        for found, is_expected in [
            (known.visible_to(person), Question.is_read_by),
            (known.waiting_for(person), Question.waits_for),
            (known.available_to(person), Question.waits_to_be_taken_by),
        ]:
            with serving(), use_organisation(person.organisation):
                listed = set(found.values_list("pk", flat=True))
            assert listed == {each.advice.pk for each in self.questions() if is_expected(each, person)}
        expected = 404
        if not person.is_active:
            expected = 302
        elif question.is_read_by(person):
            expected = 200
            question.matter.looked.add(person.pk)
        elif question.matter.of(person) and person.pk in question.held:
            expected = 409
        assert signed_in(person).get(question.advice.get_absolute_url()).status_code == expected

    @rule(name=st.one_of(whoever, one_in_charge), number=which)
    def open_it(self, name: str, number: int) -> None:
        matter = self.matter(number)
        person = self.person(name, matter)
        expected = 404
        if not person.is_active:
            expected = 302
        elif matter.is_read_by(person):
            expected = 200
            matter.looked.add(person.pk)
        elif matter.is_disposed_of and person.organisation == matter.team.organisation:
            expected = 410 if "ig_manager" in person.roles or person.pk in matter.looked else 404
        address = matter.decision.get_absolute_url()
        assert signed_in(person).get(address).status_code == expected
        if expected == 200 and matter.writer:
            what = signed_in(person).get(f"{self.round(matter).get_absolute_url()}what/")
            assert what.status_code == (200 if matter.is_written_by(person) else 403)


def sql_of(rows: QuerySet[Any, Any]) -> tuple[str, tuple[Any, ...]]:
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:  # nobody has to ask for nothing
        return "SELECT 0 WHERE false", ()


def signed_in(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def people(guide: GuideVersion) -> Iterator[None]:
    organisations = [OrganisationFactory(), OrganisationFactory()]
    teams = {name: TeamFactory(name=name, organisation=organisations[name == "abroad"]) for name in TEAMS}
    for name, (team, role) in PEOPLE.items():
        PersonFactory(email=f"{name.replace(' ', '-')}@people.example", team=teams[team], roles=[role])
    return


@pytest.mark.hypothesis  # so that `make fuzz` runs it
def test_no_sequence_of_actions_lets_anybody_read_or_change_what_they_may_not(people: None) -> None:
    try:
        run_state_machine_as_test(Organisations, settings=SEARCHED_ANEW if IS_FUZZ else SAME_EACH_TIME)
    except Exception as failure:
        print(as_a_test(failure))
        raise


def as_a_test(failure: Exception) -> str:
    """The steps that Hypothesis noted, to be pasted below as a test."""
    noted = "\n".join(getattr(failure, "__notes__", [])).splitlines()
    steps = [line for line in noted if line.startswith("state")]
    return "\n    ".join(["def test_a_sequence_that_failed(people: None) -> None:", *steps])
