"""Recording: a scalar function, or a graph that already exists, as a program.

The function is called once, on Values that hold the example's numbers and may not be asked for
them: what depends on a number there would be right for the example only. Whatever else it reaches,
a model's parameters say, is captured and read anew at each call; it may not be asked either while
the recording lasts. What is being recorded stands in the nodes and in the thread's modes, so
nothing is left behind when the function raises, and threads may record at once.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set
from contextlib import suppress
from typing import Any

import numpy

from autograd_core.derivatives.structures import flatten
from autograd_core.errors import RecordingError
from autograd_core.given import explain_call, flag
from autograd_core.graph.modes import graphs_built, recording
from autograd_core.graph.nodes.making import constant_of, recording_leaf
from autograd_core.graph.numbers import shown
from autograd_core.graph.value import Value
from autograd_core.program.code.flat import Code
from autograd_core.program.code.trace import trace
from autograd_core.program.program import Program
from autograd_core.program.signature.arguments import Form, Holder, Numbers, form_of
from autograd_core.program.signature.recorded import NONE, Recorded

__all__ = ["record", "record_closure", "record_graph"]


def record(
    function: Callable[..., Any],
    /,
    *examples: Any,
    auxiliary: bool = False,
    parameters: Any = (),
    **named: Any,
) -> Program:
    """Call a function once on recording Values and return it as a program.

    The examples give the structure of the arguments: numbers, lists, tuples, dictionaries, arrays;
    some may be given by name, as calls of the program may, in the order that the function has them.
    Leaves that the function reaches from outside are captured. With `auxiliary` the function
    returns a pair, of which derivatives are taken of the first only and the second comes along.
    `parameters` are leaves to stand first among the captured, in this order, reached or not: a
    list, as a model's `parameters()` is one, an array, or a tuple or dictionary of such; gradients
    with respect to "parameters" come back in that structure.

    Raises RecordingError where the function asks for a number (`bool`, `float`, `int`, `round`, a
    comparison as a branch, sorting), and TypeError for examples or results that are no numbers.

    >>> from autograd_core import record
    >>> w = Value(2.0)
    >>> program = record(lambda x: (w * x).tanh(), 0.0)
    >>> program([0.0, 0.5])
    array([0.        , 0.76159416])
    >>> w.data = 0.0
    >>> program(0.5)
    0.0
    >>> record(lambda rate, years: (1 + rate) ** years, rate=0.0, years=0.0)(years=2.0, rate=0.5)
    2.25
    >>> line = {"slope": Value(2.0), "bias": Value(1.0)}
    >>> record(lambda x: line["slope"] * x + line["bias"], 0.0, parameters=line).summed_gradient(
    ...     [1.0, 2.0], parameters={"slope": 0.0, "bias": 5.0}
    ... )
    Summed(value=10.0, gradient={'slope': 3.0, 'bias': 2.0}, auxiliary=None)
    """
    first = len(examples)
    names = _names(_function(function, "record()"), first, named)
    examples = (*examples, *(named[name] for name in names[first:]))
    leaves: list[Value] = []
    arguments = []
    for place, example in enumerate(examples):
        numbers, structure = flatten(example, f"example {place} of record()")
        nodes = [recording_leaf(_data(number)) for number in numbers]
        arguments.append(structure.fill(nodes))
        leaves += nodes
    known, form = _leaves(parameters)
    with graphs_built(), recording():
        keywords = dict(zip(names[first:], arguments[first:], strict=True))
        result = _called(function, arguments[:first], keywords)
    if flag(auxiliary, "auxiliary") and not (isinstance(result, tuple) and len(result) == 2):
        raise TypeError(
            f"record(auxiliary=True) takes a function that returns a pair (value, anything), got "
            f"{type(result).__name__}"
        )
    forms = list(map(form_of, examples))
    code, captured = _traced(result, [*leaves, *known])
    # The numbers of values run on from inputs to captured: only the border between them moves.
    code.inputs, code.captured = len(leaves), len(known) + len(captured)
    captured = [*known, *captured]
    return Program(Recorded(code, captured, forms, names, form_of(result), auxiliary, form))


def record_graph(outputs: Any, inputs: Value | Iterable[Value]) -> Program:
    """The program of a graph that exists: from the inputs, Values in it, to the outputs.

    Other leaves are captured. What Python's own `if` chose when the graph was built stays chosen.
    Derivatives may be asked for by the inputs themselves (`wrt=x`); the program keeps them, and so
    what an input was computed from.

    Raises TypeError for inputs that are no Values in an order and outputs that are all numbers, and
    ValueError for an input given twice.

    >>> from autograd_core import record_graph
    >>> x, y = Value(2.0, name="x"), Value(3.0, name="y")
    >>> record_graph(x * y + y, [x])([1.0, 10.0])
    array([ 6., 33.])
    >>> record_graph(x * y + y, [x]).grad(1.0, wrt=(x, y))
    (3.0, 2.0)
    """
    inputs = [inputs] if type(inputs) is Value else _in_order(inputs, "inputs of record_graph()")
    for node in inputs:
        if type(node) is not Value:
            raise TypeError(f"record_graph() takes Values as inputs, got {shown(node)}")
    if len(set(inputs)) != len(inputs):
        raise ValueError("an input of record_graph() is given twice: each is one argument")
    names = [node.name or f"x{place}" for place, node in enumerate(inputs)]
    found, _ = flatten(outputs, "the outputs of record_graph()")
    if found and not any(type(node) is Value for node in found):
        raise TypeError(
            f"record_graph() takes Values as outputs, got {shown(outputs)} of type "
            f"{type(outputs).__name__}: numbers do not tell what they were computed from"
        )
    code, captured = _traced(outputs, list(inputs))
    forms = [form_of(0.0)] * len(inputs)
    return Program(Recorded(code, captured, forms, names, form_of(outputs), replaced=inputs))


def record_closure(closure: Callable[[], Any], parameters: Any) -> Program:
    """What a closure computes from leaves that it reaches, as a program of their numbers.

    The program's one argument has the structure of the leaves: it is an array with a number a leaf
    where they come one after another. Other leaves are captured. Derivatives may be asked for by
    some of the leaves themselves (`wrt=x`).

    Raises RecordingError as `record` does, and TypeError or ValueError for leaves that are none.

    >>> from autograd_core import record_closure
    >>> x, y = Value(2.0), Value(3.0)
    >>> loss = record_closure(lambda: x * x + y, [x, y])
    >>> loss([[2.0, 3.0], [0.0, 1.0]]).tolist()
    [7.0, 1.0]
    """
    _function(closure, "record_closure()")
    known, form = _leaves(parameters)
    if isinstance(form, Holder) and form.kind is not dict and {*form.children} <= {Numbers(())}:
        form = Numbers((len(known),))
    with graphs_built(), recording():
        result = _called(closure, (), {})
    code, captured = _traced(result, known)
    names, own = ["parameters"], form_of(result)
    return Program(Recorded(code, captured, [form], names, own, replaced=known))


def _called(
    function: Callable[..., Any], arguments: Sequence[Any], keywords: Mapping[str, Any]
) -> Any:
    """What it returns, or a clear error where NumPy alone was asked: arrays answer to x[x > 0]."""
    try:
        return function(*arguments, **keywords)
    except TypeError as error:
        explain_call(error, function, arguments, keywords)
        raise
    except IndexError as error:
        if "arrays used as indices" not in str(error):
            raise
        raise RecordingError(
            "an array was indexed by comparisons that are being recorded, as in x[x > 0]: which "
            "elements these choose, and how many, is known only when the program is called. Write "
            "numpy.where(condition, x, y), or maximum, minimum or clip, and what should count for "
            f"the rest, 0 in a sum say, as y (NumPy's own words: {error})"
        ) from error


def _function(function: Any, asked: str) -> Any:
    if not callable(function):
        raise TypeError(
            f"{asked} takes a function first, got {shown(function)} of type "
            f"{type(function).__name__}"
            + ("; a graph that exists is for record_graph()" if type(function) is Value else "")
        )
    return function


def _in_order(nodes: Any, what: str) -> list[Any]:
    ordered = isinstance(nodes, Iterable) and not isinstance(nodes, str | Mapping | Set)
    if not ordered:
        raise TypeError(
            f"{what} come in an order, as in a list, got {shown(nodes)} of type "
            f"{type(nodes).__name__}"
            + ("; give its parameters()" if hasattr(nodes, "parameters") else "")
        )
    return list(nodes)


def _leaves(parameters: Any) -> tuple[list[Value], Form]:
    """The leaves of a structure in order, and its form."""
    if not isinstance(parameters, Value | list | tuple | dict | numpy.ndarray):
        parameters = _in_order(parameters, "parameters of a program")
    known, _ = flatten(parameters, "parameters of a program")
    for node in known:
        if type(node) is not Value or node.op or node.constant:
            raise TypeError(f"parameters of a program are leaves of a graph, got {node!r}")
    if len(set(known)) != len(known):
        raise ValueError("a parameter of a program is given twice: each is one number")
    return known, form_of(parameters) if known else NONE


def _traced(result: Any, leaves: list[Value]) -> tuple[Code, list[Value]]:
    """The code from the leaves to a result, and what it captures besides them."""
    found, _ = flatten(result, "the result of a recorded function")
    outputs = [node if type(node) is Value else constant_of(node) for node in found]
    code, captured = trace(outputs, leaves)
    for node in captured:
        if node.recorded:
            raise RecordingError(
                "the function used a Value that another recording made: it has no number of its "
                "own. Record the whole as one function, or call the program that was recorded"
            )
    return code, captured


def _data(number: Any) -> float:
    # An example may be a Value, even one that is itself being recorded: only its place matters.
    if type(number) is Value:
        return 0.0 if number.recorded else number.data
    return float(number)


def _names(function: Callable[..., Any], count: int, named: Collection[str]) -> list[str]:
    """The names of so many arguments, and then those given by name: as the function has them."""
    parameters: Mapping[str, inspect.Parameter] = {}
    with suppress(TypeError, ValueError):
        parameters = inspect.signature(function).parameters
    first = [
        p.name
        for p in parameters.values()
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)
    ]
    places = [first[place] if place < len(first) else f"argument {place}" for place in range(count)]
    known = [name for name in parameters if name in named]
    return [*places, *known, *(name for name in named if name not in known)]
