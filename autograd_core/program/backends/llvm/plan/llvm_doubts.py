"""Which strong products have to be asked whether a zero met what is not finite.

They are computed as plain ones, and then a NaN came out. What is computed from a NaN by arithmetic
is a NaN too, so a product that goes into another one, however far on, need not be asked: the last
ones of a gradient are, and they find as much as all of them did.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd_core.program.backends.llvm.plan.llvm_schedule import Step

__all__ = ["DOUBTED", "asked"]

DOUBTED = frozenset(("strong_product", "strong_dot"))
"""The rows that are NaN where they may have to be 0."""
PASSING_ON = DOUBTED | {"add", "sub", "mul", "div", "neg", "square", "sum", "dot"}
"""The rows that are NaN wherever an operand is."""


def asked(steps: Sequence[Step]) -> set[int]:
    """The values of these steps, in order, that have to be asked.

    >>> def step(row, value, *operands):
    ...     return Step(0, row, (value,), (operands,), None)
    >>> sorted(asked([step("strong_product", 4, 0, 1), step("strong_product", 5, 0, 4)]))
    [5]
    >>> sorted(asked([step("strong_product", 4, 0, 1), step("at_least", 5, 0, 4)]))
    [4]
    """
    found, shown = set[int](), set[int]()  # shown: whose NaN is seen by what is asked
    for step in reversed(steps):
        for value, operands in zip(step.values, step.operands, strict=True):
            if step.row in DOUBTED and value not in shown:
                found.add(value)
                shown.add(value)
            if step.row in PASSING_ON and value in shown:
                shown.update(operands)
    return found
