"""Programs for JAX: a function of one sample, for `jit`, `vmap`, `grad` and meshes of devices.

JAX is not needed to write it. What computes is arrays rather than numbers, so that XLA compiles a
network's program in seconds, where it would take minutes for as many scalars. It takes some 50 ms
an operation, and the description at the top of a file says how many there are: a program in which
nothing repeats, which is an operation for every few instructions, is better exported to C.
"""

from __future__ import annotations

from collections.abc import Mapping

from autograd_core.program.code.flat import Floats
from autograd_core.program.exports.arrays.array_module import exported
from autograd_core.program.exports.arrays.array_text import Library
from autograd_core.program.exports.exported import Exported
from autograd_core.program.signature.recorded import Recorded

__all__ = ["to_jax"]

JAX = Library("jax", "JAX", "jnp", batched=False, backwards=True, literals=True)
ADVICE = (
    "Of one sample: {call} takes many. JAX computes in float32 unless told otherwise: "
    'jax.config.update("jax_enable_x64", True) gives the digits of a replay, '
    "to a few units in the last place. On a CPU, XLA takes subnormal numbers for zeros."
)


def to_jax(
    recorded: Recorded,
    parameters: Floats,
    name: str = "function",
    spellings: Mapping[str, str] | None = None,
) -> Exported:
    """A program as the source of a JAX function `name(*arguments, parameters)` of one sample.

    Raises ValueError for a name that is none or taken, BackendError for a primitive of the user's
    own without a spelling, and TypeError for dictionaries whose keys a source cannot name.

    >>> from autograd_core import record
    >>> exported = record(lambda x: (x[0] * x[1]).exp(), [0.0, 0.0]).to_jax("area")
    >>> print(exported.source[exported.source.index("def ") :])
    def area(x):
        \"""a number of x.\"""
        x = jnp.asarray(x).reshape(2)
        v1 = x[0:1] * x[1:2]
        v2 = jnp.exp(v1)
        return v2[0]
    <BLANKLINE>
    """
    return exported(recorded, name, JAX, parameters, spellings, ADVICE)
