"""Mistakes in differentiating, each planted into the table: every check must notice every one.

There are more than fifty, those that people make: a sign, a factor, the function for its slope, the
slope of the wrong branch, operands the wrong way round, a constant for what depends on x. Partials
that are right and whose own derivatives are not, or theirs, show at the second order or the third.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, NamedTuple

from autograd_core import (
    PRIMITIVES,
    GradientMismatch,
    GradientUndecided,
    Primitive,
    Value,
    cos,
    cosh,
    exp,
    gaussian,
    gradcheck,
    gradients,
    log,
    normal_cdf,
    normal_pdf,
    primitives,
    relu,
    sigmoid,
    sign,
    sin,
    sinh,
    sqrt,
    tanh,
    where,
)
from autograd_core.graph.nodes.making import apply
from autograd_core.primitives import kind_of
from autograd_core.testing import Expression
from tests.primitives.accuracy import measured
from tests.primitives.references import REFERENCES
from tests.primitives.samples import samples
from tests.soak.computing import orders
from tests.soak.computing.graphs import Graph
from tests.soak.computing.sweeps import BY_PATHS, against_paths, fails
from tests.soak.search import Trial


class Mistake(NamedTuple):
    """A wrong partial of a row, by one operand, and where it is looked for."""

    row: str
    operand: int
    wrong: Callable[..., Any]
    point: tuple[float, ...]

    def __str__(self) -> str:
        return f"{MISTAKES.index(self)}: {self.row} by operand {self.operand} at {self.point}"


M = Mistake
# fmt: off
MISTAKES = [
    M("add", 0, lambda x, y, out: x, (0.5, 1.5)),
    M("add", 1, lambda x, y, out: 0.0, (0.5, 1.5)),
    M("sub", 1, lambda x, y, out: 1.0, (0.5, 1.5)),
    M("mul", 0, lambda x, y, out: x, (0.5, 1.5)),
    M("mul", 1, lambda x, y, out: y, (0.5, 1.5)),
    M("div", 0, lambda x, y, out: y, (0.5, 1.5)),
    M("div", 1, lambda x, y, out: out / y, (0.5, 1.5)),
    M("div", 1, lambda x, y, out: -x / y, (0.5, 1.5)),
    M("mod", 1, lambda x, y, out: 0.0, (7.25, 2.0)),
    M("pow", 0, lambda x, y, out: y * x**y, (1.5, 2.5)),
    M("pow", 0, lambda x, y, out: x ** (y - 1.0), (1.5, 2.5)),
    M("pow", 1, lambda x, y, out: out, (1.5, 2.5)),
    M("neg", 0, lambda x, out: 1.0, (0.5,)),
    M("abs", 0, lambda x, out: 1.0, (-0.5,)),
    M("square", 0, lambda x, out: x, (1.5,)),
    M("reciprocal", 0, lambda x, out: out * out, (1.5,)),
    M("sqrt", 0, lambda x, out: 0.5 * out, (1.5,)),
    M("cbrt", 0, lambda x, out: 1.0 / (3.0 * out), (1.5,)),
    M("hypot", 0, lambda x, y, out: x, (0.5, 1.5)),
    M("exp", 0, lambda x, out: x * out, (1.5,)),
    M("expm1", 0, lambda x, out: out, (1.5,)),
    M("exp2", 0, lambda x, out: out, (1.5,)),
    M("log", 0, lambda x, out: 1.0 / out, (1.5,)),
    M("log1p", 0, lambda x, out: 1.0 / x, (1.5,)),
    M("log2", 0, lambda x, out: 1.0 / x, (1.5,)),
    M("log10", 0, lambda x, out: 0.43429448 / x, (1.5,)),  # of too few digits
    M("logaddexp", 0, lambda x, y, out: sigmoid(y - x), (0.5, 1.5)),
    M("sin", 0, lambda x, out: -cos(x), (0.5,)),
    M("cos", 0, lambda x, out: sin(x), (0.5,)),
    M("tan", 0, lambda x, out: 1.0 - out * out, (0.5,)),
    M("sinc", 0, lambda x, out: cos(x), (2.5,)),
    M("asin", 0, lambda x, out: 1.0 / sqrt(1.0 + x * x), (0.5,)),
    M("acos", 0, lambda x, out: 1.0 / sqrt(1.0 - x * x), (0.5,)),
    M("atan", 0, lambda x, out: 1.0 / (1.0 - x * x), (0.5,)),
    M("atan2", 0, lambda y, x, out: y / (x * x + y * y), (0.5, 1.5)),
    M("sinh", 0, lambda x, out: -cosh(x), (0.5,)),
    M("cosh", 0, lambda x, out: -sinh(x), (0.5,)),
    M("tanh", 0, lambda x, out: 1.0 - out, (0.5,)),
    M("asinh", 0, lambda x, out: 1.0 / sqrt(x * x - 1.0), (1.5,)),
    M("acosh", 0, lambda x, out: 1.0 / sqrt(x * x + 1.0), (1.5,)),
    M("atanh", 0, lambda x, out: 1.0 / (1.0 + x * x), (0.5,)),
    M("erf", 0, lambda x, out: gaussian(x), (0.5,)),
    M("gaussian", 0, lambda x, out: -x * out, (0.5,)),
    M("normal_cdf", 0, lambda x, out: gaussian(x), (0.5,)),
    M("leaky_relu", 0, lambda x, slope, out: where(x > 0, 1.0, 0.0), (-0.5, 0.25)),
    M("elu", 0, lambda x, alpha, out: where(x > 0, 1.0, alpha), (-0.5, 0.75)),
    M("sigmoid", 0, lambda x, out: out * (1.0 + out), (0.5,)),
    M("softplus", 0, lambda x, out: tanh(x), (0.5,)),
    M("silu", 0, lambda x, out: sigmoid(x), (0.5,)),
    M("gelu", 0, lambda x, out: normal_cdf(x) - x * normal_pdf(x), (0.5,)),
    M("softsign", 0, lambda x, out: 1.0 / (1.0 + x * sign(x)), (0.5,)),
    M("log_sigmoid", 0, lambda x, out: exp(out), (0.5,)),
    M("maximum", 0, lambda x, y, out: 1.0, (0.5, 1.5)),
    M("clamp", 0, lambda x, low, high, out: relu(sign(x - low)), (2.5, -1.0, 1.0)),
    M("normal_pdf", 0, lambda x, out: -out * log(out), (0.5,)),
]
# fmt: on


Partial = Callable[..., Any]


def at_rest(partial: Partial) -> Partial:
    """Of the right value, which does not move: wrong from the second derivative on."""

    def wrong(*given: Any) -> Any:
        found = partial(*given)
        return found.detach() if isinstance(found, Value) else found

    return wrong


def straight(partial: Partial) -> Partial:
    """Of the right value and slopes, which do not move: wrong from the third derivative on."""

    def wrong(*given: Any) -> Any:
        found = partial(*given)
        if not isinstance(found, Value) or found.constant:
            return found
        moving = [x for x in given[:-1] if not x.constant]
        slopes = gradients(found, moving)
        steps = (slope * (x - x.detach()) for slope, x in zip(slopes, moving, strict=True))
        return sum(steps, found.detach())

    return wrong


FLAT = {"add", "sub", "mod", "neg", "abs", "leaky_relu", "maximum", "clamp"}
"""Rows whose second derivatives are 0 at their points."""
BENDS: dict[int, tuple[Callable[[Partial], Partial], set[str]]] = {
    2: (at_rest, FLAT),
    3: (straight, FLAT | {"mul", "square"}),
}
"""By order, how a partial is made wrong from there on, and rows where none is wrong."""


@contextmanager
def planted(mistake: Mistake) -> Iterator[Primitive]:
    """The table with the mistake in it; the row that has it."""
    kind = kind_of(mistake.row)
    sound = PRIMITIVES[mistake.row]
    partials = list(sound.partials)
    partials[mistake.operand] = mistake.wrong
    wrong = sound.__replace__(partials=tuple(partials))
    primitives.ROWS[kind] = wrong
    try:
        yield wrong
    finally:
        primitives.ROWS[kind] = sound


def around(mistake: Mistake) -> Graph:
    """A small graph with the row in it."""
    count = len(mistake.point)
    steps = ((mistake.row, tuple(range(count))), ("mul", (count, count)))
    return Graph(Expression(count, steps), mistake.point)


def unnoticed_bend(mistake: Mistake, order: int) -> list[str]:
    """What is wrong of the checks by the mistake's row, wrong from this order on."""
    missed = []
    kind, graph = kind_of(mistake.row), around(mistake)
    measures = partial(orders.measured, orders=(order - 1, order))
    sound = PRIMITIVES[mistake.row].partials[mistake.operand]
    with planted(mistake._replace(wrong=BENDS[order][0](sound))):
        if fails(measures, orders.WHAT.format(order - 1), graph):
            missed.append("differences, which find it an order too early,")
        if not fails(measures, orders.WHAT.format(order), graph):
            missed.append(f"differences of order {order}")
        try:
            gradcheck(lambda *x: apply(kind, x) * 1.5, *mistake.point, order=order)
            missed.append("gradcheck")
        except GradientUndecided:
            missed.append("gradcheck, which does not decide,")
        except GradientMismatch:
            pass
    return missed


def unnoticed(mistake: Mistake) -> list[str]:
    """The checks that take the mistake for right."""
    missed = []
    kind = kind_of(mistake.row)
    with planted(mistake) as wrong:
        try:
            gradcheck(lambda *x: apply(kind, x) * 1.5, *mistake.point)
            missed.append("gradcheck")
        except GradientUndecided:
            missed.append("gradcheck, which does not decide,")
        except GradientMismatch:
            pass
        points = [mistake.point, *samples(PRIMITIVES[mistake.row], 100, seed=2)]
        if not any(found.is_wrong for found in measured(wrong, REFERENCES[mistake.row], points)):
            missed.append("mpmath")
        if not fails(against_paths, BY_PATHS, around(mistake)):
            missed.append("the sweep over all paths")
    return missed


def search(seed: int, trials: int) -> Iterator[Trial]:
    """So many of the mistakes, all if there are as many as that."""
    for mistake in random.Random(seed).sample(MISTAKES, min(trials, len(MISTAKES))):
        yield told("planted mistakes, each noticed by three checks", mistake, unnoticed(mistake))


def search_bends(seed: int, trials: int) -> Iterator[Trial]:
    """So many of the mistakes' rows, wrong from a higher order on."""
    rows = list({(one.row, one.operand): one for one in MISTAKES}.values())
    for order, (_, none_wrong) in BENDS.items():
        what = f"partials wrong from order {order} on, each noticed there by two checks"
        wrong = [one for one in rows if one.row not in none_wrong]
        for mistake in random.Random(seed).sample(wrong, min(trials, len(wrong))):
            yield told(what, mistake, unnoticed_bend(mistake, order))


def told(what: str, mistake: Mistake, missed: list[str]) -> Trial:
    problem = f"{mistake} goes unnoticed by {', '.join(missed)}" if missed else ""
    return Trial(what, problem=problem)
