"""Derivatives of functions: gradients, Jacobians, Hessians, both modes, nested to any order.

A function is called once on fresh Values in place of its arguments; the graph it leaves is then
differentiated (`differentiation`). Called with plain numbers these transformations give plain
numbers. Called with a Value, or inside another transformation, they give Values that can be
differentiated again. Each call makes input nodes of its own, so nested derivatives cannot be
confused: d/dx [x · d/dy (x + y)] at 1 is 1, not 2.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from typing import Any

from autograd_core.derivatives import differentiation
from autograd_core.derivatives.chosen_arguments import ChosenArguments
from autograd_core.derivatives.structures import Structure, flatten
from autograd_core.given import checked_function, explain_call, got, misfit
from autograd_core.graph.modes import differentiates, differentiating, graphs_built, no_grad
from autograd_core.graph.nodes.making import constant_of
from autograd_core.graph.nodes.switches import switched
from autograd_core.graph.numbers import element, is_array
from autograd_core.graph.value import Value, argument_of, calls, release_arguments

__all__ = ["grad", "hessian", "hvp", "jacobian", "jvp", "value_and_grad", "vjp"]

Function = Callable[..., Any]
_AS_IT_IS = nullcontext()  # entering a mode takes longer than a small function


class _Call:
    """One call of a function on fresh input nodes, and what it returned."""

    def __init__(
        self,
        function: Function,
        arguments: Sequence[Any],
        places: Sequence[int | str],
        keywords: dict[str, Any] | None = None,
    ) -> None:
        checked_function(function, "differentiation")
        replaced: Any = list(arguments)
        named: Any = dict(keywords) if keywords else {}
        primals: list[Any] = []
        self.inputs: list[Value] = []
        self.shapes: list[Structure] = []
        try:
            calls.add(self)
            with differentiating(), graphs_built() if no_grad.is_on() else _AS_IT_IS:
                for place in places:
                    given = named if type(place) is str else replaced
                    leaves, shape = flatten(given[place], f"argument {place}")
                    nodes = [argument_of(leaf) for leaf in leaves]
                    primals += leaves
                    self.inputs += nodes
                    self.shapes.append(shape)
                    given[place] = shape.fill(nodes)
                self.result = _called(function, replaced, named)
        finally:
            calls.discard(self)
            release_arguments(self.inputs)
        whole = (*primals, *arguments, *(keywords or {}).values())
        nested = switched(differentiates, False) or any(type(one) is Value for one in whole)
        self.numbers_only = not nested
        """Whether the caller wants numbers back rather than Values to differentiate further."""

    def scalar(self, transformation: str) -> Value:
        """The result, which has to be one number."""
        if type(self.result) is Value:
            return self.result
        result = element(self.result)
        if is_array(result) or isinstance(result, list | tuple | dict):
            raise TypeError(
                f"{transformation} differentiates a function of one result, but this one returned "
                f"a {type(result).__name__}; use jacobian, or return one of its elements"
            )
        return _node(result, transformation)

    def split(self, flat: Sequence[Any]) -> tuple[Any, ...]:
        """One number an input, in the structures of the arguments."""
        parts, first = [], 0
        for shape in self.shapes:
            parts.append(shape.fill(flat[first : first + shape.size]))
            first += shape.size
        return tuple(parts)

    def out(self, node: Any) -> Any:
        """A result as the caller should see it: a number, or a Value to differentiate further."""
        return node.data if self.numbers_only else node


def _node(result: Any, transformation: str) -> Value:
    leaves, _ = flatten(result, f"{transformation}: the function's result")
    return leaves[0] if type(leaves[0]) is Value else constant_of(leaves[0])


def grad(function: Function, argnums: int | Sequence[int] = 0, wrt: Any = None) -> Function:
    """The gradient of a function of one result, by reverse mode.

    The gradient has the structure of the argument; of several argnums, it is a tuple. `wrt` says
    with respect to what in place of `argnums`, as programs take it: an argument's place or name, or
    a tuple, list or dictionary of these, in which the gradients then come back.

    Raises TypeError where the result or an argument is no number and for what chooses no argument,
    ValueError for one that is not there or chosen twice.

    >>> from autograd_core import grad, sin
    >>> grad(lambda a, b: a * sin(b), argnums=(0, 1))(2.0, 3.0)
    (0.1411200080598672, -1.9799849932008908)
    >>> grad(grad(lambda x: x**3))(2.0)
    12.0
    >>> grad(lambda spot, rate=0.5: spot * rate, wrt={"delta": "spot", "rho": "rate"})(2.0)
    {'delta': 0.5, 'rho': 2.0}
    """
    both = value_and_grad(function, argnums, wrt)

    def gradient(*arguments: Any, **keywords: Any) -> Any:
        return both(*arguments, **keywords)[1]

    return _of(function, gradient)


def value_and_grad(
    function: Function, argnums: int | Sequence[int] = 0, wrt: Any = None
) -> Function:
    """The value and the gradient of a function of one result, from one call of it; as `grad`.

    >>> value_and_grad(lambda x: x[0] * x[1])([2.0, 3.0])
    (6.0, [3.0, 2.0])
    """

    chosen = ChosenArguments(function, argnums, wrt)

    def evaluate(*arguments: Any, **keywords: Any) -> Any:
        call = _Call(function, arguments, chosen.among(arguments, keywords), keywords)
        output = call.scalar("grad")
        flat = differentiation.reverse(output, call.inputs, create_graph=not call.numbers_only)
        return call.out(output), chosen.together(call.split(flat))

    return _of(function, evaluate)


def vjp(function: Function, *primals: Any) -> tuple[Any, Function]:
    """The result of `function(*primals)` and its pullback: cotangents of the result to the primals.

    >>> out, pullback = vjp(lambda x, y: [x * y, x + y], 2.0, 3.0)
    >>> out, pullback([1.0, 10.0])
    ([6.0, 5.0], (13.0, 12.0))
    """
    call = _Call(function, primals, range(len(primals)))
    leaves, shape = flatten(call.result, "vjp: the function's result")
    outputs = [leaf if type(leaf) is Value else constant_of(leaf) for leaf in leaves]

    def pullback(cotangents: Any) -> tuple[Any, ...]:
        seeds = shape.leaves_of(cotangents, "cotangents")
        create_graph = not call.numbers_only or any(type(seed) is Value for seed in seeds)
        return call.split(differentiation.pull_back(outputs, seeds, call.inputs, create_graph))

    return shape.fill([call.out(output) for output in outputs]), pullback


def jvp(function: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, Any]:
    """The result of `function(*primals)` and its directional derivative, by forward mode.

    >>> jvp(lambda x, y: x * y, (2.0, 3.0), (1.0, 0.5))
    (6.0, 4.0)
    """
    _same_length(primals, tangents)
    try:
        call = _Call(function, primals, range(len(primals)))
    except TypeError as error:
        _check_taken(function, primals, error)
        raise
    directions: list[Any] = []
    for shape, tangent in zip(call.shapes, tangents, strict=True):
        directions += shape.leaves_of(tangent, "tangents")
    leaves, shape = flatten(call.result, "jvp: the function's result")
    outputs = [leaf if type(leaf) is Value else constant_of(leaf) for leaf in leaves]
    graph = not call.numbers_only or any(type(direction) is Value for direction in directions)
    moved = differentiation.push_forward(outputs, call.inputs, directions, graph)
    return shape.fill([call.out(output) for output in outputs]), shape.fill(moved)


def jacobian(function: Function, argnums: int | Sequence[int] = 0, wrt: Any = None) -> Function:
    """The derivative of every result with respect to every argument, one reverse sweep a result.

    Those are chosen as by `grad`.
    Each number of the result is replaced by a structure like the argument's. An array of shape s
    from an array of shape t gives an array of shape s + t.

    >>> jacobian(lambda x: [x[0] * x[1], x[0] + x[1]])([2.0, 3.0])
    [[3.0, 2.0], [1.0, 1.0]]
    """

    chosen = ChosenArguments(function, argnums, wrt)

    def evaluate(*arguments: Any, **keywords: Any) -> Any:
        call = _Call(function, arguments, chosen.among(arguments, keywords), keywords)
        leaves, shape = flatten(call.result, "jacobian: the function's result")
        rows = []
        for leaf in leaves:
            output = leaf if type(leaf) is Value else constant_of(leaf)
            flat = differentiation.reverse(output, call.inputs, create_graph=not call.numbers_only)
            rows.append(call.split(flat))
        columns = zip(*rows, strict=True) if rows else ([] for _ in call.shapes)
        return chosen.together([_stacked(shape, list(column)) for column in columns])

    return _of(function, evaluate)


def hessian(function: Function, argnums: int | Sequence[int] = 0, wrt: Any = None) -> Function:
    """The second derivatives of a function of one result: the Jacobian of its gradient.

    Arguments are chosen as by `grad`.

    >>> hessian(lambda x: x[0] ** 2 * x[1])([2.0, 3.0])
    [[6.0, 4.0], [4.0, 0.0]]
    """
    return jacobian(grad(function, argnums, wrt), argnums, wrt)


def hvp(function: Function, primals: Sequence[Any], tangents: Sequence[Any]) -> tuple[Any, ...]:
    """The Hessian of `function` at the primals times the tangents, without forming the Hessian.

    Forward mode over reverse mode: it costs a small multiple of one gradient.

    >>> hvp(lambda x: x[0] ** 2 * x[1], ([2.0, 3.0],), ([1.0, 0.0],))
    ([6.0, 4.0],)
    """
    _same_length(primals, tangents)
    gradient = grad(function, tuple(range(len(primals))))
    return jvp(gradient, primals, tangents)[1]  # type: ignore[no-any-return]


def _of(function: Function, derived: Function) -> Function:
    """The derived function, whose arguments are called what the function's own are."""
    derived.__wrapped__ = function  # type: ignore[attr-defined]
    return derived


def _same_length(primals: Sequence[Any], tangents: Sequence[Any]) -> None:
    for what, given in (("primals", primals), ("tangents", tangents)):
        if not isinstance(given, list | tuple):
            raise TypeError(
                f"{what} must be a tuple with one entry an argument, {got(given)}; write "
                f"({what[:-1]},)"
            )
    if len(primals) != len(tangents):
        raise ValueError(
            f"got {len(primals)} primals but {len(tangents)} tangents: give one tangent a primal"
        )


def _called(function: Function, arguments: Sequence[Any], named: dict[str, Any]) -> Any:
    try:
        return function(*arguments, **named)
    except TypeError as error:
        explain_call(error, function, arguments, named)
        raise


def _check_taken(function: Function, primals: Sequence[Any], error: TypeError) -> None:
    """Say so where a call failed because primals are one argument and not one entry an argument."""
    found = misfit(function, primals, follow_wrapped=True)
    if found is not None:
        taken, reason = found
        raise TypeError(
            f"primals have {len(primals)} entries, one an argument, but the function takes "
            f"{taken}: {reason}; if they are one argument together, write (primals,) and "
            "(tangents,)"
        ) from error


def _stacked(shape: Structure, rows: list[Any]) -> Any:
    if not shape.array:
        return shape.fill(rows)
    import numpy  # which has made the array already

    outer = shape.fill([0.0] * shape.size).shape
    if rows and all(map(is_array, rows)):
        return numpy.array(rows).reshape(outer + rows[0].shape)
    held = numpy.empty(shape.size, dtype=object)
    held[:] = rows
    if all(type(row) is float for row in rows):
        held = held.astype(float)
    return held.reshape(outer)
