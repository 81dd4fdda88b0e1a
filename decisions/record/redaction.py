"""Redacts decisions for disclosure to their subject: everything recorded, without the passages withheld.

Names of passages: `summary`; `round.2.` with a question's key, `changed`, or `thought.` and a consideration's key;
the `fact` of an event (`decisions.record.timeline`); `asked.`, its number and the rest as for a round, for the snapshot
of a draft on which advice was asked; `staff.` and a digest, for the name of somebody who works here.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from decisions.domain.question_keys import SHARED_ON
from decisions.record.export import DIGEST, Chapter, Line, chapters, moment, render_pdf

FORMAT = 1
Thread = dict[str, Any]
WITHHELD = "Withheld"
STAFF = "A member of staff"


@dataclass(frozen=True)
class Passage:
    """A piece of a decision that can be withheld on its own. `place` describes its position.

    In the snapshot of a draft, `later` names the same passage of its round, and is withheld with it.
    """

    name: str
    place: str
    title: str
    words: tuple[str, ...]
    later: str = ""


@dataclass(frozen=True)
class Disclosed:
    """A decision to disclose; `withheld` maps names of passages to the reason for withholding them."""

    thread: Thread
    withheld: Mapping[str, str] = field(default_factory=dict)


def passages(thread: Thread) -> Iterator[Passage]:
    """Passages with text, in the order of the thread."""
    yield Passage("summary", "The decision", "Summary", (thread["summary"],))
    for event in thread["happened"]:
        if "record" in event:
            yield from passages_of_round(event["record"])
        elif words := _words(event):
            yield Passage(event["fact"], moment(event["at"]), event["title"], words)
        if "as_it_stood" in event:
            prefix, round = f"asked.{event['question']}", f"round.{event['as_it_stood']['round']}"
            place = f"Round {event['as_it_stood']['round']} as it stood, {moment(event['at'])}"
            for passage in _of_record(event["as_it_stood"], prefix, place):
                yield replace(passage, later=f"{round}{passage.name.removeprefix(prefix)}")
    for name in _names_of_staff(thread):
        yield Passage(_staff(name), "People who work here", "Name of a member of staff", (name,))


def _words(event: dict[str, Any]) -> tuple[str, ...]:
    confirmed = (f"{each['name']}: {each['words']}" for each in event.get("confirmed", ()))
    return (*filter(None, [event["words"]]), *confirmed)


def _names_of_staff(thread: Thread) -> list[str]:
    """Names, each once, as they were when something was recorded."""
    named = (name for event in thread["happened"] for name in _named(event))
    return list(dict.fromkeys(named))


def _named(event: dict[str, Any]) -> Iterator[str]:
    yield event["by"]
    yield from event.get("named", ())
    for record in (event.get("record"), event.get("as_it_stood")):
        if record:
            yield record["decided_by"]["name"]


def _staff(name: str) -> str:
    """The name of the passage. A digest keeps the person's name out of addresses."""
    return f"staff.{hashlib.sha256(name.encode()).hexdigest()[:12]}"


def passages_of_round(record: dict[str, Any]) -> Iterator[Passage]:
    """Passages of one round, recorded or a snapshot."""
    return _of_record(record, f"round.{record['round']}", f"Round {record['round']}")


def _of_record(record: dict[str, Any], name: str, place: str) -> Iterator[Passage]:
    if record["changed"]:
        yield Passage(f"{name}.changed", place, "What had changed", (record["changed"],))
    for part in record["parts"]:
        for answer in part["answers"]:
            if answer["answer"]:
                yield Passage(f"{name}.{answer['key']}", place, answer["question"], tuple(answer["answer"]))
    for each in record["considerations"]:
        if each["thought"]:
            yield Passage(
                f"{name}.thought.{each['key']}", place, f"Noted on “{each['text']}”", (each["thought"],)
            )


def withheld_passages(thread: Thread, reasons: Mapping[str, str]) -> dict[str, str]:
    """Maps names of passages to withhold to their reasons, given the reasons of marked passages."""
    found = {each.name: reasons.get(each.name) or reasons.get(each.later) for each in passages(thread)}
    return {name: reason for name, reason in found.items() if reason}


def without_withheld(disclosed: Disclosed) -> Thread:
    """The thread without withheld passages; `withheld` lists them with place and reason."""
    thread, reasons = disclosed.thread, disclosed.withheld
    unnamed = [name for name in _names_of_staff(thread) if _staff(name) in reasons]
    left_out = [
        {"place": each.place, "title": _unnamed(_title(each), unnamed), "reason": reasons[each.name]}
        for each in passages(thread)
        if each.name in reasons
    ]
    shown = "summary" not in reasons
    return {
        "reference": thread["reference"],
        "summary": thread["summary"] if shown else "",
        "happened": [_without_names(_event(event, reasons), unnamed) for event in thread["happened"]],
        "withheld": left_out,
    }


def _title(passage: Passage) -> str:
    return "A note" if ".thought." in passage.name else passage.title


def _event(event: dict[str, Any], reasons: Mapping[str, str]) -> dict[str, Any]:
    """Removes with a text its identifier reason, and the digest, from which the text could be guessed."""
    if "record" in event:
        record = _record(event["record"], f"round.{event['record']['round']}", reasons)
        return {**event, "words": record["changed"], "record": record}
    if event["fact"] in reasons:
        event = {
            **event,
            "words": "",
            "identifier_needed": "",
            **({"confirmed": []} if "confirmed" in event else {}),
        }
    if "as_it_stood" in event:
        return {**event, "as_it_stood": _record(event["as_it_stood"], f"asked.{event['question']}", reasons)}
    return event


def _without_names(event: dict[str, Any], names: Collection[str]) -> dict[str, Any]:
    """Puts words in place of the names of people who work here, and leaves out their job titles."""
    found = {
        **event,
        "by": STAFF if event["by"] in names else event["by"],
        "title": _unnamed(event["title"], [name for name in event.get("named", ()) if name in names]),
    }
    found.pop("named", None)
    for key in {"record", "as_it_stood"} & found.keys():
        if found[key]["decided_by"]["name"] in names:
            unnamed = {**found[key]["decided_by"], "name": STAFF, "job_title": ""}
            found[key] = {**found[key], "decided_by": unnamed}
    return found


def _unnamed(title: str, names: Iterable[str]) -> str:
    for name in names:
        title = title.replace(name, STAFF.lower())
    return title


def _record(record: dict[str, Any], name: str, reasons: Mapping[str, str]) -> dict[str, Any]:
    """Removes withheld passages, and what follows from a withheld answer: the considerations that it brought up, the
    categories, and whether it was recorded afterwards. Identifier reasons go with the first of them.

    Advice is omitted: it is disclosed, or withheld, as events of its own.
    """
    withheld = ({each.name for each in _of_record(record, name, "")} | {"summary"}) & reasons.keys()
    unanswered = [
        answer
        for part in record["parts"]
        for answer in part["answers"]
        if f"{name}.{answer['key']}" in withheld
    ]
    keys = {answer["key"] for answer in unanswered}
    return {
        **{key: value for key, value in record.items() if key not in {"digest", "advice"}},
        "categories": [] if any(answer["kind"] != "text" for answer in unanswered) else record["categories"],
        "recorded_afterwards": record.get("recorded_afterwards", False) and SHARED_ON not in keys,
        "summary": "" if "summary" in withheld else record["summary"],
        "changed": "" if f"{name}.changed" in withheld else record["changed"],
        "needed": [] if withheld else record.get("needed", []),
        "parts": [
            {**part, "answers": [each for each in part["answers"] if each["key"] not in keys]}
            for part in record["parts"]
        ],
        "considerations": [
            {field: value for field, value in each.items() if field != "because"}
            for each in record["considerations"]
            if f"{name}.thought.{each['key']}" not in withheld
            # Earlier records do not say what brought a consideration up: any of the answers may have.
            and not keys.intersection(each.get("because", keys))
        ],
    }


def document_of(
    decisions: Iterable[Disclosed], *, organisation: str, prepared_at: datetime.datetime, drafts: int
) -> dict[str, Any]:
    """Builds the document for both formats, described in `docs/record.md`. `drafts` counts those not included."""
    return {
        "format": FORMAT,
        "organisation": organisation,
        "prepared_at": prepared_at.isoformat(),
        "drafts_not_included": drafts,
        "decisions": [without_withheld(each) for each in decisions],
    }


def disclosure_as_json(document: dict[str, Any]) -> str:
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def disclosure_as_pdf(document: dict[str, Any]) -> bytes:
    """A tagged PDF (PDF/UA-1), like the copies of a record."""
    title = f"What {document['organisation']} has recorded about you"
    return render_pdf(
        title=f"{title}, {moment(document['prepared_at'])}",
        heading=title,
        footer=f"Prepared {moment(document['prepared_at'])}",
        date=document["prepared_at"],
        chapters=disclosed_chapters(document),
    )


def disclosed_chapters(document: dict[str, Any]) -> Iterator[Chapter]:
    """The content of the PDF."""
    yield Chapter("About this document", tuple(_about(document)))
    for decision in document["decisions"]:
        reference = decision["reference"]
        for event in decision["happened"]:
            if "record" in event:
                yield from _chapters(f"{reference}, round {event['record']['round']}", event["record"])
            else:
                words = (event["words"] or WITHHELD,) if _had_words(event, decision) else ()
                source = (f"{moment(event['at'])}, {event['by']}",)
                yield Chapter(f"{reference}: {event['title']}", (Line("Said", (*words, *source)),))
            if "as_it_stood" in event:
                title = (
                    f"{reference}, round {event['as_it_stood']['round']} as it stood {moment(event['at'])}"
                )
                yield from _chapters(title, event["as_it_stood"])
        if decision["withheld"]:
            yield Chapter(
                f"{reference}: what is withheld, and why",
                tuple(
                    Line(f"{each['place']}: {each['title']}", (each["reason"],))
                    for each in decision["withheld"]
                ),
            )


def _chapters(of: str, record: dict[str, Any]) -> Iterator[Chapter]:
    for chapter in chapters(record):
        if chapter.title != DIGEST:
            lines = tuple(_marked_withheld(line) for line in chapter.lines)
            yield replace(chapter, title=f"{of}: {chapter.title}", lines=lines)


def _had_words(event: dict[str, Any], decision: dict[str, Any]) -> bool:
    where = {(each["place"], each["title"]) for each in decision["withheld"]}
    return bool(event["words"]) or (moment(event["at"]), event["title"]) in where


def _marked_withheld(line: Line) -> Line:
    return Line(line.name, (WITHHELD,)) if line.values == ("",) else line


def _about(document: dict[str, Any]) -> Iterator[Line]:
    yield Line("Prepared", (moment(document["prepared_at"]),))
    yield Line("Organisation", (document["organisation"],))
    yield Line("Decisions in it", tuple(each["reference"] for each in document["decisions"]))
    withheld = sum(len(each["withheld"]) for each in document["decisions"])
    yield Line(
        "Withheld",
        (f"{withheld} passage{'s' if withheld != 1 else ''}, listed with the reason after each decision",)
        if withheld
        else ("Nothing",),
    )
    if document["drafts_not_included"]:
        yield Line("Not in it", (f"Rounds still being written: {document['drafts_not_included']}",))
