"""Arguments of a call that are given by name, put in their places; and what is said of a wrong lot.

The names are the recorded function's own. A default of it is none of the program's: it went into
the recording.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from autograd_core.graph.numbers import shown

__all__ = ["OPTIONS", "in_places", "listed", "wrong_count"]

OPTIONS = ("mean", "parameters", "reduce", "seed", "sum", "wrt")
"""The calls' own names: an argument that is called so is given by its place."""


def in_places(
    names: Sequence[str], given: Sequence[Any], named: Mapping[str, Any]
) -> tuple[Any, ...]:
    """All arguments of a call in order.

    Raises TypeError for a name that the program does not have, or has twice, for an argument that
    is given twice, and for one that is not given.

    >>> in_places(("spot", "rate", "vol"), (100.0,), {"vol": 0.2, "rate": 0.01})
    (100.0, 0.01, 0.2)
    """
    rest = names[len(given) :]
    asked = named.keys()
    fits = len(rest) == len(named) and asked == {*rest} and asked.isdisjoint(names[: len(given)])
    if not fits:
        raise _misfit(names, given, named)
    return (*given, *(named[name] for name in rest))


def _misfit(names: Sequence[str], given: Sequence[Any], named: Mapping[str, Any]) -> TypeError:
    found = set(range(len(given)))
    for name, argument in named.items():
        places = [place for place, own in enumerate(names) if own == name]
        if not places:
            return TypeError(
                f"{name}={shown(argument)} names no argument of the program, which takes "
                f"{listed(names) or 'none'}, and no option of this call; give what record() was "
                "given examples of"
            )
        if len(places) > 1:
            return TypeError(
                f"{name}={shown(argument)} names {len(places)} arguments of the program, which "
                f"takes {listed(names)}; give these by their places"
            )
        if places[0] in found:
            return TypeError(
                f"{name} is given twice, {shown(given[places[0]])} by its place and "
                f"{shown(argument)} by its name; give it once"
            )
        found.add(places[0])
    return wrong_count(names, found)


def wrong_count(names: Sequence[str], given: Collection[int]) -> TypeError:
    """What to raise where arguments are given for these places, and not for each once."""
    count = f"{len(names)} argument{'' if len(names) == 1 else 's'}"
    message = f"the program takes {count} ({listed(names) or 'none'}), got {len(given)}"
    missing = [name for place, name in enumerate(names) if place not in given]
    if missing:
        message += f": {listed(missing)} {'is' if len(missing) == 1 else 'are'} missing"
    if not set(OPTIONS).isdisjoint(missing):
        message += "; an argument called like an option of the call is given by its place"
    return TypeError(message)


def listed(names: Iterable[str]) -> str:
    """Names one after another; eight of many."""
    first = list(islice(names, 9))
    return ", ".join(first[:8]) + (", ..." if len(first) > 8 else "")
