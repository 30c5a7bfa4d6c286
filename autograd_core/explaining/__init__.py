"""The engine explains itself: `explain` derives a gradient as a lecturer does at the board.

The modules, each importing only earlier ones: `derivation` has the numbers, `lines` the equations,
`explanation` the layout and the public function.
"""

from autograd_core.explaining.explanation import Explanation, explain

__all__ = ["Explanation", "explain"]
