"""Programs for PyTorch: a function of tensors, of any number of samples along the leading axes."""

from __future__ import annotations

from collections.abc import Mapping

from autograd_core.program.code.flat import Floats
from autograd_core.program.exports.arrays.array_module import exported
from autograd_core.program.exports.arrays.array_text import Library
from autograd_core.program.exports.exported import Exported
from autograd_core.program.signature.recorded import Recorded

__all__ = ["to_torch"]

TORCH = Library("torch", "PyTorch", "torch", batched=True, backwards=False, literals=False)
ADVICE = (
    "Of tensors, which may have further axes in front of a sample's own, over which the samples "
    "run; they broadcast, and the results have them too. With float64 tensors the results are "
    "those of a replay to a few units in the last place."
)


def to_torch(
    recorded: Recorded,
    parameters: Floats,
    name: str = "function",
    spellings: Mapping[str, str] | None = None,
) -> Exported:
    """A program as the source of a function `name(*arguments, parameters)` of tensors.

    Raises ValueError for a name that is none or taken, BackendError for a primitive of the user's
    own without a spelling, and TypeError for dictionaries whose keys a source cannot name.

    >>> from autograd_core import record
    >>> exported = record(lambda x: x.exp() + 1.0, 0.0).to_torch("area")
    >>> "torch.exp(x)" in exported.source
    True
    """
    return exported(recorded, name, TORCH, parameters, spellings, ADVICE)
