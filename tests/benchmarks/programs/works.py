"""Every work, by the name that `--only` takes."""

from __future__ import annotations

from tests.benchmarks.programs import threads
from tests.benchmarks.programs.calibration import heston, sabr
from tests.benchmarks.programs.contest import Work
from tests.benchmarks.programs.demo import demo_ours
from tests.benchmarks.programs.networks import activations, dense
from tests.benchmarks.programs.optimization import minimizing
from tests.benchmarks.programs.problems import asian, calls, documents, gpt, heat, rosenbrock
from tests.benchmarks.programs.training import training_works

__all__ = ["WORKS"]

WORKS: dict[str, Work] = {
    "demo": demo_ours.WORK,
    "training": training_works.DEMO_TRAINING,
    "digits": training_works.DIGITS,
    "images": training_works.IMAGES,
    "dense": dense.WORK,
    "call": calls.CALLS,
    "first": calls.FIRST,
    "rosenbrock": rosenbrock.WORK,
    "heat": heat.WORK,
    "asian": asian.WORK,
    "heston": heston.WORK,
    "sabr": sabr.WORK,
    "tanh": activations.TANH,
    "sigmoid": activations.SIGMOID,
    "minimize": minimizing.WORK,
    "threads": threads.WORK,
    "gpt": gpt.WORK,
    "documents": documents.WORK,
}
