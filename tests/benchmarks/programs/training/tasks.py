"""Training by Adam in batches: what is trained, and by `nn.fit`.

A step of these works is an epoch. `fit` is called anew each time and recorded anew; the clock of
its epochs starts with the second, for in the first the eager tier computes a batch too. What comes
before the second, less an epoch, is what it takes to record. The peers stand in `training_peers`.
"""

from __future__ import annotations

import gc
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from unittest.mock import patch

import numpy as np

import nn
from autograd_core.program.backends import choice
from nn.randomness import generator
from nn.training.replaying import ReplayedSteps
from tests.benchmarks.programs.contest import Answer, Ready

__all__ = ["SEED", "Task", "by_fit", "peak_megabytes"]

SEED = 0
WARM = 2
"""Epochs before those that are counted."""
Array = np.ndarray[Any, np.dtype[Any]]
Calls = dict[int, Callable[[], object]]


@dataclass(frozen=True)
class Task:
    """A network, its samples and how it is trained."""

    sizes: tuple[int, ...]
    parameters: list[float]
    """What all start from."""
    inputs: Array
    targets: Array
    loss: str
    """One of `nn`'s by name: hinge or cross_entropy."""
    batch: int | None
    rate: float
    decay: float = 0.0
    """The factor of the sum of all squared parameters in a batch's loss."""
    epochs: int = 1
    """How many `fit` is timed for."""

    def batches(self) -> list[list[int]]:
        """One epoch's samples, in the order in which `fit` takes those of its first."""
        return list(nn.batches(len(self.inputs), self.batch, seed=generator(SEED)))


def by_fit(task: Task) -> Ready:
    """This package."""
    model = nn.MLP(task.sizes[0], task.sizes[1:], activation="relu", seed=SEED)
    parameters = model.parameters()

    def reset() -> None:
        for parameter, data in zip(parameters, task.parameters, strict=True):
            parameter.data = data
        gc.collect()

    def fit(epochs: int, calls: Calls | None = None) -> list[float]:
        """When each epoch began, from the beginning on, and when all were done.

        Those with a number in `calls` call that before.
        """
        times: list[float] = []

        def begin(steps: ReplayedSteps, served: Sequence[Sequence[int]]) -> None:
            if calls is not None and len(times) in calls:
                calls[len(times)]()
            times.append(perf_counter() - start)
            original(steps, served)

        reset()
        original = ReplayedSteps.begin
        start = perf_counter()
        with patch.object(ReplayedSteps, "begin", begin):
            nn.fit(
                model,
                task.inputs,
                task.targets,
                loss=task.loss,
                optimizer=nn.optim.Adam(parameters, task.rate),
                epochs=epochs,
                batch_size=task.batch,
                penalty=(lambda: nn.losses.l2(parameters, task.decay)) if task.decay else None,
                seed=SEED,
                progress=False,
                tier="replayed",
            )
        return [*times, perf_counter() - start]

    def answer() -> Answer:
        fit(1)
        return [[parameter.data for parameter in parameters]]

    def step() -> float:
        times = fit(1 + task.epochs)[1:]
        return median(later - earlier for earlier, later in pairwise(times))

    def counted(begin: Callable[[], object], end: Callable[[], object], epochs: int) -> None:
        # All takes so long there that LLVM would be compiled in the midst.
        with patch.object(choice, "UNASKED", math.inf):
            fit(WARM + epochs + 1, {WARM: begin, WARM + epochs: end})

    before = peak_megabytes()
    fit(1)
    facts = {"MB more at most": peak_megabytes() - before}
    recording = median(fit(2)[1] for _ in range(3)) - step()
    return Ready(step, max(0.0, recording), answer, facts, counted=counted)


def peak_megabytes() -> float:
    """The most memory this process has held, 0 where the system does not say."""
    status = Path("/proc/self/status")
    found = re.search(r"VmHWM:\s+(\d+) kB", status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else 0.0
