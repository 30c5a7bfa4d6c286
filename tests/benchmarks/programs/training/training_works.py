"""Three networks trained by Adam: the demo's, one on digits, one on images made up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

import nn
from tests.benchmarks.demo_step import LABELS, POINTS, SIZES
from tests.benchmarks.programs.contest import Contestant, Found, Promise, Ready, Work
from tests.benchmarks.programs.demo.demo_peers import DECAY, initial_parameters
from tests.benchmarks.programs.training.tasks import SEED, Task, by_fit
from tests.benchmarks.programs.training.training_peers import by_jax, by_jax_scan, by_torch

__all__ = ["DEMO_TRAINING", "DIGITS", "IMAGES"]

BATCH = 32


def demo(size: int) -> Task:
    """All 100 points in each step, L2 included."""
    points, labels = np.array(POINTS), np.array(LABELS, dtype=float)
    parameters = initial_parameters()
    return Task(SIZES, parameters, points, labels, "hinge", None, 0.01, DECAY, epochs=size)


def digits(size: int) -> Task:
    """Three quarters of the digits, 64-32-10, from 0 to 1."""
    known = nn.split(nn.datasets.digits(), 0.25, seed=SEED)[0]
    sizes = (64, 32, 10)
    inputs, targets = np.array(known.inputs) / 16, np.array(known.targets)
    return Task(sizes, _drawn(sizes), inputs, targets, "cross_entropy", BATCH, 0.01, epochs=size)


def images(size: int) -> Task:
    """784-128-10 on so many images of noise around one pattern a class."""
    rng = np.random.default_rng(SEED)
    sizes = (784, 128, 10)
    targets = rng.integers(0, 10, size)
    patterns = rng.random((10, sizes[0]))
    inputs = np.clip(patterns[targets] + rng.normal(0, 0.3, (size, sizes[0])), 0, 1)
    return Task(sizes, _drawn(sizes), inputs, targets, "cross_entropy", BATCH, 1e-3, epochs=30)


def _drawn(sizes: tuple[int, ...]) -> list[float]:
    model = nn.MLP(sizes[0], sizes[1:], activation="relu", seed=SEED)
    return [parameter.data for parameter in model.parameters()]


def _contestants(task: Callable[[int], Task]) -> dict[str, Contestant]:
    def of(prepare: Callable[[Task], Ready]) -> Callable[[int], Ready]:
        return lambda size: prepare(task(size))

    return {
        "ours": Contestant("nn.fit", of(by_fit)),
        "jax": Contestant("JAX jit, a step a call", of(by_jax)),
        "jax_scan": Contestant("JAX jit, an epoch a call", of(by_jax_scan)),
        "torch": Contestant("PyTorch eager, fused Adam", of(by_torch)),
    }


def _faster(found: Found, what: str, bounds: dict[str, tuple[str, float]]) -> list[Promise]:
    """That `fit` takes at most so many times as long as each of these."""
    promises = []
    for name, (promised, bound) in bounds.items():
        size = max(size for _, size in found)
        ours, theirs = found.get(("ours", size)), found.get((name, size))
        if ours is None or theirs is None or not ours.seconds or not theirs.seconds:
            promises.append(Promise(f"{what} / {name}", promised, "not measured", None))
            continue
        ratio = ours.median / theirs.median
        promises.append(Promise(f"{what} / {name}", promised, f"{ratio:.2f}x", ratio < bound))
    return promises


def _image_promises(found: Found) -> list[Promise]:
    bounds = {"torch": ("at most 5x", 5.0), "jax_scan": ("at most 1.3x", 1.3)}
    promises = _faster(found, "fit, 784-128-10", bounds)
    ours = found.get(("ours", max(size for _, size in found)))
    if ours is not None and ours.seconds:
        recording, memory = ours.compiling or 0.0, ours.facts["MB more at most"]
        promises += [
            Promise("784-128-10: recording", "under 5 s", f"{recording:.2f} s", recording < 5),
            Promise("784-128-10: memory", "under 1 GB", f"{memory:.0f} MB more", memory < 1000),
        ]
    return promises


DEMO_TRAINING = Work(
    "a training step of the demo, Adam and L2 included, through fit",
    _contestants(demo),
    "ours",
    partial(
        _faster,
        what="fit, the demo's step",
        bounds={"jax": ("faster", 1.0), "torch": ("faster", 1.0)},
    ),
    sizes=(2000,),
    quick_sizes=(50,),
    tolerance=1e-9,
)
DIGITS = Work(
    "digits, 64-32-10: an epoch in batches of 32",
    _contestants(digits),
    "ours",
    partial(
        _faster,
        what="fit, digits",
        bounds={
            "torch": ("faster", 1.0),
            "jax": ("at most 1.5x", 1.5),
            "jax_scan": ("at most 1.3x", 1.3),
        },
    ),
    sizes=(50,),
    quick_sizes=(2,),
    tolerance=1e-9,
)
IMAGES = Work(
    "784-128-10 on synthetic images: an epoch in batches of 32",
    _contestants(images),
    "ours",
    _image_promises,
    sizes=(1000,),
    quick_sizes=(64,),
    tolerance=1e-9,
)
