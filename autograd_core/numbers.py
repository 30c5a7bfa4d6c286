"""What counts as a number: the float of anything that is one, and a clear refusal of what is not.

Python's and NumPy's real scalars are taken as float64. Exact and decimal numbers are refused rather
than rounded in silence; complex numbers, text and containers have no float at all.
"""

from __future__ import annotations

from dataclasses import is_dataclass
from decimal import Decimal
from fractions import Fraction
from math import isfinite as finite
from typing import Any

__all__ = ["comparable", "finite", "foreign", "label", "real", "refusal", "truth"]


def foreign(other: Any) -> float | None:
    """The float of a number that is no plain int or float; None for what is no number at all.

    None lets Python ask the other operand, so an ndarray may take a Value elementwise.
    """
    if isinstance(other, int | float):
        return float(other)
    scalar = type(other).__module__ == "numpy" and not hasattr(other, "__array_function__")
    if scalar and getattr(other, "shape", None) == () and other.dtype.kind in "biuf":
        return float(other)
    if isinstance(other, Fraction | Decimal | complex):
        raise refusal(other, "Value arithmetic")
    return None


def truth(other: Any) -> float | None:
    """1.0 for true, 0.0 for false, Python's, NumPy's or whole numbers; None for what is neither."""
    number = other if isinstance(other, int) else None
    if type(other).__module__ == "numpy" and type(other).__name__ in ("bool", "bool_"):
        number = int(other)
    return float(number) if number in (0, 1) else None


def comparable(other: Any) -> bool:
    """Whether a number may equal it: any kind of number, or an array of NumPy's."""
    return isinstance(other, int | float | complex | Fraction | Decimal) or (
        type(other).__module__ == "numpy"
    )


def real(number: Any, what: str) -> float:
    """`number` as a float, or a TypeError that says what was received for `what`."""
    converted = foreign(number)
    if converted is None:
        raise refusal(number, what)
    return converted


def label(name: Any) -> str | None:
    """`name` as the name of a node: a string or None."""
    if name is None or type(name) is str:
        return name
    if isinstance(name, str):
        return str(name)
    raise TypeError(f"name must be a string or None, got {_shown(name)}")


def refusal(other: Any, what: str) -> TypeError:
    """The error for what is no real number, with the remedy where there is one."""
    received = f"{what} takes real numbers and Values, got {_shown(other)}"
    if isinstance(other, Fraction | Decimal):
        return TypeError(f"{received}; call float() on it to round it to a double")
    if type(other).__name__ == "Value":
        return TypeError(f"{received}; use its .data, or the Value as it is")
    if is_dataclass(other):
        return TypeError(f"{received}; give its fields in a tuple or a dictionary")
    if hasattr(other, "__len__") and not isinstance(other, str):
        return TypeError(f"{received}; apply it to the elements one by one")
    return TypeError(received)


def _shown(thing: Any) -> str:
    text = repr(thing)
    shortened = text if len(text) <= 60 else text[:57] + "..."
    return f"{shortened} of type {type(thing).__name__}"
