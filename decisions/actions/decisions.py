"""Starts, urgently records and describes decisions."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from decisions import policies
from decisions.actions.follow_up import DUPLICATE_WINDOW
from decisions.actions.locks import lock_decision, lock_round
from decisions.actions.rounds import SaveResult, mark_saved, record_round, save_words
from decisions.domain.answers import Answer, Answers
from decisions.domain.draft_merge import IDENTIFIER_REASON, Page, Words, merge
from decisions.domain.identifiers import without_identifiers
from decisions.domain.question_keys import OUTCOME, REASONING, SENT_HOW, SHARED, SHARED_ON, URGENCY, WHO
from decisions.domain.references import new_reference
from decisions.errors import NoPublishedGuide
from decisions.models import SUMMARY_MAX_LENGTH, Decision, Round
from guidance.choices import Direction
from guidance.reading import current_version
from sharingwell.accounts.models import User

# Outcome of an urgent round by the direction of the information.
URGENT_OUTCOMES = {
    Direction.ASKED: "share-asked",
    Direction.SHARE: "share",
    Direction.TOLD: "accept-and-act",
    Direction.ASK: "ask",
}


@transaction.atomic
def start_decision(
    *,
    by: User,
    direction: Direction | str,
    summary: str,
    case_reference: str = "",
    at: datetime.datetime | None = None,
) -> Decision:
    """Starts a decision with the draft of its first round, under the current guide version.

    `at` defaults to now. Raises NotAllowed or NoPublishedGuide.
    """
    policies.check_can_start(by)
    assert by.team is not None
    version = current_version()
    if version is None:
        raise NoPublishedGuide
    now = at or timezone.now()
    decision = Decision.objects.create(
        reference=_unused_reference(),
        organisation=by.team.organisation,
        team=by.team,
        author=by,
        direction=direction,
        summary=summary,
        case_reference=case_reference,
        started_at=now,
    )
    Round.objects.create(decision=decision, number=1, version=version, author=by, started_at=now)
    return decision


@transaction.atomic
def record_urgent_round(
    *,
    by: User,
    direction: Direction | str,
    what: str,
    when: datetime.date,
    with_whom: str = "",
    why: str = "",
    case_reference: str = "",
) -> Round:
    """Records an urgent round at once; round 2 completes it by the next working day.

    Stores the text unchanged, except for the summary, which is shown in lists: identifiers are removed from it. A
    repeated submission is recorded once. Raises NotAllowed or NoPublishedGuide.
    """
    answers = _urgent_answers(direction, what=what, with_whom=with_whom, why=why, when=when)
    if recorded := _just_recorded(by, case_reference, answers):
        return recorded
    summary = Truncator(without_identifiers(what, names=True)).chars(SUMMARY_MAX_LENGTH)
    decision = start_decision(by=by, direction=direction, summary=summary, case_reference=case_reference)
    return _record_urgently(by, decision.rounds.get(), answers)


@transaction.atomic
def record_draft_urgently(
    *, by: User, round: Round, what: str, when: datetime.date, with_whom: str = "", why: str = ""
) -> Round:
    """Records a draft at once as an urgent round, with what else it holds; the next round completes it.

    What the draft says of the sharing stays. Raises NotAllowed or RoundIsRecorded.
    """
    draft = lock_round(round, by=by)
    answers = _urgent_answers(draft.decision.direction, what=what, with_whom=with_whom, why=why, when=when)
    policies.check_can_write(by, draft)
    stated = {key: draft.answers[key] for key in (SHARED, SENT_HOW, WHO) if draft.answers.get(key)}
    return _record_urgently(by, draft, {**answers, **stated})


def _urgent_answers(
    direction: Direction | str, *, what: str, with_whom: str, why: str, when: datetime.date
) -> dict[str, Answer]:
    """What was written, at each question that it answers. Who told us is somebody else than who is told of it."""
    who = {} if direction == Direction.TOLD else {WHO: with_whom}
    answers: dict[str, Answer] = {
        "what.request": what,
        URGENCY: "now",
        OUTCOME: URGENT_OUTCOMES[Direction(direction)],
        SHARED: "\n".join(filter(None, [what, with_whom])),
        SHARED_ON: when.isoformat(),
        REASONING: why or what,
        SENT_HOW: with_whom,
        **who,
    }
    return {key: answer for key, answer in answers.items() if answer}


def _record_urgently(by: User, draft: Round, answers: Answers) -> Round:
    draft.urgent = True
    draft.answers = {**draft.answers, **answers}
    draft.save(update_fields=["urgent", "answers"])
    return record_round(by=by, round=draft)


def _just_recorded(by: User, case_reference: str, answers: Answers) -> Round | None:
    """The same urgent round of this person within `DUPLICATE_WINDOW`. Serialises concurrent submissions."""
    User.objects.select_for_update(of=["self"], no_key=True).get(pk=by.pk)
    return Round.objects.filter(
        author=by,
        urgent=True,
        answers=answers,
        decision__case_reference=case_reference,
        recorded_at__gt=timezone.now() - DUPLICATE_WINDOW,
    ).first()


@transaction.atomic
def describe_decision(*, by: User, decision: Decision, words: Words, page: Page | None = None) -> SaveResult:
    """Edits `direction`, `summary`, `case_reference` and their identifier reasons, until the first round is recorded.

    Merges pages as `save_words` does. Keeps answers that the new direction does not offer; the page lists them.
    Raises NotAllowed or RoundIsRecorded.
    """
    decision = lock_decision(decision.pk)
    policies.check_can_describe(by, decision)
    draft = decision.rounds.latest("number")
    before = decision.description
    about = {name: word for name, word in words.items() if name in before}
    merged = merge(before, draft.saved, about, page)
    if changed := merged.changed_from(before):
        for name in changed:
            setattr(decision, name, merged.words[name])
        decision.save(update_fields=sorted(changed))
        draft.saved = mark_saved(draft.saved, changed, page)
        draft.save(update_fields=["saved"])
    reasons = {name: word for name, word in words.items() if name.startswith(IDENTIFIER_REASON)}
    result = save_words(by=by, round=draft, words=reasons, page=page)
    return SaveResult(
        result.round,
        {**result.words, **decision.description},
        result.accepted | merged.accepted,
        result.in_conflict | merged.in_conflict,
    )


def _unused_reference() -> str:
    while True:
        reference = new_reference()
        if not Decision.objects.filter(reference=reference).exists():
            return reference
