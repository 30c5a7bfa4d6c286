"""The tangent of a flat program: forward mode, written as instructions.

A value's tangent is the sum of its operands' tangents times the partials, in the order in which
`differentiation` adds them up, so that a recorded derivative has the bits of the eager one.
"""

from __future__ import annotations

from collections.abc import Mapping

from autograd_core.program.adjoint import partials
from autograd_core.program.adjoint.reverse import Pairs, is_zero, leads_from
from autograd_core.program.adjoint.stencils import write_partial
from autograd_core.program.code.flat import Code
from autograd_core.program.code.writer import CodeWriter

__all__ = ["push_forward"]


def push_forward(code: Code, directions: Mapping[int, int], written: CodeWriter) -> list[int]:
    """Write the tangents after a program; the numbers of the outputs' tangents.

    `written` is a writer that holds the program; `directions` gives the tangents of leaves.
    """
    leads = leads_from(code, list(directions))
    one = written.constant(1.0)
    pairs = Pairs(code.values, 64)
    tangents = dict(directions)
    for value, row, operands in code:
        if not leads[value]:
            continue
        places = [p for p, operand in enumerate(operands) if operand >= 0 and leads[operand]]
        kind = int(code.instructions[value - code.leaves, 0])
        if row.arity is None:
            template = partials.template_of(kind, len(operands), -1)
            found = write_partial(template, list(operands), value, written)
        for place in reversed(places):
            if row.arity is None:
                partial = found[place]
            else:
                template = partials.template_of(kind, len(operands), place)
                (partial,) = write_partial(template, list(operands), value, written)
            tangent = tangents[operands[place]]
            if not is_zero(tangent, written) and not is_zero(partial, written):
                pairs.add(value, tangent, partial)
        tangents[value] = pairs.total(value, one, written)
    zero = written.constant(0.0)
    return [tangents.get(output, zero) for output in code.outputs.tolist()]
