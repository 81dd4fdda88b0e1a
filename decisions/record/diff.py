"""Compares two recorded rounds of a decision, by answer and by word."""

from __future__ import annotations

from dataclasses import dataclass

from decisions.record.export import Record
from guidance.diff.text import Lines, StepBudget, compare_plain


@dataclass(frozen=True)
class ChangedAnswer:
    """`earlier_question` is the previous wording, if it differs."""

    question: str
    earlier_question: str
    lines: Lines


@dataclass(frozen=True)
class Comparison:
    changed: tuple[ChangedAnswer, ...]
    unchanged: int  # count of questions with the same answer, or none, in both


def compare_records(earlier: Record, later: Record) -> Comparison:
    """Compares in the order of the later record; questions only in the earlier one come last."""
    before, after = _answers(earlier), _answers(later)
    changed, budget = [], StepBudget()
    for key in [*after, *(key for key in before if key not in after)]:
        old_question, old = before.get(key, ("", ""))
        new_question, new = after.get(key, ("", ""))
        if old != new:
            question = new_question or old_question
            other = old_question if old_question != question else ""
            changed.append(ChangedAnswer(question, other, compare_plain(old, new, budget)))
    return Comparison(tuple(changed), len(before.keys() | after.keys()) - len(changed))


def changed_questions(earlier: Record, later: Record) -> tuple[str, ...]:
    """Questions whose answer differs in the later record, in its wording."""
    before, after = _answers(earlier), _answers(later)
    return tuple(
        question for key, (question, answer) in after.items() if before.get(key, ("", ""))[1] != answer
    )


def _answers(record: Record) -> dict[str, tuple[str, str]]:
    """Question and answer by key; several options take a line each."""
    return {
        line["key"]: (line["question"], "\n".join(line["answer"]))
        for part in record["parts"]
        for line in part["answers"]
    }
