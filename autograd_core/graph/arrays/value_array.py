"""What NumPy's functions make of Values, and of arrays of them.

On an array of objects NumPy calls the method that has the function's name on each element. A few
functions it answers by comparing the elements (`maximum`, `clip`: another derivative at a tie, a
NaN hidden), by Python's whole numbers (`floor`, `sign`) or not at all (`logaddexp`, `isnan`), and
numbers beside Values have no methods (`exp(where(c, x, 0.0))`, `hypot(1.0, x)`). It asks each
comparison for its truth, which what is being recorded has not, and finds no NaN among objects. Here
these follow this package's rules, element by element, as `numpy_elements` has them; what is done to
whole arrays is `numpy_functions`'; all others are left to NumPy. The arrays that functions are
differentiated and recorded by are of the class below, and so is what is computed from them. Of a
plain array or a list of Values NumPy asks nobody.
"""

from __future__ import annotations

from typing import Any

import numpy

from autograd_core.errors import RecordingError
from autograd_core.graph.arrays.numpy_elements import (
    ANSWERS,
    COMPARISONS,
    ELEMENT_BY_ELEMENT,
    OF_NOTHING,
    OF_VALUES,
    OURS,
    PAIRS,
    chosen,
    value_of,
)
from autograd_core.graph.arrays.numpy_functions import (
    BY_NUMBERS,
    OF_ARRAYS,
    WRITES,
    is_lost,
    no_place,
    numbers_of,
    refusal,
    refused,
)
from autograd_core.graph.value import Value

__all__ = ["ValueArray", "called"]

_SCALARS = (float, int, numpy.number)


class ValueArray(numpy.ndarray[Any, Any]):
    """An array of Values on which NumPy's functions follow this package's rules."""

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **keywords: Any) -> Any:
        return called(ufunc, method, inputs, keywords)

    def __array_function__(self, function: Any, types: Any, arguments: Any, keywords: Any) -> Any:
        return asked(function, types, arguments, keywords)

    def __bool__(self) -> bool:
        for one in self.flat:
            bool(one)  # what is being recorded says that it has no number yet
        return super().__bool__()

    # Compared as numbers, NaN last: as objects, one NaN would leave the rest in any order.

    def argsort(self, *arguments: Any, **keywords: Any) -> Any:
        return numbers_of(self).argsort(*arguments, **keywords)

    def argmax(self, *arguments: Any, **keywords: Any) -> Any:
        return numbers_of(self).argmax(*arguments, **keywords)

    def argmin(self, *arguments: Any, **keywords: Any) -> Any:
        return numbers_of(self).argmin(*arguments, **keywords)

    def sort(self, axis: Any = -1, *arguments: Any, **keywords: Any) -> None:
        order = self.argsort(axis, *arguments, **keywords)
        self[...] = numpy.take_along_axis(_plain(self), order, axis)

    def partition(self, kth: Any, axis: Any = -1, *arguments: Any, **keywords: Any) -> None:
        self.sort(axis)  # which puts every one of them where it belongs


def called(ufunc: Any, method: str, inputs: tuple[Any, ...], keywords: dict[str, Any]) -> Any:
    """What a universal function of NumPy's gives where an operand is a Value or an array of them.

    What another library's arrays make of a Value is left to them.
    """
    of_values = OF_VALUES.get(ufunc)
    if of_values is not None and not keywords and method == "__call__":
        operands = []
        for given in inputs:
            of_value = type(given) is Value
            if not (of_value or isinstance(given, _SCALARS) or _is_number(given)):
                break
            operands.append(given if of_value else value_of(given))
        else:
            return _answer(of_values(*operands))
    if not all(map(_known, inputs)):
        return NotImplemented
    if "out" in keywords:
        keywords["out"] = tuple(map(_plain, keywords["out"]))
    if "where" in keywords:
        _choose_where(ufunc, method, keywords)
    written = inputs[:1] if method == "at" else keywords.get("out", ())
    _check_places(ufunc, written)
    compares = ufunc.__name__ in COMPARISONS and "out" not in keywords
    if compares and keywords.get("dtype") in (bool, numpy.bool_):
        del keywords["dtype"]
    by_element = compares or ufunc.__name__ in OURS or ufunc.__name__ in PAIRS
    function = getattr(ELEMENT_BY_ELEMENT[ufunc.__name__] if by_element else ufunc, method)
    with numpy.errstate(all="ignore"):  # arithmetic with Values is silent about infinities and NaN
        try:
            result = function(*map(_plain, map(_double, inputs)), **keywords)
        except TypeError as error:
            if (clear := refusal(ufunc, error)) is error:
                raise
            raise clear from error
    if ufunc.__name__ in ANSWERS or (compares and not _holds_values(result)):
        return numpy.asarray(result, dtype=bool)[()]
    return tuple(map(_kept, result)) if isinstance(result, tuple) else _kept(result)


def asked(function: Any, types: Any, arguments: Any, keywords: Any) -> Any:
    """What a function of NumPy's that asks its arguments gives where one of them holds Values.

    A Value among them is an array without axes. Of some, as of stack(x), NumPy asks each element of
    the array x, and not the array.
    """
    if not all(issubclass(one, Value | numpy.ndarray) for one in types):
        return NotImplemented
    arguments = _lifted(arguments)
    keywords = {name: _lifted(argument) for name, argument in keywords.items()}
    if function is numpy.where and len(arguments) == 3:
        condition = numpy.asarray(_plain(arguments[0]))
        if condition.dtype == object:  # of recorded comparisons
            return _kept(chosen(condition, *map(_plain, arguments[1:])))

    given = [*arguments, *keywords.values()]
    if function in WRITES and _holds_objects(given[1:]) and not _holds_objects(given[0]):
        raise no_place(function, given[0])
    # What asks by `like` alone may be its own implementation: it asks no argument again.
    numpys = getattr(function, "_implementation", function)
    ours = OF_ARRAYS.get(function)
    try:
        if function in BY_NUMBERS:
            named = {name: numbers_of(argument) for name, argument in keywords.items()}
            return function(*map(numbers_of, arguments), **named)
        if ours is not None:
            return _kept(ours(numpys, *arguments, **keywords))
        result = numpys(*arguments, **keywords)
    except (AttributeError, TypeError, ValueError) as error:
        if (clear := refusal(function, error)) is error:
            raise
        raise clear from error
    if is_lost(function, result) and _holds_objects(given):
        raise refused(function, "it converts them")
    return _kept(result)


def _lifted(given: Any) -> Any:
    """With arrays without axes for single Values, also in lists and tuples."""
    if type(given) is list or type(given) is tuple:
        return type(given)(map(_lifted, given))
    return _plain(given).view(ValueArray) if type(given) is Value else given


def _holds_objects(given: Any) -> bool:
    if isinstance(given, list | tuple):
        return any(map(_holds_objects, given))
    return isinstance(given, numpy.ndarray) and given.dtype == object and given.size > 0


def _choose_where(ufunc: Any, method: str, keywords: dict[str, Any]) -> None:
    """Put `where` among the keywords as NumPy's bools, and what a sum of nothing is beside it."""
    condition = _plain(keywords["where"])
    if type(condition) is numpy.ndarray and condition.dtype == object and _holds_values(condition):
        raise RecordingError(
            f"where= of numpy.{ufunc.__name__} takes bools, got comparisons that are being "
            "recorded, which have no truth now. Write numpy.where(condition, x, y), and what "
            "should count for the rest, 0 in a sum say, as y"
        )
    if method == "__call__" and condition is not True and "out" not in keywords:
        raise TypeError(
            f"where= of numpy.{ufunc.__name__} leaves the elements that it does not choose empty, "
            "unless out= has them. Write numpy.where(condition, x, y)"
        )
    keywords["where"] = condition
    if method == "reduce" and condition is not True and ufunc.__name__ in OF_NOTHING:
        given = keywords.get("initial", numpy._NoValue)
        keywords["initial"] = OF_NOTHING[ufunc.__name__] if given is numpy._NoValue else given


def _check_places(ufunc: Any, written: tuple[Any, ...]) -> None:
    """Refuse to write Values into arrays of floats; what is asked of them goes into any array."""
    asks = ufunc.__name__ in ANSWERS or ufunc.__name__ in COMPARISONS
    for place in written:
        if isinstance(place, numpy.ndarray) and place.dtype != object and not asks:
            raise no_place(ufunc, place)


def _known(operand: Any) -> bool:
    theirs = getattr(type(operand), "__array_ufunc__", None)
    known = (None, Value.__array_ufunc__, ValueArray.__array_ufunc__, numpy.ndarray.__array_ufunc__)
    return theirs in known or isinstance(operand, numpy.generic)


def _plain(operand: Any) -> Any:
    """An operand of which NumPy asks nobody."""
    if type(operand) is Value:
        return numpy.array(operand, dtype=object)
    return operand.view(numpy.ndarray) if isinstance(operand, ValueArray) else operand


def _answer(result: Any) -> Any:
    """A bool as NumPy's, of which ~ is the opposite and which has `all()`."""
    return numpy.bool_(result) if type(result) is bool else result


def _is_number(operand: Any) -> bool:
    """Whether it is an array of one number: as such NumPy's scalars come when they are compared."""
    return type(operand) is numpy.ndarray and operand.shape == () and operand.dtype.kind in "biuf"


def _double(operand: Any) -> Any:
    """Long doubles as doubles: of each of them beside a Value NumPy would ask again and again."""
    of_numpy = isinstance(operand, numpy.ndarray | numpy.generic)
    return operand.astype(float) if of_numpy and operand.dtype.char == "g" else operand


def _holds_values(result: Any) -> bool:
    return any(type(x) is Value for x in getattr(result, "flat", [result]))


def _kept(result: Any) -> Any:
    holds_values = type(result) is numpy.ndarray and result.dtype == object
    return result.view(ValueArray) if holds_values else result
