"""Walking through a case to learn: the same questions, forms and pages as for a decision, and nothing that is kept.

What is written lives in the browser's session (`notes`) and never comes near the tables of decisions. A
`PracticeRound` is read as a `Round` is; no action takes one. See docs/decisions for why.
"""

from decisions.practice.cases import Case, cases_of
from decisions.practice.rounds import PracticeRound

__all__ = ["Case", "PracticeRound", "cases_of"]
