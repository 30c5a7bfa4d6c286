"""Every exception this package raises of its own, in one tree.

Wrong types and wrong values given to arithmetic are Python's own `TypeError` and `ValueError`, as
they are for floats; what only an autodiff engine can get wrong stands here.

    AutogradError
    ├── GraphError          the graph cannot do what was asked (also a RuntimeError)
    │   └── RecordingError  a recorded function asked for a number that only a replay has
    ├── GradientMismatch    analytical and numerical derivatives differ (also an AssertionError)
    │   └── GradientUndecided   no numerical derivative is good enough to tell
    ├── AnomalyError        an operation made a NaN or an infinity under `detect_anomaly()`
    │                       (also an ArithmeticError)
    ├── PrimitiveError      a user's own primitive is declared or used wrongly (also a TypeError)
    ├── ExpressionError     a text is not an expression the command line takes (also a ValueError)
    ├── ProgramError        a program's instructions or its JSON are not valid (also a ValueError)
    ├── BackendError        a back end cannot run a program, or is not installed (also a
    │                       RuntimeError)
    ├── DataError           a file does not hold the data or the model it should (also a ValueError)
    ├── TrainingError       the loss became NaN or infinite in training (also an ArithmeticError)
    └── RenderingError      a picture could not be made (also a RuntimeError)
        ├── GraphTooLarge     more values than a picture can show (also a ValueError)
        ├── ImageFileError    the image's file exists or cannot be written (also an OSError)
        ├── LayoutTimeout     the layout did not finish in time (also a TimeoutError)
        └── RendererNotFound  nothing on this machine makes the format asked for
"""

from __future__ import annotations

__all__ = [
    "AnomalyError",
    "AutogradError",
    "BackendError",
    "DataError",
    "ExpressionError",
    "GradientMismatch",
    "GradientUndecided",
    "GraphError",
    "GraphTooLarge",
    "ImageFileError",
    "LayoutTimeout",
    "PrimitiveError",
    "ProgramError",
    "RecordingError",
    "RendererNotFound",
    "RenderingError",
    "TrainingError",
]


class AutogradError(Exception):
    """The base of every exception defined by this package."""


class GraphError(AutogradError, RuntimeError):
    """The graph cannot do what was asked of it."""


class RecordingError(GraphError):
    """A recorded function asked for a number that only a replay will have."""


class GradientMismatch(AutogradError, AssertionError):
    """An analytical derivative differs from the numerical one by more than the tolerance."""


class GradientUndecided(GradientMismatch):
    """A derivative could not be checked: differences of doubles say too little there."""


class AnomalyError(AutogradError, ArithmeticError):
    """An operation produced a NaN or an infinity while `detect_anomaly()` was on."""


class PrimitiveError(AutogradError, TypeError):
    """A user's own primitive was declared or used in a way it cannot work."""


class ExpressionError(AutogradError, ValueError):
    """A text is not an expression this package takes."""


class ProgramError(AutogradError, ValueError):
    """A program is not valid: no program at all, or one of another version of this package."""


class BackendError(AutogradError, RuntimeError):
    """A back end cannot run this program, or is not installed."""


class DataError(AutogradError, ValueError):
    """A file does not hold the data or the model that it should."""


class TrainingError(AutogradError, ArithmeticError):
    """Training cannot go on: the loss became NaN or infinite."""


class RenderingError(AutogradError, RuntimeError):
    """A picture could not be made."""


class GraphTooLarge(RenderingError, ValueError):
    """A graph has more values than a picture can show."""


class ImageFileError(RenderingError, OSError):
    """An image's file exists already or cannot be written."""


class LayoutTimeout(RenderingError, TimeoutError):
    """The layout of a picture did not finish in time."""


class RendererNotFound(RenderingError):
    """Nothing on this machine makes a picture of the format asked for."""
