"""Template context for the pages of a round, real or practice."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.forms import BoundField

from decisions.domain.answers import AnsweredQuestion, answered_questions, applying, left_out, of_part
from decisions.domain.progress import next_part, open_questions, progress
from decisions.domain.question_keys import URGENCY, URGENT
from decisions.forms import PartForm, ThoughtsForm
from decisions.models import Round
from decisions.practice import PracticeRound
from decisions.record.considerations import Considered, by_weight, considered
from guidance.choices import Part
from guidance.reading import Passage, Question, questions, rendered

AT_ONCE = 2  # considerations at the top of the next page
THEN, CHECK = "_then", "check"  # the page to go to after this one
SHOWN = "_shown"  # keys of the considerations that a page shows
WITH_SCRIPTS = "_scripts"  # set by the script that shows and hides questions

AnyRound: TypeAlias = Round | PracticeRound


def answered(round: AnyRound) -> tuple[AnsweredQuestion, ...]:
    return answered_questions(questions(round.version), round.decision.direction, round.answers)


def part_form(round: AnyRound, part: str, data: Any = None) -> PartForm:
    return PartForm(
        data,
        questions=(question for question in questions(round.version) if question.part == part),
        direction=round.decision.direction,
        answers=round.answers,
        identifier_reasons=round.identifier_reasons,
    )


@dataclass(frozen=True)
class AskedQuestion:
    """A question on the page of its part, with what stands beside it."""

    question: Question
    fields: tuple[BoundField, ...]
    passages: tuple[Passage, ...]
    considered: tuple[Considered, ...]
    is_hidden: bool

    @property
    def condition(self) -> str:
        """When it applies, for the script that shows and hides it; empty for always."""
        condition = self.question.applies_when
        return json.dumps(condition.column) if condition else ""


def part_context(
    round: AnyRound, part: Part, form: PartForm, *, after: str = "", then: str = ""
) -> dict[str, Any]:
    """One part's form with what stands beside its questions, and what to weigh before going on.

    `after` is the part that was saved before: what its answers bring up is shown at the top. `then` is CHECK where
    somebody came from the check page, and goes back there.
    """
    then = form.data.get(THEN, then)
    all_answered = answered(round)
    found = by_weight(considered(round))
    core, more = (
        [_row(round, part, form, row, found) for row in _rows(asked, form)]
        for asked in (form.core, form.more)
    )
    return {
        "round": round,
        "part": part,
        "form": form,
        "parts": progress(all_answered),
        "core": core,
        "more": more,
        "more_count": sum(not each.is_hidden for row in more for each in row),
        "then": CHECK if then == CHECK else "",
        "is_more_open": then == CHECK
        or any(_calls_for_attention(each, round, form) for row in more for each in row),
        "considered": found if part == Part.DECIDE else (),
        "before_going_on": _brought_up(found, after)[:AT_ONCE] if part != Part.DECIDE else (),
        "is_serious_harm": round.answers.get(URGENCY) == URGENT,
        "not_offered": [each for each in of_part(all_answered, part) if each.not_offered],
    }


def considered_by_question(round: AnyRound, part: Part) -> dict[str, list[Considered]]:
    """What the answers bring up, by the question of this part that each is shown beside; on Decide by none."""
    found = by_weight(considered(round))
    if part == Part.DECIDE:
        return {"": found}
    return {
        question.key: _beside(question, found, part)
        for question in questions(round.version)
        if question.part == part
    }


def _beside(question: Question, found: Iterable[Considered], part: Part) -> list[Considered]:
    if part == Part.DECIDE:
        return []
    return [
        each
        for each in found
        if question.key == next((key for key in each.questions if key.partition(".")[0] == part), "")
        and each.questions != (URGENCY,)  # serious harm has its own words under the question
    ]


def _brought_up(found: Iterable[Considered], part: str) -> list[Considered]:
    """What the answers of a part bring up."""
    return [each for each in found if any(key.partition(".")[0] == part for key in each.brought_up_by)]


def _rows(asked: Iterable[Question], form: PartForm) -> list[list[Question]]:
    """The questions in order: `beside_previous` ones share a row, revealed ones are drawn under their option."""
    revealed = {option.reveals for question in form.questions for option in question.options}
    rows: list[list[Question]] = []
    for question in asked:
        if question.key in revealed:
            continue
        if question.beside_previous and rows:
            rows[-1].append(question)
        else:
            rows.append([question])
    return rows


def _row(
    round: AnyRound, part: Part, form: PartForm, row: Iterable[Question], found: Iterable[Considered]
) -> list[AskedQuestion]:
    apply = applying(questions(round.version), round.decision.direction, round.answers)
    guide = rendered(round.version)
    return [
        AskedQuestion(
            question,
            tuple(form.fields_of(question)),
            tuple(guide.passages(question.cites)),
            tuple(_beside(question, found, part)),
            question.key not in apply and not form.needs_attention(question),
        )
        for question in row
    ]


def _calls_for_attention(asked: AskedQuestion, round: AnyRound, form: PartForm) -> bool:
    """Whether a question under “More to think about” is to be seen at once."""
    key = asked.question.key
    is_missed = any(key == each.question.key for found in considered(round) for each in found.about)
    has_answer = bool(round.answers.get(key)) and not asked.is_hidden
    return has_answer or is_missed or form.needs_attention(asked.question)


def url_after_part(before: AnyRound, round: AnyRound, part: Part, form: PartForm) -> str:
    """The URL after a part is saved: the page that was asked for, or the next.

    The same page if it has a new identifier warning, or if without scripts an answer made another question apply. The
    check page if it led here.
    """
    is_from_check = form.data.get(THEN) == CHECK
    same_page = round.part_url(part) + (f"?then={CHECK}" if is_from_check else "")
    if form.has_new_identifier_warning:
        return same_page
    if "to_overview" in form.data:
        return round.get_absolute_url()
    if (chosen := form.data.get("to_part")) in Part.values:
        return _with_what_was_not_shown(round, round.part_url(chosen), part, form)
    if brought_up := new_question(before, round, form):
        return f"{same_page}#{brought_up.control_id}"
    if is_from_check:
        return round.check_url()
    if following := next_part(part):
        return _with_what_was_not_shown(round, round.part_url(following), part, form)
    return round.check_url()


def _with_what_was_not_shown(round: AnyRound, url: str, part: Part, form: PartForm) -> str:
    """The URL of a part, where it shows what the answers of the part before bring up, unless that part has shown it."""
    shown = form.posted_values(SHOWN)
    brought_up = (each.consideration.key for each in _brought_up(considered(round), part))
    return url if all(key in shown for key in brought_up) else f"{url}?after={part}"


def new_question(before: AnyRound, round: AnyRound, form: PartForm) -> AnsweredQuestion | None:
    """The first core question that applies only since the save, and could not be seen without scripts."""
    if WITH_SCRIPTS in form.data:
        return None
    applied = {each.question.key for each in answered(before)}
    revealed = {option.reveals for question in form.questions for option in question.options}
    return next(
        (
            each
            for each in answered(round)
            if each.question.key in {question.key for question in form.core}
            and each.question.key not in {*applied, *revealed}
            and not each.is_answered
        ),
        None,
    )


def check_context(round: AnyRound, thoughts: ThoughtsForm | None, *, refused: bool) -> dict[str, Any]:
    """All answers and what is left out, and the form for thoughts on the considerations."""
    all_answered = answered(round)
    return {
        "round": round,
        "parts": progress(all_answered),
        "open": open_questions(all_answered),
        "unanswered": [each for each in all_answered if not each.is_answered],
        "left_out": left_out(questions(round.version), round.decision.direction, round.answers),
        "form": thoughts or ThoughtsForm(by_weight(considered(round)), draft=round.words),
        "refused": refused,
    }
