"""What is expected of who may read and change a decision: said here in a few lines, which owe nothing to the product's.

For `test_state_machine`. Whoever may read one by a new rule gets a field of `Matter`, and a place in `is_read_by`. What
is expected of a question to an adviser is a `Question`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from decisions.models import Advice, Decision, Hold, Share
from sharingwell.accounts.models import Team, User

DECIDING = {"practitioner", "manager", "ig_manager"}


@dataclass(eq=False)
class Matter:
    """What is expected of one decision."""

    decision: Decision
    team: Team
    author: User
    responsible_person: User
    writer: User | None  # of its draft
    last_writer: User
    era: int  # of the last that happened to it and stays
    draft_era: int = 0  # of the last that was written in its draft, which may be discarded
    has_words: bool = False
    recorded: int = 0
    closed: int = 0  # the round that was
    writers: dict[int, User] = field(default_factory=dict)  # by the number of the round
    questions: list[Question] = field(default_factory=list)
    shares: dict[int, Share] = field(default_factory=dict)
    hold: Hold | None = None
    proposed_by: User | None = None
    looked: set[int] = field(default_factory=set)
    is_disposed_of: bool = False
    is_gone: bool = False

    def of(self, person: User) -> bool:
        """Whether this person works where it is kept."""
        return person.is_active and person.organisation == self.team.organisation and not self.is_gone

    def is_kept_by(self, person: User) -> bool:
        return self.of(person) and person == self.responsible_person

    def is_written_by(self, person: User) -> bool:
        return self.of(person) and person == self.writer

    def is_looked_after_by(self, person: User) -> bool:
        return self.of(person) and "ig_manager" in person.roles

    def is_managed_by(self, person: User) -> bool:
        return self.of(person) and "manager" in person.roles and person.team == self.team

    def is_read_by(self, person: User) -> bool:
        return (
            self.is_looked_after_by(person)
            or self.is_managed_by(person)
            or (
                self.of(person)
                and (person in {self.author, self.responsible_person} or person.pk in self.shares)
            )
            or any(question.is_shown_to(person) for question in self.questions)
        )

    def may_be_named(self, person: User) -> bool:
        return self.of(person) and person != self.responsible_person

    def may_be_asked_about_by(self, person: User) -> bool:
        return self.is_written_by(person) if self.writer else self.is_kept_by(person)

    def may_advise(self, person: User) -> bool:
        """On the latest round."""
        return self.of(person) and person not in {self.responsible_person, self.writer or self.last_writer}

    @property
    def has_something_recorded(self) -> bool:
        return self.recorded > 0 or bool(self.questions)

    @property
    def has_a_draft_that_goes(self) -> bool:
        """Unless advice was asked on it."""
        return self.writer is not None and all(each.is_recorded for each in self.questions)

    @property
    def rests(self) -> bool:
        return self.recorded > 0 and self.writer is None and self.closed != self.recorded

    def is_due(self, era: int) -> bool:
        return self.has_something_recorded and max(self.era, self.draft_era) < era


# Where a question stands, what may become of it, and who says so: its holder, its asker, or the IG team.
TRANSITIONS = {
    "queued": ["take", "withdraw"],
    "with adviser": ["release", "hand on", "send back", "reply", "withdraw", "take"],
    "sent back": ["answer", "reply", "withdraw", "take"],
    "replied": ["settle"],
    "withdrawn": [],
    "settled": [],
}
BY = {
    "take": "team",
    **dict.fromkeys(["withdraw", "answer", "settle"], "responsible_person"),
}  # the others, its holder
AFTER = {
    "take": "with adviser",
    "release": "queued",
    "hand on": "with adviser",
    "send back": "sent back",
    "answer": "with adviser",
    "reply": "replied",
    "withdraw": "withdrawn",
    "settle": "settled",
}


@dataclass(eq=False)
class Question:
    """What is expected of one question to an adviser; of the IG team where it has no holder."""

    matter: Matter
    advice: Advice
    number: int  # of its round
    asker: User
    holder: User | None
    stands: str
    held: set[int] = field(default_factory=set)  # by whom, at any time

    def may_advise(self, person: User) -> bool:
        own = {self.matter.writers[self.number], self.asker, self.matter.responsible_person}
        return self.matter.of(person) and person not in own

    def may_take(self, person: User) -> bool:
        return self.matter.is_looked_after_by(person) and self.may_advise(person)

    def takes(self, step: str, by: User, to: User, everybody: list[User]) -> bool:
        """Whether this step may follow now, by this person; `to` is whom it is handed on to."""
        if step not in TRANSITIONS[self.stands]:
            return False
        if BY.get(step) == "responsible_person":
            return self.matter.is_kept_by(by)
        if step == "take":
            holder = next((person for person in everybody if person == self.holder), None)  # as they are now
            return self.may_take(by) and (holder is None or not self.matter.of(holder))
        if by != self.holder or not self.may_advise(by):
            return False
        if step == "release":
            return any(self.may_take(person) for person in everybody)
        return step != "hand on" or (self.may_advise(to) and to != self.holder)

    def went(self, step: str, by: User, to: User) -> None:
        self.stands = AFTER[step]
        if step in {"take", "release", "hand on"}:
            self.holder = {"take": by, "release": None, "hand on": to}[step]
        if self.holder:
            self.held.add(self.holder.pk)

    def is_shown_to(self, person: User) -> bool:
        """As its adviser."""
        return self.matter.of(person) and person == self.holder and self.stands != "withdrawn"

    def is_read_by(self, person: User) -> bool:
        return (
            self.is_shown_to(person)
            or self.matter.is_looked_after_by(person)
            or self.matter.is_kept_by(person)
            or (self.is_recorded and self.matter.is_read_by(person))
        )

    def waits_for(self, person: User) -> bool:
        if self.stands == "with adviser":
            return self.is_shown_to(person)
        return self.stands in {"sent back", "replied"} and self.matter.is_kept_by(person)

    def waits_to_be_taken_by(self, person: User) -> bool:
        return self.stands == "queued" and self.may_take(person)

    @property
    def is_recorded(self) -> bool:
        return self.number <= self.matter.recorded
