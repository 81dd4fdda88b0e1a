"""Exports a recorded round as plain text, JSON and PDF.

All formats are made from `Round.record`, so that they hold the same facts.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import typst

from decisions.domain.question_keys import OUTCOME, REASONING, REVIEW_ON, SENT_HOW, SHARED, SHARED_ON
from guidance.choices import Part
from guidance.render.letters import Lettering

TEMPLATE = Path(__file__).with_name("record.typ").read_bytes()
TIME_ZONE = ZoneInfo("Europe/London")
DIGEST = "Digest of this record"  # title of the chapter
# What a reader looks for first, among the answers of Decide.
LEAD = (
    OUTCOME,
    REASONING,
    SHARED,
    SHARED_ON,
    SENT_HOW,
    "decide.told_person",
    "decide.told_person_why_not",
    REVIEW_ON,
)

Record = dict[str, Any]


@dataclass(frozen=True)
class Line:
    """A label and its values: none, one or several."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """A heading and its lines. A folded one is shown in one line each, or closed on a page."""

    title: str
    lines: tuple[Line, ...]
    is_folded: bool = False


def digest(record: Record) -> str:
    """SHA-256 in hexadecimal of the record in canonical form: JSON with sorted keys, no spaces, UTF-8."""
    canonical = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def chapters(record: Record) -> tuple[Chapter, ...]:
    """The content of every format: the decision first, the digest last. Also accepts the snapshot of a draft."""
    is_recorded = "recorded_at" in record
    answers = [
        Chapter(
            "The decision" if is_recorded and part["part"] == Part.DECIDE else part["title"],
            tuple(_answer(line) for line in _in_order(part) if line["answer"]),
        )
        for part in sorted(record["parts"], key=lambda part: part["part"] != Part.DECIDE)
    ]
    about = Chapter("About this record" if is_recorded else "About this round", tuple(_about(record)))
    considered = tuple(
        Line(each["kind"], (each["text"], *([f"Noted: {each['thought']}"] if each["thought"] else [])))
        for each in record["considerations"]
    )
    advice = tuple(_advice(each) for each in record.get("advice", ()))
    found = (
        *answers[:1],
        about,
        *answers[1:],
        Chapter("Considered", considered),
        Chapter("Advice", advice),
        Chapter("Not answered", tuple(_not_answered(record)), is_folded=True),
        Chapter(DIGEST, (Line("SHA-256", (digest(record),)),) if is_recorded else ()),
    )
    return tuple(chapter for chapter in found if chapter.lines)


def _in_order(part: Record) -> list[Record]:
    """The answers of a part. What was decided, why, and what was shared come before the rest of Decide."""
    lead = {key: place for place, key in enumerate(LEAD)}
    return sorted(part["answers"], key=lambda answer: lead.get(answer["key"], len(lead)))


def _not_answered(record: Record) -> Iterator[Line]:
    questions = tuple(
        answer["question"] for part in record["parts"] for answer in part["answers"] if not answer["answer"]
    )
    if questions:
        yield Line(f"{len(questions)} question{'s' if len(questions) > 1 else ''}", questions)


def _advice(asked: Record) -> Line:
    """A question and its steps."""
    urgent = ", urgent" if asked["urgent"] else ""
    steps = asked["happened"] or [{"what": "No reply when this was recorded", "words": ""}]
    return Line(
        f"Asked of {asked['asked_of']}{urgent}, {moment(asked['asked_at'])}",
        (
            *_with_identifier_reason(asked["question"], asked["identifier_needed"]),
            *(value for step in steps for value in _step(step)),
        ),
    )


def _step(step: Record) -> Iterator[str]:
    when = f", {moment(step['at'])}, {step['by']}" if "at" in step else ""
    yield f"{step['what']}{when}" + (f": {step['words']}" if step["words"] else "")
    if step.get("identifier_needed"):
        yield f"It holds an identifier because: {step['identifier_needed']}"


def _with_identifier_reason(words: str, why: str) -> tuple[str, ...]:
    return (words, *([f"It holds an identifier because: {why}"] if why else []))


def _answer(line: Record) -> Line:
    why = line["identifier_needed"]
    return Line(
        line["question"], (*line["answer"], *([f"It holds an identifier because: {why}"] if why else []))
    )


def _about(record: Record) -> Iterator[Line]:
    person = record["decided_by"]
    title = f", {person['job_title']}" if person["job_title"] else ""
    yield Line("Reference", (f"{record['reference']}, round {record['round']}",))
    yield Line("Summary", (record["summary"],))
    if "recorded_at" in record:
        yield Line("Recorded", (moment(record["recorded_at"]),))
    else:
        yield Line("As it stood", (moment(record["as_it_stood_at"]),))
    if record.get("recorded_afterwards"):
        yield Line("Recorded afterwards", ("More than a day after the information was shared",))
    if record["urgent"]:
        yield Line("Recorded in an emergency", ("On one page, to be completed by the next round",))
    yield Line(
        "Decided by" if "recorded_at" in record else "Written by",
        (f"{person['name']}{title}, {person['team']}, {person['organisation']}",),
    )
    yield Line("What has happened", (record["direction"],))
    if record["changed"]:
        yield Line("What had changed", (record["changed"],))
    yield Line("Case reference", (record["case_reference"] or "None given",))
    for each in record.get("needed", ()):  # absent in early records
        yield Line(f"{each['about']}: it holds an identifier because", (each["why"],))
    if record["categories"]:
        yield Line("Includes", tuple(record["categories"]))
    day = datetime.date.fromisoformat(record["guide"]["date"])
    yield Line("Guide relied on", (f"{record['guide']['title']}, {day:%-d %B %Y}",))


def moment(iso: str) -> str:
    """Formats an ISO timestamp in UK time."""
    return f"{datetime.datetime.fromisoformat(iso).astimezone(TIME_ZONE):%-d %B %Y, %H:%M}"


def as_text(record: Record) -> str:
    """Plain text for case systems; answers are indented by two spaces."""
    return f"SHARING WELL: A RECORDED DECISION\n{chapters_as_text(chapters(record))}"


def chapters_as_text(found: Iterable[Chapter]) -> str:
    lines: list[str] = []
    for chapter in found:
        lines += ["", chapter.title.upper(), ""]
        for line in chapter.lines:
            lines += [
                line.name,
                *(f"  {row}" for value in _values(chapter, line) for row in value.split("\n")),
            ]
    return "\n".join(lines) + "\n"


def _values(chapter: Chapter, line: Line) -> tuple[str, ...]:
    return (" ".join(line.values),) if chapter.is_folded else line.values


def as_json(record: Record) -> str:
    """The record with its digest, as in `docs/record.schema.json`."""
    return json.dumps({**record, "digest": digest(record)}, indent=2, ensure_ascii=False) + "\n"


def as_pdf(record: Record) -> bytes:
    """A tagged PDF (PDF/UA-1)."""
    return render_pdf(
        title=f"{record['reference']}, round {record['round']}: {record['summary']}",
        heading=record["summary"],
        footer=f"{record['reference']}, round {record['round']}",
        date=record["recorded_at"],
        chapters=chapters(record),
    )


def render_pdf(*, title: str, heading: str, footer: str, date: str, chapters: Iterable[Chapter]) -> bytes:
    """Renders a PDF/UA-1. Passes text to typst as data, so that markup in answers has no effect."""
    showable = Lettering().showable
    contents = {
        "title": showable(title),
        "summary": showable(heading),
        "footer": showable(footer),
        "date": [int(part) for part in date[:10].split("-")],
        "chapters": [
            {
                "title": showable(chapter.title),
                "lines": [
                    {
                        "name": showable(line.name),
                        "values": [
                            [showable(row) for row in value.split("\n")] for value in _values(chapter, line)
                        ],
                    }
                    for line in chapter.lines
                ],
            }
            for chapter in chapters
        ],
    }
    pdf = typst.compile(
        TEMPLATE,
        format="pdf",
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        sys_inputs={"record": json.dumps(contents)},
    )
    assert isinstance(pdf, bytes)
    return pdf
