"""The demo step by this engine: one sample's loss recorded expression by expression, and replayed.

The penalty is a program of its own: it is nobody's sample. Parameters go in and gradients come out
as flat arrays, as they do elsewhere; a row apart goes through the `Value`s' own `data` and `grad`.
The C that `to_c` writes is compiled and run as it is, and once more with eight samples abreast.
"""

from __future__ import annotations

import ctypes
import subprocess
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from autograd_core import Program, Value
from autograd_core.program.adjoint.derived import seeded_gradient_of
from autograd_core.program.passes.pipeline import tidied
from tests.benchmarks import demo_step
from tests.benchmarks.demo_step import LABELS, POINTS, SIZES
from tests.benchmarks.programs.contest import (
    Answer,
    Contestant,
    Found,
    Promise,
    Ready,
    Work,
    need_command,
    timed,
)
from tests.benchmarks.programs.demo.abreast import abreast
from tests.benchmarks.programs.demo.demo_peers import DECAY, PEERS, initial_parameters
from tests.benchmarks.programs.ours import BACKENDS, recorded

__all__ = ["WORK", "sample_loss"]

X, Y = np.array(POINTS), np.array(LABELS, dtype=float)


def sample_loss(layers: Any) -> Callable[[Any, Any], Any]:
    """One point's loss, without the penalty, every operation an expression of its own."""

    def loss(point: Any, label: Any) -> Any:
        return (1 - label * demo_step.score(layers, point, Value.relu)).relu()

    return loss


def _programs(backend: str) -> tuple[Program, Program, list[Value]]:
    layers = demo_step.initial_layers(Value)
    parameters = demo_step.parameters_of(layers)
    loss = recorded(sample_loss(layers), [0.0] * SIZES[0], 0.0, backend=backend)
    decay = recorded(lambda: DECAY * sum(p * p for p in parameters), backend=backend)
    return loss, decay, parameters


def _in_order(program: Program, parameters: list[Value]) -> Any:
    """Where each parameter stands among those that a program captured."""
    places = {parameter: place for place, parameter in enumerate(program.captured)}
    return np.array([places[parameter] for parameter in parameters])


def arrays(backend: str, size: int) -> Ready:
    """Flat arrays in, flat arrays out, as in a training loop."""
    start = perf_counter()
    loss, decay, parameters = _programs(backend)
    mean, penalty = loss.stepper(), decay.stepper()
    order, decay_order = _in_order(loss, parameters), _in_order(decay, parameters)
    given, decay_given = np.empty(len(parameters)), np.empty(len(parameters))
    given[order] = decay_given[decay_order] = initial_parameters()
    rows, seed = [X, Y[:, None].copy()], 1 / len(X)

    def work() -> Any:
        of_points = mean.run(rows, given, len(X), seed)[1]
        return of_points, penalty.run([], decay_given, 1, 1.0)[1]

    work()
    first = perf_counter() - start

    def answer() -> Answer:
        of_points, of_all = work()
        gradient = of_points[1:][order] + of_all[1:][decay_order]
        return [[of_points[0] * seed + of_all[0]], gradient.tolist()]

    return Ready(lambda: timed(work), max(0.0, first - timed(work)), answer)


def values(size: int) -> Ready:
    """`backward`, which reads every parameter's `data` and adds to its `grad`; the fastest way."""
    start = perf_counter()
    loss, decay, parameters = _programs("auto")

    def reset() -> None:
        for parameter in parameters:
            parameter.grad = 0.0

    def work() -> float:
        return loss.backward(X, Y) + decay.backward()

    work()
    first = perf_counter() - start
    while perf_counter() - start < 3:  # LLVM takes over in time
        work()

    def answer() -> Answer:
        reset()
        value = work()
        return [[value], [parameter.grad for parameter in parameters]]

    return Ready(lambda: timed(work, reset), max(0.0, first - timed(work)), answer)


def generated_c(lanes: bool, size: int) -> Ready:
    """The C of the gradient program, and a loop over the samples that adds up."""
    compiler = need_command("cc")
    loss, _, parameters = _programs("auto")
    start = perf_counter()
    if lanes:
        source = abreast(tidied(seeded_gradient_of(loss.code, "captured"))[0])
    else:
        source = loss.gradient("captured", value=True).to_c("one") + ADD_UP
    source += MEAN_AND_PENALTY
    defined = [f"-DPARAMETERS={len(parameters)}", f"-DDECAY={DECAY}"]
    folder = Path(tempfile.mkdtemp())
    (folder / "step.c").write_text(source)
    options = ["-std=gnu99", "-O2", "-march=native", "-ffp-contract=off", "-shared", "-fPIC"]
    command = [compiler, *options, *defined, "step.c", "-o", "step.so", "-lm"]
    subprocess.run(command, cwd=folder, check=True)
    compiling = perf_counter() - start
    step = ctypes.CDLL(str(folder / "step.so")).step
    order = _in_order(loss, parameters)
    given, sums = np.empty(len(parameters)), np.empty(1 + len(parameters))
    given[order] = initial_parameters()
    rows = np.column_stack([X, Y, np.ones(len(X))] if lanes else [X, Y])  # and the seed
    pointers = [ctypes.c_void_p(array.ctypes.data) for array in (rows, given, sums)]

    count = ctypes.c_long(len(rows))

    def answer() -> Answer:
        assert len(rows) + len(given) > 0  # the pointers do not hold them
        step(count, *pointers)
        return [sums[:1].tolist(), sums[1:][order].tolist()]

    return Ready(lambda: timed(lambda: step(count, *pointers)), compiling, answer)


ADD_UP = """
void added_up(long count, const double *inputs, const double *p, double *sums)
{
    double outputs[one_OUTPUTS];
    for (int k = 0; k < one_OUTPUTS; k++) sums[k] = 0.0;
    for (long i = 0; i < count; i++) {
        one(inputs + i * one_INPUTS, p, outputs);
        for (int k = 0; k < one_OUTPUTS; k++) sums[k] += outputs[k];
    }
}
"""
MEAN_AND_PENALTY = """
void step(long count, const double *inputs, const double *p, double *sums)
{
    added_up(count, inputs, p, sums);
    double squares = 0.0;
    for (int k = 0; k < PARAMETERS; k++) {
        squares += p[k] * p[k];
        sums[1 + k] = sums[1 + k] / count + 2 * DECAY * p[k];
    }
    sums[0] = sums[0] / count + DECAY * squares;
}
"""


def _promises(found: Found) -> list[Promise]:
    def ratio(slower: str, faster: str) -> float | None:
        pair = [found.get((name, 0)) for name in (slower, faster)]
        if any(one is None or not one.seconds for one in pair):
            return None
        return pair[0].median / pair[1].median  # type: ignore[union-attr]

    promises = []
    rows: list[tuple[str, str, str, Callable[[float], bool]]] = [
        ("jax", "native", "faster", lambda x: x > 1),
        ("jax", "llvm", "4x", lambda x: x >= 4),
        ("llvm", "c", "at most 1.5x", lambda x: x <= 1.5),
        ("llvm", "c_lanes", "at most 1.5x", lambda x: x <= 1.5),
    ]
    for slower, faster, words, kept in rows:
        measured = ratio(slower, faster)
        shown = "not measured" if measured is None else f"{measured:.2f}x"
        labels = [WORK.contestants[name].label for name in (slower, faster)]
        promises.append(
            Promise(
                f"demo step: {labels[0]} / {labels[1]}",
                words,
                shown,
                None if measured is None else kept(measured),
            )
        )
    llvm = found.get(("llvm", 0))
    if llvm is not None and llvm.compiling is not None:
        seconds = llvm.compiling
        promises.append(
            Promise("demo step: LLVM compiles", "under 0.5 s", f"{seconds:.2f} s", seconds < 0.5)
        )
    return promises


WORK = Work(
    "the demo step, 2-16-16-1 on 100 points: loss and gradient of all parameters",
    {
        **{name: Contestant(label, partial(arrays, name)) for name, label in BACKENDS.items()},
        "values": Contestant("autograd_core, backward()", values, in_quick=False),
        "c": Contestant("C by to_c, cc -O2", partial(generated_c, False)),
        "c_lanes": Contestant(  # it takes a minute to compile; a small one is tests/test_limit.py's
            "C, 8 samples abreast, cc -O2", partial(generated_c, True), in_quick=False
        ),
        **PEERS,
    },
    "native",
    _promises,
    tolerance=1e-12,
)
