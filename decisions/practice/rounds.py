"""A practice round: the interface of `Round` for reading, without a table."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field, replace
from typing import Any

from django.urls import reverse
from django.utils import timezone

from decisions.domain.draft_merge import IDENTIFIER_REASON, THOUGHT, Words
from decisions.practice.cases import Case
from decisions.practice.session_store import Notes
from decisions.record.build import record_of
from decisions.record.considerations import considered
from decisions.record.export import DIGEST, Chapter, chapters
from guidance.choices import Direction
from guidance.models import GuideVersion
from guidance.reading import questions


@dataclass(frozen=True)
class Named:
    name: str


@dataclass(frozen=True)
class Practitioner:
    """A placeholder author, so that practice uses no account data."""

    name: str = "You, in practice"
    job_title: str = ""
    team: Named = Named("your team")
    organisation: Named = Named("your organisation")


@dataclass(frozen=True)
class PracticeDecision:
    direction: Direction
    summary: str
    reference: str = "PRACTICE"
    case_reference: str = ""
    organisation: Named = Named("your organisation")
    team: Named = Named("your team")

    def get_direction_display(self) -> str:
        return str(self.direction.label)


@dataclass(frozen=True)
class PracticeRound:
    case: Case
    version: GuideVersion
    decision: PracticeDecision
    words: Words
    number: int = 1
    changed: str = ""
    urgent: bool = False
    author: Practitioner = field(default_factory=Practitioner)

    @classmethod
    def of(cls, case: Case, version: GuideVersion, notes: Notes) -> PracticeRound:
        decision = PracticeDecision(Direction(notes["direction"]), case.title)
        return cls(case, version, decision, notes["words"])

    @property
    def answers(self) -> dict[str, Any]:
        return {
            name: word
            for name, word in self.words.items()
            if not name.startswith((IDENTIFIER_REASON, THOUGHT))
        }

    @property
    def identifier_reasons(self) -> dict[str, str]:
        return self._beginning_with(IDENTIFIER_REASON)

    @property
    def thoughts(self) -> dict[str, str]:
        return self._beginning_with(THOUGHT)

    def _beginning_with(self, prefix: str) -> dict[str, str]:
        return {
            name.removeprefix(prefix): str(word)
            for name, word in self.words.items()
            if name.startswith(prefix)
        }

    @property
    def chapters(self) -> tuple[Chapter, ...]:
        """The resulting record, with “Practice” in each heading and without a digest."""
        now = timezone.now()
        record = record_of(self, questions(self.version), considered(self), now)
        return tuple(
            replace(chapter, title=f"Practice: {chapter.title}")
            for chapter in chapters(record)
            if chapter.title != DIGEST
        )

    @property
    def started_at(self) -> datetime.datetime:
        return timezone.now()

    def get_absolute_url(self) -> str:
        return reverse("decisions:practice-case", args=[self.case.key])

    def part_url(self, part: str) -> str:
        return reverse("decisions:practice-part", args=[self.case.key, part])

    def check_url(self) -> str:
        return reverse("decisions:practice-check", args=[self.case.key])
