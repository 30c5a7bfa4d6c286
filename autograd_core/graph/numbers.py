"""What counts as a number: the float of anything that is one, and a clear refusal of what is not.

Python's and NumPy's real scalars are taken as float64: a whole number beyond it is infinite, as
1e999 is. Exact and decimal numbers are refused rather
than rounded in silence; complex numbers, text and containers have no float at all.
"""

from __future__ import annotations

import math
import sys
from math import isfinite as finite
from typing import Any

from autograd_core.given import got, shown

__all__ = [
    "comparable",
    "element",
    "finite",
    "foreign",
    "is_array",
    "label",
    "name_of_leaf",
    "real",
    "refusal",
    "shown",
    "truth",
]


_scalars: set[type] = set()
"""The types of NumPy's real scalars, as far as they were met."""


def foreign(other: Any, what: str = "Value arithmetic") -> float | None:
    """The float of a number that is no plain int or float; None for what is no number at all.

    None lets Python ask the other operand, so an ndarray may take a Value elementwise.
    """
    if isinstance(other, float):  # as arithmetic takes it, of NumPy or of a class of one's own
        return float.__float__(other)
    if isinstance(other, int):
        try:
            return int.__float__(other)
        except OverflowError:  # a whole number beyond the doubles: rounded as 1e999 is
            return math.inf if other > 0 else -math.inf
    if type(other) in _scalars:
        return float(other)
    scalar = isinstance(other, getattr(sys.modules.get("numpy"), "generic", ()))
    if scalar and other.dtype.kind in "biuf":
        _scalars.add(type(other))
        return float(other)
    if isinstance(other, complex) or is_exact(other):
        raise refusal(other, what)
    return None


def is_exact(other: Any) -> bool:
    """Whether it is a Fraction or a Decimal: where nobody has imported theirs yet, nothing is."""
    homes = (("fractions", "Fraction"), ("decimal", "Decimal"))
    return any(isinstance(other, getattr(sys.modules.get(home), name, ())) for home, name in homes)


def is_array(thing: Any) -> bool:
    """Whether it is a NumPy array: where nobody has imported NumPy yet, nothing is."""
    return isinstance(thing, getattr(sys.modules.get("numpy"), "ndarray", ()))


def element(result: Any) -> Any:
    """What an array without axes holds, as NumPy's sums of objects give one; others as they are."""
    return result.item() if is_array(result) and result.ndim == 0 else result


def truth(other: Any) -> float | None:
    """1.0 for true, 0.0 for false, Python's, NumPy's or whole numbers; None for what is neither."""
    number = other if isinstance(other, int) else None
    if type(other).__module__ == "numpy" and type(other).__name__ in ("bool", "bool_"):
        number = int(other)
    return float(number) if number in (0, 1) else None


def comparable(other: Any) -> bool:
    """Whether a number may equal it: any kind of number, or an array of NumPy's."""
    if isinstance(other, int | float | complex) or type(other).__module__ == "numpy":
        return True
    return is_exact(other)


def real(number: Any, what: str) -> float:
    """`number` as a float, or a TypeError that says what was received for `what`."""
    converted = foreign(number, what)
    if converted is None:
        raise refusal(number, what)
    return converted


def label(name: Any) -> str | None:
    """`name` as the name of a node: a string or None."""
    if name is None or type(name) is str:
        return name
    if isinstance(name, str):
        return str(name)
    raise TypeError(f"name must be a string or None, {got(name)}")


def name_of_leaf(name: Any, name_too: Any, operation: Any, unknown: dict[str, Any]) -> Any:
    """The name of a new leaf from all that was given besides its data; TypeError for other things.

    Lectures and what follows them write Value(data, (a, b), "+", label="c").
    """
    if (
        operation is not None
        or isinstance(name, tuple | list | set | frozenset)
        or "_children" in unknown
    ):
        raise TypeError(
            "Value(data, name) takes no children and no operation: arithmetic makes such nodes, as "
            "a + b does. Declare an operation of your own with @primitive and its partials"
        )
    for keyword in unknown:
        raise TypeError(
            f"Value() takes data and name (or label), got the keyword {keyword!r}"
            + _INSTEAD.get(keyword, "")
        )
    if name_too is None:
        return label(name)
    if name is not None:
        raise TypeError(f"name={name!r} and label={name_too!r} are one thing; give one of them")
    return label(name_too) or None


_INSTEAD = {
    "requires_grad": "; what no gradient should flow to is made with .detach()",
    "grad": "; set .grad of the Value",
    "children": "; arithmetic makes nodes that have parents",
    "parents": "; arithmetic makes nodes that have parents",
    "op": "; arithmetic makes nodes of an operation",
    "dtype": "; data is a double",
}


def refusal(other: Any, what: str) -> TypeError:
    """The error for what is no real number, with the remedy where there is one."""
    received = f"{what} takes real numbers and Values, {got(other)}"
    if is_exact(other):
        return TypeError(f"{received}; call float() on it to round it to a double")
    if type(other).__name__ == "Value":
        received = received.replace(" and Values", "", 1)
        return TypeError(f"{received}; use its .data, or the Value as it is")
    if hasattr(other, "__dataclass_fields__"):
        return TypeError(f"{received}; give its fields in a tuple or a dictionary")
    if type(other).__name__ == "MaskedConstant":  # its .item() is 0
        return TypeError(f"{received}, a number that a masked array hides; leave it out")
    if getattr(other, "shape", None) == () and hasattr(other, "item"):
        return TypeError(f"{received}; give its .item()")
    if hasattr(other, "__len__") and not isinstance(other, str):
        return TypeError(f"{received}; apply it to the elements one by one")
    return TypeError(received)
