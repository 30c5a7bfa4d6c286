"""The rows as functions of NumPy arrays, to the bits of the forward functions.

What IEEE 754 says to the last bit (+ - * / √, comparisons, selections, whole numbers) NumPy
computes over whole arrays, as `straight` reads it from `forward`; every other row goes through its
`forward`, number by number, the one implementation that every tier shares. Dot products are the
back end's own. This module owns neither programs nor formulas: what an array function does
differently from `forward` is a defect of it.
"""

from __future__ import annotations

import ast
import copy
import functools
from collections.abc import Callable

import numpy

from autograd_core.primitives import ROWS, forward
from autograd_core.primitives.translation.straight import straight
from autograd_core.program.code.flat import Floats

__all__ = ["array_function", "by_arrays", "strong_product"]

ArrayFunction = Callable[..., Floats]


def strong_product(x: Floats, y: Floats) -> Floats:
    product = x * y
    lost = product != product
    if lost.any():
        numpy.copyto(product, 0.0, where=lost & ((x == 0) | (y == 0)))
    return product


def power_of_two(k: Floats) -> Floats:
    shifted = numpy.asarray(k + 6755399441056767.0)  # 3 * 2**51 + 1023
    return (shifted.view(numpy.int64) << 52).view(numpy.float64)


def exponent(x: Floats) -> Floats:
    bits = numpy.asarray(x).view(numpy.uint64) >> 52 | 0x4330000000000000
    return bits.view(numpy.float64) - 4503599627371519.0  # 2**52 + 1023


def significand(x: Floats) -> Floats:
    bits = numpy.asarray(x).view(numpy.uint64) & 0x000FFFFFFFFFFFFF | 0x3FF0000000000000
    return bits.view(numpy.float64)


FLOATING = {"power_of_two": power_of_two, "exponent": exponent, "significand": significand}
"""The functions of `floating` on the bits of arrays."""


class _OnArrays(ast.NodeTransformer):
    """A straight expression with NumPy's words for what Python's operators do not do to arrays."""

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        self.generic_visit(node)
        return ast.Call(_numpy("where"), [node.test, node.body, node.orelse], [])

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        return functools.reduce(lambda x, y: ast.BinOp(x, ast.BitOr(), y), node.values)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id not in FLOATING:
            node.func = _numpy(node.func.id)
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.expr:
        return node if node.value == node.value else _numpy("nan")


def _asked(
    function: Callable[..., float], value: Floats, where: Floats, *operands: Floats
) -> Floats:
    """The value, but what the function itself gives, number by number, where it has to be asked."""
    if not numpy.any(where):
        return value
    where, value, *given = numpy.broadcast_arrays(where, value, *operands)
    value = value.copy()
    value[where] = list(map(function, *(operand[where].tolist() for operand in given)))
    return value


def _on_arrays(value: ast.expr) -> str:
    copied = _OnArrays().visit(copy.deepcopy(value))  # the tree is everybody's
    return ast.unparse(ast.fix_missing_locations(copied))


def _numpy(name: str) -> ast.expr:
    return ast.Attribute(ast.Name("numpy", ast.Load()), name, ast.Load())


@functools.cache
def by_arrays(name: str) -> ArrayFunction | None:
    """The row of the table, where its every step is rounded in one way, as a function of arrays."""
    if name == "strong_product":
        return strong_product
    found = straight(name)
    if found is None:
        return None
    operands, value = ", ".join(found.operands), _on_arrays(found.value)
    for condition in found.elsewhere:
        value = f"asked({value}, {_on_arrays(condition)}, {operands})"
    lines = [f"    {step} = {_on_arrays(part)}" for step, part in found.steps]
    head, last = f"def {name}({operands}):", f"    return {value}"
    asked = functools.partial(_asked, getattr(forward, name))
    written: dict[str, ArrayFunction] = {}
    exec("\n".join([head, *lines, last]), {"numpy": numpy, "asked": asked, **FLOATING}, written)
    return written[name]


def array_function(kind: int) -> ArrayFunction:
    """A row's function of arrays that broadcast; NumPy's warnings are the caller's to silence.

    An exception from a user's own function propagates.
    """
    row = ROWS[kind]
    if row is None:
        raise ValueError(f"row {kind} is that of leaves, which compute nothing")
    own = row.forward is getattr(forward, row.name, None)
    function = by_arrays(row.name) if own else None
    if function is not None:
        return function
    computed = row.forward

    def number_by_number(*operands: Floats) -> Floats:
        if not operands:
            return numpy.array(computed(), dtype=numpy.float64)
        together = numpy.broadcast_arrays(*operands)
        columns = [operand.ravel().tolist() for operand in together]
        numbers = list(map(computed, *columns))
        return numpy.array(numbers, dtype=numpy.float64).reshape(together[0].shape)

    return number_by_number
