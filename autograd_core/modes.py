"""Modes of a thread: computing without a graph, and looking for anomalies.

Both are context managers and decorators, nest, and hold in the thread that entered them only. What
they switch is `value.state`; `value` asks for it only while some thread is in some mode.
"""

from __future__ import annotations

import threading
from contextlib import ContextDecorator
from types import TracebackType

from autograd_core import value

__all__ = ["detect_anomaly", "graphs_built", "no_grad", "recording"]

_counting = threading.Lock()


class _Mode(ContextDecorator):
    """One attribute of the thread's state, set while the context lasts."""

    attribute: str
    setting: bool

    def __init__(self) -> None:
        self._before: list[bool] = []

    def __enter__(self) -> None:
        with _counting:
            value.enter_mode()
        self._before.append(getattr(value.state, self.attribute))
        setattr(value.state, self.attribute, self.setting)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        setattr(value.state, self.attribute, self._before.pop())
        with _counting:
            value.leave_mode()

    @classmethod
    def is_on(cls) -> bool:
        """Whether this thread is in the mode."""
        return bool(getattr(value.state, cls.attribute) == cls.setting)

    def _recreate_cm(self) -> _Mode:
        # As a decorator one object serves every call; a fresh one each keeps threads apart.
        return type(self)()


class no_grad(_Mode):
    """Compute without recording a graph: results are constants.

    >>> from autograd_core import Value, no_grad
    >>> x = Value(3.0)
    >>> with no_grad():
    ...     y = x * x
    >>> y.data, y.constant, y.parents
    (9.0, True, ())
    """

    attribute, setting = "builds_graph", False


class detect_anomaly(_Mode):
    """Raise AnomalyError at the first operation that makes a NaN or an infinity, in either pass.

    The error names the operation, its operands and the line of yours that asked for it. It is for
    finding a fault: every operation then looks up where it was called from.

    >>> from autograd_core import Value, detect_anomaly
    >>> x = Value(0.0)
    >>> with detect_anomaly():
    ...     y = x.log()
    Traceback (most recent call last):
    ...
    autograd_core.errors.AnomalyError: log(0.0) = -inf: the first operation of the forward pass ...
    """

    attribute, setting = "detects_anomalies", True


class recording(_Mode):
    """While a function is recorded: the numbers of what it reaches are not to be had."""

    attribute, setting = "records", True


class graphs_built(_Mode):
    """The opposite of `no_grad`: differentiation records a graph even where one is not wanted."""

    attribute, setting = "builds_graph", True
