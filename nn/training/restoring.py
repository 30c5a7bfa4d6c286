"""Giving things back what they held, where an interrupt may come between any two lines of Python.

In `finally`, the first call into C is made whole, whatever comes: so that is what `held` gives.
"""

from __future__ import annotations

import operator
import sys
from collections import deque
from collections.abc import Callable, Iterable
from functools import partial
from types import MemberDescriptorType
from typing import Any

__all__ = ["held"]


def held(things: Iterable[Any], attribute: str) -> Callable[[], object]:
    """A call, to be made once, that gives the things back the attribute that they have now.

    >>> from autograd_core import Value
    >>> x = Value(1.0)
    >>> give_back = held([x], "data")
    >>> try:
    ...     x.data = 2.0
    ... finally:
    ...     _ = give_back()
    >>> x.data
    1.0
    """
    those = list(things)
    before = [getattr(thing, attribute) for thing in those]
    setters = [_setter(thing, attribute) for thing in those]
    return partial(deque, map(operator.call, setters, before), 0)


def _setter(thing: Any, attribute: str) -> Callable[[Any], object]:
    """What sets it in C: uncompiled Values have a property in Python, with a slot behind it."""
    # Python keeps up to 4,096 names that were looked up, by identity: not a new one at each turn.
    slot = getattr(type(thing), sys.intern(f"_{attribute}"), None)
    if isinstance(slot, MemberDescriptorType):
        return partial(slot.__set__, thing)
    return partial(setattr, thing, attribute)
