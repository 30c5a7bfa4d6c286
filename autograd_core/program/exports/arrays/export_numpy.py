"""Programs for NumPy: a function of any number of samples, along the leading axes."""

from __future__ import annotations

from collections.abc import Mapping

from autograd_core.program.code.flat import Floats
from autograd_core.program.exports.arrays.array_module import exported
from autograd_core.program.exports.arrays.array_text import Library
from autograd_core.program.exports.exported import Exported
from autograd_core.program.signature.recorded import Recorded

__all__ = ["to_numpy"]

NUMPY = Library("numpy", "NumPy", "numpy", batched=True, backwards=True, literals=True)
ADVICE = (
    "The arguments may have further axes in front of a sample's own, over which the samples run; "
    "they broadcast, and the results have them too. The results are those of a replay to a few "
    "units in the last place: sums are NumPy's."
)


def to_numpy(
    recorded: Recorded,
    parameters: Floats,
    name: str = "function",
    spellings: Mapping[str, str] | None = None,
) -> Exported:
    """A program as the source of a NumPy function `name(*arguments, parameters)` of any samples.

    Raises ValueError for a name that is none or taken, BackendError for a primitive of the user's
    own without a spelling, and TypeError for dictionaries whose keys a source cannot name.

    >>> from autograd_core import record
    >>> program = record(lambda x: (x[0] * x[1]).exp(), [0.0, 0.0])
    >>> area = program.to_numpy("area")
    >>> area([[0.0, 5.0], [1.0, 0.0]]).tolist()
    [1.0, 1.0]
    """
    return exported(recorded, name, NUMPY, parameters, spellings, ADVICE)
