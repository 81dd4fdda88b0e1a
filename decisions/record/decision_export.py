"""Exports a whole decision as text, JSON and PDF: its recorded rounds and later facts, without drafts."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from decisions.record.export import (
    Chapter,
    Line,
    as_text,
    chapters,
    chapters_as_text,
    digest,
    moment,
    render_pdf,
)
from decisions.record.timeline import Event, EventKind

if TYPE_CHECKING:
    from decisions.models import Decision

FORMAT = 1

Thread = dict[str, Any]


def thread_of(decision: Decision, events: Iterable[Event]) -> Thread:
    """Builds the document for both formats, described in `docs/record.md`."""
    return {
        "format": FORMAT,
        "reference": decision.reference,
        "summary": decision.summary,
        "happened": [_event_document(event) for event in events if not event.is_draft],
    }


def _event_document(event: Event) -> dict[str, Any]:
    document: dict[str, Any] = {
        "kind": event.kind.value,
        "fact": event.fact,
        "at": event.at.isoformat(),
        "by": event.by.name_at(event.at),
        "title": event.title,
        "words": event.words,
        "identifier_needed": event.identifier_reason,
    }
    if event.named:
        document["named"] = list(event.named)
    if event.look_again_on:
        document["look_again_on"] = event.look_again_on.isoformat()
    if event.advice:
        document["question"] = event.question
    if event.advice and event.kind is EventKind.ASKED and "recorded_at" not in event.advice.as_it_stood:
        document["as_it_stood"] = event.advice.as_it_stood
    if event.kind == EventKind.REVIEWED:
        document["confirmed"] = [{"name": name, "words": words} for name, words in event.confirmed]
    if event.round and event.round.record:
        return {**document, "record": {**event.round.record, "digest": digest(event.round.record)}}
    return document


def thread_as_json(thread: Thread) -> str:
    return json.dumps(thread, indent=2, ensure_ascii=False) + "\n"


def thread_as_text(thread: Thread) -> str:
    """Formats the decision as it stands, then events earliest first, as plain text for case systems."""
    heading = f"SHARING WELL: ALL THAT HAS HAPPENED TO {thread['reference']}\n\n{thread['summary']}\n"
    heading += chapters_as_text(_as_it_stands(thread))
    events = (
        _round_as_text(event["record"]) if "record" in event else _event_as_text(event)
        for event in thread["happened"]
    )
    return "\n".join([heading, *events])


def thread_as_pdf(thread: Thread) -> bytes:
    """A tagged PDF (PDF/UA-1): the decision as it stands, then events earliest first. Something must be recorded."""
    happened = thread["happened"]
    return render_pdf(
        title=f"{thread['reference']}: {thread['summary']}",
        heading=thread["summary"],
        footer=thread["reference"],
        date=happened[-1]["at"],
        chapters=[
            *_as_it_stands(thread),
            *(chapter for event in happened for chapter in _chapters_of(event)),
        ],
    )


def _as_it_stands(thread: Thread) -> Iterator[Chapter]:
    """What the latest recorded round decided."""
    records = [event["record"] for event in thread["happened"] if "record" in event]
    for record in records[-1:]:
        yield replace(chapters(record)[0], title=f"The decision as it stands: round {record['round']}")


def _chapters_of(event: dict[str, Any]) -> Iterator[Chapter]:
    if "record" in event:
        record = _without_digest(event["record"])
        for chapter in chapters(record):
            yield replace(chapter, title=f"Round {record['round']}: {chapter.title}")
        return
    why = event["identifier_needed"]
    yield Chapter(
        event["title"],
        (
            Line(
                f"{moment(event['at'])}, {event['by']}",
                (
                    *([event["words"]] if event["words"] else []),
                    *(f"{each['name']}: {each['words']}" for each in event.get("confirmed", ())),
                    *([f"It holds an identifier because: {why}"] if why else []),
                ),
            ),
        ),
    )


def _without_digest(record: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if name != "digest"}


def _round_as_text(record: dict[str, Any]) -> str:
    return as_text(_without_digest(record))


def _event_as_text(event: dict[str, Any]) -> str:
    why = event["identifier_needed"]
    lines = [
        event["title"].upper(),
        *(f"  {row}" for row in event["words"].split("\n") if row),
        *(f"  {each['name']}: {each['words']}" for each in event.get("confirmed", ())),
        *([f"  It holds an identifier because: {why}"] if why else []),
        f"  {moment(event['at'])}, {event['by']}",
    ]
    return "\n".join(lines) + "\n"
