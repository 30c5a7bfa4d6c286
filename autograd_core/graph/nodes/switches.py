"""What is on in a thread or task: whether graphs are built, anomalies looked for, things recorded.

A mode is entered by a `Switch`, which its context's variable then holds. This module owns the
switches and says what they set; `modes` enters and leaves them. It knows no node.
"""

from __future__ import annotations

import weakref
from contextvars import ContextVar
from types import FunctionType
from typing import Any

__all__ = [
    "Switch",
    "builds_graph",
    "detects_anomalies",
    "innermost",
    "records",
    "switched",
]

# How many switches there are that operators ask for, in all threads: while 0, none of them asks.
modes_on: Any = 0


class Switch:
    """One entering of a mode: what it sets, and which was entered before it.

    It is on from when it has begun until it is left, and has left its context's variable then.
    Where an interrupt keeps that from happening, `kept` is gone: what holds the way out, and
    nothing else holds that. A task that was started meanwhile has a copy of the context, and stays
    in the mode.
    """

    __slots__ = ("__weakref__", "begun", "counted", "kept", "outer", "setting", "settled")

    def __init__(self, setting: bool, outer: Switch | None, counted: bool) -> None:
        global modes_on
        self.setting = setting
        self.outer = outer
        self.kept: Any = nothing
        self.begun = False
        self.settled = False
        if not counted:
            return
        self.counted = True
        if _STARTS_EMPTY:
            # Freeing a plain object runs no line that could count; the call into C below is one.
            modes_on.add(weakref.ref(self, modes_on.discard))
        else:
            modes_on += 1

    def __dealloc__(self) -> None:
        global modes_on
        if self.counted:
            modes_on -= 1


def nothing() -> None:
    """What a weak reference says that has lost its object."""


# The innermost switch of each kind, in every thread and task its own. What is recorded has its
# number at replay only, and so has whatever is reached while a function is recorded.
builds_graph: ContextVar[Switch | None] = ContextVar("builds_graph", default=None)
detects_anomalies: ContextVar[Switch | None] = ContextVar("detects_anomalies", default=None)
records: ContextVar[Switch | None] = ContextVar("records", default=None)


def innermost(variable: ContextVar[Switch | None]) -> Switch | None:
    """The innermost switch that has not been left; those left by an interrupt are put away."""
    first = variable.get()
    switch = first
    while switch is not None and not switch.settled and switch.kept() is None:
        switch = switch.outer
    if switch is not first:
        variable.set(switch)
    return switch


def switched(variable: ContextVar[Switch | None], usual: bool) -> bool:
    """What the modes of this thread or task set, or else what is usual."""
    switch = innermost(variable)
    while switch is not None and not switch.begun:
        switch = switch.outer
    return usual if switch is None else switch.setting


_STARTS_EMPTY = isinstance(innermost, FunctionType)  # plain Python
if _STARTS_EMPTY:
    modes_on = set()  # of weak references to the switches
