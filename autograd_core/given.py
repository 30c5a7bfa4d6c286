"""What a user gives for an option is checked once, here, with one way to say what is wrong.

Every refusal says what was received, its value and its type, and what is taken instead. What a
number, a leaf or a name of a node is stands in `graph.numbers`; what only networks are asked for in
`nn.options`.
"""

from __future__ import annotations

import math
import operator
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from inspect import Signature
    from pathlib import Path

__all__ = [
    "check_takes",
    "checked_function",
    "checked_limit",
    "choice",
    "explain_call",
    "file_path",
    "flag",
    "got",
    "listed",
    "misfit",
    "name_of",
    "not_entered",
    "real",
    "shown",
    "too_deep",
    "whole",
]


def shown(thing: Any) -> str:
    """What an error shows of anything: its text in one line, cut where it is long."""
    try:
        text = " ".join(map(str.strip, repr(thing).splitlines()))
    except RecursionError:  # what holds itself, or is nested too deeply
        text = f"<{type(thing).__name__} too deep to be shown>"
    except Exception:  # its own, which must not stand in the place of what is told
        text = f"<{type(thing).__name__} that cannot be shown>"
    return text if len(text) <= 60 else f"{text[:57]}..."


def got(thing: Any) -> str:
    """What was received, in a refusal.

    >>> got(3)
    'got 3 of type int'
    """
    return f"got {shown(thing)} of type {type(thing).__name__}"


def too_deep(what: str) -> ValueError:
    """The error for a structure that is nested more deeply than Python goes."""
    return ValueError(
        f"{what}: lists in lists, to more levels than Python goes ({sys.getrecursionlimit():,} "
        "calls in one another): give the numbers in flatter lists, or in an array"
    )


def flag(given: Any, name: str) -> bool:
    """True or False.

    Raises TypeError for anything else: a number in its place is a number for another argument.
    """
    if not isinstance(given, bool):
        raise TypeError(f"{name} must be True or False, {got(given)}")
    return given


def choice(given: Any, name: str, choices: Iterable[str]) -> str:
    """One of the words.

    Raises ValueError for anything else.

    >>> choice("light", "theme", ["light", "dark"])
    'light'
    """
    if not isinstance(given, str) or given not in choices:
        kind = "" if isinstance(given, str) else f", not a {type(given).__name__}"
        raise ValueError(
            f"{name}={shown(given)} is unknown; expected one of {', '.join(choices)}{kind}"
        )
    return given


def checked_function(given: Any, asked: str, *arguments: str) -> Callable[..., Any]:
    """Something to call, with so many arguments if they are told.

    Raises TypeError for anything else; `asked` is who takes it.

    >>> checked_function(abs, "tangent()", "x")(-3.0)
    3.0
    """
    if not callable(given):
        raise TypeError(f"{asked} takes a function first, {got(given)}")
    if arguments:
        check_takes(given, asked, *arguments)
    return given  # type: ignore[no-any-return]


def check_takes(
    function: Callable[..., Any], asked: str, *arguments: str, what: str = "the function"
) -> None:
    """Refuse now a function that could not be called with these arguments, or with none.

    Raises TypeError; `asked` is who calls it, and `what` is what it is to them.
    """
    found = misfit(function, arguments)
    if found is not None:
        taken, error = found
        name = name_of(function)
        first, last = ", ".join(arguments[:-1]), arguments[-1] if arguments else "no arguments"
        wanted = f"{first} and {last}" if first else last
        rows = arguments == ("a list of Values",) and taken.parameters
        raise TypeError(
            f"{asked} calls {what} with {wanted}, but {name}{taken} takes other arguments "
            f"({error}): give "
            + (f"lambda p: {name}(*p)" if rows else f"a function of {wanted}, and of nothing else")
        )


def name_of(function: Any) -> str:
    """What an error calls a function."""
    name = getattr(function, "__name__", None) or getattr(function, "name", None)
    return name if isinstance(name, str) else "the function"


def misfit(
    function: Callable[..., Any],
    arguments: Iterable[Any],
    keywords: Mapping[str, Any] | None = None,
    *,
    follow_wrapped: bool = False,
) -> tuple[Signature, TypeError] | None:
    """What a function takes, and why these arguments are not that; None if it may take them.

    A wrapper need not take what the function in it does: that counts if `follow_wrapped`.
    """
    import inspect  # a Value is made without it

    try:
        taken = inspect.signature(function, follow_wrapped=follow_wrapped)
    except (TypeError, ValueError):  # some functions written in C do not say what they take
        return None
    try:
        taken.bind(*arguments, **(keywords or {}))
    except TypeError as error:
        return taken, error
    return None


def not_entered(error: TypeError) -> bool:
    """Whether a call failed before the function began; to be asked where the call was caught."""
    return error.__traceback__ is None or error.__traceback__.tb_next is None


def explain_call(
    error: TypeError,
    function: Callable[..., Any],
    arguments: Sequence[Any],
    keywords: Mapping[str, Any] | None = None,
) -> None:
    """Raise the error anew, in clearer words, if the function could not even be entered.

    What is raised in the function is left alone. To be called where the call was caught.
    """
    found = misfit(function, arguments, keywords) if not_entered(error) else None
    if found is not None:
        taken, reason = found
        count = len(arguments)
        named = f" and {', '.join(keywords)} by name" if keywords else ""
        raise TypeError(
            f"{name_of(function)}{taken} was called with {count} argument{'s' * (count != 1)} by "
            f"place{named}: {reason}; give what the function takes"
        ) from None


def listed(given: Any, name: str, of: str = "a list") -> list[Any]:
    """The things in order.

    Raises TypeError for what has no order, and for one thing; a text is one thing.

    >>> listed((1.0, 2.0), "steps")
    [1.0, 2.0]
    """
    if isinstance(given, str | bytes | Mapping | Set) or not isinstance(given, Iterable):
        raise TypeError(f"{name} must be {of}, {got(given)}")
    return list(given)


def checked_limit(number: Any, name: str, least: int = 1) -> int | None:
    """How many at most, or None for all.

    Raises TypeError for what is no int, ValueError for one that is too small.

    >>> checked_limit(40, "max_lines"), checked_limit(None, "max_lines")
    (40, None)
    """
    if number is None or (type(number) is int and number >= least):
        return number
    kind = ValueError if type(number) is int else TypeError
    raise kind(f"{name} must be a whole number from {least} up, or None, {got(number)}")


def file_path(given: Any, name: str = "path") -> Path:
    """A file's place.

    Raises TypeError for what is no text and no path, ValueError for what no system takes.
    """
    try:
        place = os.fspath(given)
    except TypeError:
        place = None
    if not isinstance(place, str):
        raise TypeError(f"{name} must be the name of a file, {got(given)}: give a str or a Path")
    if "\0" in place:
        raise ValueError(f"{name} must be the name of a file, which has no \\0 in it, {got(given)}")
    from pathlib import Path  # a Value is made without it

    return Path(place)


def whole(number: Any, name: str, least: int = 1, most: float = math.inf) -> int:
    """A whole number of at least so many, and at most.

    Raises TypeError for what is no int, ValueError for one that is out of range.

    >>> whole(3, "epochs")
    3
    """
    try:
        value = int(operator.index(number))  # of True the index is True
    except TypeError:
        raise TypeError(f"{name} must be an int, {got(number)}") from None
    if value < least:
        raise ValueError(f"{name} must be at least {least}, got {number!r}")
    if value > most:
        raise ValueError(f"{name} must be at most {most:,}, got {shown(number)}")
    return value


def real(
    number: Any,
    name: str,
    *,
    least: float = -math.inf,
    above: float = -math.inf,
    most: float = math.inf,
    below: float = math.inf,
) -> float:
    """A finite number within bounds, of which `least` and `most` belong to the range.

    Raises TypeError for what is no number, ValueError for one that is out of range.

    >>> real(1, "learning_rate", above=0)
    1.0
    """
    from numbers import Real  # a Value is made without it

    if not isinstance(number, Real):
        raise TypeError(f"{name} must be a number, {got(number)}")
    try:
        value = float(number)
    except OverflowError:  # a whole number beyond the doubles
        value = math.inf
    if math.isfinite(value) and least <= value <= most and above < value < below:
        return value
    bounds = [("at least", least), ("above", above), ("at most", most), ("below", below)]
    said = " and ".join(f"{words} {bound:g}" for words, bound in bounds if math.isfinite(bound))
    raise ValueError(f"{name} must be a finite number{said and ', '}{said}, got {shown(number)}")
