"""The libraries that arrays are written for: a row says all that differs between them.

How a library is called and imported, where the samples' axes stand, how parts are joined, which
functions and expressions are its own. To export to another one, add its row to `LIBRARIES` and a
door to `described`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from autograd_core.program.exports.arrays.array_axes import AXES
from autograd_core.program.exports.arrays.library_functions import OF_THE_LIBRARY

__all__ = ["JAX", "LIBRARIES", "NUMPY", "TORCH", "Library"]


@dataclass(frozen=True, eq=False)
class Library:
    """What differs between the libraries that arrays are written for."""

    name: str
    """As it is installed."""
    title: str
    prefix: str
    batched: bool
    """Whether arrays that depend on the arguments may have the samples' axes in front."""
    backwards: bool
    """Whether a slice may go backwards."""
    literals: bool
    """Whether functions take plain numbers."""
    decorator: str
    """What stands above the function."""
    constants: str
    """The array `CONSTANTS` in the library's own kind, like the array `{like}`."""
    indices: str
    """An array of indices, `{text}`, in the library's own kind."""
    joined: str
    """Arrays one after another, `{parts}`, along the last axis, the first but `{axis}`."""
    functions: str
    """The source of the functions that are its own."""
    spellings: Mapping[str, str]
    """The rows whose expression is its own."""
    advice: str
    """How to call the function, for the file's description; `{call}` is a call of many samples."""


NUMPY = Library(
    name="numpy",
    title="NumPy",
    prefix="numpy",
    batched=True,
    backwards=True,
    literals=True,
    decorator='@numpy.errstate(all="ignore")\n',
    constants="CONSTANTS",
    indices="{text}",
    joined="numpy.concatenate([{parts}], axis={axis})",
    functions=f"{AXES['numpy']}\n\n{OF_THE_LIBRARY['numpy']}",
    spellings={"cbrt": "np.cbrt({x})", "hypot": "np.hypot({x}, {y})", "held": "{x}"},
    advice=(
        "The arguments may have further axes in front of a sample's own, over which the samples "
        "run; they broadcast, and the results have them too. The results are those of a replay to "
        "a few units in the last place: sums are NumPy's."
    ),
)
JAX = Library(
    name="jax",
    title="JAX",
    prefix="jnp",
    batched=False,
    backwards=True,
    literals=True,
    decorator="",
    constants="jnp.asarray(CONSTANTS, dtype={like}.dtype)",
    indices="{text}",
    joined="jnp.concatenate([{parts}], axis={axis})",
    functions=f"{AXES['jax']}\n\n{OF_THE_LIBRARY['jax']}",
    spellings={
        "abs": "np.sign({x}) * {x}",  # JAX's own has the slope 1 at 0
        "cbrt": "np.cbrt({x})",
        "sigmoid": "jax.nn.sigmoid({x})",
        "erf": "jax.lax.erf({x})",
        "cosh": "0.5 * (jnp.exp({x}) + jnp.exp(-{x}))",
        "atanh": "0.5 * (log1p({x}) - log1p(-{x}))",
        "held": "jax.lax.stop_gradient({x})",
    },
    advice=(
        "Of one sample: {call} takes many. JAX computes in float32 unless told otherwise: "
        'jax.config.update("jax_enable_x64", True) gives the digits of a replay, '
        "to a few units in the last place. On a CPU, XLA takes subnormal numbers for zeros."
    ),
)
TORCH = Library(
    name="torch",
    title="PyTorch",
    prefix="torch",
    batched=True,
    backwards=False,
    literals=False,
    decorator="",
    constants="torch.as_tensor(CONSTANTS, dtype={like}.dtype, device={like}.device)",
    indices="torch.as_tensor({text})",
    joined="torch.cat([{parts}], {axis})",
    functions=f"{AXES['torch']}\n\n{OF_THE_LIBRARY['torch']}",
    spellings={
        "hypot": "np.hypot({x}, {y})",
        "sigmoid": "np.sigmoid({x})",
        "erf": "np.erf({x})",
        "held": "{x}.detach()",
    },
    advice=(
        "Of tensors, which may have further axes in front of a sample's own, over which the "
        "samples run; they broadcast, and the results have them too. With float64 tensors the "
        "results are those of a replay to a few units in the last place."
    ),
)
LIBRARIES = {library.name: library for library in (NUMPY, JAX, TORCH)}
