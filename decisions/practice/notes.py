"""What somebody has written in practice: in their session, by case, and nowhere else.

It goes with the session: when it is cleared, when they sign out, when the browser closes or half an hour after the last
page. Nothing is read of it but by the pages of practice.
"""

from __future__ import annotations

from typing import Any, TypedDict

from django.contrib.sessions.backends.base import SessionBase

from decisions.answers import Answers

NAME = "practice"


class Notes(TypedDict):
    """As a draft keeps them; in a session everything is JSON."""

    direction: str
    answers: Answers
    needed: dict[str, str]
    thoughts: dict[str, str]


def notes_on(session: SessionBase, case: str) -> Notes | None:
    """None where this case has not been begun."""
    notes: Notes | None = session.get(NAME, {}).get(case)
    return notes


def begin(session: SessionBase, case: str, direction: str) -> None:
    """Begin a case, or see it as going another way: what is written already stays."""
    notes = notes_on(session, case) or Notes(direction=direction, answers={}, needed={}, thoughts={})
    _keep(session, case, {**notes, "direction": direction})


def add(session: SessionBase, case: str, **words: dict[str, Any]) -> None:
    """Keep these answers, reasons or thoughts beside those there are; an empty one takes away what was there."""
    notes: dict[str, Any] = dict(notes_on(session, case) or {})
    for name, new in words.items():
        notes[name] = {key: word for key, word in {**notes.get(name, {}), **new}.items() if word}
    _keep(session, case, notes)


def forget(session: SessionBase, case: str) -> None:
    """What was written about this case."""
    session[NAME] = {key: notes for key, notes in session.get(NAME, {}).items() if key != case}


def forget_all(session: SessionBase, *, with_session: bool) -> None:
    """Everything written in practice, with the session itself where it is nothing else: nobody is signed in."""
    if with_session:
        session.flush()
    else:
        session.pop(NAME, None)


def _keep(session: SessionBase, case: str, notes: Any) -> None:
    session[NAME] = {**session.get(NAME, {}), case: notes}
