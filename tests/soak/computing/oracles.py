"""Derivatives of graphs by other means than the engine's: over all paths, and by complex steps.

Both take the engine's own intermediate numbers as they are and compute every local derivative anew
in mpmath: the one by the closed forms of `tests.primitives.high_precision`, the other from values
alone, as the imaginary part of f(x + ih) / h. What is left is the error of the sweep itself, for
which the sum of the paths' magnitudes gives a strict bound.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from autograd_core import Value, topological
from tests.primitives.accuracy import PARTIAL_LIMIT
from tests.primitives.high_precision import dot, exact, mp
from tests.primitives.references import REFERENCES

ROUNDING, LEAST = 2.0**-53, 2.0**-1074
"""Half a unit of 1, and a unit of every subnormal number."""
SMALL, LARGE = 1e-250, 1e250
"""Between what magnitudes a bound in doubles has all their digits."""
STEP = mp.mpf(10) ** -40
"""A complex step, whose square is nothing beside 1."""
STEEPEST, FLATTEST, DIGITS = mp.mpf(10) ** -20, mp.mpf(10) ** -130, 160
"""How large a step may become, lest its square be felt, and how small beside what it is added to,
lest it have no digits."""

ANALYTIC: dict[str, Any] = {
    **{name: getattr(mp, name) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp")},
    **{name: getattr(mp, name) for name in ("asin", "acos", "atan", "asinh", "acosh", "atanh")},
    **{name: getattr(mp, name) for name in ("log", "sqrt", "erf", "erfc", "log1p", "expm1")},
    "sinc": lambda x: mp.sin(x) / x,
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "neg": lambda x: -x,
    "square": lambda x: x * x,
    "reciprocal": lambda x: 1 / x,
    "pow": lambda x, y: mp.exp(y * mp.log(x)),
    "cbrt": lambda x: -mp.exp(mp.log(-x) / 3) if x.real < 0 else mp.exp(mp.log(x) / 3),
    "hypot": lambda x, y: mp.sqrt(x * x + y * y),
    "exp2": lambda x: mp.exp(x * mp.log(2)),
    "log2": lambda x: mp.log(x) / mp.log(2),
    "log10": lambda x: mp.log(x) / mp.log(10),
    "logaddexp": lambda x, y: mp.log(mp.exp(x) + mp.exp(y)),
    "gaussian": lambda x: mp.exp(-x * x),
    "normal_pdf": lambda x: mp.exp(-x * x / 2) / mp.sqrt(2 * mp.pi),
    "normal_cdf": lambda x: mp.erfc(-x / mp.sqrt(2)) / 2,
    "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
    "softplus": lambda x: mp.log(1 + mp.exp(x)),
    "log_sigmoid": lambda x: -mp.log(1 + mp.exp(-x)),
    "silu": lambda x: x / (1 + mp.exp(-x)),
    "gelu": lambda x: x * mp.erfc(-x / mp.sqrt(2)) / 2,
    "sum": lambda *x: sum(x, mp.zero),
    "dot": dot,
}
"""The values of primitives, of complex numbers near the real axis inside their domains."""


class Paths(NamedTuple):
    """What reaches a node from the root, over all paths."""

    gradient: Any
    """The sum of the paths' products."""
    magnitude: Any
    """The sum of their magnitudes."""
    bound: Any
    """How far a sweep in doubles may be from the gradient."""


NOTHING = Paths(mp.zero, 0.0, 0.0)


def independent_sweep(root: Value) -> dict[Value, Paths]:
    """What reaches every node that the root is made of and that has a gradient.

    Magnitudes and bounds are doubles where these have room for all of them, and mpmath's elsewhere:
    a bound needs no digits, and its arithmetic took more time than the gradients'.
    """
    order = [node for node in topological(root) if not node.constant]
    return swept(order, float) or swept(order, exact)


def swept(order: Sequence[Value], number: Callable[[Any], Any]) -> dict[Value, Paths]:
    """The same of nodes in order, with bounds of a type of number; nothing where it has no room."""
    uses: dict[Value, int] = {}
    for node in order:
        for parent in node.parents:
            uses[parent] = uses.get(parent, 0) + 1
    values = {node: exact(node.data) for node in uses}
    reached = dict.fromkeys(order, NOTHING)
    reached[order[-1]] = Paths(mp.one, number(1), number(0))
    for node in reversed(order):
        above = reached[node]
        if not node.parents or above.magnitude == 0:
            continue
        reference = REFERENCES[node.op]
        operands = [values[parent] for parent in node.parents]
        for place, (parent, partial) in enumerate(
            zip(node.parents, reference.partials_at(operands), strict=True)
        ):
            terms = reference.partials_terms.get(place)
            size = max(abs(partial), terms(*operands)) if terms else abs(partial)
            if not size or parent.constant:
                continue
            size = number(size)
            magnitude = above.magnitude * size
            if number is float and not SMALL < magnitude < LARGE:
                return {}
            # A rule is off by so many units, of two roundings each; then the product is rounded,
            # and the sum after each of the parent's uses. Either may be subnormal.
            roundings = 2 * PARTIAL_LIMIT + 1 + uses[parent]
            rounded = roundings * ROUNDING * magnitude
            rounded += PARTIAL_LIMIT * LEAST * above.magnitude + LEAST
            before = reached[parent]
            reached[parent] = Paths(
                before.gradient + above.gradient * partial,
                before.magnitude + magnitude,
                before.bound + above.bound * size + rounded,
            )
    return reached


def complex_step(root: Value, direction: Mapping[Value, float]) -> Any:
    """The derivative of the root along a direction in its leaves; its nodes must be analytic.

    Every node's real part is the engine's own number, so that only derivatives are computed here.
    None where a node has a pole, or is so steep or so flat that its slope has no digits.
    """
    imaginary: dict[Value, Any] = {}
    with mp.workdps(DIGITS):
        for node in topological(root):
            if not node.parents:
                imaginary[node] = STEP * exact(direction.get(node, 0.0))
                continue
            operands = [mp.mpc(parent.data, imaginary[parent]) for parent in node.parents]
            try:
                out = mp.mpc(ANALYTIC[node.op](*operands))
            except (ArithmeticError, ValueError):
                return None
            moved = any(operand.imag for operand in operands)
            if moved and not FLATTEST * abs(out.real) < abs(out.imag) < STEEPEST:
                return None
            imaginary[node] = out.imag
        return imaginary[root] / STEP
