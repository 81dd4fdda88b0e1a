"""The log, for IG managers to read, filter, review and take out. Nothing recorded is changed here."""

from decisions.admin.decisions import DecisionAdmin
from decisions.admin.rounds import RoundAdmin

__all__ = ["DecisionAdmin", "RoundAdmin"]
