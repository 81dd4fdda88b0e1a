"""A whole decision to keep: its recorded rounds and what was stated after them, as text and as JSON.

A round reads as its record does. A draft is no part of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from decisions.record.export import as_text, digest, moment
from decisions.record.timeline import Event, Happening

if TYPE_CHECKING:
    from decisions.models import Decision

FORMAT = 1

Thread = dict[str, Any]


def thread_of(decision: Decision, events: Iterable[Event]) -> Thread:
    """The document that both copies are made of. `docs/record.md` describes it."""
    return {
        "format": FORMAT,
        "reference": decision.reference,
        "summary": decision.summary,
        "happened": [_happened(event) for event in events if not event.is_draft],
    }


def _happened(event: Event) -> dict[str, Any]:
    told: dict[str, Any] = {
        "kind": event.happening.value,
        "at": event.at.isoformat(),
        "by": event.by.name,
        "title": event.title,
        "words": event.words,
        "identifier_needed": event.identifier_reason,
    }
    if event.look_again_on:
        told["look_again_on"] = event.look_again_on.isoformat()
    if event.advice:
        told["question"] = event.question
    if event.advice and event.happening is Happening.ASKED and "recorded_at" not in event.advice.as_it_stood:
        told["as_it_stood"] = event.advice.as_it_stood
    if event.happening == Happening.REVIEWED:
        told["confirmed"] = [{"name": name, "words": words} for name, words in event.confirmed]
    if event.round and event.round.record:
        return {**told, "record": {**event.round.record, "digest": digest(event.round.record)}}
    return told


def thread_as_json(thread: Thread) -> str:
    return json.dumps(thread, indent=2, ensure_ascii=False) + "\n"


def thread_as_text(thread: Thread) -> str:
    """The earliest first, for pasting into a case system."""
    heading = f"SHARING WELL: ALL THAT HAS HAPPENED TO {thread['reference']}\n\n{thread['summary']}\n"
    told = (
        _round_as_text(event["record"]) if "record" in event else _stated_as_text(event)
        for event in thread["happened"]
    )
    return "\n".join([heading, *told])


def _round_as_text(record: dict[str, Any]) -> str:
    return as_text({name: value for name, value in record.items() if name != "digest"})


def _stated_as_text(event: dict[str, Any]) -> str:
    why = event["identifier_needed"]
    lines = [
        event["title"].upper(),
        *(f"  {row}" for row in event["words"].split("\n") if row),
        *(f"  {each['name']}: {each['words']}" for each in event.get("confirmed", ())),
        *([f"  It holds an identifier because: {why}"] if why else []),
        f"  {moment(event['at'])}, {event['by']}",
    ]
    return "\n".join(lines) + "\n"
