"""A number format as a function: checked before anything is written with it."""

from __future__ import annotations

from collections.abc import Callable

from autograd_core.given import check_takes, got

__all__ = ["number_writer"]


def number_writer(number_format: str | Callable[[float], str]) -> Callable[[float], str]:
    """The function that writes a float by a format, by "r" for all its digits, or as it is given.

    Raises TypeError or ValueError for what cannot write a float.

    >>> number_writer(".3g")(1 / 3), number_writer("r")(2.0)
    ('0.333', '2.0')
    """
    if callable(number_format):
        check_takes(number_format, "the writer", "a float", what="number_format")
        return _checked(number_format)
    if not isinstance(number_format, str):
        raise TypeError(
            f"number_format must be a format such as '.6g' or a function, {got(number_format)}"
        )
    if number_format == "r":
        return repr
    try:
        format(0.5, number_format)
    except ValueError as error:
        raise ValueError(
            f"number_format={number_format!r} cannot write a float ({error}); expected a format "
            "such as '.6g', 'r' for every digit, or a function from float to str"
        ) from None
    return lambda number: format(number, number_format)


def _checked(number_format: Callable[[float], str]) -> Callable[[float], str]:
    def write(number: float) -> str:
        text = number_format(number)
        if not isinstance(text, str):
            raise TypeError(f"number_format({number!r}) must be a str, {got(text)}")
        return text

    return write
