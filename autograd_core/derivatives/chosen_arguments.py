"""Which arguments of a call are differentiated: by place or by name, one or a structure of them.

What is chosen is looked up anew in each call, for an argument may be given by its place in one and
by its name in the next. How it is differentiated is not known here.
"""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from autograd_core.given import checked_function, got, too_deep
from autograd_core.graph.numbers import is_array

__all__ = ["ChosenArguments"]


class ChosenArguments:
    """What `argnums`, or `wrt` in place of it, chooses among the arguments of a function.

    Raises TypeError for what is no place, no name and no structure of these, and for both at once;
    ValueError for an empty structure.
    """

    def __init__(self, function: Callable[..., Any], argnums: Any, wrt: Any) -> None:
        self._function = checked_function(function, "differentiation")
        if wrt is None:
            self._word, self._given = "argnums", argnums
            self._tree = _places(argnums)
        else:
            if not _is_default(argnums):
                raise TypeError(
                    f"argnums={argnums!r} and wrt={wrt!r} both say what to differentiate with "
                    "respect to; give one of them"
                )
            self._word, self._given = "wrt", wrt
            try:
                self._tree = _read(wrt)
            except RecursionError:
                raise too_deep("wrt") from None
        self._alone = not isinstance(self._tree, dict | list | tuple)
        self._asked = [self._tree] if self._alone else list(_leaves(self._tree))

    def among(self, arguments: Sequence[Any], keywords: dict[str, Any]) -> list[int | str]:
        """The places or names of what is chosen in a call.

        One that the call leaves out is put in with its default. Raises ValueError for one that is
        missing, unknown or chosen twice.
        """
        count = len(arguments)
        found = [
            one % count
            if type(one) is int and -count <= one < count
            else self._named(one, count, keywords)
            for one in self._asked
        ]
        if len(found) > 1 and len(set(found)) < len(found):
            raise ValueError(
                f"{self._word} {self._given!r} names one of {count} positional arguments twice; "
                "name each once"
            )
        return found

    def together(self, parts: Sequence[Any]) -> Any:
        """What belongs to each of what is chosen, in the structure of the choice."""
        if self._alone:
            return parts[0]
        return _filled(self._tree, iter(parts))

    def _named(self, one: int | str, count: int, keywords: dict[str, Any]) -> int | str:
        if type(one) is int:
            raise ValueError(
                f"{self._word} {self._given!r} does not fit a call with {count} positional "
                "arguments"
            )
        assert isinstance(one, str)  # `_read` has seen to it
        if one in keywords:
            return one
        parameters = _parameters(self._function)
        for place, parameter in enumerate(parameters.values()):
            if parameter.kind in (parameter.VAR_POSITIONAL, parameter.KEYWORD_ONLY):
                break
            if parameter.name == one and place < count:
                return place
        known = parameters.get(one)
        if known is None or known.kind in (known.VAR_POSITIONAL, known.VAR_KEYWORD):
            names = ", ".join(parameters) or "none that is known"
            raise ValueError(
                f"wrt={one!r} is no argument of the function (its arguments: {names}); give one of "
                "their names or places"
            )
        if known.default is known.empty or known.kind is known.POSITIONAL_ONLY:
            raise ValueError(f"wrt={one!r} is not given in this call: give the argument a number")
        keywords[one] = known.default
        return one


def _parameters(function: Callable[..., Any]) -> Mapping[str, inspect.Parameter]:
    try:
        return inspect.signature(function).parameters
    except (TypeError, ValueError):  # compiled functions that do not tell
        return {}


def _is_default(argnums: Any) -> bool:
    return type(argnums) is int and argnums == 0


def _places(argnums: Any) -> Any:
    """`argnums` as a place, or a tuple of places."""
    try:
        return _place(argnums)
    except TypeError:
        pass
    if isinstance(argnums, Sequence) or is_array(argnums):
        try:
            return tuple(map(_place, argnums))
        except TypeError:
            pass
    raise TypeError(
        f"argnums must be a position or a sequence of positions, {got(argnums)}; give an int or a "
        "tuple of ints"
    )


def _place(one: Any) -> int:
    # Old versions of NumPy let their bools pass for places.
    if isinstance(one, bool) or getattr(one, "dtype", None) == "bool":
        raise TypeError
    return operator.index(one)


def _read(wrt: Any) -> Any:
    """`wrt` as a place, a name, or a tuple, list or dictionary of these."""
    if isinstance(wrt, str):
        return str(wrt)
    if is_array(wrt) and wrt.ndim:
        wrt = wrt.tolist()
    if isinstance(wrt, dict | list | tuple):
        if not wrt:
            raise ValueError(
                f"wrt={wrt!r} is empty: there is nothing to differentiate with respect to; give an "
                "argument's place or name, or a structure of these"
            )
        if isinstance(wrt, dict):
            return {key: _read(one) for key, one in wrt.items()}
        read = list(map(_read, wrt))
        if isinstance(wrt, list):
            return read
        return wrt._make(read) if hasattr(wrt, "_make") else tuple(read)
    try:
        return _place(wrt)
    except TypeError:
        raise TypeError(
            f"wrt={wrt!r} of type {type(wrt).__name__} says nothing to differentiate with respect "
            "to; give an argument's place or name, or a tuple, list or dictionary of these"
        ) from None


def _leaves(tree: Any) -> Iterator[int | str]:
    if isinstance(tree, dict | list | tuple):
        for one in tree.values() if isinstance(tree, dict) else tree:
            yield from _leaves(one)
    else:
        yield tree


def _filled(tree: Any, parts: Iterator[Any]) -> Any:
    if isinstance(tree, dict):
        return {key: _filled(one, parts) for key, one in tree.items()}
    if not isinstance(tree, list | tuple):
        return next(parts)
    filled = [_filled(one, parts) for one in tree]
    if isinstance(tree, list):
        return filled
    return tree._make(filled) if hasattr(tree, "_make") else tuple(filled)
