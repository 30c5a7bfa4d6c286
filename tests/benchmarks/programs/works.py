"""Every work, by the name that `--only` takes."""

from __future__ import annotations

from tests.benchmarks.programs import (
    calls,
    demo_ours,
    gpt,
    heat,
    rosenbrock,
    threads,
    training_works,
)
from tests.benchmarks.programs.contest import Work

__all__ = ["WORKS"]

WORKS: dict[str, Work] = {
    "demo": demo_ours.WORK,
    "training": training_works.DEMO_TRAINING,
    "digits": training_works.DIGITS,
    "images": training_works.IMAGES,
    "call": calls.CALLS,
    "first": calls.FIRST,
    "rosenbrock": rosenbrock.WORK,
    "heat": heat.WORK,
    "threads": threads.WORK,
    "gpt": gpt.WORK,
}
