"""What is recorded refuses to change, whoever asks and however."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from functools import partial
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone

from decisions import actions
from decisions.models import (
    Access,
    Advice,
    AdviceStep,
    AdviceTarget,
    Closure,
    Decision,
    DisclosureMark,
    DisposalAnswer,
    DisposalProposal,
    ExampleOrigin,
    Export,
    ExportEnd,
    FollowUp,
    HandOver,
    Hold,
    LedgerEntry,
    PassageToWithhold,
    Postponement,
    Release,
    RetentionRule,
    Review,
    Round,
    SampleRule,
    Share,
    ShareEnd,
    SubjectAccess,
)
from guidance import models as guide_models
from guidance.models import GuideVersion
from sharingwell.accounts.models import Organisation, Team, User
from sharingwell.notifications.models import Email, Notification
from tests.databases import wait_until_another_waits
from tests.decisions.factories import (
    ENOUGH_TO_RECORD,
    DecisionFactory,
    DraftFactory,
    recorded_round,
    state_all_that_can_follow,
)
from tests.guidance.factories import load_first_version

# Every model of the project is one or the other. An immutable one has its triggers; those of Decision, Round and the
# guide leave drafts alone.
MUTABLE = {
    Organisation,
    Team,
    User,
    guide_models.Reader,
    Email,
    Notification,
    PassageToWithhold,
}
IMMUTABLE = {
    Access,
    Advice,
    AdviceStep,
    AdviceTarget,
    Closure,
    Decision,
    DisclosureMark,
    DisposalAnswer,
    DisposalProposal,
    ExampleOrigin,
    Export,
    ExportEnd,
    FollowUp,
    Hold,
    HandOver,
    LedgerEntry,
    Postponement,
    Release,
    RetentionRule,
    Review,
    Round,
    SampleRule,
    SubjectAccess,
    Share,
    ShareEnd,
    guide_models.Consideration,
    guide_models.Message,
    guide_models.Example,
    guide_models.GuideVersion,
    guide_models.Option,
    guide_models.Principle,
    guide_models.Question,
    guide_models.Resource,
    guide_models.Section,
}
THIRD_PARTY = {
    "account.EmailAddress",
    "account.EmailConfirmation",
    "admin.LogEntry",
    "auth.Group",
    "auth.Permission",
    "contenttypes.ContentType",
    "procrastinate.ProcrastinateEvent",
    "procrastinate.ProcrastinateJob",
    "procrastinate.ProcrastinatePeriodicDefer",
    "procrastinate.ProcrastinateWorker",
    "accounts.Appointment",
    "sessions.Session",
}
OTHERWISE = {
    Round: "changed",
    Decision: "summary",
    FollowUp: "note",
    HandOver: "reason",
    Advice: "question",
    AdviceStep: "words",
    Postponement: "reason",
    Closure: "reason",
    Hold: "reason",
    Release: "reason",
    Review: "comment",
    SampleRule: "share",
    ExampleOrigin: "identifier_reason",
    Export: "filter",
    ExportEnd: "sent",
    DisclosureMark: "reason",
    RetentionRule: "outcome",
    DisposalProposal: "outcome",
    DisposalAnswer: "reason",
    SubjectAccess: "references",
    Access: "page",
    LedgerEntry: "kind",
}
VALUE = {SampleRule: 7, ExportEnd: 7}  # where it is no text


def triggers_of(model: type[models.Model]) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_get_triggerdef(oid) FROM pg_trigger "
            "WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgenabled = 'O'",
            [model._meta.db_table],
        )
        return [definition for (definition,) in cursor.fetchall()]


def refused(attempt: Callable[[], Any], words: str = "What is recorded") -> None:
    with pytest.raises(IntegrityError, match=words), transaction.atomic():
        attempt()


def test_every_model_is_declared_mutable_or_immutable() -> None:
    declared = {model._meta.label for model in MUTABLE | IMMUTABLE} | THIRD_PARTY
    assert not MUTABLE & IMMUTABLE
    assert {model._meta.label for model in apps.get_models()} == declared


@pytest.mark.django_db
def test_the_catalogue_lists_what_guards_an_immutable_model() -> None:
    for model in IMMUTABLE:
        triggers = triggers_of(model)
        for event in ["UPDATE", "DELETE", "TRUNCATE"]:
            assert any(event in trigger.split(" ON ")[0] for trigger in triggers), (model, event)


@pytest.fixture
def rows(guide: GuideVersion) -> dict[type[models.Model], models.Model]:
    """One of each recorded model."""
    state_all_that_can_follow(recorded_round())
    rows = {model: model._default_manager.last() for model in OTHERWISE}
    assert None not in rows.values()
    return rows  # type: ignore[return-value]


@pytest.mark.usefixtures("rows")
class TestWhatIsRecorded:
    def test_is_not_changed_by_save(self, rows: dict[type[models.Model], models.Model]) -> None:
        for model, row in rows.items():
            setattr(row, OTHERWISE[model], VALUE.get(model, "otherwise"))
            refused(row.save)

    def test_is_not_changed_by_update(self) -> None:
        for model, column in OTHERWISE.items():
            changes = {column: VALUE.get(model, "otherwise")}
            refused(partial(model._default_manager.update, **changes))

    def test_is_not_changed_in_bulk(self, rows: dict[type[models.Model], models.Model]) -> None:
        for model, row in rows.items():
            setattr(row, OTHERWISE[model], VALUE.get(model, "otherwise"))
            refused(partial(model._default_manager.bulk_update, [row], [OTHERWISE[model]]))

    def test_is_not_deleted(self) -> None:
        for model in OTHERWISE:
            refused(partial(model._default_manager.all()._raw_delete, using="default"))

    def test_is_not_changed_by_raw_sql(self) -> None:
        """Whether or not triggers are asked to be ignored first."""
        for model in OTHERWISE:
            names = ",".join(each.get_pgid(owner) for owner, each in pgtrigger.registered() if owner is model)
            for first in ["", f"SET LOCAL pgtrigger.ignore = '{{{names}}}';"]:
                for sql in ["UPDATE {} SET id = id", "DELETE FROM {}", "TRUNCATE {} CASCADE"]:
                    statement = f"SET CONSTRAINTS ALL IMMEDIATE; {first} {sql.format(model._meta.db_table)}"
                    with connection.cursor() as cursor:
                        refused(partial(cursor.execute, statement))


@pytest.mark.usefixtures("guide")
class TestADraft:
    def test_is_written_and_discarded(self) -> None:
        draft = DraftFactory()
        draft = actions.save_answers(by=draft.author, round=draft, answers={"what.request": "A room"})
        assert Round.objects.get().answers == {"what.request": "A room"}
        actions.discard_draft(by=draft.author, round=draft)
        assert not Round.objects.exists()
        assert not Decision.objects.exists()

    def test_is_discarded_though_somebody_has_looked_at_it(self) -> None:
        draft = DraftFactory()
        look = actions.log_access(
            by=draft.author, decision=draft.decision, round_number=1, page="decisions:round", channel="page"
        )
        actions.discard_draft(by=draft.author, round=draft)
        assert Access.objects.get() == look

    def test_is_what_a_round_begins_as(self) -> None:
        refused(
            lambda: DraftFactory(recorded_at=timezone.now(), record={}, answers=ENOUGH_TO_RECORD),
            "A round begins as a draft",
        )

    def test_beside_a_recorded_round_changes_and_the_recorded_one_does_not(self) -> None:
        first = recorded_round()
        second = actions.start_round(by=first.author, decision=first.decision, changed="They rang.")
        actions.set_what_changed(by=first.author, round=second, changed="They rang twice.")
        refused(lambda: Round.objects.update(changed="Otherwise"))

    def test_cannot_be_emptied_away_with_what_is_recorded(self) -> None:
        """Not by an owner who is no superuser either, who sees none of what is recorded."""
        recorded_round()
        with connection.cursor() as cursor:
            owner = f"owner_{os.getpid()}"
            cursor.execute(f"SET CONSTRAINTS ALL IMMEDIATE; CREATE ROLE {owner}")
            for model in apps.get_app_config("decisions").get_models():
                cursor.execute(f"ALTER TABLE {model._meta.db_table} OWNER TO {owner}")
            cursor.execute(f"ALTER TABLE decisions_search_index OWNER TO {owner}")
            cursor.execute(f"SET LOCAL ROLE {owner}")
            assert not Round.objects.exists()
            for table in ["decisions_round", "decisions_decision"]:
                refused(
                    partial(cursor.execute, f"TRUNCATE {table} CASCADE"), "What is recorded is never deleted"
                )
            cursor.execute("RESET ROLE")


@pytest.mark.usefixtures("guide")
def test_a_decision_is_described_until_a_round_of_it_is_recorded() -> None:
    decision = DecisionFactory(summary="Before")
    recorded_round()
    Decision.objects.filter(pk=decision.pk).update(summary="Other words")
    draft = DraftFactory(decision=decision, answers=ENOUGH_TO_RECORD)
    actions.record_round(by=draft.author, round=draft)
    refused(lambda: Decision.objects.filter(pk=decision.pk).update(case_reference="HO-1"))


@pytest.mark.django_db(transaction=True)
def test_a_decision_is_not_described_otherwise_while_a_round_of_it_is_being_recorded() -> None:
    load_first_version()
    draft = DraftFactory(answers=ENOUGH_TO_RECORD)
    refusals: list[str] = []

    def describe() -> None:
        try:
            Decision.objects.filter(pk=draft.decision.pk).update(summary="Otherwise")
        except IntegrityError as error:
            refusals.append(str(error))
        finally:
            connection.close()

    late = threading.Thread(target=describe)
    with transaction.atomic():
        Round.objects.filter(pk=draft.pk).update(recorded_at=timezone.now(), record={"by": "raw SQL"})
        late.start()
        wait_until_another_waits()
    late.join(timeout=60)

    assert "What is recorded never changes" in refusals[0]
