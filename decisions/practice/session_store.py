"""Stores practice input in the session, by case.

It is deleted with the session: on clearing, sign-out, closing the browser, or half an hour after the last page.
"""

from __future__ import annotations

from typing import TypedDict

from django.contrib.sessions.backends.base import SessionBase

from decisions.domain.draft_merge import Words

SESSION_KEY = "practice"


class Notes(TypedDict):
    """Notes on a case, JSON-serialisable. `words` uses the names of `decisions.domain.draft_merge`."""

    direction: str
    words: Words


def get_notes(session: SessionBase, case: str) -> Notes | None:
    """The notes on a case; None if it has not been begun."""
    notes: Notes | None = session.get(SESSION_KEY, {}).get(case)
    return notes


def begin(session: SessionBase, case: str, direction: str) -> None:
    """Begin a case, or change its direction and keep the answers."""
    existing = get_notes(session, case)
    _store(session, case, Notes(direction=direction, words=existing["words"] if existing else {}))


def update_words(session: SessionBase, case: str, words: Words) -> None:
    """Merge values into a case that has been begun; an empty value deletes the saved one."""
    existing = get_notes(session, case)
    assert existing
    kept = {name: word for name, word in {**existing["words"], **words}.items() if word}
    _store(session, case, Notes(direction=existing["direction"], words=kept))


def clear_case(session: SessionBase, case: str) -> None:
    """Delete the notes on a case."""
    session[SESSION_KEY] = {key: notes for key, notes in session.get(SESSION_KEY, {}).items() if key != case}


def clear_all(session: SessionBase, *, with_session: bool) -> None:
    """Delete all notes; `with_session` also deletes the session, for anonymous visitors."""
    if with_session:
        session.flush()
    else:
        session.pop(SESSION_KEY, None)


def _store(session: SessionBase, case: str, notes: Notes) -> None:
    session[SESSION_KEY] = {**session.get(SESSION_KEY, {}), case: notes}
