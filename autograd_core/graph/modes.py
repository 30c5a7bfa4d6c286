"""Modes of a thread or task: computing without a graph, looking for anomalies, recording.

All are context managers and nest; what they switch are the variables of `nodes.switches`, of which
every thread and every asyncio task has its own. An interrupt may hit between any two lines of
Python, so taking a mode is one assignment, and giving it back does not depend on the line that does
it: a mode is on while its `with` statement holds the way out (`Switch`).
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from contextvars import ContextVar, Token
from functools import partial
from typing import Any, TypeVar, overload

from autograd_core.graph.nodes import switches
from autograd_core.graph.nodes.switches import Switch

__all__ = [
    "Entrance",
    "Mode",
    "detect_anomaly",
    "differentiates",
    "differentiating",
    "graphs_built",
    "no_grad",
    "recording",
]

Called = TypeVar("Called", bound=Callable[..., Any])
Variable = ContextVar[Switch | None]

differentiates: Variable = ContextVar("differentiates", default=None)
"""Whether a function is being differentiated: no operator asks."""


_here: ContextVar[None] = ContextVar("here")
"""Set for the token alone, which tells in which context that was."""


class _WayOut:
    """`__exit__`: for every `with` statement a callable of its own, which only that one holds.

    `with` asks for it before it calls `__enter__`, and drops it however the block ends. Asked for
    by hand, it finds on being called that nothing has begun, and leaves what was entered by hand.
    """

    @overload
    def __get__(self, mode: None, owner: type[Mode]) -> Callable[..., None]: ...
    @overload
    def __get__(self, mode: Mode, owner: type[Mode]) -> partial[None]: ...
    def __get__(self, mode: Mode | None, owner: type[Mode]) -> Callable[..., None]:
        if mode is None:  # ExitStack asks the class
            return lambda mode, *error: mode.__exit__(*error)
        switch = Switch(mode.setting, switches.innermost(mode.variable), mode.counted)
        way_out = partial(mode.leave, switch, _here.set(None))
        switch.kept = weakref.ref(way_out)
        mode.variable.set(switch)
        return way_out


class Mode:
    """A context manager that sets a variable, and a decorator of functions of every kind."""

    def __init__(self, variable: Variable, setting: bool) -> None:
        self.variable = variable
        self.setting = setting
        self.counted = variable is not differentiates
        self._by_hand: list[tuple[Switch, Token[None]]] = []

    def __enter__(self) -> None:
        switch = switches.innermost(self.variable)
        if switch is None or switch.begun:  # called by hand: no `with` has asked for the way out
            switch = Switch(self.setting, switch, self.counted)
            switch.settled = True
            self._by_hand.append((switch, _here.set(None)))
            self.variable.set(switch)
        switch.begun = True

    __exit__ = _WayOut()

    def leave(self, switch: Switch, where: Token[None], *error: object) -> None:
        """Put the switch away where it was entered; copies of that context keep it."""
        if not switch.begun:  # called by hand
            self._put_away(switch)
            if not self._by_hand:
                raise RuntimeError("this mode is left more often than it was entered")
            switch, where = self._by_hand.pop()
        try:
            _here.reset(where)
        except ValueError:  # left elsewhere, as a generator can be: off, wherever it is
            switch.begun = switch.settled = False
        else:
            self._put_away(switch)
            switch.settled = True

    def _put_away(self, switch: Switch) -> None:
        inner = self.variable.get()
        if inner is switch:
            self.variable.set(switch.outer)
            return
        while inner is not None and inner.outer is not switch:
            inner = inner.outer
        if inner is not None:
            inner.outer = switch.outer

    def __call__(self, function: Called) -> Called:
        """The function, which runs in the mode."""
        from autograd_core.graph.decorating import (
            within,  # only now: to look at functions takes a while
        )

        decorated: Called = within(self, function)
        return decorated


class Entrance:
    """What gives the context managers of one kind, or decorates what it is called with."""

    def __init__(self, variable: Variable, setting: bool, documentation: str) -> None:
        self._variable = variable
        self._setting = setting
        self.__doc__ = documentation

    @overload
    def __call__(self) -> Mode: ...
    @overload
    def __call__(self, function: Called) -> Called: ...
    def __call__(self, function: Any = _here) -> Any:
        mode = Mode(self._variable, self._setting)
        return mode if function is _here else mode(function)

    def is_on(self) -> bool:
        """Whether this thread or task is in such a mode."""
        return switches.switched(self._variable, not self._setting) == self._setting


no_grad = Entrance(
    switches.builds_graph,
    False,
    """Compute without recording a graph: results are constants.

    A context manager and, with parentheses or without, a decorator: of functions, and of
    generators and coroutines, which are in the mode while they run and not while they wait.

    >>> from autograd_core import Value, no_grad
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.data, y.constant, y.parents
    (9.0, True, ())
    """,
)

detect_anomaly = Entrance(
    switches.detects_anomalies,
    True,
    """Raise AnomalyError at the first operation that makes a NaN or an infinity, in either pass.

    The error names the operation, its operands and the line of yours that asked for it. It is for
    finding a fault: every operation then looks up where it was called from. What is recorded has no
    numbers yet and a replay no operations, so neither is looked at. A context manager and a
    decorator, as `no_grad` is.

    >>> from autograd_core import Value, detect_anomaly
    >>> x = Value(0.0)
    >>> with detect_anomaly():
    ...     y = x.log()
    Traceback (most recent call last):
    ...
    autograd_core.errors.AnomalyError: log(0.0) = -inf: the first operation of the forward pass ...
    """,
)

# Examples in the documentation of an object are not found by themselves.
__test__ = {"no_grad": no_grad.__doc__, "detect_anomaly": detect_anomaly.__doc__}


def recording() -> Mode:
    """While a function is recorded: the numbers of what it reaches are not to be had."""
    return Mode(switches.records, True)


def graphs_built() -> Mode:
    """The opposite of `no_grad`: differentiation records a graph even where one is not wanted."""
    return Mode(switches.builds_graph, True)


def differentiating() -> Mode:
    """While a function is differentiated: derivatives within it are wanted as Values."""
    return Mode(differentiates, True)
