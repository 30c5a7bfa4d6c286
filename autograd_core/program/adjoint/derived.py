"""Programs made from programs: gradients, general adjoints, tangents.

Each is the program it comes from, continued: value and derivative share what they have in common.
Inputs that a derivative needs besides (cotangents, directions) come after the others. The codes
given here are as they were written; the passes are the back ends' affair.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy

from autograd_core import primitives
from autograd_core.program.adjoint import reverse, tangent
from autograd_core.program.code.flat import Code, Integers
from autograd_core.program.code.writer import CodeWriter, continued

__all__ = ["With", "gradient_of", "pull_back_of", "seeded_gradient_of", "tangent_of", "wanted"]

With = Literal["inputs", "captured", "both"] | Sequence[int]
"""With respect to what: a word for leaves, or values by their numbers."""

ADD = primitives.kind_of("add")


def wanted(code: Code, what: With) -> list[int]:
    """The values that derivatives are taken with respect to."""
    if not isinstance(what, str):
        return list(what)
    inputs = list(range(code.inputs))
    captured = list(range(code.inputs, code.leaves))
    if what == "inputs":
        return inputs
    if what == "captured":
        return captured
    if what == "both":
        return inputs + captured
    raise ValueError(
        f"the derivative is with respect to 'inputs', 'captured' or 'both', not {what!r}"
    )


def gradient_of(code: Code, what: With, place: int = 0) -> Code:
    """All outputs of the code, then the derivative of the one at a place by each wanted value."""
    written = continued(code)
    zero, one = written.constant(0.0), written.constant(1.0)
    seeds = [zero] * len(code.outputs)
    seeds[place] = one
    only = _only(code, place)
    found = reverse.pull_back(only, [one], wanted(code, what), written)
    return written.finish(numpy.concatenate([code.outputs, _normalized(found, written)]))


def seeded_gradient_of(code: Code, what: With, place: int = 0) -> Code:
    """As `gradient_of`, for one input more: the cotangent of the output. For sums over samples.

    A sum starts from +0.0 and so needs no care for negative zeros.
    """
    written = continued(code, more_inputs=1)
    moved = _only(_moved(code, written, 1), place)
    seed = code.inputs
    values = _renumbered(code, wanted(code, what), 1)
    found = reverse.pull_back(moved, [seed], values, written)
    return written.finish([*_outputs_moved(code, 1), *found])


def pull_back_of(code: Code, what: With) -> Code:
    """The outputs, then the cotangents of the wanted values for cotangents given as inputs."""
    more = len(code.outputs)
    written = continued(code, more_inputs=more)
    moved = _moved(code, written, more)
    seeds = range(code.inputs, code.inputs + more)
    values = _renumbered(code, wanted(code, what), more)
    found = reverse.pull_back(moved, list(seeds), values, written)
    return written.finish(numpy.concatenate([moved.outputs, _normalized(found, written)]))


def tangent_of(code: Code, what: With = "inputs") -> Code:
    """The outputs, then their tangents for directions of the wanted leaves, as further inputs."""
    values = wanted(code, what)
    more = len(values)
    written = continued(code, more_inputs=more)
    moved = _moved(code, written, more)
    moving = _renumbered(code, values, more)
    directions = {value: code.inputs + place for place, value in enumerate(moving)}
    found = tangent.push_forward(moved, directions, written)
    return written.finish(numpy.concatenate([moved.outputs, _normalized(found, written)]))


def _only(code: Code, place: int) -> Code:
    """The code with one of its outputs."""
    return code.giving(code.outputs[place : place + 1])


def _moved(code: Code, written: CodeWriter, more: int) -> Code:
    """The code as a writer that continues it with more inputs holds it."""
    return written.finish(_outputs_moved(code, more))


def _outputs_moved(code: Code, more: int) -> list[int]:
    return _renumbered(code, code.outputs.tolist(), more)


def _renumbered(code: Code, values: list[int], more: int) -> list[int]:
    """The numbers of values once there are so many inputs more."""
    return [value + more if value >= code.inputs else value for value in values]


def _normalized(found: list[int], written: CodeWriter) -> Integers:
    """Plus zero: a sweep adds to gradients that begin with +0.0, so it never leaves a -0.0."""
    values = numpy.array(found, dtype=numpy.int32).reshape(-1)
    computed = values >= 0
    values[computed] = written.emit_each(ADD, values[computed], written.constant(0.0))
    return values
