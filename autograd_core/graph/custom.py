"""Primitives of the user's own: a forward in numbers, and its partials.

A declared primitive is a row of the table like any other: it is drawn, differentiated to any order,
checked and pickled by its name. Its partials are formulas over the operands and `out`, written with
arithmetic and with this package's functions, so that they hold for numbers and for Values alike.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from typing import Any

from autograd_core import primitives
from autograd_core.errors import PrimitiveError
from autograd_core.given import got, listed, misfit
from autograd_core.graph import numbers
from autograd_core.graph.modes import Mode
from autograd_core.graph.nodes import making, switches
from autograd_core.graph.value import Value

__all__ = ["primitive"]

_built_in = frozenset(primitives.PRIMITIVES)


def primitive(
    *partials: Callable[..., Any],
    name: str | None = None,
    glyph: str | None = None,
    latex: str | None = None,
    domain: Sequence[tuple[float, float]] | None = None,
) -> Callable[[Callable[..., float]], Callable[..., Any]]:
    """Declare the decorated function of numbers a primitive, given one partial an operand.

    Each partial takes the operands and `out`, the primitive's value. A function of `*operands` has
    one partial, which takes the list of operands and `out` and returns a list.
    Raises PrimitiveError where the partials do not fit the function, or the name is taken.

    >>> import math
    >>> from autograd_core import exp, grad, primitive
    >>> @primitive(lambda x, out: -out * out * (1 - exp(-x)))
    ... def damped(x):
    ...     return 1 / (x + math.exp(-x))
    >>> round(grad(damped)(2.0), 6), round(grad(grad(damped))(2.0), 6)
    (-0.189634, 0.123896)
    """

    for what, text in (("glyph", glyph), ("latex", latex)):
        if text is not None and not isinstance(text, str):
            raise PrimitiveError(f"{what} must be a string or None, {got(text)}")

    def declare(function: Callable[..., float]) -> Callable[..., Any]:
        row = _row(function, partials, _named(function, name), glyph, latex, domain)
        kind = primitives.register(row)

        def call(*operands: Any) -> Any:
            if row.arity is not None and len(operands) != row.arity:
                raise PrimitiveError(
                    f"{row.name}() takes {row.arity} operands ({', '.join(row.operands)}), "
                    f"got {len(operands)}"
                )
            nodes = tuple(
                operand
                if type(operand) is Value
                else making.constant_of(numbers.real(operand, f"{row.name}()"))
                for operand in operands
            )
            out = making.apply(kind, nodes)
            return out if any(type(operand) is Value for operand in operands) else out.data

        call.__name__ = call.__qualname__ = row.name
        call.__doc__ = function.__doc__
        call.__module__ = getattr(function, "__module__", __name__)
        return call

    return declare


def _named(function: Any, name: Any) -> str:
    """The primitive's name, by default the function's own."""
    if not callable(function):
        raise PrimitiveError(f"primitive() decorates a function, got {numbers.shown(function)}")
    found = getattr(function, "__name__", None) if name is None else name
    if not isinstance(found, str) or not found:
        raise PrimitiveError(
            f"a primitive has a name, a string: give name=... to {numbers.shown(function)}, "
            f"not {found!r}"
        )
    return found


def _row(
    function: Callable[..., float],
    partials: Sequence[Callable[..., Any]],
    name: str,
    glyph: str | None,
    latex: str | None,
    domain: Sequence[tuple[float, float]] | None,
) -> primitives.Primitive:
    if name in _built_in:
        raise PrimitiveError(f"{name!r} is a primitive of the table; give yours another name")
    try:
        parameters = inspect.signature(function).parameters.values()
    except ValueError:
        raise PrimitiveError(
            f"{name} does not say what operands it takes, as some functions written in C: put it "
            "into a function that does, as lambda x: math.log(x)"
        ) from None
    operands = tuple(parameter.name for parameter in parameters)
    expected = len(operands)
    if any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters):
        operands, expected = ("x", "..."), 1
    if len(partials) != expected or not all(callable(partial) for partial in partials):
        raise PrimitiveError(
            f"{name} takes {expected} partials, one for each of its operands "
            f"({', '.join(operands)}), got {len(partials)}: {partials!r}"
        )
    for partial in partials:
        _check_takes_out(partial, name, operands)
    whole_line = (-math.inf, math.inf)
    shown = ", ".join("{" + operand + "}" for operand in operands if operand != "...")
    return primitives.Primitive(
        name=name,
        operands=operands,
        forward=_checked(function, name),
        partials=tuple(_silent(partial, name, "..." in operands) for partial in partials),
        glyph=glyph or name,
        latex=latex or rf"\operatorname{{{{{name}}}}}({shown})",
        partials_latex=tuple(
            rf"\partial_{{{{{operand}}}}} \operatorname{{{{{name}}}}}"
            for operand in operands
            if operand != "..."
        ),
        domain=_intervals(domain, name) if domain else (whole_line,) * expected,
    )


def _intervals(domain: Any, name: str) -> tuple[tuple[float, float], ...]:
    wanted = f"a pair (low, high) for each operand of {name}"
    pairs = listed(domain, "domain", wanted)
    if any(not isinstance(pair, tuple | list) or len(pair) != 2 for pair in pairs):
        raise PrimitiveError(f"domain must be {wanted}, {got(domain)}")
    ends = [(numbers.real(low, "domain"), numbers.real(high, "domain")) for low, high in pairs]
    if not all(low < high for low, high in ends):
        raise PrimitiveError(f"domain must be {wanted}, the lower one first, {got(domain)}")
    return tuple(ends)


def _check_takes_out(partial: Callable[..., Any], name: str, operands: Sequence[str]) -> None:
    """Refuse now a partial that could not be called: `out` is forgotten easily."""
    given = ("operands", "out") if "..." in operands else (*operands, "out")
    found = misfit(partial, given)
    if found is not None:
        taken, error = found
        raise PrimitiveError(
            f"a partial of {name} is called with ({', '.join(given)}), the operands and the value, "
            f"but takes {taken}: {error}"
        )


def _silent(partial: Callable[..., Any], name: str, of_many: bool) -> Callable[..., Any]:
    """The partial, which gives infinities and NaN where arithmetic with Python's numbers raises.

    So 1 / x and x**0.5 are in numbers what they are of Values and in a program. It is held to
    return a number, or of many operands a number for each.
    """
    what = f"a partial of {name}"

    def rule(*given: Any) -> Any:
        try:
            found = partial(*given)
        except ArithmeticError:
            found = _in_values(partial, given)
        else:
            if type(found) is complex:
                found = _in_values(partial, given)
        if not of_many:
            return found if type(found) in (float, Value) else numbers.real(found, what)
        if not isinstance(found, list | tuple) or len(found) != len(given[0]):
            raise PrimitiveError(
                f"{what} returns a list with a number for each of the {len(given[0])} operands, "
                f"got {numbers.shown(found)}"
            )
        return [one if type(one) is Value else numbers.real(one, what) for one in found]

    return rule


def _in_values(partial: Callable[..., Any], given: Sequence[Any]) -> Any:
    with Mode(switches.detects_anomalies, False):  # a branch put aside in the formula is none
        found = partial(*map(_held, given))
    if isinstance(found, list | tuple):
        return [_number(one) for one in found]
    return _number(found)


def _held(given: Any) -> Any:
    if isinstance(given, list | tuple):
        return [_held(one) for one in given]
    return given if type(given) is Value else making.constant_of(given)


def _number(found: Any) -> Any:
    constant = type(found) is Value and found.constant and not found.recorded
    return found.data if constant else found


def _checked(function: Callable[..., float], name: str) -> Callable[..., float]:
    """The forward, held to return a number."""

    def forward(*operands: float) -> float:
        return numbers.real(function(*operands), f"the value of {name}")

    return forward
