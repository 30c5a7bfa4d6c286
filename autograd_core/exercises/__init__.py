"""Exercises: answers to what one computes by hand, in words, and sheets with blanks to fill.

`truths` asks the engine what is right and what a slip would give, `check` holds an answer against
it, `sheet` makes a page and a printed sheet of a graph. It stands on `drawing` and
`explaining`.
"""

from autograd_core.exercises.check import Exercise, Verdict
from autograd_core.exercises.sheet import Worksheet, worksheet

__all__ = ["Exercise", "Verdict", "Worksheet", "worksheet"]
