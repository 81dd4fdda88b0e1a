"""Placeholders of the messages to send: what they may name, and how they are filled in. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from guidance.content.checks import Finding
from guidance.content.condition_checks import check_condition

if TYPE_CHECKING:
    from guidance.content.schema import Message, Question

# What a message may name besides an answer: the reference of the decision, and who sends it.
WORDS = ("reference", "name", "job_title", "team", "organisation")
PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")
BRACE = re.compile(r"[{}]")


def check_messages(messages: Iterable[Message], questions: Iterable[Question]) -> Iterator[Finding]:
    """`place` is a path into the messages, as in `(3, "text")`."""
    by_key = {question.key: question for question in questions}
    seen: set[str] = set()
    for index, message in enumerate(messages):
        if message.key in seen:
            yield Finding((index, "key"), f"the message “{message.key}” is given twice")
        seen.add(message.key)
        for problem in _check_text(message.text, {*WORDS, *by_key}):
            yield Finding((index, "text"), problem)
        for found in check_condition(message.condition, by_key):
            yield Finding((index, "condition", *found.place), found.message)


def _check_text(text: str, known: set[str]) -> Iterator[str]:
    for name in dict.fromkeys(PLACEHOLDER.findall(text)):
        if name not in known:
            yield f"“{{{name}}}” is neither a question of this version nor one of {', '.join(WORDS)}"
    if BRACE.search(PLACEHOLDER.sub("", text)):
        yield "a brace stands alone: a placeholder is written as “{reference}”"


def fill_in(text: str, words: Mapping[str, str]) -> str:
    """The text with what its placeholders name. A line that names something without an answer is left out."""
    lines: list[str] = []
    for line in text.split("\n"):
        if any(not words.get(name) for name in PLACEHOLDER.findall(line)):
            continue
        filled = PLACEHOLDER.sub(lambda found: words[found[1]], line)
        if filled.strip() or (lines and lines[-1]):
            lines.append(filled.rstrip())
    return "\n".join(lines).strip() + "\n"
