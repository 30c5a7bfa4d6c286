"""Dense layers beside matrix products: a step of 784-256-256-10 on a batch.

A step is a forward pass and the sums over the batch of the gradients of all parameters: three
matrix products a layer, two in the first. NumPy does them by OpenBLAS, in whatever order is
fastest; here every sum has the engine's one order, and no product is fused with a sum. So the
figure to reach is 0.7 of the speed of OpenBLAS's kernels for AVX, which fuse none either, and 0.35
of that of its best.
"""

from __future__ import annotations

import platform
from itertools import pairwise
from time import perf_counter
from typing import Any

import numpy as np

import nn
from autograd_core import record
from autograd_core.program.adjoint.derived import seeded_gradient_of
from autograd_core.program.backends.native import native_kernel
from autograd_core.program.passes.pipeline import tidied
from tests.benchmarks.programs.contest import (
    Absent,
    Contestant,
    Found,
    Promise,
    Ready,
    Work,
    at_least,
    timed,
)
from tests.benchmarks.programs.tensors import flat, jax_double, layers_of

__all__ = ["WORK"]

SIZES = (784, 256, 256, 10)
SEED = 0
Array = np.ndarray[Any, np.dtype[np.float64]]


def batch(size: int) -> tuple[Array, Array]:
    """So many inputs and targets."""
    rng = np.random.default_rng(SEED)
    return rng.normal(size=(size, SIZES[0])), rng.normal(size=(size, SIZES[-1]))


def parameters() -> list[float]:
    """In the model's order."""
    model = nn.MLP(SIZES[0], SIZES[1:], activation="relu", seed=SEED)
    return [parameter.data for parameter in model.parameters()]


def _ready(size: int, work: Any, compiling: float, shown: Any) -> Ready:
    """With the products and additions of a step, each one operation, in a nanosecond."""
    weights = [inputs * outputs for inputs, outputs in pairwise(SIZES)]
    operations = 2 * size * (3 * sum(weights) - weights[0])
    work()
    rate = operations / min(timed(work) for _ in range(20)) / 1e9
    return Ready(lambda: timed(work), compiling, lambda: shown(work()), {"GFLOP/s at best": rate})


def interpreted(wanted: str | None) -> Any:
    """By the native interpreter, with an instruction set by name or the best of this machine."""

    def prepare(size: int) -> Ready:
        if not native_kernel.available():
            raise Absent("nothing is compiled")
        sets = native_kernel.native_interpreter.supported_sets()
        chosen = sets[0] if wanted is None else wanted
        if chosen not in sets:
            raise Absent(f"this machine has no {chosen}")
        start = perf_counter()
        model = nn.MLP(SIZES[0], SIZES[1:], activation="relu", seed=SEED)

        def loss(xs: Any, targets: Any) -> Any:
            return sum((y - t) ** 2 for y, t in zip(model(xs), targets, strict=True))

        program = record(loss, [0.0] * SIZES[0], [0.0] * SIZES[-1])
        code = tidied(seeded_gradient_of(program.code, "captured"))[0]
        summed = len(code.outputs)
        kernel = native_kernel.NativeKernel(code, summed, chosen)
        captured = np.array([leaf.data for leaf in program.captured])
        blocks = [*batch(size), np.ones((1, 1))]

        def work() -> Any:
            return kernel.run(blocks, captured, size)[1]

        work()
        compiling = perf_counter() - start
        places = {id(leaf): place for place, leaf in enumerate(program.captured)}
        order = [1 + places[id(parameter)] for parameter in model.parameters()]
        return _ready(size, work, compiling, lambda sums: [[sums[0]], sums[order]])

    return prepare


def by_numpy(size: int) -> Ready:
    """Matrix products, the derivatives by hand."""
    layers = layers_of(parameters(), SIZES)
    inputs, targets = batch(size)

    def work() -> Any:
        known = [inputs]
        for weights, biases in layers[:-1]:
            known.append(np.maximum(known[-1] @ weights.T + biases, 0.0))
        weights, biases = layers[-1]
        apart = known[-1] @ weights.T + biases - targets
        back, found = 2.0 * apart, []
        for (weights, _), x in zip(reversed(layers), reversed(known), strict=True):
            found.append((back.T @ x, back.sum(axis=0)))
            if x is not inputs:
                back = (back @ weights) * (x > 0.0)
        return (apart * apart).sum(), found[::-1]

    return _ready(size, work, 0.0, lambda found: [[found[0]], flat(found[1])])


def by_unfused(size: int) -> Ready:
    """The same by kernels without fused products, which the process's environment asks for."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]["name"]
    if "openblas" not in blas or platform.machine().lower() not in ("x86_64", "amd64"):
        raise Absent(f"{blas} on {platform.machine()} has no kernels for AVX")
    return by_numpy(size)


def by_jax(size: int) -> Ready:
    """JAX, compiled."""
    jax = jax_double()
    layers = [tuple(map(jax.numpy.array, layer)) for layer in layers_of(parameters(), SIZES)]
    inputs, targets = map(jax.numpy.array, batch(size))

    def loss(layers: Any, x: Any, targets: Any) -> Any:
        for weights, biases in layers[:-1]:
            x = jax.numpy.maximum(x @ weights.T + biases, 0.0)
        weights, biases = layers[-1]
        return jax.numpy.sum((x @ weights.T + biases - targets) ** 2)

    start = perf_counter()
    both = jax.jit(jax.value_and_grad(loss)).lower(layers, inputs, targets).compile()
    compiling = perf_counter() - start

    def work() -> Any:
        return jax.block_until_ready(both(layers, inputs, targets))

    return _ready(size, work, compiling, lambda found: [[float(found[0])], flat(found[1])])


def _promises(found: Found) -> list[Promise]:
    return [
        at_least(f"OpenBLAS{label}, batches of {size}", least, found, name, size, ours)
        for size in sorted({size for _, size in found})
        for label, least, name, ours in (
            (" / interpreter", 0.35, "numpy", "native"),
            ("'s kernels for AVX / interpreter, AVX2", 0.7, "unfused", "avx2"),
        )
    ]


WORK = Work(
    "784-256-256-10: a step on a batch, without an optimizer",
    {
        "native": Contestant("autograd_core, interpreter", interpreted(None)),
        "avx2": Contestant("the same by AVX2", interpreted("avx2")),
        "numpy": Contestant("NumPy by hand, OpenBLAS", by_numpy),
        "unfused": Contestant(
            "the same by its kernels for AVX",
            by_unfused,
            environment={"OPENBLAS_CORETYPE": "Sandybridge"},
        ),
        "jax": Contestant("JAX jit", by_jax),
    },
    "native",
    _promises,
    sizes=(32, 256),
    quick_sizes=(8,),
    tolerance=1e-9,
)
