"""Considerations of the guide that apply to a round, with the writer's notes."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from typing import TYPE_CHECKING

from guidance.considerations import applicable, questions_of
from guidance.reading import RenderedConsideration, considerations, questions, rendered_considerations

if TYPE_CHECKING:
    from decisions.models import Round
    from decisions.practice import PracticeRound


@dataclass(frozen=True)
class Considered:
    """`because` lists the keys of the questions whose answers brought it up."""

    consideration: RenderedConsideration
    thought: str
    because: tuple[str, ...] = ()


def considered(round: Round | PracticeRound, *, also: Container[str] = ()) -> tuple[Considered, ...]:
    """Considerations whose condition the answers meet, in the guide's order, plus those in `also` by key. They never
    block.
    """
    version = round.version
    texts = rendered_considerations(version)
    found = applicable(considerations(version), round.answers, round.decision.direction, questions(version))
    return tuple(
        Considered(texts[each.key], round.thoughts.get(each.key, ""), questions_of(each.condition))
        for each in considerations(version)
        if each in found or each.key in also
    )
