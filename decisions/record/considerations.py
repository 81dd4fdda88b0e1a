"""Considerations of the guide that apply to a round, with the writer's notes."""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from decisions.domain.answers import AnsweredQuestion, answered_questions
from guidance.considerations import Selected, applicable, clause_holds, questions_of, selected_values
from guidance.models import Consideration as ConsiderationRow
from guidance.reading import (
    Consideration,
    RenderedConsideration,
    considerations,
    questions,
    rendered_considerations,
)

if TYPE_CHECKING:
    from decisions.models import Round
    from decisions.practice import PracticeRound

BY_WEIGHT = [ConsiderationRow.Kind.ACT, ConsiderationRow.Kind.ADVICE, ConsiderationRow.Kind.THINK]


@dataclass(frozen=True)
class Considered:
    """A consideration that the answers bring up.

    `because` lists the keys of the questions that its condition asks about. Of these, `brought_up_by` have the answer
    it asks for, and `about` have none yet, and would need one.
    """

    consideration: RenderedConsideration
    thought: str
    because: tuple[str, ...] = ()
    brought_up_by: tuple[str, ...] = ()
    about: tuple[AnsweredQuestion, ...] = ()

    @property
    def questions(self) -> tuple[str, ...]:
        """Keys of the questions to show it beside: those to answer come first."""
        return (*(each.question.key for each in self.about), *self.brought_up_by)


def considered(round: Round | PracticeRound, *, also: Container[str] = ()) -> tuple[Considered, ...]:
    """Considerations whose condition the answers meet, in the guide's order, plus those in `also` by key. They never
    block.
    """
    version, direction = round.version, round.decision.direction
    texts = rendered_considerations(version)
    asked = questions(version)
    found = applicable(considerations(version), round.answers, direction, asked)
    answered = {each.question.key: each for each in answered_questions(asked, direction, round.answers)}
    selected = selected_values(round.answers, direction, asked)
    return tuple(
        Considered(
            texts[each.key],
            round.thoughts.get(each.key, ""),
            questions_of(each.condition),
            tuple(key for key in _holding(each, selected) if key in answered and selected.get(key)),
            tuple(
                answered[key] for key in _holding(each, selected) if key in answered and not selected.get(key)
            ),
        )
        for each in considerations(version)
        if each in found or each.key in also
    )


def by_weight(found: Iterable[Considered]) -> list[Considered]:
    """Act now before seek advice before think."""
    return sorted(found, key=lambda each: BY_WEIGHT.index(each.consideration.kind))


def _holding(consideration: Consideration, selected: Selected) -> list[str]:
    """Keys of the questions that its clauses ask about, where the clause holds."""
    clauses = consideration.condition.clauses
    return list(dict.fromkeys(clause.question for clause in clauses if clause_holds(clause, selected)))
