"""Calls that take long: shared among threads, in spans short enough for Ctrl-C to be honored.

A span is of samples and, where one pass through the steps of a program takes long, of steps.
`samples` says what threads share.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import numpy

from autograd_core.program.backends.samples import pieces, sums_over
from autograd_core.program.code.flat import Floats

__all__ = ["is_long", "run_long"]

SPAN = 10**8  # operations without a look at Ctrl-C: less than 0.2 s
WORTH_A_THREAD = 10**7  # operations: about a millisecond


def is_long(operations: int, threads: int) -> bool:
    """Whether a call of so many operations is made in pieces, or by several threads."""
    return operations > (SPAN if threads == 1 else WORTH_A_THREAD)


def run_long(machine: Any, call: Any, count: int, threads: int) -> Floats:
    """Make a call span by span, and give its sums, or zeros where the uniform part gave them."""
    steps = machine.uniform_steps
    for first, last in pieces(0, steps, _in_a_span(machine.effort, steps)):
        call.run_uniform(first, last)
    if machine.single:
        return numpy.zeros(machine.summed)

    def work(start: int, stop: int, own: Floats, stopped: threading.Event) -> None:
        memory = call.begin()
        for span in _spans(machine, start, stop):
            if stopped.is_set():
                break
            call.run_lanes(memory, *span, start, stop)
        call.stripe_sums(memory, own)
        call.end(memory)

    return sums_over(count, machine.summed, threads, work)


def _spans(machine: Any, start: int, stop: int) -> Iterator[tuple[int, int, int, int]]:
    """From and to which step, from and to which sample, in the order they must run."""
    steps, lanes = machine.lane_steps, machine.lanes
    passes = SPAN // (max(machine.effort, 1) * lanes)
    if passes:
        for span in pieces(start, stop, passes * lanes):
            yield 0, steps, *span
    else:
        part = _in_a_span(machine.effort * lanes, steps)
        for span in pieces(start, stop, lanes):
            for piece in pieces(0, steps, part):
                yield *piece, *span


def _in_a_span(effort: int, steps: int) -> int:
    """How many steps there are in a span, of so many that take so much effort, all alike."""
    return max(1, SPAN * steps // max(effort, 1))
