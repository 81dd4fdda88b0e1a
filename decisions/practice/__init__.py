"""Practice on invented cases, with the questions, forms and pages of a real decision.

Input is stored in the session (`session_store`), never in the tables of decisions. A `PracticeRound` has the interface
of a `Round` for reading; no action accepts one. See docs/decisions.
"""

from decisions.practice.cases import Case, cases_of
from decisions.practice.rounds import PracticeRound

__all__ = ["Case", "PracticeRound", "cases_of"]
