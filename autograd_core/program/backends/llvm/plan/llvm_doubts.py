"""Which strong products have to be asked whether a zero met what is not finite.

They are computed as plain ones, and then a NaN came out. What is computed from a NaN by arithmetic
is a NaN too, so a product that goes into another one, however far on, need not be asked: the last
ones of a gradient are, and they find as much as all of them did.
"""

from __future__ import annotations

from collections.abc import Sequence

from autograd_core.program.backends.llvm.plan.llvm_steps import Item, Step, Turns

__all__ = ["DOUBTED", "asked"]

DOUBTED = frozenset(("strong_product", "strong_dot"))
"""The rows that are NaN where they may have to be 0."""
PASSING_ON = DOUBTED | {"add", "sub", "mul", "div", "neg", "square", "sum", "dot"}
"""The rows that are NaN wherever an operand is."""
TURNS = 5  # of a loop that are looked at


def asked(steps: Sequence[Step | Turns]) -> set[int]:
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
        if isinstance(step, Turns):
            _ask_in_turns(step, found, shown)
            continue
        for value, operands in zip(step.values, step.operands, strict=True):
            if step.row in DOUBTED and value not in shown:
                found.add(value)
                shown.add(value)
            if step.row in PASSING_ON and value in shown:
                shown.update(operands)
    return found


def _ask_in_turns(step: Turns, found: set[int], shown: set[int]) -> None:
    """The same of a loop: what has to be asked in some turn is asked in all of them.

    It is named by the value of the first turn. From the last turn on, until turns are alike: if
    they do not soon become so, nothing is taken to be shown by the turn that comes after.
    """
    body = step.body
    always = {place for place, item in enumerate(body) if shown.issuperset(item.values[:-1])}
    last = {place for place, item in enumerate(body) if item.values[-1] in shown}
    asked_here = set[int]()
    own, before = _shown_in_turn(body, last, asked_here)
    everywhere = own
    for turn in range(min(step.turns - 1, TURNS)):
        known = own if turn < TURNS - 1 else None
        own, before = _shown_in_turn(body, always | (before if known else set()), asked_here)
        everywhere = everywhere & own
        if own == known:
            break
    found.update(body[place].values[0] for place in asked_here)
    for place in everywhere:
        if body[place].row in PASSING_ON:
            shown.update(*(operand.values for operand in body[place].operands))


def _shown_in_turn(
    body: Sequence[Item], shown: set[int], asked_here: set[int]
) -> tuple[set[int], set[int]]:
    """What is shown of a turn, where so much is by what comes after, and of the one before."""
    own, before = set(shown), set[int]()
    for place in reversed(range(len(body))):
        item = body[place]
        if item.row in DOUBTED and place not in own:
            asked_here.add(place)
        if place in asked_here:
            own.add(place)
        if item.row in PASSING_ON and place in own:
            own.update(of.item for of in item.operands if of.item >= 0 and not of.back)
            before.update(of.item for of in item.operands if of.back == 1)
    return own, before
