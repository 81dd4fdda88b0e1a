"""The read-only log, for IG managers to read, filter, review and export."""

from decisions.admin.decisions import DecisionAdmin
from decisions.admin.rounds import RoundAdmin

__all__ = ["DecisionAdmin", "RoundAdmin"]
