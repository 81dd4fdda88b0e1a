"""What somebody has written in practice: in their session, by case, and nowhere else.

It goes with the session: when it is cleared, when they sign out, when the browser closes or half an hour after the last
page. Nothing is read of it but by the pages of practice.
"""

from __future__ import annotations

from typing import TypedDict

from django.contrib.sessions.backends.base import SessionBase

from decisions.domain.draft_merge import Words

NAME = "practice"


class Notes(TypedDict):
    """`words` go by the names of `decisions.domain.draft_merge`; in a session everything is JSON."""

    direction: str
    words: Words


def notes_on(session: SessionBase, case: str) -> Notes | None:
    """None where this case has not been begun."""
    notes: Notes | None = session.get(NAME, {}).get(case)
    return notes


def begin(session: SessionBase, case: str, direction: str) -> None:
    """Begin a case, or see it as going another way: what is written already stays."""
    begun = notes_on(session, case)
    _keep(session, case, Notes(direction=direction, words=begun["words"] if begun else {}))


def write(session: SessionBase, case: str, words: Words) -> None:
    """Keep these words beside those there are; an empty one takes away what was there. The case has been begun."""
    begun = notes_on(session, case)
    assert begun
    kept = {name: word for name, word in {**begun["words"], **words}.items() if word}
    _keep(session, case, Notes(direction=begun["direction"], words=kept))


def forget(session: SessionBase, case: str) -> None:
    """What was written about this case."""
    session[NAME] = {key: notes for key, notes in session.get(NAME, {}).items() if key != case}


def forget_all(session: SessionBase, *, with_session: bool) -> None:
    """Everything written in practice, with the session itself where it is nothing else: nobody is signed in."""
    if with_session:
        session.flush()
    else:
        session.pop(NAME, None)


def _keep(session: SessionBase, case: str, notes: Notes) -> None:
    session[NAME] = {**session.get(NAME, {}), case: notes}
