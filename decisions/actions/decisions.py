"""A decision: started, recorded in urgency, described better."""

from __future__ import annotations

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.text import Truncator

from decisions import policies
from decisions.actions.follow_up import A_MOMENT
from decisions.actions.locks import lock_decision
from decisions.actions.rounds import Saving, record_round, save_words, saved_now
from decisions.domain.answers import Answers
from decisions.domain.draft_merge import WHY_NEEDED, Page, Words, merge
from decisions.domain.identifiers import without_identifiers
from decisions.domain.question_keys import OUTCOME, REASONING, SHARED_ON, URGENCY
from decisions.domain.references import new_reference
from decisions.errors import NoGuideToFollow
from decisions.models import SUMMARY_MAX_LENGTH, Decision, Round
from guidance.choices import Direction
from guidance.reading import current_version
from sharingwell.accounts.models import User

# What is being done where it cannot wait, by the way the information goes.
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
    """Start a decision and the draft of its first round, under the current guide version.

    `at` is now, unless said otherwise. Raises NotAllowed when this person records no decisions, and
    NoGuideToFollow.
    """
    policies.check_can_start(by)
    assert by.team is not None
    version = current_version()
    if version is None:
        raise NoGuideToFollow
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
    with_whom: str,
    why: str,
    when: datetime.date,
    case_reference: str = "",
) -> Round:
    """Record what could not wait, at once; the rest follows as round 2 by the next working day.

    The words stay as they were written, but for the summary, which everyone sees in lists: no identifiers go into it.
    Sent twice, as when the button is pressed twice, they are recorded once.
    Raises NotAllowed or NoGuideToFollow.
    """
    answers = {
        "what.request": what,
        URGENCY: "now",
        "decide.shared": with_whom,
        SHARED_ON: when.isoformat(),
        OUTCOME: URGENT_OUTCOMES[Direction(direction)],
        REASONING: why,
    }
    if recorded := _just_recorded(by, case_reference, answers):
        return recorded
    summary = Truncator(without_identifiers(what, names=True)).chars(SUMMARY_MAX_LENGTH)
    decision = start_decision(by=by, direction=direction, summary=summary, case_reference=case_reference)
    draft = decision.rounds.get()
    draft.urgent = True
    draft.answers = answers
    draft.save(update_fields=["urgent", "answers"])
    return record_round(by=by, round=draft)


def _just_recorded(by: User, case_reference: str, answers: Answers) -> Round | None:
    """The same urgent round of this person, of a moment ago. What they send at the same time waits its turn."""
    User.objects.select_for_update(of=["self"], no_key=True).get(pk=by.pk)
    return Round.objects.filter(
        author=by,
        urgent=True,
        answers=answers,
        decision__case_reference=case_reference,
        recorded_at__gt=timezone.now() - A_MOMENT,
    ).first()


@transaction.atomic
def describe_decision(*, by: User, decision: Decision, words: Words, page: Page | None = None) -> Saving:
    """Correct what a decision is about, until its first round is recorded: any of `direction`, `summary` and
    `case_reference`, and why one of them has to hold what looks like an identifier.

    Two pages come together as they do in `save_words`. Answers that the new direction does not offer are kept, and
    pointed out to the writer. Raises NotAllowed or RoundIsRecorded.
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
        draft.saved = saved_now(draft.saved, changed, page)
        draft.save(update_fields=["saved"])
    reasons = {name: word for name, word in words.items() if name.startswith(WHY_NEEDED)}
    saving = save_words(by=by, round=draft, words=reasons, page=page)
    return Saving(
        saving.round,
        {**saving.words, **decision.description},
        saving.taken | merged.taken,
        saving.in_conflict | merged.in_conflict,
    )


def _unused_reference() -> str:
    while True:
        reference = new_reference()
        if not Decision.objects.filter(reference=reference).exists():
            return reference
