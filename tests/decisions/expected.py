"""What is expected of who may read and change a decision: said here in a few lines, which owe nothing to the product's.

For `test_state_machine`. Whoever may read one by a new rule gets a field of `Matter`, and a place in `is_read_by`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from decisions.models import Decision, Hold, Share
from sharingwell.accounts.models import Team, User

DECIDING = {"practitioner", "manager", "ig_manager"}


@dataclass(eq=False)
class Matter:
    """What is expected of one decision."""

    decision: Decision
    team: Team
    author: User
    keeper: User
    writer: User | None  # of its draft
    last_writer: User
    era: int  # of the last that happened to it
    has_words: bool = False
    recorded: int = 0
    closed: int = 0  # the round that was
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
        return self.of(person) and person == self.keeper

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
            or (self.of(person) and (person in {self.author, self.keeper} or person.pk in self.shares))
        )

    def may_be_named(self, person: User) -> bool:
        return self.of(person) and person != self.keeper

    @property
    def rests(self) -> bool:
        return self.recorded > 0 and self.writer is None and self.closed != self.recorded

    def is_due(self, era: int) -> bool:
        return self.recorded > 0 and self.era < era
