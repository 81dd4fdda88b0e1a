"""Template context for the pages of a round, real or practice."""

from __future__ import annotations

from typing import Any, TypeAlias

from decisions.domain.answers import AnsweredQuestion, answered_questions, of_part
from decisions.domain.progress import next_part, open_questions, progress
from decisions.forms import PartForm, ThoughtsForm
from decisions.models import Round
from decisions.practice import PracticeRound
from decisions.record.considerations import considered
from guidance.choices import Part
from guidance.reading import questions, rendered

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


def part_context(round: AnyRound, part: Part, form: PartForm) -> dict[str, Any]:
    """One part's form, considerations and cited passages."""
    all_answered = answered(round)
    return {
        "round": round,
        "part": part,
        "form": form,
        "parts": progress(all_answered),
        "considered": [each for each in considered(round) if each.consideration.part == part],
        "not_offered": [each for each in of_part(all_answered, part) if each.not_offered],
        "passages": rendered(round.version).passages(
            [cite for question in form.questions for cite in question.cites]
        ),
    }


def url_after_part(round: AnyRound, part: Part, form: PartForm, *, to_overview: bool) -> str:
    """The URL after a part is saved: the same page if it has a new identifier warning."""
    following = next_part(part)
    if form.has_new_identifier_warning:
        return round.part_url(part)
    if to_overview:
        return round.get_absolute_url()
    return round.part_url(following) if following else round.check_url()


def check_context(round: AnyRound, thoughts: ThoughtsForm | None, *, refused: bool) -> dict[str, Any]:
    """All answers, and the form for thoughts on the considerations."""
    all_answered = answered(round)
    return {
        "round": round,
        "parts": progress(all_answered),
        "open": open_questions(all_answered),
        "form": thoughts or ThoughtsForm(considered(round), draft=round.words),
        "refused": refused,
    }
